"""One thing that arrived, read: who, what, when, as claims. Never raises, whatever the bytes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import Message as Part
from typing import Any

from dsr.domain.limits import Limits, Manner
from dsr.intake import automatic, sender
from dsr.intake.arrival import Arrival
from dsr.intake.attachments import Attachment, is_picture, speaks_of_identity
from dsr.intake.authentication import found_out
from dsr.intake.decode import decode_header, plain, readable
from dsr.intake.fingerprint import content_key
from dsr.intake.parsing import Headers, beyond, by_name, head_block, head_of, mail_of
from dsr.intake.parts import Content, TooMuchError, body, content_of
from dsr.intake.quoted import separate
from dsr.intake.storable import fit
from dsr.intake.times import date_of, delivered_at

__all__ = ["Attachment", "Limits", "Message", "parse"]

#: Some of the attributes of a message, by name: it is made when all are known.
Fields = dict[str, Any]

_ID = re.compile(r"<[^<>\s]{1,250}>")
_BOUNCE = 4 << 20  # of what came back; its headers stand before its attachments
_MAIL_HEADERS = frozenset(
    {"from", "to", "subject", "date", "message-id", "received", "content-type", "mime-version"}
)
_SUBJECT = 1_000  # characters
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
        references: What it answers: In-Reply-To first, then References, newest first; only so many.
        sender: The one address it says it is from; None where that cannot be told.
        sender_name: The name beside it, decoded.
        reply_to: Where an answer is wanted but at the sender's, a claim of no worth for disclosure.
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
        returned_ours: Of a bounce, whether what came back was sent by us.
        authenticated: What our own mail server found out about the sender: ``authenticated``,
            ``failed`` or ``unverified``; empty where none was named.
        placed: Its bytes alone do not tell it from the same request made again; its
            ``content_key`` covers the place where it lay.
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
    returned_ours: bool = False
    authenticated: str = ""
    placed: bool = False

    @property
    def writer(self) -> str | None:
        """The sender's address, where it may be whose wish this is."""
        return sender.writer(self.sender, self.reply_to)

    @property
    def identity(self) -> str:
        """The key by which it is known again."""
        return self.content_key if self.placed else self.sha256


def parse(arrival: Arrival, limits: Limits | None = None, server: str = "") -> Message:
    """Return one arrival read; what cannot be read has a problem instead of a text.

    Args:
        arrival: Any bytes, or a row of a form.
        limits: What one mail may cost.
        server: The name under which our own mail server writes what it knows of a sender.
    """
    return fit(_parsed(arrival, Manner(limits=limits or Limits(), server=server)))


def _parsed(arrival: Arrival, manner: Manner) -> Message:
    digest = arrival.sha256
    if arrival.form is not None:
        return _from_form(arrival, arrival.form, digest, manner.limits)
    if arrival.mail is not None:
        inner = replace(arrival, raw=arrival.mail, mail=None, whole="", place="")
        read = _parsed(inner, manner)
        key = arrival.identity if arrival.place else read.content_key
        return replace(read, sha256=digest, content_key=key, placed=bool(arrival.place))
    known = _before(arrival, digest)
    if arrival.problem is not None:
        return Message(**known, problem=arrival.problem)
    problem = beyond(arrival, manner.limits)
    if problem is None:
        try:
            return Message(**_read(arrival.raw, known, manner))
        except _UNREADABLE as error:
            problem = str(error) if isinstance(error, TooMuchError) else _because(error)
    return Message(**_head_only(arrival.raw, known, manner), problem=problem)


def beginning_of(arrival: Arrival, manner: Manner) -> Message:
    """Return what the headers of an arrival say that takes too long to read."""
    digest = arrival.sha256
    if arrival.form is not None:
        return fit(_from_form(arrival, arrival.form, digest, manner.limits))
    known = _before(arrival, digest)
    return fit(Message(**_head_only(arrival.mail or arrival.raw, known, manner)))


def _before(arrival: Arrival, digest: str) -> Fields:
    """Return what is known of an arrival before it is read."""
    return {
        "source": arrival.source,
        "sha256": digest,
        "content_key": _key(arrival),
        "received_at": arrival.received_at,
        "warnings": arrival.warnings,
        "placed": bool(arrival.place),
    }


def _key(arrival: Arrival) -> str:
    """Return the key that copies of a mail share; of what was cut, if all of it is equal."""
    if arrival.place or arrival.cut:
        return arrival.identity
    return content_key(arrival.raw)


def _because(error: Exception) -> str:
    return f"the mail cannot be read ({type(error).__name__})"


def _from_form(arrival: Arrival, form: Mapping[str, str], digest: str, limits: Limits) -> Message:
    text = readable(form.get("text", ""))[: limits.text_chars]
    by_a_person = form.get("email") and "format" not in form  # a protocol's e-mail is the subject's
    claim = sender.claimed([form["email"]]) if by_a_person else None
    return Message(
        arrival.source,
        digest,
        arrival.identity,
        sender=claim.address if claim else None,
        sender_name=decode_header(form.get("name", ""), 200),
        subject=decode_header(form.get("subject", ""), _SUBJECT),
        text=text,
        received_at=arrival.received_at,
        form=form,
        problem=arrival.problem,
        warnings=arrival.warnings,
        placed=bool(arrival.place),
    )


def _read(raw: bytes, known: Fields, manner: Manner) -> Fields:
    limits = manner.limits
    mail = mail_of(raw, limits)
    headers = by_name(mail)
    if not headers.keys() & _MAIL_HEADERS:
        raise TooMuchError("it is no mail: it has no headers")
    content = content_of(mail, limits)
    text, from_html = body(content, limits)
    aside = (*content.attached, *content.embedded)
    if not text.strip() and content.attached:  # the letter itself is the file
        text, aside = "\n\n".join(content.attached)[: limits.text_chars], (*content.embedded,)
    new, quoted = separate(text)
    told = _of_server(_with_headers(known, headers, content, limits), mail, manner.server)
    returned: tuple[str, ...] = ()
    ours = False
    if (told["automatic"] or "").startswith(automatic.BOUNCE):
        body_of_it = raw[len(head_block(raw, limits)) :][:_BOUNCE].decode("latin-1")
        texts = (body_of_it, *content.returned, text, *content.plain, *content.embedded)
        returned = automatic.returned_in(texts, limits.references)
        ours = automatic.is_our_mail(texts, told["recipients"])
    return told | {
        "text": new,
        "quoted": "\n\n".join(filter(None, (quoted, *aside)))[: limits.text_chars],
        "from_html": from_html,
        "attachments": _attachments(content, f"{told['subject']} {new}"),
        "warnings": (*told["warnings"], *dict.fromkeys(content.warnings)),
        "sealed": content.sealed,
        "returned_ids": returned,
        "returned_ours": ours,
    }


def _head_only(raw: bytes, known: Fields, manner: Manner) -> Fields:
    """Return what the headers of a mail say that is not read as a whole."""
    try:
        mail = head_of(raw, manner.limits)
        told = _with_headers(known, by_name(mail), Content(), manner.limits)
        return _of_server(told, mail, manner.server)
    except _UNREADABLE:
        return known


def _of_server(known: Fields, mail: Part, server: str) -> Fields:
    """Add what our own server wrote down: about the sender, and when the mail came."""
    told, trace = found_out([*mail.raw_items()], server, known["sender"])
    received_at = delivered_at(known["received_at"], trace)
    return known | {"received_at": received_at, "authenticated": told}


def _with_headers(known: Fields, headers: Headers, content: Content, limits: Limits) -> Fields:
    claim = sender.claimed(headers.get("from", []))
    subject = decode_header(headers.get("subject", [""])[0], _SUBJECT)
    reply_to = sender.elsewhere(headers.get("reply-to", []), claim.address)
    own = headers.get("message-id", [])
    warnings = [*known["warnings"], *claim.warnings, *sender.doubts(claim.address, reply_to)]
    if len(own) > 1:
        warnings.append("several Message-IDs")
    return known | {
        "message_id": _message_id(own),
        "references": _references(headers, limits.references),
        "sender": claim.address,
        "sender_name": claim.name,
        "reply_to": reply_to,
        "recipients": sender.addresses(
            [one for name in ("to", "cc", "delivered-to") for one in headers.get(name, [])],
            limits.addresses,
        ),
        "subject": subject,
        "claimed_at": date_of(headers.get("date", [""])[0]),
        "automatic": automatic.told_by(headers, lambda: content.types, subject),
        "warnings": tuple(warnings),
    }


def _message_id(values: list[str]) -> str | None:
    if not values:
        return None
    own = plain(values[0][:_SUBJECT])
    found = _ID.search(own)
    return found[0] if found else decode_header(own, 250) or None


def _references(headers: Headers, most: int) -> tuple[str, ...]:
    answered = _ID.findall(plain(" ".join(headers.get("in-reply-to", [])[:3])))
    earlier = _ID.findall(plain(" ".join(headers.get("references", [])[:3])))
    ids = dict.fromkeys([*answered[:most], *reversed(earlier[-most:])])
    return tuple(ids)[:most]


def _attachments(content: Content, text: str) -> tuple[Attachment, ...]:
    """Return the attachments; a text that names an identity paper makes every picture suspect."""
    if not content.attachments or not speaks_of_identity(text):
        return tuple(content.attachments)
    return tuple(
        replace(one, identity_paper=one.identity_paper or is_picture(one.media_type))
        for one in content.attachments
    )
