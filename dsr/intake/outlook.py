"""Reads mails that Outlook saved (.msg): the OLE file is the evidence, a mail is made to read it.

The package that knows the format is an extra, and trusts its input; what it may cost is checked
before it reads: how many entries there are, and how much they claim to hold.
"""

import re
from base64 import b64encode
from datetime import UTC, datetime
from email import encoders
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

from dsr.domain.limits import MIB, Limits
from dsr.errors import InputError
from dsr.intake.arrival import Arrival
from dsr.intake.decode import decode_header

if TYPE_CHECKING:
    from oxmsg import Message as Outlook

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ABSENT = "headers: absent"
_ENTRIES = 20_000  # of the directory of an OLE file
_COMPARISONS = 20_000_000  # that looking names up in it may take
_LAST_SECTOR = 0xFFFFFFFA
_NAME = 200  # characters of the name of a file
_RECIPIENTS = 200
_FIELD = re.compile(r"[!-9;-~]{1,80}:")
_OURS = re.compile(r"(?i)(?:mime-version|content-[a-z-]+):")
_ADDRESS = re.compile(r"[^\s<>,;:\"@]+@[^\s<>,;:\"@]+")
_ID = re.compile(r"<[^<>\s]{1,250}>")
_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")
#: Properties of a message, by the numbers of MS-OXPROPS.
_SENDER_NAME, _SENDER, _SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
_HEADERS, _SENT, _DELIVERED = 0x007D, 0x0039, 0x0E06
_MESSAGE_ID, _IN_REPLY_TO, _REFERENCES = 0x1035, 0x1042, 0x1039
_HTML, _RTF = 0x1013, 0x1009


def check_installed(name: str) -> None:
    """Make sure that Outlook's files can be read.

    Args:
        name: What is to be read.

    Raises:
        InputError: The package for it is not installed.
    """
    if find_spec("oxmsg") is None:
        raise InputError(
            f"{name}: reading Outlook's .msg needs one more package",
            hint="pip install 'dsr[outlook]'",
        )


def arrival_of(raw: bytes, name: str, limits: Limits, *, cut: bool = False) -> Arrival:
    """Return an Outlook file as an arrival; one that cannot be read says why, and is kept.

    Args:
        raw: The file.
        name: What to call it.
        limits: What it may cost.
        cut: It is longer than that.
    """
    if cut:
        return Arrival(name, raw, cut=True, problem="the Outlook file is too long")
    try:
        mail, received_at, warnings = _read(raw, limits)
    except MemoryError:
        return Arrival(name, raw, problem="the Outlook file cannot be read (it is too large)")
    except RecursionError:
        return Arrival(name, raw, problem="the Outlook file cannot be read (it is too deep)")
    except Exception as error:  # noqa: BLE001 - the package raises whatever broken bytes lead it to
        what = str(error) if isinstance(error, InputError) else type(error).__name__
        return Arrival(name, raw, problem=f"the Outlook file cannot be read ({what})")
    return Arrival(name, raw, received_at, mail=mail, warnings=warnings)


def _read(raw: bytes, limits: Limits) -> tuple[bytes, datetime | None, tuple[str, ...]]:
    from olefile import OleFileIO
    from oxmsg import Message
    from oxmsg.storage import Storage

    if not raw.startswith(MAGIC):
        raise InputError("it is no OLE file")
    with OleFileIO(BytesIO(raw)) as ole:
        _check_cost(ole, len(raw))
        outlook = Message(Storage.from_ole(ole))
    warnings: list[str] = []
    heads = _heads(outlook, warnings)
    body = _body(outlook, limits, warnings)
    mail = "\n".join(heads).encode("utf-8", "replace") + b"\n" + body.as_bytes()
    return mail, _instant(outlook, _DELIVERED), tuple(warnings)


def _check_cost(ole: Any, size: int) -> None:
    """Refuse a file whose entries claim more than it holds, or are too many to look through."""
    entries = [entry for entry in ole.direntries if entry is not None]
    claimed = sum(entry.size for entry in entries if entry is not ole.root)
    comparisons = sum(len(entry.kids) ** 2 for entry in entries)
    following = [sector for sector in ole.fat if sector <= _LAST_SECTOR]
    if len(set(following)) < len(following):
        raise InputError("two of its sectors lead to one")  # a circle, or parts that overlap
    if claimed > 2 * size + MIB:
        raise InputError("its parts claim more than it holds")
    if len(entries) > _ENTRIES or comparisons > _COMPARISONS:
        raise InputError("it has too many parts")


def _heads(outlook: "Outlook", warnings: list[str]) -> list[str]:
    """Return the headers of the mail: those it came with, else made from what Outlook knows."""
    carried = _text(outlook, _HEADERS)
    fields: list[str] = []
    for line in carried.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line[:1] in (" ", "\t") and fields:
            fields[-1] += "\n" + line
        elif _FIELD.match(line):
            fields.append(line)
    fields = [one for one in fields if not _OURS.match(one)]
    if any(one.lower().startswith("from:") for one in fields):
        return fields
    warnings.append(ABSENT)
    return _made(outlook)


def _made(outlook: "Outlook") -> list[str]:
    candidates = (_text(outlook, _SENDER_SMTP), _text(outlook, _SENDER))
    address = next((found[0] for one in candidates if (found := _ADDRESS.fullmatch(one))), "")
    name = _word(_text(outlook, _SENDER_NAME).replace('"', ""))
    heads = [f"From: {name} <{address}>"] if address else [f"From: {name}"]
    heads.append("Subject: " + _word(outlook.subject))
    if sent := _instant(outlook, _SENT):
        heads.append("Date: " + format_datetime(sent))
    recipients = [str(one.email_address or "") for one in outlook.recipients[:_RECIPIENTS]]
    if known := [one for one in recipients if _ADDRESS.fullmatch(one)]:
        heads.append("To: " + ", ".join(known))
    for field, number in (
        ("Message-ID", _MESSAGE_ID),
        ("In-Reply-To", _IN_REPLY_TO),
        ("References", _REFERENCES),
    ):
        if ids := _ID.findall(_text(outlook, number)):
            heads.append(f"{field}: " + " ".join(ids[-100:]))
    return heads


def _body(outlook: "Outlook", limits: Limits, warnings: list[str]) -> MIMEMultipart:
    """Return the content as a mail has it: the texts, then what came with them.

    Every part is in base64, where no boundary can stand; the same file makes the same mail.
    """
    whole = MIMEMultipart("mixed", boundary="=_dsr_whole")
    texts = MIMEMultipart("alternative", boundary="=_dsr_texts")
    if plain := _body_text(outlook):
        texts.attach(MIMEText(plain[: limits.text_chars], "plain", "utf-8"))
    if html := _html(outlook):
        part = _part(html[: 4 * limits.html_chars], "text", "html")
        part.set_param("charset", _charset(outlook))
        texts.attach(part)
    if not plain and not html and outlook.properties.binary_prop_value(_RTF):
        warnings.append("its text is RTF, which is not read: look at the original")
    whole.attach(texts)
    for attachment in outlook.attachments[: limits.attachments]:
        content = attachment.file_bytes
        if content is None:
            warnings.append("something attached cannot be read (an Outlook item or a link)")
        main, _, sub = _type_of(attachment.mime_type).partition("/")
        part = _part(content or b"", main, sub)
        name = decode_header(attachment.file_name or "attachment", _NAME)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
        whole.attach(part)
    if len(outlook.attachments) > limits.attachments:
        warnings.append(f"only {limits.attachments} attachments are listed")
    return whole


def _part(content: bytes, main: str, sub: str) -> MIMEBase:
    part = MIMEBase(main, sub)
    part.set_payload(content)
    encoders.encode_base64(part)
    return part


def _type_of(claimed: str | None) -> str:
    """Return a media type that is one; what is itself a mail or a set of parts stays bytes."""
    found = _TYPE.fullmatch((claimed or "").lower())
    if found is None or found[0].startswith(("multipart/", "message/")):
        return "application/octet-stream"
    return found[0]


def _body_text(outlook: "Outlook") -> str:
    try:
        return outlook.body or ""
    except (ValueError, LookupError):
        return ""  # what cannot be decoded may be there as HTML


def _html(outlook: "Outlook") -> bytes:
    raw: bytes | None = outlook.properties.binary_prop_value(_HTML)
    if raw is not None:
        return raw
    return (outlook.html_body or "").encode(_charset(outlook), "replace")


def _charset(outlook: "Outlook") -> str:
    try:
        name = str(outlook.properties.body_encoding)
        "".encode(name)
    except (ValueError, LookupError):
        return "utf-8"
    return name


def _text(outlook: "Outlook", number: int) -> str:
    try:
        return (outlook.properties.str_prop_value(number) or "").replace("\0", "")
    except (ValueError, LookupError):
        return ""


def _instant(outlook: "Outlook", number: int) -> datetime | None:
    try:
        found = outlook.properties.date_prop_value(number)
    except (ValueError, OverflowError):
        return None
    return found.astimezone(UTC).replace(microsecond=0) if found else None


def _word(text: str) -> str:
    """Return a text as a header carries it, on one line."""
    line = " ".join(text.split())[:1000]
    if line.isascii():
        return line
    pieces = (line[start : start + 12] for start in range(0, len(line), 12))
    words = (b64encode(piece.encode("utf-8", "replace")).decode() for piece in pieces)
    return " ".join(f"=?utf-8?b?{word}?=" for word in words)
