"""What happened to a ticket, as far as clocks are concerned. What follows from it is not here."""

from dataclasses import dataclass, replace
from datetime import date

from dsr.domain.law import PauseReason
from dsr.errors import UsageError

#: No request is older: no law here is, and a year mistyped is seen.
EARLIEST = date(1990, 1, 1)
#: No clock is asked for later: counting to the year 9999 would take minutes.
LATEST = date(2200, 12, 31)


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait for the requester: the day we asked, the day the reply came (None while it lasts).

    Raises:
        UsageError: The reply came before the question.
    """

    asked_on: date
    resumed_on: date | None
    reason: PauseReason

    def __post_init__(self) -> None:
        if self.resumed_on is not None and self.resumed_on < self.asked_on:
            asked = f"the question for {self.reason} of {self.asked_on}"
            raise UsageError(f"the reply of {self.resumed_on} is before {asked}")


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """The days of a ticket, in the office's zone.

    Attributes:
        received_on: Receipt at any of the company's channels.
        verified_on: Identity was verified.
        proof_asked_on: Proof of identity was first asked for. Where no pause for proof is
            recorded, the wait from here to `verified_on` counts as one.
        pauses: Waits; where they overlap, a day counts once.
        extended_on: The extension notice left.
        authority_due_on: The day an authority's letter sets; it never moves a date later.
        extended_to_on: The new date that the notice names; a law that gives a length gives no more.
        office_received_on: The day at the office, where the law's own zone had an earlier one.
        notice_supposed: Nobody named the day in `extended_on`; it is supposed to be in time.

    Raises:
        UsageError: Something was asked or extended before receipt.
    """

    received_on: date
    verified_on: date | None = None
    proof_asked_on: date | None = None
    pauses: tuple[Pause, ...] = ()
    extended_on: date | None = None
    authority_due_on: date | None = None
    extended_to_on: date | None = None
    office_received_on: date | None = None
    notice_supposed: bool = False

    def __post_init__(self) -> None:
        for what, day in (
            *((f"the question for {pause.reason}", pause.asked_on) for pause in self.pauses),
            ("the question for proof", self.proof_asked_on),
            ("the notice of an extension", self.extended_on),
        ):
            if day is not None and day < self.received_on:
                raise UsageError(f"{what} of {day} is before the receipt on {self.received_on}")


def taken_up(complaint: ClockFacts, ticket: ClockFacts) -> ClockFacts:
    """Return what moves the dates of a ticket that is worked anew on a complaint about it.

    The clock is the complaint's, and what has happened to either since its receipt moves it; what
    happened to the ticket before that belongs to the clock that its first answer ended.
    """
    since = complaint.received_on
    longer = ticket if ticket.extended_on and ticket.extended_on >= since else complaint
    set_by = [facts.authority_due_on for facts in (complaint, ticket) if facts.authority_due_on]
    return replace(
        complaint,
        verified_on=complaint.verified_on or _since(since, ticket.verified_on),
        proof_asked_on=complaint.proof_asked_on or _since(since, ticket.proof_asked_on),
        pauses=(
            *complaint.pauses,
            *(pause for pause in ticket.pauses if pause.asked_on >= since),
        ),
        extended_on=longer.extended_on,
        extended_to_on=longer.extended_to_on,
        authority_due_on=min((day for day in set_by if day >= since), default=None),
    )


def _since(first: date, day: date | None) -> date | None:
    return day if day is not None and day >= first else None


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait as clocks see it.

    Attributes:
        asked_on: None where identity was verified without our asking.
        until_on: The reply; where it is open, what `waits` assumes.
    """

    reason: PauseReason
    asked_on: date | None
    until_on: date
    is_open: bool


def waits(facts: ClockFacts, as_of: date | None) -> tuple[Wait, ...]:
    """Return the waits in the order of asking, with the one for proof that no pause records.

    An open wait is taken to end on `as_of`, or without that on the day we asked.
    """
    found = [_wait(pause.reason, pause.asked_on, pause.resumed_on, as_of) for pause in facts.pauses]
    if all(wait.reason is not PauseReason.PROOF for wait in found):
        found += wait_for_proof(facts, as_of)
    return tuple(sorted(found, key=lambda wait: wait.asked_on or facts.received_on))


def wait_for_proof(facts: ClockFacts, as_of: date | None) -> tuple[Wait, ...]:
    """Return the wait from the first question for proof to verification, if there was one."""
    asked = [pause.asked_on for pause in facts.pauses if pause.reason is PauseReason.PROOF]
    first = facts.proof_asked_on or min(asked, default=None)
    if first is not None:
        return (_wait(PauseReason.PROOF, first, facts.verified_on, as_of),)
    if facts.verified_on is not None:
        return (Wait(PauseReason.PROOF, None, facts.verified_on, is_open=False),)
    return ()


def _wait(reason: PauseReason, asked: date, ended: date | None, as_of: date | None) -> Wait:
    return Wait(reason, asked, ended or as_of or asked, is_open=ended is None)
