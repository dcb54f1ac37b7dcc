"""Where something that arrived goes: a new ticket, an old one, a person who looks, or nowhere."""

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from dsr.domain.vocabulary import MessageOutcome
from dsr.intake import automatic
from dsr.intake.classify import Finding
from dsr.intake.message import Message

UNVERIFIED = "unverified contribution"
UNDELIVERED = "undelivered: our letter came back"

_TOKEN = re.compile(r"\[dsr-([1-9]\d{0,9}-[a-z2-7]{4})\]", re.IGNORECASE)
_CALLED = re.compile(r"\bdsr[-\s]?[1-9]\d{0,9}\b", re.IGNORECASE | re.ASCII)
_CHECK_LETTERS = 4
_TOKENS = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What services looked up, once for a batch of messages.

    Attributes:
        content_keys: Of mails that arrived before; may be a live set to which the batch adds.
        hashes: SHA-256 of the bytes of mails that arrived before; the same holds.
        own_ids: Our own letters' Message-IDs, and the number of the ticket of each.
        tokens: Subject tokens, without brackets, and the number of the ticket of each.
        parties: By ticket number: the addresses that may add to it, in lower case.
    """

    content_keys: AbstractSet[str] = frozenset()
    hashes: AbstractSet[str] = frozenset()
    own_ids: Mapping[str, int] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
    parties: Mapping[int, AbstractSet[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch of messages makes it necessary to look up, for a `Known`.

    Attributes:
        content_keys: Have these arrived before?
        hashes: Have these?
        ids: Which of these Message-IDs are our own letters', of which ticket?
        numbers: Do these tickets exist, and who are their parties?
    """

    content_keys: frozenset[str]
    hashes: frozenset[str]
    ids: frozenset[str]
    numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where a message goes.

    Attributes:
        outcome: The word for it.
        ticket: The number of the ticket it joins, or that it may belong to.
        reasons: What decided, in short; never a personal value.
    """

    outcome: MessageOutcome
    ticket: int | None = None
    reasons: tuple[str, ...] = ()


def token(number: int, key: bytes) -> str:
    """Return the mark of a ticket for the subjects of its letters, such as ``DSR-42-k7f3``.

    Args:
        number: The ticket's number.
        key: The office's secret key, without which the four letters cannot be guessed.
    """
    digest = hmac.new(key, f"subject token {number}".encode(), hashlib.sha256).digest()
    return f"DSR-{number}-{b32encode(digest)[:_CHECK_LETTERS].decode().lower()}"


def tokens_for(numbers: Iterable[int], key: bytes) -> dict[str, int]:
    """Return the tokens of tickets, for `Known`."""
    return {token(number, key): number for number in numbers}


def wanted(messages: Iterable[Message]) -> Wanted:
    """Return what has to be looked up before a batch of messages is judged."""
    batch = list(messages)
    marks = (mark for message in batch for mark in _marks(message.subject))
    return Wanted(
        content_keys=frozenset(message.content_key for message in batch),
        hashes=frozenset(message.sha256 for message in batch),
        ids=frozenset(one for message in batch for one in _named_letters(message)),
        numbers=frozenset(int(mark.split("-")[1]) for mark in marks),
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
    if message.automatic:
        return _judge_automatic(message, message.automatic, finding, known)
    return (
        _join(message, finding, known) or _look(message, finding) or _judge_alone(message, finding)
    )


def _judge_automatic(message: Message, header: str, finding: Finding, known: Known) -> Judgement:
    """Return where a mail goes that no person wrote; a right in it makes a person look."""
    sort = header.partition(":")[0]
    if sort == automatic.OWN and (message.message_id in known.own_ids or not finding.kinds):
        return Judgement(MessageOutcome.IGNORED, None, (header,))
    if sort == automatic.BOUNCE:
        ticket = _first_known((*message.returned_ids, *message.references), known.own_ids)
        if ticket is not None:
            return Judgement(MessageOutcome.JOINED, ticket, (header, UNDELIVERED))
    if sort == automatic.LIST and (joined := _join(message, finding, known)):
        return joined
    if finding.kinds and sort != automatic.BOUNCE:
        return Judgement(MessageOutcome.TRIAGE, None, (header, *finding.reasons))
    if message.sealed:
        return Judgement(MessageOutcome.TRIAGE, None, (header, _unread(message.sealed)))
    return Judgement(MessageOutcome.IGNORED, None, (header,))


def _join(message: Message, finding: Finding, known: Known) -> Judgement | None:
    """Return the ticket that a mail answers; a stranger's mail joins none."""
    ticket = _first_known(message.references, known.own_ids)
    reason = "answers our letter"
    if ticket is None:
        ticket = _first_known(_marks(message.subject), known.tokens)
        reason = "token in the subject"
    if ticket is None:
        return None
    if message.sender and message.sender.lower() in known.parties.get(ticket, frozenset()):
        return Judgement(MessageOutcome.JOINED, ticket, (reason, *finding.reasons))
    return Judgement(MessageOutcome.TRIAGE, ticket, (UNVERIFIED, reason, *finding.reasons))


def _look(message: Message, finding: Finding) -> Judgement | None:
    """Return why a person has to look before anything is opened, if so."""
    why: list[str] = []
    if message.sealed:
        why.append(_unread(message.sealed))
    opens = finding.opens
    if opens and finding.follow_up:
        why.append("reminder of a request that was not found")
    if not why:
        return None
    return Judgement(MessageOutcome.TRIAGE, None, (*why, *finding.reasons))


def _judge_alone(message: Message, finding: Finding) -> Judgement:
    """Return where a mail goes that belongs to nothing known."""
    if finding.opens:
        return Judgement(MessageOutcome.OPENED, None, finding.reasons)
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
        "it names a ticket, but not by our mark": bool(_CALLED.search(message.subject)),
        "a form that asks for no right": message.form is not None,
        "there is no text to read": blank,
    }
    return tuple(sign for sign, holds in signs.items() if holds)[:1]


def _unread(why: str) -> str:
    return f"its content cannot be read: {why}"


def _named_letters(message: Message) -> tuple[str, ...]:
    own = (message.message_id,) if message.message_id and message.automatic else ()
    return (*message.references, *message.returned_ids, *own)


def _marks(subject: str) -> list[str]:
    """Return the tokens in a subject, without brackets, as they are made."""
    return [f"DSR-{mark.lower()}" for mark in _TOKEN.findall(subject)[:_TOKENS]]


def _first_known(words: Iterable[str], places: Mapping[str, int]) -> int | None:
    return next((places[word] for word in words if word in places), None)
