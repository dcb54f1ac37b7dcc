"""Queries of the officer's day: few, by indexes, each with a limit. Nothing is worded here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlmodel import Session, col

from dsr.domain.mail import MailSort
from dsr.domain.vocabulary import (
    ENDED,
    UNFINISHED,
    Action,
    LetterName,
    LetterState,
    MessageOutcome,
    OfficerRole,
    PartState,
    Status,
)
from dsr.store.columns import Instant
from dsr.store.light import EVENT, LETTER, MESSAGE, OFFICER, PART, TASK
from dsr.store.standing import MOST
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import LISTED, OPEN, is_late, urgency

#: Under these names events keep what the program did by itself when a mail joined a ticket.
RETURNED, REPLY = "undelivered", "reply"
#: Actions that nobody took who had read the mail.
_BY_ITSELF = (Action.JOIN.value, Action.REMIND.value, Action.BREACH.value)
#: What a step is judged by, besides what a list shows.
_JUDGED = (
    "scope",
    "minor",
    "born_on",
    "received_on",
    "person",
    "decided",
    "proposed_by",
    "proposed_by_user",
    "proposed_hash",
    "instructed_by",
    "held_at",
    "complaint",
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose day it is.

    Attributes:
        officer: Own tickets come first.
        mine: Only own ones.
        limit: How many lines of each section; None is all.
    """

    officer: str
    mine: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a section as they come, and how many there are where they are only the first."""

    rows: Iterable[Any] = ()
    total: int | None = None


def late(session: Session, whose: Whose, today: date) -> Page:
    """Return open tickets whose day of the law has passed, the oldest first."""
    due = col(TicketRow.due_on)
    return _page(session, _tickets().where(_is_open(), is_late(today)), whose, due)


def due(session: Session, whose: Whose, today: date, until: date) -> Page:
    """Return open tickets, not late, that are to be answered or acted on by a day.

    Whoever is waited for beyond that day makes nothing late, and is not forgotten either.
    """
    query = _tickets().where(_is_open(), ~is_late(today), urgency() <= until)
    return _page(session, query, whose, urgency())


def proposals(session: Session, whose: Whose) -> Page:
    """Return every ticket that is put forward for approval, approved already or not."""
    query = _tickets().where(col(TicketRow.status) == Status.APPROVAL)
    return _page(session, query, replace(whose, limit=None), urgency())


def decided(session: Session, whose: Whose) -> Page:
    """Return every ticket that is decided, or awaits its last approval, and whose work is done."""
    status = col(TicketRow.status)
    working = exists().where(
        TASK.c.ticket == TicketRow.number, TASK.c.state.in_(UNFINISHED), ~TASK.c.follow_up
    )
    query = _tickets().where(
        or_(
            status.in_((Status.APPROVAL, Status.FULFILLING)),
            and_(status == Status.WORKING, col(TicketRow.decided)),
        ),
        ~working,
    )
    return _page(session, query, replace(whose, limit=None), urgency())


def replies(session: Session, whose: Whose, since: datetime) -> Page:
    """Return tickets that a mail joined after the officer's last step there.

    Who only looked has not yet done anything about it; after the answer a look is enough, and
    what joined before `since` is old. A mail is dated by its receipt, not by its import.
    """
    later = EVENT.alias()
    ended = col(TicketRow.status).in_(ENDED)
    by_itself = and_(later.c.action == Action.RESUME.value, _says(later.c.body, REPLY))
    stepped = exists().where(
        later.c.ticket == EVENT.c.ticket,
        later.c.id > EVENT.c.id,
        later.c.action.not_in(_BY_ITSELF),
        or_(later.c.action != Action.READ.value, ended),
        ~by_itself,
    )
    named = EVENT.c.body["facts"]["message"].as_string()
    query = (
        _tickets(func.coalesce(func.max(MESSAGE.c.arrived_at), func.max(EVENT.c.at)).label("since"))
        .join(EVENT, EVENT.c.ticket == TicketRow.number)
        .outerjoin(MESSAGE, MESSAGE.c.sha256 == named)
        .where(
            EVENT.c.action == Action.JOIN.value,
            ~_says(EVENT.c.body, RETURNED),
            or_(~ended, EVENT.c.at >= since),
            ~stepped,
        )
        .group_by(col(TicketRow.number))
    )
    return _page(session, query, whose, func.max(EVENT.c.at))


def letters(session: Session, whose: Whose, state: LetterState) -> Page:
    """Return letters in a state, those alike of a ticket as one.

    One that came back and was written anew since is dealt with.
    """
    newer = LETTER.alias()
    written_anew = exists().where(
        newer.c.ticket == LETTER.c.ticket,
        newer.c.name == LETTER.c.name,
        or_(
            newer.c.name != LetterName.RECIPIENT_NOTICE,
            newer.c.recipient == LETTER.c.recipient,
        ),
        newer.c.id > LETTER.c.id,
    )
    query = (
        _tickets(
            LETTER.c.name.label("letter_name"),
            func.min(LETTER.c.written_at, type_=Instant).label("since"),
            func.count(LETTER.c.message_id.distinct()).label("letters"),
        )
        .join(LETTER, LETTER.c.ticket == TicketRow.number)
        .where(LETTER.c.state == state.value)
        .group_by(col(TicketRow.number), LETTER.c.name)
    )
    if state is not LetterState.READY:
        query = query.where(~written_anew)
    return _page(session, query, whose, func.min(LETTER.c.written_at))


def tasks(session: Session, whose: Whose, until: date) -> Page:
    """Return work outside tickets that is to be done by a day, or was to be."""
    query = (
        _tickets(TASK.c.number.label("task_number"))
        .join(TASK, TASK.c.ticket == TicketRow.number)
        .where(TASK.c.state.in_(UNFINISHED), TASK.c.due_on <= until)
    )
    return _page(session, query, whose, TASK.c.due_on)


def interrupted(session: Session, whose: Whose) -> Page:
    """Return tickets whose work in a source was begun and is not recorded as done."""
    query = (
        _tickets(PART.c.source.label("source"))
        .join(PART, PART.c.ticket == TicketRow.number)
        .where(PART.c.state == PartState.BEGUN)
    )
    return _page(session, query, whose, col(TicketRow.due_on))


def in_triage(session: Session) -> int:
    """Return how many messages wait for somebody to decide what they are."""
    waits = (MESSAGE.c.outcome == MessageOutcome.TRIAGE, ~MESSAGE.c.test)
    query = select(func.count()).where(*waits)
    return session.connection().execute(query).scalar_one()


def set_aside(session: Session) -> int:
    """Return how many messages were kept without being read as a whole, and wait for somebody.

    A row of a form does no more once the same place of the same table, naming the same person with
    the same words, was read later: it was mended.
    """
    kept = (MESSAGE.c.outcome == MessageOutcome.QUARANTINED, ~MESSAGE.c.test)
    connection = session.connection()
    count: int = connection.execute(select(func.count()).where(*kept)).scalar_one()
    place, form = MESSAGE.c.source, MESSAGE.c.sort == MailSort.FORM
    what = (place, cast(MESSAGE.c.identifiers, String), MESSAGE.c.excerpt, MESSAGE.c.id)
    wrong = select(*what).where(*kept, form, cast(MESSAGE.c.identifiers, String) != "[]")
    rows = connection.execute(wrong).all()
    if not rows:
        return count
    places = select(place).where(*kept, form)
    mended = (form, MESSAGE.c.outcome != MessageOutcome.QUARANTINED, ~MESSAGE.c.test)
    read = select(*what).where(*mended, place.in_(places))
    last = {tuple(row[:3]): row.id for row in connection.execute(read.order_by(MESSAGE.c.id))}
    again = [row for row in rows if last.get(tuple(row[:3]), 0) > row.id]
    return count - len(again)


def not_begun(session: Session) -> int:
    """Return how many requests nobody has begun to work on."""
    begins = (col(TicketRow.status) == Status.RECEIVED, col(TicketRow.test).is_(False))
    query = select(func.count()).where(*begins)
    return session.connection().execute(query).scalar_one()


def roles(session: Session, officer: str) -> frozenset[OfficerRole]:
    """Return the roles of an officer; none of one who is not registered or no longer active."""
    query = select(OFFICER.c.roles).where(OFFICER.c.active, OFFICER.c.name == officer)
    return frozenset(map(OfficerRole, session.connection().execute(query).scalar() or ()))


def _tickets(*more: Any) -> Select[Any]:
    names = dict.fromkeys((*LISTED, *_JUDGED))
    query = select(*(getattr(TicketRow, name) for name in names), *more)
    return query.where(col(TicketRow.test).is_(False))  # a test is nobody's work


def _is_open() -> ColumnElement[bool]:
    return col(TicketRow.status).in_(OPEN)


def _says(body: Any, fact: str) -> ColumnElement[bool]:
    """Say which events have a fact of a name."""
    told: ColumnElement[bool] = body["facts"][fact].as_string().is_not(None)
    return told


def _page(session: Session, query: Select[Any], whose: Whose, order: Any) -> Page:
    """Return rows, own tickets before others; the first ones, with how many there are, or all."""
    mine = func.coalesce(col(TicketRow.assignee) == whose.officer, False)
    if whose.mine:
        query = query.where(mine)
    query = query.order_by(case((mine, 0), else_=1), order, col(TicketRow.number))
    connection = session.connection()
    if whose.limit is None:
        return Page(connection.execute(query, execution_options={"yield_per": MOST}))
    query = query.add_columns(func.count().over().label("total")).limit(whose.limit)
    rows = connection.execute(query).all()
    return Page(rows, rows[0].total if rows else 0)
