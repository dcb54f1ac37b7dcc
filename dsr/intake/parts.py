"""Walks the parts of one parsed mail, without recursion and within limits: texts, attachments."""

import re
from dataclasses import dataclass, field
from email.message import Message as Part
from functools import lru_cache
from typing import Any

from dsr.domain.limits import Limits
from dsr.intake.attachments import Attachment, attachment
from dsr.intake.decode import decode, misread, plain, readable
from dsr.intake.markup import roughly, text_of

_SEALED = {
    "multipart/encrypted": "encrypted",
    "application/pkcs7-mime": "encrypted (S/MIME)",
    "application/x-pkcs7-mime": "encrypted (S/MIME)",
    "application/pgp-encrypted": "encrypted (PGP)",
    "application/ms-tnef": "packed by Outlook (winmail.dat)",
    "application/vnd.ms-tnef": "packed by Outlook (winmail.dat)",
    "message/partial": "a fragment of a longer mail",
}
_PGP = "-----BEGIN PGP MESSAGE-----"
_SOFT_BREAK = re.compile(r"(?<!^--) \n(?!>) ?", re.MULTILINE)
_STUFFED = re.compile(r"^ (?=[ >]|From )", re.MULTILINE)
_NO_BLANK = re.compile(r"delsp\s{0,5}=\s{0,5}\"?yes")
_WORD = re.compile(r"\w{3,8}|[\u3040-\u9fff\uac00-\ud7af]{2}")
_SAMPLE, _FEW_WORDS = 60, 8
_DIFFERENT = 0.5  # of the words that are looked up
_HEADERS = 64 << 10  # bytes of the headers of what came back
_STUB = 120  # characters


class TooMuchError(Exception):
    """A mail goes beyond a limit; the text says which."""


@dataclass(slots=True)
class Content:
    """What the walk found.

    Attributes:
        plain: The plain texts that belong to the mail itself.
        markup: Its texts in mark-up, as they came: most need not be read.
        embedded: The texts of mails inside the mail.
        attached: The texts of files that came with it.
        returned: Headers of a mail that came back, where they are a part of their own.
        attachments: What is attached.
        warnings: What was odd.
        sealed: Why the content cannot be read, if so.
        types: The media types of all parts.
    """

    plain: list[str] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)
    attached: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    sealed: str | None = None
    types: set[str] = field(default_factory=set)


def content_of(mail: Part, limits: Limits) -> Content:
    """Return the texts and attachments of a mail.

    Raises:
        TooMuchError: Its parts lie too deep.
    """
    content = Content()
    stack: list[tuple[Part, int, int]] = [(mail, 0, 0)]
    while stack:
        part, depth, inside = stack.pop()
        if depth > limits.depth:
            raise TooMuchError(f"parts lie more than {limits.depth} deep in parts")
        media_type = media_type_of(part)
        content.types.add(media_type)
        content.sealed = content.sealed or _SEALED.get(media_type)
        children: Any = part.get_payload() if part.is_multipart() else None
        if children is None:
            _leaf(part, media_type, (content, limits), inside=bool(inside))
            continue
        inside += media_type.startswith("message/")
        if _is_packed(part, children):
            _unpack(children[0], content, limits)
            continue
        if inside <= limits.nested:
            stack.extend((child, depth + 1, inside) for child in reversed(children))
        else:
            content.warnings.append("mails inside mails: the innermost were not read")
    return content


def _is_packed(part: Part, children: list[Part]) -> bool:
    """Say whether a mail within a mail stands there in base64, which no standard allows."""
    told = part["content-transfer-encoding"]
    return (
        told is not None
        and str(told).strip().lower() == "base64"
        and len(children) == 1
        and not children[0].keys()
    )


def _unpack(inner: Part, content: Content, limits: Limits) -> None:
    inner["Content-Transfer-Encoding"] = "base64"
    raw = _bytes(inner)[: limits.text_chars]
    content.returned.append(raw[:_HEADERS].decode("latin-1"))
    content.embedded.append(readable(decode(raw, None)[0]))


def _leaf(part: Part, media_type: str, found: tuple[Content, Limits], *, inside: bool) -> None:
    content, limits = found
    is_text = media_type in {"text/plain", "text/html"}
    disposition = part["content-disposition"]
    name = _name(part, disposition)
    is_body = disposition is None or part.get_content_disposition() != "attachment"
    if is_text and not name and is_body:
        _text(part, media_type, found, inside=inside)
    elif media_type.startswith("message/delivery-status"):
        return
    elif len(content.attachments) >= limits.attachments:
        content.warnings = [*content.warnings[:50], "more attachments than are listed"]
    else:
        content.attachments.append(attachment(part, name, len(content.attachments) + 1))
        if is_text:
            content.attached.append(_read(part, media_type, found))
        elif media_type == "text/rfc822-headers" or name.lower().endswith(".eml"):
            content.returned.append(_bytes(part)[:_HEADERS].decode("latin-1"))


def _name(part: Part, disposition: object) -> str:
    """Return an attachment's name as the mail gives it."""
    told = f"{disposition} {part['content-type']}"
    if "name" not in told.lower():  # most texts have none, and parameters take long to read
        return ""
    try:
        return plain(part.get_filename() or "")
    except (ValueError, LookupError, TypeError, AttributeError):
        return "unreadable name"


def _text(part: Part, media_type: str, found: tuple[Content, Limits], *, inside: bool) -> None:
    content, limits = found
    if media_type == "text/html" and not inside:
        content.markup.append(_decoded(part, content, limits))
        return
    place = content.embedded if inside else content.plain
    place.append(_read(part, media_type, found))


def _read(part: Part, media_type: str, found: tuple[Content, Limits]) -> str:
    """Return the text of a part as a reader sees it."""
    content, limits = found
    text = _decoded(part, content, limits)
    if media_type == "text/html":
        return _visible(text, content, limits)
    return _flowed(part, text).strip("\n")[: limits.text_chars]


def _bytes(part: Part) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(part: Part, content: Content, limits: Limits) -> str:
    """Return the letters of a text part, and note how they were read where it does not say so."""
    charset = _charset(part)
    text, step = decode(_bytes(part)[: limits.text_chars * 2], charset)
    if odd := misread(charset, step):
        content.warnings.append(odd)
    text = readable(text)
    if _PGP in text:
        content.sealed = content.sealed or "encrypted (PGP)"
    return text


def _visible(html: str, content: Content, limits: Limits) -> str:
    text, warnings = text_of(html, limits.html_chars)
    content.warnings.extend(warnings)
    return text[: limits.text_chars]


def media_type_of(part: Part) -> str:
    """Return a part's media type, in lower case, as the library reads it."""
    value = part["content-type"]
    return _media_type_in(value) if isinstance(value, str) else part.get_content_type()


@lru_cache(maxsize=256)
def _media_type_in(content_type: str) -> str:
    return _with_type(content_type).get_content_type()


def _with_type(content_type: str) -> Part:
    part = Part()
    part.set_raw("content-type", content_type)
    return part


def _charset(part: Part) -> str | None:
    value = part["content-type"]
    return _charset_in(value) if isinstance(value, str) else _charset_of(part)


@lru_cache(maxsize=256)
def _charset_in(content_type: str) -> str | None:
    """Read a header that most mails have alike."""
    return _charset_of(_with_type(content_type))


def _charset_of(part: Part) -> str | None:
    try:
        return part.get_content_charset()
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _flowed(part: Part, text: str) -> str:
    """Join the soft line ends of format=flowed (RFC 3676)."""
    told = str(part["content-type"] or "")[:1_000].lower()
    if "flowed" not in told:
        return text
    joined = _SOFT_BREAK.sub("" if _NO_BLANK.search(told) else " ", text)
    return _STUFFED.sub("", joined)


def body(content: Content, limits: Limits) -> tuple[str, bool]:
    """Return the mail's text, and whether it comes from mark-up.

    Plain text is believed if there is some; a stub ("view this in a browser") gives way. Where
    the mark-up says much more than the plain text, both are kept: one of them may hide a wish.
    """
    written = "\n\n".join(text for text in content.plain if text.strip())
    stub = not written.strip() or len(written) < _STUB
    if not stub and not any(_differs(html, written) for html in content.markup):
        return written, False
    texts = [_visible(html, content, limits) for html in content.markup]
    marked = "\n\n".join(filter(None, texts))
    if not marked or (stub and written and len(marked) <= 4 * len(written)):
        return written, False
    if stub:
        return marked, True
    if len(marked) > 2 * len(written) + _STUB or _says_other(marked, written):
        content.warnings.append("plain text and mark-up differ: both were read")
        return written + "\n\n" + marked, True
    return written, False


def _differs(html: str, written: str) -> bool:
    """Say whether mark-up seems to say more than a text, or something else; it is not read."""
    rough = roughly(html)
    if rough.replace(" ", "") == "".join(written.split()):
        return False  # as most letters that programs write in both forms
    return len(rough) > 2 * len(written) + _STUB or _says_other(rough, written)


def _says_other(text: str, written: str) -> bool:
    """Say whether many words of a text, taken evenly from it, are missing in another."""
    words = _WORD.findall(text)
    if len(words) < _FEW_WORDS:
        return False
    some = words[:: max(1, len(words) // _SAMPLE)]
    return sum(map(written.__contains__, some)) < (1 - _DIFFERENT) * len(some)
