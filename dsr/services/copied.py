"""Whether the copy that waits is still the one that was decided on. Puts none together."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlmodel import Session

from dsr.domain.office import KindRule
from dsr.domain.vocabulary import Proposal, SearchResult
from dsr.services.planned import canonical_of
from dsr.store.light import PACKAGE, SEARCH
from dsr.store.standing import rows_of
from dsr.store.tables.tickets import TicketRow


def copy_facts(
    session: Session, ticket: TicketRow, rule: KindRule, items: Sequence[Any]
) -> dict[str, Any]:
    """Return those facts of a ticket that concern its copy, as guards look at them."""
    found = any(row.result is SearchResult.FOUND for row in rows_of(session, SEARCH, ticket.number))
    package = next(iter(rows_of(session, PACKAGE, ticket.number)), None)
    granted = any(item.proposal is Proposal.GRANT for item in items)
    fits = package is None or package.items_hash == copy_hash(session, ticket, items)
    return {
        "packages": rule.package and found and (not items or granted),
        "packaged": package is not None,
        # Where nothing is granted no copy goes out.
        "copy_objection": None if fits or not granted else _OTHER_ITEMS,
    }


_OTHER_ITEMS = (
    "the copy was made for other items, or before another search: draft these first (--draft), "
    "then put it together anew"
)


def copy_hash(session: Session, ticket: TicketRow, items: Sequence[Any]) -> str:
    """Return the hash of what a copy goes by: what was found, and what of it is withheld and why.

    How finely items are listed changes nothing while each of them is granted.
    """
    session.flush()
    searches = rows_of(session, SEARCH, ticket.number)
    found = {(row.source, row.collection) for row in searches if row.result is SearchResult.FOUND}
    withheld = any(item.proposal is not Proposal.GRANT for item in items)
    body = {
        "found": [list(place) for place in sorted(found)],
        "items": sorted(map(_decided, items)) if withheld else [],
    }
    return sha256(canonical_of(body)).hexdigest()


def _decided(row: Any) -> list[str]:
    """Return what a copy shows of the decision on an item."""
    place = [row.source, row.collection, row.field, row.category, row.proposal.value]
    if row.proposal is Proposal.GRANT:
        return place
    until = row.until_on.isoformat() if row.until_on else row.until_when
    return [*place, row.ground, row.reason, row.citation, until]
