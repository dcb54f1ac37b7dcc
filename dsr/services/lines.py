"""A line of the queue, already masked; its fields are the keys of the JSON, in order."""

from dataclasses import dataclass
from datetime import date, datetime


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
