"""What differs between two states of a law, and which open tickets that would reach."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import String, cast, or_
from sqlmodel import Session, col, select

from dsr.domain.law import Law
from dsr.domain.moves import Way, way
from dsr.domain.office import in_language
from dsr.domain.vocabulary import Proposal
from dsr.errors import NotAllowedError, NotFoundError, UsageError
from dsr.rules import book, office, packs
from dsr.services.dates import Dates, asked_of, reckon
from dsr.services.desk import Desk
from dsr.services.law_lines import Statement, statements
from dsr.store.light import ITEM
from dsr.store.standing import MOST, rows_of
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import OPEN

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
OTHERWISE = "otherwise"
_PINNED = re.compile(r"([A-Za-z0-9-]+)@(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that differs.

    Attributes:
        part: The part of the law, in words.
        names: What it is said of: kinds, a duty, a ground; several where they change alike.
        change: `added`, `removed` or `changed`.
    """

    part: str
    names: tuple[str, ...]
    change: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class TicketChange:
    """An open ticket whose dates or grounds would change.

    Attributes:
        moves: `earlier` where any date moves to an earlier day, else `later`, else `otherwise`.
        pinned: The version that the ticket is worked by.
        grounds: What becomes of the grounds of its items, one text an item.
    """

    number: int
    kind: str
    moves: str
    pinned: str
    old_due_on: date | None
    new_due_on: date | None
    old_target_on: date | None
    new_target_on: date | None
    old_act_by_on: date | None
    new_act_by_on: date | None
    grounds: tuple[str, ...]
    note: str | None


def law_of(named: str) -> Law:
    """Return the law that a word names: CODE, CODE@VERSION, or a file.

    Raises:
        NotFoundError: There is no such pack, version or file.
        ConfigError: The pack is wrong; file and key are named.
    """
    if named.endswith(".toml"):
        place = Path(named).expanduser()
        if not place.exists():
            raise NotFoundError(f"there is no file {named}", hint="CODE, CODE@VERSION or a file")
        return packs.read_law(place)
    if found := _PINNED.fullmatch(named):
        return book.law(found[1].upper(), found[2])
    if "@" in named:
        raise UsageError(f"{named!r} names no version", hint="EU@2026-01-31")
    return book.law(named.upper())


def changes(old: Law, new: Law) -> list[Change]:
    """Return what differs, part by part; what changes alike for several kinds is one change."""
    before, after = _by_key(old), _by_key(new)
    found: dict[tuple[Any, ...], list[str]] = {}
    for key in [*before, *(key for key in after if key not in before)]:
        was, now = before.get(key), after.get(key)
        if was != now:
            what = REMOVED if now is None else ADDED if was is None else CHANGED
            told = _told(was, now)
            found.setdefault((key[0], what, *told), []).append(key[1])
    return [
        Change(part, tuple(filter(None, names)), what, was, now)
        for (part, what, was, now), names in found.items()
    ]


def _by_key(law: Law) -> dict[tuple[str, str], Statement]:
    return {(each.part, each.name): each for each in statements(law)}


def _told(was: Statement | None, now: Statement | None) -> tuple[str | None, str | None]:
    """Return both texts, with their sources where these differ or nothing else does."""
    if was is None or now is None or was.citation != now.citation:
        return _whole(was), _whole(now)
    return was.text, now.text


def _whole(stated: Statement | None) -> str | None:
    if stated is None:
        return None
    return f"{stated.text}; {stated.citation}" if stated.citation else stated.text


def ticket_changes(desk: Desk, old: Law, new: Law) -> Iterator[TicketChange]:
    """Give the open tickets under a law that would change; those with an earlier date first.

    Nothing is changed. Tickets are read one after the other, and only those that change, and move
    no date to an earlier day, wait for their turn.

    Raises:
        UsageError: The two are no states of one law.
    """
    if old.code != new.code:
        hint = f"dsr law diff {old.code} {new.code}"
        raise UsageError(f"{old.code} and {new.code} are two laws: no ticket moves", hint=hint)
    return _ticket_changes(desk, old, new)


def _ticket_changes(desk: Desk, old: Law, new: Law) -> Iterator[TicketChange]:
    others: list[TicketChange] = []
    with desk.read() as session:
        query = select(TicketRow).where(
            col(TicketRow.status).in_(OPEN),
            col(TicketRow.test).is_(False),
            or_(
                cast(TicketRow.laws, String).contains(f'"{old.code}"'),
                col(TicketRow.complaint).is_not(None),  # worked by the complaint's laws
            ),
        )
        some = query.order_by(col(TicketRow.number)).execution_options(yield_per=MOST)
        for ticket in session.exec(some):
            if (found := _change_of(session, ticket, old, new)) is None:
                continue
            if found.moves == Way.EARLIER:
                yield found
            else:
                others.append(found)
    yield from others


def _change_of(session: Session, ticket: TicketRow, old: Law, new: Law) -> TicketChange | None:
    pins = {**ticket.laws, **asked_of(session, ticket)[0].laws}
    if old.code not in pins:
        return None
    before, no_old = _dates(session, ticket, old)
    after, no_new = _dates(session, ticket, new)
    grounds = tuple(_grounds(session, ticket, old, new)) if old.code in ticket.laws else ()
    if before == after and not grounds:
        return None
    pairs = [(_day(before, name), _day(after, name)) for name in _DATES]
    return TicketChange(
        number=ticket.number,
        kind=ticket.kind.value,
        moves=way(pairs) or OTHERWISE,
        pinned=str(pins[old.code]),
        old_due_on=pairs[0][0],
        new_due_on=pairs[0][1],
        old_target_on=pairs[1][0],
        new_target_on=pairs[1][1],
        old_act_by_on=pairs[2][0],
        new_act_by_on=pairs[2][1],
        grounds=grounds,
        note=no_new or no_old,
    )


_DATES = ("due_on", "target_on", "act_by_on")


def _day(dates: Dates | None, name: str) -> date | None:
    return getattr(dates, name) if dates else None


def _dates(session: Session, ticket: TicketRow, law: Law) -> tuple[Dates | None, str | None]:
    """Return a ticket's dates with one of its laws in this state, or why it has none."""
    try:
        return reckon(session, ticket, law).dates, None
    except (NotFoundError, NotAllowedError) as error:  # no clock, or not in force on that day
        return None, str(error)


def _grounds(session: Session, ticket: TicketRow, old: Law, new: Law) -> Iterator[str]:
    """Give what becomes of the grounds by which less is given in a ticket."""
    for item in rows_of(session, ITEM, ticket.number):
        if item.proposal is Proposal.GRANT or not item.ground:
            continue
        was, now = item.ground in old.unknown_grounds, item.ground in new.unknown_grounds
        if was != now:
            said = "becomes unknown" if now else "becomes known"
            yield f"item {item.number}: {item.ground} {said} to {new.code}"
        cited = [_cited(law, item.ground, ticket.language) for law in (old, new)]
        if not now and cited[0] != cited[1]:
            yield f"item {item.number}: {item.ground} cited as {cited[1]!r}, not {cited[0]!r}"


def _cited(law: Law, ground: str, language: str) -> str:
    """Return what letters cite; the company's own law cites the policy's grounds themselves."""
    if law.code == office.company().law:
        return ""
    found = law.grounds.get(ground)
    texts: Mapping[str, str] = found.text if found else {}
    return in_language(texts, language)
