"""Tables by the columns that are listed or judged: their classes would cost more than queries."""

from typing import Any

from sqlalchemy import JSON, Boolean, Date, Integer, String, TableClause, column, table

from dsr.domain.mail import MailSort
from dsr.domain.vocabulary import (
    IdentifierType,
    LetterName,
    MessageOutcome,
    PartState,
    ProofResult,
    Proposal,
    SearchResult,
    TaskKind,
    TaskState,
)
from dsr.store.columns import Instant, word


def light(named: str, /, **columns: Any) -> TableClause:
    """Return a table of some columns, each with its type."""
    return table(named, *(column(key, kind) for key, kind in columns.items()))


#: `body` is read as the object that it is.
EVENT = light("event", id=Integer, ticket=Integer, action=String, body=JSON, at=Instant)
LETTER = light(
    "letter",
    id=Integer,
    ticket=Integer,
    name=word(LetterName),
    language=String,
    recipient=String,
    message_id=String,
    channel=String,
    state=String,
    written_at=Instant,
    sent_at=Instant,
)
PROOF = light(
    "proof",
    id=Integer,
    ticket=Integer,
    method=String,
    result=word(ProofResult),
    identifier_type=word(IdentifierType),
    identifier=String,
    covers=JSON,
)
IDENTIFIER = light(
    "identifier",
    person=Integer,
    type=word(IdentifierType),
    value=String,
    lookup=String,
    of_sender=Boolean,
)
SEARCH = light(
    "search",
    ticket=Integer,
    source=String,
    collection=String,
    result=word(SearchResult),
    categories=JSON,
)
ITEM = light(
    "item",
    ticket=Integer,
    number=Integer,
    label=String,
    category=String,
    source=String,
    collection=String,
    field=String,
    held_at=Instant,
    proposal=word(Proposal),
    ground=String,
    reason=String,
    internal_reason=String,
    citation=String,
    evidence=JSON,
    until_on=Date,
    until_when=String,
    alternative=String,
    old=String,
    new=String,
)
TASK = light(
    "task",
    ticket=Integer,
    number=Integer,
    kind=word(TaskKind),
    target=String,
    label=String,
    state=word(TaskState),
    follow_up=Boolean,
    reminders=Integer,
    due_on=Date,
)
CLOCK = light(
    "clock",
    ticket=Integer,
    law=String,
    due_legal_on=Date,
    late_after_on=Date,
    act_by_on=Date,
)
REMINDER = light("reminder", ticket=Integer, tier=String, due_on=Date)
PACKAGE = light("package", ticket=Integer, sha256=String, items_hash=String)
PLAN = light(
    "plan", ticket=Integer, items_hash=String, by_hand=JSON, undecided=JSON, officer=String
)
PART = light("plan_part", ticket=Integer, source=String, position=Integer, state=word(PartState))
APPROVAL = light(
    "approval",
    id=Integer,
    ticket=Integer,
    officer=String,
    os_user=String,
    hash=String,
    at=Instant,
    void=Boolean,
)
PERMIT = light("permit", ticket=Integer, officer=String)
LINK = light("link", ticket=Integer, other=Integer)
MESSAGE = light(
    "message",
    id=Integer,
    source=String,
    sha256=String,
    arrived_at=Instant,
    outcome=word(MessageOutcome),
    excerpt=String,
    identifiers=JSON,
    sort=word(MailSort),
    test=Boolean,
)
OFFICER = light("officer", name=String, os_user=String, roles=JSON, active=Boolean)
SOURCE = light("source", key=String, active=Boolean)
