"""Where something that arrived goes: a new ticket, an old one, a person who looks, or nowhere."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from dsr.domain.mail import MailSort
from dsr.domain.vocabulary import FOR_ANOTHER, Kind, MessageOutcome
from dsr.intake import automatic
from dsr.intake.authentication import Authenticated
from dsr.intake.classify import THREATENS, Finding
from dsr.intake.marks import marks_of, names_a_ticket, token, tokens_for
from dsr.intake.message import Message
from dsr.rules.folding import fold
from dsr.rules.mail import words
from dsr.rules.phrases import TOKEN

__all__ = ["Judgement", "Known", "OpenCase", "Wanted", "judge", "token", "tokens_for", "wanted"]

UNVERIFIED = "unverified contribution"
UNCLASSIFIED = "unclassified: look at it"
SPOOFED = "our server found that the sender's domain did not send it"
UNDELIVERED = "undelivered: our letter came back"

_ALIKE = 0.8  # of the words of two texts: the same request again
_FLOOD = 20  # mails of one sender within two hours: as many as a person does not write


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case in work, as a sender's next mail is held against it.

    Attributes:
        ticket: The number of its first ticket.
        kinds: What it asks for.
        text: How its letter begins.
    """

    ticket: int
    kinds: frozenset[Kind]
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """What services looked up, once for a batch of messages.

    Attributes:
        content_keys: Of mails that arrived before; may be a live set to which the batch adds.
        hashes: SHA-256 of the bytes of mails that arrived before; the same holds.
        own_ids: Our own letters' Message-IDs, and the number of the ticket of each.
        tokens: Subject tokens, without brackets, and the number of the ticket of each.
        parties: By ticket number: the addresses that may add to it, in lower case.
        cases: By sender in lower case: the cases in work that his mails opened.
        lately: By sender in lower case: how many mails came from there within two hours.
    """

    content_keys: AbstractSet[str] = frozenset()
    hashes: AbstractSet[str] = frozenset()
    own_ids: Mapping[str, int] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
    parties: Mapping[int, AbstractSet[str]] = field(default_factory=dict)
    cases: Mapping[str, Sequence[OpenCase]] = field(default_factory=dict)
    lately: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch of messages makes it necessary to look up, for a `Known`.

    Attributes:
        content_keys: Have these arrived before?
        hashes: Have these?
        ids: Which of these Message-IDs are our own letters', of which ticket?
        numbers: Do these tickets exist, and who are their parties?
        senders: Which cases in work did they open, and how much did they write lately?
    """

    content_keys: frozenset[str]
    hashes: frozenset[str]
    ids: frozenset[str]
    numbers: frozenset[int]
    senders: frozenset[str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where a message goes.

    Attributes:
        outcome: The word for it.
        ticket: The number of the ticket it joins, or that it may belong to.
        reasons: What decided, in short; never a personal value.
        sort: What it is besides what it asks.
        urgent: Somebody reminds, threatens with law, or is an authority.
        answers: It answers a letter of ours: who waits for it goes on.
    """

    outcome: MessageOutcome
    ticket: int | None = None
    reasons: tuple[str, ...] = ()
    sort: MailSort = MailSort.PLAIN
    urgent: bool = False
    answers: bool = False


def wanted(messages: Iterable[Message]) -> Wanted:
    """Return what has to be looked up before a batch of messages is judged."""
    batch = list(messages)
    marks = (mark for message in batch for mark in marks_of(message))
    return Wanted(
        content_keys=frozenset(message.content_key for message in batch),
        hashes=frozenset(message.sha256 for message in batch),
        ids=frozenset(one for message in batch for one in _named_letters(message)),
        numbers=frozenset(int(mark.split("-")[1]) for mark in marks),
        senders=frozenset(message.sender.lower() for message in batch if message.sender),
    )


def judge(message: Message, finding: Finding, known: Known) -> Judgement:
    """Return where a message goes; the first rule that fits decides.

    Args:
        message: What arrived.
        finding: What it asks for.
        known: What was known before it.
    """
    if message.sha256 in known.hashes or message.content_key in known.content_keys:
        return Judgement(MessageOutcome.DUPLICATE, None, ("the same mail arrived before",))
    if message.problem:
        return Judgement(MessageOutcome.QUARANTINED, None, (message.problem,))
    sort = automatic.sort_of(message.automatic)
    if message.form is not None:
        sort = MailSort.FORM
    if finding.unread:
        why = (UNCLASSIFIED, finding.unread)
        return Judgement(MessageOutcome.TRIAGE, _named_ticket(message, known)[0], why, sort)
    found = _by_sort(message, sort, finding, known) or (
        _join(message, finding, known)
        or _look(message, finding)
        or _again(message, finding, known)
        or _judge_alone(message, finding)
    )
    if found.sort is MailSort.PLAIN:
        found = replace(found, sort=sort)
    found = _by_sender(message, found)
    pressing = finding.follow_up or THREATENS in finding.reasons
    matters = found.outcome is not MessageOutcome.IGNORED
    return replace(found, urgent=found.urgent or (pressing and matters))


def _by_sender(message: Message, found: Judgement) -> Judgement:
    """Return a judgement with what our server knows of the sender; of a false one nothing opens."""
    if not message.authenticated:
        return found
    found = replace(found, reasons=(*found.reasons, f"sender: {message.authenticated}"))
    harmless = found.outcome in {MessageOutcome.TRIAGE, MessageOutcome.IGNORED}
    if harmless or message.authenticated != Authenticated.FAILED or found.sort is MailSort.BOUNCE:
        return found
    reasons = (SPOOFED, *found.reasons)
    return replace(found, outcome=MessageOutcome.TRIAGE, reasons=reasons, answers=False)


def _by_sort(message: Message, sort: MailSort, finding: Finding, known: Known) -> Judgement | None:
    """Return where a mail goes by who or what wrote it; None for what people write."""
    authority = words().authority_of(message.sender or "")
    if authority is not None and sort not in {MailSort.OWN, MailSort.BOUNCE}:
        ticket = _named_ticket(message, known)[0]
        why = (f"{authority.name} writes, as the sender's address claims", *finding.reasons)
        return Judgement(MessageOutcome.TRIAGE, ticket, why, MailSort.AUTHORITY, urgent=True)
    if message.automatic:
        return _judge_automatic(message, sort, finding, known)
    lately = known.lately.get((message.sender or "").lower(), 0)
    if lately >= _FLOOD and _named_ticket(message, known)[0] is None:
        why = (f"{lately} mails of one sender within two hours", *finding.reasons)
        outcome = MessageOutcome.TRIAGE if finding.kinds else MessageOutcome.IGNORED
        return Judgement(outcome, None, why, MailSort.FLOOD)
    return None


def _judge_automatic(message: Message, sort: MailSort, finding: Finding, known: Known) -> Judgement:
    """Return where a mail goes that no person wrote; a right in it makes a person look."""
    header = message.automatic or ""
    if sort is MailSort.OWN and (message.message_id in known.own_ids or not finding.kinds):
        return Judgement(MessageOutcome.IGNORED, None, (header,))
    if sort is MailSort.BOUNCE:
        ticket = _first_known((*message.returned_ids, *message.references), known.own_ids)
        if ticket is not None:
            return Judgement(MessageOutcome.JOINED, ticket, (header, UNDELIVERED))
    if sort is MailSort.LIST and (joined := _join(message, finding, known)):
        return joined
    if finding.kinds and sort is not MailSort.BOUNCE:
        return Judgement(MessageOutcome.TRIAGE, None, (header, *finding.reasons))
    if message.sealed:
        return Judgement(MessageOutcome.TRIAGE, None, (header, _unread(message.sealed)))
    return Judgement(MessageOutcome.IGNORED, None, (header,))


def _named_ticket(message: Message, known: Known) -> tuple[int | None, str]:
    """Return the ticket that a mail names by our letter or our mark, and by which of them."""
    ticket = _first_known(message.references, known.own_ids)
    if ticket is not None:
        return ticket, "answers our letter"
    return _first_known(marks_of(message), known.tokens), "token of the ticket"


def _join(message: Message, finding: Finding, known: Known) -> Judgement | None:
    """Return the ticket that a mail answers; a stranger's mail joins none."""
    ticket, reason = _named_ticket(message, known)
    if ticket is None:
        return None
    why = (reason, *finding.reasons)
    if message.sender and message.sender.lower() in known.parties.get(ticket, frozenset()):
        nudges = automatic.asks_for_news(message.text)
        return Judgement(MessageOutcome.JOINED, ticket, why, urgent=nudges, answers=True)
    return Judgement(MessageOutcome.TRIAGE, ticket, (UNVERIFIED, *why))


def _again(message: Message, finding: Finding, known: Known) -> Judgement | None:
    """Return the case in work that a sender reminds of, or asks for once more, if there is one.

    His address alone says so, which anybody can write: it opens nothing and ends no pause.
    """
    cases = known.cases.get((message.sender or "").lower(), ())
    if not cases or finding.role in FOR_ANOTHER:
        return None  # for whom one asks this time is not known from the sender
    kinds = frozenset(each.kind for each in finding.opens)
    for case in cases if kinds and not finding.follow_up else ():
        if kinds == case.kinds and alike(message.text, case.text) >= _ALIKE:
            why = (f"the same request as ticket {case.ticket}, again", *finding.reasons)
            return Judgement(MessageOutcome.DUPLICATE, case.ticket, why, urgent=True)
    fitting = [case for case in cases if kinds <= case.kinds]
    reminds = finding.follow_up or (not kinds and automatic.asks_for_news(message.text))
    if reminds and len(fitting) == 1:
        why = (f"reminds of ticket {fitting[0].ticket}, by its sender alone", *finding.reasons)
        return Judgement(MessageOutcome.JOINED, fitting[0].ticket, why, urgent=True)
    return None


def alike(text: str, before: str) -> float:
    """Return which share of their words two texts have in common, from 0 to 1.

    Args:
        text: A text.
        before: Another, or its beginning: only as much of the first is read.
    """
    one = {*TOKEN.findall(fold(text[: max(len(before), 1)]))}
    two = {*TOKEN.findall(fold(before))}
    return len(one & two) / len(one | two) if one or two else 0.0


def _look(message: Message, finding: Finding) -> Judgement | None:
    """Return why a person has to look before anything is opened, if so."""
    if not message.sealed:
        return None
    return Judgement(MessageOutcome.TRIAGE, None, (_unread(message.sealed), *finding.reasons))


def _judge_alone(message: Message, finding: Finding) -> Judgement:
    """Return where a mail goes that belongs to nothing known."""
    if finding.follow_up:
        why = ("reminder of a request that was not found", *finding.reasons)
        return Judgement(MessageOutcome.TRIAGE, None, why)
    if finding.opens:
        return Judgement(MessageOutcome.OPENED, None, finding.reasons)
    if not finding.kinds and automatic.is_away(message.text):
        return Judgement(MessageOutcome.IGNORED, None, ("auto: its text",), MailSort.AUTO)
    if why := _doubt(message, finding):
        return Judgement(MessageOutcome.TRIAGE, None, why)
    return Judgement(MessageOutcome.IGNORED, None, ("asks for no right",))


def _doubt(message: Message, finding: Finding) -> tuple[str, ...]:
    """Return why a person has to look at what asks for nothing for sure, if so."""
    if finding.kinds:
        return ("not sure", *finding.reasons)
    if finding.smells:
        return finding.reasons
    blank = not any(char.isalnum() for char in f"{message.text}{message.quoted}")
    signs = {
        "an identity paper came with it": any(one.identity_paper for one in message.attachments),
        "it names a ticket, but not by our mark": names_a_ticket(message.subject),
        "a form that asks for no right": message.form is not None,
        "there is no text to read": blank,
    }
    return tuple(sign for sign, holds in signs.items() if holds)[:1]


def _unread(why: str) -> str:
    return f"its content cannot be read: {why}"


def _named_letters(message: Message) -> tuple[str, ...]:
    own = (message.message_id,) if message.message_id and message.automatic else ()
    return (*message.references, *message.returned_ids, *own)


def _first_known(words: Iterable[str], places: Mapping[str, int]) -> int | None:
    return next((places[word] for word in words if word in places), None)
