"""What makes a proposal somebody's business: found before it is put forward by itself."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from dsr.domain.office import Means
from dsr.domain.vocabulary import Proposal, Scope, SearchResult
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import load
from dsr.services.prefilling import withheld
from dsr.services.repeats import as_duplicate, asked_again
from dsr.services.reviewing import is_reviewed
from dsr.services.searching import last_found
from dsr.sources.plan import Left
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, PlanRow

#: What a plan leaves for somebody to decide; what is kept or done by hand is no question.
_TO_DECIDE = frozenset({Left.OTHERS, Left.SHARED, Left.BLOCKED})


@dataclass(frozen=True, slots=True)
class Dispute:
    """Why somebody looks first, and what he types."""

    why: str
    command: str


def disputed(session: Session, ticket: TicketRow) -> Dispute | None:
    """Return the first thing for which a decision is not put forward by itself, or None."""
    return next((found for look in _LOOKS if (found := look(session, ticket))), None)


def _entrusted(session: Session, ticket: TicketRow) -> Dispute | None:
    catalogue = load(session)
    for row in last_found(session, ticket.number):
        collection = catalogue.collection(row.source, row.collection)
        if row.result is SearchResult.FOUND and collection and withheld(collection, ticket):
            client = collection.client
            command = f"dsr refer {ticket.number} --to {client}" if client else None
            why = f"the company alone does not decide on {row.source}.{row.collection}"
            return Dispute(why, command or f"dsr propose {ticket.number}")
    return None


def _minor(_session: Session, ticket: TicketRow) -> Dispute | None:
    return _looked_at(ticket, "the person is a minor") if ticket.minor else None


def _withheld(session: Session, ticket: TicketRow) -> Dispute | None:
    nothing_found = office.ground_for(Means.NO_DATA).code
    for item in ticket_facts.items_of(session, ticket.number):
        if item.proposal is Proposal.REFUSE and item.ground != nothing_found:
            return _looked_at(ticket, f"item {item.number} is not to be granted ({item.ground})")
    return None


def _repeated(session: Session, ticket: TicketRow) -> Dispute | None:
    """Find the same request of the same person, where repeating may be a ground to refuse."""
    other = asked_again(session, ticket)
    if other is None:
        return None
    same = f"ticket {other.number} asks for the same"
    if other.answered_at is not None:
        return _looked_at(ticket, f"{same} and was answered as {other.outcome}")
    why = f"{same}: the later one is closed as its duplicate, or dsr propose {ticket.number}"
    return Dispute(why, as_duplicate(ticket, other))


def _others(session: Session, ticket: TicketRow) -> Dispute | None:
    """Find a copy whose rows tell of somebody else too: whose they are is looked at first."""
    row = session.get(PackageRow, ticket.number)
    if row is None or not row.redacted:
        return None
    why = f"{row.redacted} values in the copy are somebody else's and covered"
    return _looked_at(ticket, f"{why} (dsr export {ticket.number} --review DIR)")


def _purpose(_session: Session, ticket: TicketRow) -> Dispute | None:
    """Leave to somebody which consents are meant: a consent is withdrawn for a purpose."""
    if ticket.scope is not Scope.CONSENT:
        return None
    return _looked_at(ticket, "a consent is withdrawn for a purpose: all of them are planned")


def undecided(session: Session, ticket: TicketRow) -> Dispute | None:
    """Find what a plan leaves to somebody, or why it is somebody else's to make.

    Rows are left that are not the person's alone, or cannot go.
    """
    from dsr.services.plans import stored_plan

    row = session.get(PlanRow, ticket.number)
    if row is None and is_reviewed(ticket):
        why = "whoever plans is named as the one who reviews, and that is nobody who decides"
        return Dispute(why, f"dsr plan {ticket.number} --as OFFICER")
    if row is None or not row.left:
        return None
    left = [
        each
        for each in stored_plan(session, ticket.number).left
        if each.left in _TO_DECIDE or not each.source
    ]
    if not left:
        return None
    first = left[0]
    if not first.source:
        return Dispute(first.reason, f"dsr correct {ticket.number} @changes.txt")
    place = f"{first.source}.{first.collection}"
    more = f" and {len(left) - 1} more" if len(left) > 1 else ""
    why = f"the plan leaves {place} ({first.left}){more} to decide"
    if first.left is Left.BLOCKED:
        return _looked_at(ticket, f"{why} (dsr plan {ticket.number} --stored)")
    return Dispute(why, f"dsr plan {ticket.number} --with-{first.left} {place} --why TEXT")


def _looked_at(ticket: TicketRow, why: str) -> Dispute:
    return Dispute(f"{why}; once you have looked, propose it", f"dsr propose {ticket.number}")


_LOOKS: tuple[Callable[[Session, TicketRow], Dispute | None], ...] = (
    _entrusted,
    _minor,
    _withheld,
    _others,
    _purpose,
    _repeated,
    undecided,
)
