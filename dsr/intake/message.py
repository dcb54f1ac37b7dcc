"""One thing that arrived, read: who, what, when, as claims. Never raises, whatever the bytes."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message as Part
from email.parser import BytesParser
from email.policy import compat32

from dsr.intake import automatic, sender
from dsr.intake.arrival import Arrival, Limits
from dsr.intake.attachments import Attachment, is_picture, speaks_of_identity
from dsr.intake.decode import decode_header, plain, readable
from dsr.intake.fingerprint import content_key
from dsr.intake.parts import Content, TooMuchError, body, content_of
from dsr.intake.quoted import separate
from dsr.intake.times import date_of, delivered_at

__all__ = ["Attachment", "Limits", "Message", "parse"]

_ID = re.compile(r"<[^<>\s]{1,250}>")
_RETURNED = re.compile(rb"(?im)^message-id:[ \t\r\n]*(<[^<>\s]{1,250}>)")
_MAIL_HEADERS = frozenset(
    {"from", "to", "subject", "date", "message-id", "received", "content-type", "mime-version"}
)
_REFERENCES = 100
_MARKS = 20_000
_SUBJECT = 1_000
_STRUCTURED = 4_000
_UNREADABLE = (
    TooMuchError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    MemoryError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that arrived, read.

    Attributes:
        source: Where it lay: the file, or file and index.
        sha256: Of its bytes.
        content_key: The same for every copy of one mail.
        message_id: With its angle brackets; None if it has none.
        references: What it answers: In-Reply-To first, then References, newest first; at most 100.
        sender: The one address it says it is from; None where that cannot be told.
        sender_name: The name beside it, decoded.
        reply_to: Where an answer is wanted, a claim of no worth for disclosure.
        recipients: The addresses of To, Cc and Delivered-To.
        subject: On one line, decoded.
        text: What was written now.
        quoted: What was quoted or forwarded in it.
        from_html: The text comes from mark-up.
        claimed_at: What its Date says, in UTC.
        received_at: When it arrived, by the place where it lay or our server's trace, in UTC.
        automatic: ``own|bounce|auto|list: header`` where no person wrote it.
        attachments: What came with it.
        form: The fields, where it is a row of a form.
        problem: Why it could not be read as a whole; it is to be set aside.
        warnings: What is odd about it.
        sealed: Why its content cannot be read (encrypted, packed); somebody has to look.
        returned_ids: Of a bounce, the Message-IDs in what came back.
    """

    source: str
    sha256: str
    content_key: str
    message_id: str | None = None
    references: tuple[str, ...] = ()
    sender: str | None = None
    sender_name: str = ""
    reply_to: str | None = None
    recipients: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    quoted: str = ""
    from_html: bool = False
    claimed_at: datetime | None = None
    received_at: datetime | None = None
    automatic: str | None = None
    attachments: tuple[Attachment, ...] = ()
    form: Mapping[str, str] | None = None
    problem: str | None = None
    warnings: tuple[str, ...] = ()
    sealed: str | None = None
    returned_ids: tuple[str, ...] = ()


def parse(arrival: Arrival, limits: Limits | None = None) -> Message:
    """Return one arrival read; what cannot be read has a problem instead of a text.

    Args:
        arrival: Any bytes, or a row of a form.
        limits: What one mail may cost.
    """
    limits = limits or Limits()
    digest = hashlib.sha256(arrival.raw).hexdigest()
    if arrival.form is not None:
        return _from_form(arrival, arrival.form, digest, limits)
    blank = Message(arrival.source, digest, content_key(arrival.raw))
    blank = replace(blank, received_at=arrival.received_at)
    problem = _beyond(arrival, limits)
    if problem is None:
        try:
            return _read(arrival.raw, blank, limits)
        except _UNREADABLE as error:
            problem = str(error) if isinstance(error, TooMuchError) else _because(error)
    return replace(_head_only(arrival.raw, blank, limits), problem=problem)


def _because(error: Exception) -> str:
    return f"the mail cannot be read ({type(error).__name__})"


def _from_form(arrival: Arrival, form: Mapping[str, str], digest: str, limits: Limits) -> Message:
    text = readable(form.get("text", ""))[: limits.text_chars]
    claim = sender.claimed([form["email"]]) if form.get("email") else None
    return Message(
        arrival.source,
        digest,
        digest,
        sender=claim.address if claim else None,
        sender_name=decode_header(form.get("name", ""), 200),
        subject=decode_header(form.get("subject", ""), _SUBJECT),
        text=text,
        received_at=arrival.received_at,
        form=form,
    )


def _beyond(arrival: Arrival, limits: Limits) -> str | None:
    """Return which limit a mail breaks before it is parsed, or None."""
    raw = arrival.raw
    if arrival.cut or len(raw) > limits.raw_bytes:
        return f"the mail is longer than {limits.raw_bytes} bytes"
    if not raw.strip():
        return "the mail is empty"
    if len(raw) > limits.header_bytes and len(_head(raw, limits)) > limits.header_bytes:
        return f"its headers are longer than {limits.header_bytes} bytes"
    if raw.count(b"\n--") > max(_MARKS, limits.parts):
        return "it has too many marks between parts"
    if raw.count(b"\n") > limits.lines:
        return f"it has more than {limits.lines} lines"
    return None


def _head(raw: bytes, limits: Limits) -> bytes:
    """Return the header block, or one byte more of it than is allowed."""
    start = raw[: limits.header_bytes + 4]
    ends = [end for end in (start.find(b"\n\n"), start.find(b"\n\r\n")) if end >= 0]
    return start[: min(ends)] if ends else start[: limits.header_bytes + 1]


class _Part(Part):
    """A part that refuses more headers than anybody needs, and cuts those that never end."""

    limits = Limits()

    def set_raw(self, name: str, value: str) -> None:
        """Keep a header as the parser found it."""
        if len(self) >= self.limits.headers:
            raise TooMuchError(f"a part has more than {self.limits.headers} headers")
        longest = self.limits.header_chars
        if name.lower().startswith("content-"):  # names of files may be undeclared bytes
            longest, value = _STRUCTURED, plain(value[:_STRUCTURED])
        super().set_raw(name, value[:longest])


class _Factory:
    """Makes parts while a mail is parsed, and stops at too many."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.made = -1  # the parser makes one only to see how it is made

    def __call__(self, policy: object = compat32) -> _Part:
        self.made += 1
        if self.made > self.limits.parts:
            raise TooMuchError(f"it has more than {self.limits.parts} parts")
        part = _Part(policy)  # type: ignore[arg-type]  # the parser hands its own policy back
        part.limits = self.limits
        return part


Headers = dict[str, list[str]]


def _read(raw: bytes, blank: Message, limits: Limits) -> Message:
    mail = BytesParser(_Factory(limits), policy=compat32).parsebytes(raw)
    headers = _headers(mail)
    if not headers.keys() & _MAIL_HEADERS:
        raise TooMuchError("it is no mail: it has no headers")
    content = content_of(mail, limits)
    text, from_html = body(content, limits)
    new, quoted = separate(text)
    message = _with_headers(blank, headers, content)
    returned: tuple[str, ...] = ()
    if message.automatic and message.automatic.startswith(automatic.BOUNCE):
        found = _RETURNED.findall(raw, len(_head(raw, limits)))
        returned = tuple(one.decode("ascii", "replace") for one in found[:_REFERENCES])
    return replace(
        message,
        text=new,
        quoted="\n\n".join(filter(None, (quoted, *content.embedded)))[: limits.text_chars],
        from_html=from_html,
        attachments=_attachments(content, message.subject + " " + new),
        warnings=(*message.warnings, *dict.fromkeys(content.warnings)),
        sealed=content.sealed,
        returned_ids=returned,
    )


def _head_only(raw: bytes, blank: Message, limits: Limits) -> Message:
    """Return what the headers of a mail say that is not read as a whole."""
    head = _head(raw, limits)
    try:
        parser = BytesParser(_Factory(limits), policy=compat32)
        mail = parser.parsebytes(head[: limits.header_bytes], headersonly=True)
        return _with_headers(blank, _headers(mail), Content())
    except _UNREADABLE:
        return blank


def _headers(mail: Part) -> Headers:
    headers: Headers = {}
    for name, value in mail.raw_items():
        headers.setdefault(name.lower(), []).append(value)
    return headers


def _with_headers(blank: Message, headers: Headers, content: Content) -> Message:
    claim = sender.claimed(headers.get("from", []))
    subject = decode_header(headers.get("subject", [""])[0], _SUBJECT)
    reply_to = sender.claimed(headers["reply-to"]).address if "reply-to" in headers else None
    own = headers.get("message-id", [])
    warnings = list(claim.warnings)
    if reply_to and reply_to != claim.address:
        warnings.append("answers are wanted elsewhere (Reply-To)")
    if len(own) > 1:
        warnings.append("several Message-IDs")
    return replace(
        blank,
        message_id=_message_id(own),
        references=_references(headers),
        sender=claim.address,
        sender_name=claim.name,
        reply_to=reply_to,
        recipients=sender.addresses(
            [one for name in ("to", "cc", "delivered-to") for one in headers.get(name, [])]
        ),
        subject=subject,
        claimed_at=date_of(headers.get("date", [""])[0]),
        received_at=delivered_at(blank.received_at, headers.get("received", [""])[0]),
        automatic=automatic.told_by(headers, lambda: content.types, subject),
        warnings=tuple(warnings),
    )


def _message_id(values: list[str]) -> str | None:
    if not values:
        return None
    own = plain(values[0][:_SUBJECT])
    found = _ID.search(own)
    return found[0] if found else decode_header(own, 250) or None


def _references(headers: Headers) -> tuple[str, ...]:
    answered = _ID.findall(plain(" ".join(headers.get("in-reply-to", [])[:3])))
    earlier = _ID.findall(plain(" ".join(headers.get("references", [])[:3])))
    ids = dict.fromkeys([*answered[:_REFERENCES], *reversed(earlier[-_REFERENCES:])])
    return tuple(ids)[:_REFERENCES]


def _attachments(content: Content, text: str) -> tuple[Attachment, ...]:
    """Return the attachments; a text that names an identity paper makes every picture suspect."""
    if not content.attachments or not speaks_of_identity(text):
        return tuple(content.attachments)
    return tuple(
        replace(one, identity_paper=one.identity_paper or is_picture(one.media_type))
        for one in content.attachments
    )
