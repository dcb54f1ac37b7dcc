"""What a law says, as values: clocks, duties, words, each with its source. No number lives here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dsr.domain.cited import (
    Age,
    Article,
    Certainty,
    Duty,
    Equivalent,
    Keep,
    Period,
    Start,
    Tier,
    Unit,
    Words,
    nothing,
)
from dsr.domain.vocabulary import ClockMode, Kind, Scope

__all__ = [
    "PLACE",
    "WEEKDAYS",
    "Age",
    "Article",
    "Certainty",
    "ClockRule",
    "Duty",
    "Extension",
    "Law",
    "Minors",
    "PauseReason",
    "Period",
    "Tier",
    "Unit",
    "Words",
]

WEEKDAYS = "weekdays"
PLACE = "place"


class PauseReason(StrEnum):
    """What the requester was asked for while a clock may stand still."""

    PROOF = "proof"
    CLARIFICATION = "clarification"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, given by a notice that leaves on or before the first nominal date.

    Attributes:
        conditions: When the law allows it.
        notice: What the notice must say.
        period: How much is added to the first period, in that period's unit, both counted from
            the start; None where the notice itself names the new date.
        longest: Where the notice names it: how much may be added at most, in the same way.
    """

    conditions: Words
    notice: Words
    period: Period | None = None
    longest: Period | None = None

    def __post_init__(self) -> None:
        if self.period is not None and self.longest is not None:
            raise ValueError("a period says itself how long it is at most, and needs no longest")


@dataclass(frozen=True, slots=True)
class Minors:
    """Ages of the data subject that change who asks and how a refusal is given.

    Attributes:
        guardian_below: Younger than this, a guardian asks.
        adult_from: From `guardian_below` to this age, the minor and the guardian may each ask.
        written_refusal_below: Younger than this, a refusal is in writing, with reasons.
    """

    guardian_below: Age
    adult_from: Age
    written_refusal_below: Age | None = None


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How long an answer may take for some kinds, and what moves that date.

    Attributes:
        kinds: The kinds it serves.
        period: From the start to the nominal date; the day of the start is not counted.
        mode: What waiting does; FROM_VERIFIED starts when identity is verified, all others on
            receipt.
        scopes: The scopes of a withdrawal that it serves; none means every scope.
        waiting: Where it stands what waiting does; every mode but NO_PAUSE has one.
        credit: Waiting moves a date only if the question left within this period from receipt;
            None where the law sets no such condition.
        pauses_for: Waits whose days are added.
        restarts_for: Waits after which the whole period runs anew.
        both_ends_count: The day of the question and the day of the reply both belong to the pause.
        act_by: Within this period from receipt the thing itself is done, before the answer.
        safe: The stricter reading of the period, where its wording has two; the office works to it.
        extendable: Whether the law's extension is open to these kinds.
        acknowledge: Takes the place of the law's own acknowledgement for these kinds.
    """

    kinds: tuple[Kind, ...]
    period: Period
    mode: ClockMode
    scopes: tuple[Scope, ...] = ()
    waiting: Article | None = None
    credit: Period | None = None
    pauses_for: tuple[PauseReason, ...] = ()
    restarts_for: tuple[PauseReason, ...] = ()
    both_ends_count: bool = False
    act_by: Period | None = None
    safe: Period | None = None
    extendable: bool = True
    acknowledge: Period | None = None

    def __post_init__(self) -> None:
        if (self.mode is ClockMode.NO_PAUSE) != (self.waiting is None):
            raise ValueError("every mode but no_pause says in waiting where it stands")
        if (self.mode is ClockMode.RESTART) != bool(self.restarts_for):
            raise ValueError("restarts_for and the mode restart go together")
        if self.mode is ClockMode.SUSPEND and not self.pauses_for:
            raise ValueError("the mode suspend needs pauses_for")
        if self.mode in {ClockMode.NO_PAUSE, ClockMode.FROM_VERIFIED} and self.pauses_for:
            raise ValueError(f"the mode {self.mode} has no pauses_for")

    def serves(self, kind: Kind, scope: Scope | None) -> bool:
        """Return whether this is the clock of a kind, and of a scope where it names scopes."""
        return kind in self.kinds and (not self.scopes or scope in self.scopes)


@dataclass(frozen=True, slots=True)
class Law:
    """A law pack: one jurisdiction's clocks, duties and words.

    Attributes:
        code: "CN", "EU", "US-CA"; the file has the same name in small letters.
        names: The law's name by language.
        version: What a ticket pins: the day of this state of the pack, YYYY-MM-DD.
        citation: The law itself.
        calendar: Whose working days count: a place ("CN"), `PLACE` for the ticket's own, or
            `WEEKDAYS` for Monday to Friday and no holidays.
        target_calendar: Whose working days the office's target is one of, where the law's own count
            leaves out no holidays; None where it is `calendar`.
        counting: That the first day is not counted, and how a month ends.
        clocks: The first that serves a kind and scope is the one.
        minors: Ages that matter.
        fee: Whether a fee may be asked.
        agent_proof: What an agent shows.
        remedies: Where the requester may turn; stands in every refusal.
        refusal_duties: What a refusal must do.
        record_term: How long the record is kept after closing.
        roll: A last day that is no working day moves to the next one; None where it does not.
        extension: None where the law has none.
        acknowledge: When receipt is confirmed, counted from receipt.
        what_if_place: Whose holidays a calculation without a ticket uses where none is named.
        zone: An IANA name; receipt is on the earlier of the day there and the day of the office.
        receipt: When a request counts as received.
        identity: What may be asked to prove identity.
        in_force: None where it is in force since long.
        letter_duties: What letters other than a refusal must do.
        keep_refused: That what was asked for and not given is kept for a time.
        refused_record_term: How long the record of a refusal is kept, where that is longer.
        rights: The right as letters cite it, by kind; `scoped_rights` by the scope of a withdrawal.
        bases: The legal bases of a datamap as letters name them, with this law's articles.
        quiet: What a refusal cites whose ground must not be told, by kind.
        grounds: What letters cite for a ground of the policy, by its code.
        unknown_grounds: Codes of grounds that this law does not know.
        tiers: How near its dates are, for the monitor, the nearest first.
        places: Where it applies: a ticket that names one is told of this law. ISO 3166 codes.
        replaces: Of an organisation's own pack: the version of the shipped pack whose place it
            takes, or empty where none is shipped.
        why: Of an organisation's own pack: why.
    """

    code: str
    names: Mapping[str, str]
    version: str
    citation: str
    calendar: str
    counting: Article
    clocks: tuple[ClockRule, ...]
    minors: Minors
    fee: Words
    agent_proof: Words
    remedies: Words
    refusal_duties: tuple[Duty, ...]
    record_term: Period
    roll: Article | None = None
    extension: Extension | None = None
    acknowledge: Period | None = None
    target_calendar: str | None = None
    what_if_place: str | None = None
    zone: str | None = None
    receipt: Words | None = None
    identity: Words | None = None
    in_force: Start | None = None
    letter_duties: tuple[Duty, ...] = ()
    keep_refused: Keep | None = None
    refused_record_term: Period | None = None
    rights: Mapping[Kind, Mapping[str, str]] = field(default_factory=nothing)
    scoped_rights: Mapping[Scope, Mapping[str, str]] = field(default_factory=nothing)
    bases: Mapping[str, Mapping[str, str]] = field(default_factory=nothing)
    quiet: Mapping[Kind, Mapping[str, str]] = field(default_factory=nothing)
    grounds: Mapping[str, Equivalent] = field(default_factory=nothing)
    unknown_grounds: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    places: tuple[str, ...] = ()
    replaces: str | None = None
    why: str = ""

    def __post_init__(self) -> None:
        added = self.extension and (self.extension.period or self.extension.longest)
        if added and any(
            rule.extendable and rule.period.unit != added.unit for rule in self.clocks
        ):
            raise ValueError("an extension is counted in the unit of every clock it extends")

    def right(self, kind: Kind, scope: Scope | None) -> Mapping[str, str] | None:
        """Return the right as letters cite it, or None where the pack names none."""
        own = self.scoped_rights.get(scope) if scope is not None else None
        return own or self.rights.get(kind)

    def clock(self, kind: Kind, scope: Scope | None = None) -> ClockRule | None:
        """Return the clock of a kind and scope, or None where this law sets none."""
        return next((rule for rule in self.clocks if rule.serves(kind, scope)), None)
