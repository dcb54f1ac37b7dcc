"""What a law says, as values: clocks, duties, words, each with its source. No number lives here."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dsr.domain.vocabulary import ClockMode, Kind, Scope

WEEKDAYS = "weekdays"
PLACE = "place"


class Unit(StrEnum):
    """In what a period is counted; working days are those of the place's calendar."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class Certainty(StrEnum):
    """How sure a statement is.

    VERIFIED was read in the official text, SECONDARY in what others write about it, and DESIGN is
    this house's choice where the law names nothing.
    """

    VERIFIED = "verified"
    SECONDARY = "secondary"
    DESIGN = "design"


class PauseReason(StrEnum):
    """What the requester was asked for while a clock may stand still."""

    PROOF = "proof"
    CLARIFICATION = "clarification"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class Article:
    """Where a rule stands that needs no number and no words."""

    citation: str
    certainty: Certainty

    def __post_init__(self) -> None:
        _needs_citation(self.citation)


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as a law words it: fifteen working days, one month."""

    amount: int
    unit: Unit
    citation: str
    certainty: Certainty

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a period has an amount of at least 1")
        _needs_citation(self.citation)


@dataclass(frozen=True, slots=True)
class Age:
    """A birthday in completed years."""

    years: int
    citation: str
    certainty: Certainty

    def __post_init__(self) -> None:
        _needs_citation(self.citation)


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence for the requester in each language, by its BCP 47 code ("en", "zh")."""

    text: Mapping[str, str]
    citation: str
    certainty: Certainty

    def __post_init__(self) -> None:
        _needs_citation(self.citation)


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that a refusal must do; equal codes under several laws are one duty."""

    code: str
    text: Mapping[str, str]
    citation: str
    certainty: Certainty

    def __post_init__(self) -> None:
        _needs_citation(self.citation)


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, given by a notice that leaves on or before the first nominal date.

    Attributes:
        conditions: When the law allows it.
        notice: What the notice must say.
        period: How much is added to the first period, in that period's unit, both counted from
            the start; None where the notice itself names the new date.
    """

    conditions: Words
    notice: Words
    period: Period | None = None


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
    what_if_place: str | None = None

    def __post_init__(self) -> None:
        added = self.extension.period if self.extension else None
        if added and any(
            rule.extendable and rule.period.unit != added.unit for rule in self.clocks
        ):
            raise ValueError("an extension is counted in the unit of every clock it extends")

    def clock(self, kind: Kind, scope: Scope | None = None) -> ClockRule | None:
        """Return the clock of a kind and scope, or None where this law sets none."""
        return next((rule for rule in self.clocks if rule.serves(kind, scope)), None)


def _needs_citation(citation: str) -> None:
    if not citation.strip():
        raise ValueError("it needs a citation")
