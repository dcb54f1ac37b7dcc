"""Tables by the columns that a list reads: their classes would cost more than its queries."""

from typing import Any

from sqlalchemy import JSON, Boolean, Date, Integer, String, TableClause, column, table

from dsr.store.columns import Instant


def light(named: str, /, **columns: Any) -> TableClause:
    """Return a table of some columns, each with its type."""
    return table(named, *(column(key, kind) for key, kind in columns.items()))


EVENT = light("event", id=Integer, ticket=Integer, action=String, body=String, at=Instant)
LETTER = light(
    "letter",
    id=Integer,
    ticket=Integer,
    name=String,
    recipient=String,
    message_id=String,
    state=String,
    written_at=Instant,
)
TASK = light(
    "task",
    ticket=Integer,
    number=Integer,
    kind=String,
    target=String,
    label=String,
    state=String,
    follow_up=Boolean,
    reminders=Integer,
    due_on=Date,
)
TASKS = ("number", "kind", "label", "state", "reminders", "due_on")
PART = light("plan_part", ticket=Integer, source=String, state=String)
APPROVAL = light(
    "approval", ticket=Integer, officer=String, os_user=String, hash=String, void=Boolean
)
MESSAGE = light("message", outcome=String)
OFFICER = light("officer", name=String, roles=JSON, active=Boolean)
IDENTIFIER = light("identifier", person=Integer, type=String, lookup=String)
