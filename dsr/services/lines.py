"""A line of the queue, already masked, and of a ticket's milestones; fields are JSON's keys."""

from dataclasses import dataclass
from datetime import date, datetime

#: What marks a test wherever tickets are listed.
TEST = "(test)"


@dataclass(frozen=True, slots=True)
class TicketView:
    """A line of the queue."""

    number: int
    case: int
    kind: str
    status: str
    outcome: str | None
    who: str
    laws: tuple[str, ...]
    received_at: datetime
    due_on: date | None
    target_on: date | None
    act_by_on: date | None
    provisional: bool
    overdue: bool
    days_left: int | None
    assignee: str | None
    requester_role: str
    language: str


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """The day by which a stage on the way to the answer is met, and whether it is.

    Attributes:
        law: Whose rule it is; None for the office's own.
        lacking: What is missing as long as it is not met.
    """

    stage: str
    on: date
    met: bool
    law: str | None
    citation: str
    certainty: str
    lacking: str
