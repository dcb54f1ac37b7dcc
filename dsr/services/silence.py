"""What may not be written to somebody: words that give a quiet ground away. Writes nothing.

A ground is quiet where the law lets the person not know of it. It is kept in all that is written
about its ticket, in the ticket's case, in what is linked with it, and in a complaint about it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from dsr.domain.office import Ground
from dsr.domain.vocabulary import Proposal
from dsr.domain.wording import gives_away
from dsr.errors import NotAllowedError
from dsr.rules import office
from dsr.services.related import about, beside
from dsr.store.light import ITEM
from dsr.store.standing import rows_of
from dsr.store.tables.tickets import TicketRow


def complained_quietly(session: Session, ticket: TicketRow) -> list[Ground]:
    """Return the quiet grounds of what a complaint is about; none where it is no complaint."""
    return _quiet(session, [each.number for each in about(session, ticket)])


def gives_away_objection(session: Session, ticket: TicketRow, said: Iterable[str]) -> str | None:
    """Return why some words may not be written to whoever asked in a ticket (or None)."""
    texts = [each for each in said if each]
    if not texts:
        return None  # the day asks this of many tickets of which nothing is decided yet
    suspect = {g.code: why for g in _all_quiet() if (why := gives_away(texts, g)) is not None}
    if not suspect:
        return None  # most words: nothing else is looked up
    near = [ticket, *beside(session, ticket), *about(session, ticket)]
    quiet = _quiet(session, [each.number for each in near])
    return next((suspect[ground.code] for ground in quiet if ground.code in suspect), None)


def answer_objection(session: Session, ticket: TicketRow) -> str | None:
    """Return why a ticket's answer, as it is decided, would give a quiet ground away (or None)."""
    items = rows_of(session, ITEM, ticket.number)
    return gives_away_objection(session, ticket, [*_of_items(items), *_of_statements(ticket)])


def check_answer(session: Session, ticket: TicketRow, hint: str) -> None:
    """Refuse an answer that would give a quiet ground away.

    Raises:
        NotAllowedError: It would; what is forbidden and its article are named.
    """
    _refuse(answer_objection(session, ticket), hint)


def check_words(session: Session, ticket: TicketRow, *said: str) -> None:
    """Refuse words of one letter that would give a quiet ground away.

    Raises:
        NotAllowedError: They would; what is forbidden and its article are named.
    """
    _refuse(gives_away_objection(session, ticket, said), "type it again in neutral words")


def _refuse(objection: str | None, hint: str) -> None:
    if objection is not None:
        raise NotAllowedError(objection, hint=hint)


def _all_quiet() -> list[Ground]:
    return [ground for ground in office.grounds().values() if ground.quiet]


def _quiet(session: Session, numbers: Sequence[int]) -> list[Ground]:
    """Return the quiet grounds of what is not granted in some tickets."""
    if not numbers:
        return []
    session.flush()
    query = select(ITEM.c.ground).where(
        ITEM.c.ticket.in_(numbers), ITEM.c.proposal != Proposal.GRANT
    )
    codes = set(session.connection().execute(query).scalars())
    return [ground for ground in _all_quiet() if ground.code in codes]


def _of_items(rows: Sequence[Any]) -> Iterator[str]:
    """Give what a letter says of each item besides its name; of a quiet one, its ground's words."""
    for row in rows:
        if row.proposal is not Proposal.GRANT and not _is_quiet(row.ground):
            yield from (row.reason, row.alternative, row.citation, row.until_when)


def _is_quiet(code: str) -> bool:
    ground = office.grounds().get(code)
    return ground is not None and ground.quiet


def _of_statements(ticket: TicketRow) -> Iterator[str]:
    # The day reads rows without them: whoever proposes is told.
    for said in (getattr(ticket, "statements", None) or {}).values():
        for each in said if isinstance(said, list) else [said]:
            yield from (str(text) for text in (each.values() if isinstance(each, dict) else [each]))
