"""Laws' dates without a ticket: what would be due if."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from importlib.resources.abc import Traversable

from dsr.clock import day_of
from dsr.domain.clock_facts import EARLIEST, LATEST
from dsr.domain.clocks import ClockFacts, Pause
from dsr.domain.law import PLACE, ClockRule, Law, PauseReason
from dsr.domain.reckoning import HOUSE, ClockStep
from dsr.domain.vocabulary import ClockMode, Kind, Scope
from dsr.errors import UsageError
from dsr.rules import book
from dsr.services.dates import Asked, supposed
from dsr.services.deriving import DerivationView, derivation, told

#: The rule of a step that says what was supposed because nobody named it.
SUPPOSED = "supposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is supposed to have happened.

    Attributes:
        laws: Their codes; one derivation each, in this order.
        received: The day of receipt at the office, or the instant, aware: each law's own day of it
            may be earlier.
        asked_on, resumed_on: A wait for the requester; the reply to a question for proof verifies.
        asked_for: What for; None lets the law's clock say.
        extended: The extension was taken in time.
        extended_to_on: The new date that its notice names, where the law leaves it to the notice.
        authority_due_on: The day that an authority set.
        zone: The office's, an IANA name.
    """

    laws: tuple[str, ...]
    kind: Kind
    received: date | datetime
    scope: Scope | None = None
    place: str | None = None
    verified_on: date | None = None
    asked_on: date | None = None
    resumed_on: date | None = None
    asked_for: PauseReason | None = None
    extended: bool = False
    extended_to_on: date | None = None
    authority_due_on: date | None = None
    zone: str = "UTC"

    @property
    def received_at(self) -> datetime | None:
        """The instant of receipt, where one is known."""
        return self.received if isinstance(self.received, datetime) else None

    @property
    def received_on(self) -> date:
        """The day of receipt at the office."""
        at = self.received_at
        return day_of(at, self.zone) if at is not None else self.received


def dates(
    question: Question, rules_folder: Traversable | None = None, *, days: bool = False
) -> list[DerivationView]:
    """Return each law's dates with how they come about.

    Args:
        question: What is supposed.
        rules_folder: The organisation's own rules, if any.
        days: Whether each span is told day by day besides.

    Raises:
        NotFoundError: There is no such law or place.
        NotAllowedError: A law was not in force on the day of receipt.
        UsageError: The days contradict each other or are out of reach, a withdrawal has no scope,
            no law has the extension, or it needs a later date or has none.
    """
    book.use(rules_folder)
    _check_reach(question)
    _check_order(question)
    if question.kind is Kind.WITHDRAWAL and question.scope is None:
        raise UsageError("a withdrawal needs a scope", hint="--scope marketing")
    laws = {law.code: law for law in map(book.law, question.laws)}.values()
    _check_extension(question, laws)
    _check_later(question, laws)
    return [_under(law, question, days=days) for law in laws]


def _under(law: Law, question: Question, *, days: bool) -> DerivationView:
    asked = supposed(
        law.code,
        question.kind,
        question.scope,
        place=question.place,
        received_at=question.received_at,
    )
    view = derivation(law.code, asked, _facts(law, question), days=days)
    on = question.received_on
    steps = (ClockStep(SUPPOSED, on, on, HOUSE, text) for text in _supposed(law, question, asked))
    return replace(view, steps=(*told(steps), *view.steps))


def _supposed(law: Law, question: Question, asked: Asked) -> Iterator[str]:
    """Give what is supposed where nobody says it."""
    days = book.calendar_for(law, asked.place)
    if law.calendar == PLACE and days is not None and asked.place != question.place:
        none_of = f"{question.place} is no place of {law.code}; " if question.place else ""
        yield f"{none_of}supposing the holidays of {days.place}"
    if _presumed(law.clock(question.kind, question.scope), question):
        yield "supposing that proof was asked for on the day of receipt"


def _facts(law: Law, question: Question) -> ClockFacts:
    rule = law.clock(question.kind, question.scope)
    reason = question.asked_for or _asked_for(rule, question)
    is_proof = reason is PauseReason.PROOF
    pauses: tuple[Pause, ...] = ()
    if question.asked_on:
        replied_on = question.verified_on if is_proof else None
        pauses = (Pause(question.asked_on, question.resumed_on or replied_on, reason),)
    is_extended = question.extended or question.extended_to_on
    return ClockFacts(
        received_on=question.received_on,
        verified_on=question.verified_on or (question.resumed_on if is_proof else None),
        proof_asked_on=(question.asked_on if is_proof else None) or _presumed(rule, question),
        pauses=pauses,
        extended_on=question.received_on + timedelta(days=1) if is_extended else None,
        extended_to_on=question.extended_to_on,
        authority_due_on=question.authority_due_on,
        notice_supposed=bool(is_extended),
    )


def _asked_for(rule: ClockRule | None, question: Question) -> PauseReason:
    """Return what was asked for, where nobody says: proof, wherever it may be that.

    Where proof would start the period anew, an answer that verified nobody is a clarification.
    """
    if rule is None or question.verified_on or not question.resumed_on:
        return PauseReason.PROOF
    if PauseReason.PROOF in rule.restarts_for and PauseReason.CLARIFICATION in rule.pauses_for:
        return PauseReason.CLARIFICATION
    return PauseReason.PROOF


def _presumed(rule: ClockRule | None, question: Question) -> date | None:
    """Return when proof was asked for where nobody says: at once, if proof starts the period."""
    if rule is None or not question.verified_on:
        return None
    if question.asked_on and question.asked_for in {None, PauseReason.PROOF}:
        return None
    starts = rule.mode is ClockMode.FROM_VERIFIED or PauseReason.PROOF in rule.restarts_for
    return question.received_on if starts else None


def _check_reach(question: Question) -> None:
    at = question.received_at
    for day in (
        at.date() if at is not None else question.received,
        question.verified_on,
        question.asked_on,
        question.resumed_on,
        question.extended_to_on,
        question.authority_due_on,
    ):
        if day and not EARLIEST <= day <= LATEST:
            raise UsageError("a day is out of reach", hint=f"from {EARLIEST} to {LATEST}")


def _check_order(question: Question) -> None:
    """Refuse days that cannot be."""
    if question.resumed_on and not question.asked_on:
        raise UsageError("--resumed needs --asked", hint="dsr due --help")
    if question.asked_for and not question.asked_on:
        raise UsageError("--for says what --asked was for", hint="--asked DATE")
    proof = question.asked_for in {None, PauseReason.PROOF}
    after_receipt = (
        ("--asked", question.asked_on),
        ("--verified", question.verified_on),
        ("--extended-to", question.extended_to_on),
        ("--authority", question.authority_due_on),
    )
    pairs: list[tuple[str, date | None, str, date | None]] = [
        (name, day, "--received", question.received_on) for name, day in after_receipt
    ]
    pairs.append(("--resumed", question.resumed_on, "--asked", question.asked_on))
    if proof:
        pairs.append(("--verified", question.verified_on, "--asked", question.asked_on))
    for name, day, earlier, other in pairs:
        if day and other and day < other:
            raise UsageError(
                f"{name} {day} is before {earlier} {other}", hint="correct one of the two days"
            )


def _check_extension(question: Question, laws: Collection[Law]) -> None:
    """Insist on a law that extends, and on the new date where its notice names it, only there."""
    named = ", ".join(law.code for law in laws)
    if question.extended and not any(_extends(law, question) for law in laws):
        raise UsageError(
            f"there is no extension for {question.kind} under {named}",
            hint="leave out --extended",
        )
    by_notice = [law.code for law in laws if _names_date(law, question)]
    if question.extended and not question.extended_to_on and by_notice:
        raise UsageError(
            f"under {by_notice[0]} the notice itself names the new date", hint="--extended-to DATE"
        )
    if question.extended_to_on and not by_notice:
        raise UsageError(
            f"no notice names the new date of {question.kind} under {named}",
            hint="--extended takes the law's own extension, where it has one",
        )


def _names_date(law: Law, question: Question) -> bool:
    """Return whether the notice of an extension names the new date."""
    return bool(_extends(law, question) and law.extension and law.extension.period is None)


def _extends(law: Law, question: Question) -> bool:
    """Return whether a law gives more time for what is asked."""
    rule = law.clock(question.kind, question.scope)
    return bool(rule and rule.extendable and law.extension)


def _check_later(question: Question, laws: Collection[Law]) -> None:
    """Refuse a new date that gives no more time than a law whose notice names it."""
    until = question.extended_to_on
    before = replace(question, extended=False, extended_to_on=None)
    for law in laws:
        if until is None or not _names_date(law, question):
            continue
        due_on = _under(law, before, days=False).due_legal_on
        if until <= due_on:
            raise UsageError(
                f"--extended-to {until} is no later than the date under {law.code}, {due_on}",
                hint="--extended-to DATE, a later one",
            )
