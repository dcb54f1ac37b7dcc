"""Queries of the officer's day: few, by indexes, each with a limit. Nothing is worded here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from dsr.domain.vocabulary import (
    ENDED,
    UNFINISHED,
    Action,
    Kind,
    LetterName,
    MessageOutcome,
    PartState,
    Status,
    TaskKind,
)
from dsr.store.columns import Instant
from dsr.store.light import (
    APPROVAL,
    EVENT,
    IDENTIFIER,
    LETTER,
    MESSAGE,
    OFFICER,
    PART,
    TASK,
    TASKS,
)
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import LISTED, OPEN, urgency

_LEFT = [state.value for state in UNFINISHED]

#: So begins what an undelivered letter's return says in the event by which it joined.
UNDELIVERED = "undelivered: "


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
    """The first rows of a section, and how many there are in all."""

    rows: Sequence[Any] = ()
    total: int = 0


def late(session: Session, whose: Whose, today: date) -> Page:
    """Return open tickets whose day of the law has passed, the oldest first."""
    due = col(TicketRow.due_on)
    return _page(session, _tickets().where(_is_open(), due < today), whose, due)


def due(session: Session, whose: Whose, today: date, until: date) -> Page:
    """Return open tickets, not late, that are to be answered or acted on by a day."""
    query = _tickets().where(_is_open(), col(TicketRow.due_on) >= today, urgency() <= until)
    return _page(session, query, whose, urgency())


def approvals(session: Session, whose: Whose, *, os_user: str | None, alone: bool) -> Page:
    """Return proposals that an officer may approve who has the role for it.

    Args:
        session: A transaction.
        whose: Whose day it is.
        os_user: The system user who counts as one with the officer; None: names alone count.
        alone: The officer works alone and may approve what he proposed.
    """
    query = _tickets().where(
        col(TicketRow.status) == Status.APPROVAL,
        _given() < col(TicketRow.approvals_due),
        ~exists().where(_counts(), _by(APPROVAL.c.officer, APPROVAL.c.os_user, whose, os_user)),
    )
    if not alone:
        prepared = _by(col(TicketRow.proposed_by), col(TicketRow.proposed_by_user), whose, os_user)
        query = query.where(~func.coalesce(prepared, False), ~_about_own(whose.officer))
    return _page(session, query, whose, urgency())


def answers(session: Session, whose: Whose) -> Page:
    """Return tickets that are decided, approved where that is due, and whose work is done."""
    status = col(TicketRow.status)
    working = exists().where(
        TASK.c.ticket == TicketRow.number, TASK.c.state.in_(_LEFT), ~TASK.c.follow_up
    )
    query = _tickets().where(
        or_(
            and_(status == Status.APPROVAL, _given() >= col(TicketRow.approvals_due)),
            and_(status == Status.WORKING, col(TicketRow.decided)),
            status == Status.FULFILLING,
        ),
        ~working,
    )
    return _page(session, query, whose, urgency())


def replies(session: Session, whose: Whose, since: datetime) -> Page:
    """Return tickets that a mail joined after the officer's last step there.

    Who only looked has not yet done anything about it; after the answer a look is enough, and
    what came before `since` is old.
    """
    later = EVENT.alias()
    ended = col(TicketRow.status).in_(ENDED)
    by_itself = and_(later.c.action == Action.RESUME.value, later.c.body.contains('"reply":'))
    stepped = exists().where(
        later.c.ticket == EVENT.c.ticket,
        later.c.id > EVENT.c.id,
        later.c.action != Action.JOIN.value,
        or_(later.c.action != Action.READ.value, ended),
        ~by_itself,
    )
    query = (
        _tickets(func.max(EVENT.c.at).label("since"))
        .join(EVENT, EVENT.c.ticket == TicketRow.number)
        .where(
            EVENT.c.action == Action.JOIN.value,
            ~EVENT.c.body.contains(UNDELIVERED),
            or_(~ended, EVENT.c.at >= since),
            ~stepped,
        )
        .group_by(col(TicketRow.number))
    )
    return _page(session, query, whose, func.max(EVENT.c.at))


def letters(session: Session, whose: Whose, state: str) -> Page:
    """Return letters in a state, those alike of a ticket as one.

    One that came back and was written anew since is dealt with.
    """
    newer = LETTER.alias()
    written_anew = exists().where(
        newer.c.ticket == LETTER.c.ticket,
        newer.c.name == LETTER.c.name,
        or_(
            newer.c.name != LetterName.RECIPIENT_NOTICE.value,
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
        .where(LETTER.c.state == state, or_(LETTER.c.state == "ready", ~written_anew))
        .group_by(col(TicketRow.number), LETTER.c.name)
    )
    return _page(session, query, whose, func.min(LETTER.c.written_at))


def tasks(session: Session, whose: Whose, until: date) -> Page:
    """Return work outside tickets that is to be done by a day, or was to be.

    `applied` says whether a plan does it.
    """
    applied = exists().where(
        PART.c.ticket == TASK.c.ticket,
        TASK.c.kind == TaskKind.SOURCE.value,
        PART.c.source == TASK.c.target,
        PART.c.state != PartState.DONE.value,
    )
    query = (
        _tickets(*(TASK.c[name].label(f"task_{name}") for name in TASKS), applied.label("applied"))
        .join(TASK, TASK.c.ticket == TicketRow.number)
        .where(TASK.c.state.in_(_LEFT), TASK.c.due_on <= until)
    )
    return _page(session, query, whose, TASK.c.due_on)


def interrupted(session: Session, whose: Whose) -> Page:
    """Return tickets whose work in a source was begun and is not recorded as done."""
    query = (
        _tickets(PART.c.source.label("source"))
        .join(PART, PART.c.ticket == TicketRow.number)
        .where(PART.c.state == PartState.BEGUN.value)
    )
    return _page(session, query, whose, col(TicketRow.due_on))


def in_triage(session: Session) -> int:
    """Return how many messages wait for somebody to decide what they are."""
    query = select(func.count()).where(MESSAGE.c.outcome == MessageOutcome.TRIAGE.value)
    return session.connection().execute(query).scalar_one()


def not_begun(session: Session) -> int:
    """Return how many requests nobody has begun to work on."""
    query = select(func.count()).where(col(TicketRow.status) == Status.RECEIVED)
    return session.connection().execute(query).scalar_one()


def roles(session: Session) -> dict[str, list[str]]:
    """Return the roles of every active officer."""
    query = select(OFFICER.c.name, OFFICER.c.roles).where(OFFICER.c.active)
    return {row.name: row.roles for row in session.connection().execute(query)}


def _columns() -> list[Any]:
    more = ("scope", "minor", "decided", "approvals_due", "proposed_by")
    return [getattr(TicketRow, name) for name in (*LISTED, *more)]


def _tickets(*more: Any) -> Select[Any]:
    return select(*_columns(), _given().label("approvals"), *more)


def _is_open() -> ColumnElement[bool]:
    return col(TicketRow.status).in_(OPEN)


def _counts() -> ColumnElement[bool]:
    """Say which approvals count: of the decision as it was proposed last."""
    return and_(
        APPROVAL.c.ticket == TicketRow.number,
        APPROVAL.c.hash == TicketRow.proposed_hash,
        ~APPROVAL.c.void,
    )


def _given() -> Any:
    """Return how many officers approved what awaits it; nobody else's is counted."""
    counted = select(func.count()).select_from(APPROVAL).where(_counts())
    return case(
        (
            col(TicketRow.status) == Status.APPROVAL,
            counted.correlate(TicketRow).scalar_subquery(),
        ),
        else_=0,
    )


def _by(name: Any, user: Any, whose: Whose, os_user: str | None) -> ColumnElement[bool]:
    same: ColumnElement[bool] = name == whose.officer
    return same if os_user is None else or_(same, user == os_user)


def _about_own(officer: str) -> ColumnElement[bool]:
    """Say which complaints come from somebody whose ticket the officer approved first."""
    own, other = IDENTIFIER.alias(), IDENTIFIER.alias()
    judged = aliased(TicketRow)
    return and_(
        col(TicketRow.kind) == Kind.COMPLAINT,
        exists().where(
            own.c.person == TicketRow.person,
            own.c.type != "name",
            other.c.lookup == own.c.lookup,
            col(judged.person) == other.c.person,
            col(judged.number) != TicketRow.number,
            col(judged.first_approver) == officer,
        ),
    )


def _page(session: Session, query: Select[Any], whose: Whose, order: Any) -> Page:
    """Return the first rows, own tickets before others, and count all in the same pass."""
    mine = func.coalesce(col(TicketRow.assignee) == whose.officer, False)
    if whose.mine:
        query = query.where(mine)
    query = query.add_columns(func.count().over().label("total"))
    query = query.order_by(case((mine, 0), else_=1), order, col(TicketRow.number))
    rows = session.connection().execute(query.limit(whose.limit)).all()
    return Page(rows, rows[0].total if rows else 0)
