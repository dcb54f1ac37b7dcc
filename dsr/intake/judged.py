"""What is known before something that arrived is judged, and where it goes after that."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from dsr.domain.limits import Limits
from dsr.domain.mail import MailSort
from dsr.domain.vocabulary import IdentifierType, Kind, MessageOutcome
from dsr.intake.statuses import Request

AS_EVER = Limits()


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case in work, as a sender's next mail is held against it.

    Attributes:
        ticket: The number of its first ticket.
        kinds: What it asks for.
        text: How its letter begins.
        text_key: Of that letter, by `again.text_key`; empty where it is not known.
        identifiers: What names its data subject, normalised.
    """

    ticket: int
    kinds: frozenset[Kind]
    text: str
    text_key: str = ""
    identifiers: AbstractSet[tuple[IdentifierType, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What services looked up, once for a batch of messages.

    Attributes:
        content_keys: Of mails that arrived before; may be a live set to which the batch adds.
        hashes: SHA-256 of the bytes of mails that arrived before; the same holds.
        own_ids: Our own letters' Message-IDs, and the number of the ticket of each.
        heard_ids: Those of mails that opened or joined a case, and the number of a ticket of it.
        tokens: Subject tokens, without brackets, and the number of the ticket of each.
        parties: By ticket number: the addresses that may add to it, in lower case.
        cases: By sender in lower case: the cases in work that his mails opened.
        lately: By sender in lower case: how many mails came from there lately, but for
            those that our server found to be another's.
        limits: How many of them are a flood, and within which time.
        requests: By format and number, theirs or ours: the tickets of another program's request.
        ended: Tickets that are answered or closed.
    """

    content_keys: AbstractSet[str] = frozenset()
    hashes: AbstractSet[str] = frozenset()
    own_ids: Mapping[str, int] = field(default_factory=dict)
    heard_ids: Mapping[str, int] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
    parties: Mapping[int, AbstractSet[str]] = field(default_factory=dict)
    cases: Mapping[str, Sequence[OpenCase]] = field(default_factory=dict)
    lately: Mapping[str, int] = field(default_factory=dict)
    limits: Limits = AS_EVER
    requests: Mapping[Request, AbstractSet[int]] = field(default_factory=dict)
    ended: AbstractSet[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch of messages makes it necessary to look up, for a `Known`.

    Attributes:
        content_keys: Have these arrived before?
        hashes: Have these?
        ids: Which of these Message-IDs are our letters' or a case's mails', of which ticket?
        numbers: Do these tickets exist, and who are their parties?
        senders: Which cases in work did they open, and how much did they write lately?
        requests: Which tickets have these requests of other programs opened?
    """

    content_keys: frozenset[str]
    hashes: frozenset[str]
    ids: frozenset[str]
    numbers: frozenset[int]
    senders: frozenset[str]
    requests: frozenset[Request] = frozenset()


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where a message goes.

    Attributes:
        outcome: The word for it.
        ticket: The number of the ticket it joins or repeats, or that it may belong to.
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
