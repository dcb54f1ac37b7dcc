"""What the organisation's own packs do to the office, for the check of its set-up."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from dsr.errors import DsrError
from dsr.rules import book, packs
from dsr.services import linting
from dsr.services.desk import Desk
from dsr.services.lawbook import moved_on
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import OPEN

MOST_NAMED = 3


def faults(desk: Desk) -> list[str]:
    """Return what is wrong in the organisation's own folder of rules, file by file."""
    folder = desk.office.rules_folder
    if folder is None:
        return []
    found = [each for each in linting.lint_own(folder) if each.result == linting.WRONG]
    return [
        f"{each.file}: " + (f"{each.key}: " if each.key else "") + f"{each.text}" for each in found
    ]


def own_packs() -> Iterator[str]:
    """Give the organisation's own packs, each with what it replaces; wrong ones are left out."""
    for code in sorted(packs.codes(book.own("laws"))):
        try:
            law = book.law(code)
        except DsrError:
            continue
        place = f" in place of {law.replaces}" if law.replaces else ""
        yield f"{law.code} {law.version}{place}"


def outdated() -> Iterator[str]:
    """Give the own packs whose shipped ones have moved on meanwhile."""
    for code in sorted(packs.codes(book.own("laws"))):
        try:
            said = moved_on(book.law(code))
        except DsrError:
            continue
        if said is not None:
            yield f"{code}: {said}"


def lost_pins(session: Session) -> Iterator[str]:
    """Give the versions that open tickets are worked by and that no file has any more."""
    query = select(col(TicketRow.number), col(TicketRow.laws)).where(
        col(TicketRow.status).in_(OPEN)
    )
    pinned: dict[tuple[str, str], list[int]] = {}
    for number, laws in session.connection().execute(query):
        for code, version in laws.items():
            pinned.setdefault((code, version), []).append(number)
    for (code, version), numbers in sorted(pinned.items()):
        try:
            book.law(code, version)
        except DsrError as error:
            named = ", ".join(map(str, numbers[:MOST_NAMED])) + " ..." * (len(numbers) > MOST_NAMED)
            yield f"{error} (tickets {named})"
