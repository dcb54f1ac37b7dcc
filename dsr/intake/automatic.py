"""Which header says that no person wrote a mail: a bounce, an answering machine, a list."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dsr.domain.mail import MailSort
from dsr.intake.sender import claimed
from dsr.rules.folding import fold
from dsr.rules.mail import MailWords, words
from dsr.rules.quoting import bare_subject

OWN, BOUNCE, AUTO, LIST = MailSort.OWN, MailSort.BOUNCE, MailSort.AUTO, MailSort.LIST
OWN_HEADER = "x-dsr-id"

_REPORT = re.compile(r"report-type\s*=\s*\"?([a-z-]{1,40})")
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_STRUCTURED = 4_000  # characters of a Content-Type
_FROM, _SUBJECT = "From", "Return-Path and Subject"
_RETURNED = re.compile(
    r"(?im)^[>| \t]{0,20}(?:[a-z-]{1,20}-)?message-id[ \t]{0,5}[:\uff1a]\s{0,20}(<[^<>\s]{1,250}>)"
)
_WRITTEN_BY = re.compile(r"(?im)^[>| \t]{0,20}from[ \t]{0,5}[:\uff1a]((?:[^\n]|\n[ \t]){1,1000})")
_OURS = re.compile(r"(?im)^[>| \t]{0,20}" + OWN_HEADER + r"[ \t]{0,5}[:\uff1a]")
_BEGINNING, _SHORT = 400, 2_000  # characters of a text

Headers = Mapping[str, list[str]]


def told_by(headers: Headers, content_types: Callable[[], set[str]], subject: str) -> str | None:
    """Return ``sort: header`` for a mail that no person wrote, else None; see `MailSort`.

    A null Return-Path alone says nothing: people's mail has it too. X-Auto-Response-Suppress says
    nothing either.

    Args:
        headers: The mail's headers by lower-case name.
        content_types: Gives the types of its parts; asked only where it matters.
        subject: The decoded subject.
    """
    if OWN_HEADER in headers:
        return f"{OWN}: X-DSR-Id"
    mail = _Mail(headers, content_types, fold(bare_subject(subject)).lstrip(), words())
    for sort, rule in _RULES:
        if found := rule(mail):
            return f"{sort}: {found}"
    return None


def is_away(text: str) -> bool:
    """Say whether a short text is an out-of-office answer, whatever its headers say."""
    if len(text) > _SHORT:
        return False
    beginning = fold(text[:_BEGINNING])
    return any(map(beginning.__contains__, words().away_text))


def asks_for_news(text: str) -> bool:
    """Say whether a short text asks what became of a request."""
    if len(text) > _SHORT:
        return False
    folded = fold(text)
    return any(map(folded.__contains__, words().news))


def sort_of(told: str | None) -> MailSort:
    """Return what a mail is by what `told_by` told of it."""
    return MailSort(told.partition(":")[0]) if told else MailSort.PLAIN


def is_report(told: str) -> bool:
    """Say whether what was told of a bounce shows a server's report, not an address or a subject.

    People have a robot's address too, and may write what a robot writes in a subject.
    """
    return told.partition(": ")[2] not in {_FROM, _SUBJECT}


def returned_in(texts: Sequence[str], most: int) -> tuple[str, ...]:
    """Return the Message-IDs that stand in what a bounce brings back, at most so many."""
    found = dict.fromkeys(one for each in texts for one in _RETURNED.findall(each))
    return tuple(found)[:most]


def is_our_mail(texts: Sequence[str], recipients: Sequence[str]) -> bool:
    """Say whether what a bounce brings back was sent by us.

    It is a letter of the program's, or its sender is whom the bounce was sent to. What somebody
    wrote to a list, or to an address that passes mail on, comes back here too, and is not ours.

    Args:
        texts: What came back, with its headers.
        recipients: Whom the bounce was sent to.
    """
    if any(map(_OURS.search, texts)):
        return True
    sender = next((found[1] for each in texts if (found := _WRITTEN_BY.search(each))), "")
    return (claimed([sender]).address or "").lower() in {*map(str.lower, recipients)}


def first(headers: Headers, name: str) -> str:
    """Return a header's first value, in lower case without blanks around it."""
    values = headers.get(name)
    return values[0].strip().lower() if values else ""


@dataclass(frozen=True, slots=True)
class _Mail:
    headers: Headers
    types: Callable[[], set[str]]
    subject: str
    words: MailWords

    def report(self) -> str:
        """Return what a report says it is; empty for what is no report."""
        content_type = first(self.headers, "content-type")[:_STRUCTURED]
        if not content_type.startswith("multipart/report"):
            return ""
        found = _REPORT.search(content_type)
        return found[1] if found else ""

    def has_part(self, kind: str) -> bool:
        content_type = first(self.headers, "content-type")
        return content_type.startswith(kind) or (
            content_type.startswith("multipart/") and kind in self.types()
        )


def _bounce(mail: _Mail) -> str | None:
    headers, file = mail.headers, mail.words.file
    if mail.report() in file.bounce_reports:
        return "Content-Type multipart/report"
    if "x-failed-recipients" in headers:
        return "X-Failed-Recipients"
    if mail.has_part("message/delivery-status"):
        return "Content-Type message/delivery-status"
    if mailbox_of(first(headers, "from")[:1_000]) in file.robots:
        return _FROM
    if first(headers, "return-path") == "<>" and _has(mail.subject, mail.words.bounced):
        return _SUBJECT
    return None


def mailbox_of(sender: str) -> str:
    """Return what stands before the @ of the address in a From header, not of the name beside."""
    if "<" in sender:
        address = sender.rpartition("<")[2].partition(">")[0]
    else:
        address = _COMMENT.sub(" ", sender)
    return address.partition("@")[0].strip(' \t"')


def _receipt(mail: _Mail) -> str | None:
    if mail.report() in mail.words.file.receipt_reports:
        return "Content-Type multipart/report"
    if mail.has_part("message/disposition-notification"):
        return "Content-Type message/disposition-notification"
    return "Subject" if mail.subject.startswith(mail.words.receipt_subject) else None


def _calendar(mail: _Mail) -> str | None:
    if first(mail.headers, "content-type").startswith("text/calendar"):
        return "Content-Type text/calendar"
    if mail.subject.startswith(mail.words.calendar_subject) and mail.has_part("text/calendar"):
        return "Subject and text/calendar"
    return None


def _auto(mail: _Mail) -> str | None:
    headers = mail.headers
    submitted = first(headers, "auto-submitted")
    if submitted and not submitted.startswith("no"):
        return "Auto-Submitted"
    for name in mail.words.file.auto_headers:
        if name in headers and first(headers, name) not in {"no", "false"}:
            return name.title()
    if first(headers, "precedence").startswith(("auto_reply", "auto-reply", "junk")):
        return "Precedence"
    return "Subject" if mail.subject.startswith(mail.words.away_subject) else None


def _list(mail: _Mail) -> str | None:
    for name in mail.words.file.list_headers:
        if name in mail.headers:
            return name.title()
    if first(mail.headers, "precedence").startswith(("bulk", "list")):
        return "Precedence"
    return None


_RULES: tuple[tuple[MailSort, Callable[[_Mail], str | None]], ...] = (
    (MailSort.RECEIPT, _receipt),
    (MailSort.BOUNCE, _bounce),
    (MailSort.CALENDAR, _calendar),
    (MailSort.AUTO, _auto),
    (MailSort.LIST, _list),
)


def _has(subject: str, terms: tuple[str, ...]) -> bool:
    return any(map(subject.__contains__, terms))
