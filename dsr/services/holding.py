"""Legal holds: nothing of the person is changed or destroyed while one of the tickets is held."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import ENDED, Action, IdentifierType, OfficerRole
from dsr.errors import NotAllowedError
from dsr.rules import office
from dsr.services.catalogue import load
from dsr.services.desk import Desk, Step
from dsr.services.extents import Decided, decided
from dsr.services.facts import items_of
from dsr.services.giving import HELD, give_all
from dsr.services.handling import one_step
from dsr.services.items import UNDECIDED, keep_items
from dsr.services.listing import Listing
from dsr.services.planned import hold_objection
from dsr.services.steps import take, ticket_of
from dsr.services.views import StepView
from dsr.sources.plan import Change, Work
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import AttachmentRow, PackageRow, PlanRow

#: Who may put a hold on a ticket, and who may take it away: what is gone cannot be brought back.
MAY_HOLD = (OfficerRole.LEGAL, OfficerRole.ADMIN, OfficerRole.APPROVER)
MAY_LIFT = (OfficerRole.LEGAL, OfficerRole.ADMIN)


def hold(desk: Desk, number: int, why: str, *, dry_run: bool = False) -> StepView:
    """Put a ticket under a legal hold; one that is held stays so.

    Raises:
        NotFoundError: There is no such ticket.
        NotAllowedError: The officer may not, or no reason is given.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        step.require(*MAY_HOLD)
        if ticket.held_at is not None:
            return "held already"
        _check_reason(number, why)
        ticket.held_at = step.now
        take(step, ticket, Action.HOLD, sealed={"why": why})
        return "held: nothing of this person is changed or destroyed"

    return one_step(desk, number, work, dry_run=dry_run)


def lift(desk: Desk, number: int, why: str, *, dry_run: bool = False) -> StepView:
    """Take the legal hold from a ticket; one that is not held stays so.

    Raises:
        NotFoundError: There is no such ticket.
        NotAllowedError: The officer may not, or no reason is given.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        step.require(*MAY_LIFT)
        if ticket.held_at is None:
            return "not held"
        _check_reason(number, why)
        ticket.held_at = None
        take(step, ticket, Action.RELEASE, sealed={"why": why})
        return "no longer held"

    return one_step(desk, number, work, dry_run=dry_run)


def hold_item(
    desk: Desk, number: int, names: Sequence[str], why: str, *, dry_run: bool = False
) -> StepView:
    """Put items of an erasure, or parts of them (`3.invoice_no`), under a legal hold.

    Its rows are not erased; the rest goes on. Before the decision it is kept with its own ground;
    after it, what is carried out passes it over.

    Raises:
        NotFoundError: There is no such ticket or item.
        NotAllowedError: The officer is not legal, no reason is given, or the ticket erases nothing.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        step.require(OfficerRole.LEGAL)
        _check_reason(number, why)
        if not office.kind_rule(ticket.kind, ticket.scope).erases:
            raise NotAllowedError(
                f"a {ticket.kind} erases nothing: the whole ticket is held",
                hint=f"dsr hold {number} --why TEXT",
            )
        if ticket.status in ENDED:
            raise NotAllowedError(
                f"ticket {number} is {ticket.status}: the whole ticket is held",
                hint=f"dsr hold {number} --why TEXT",
            )
        return "; ".join(_hold(step, ticket, name, why) for name in names)

    return one_step(desk, number, work, dry_run=dry_run)


def _hold(step: Step, ticket: TicketRow, name: str, why: str) -> str:
    row = _item(step.session, ticket, name)
    if row.held_at is not None:
        return f"item {row.number} is held already"
    row.held_at = step.now
    step.session.add(row)
    facts = {"item": row.number}
    take(step, ticket, Action.HOLD, facts=facts, sealed={"why": why})
    return f"item {row.number} is held: it is not erased{_what_then(step, ticket)}"


def lift_item(
    desk: Desk, number: int, names: Sequence[str], why: str, *, dry_run: bool = False
) -> StepView:
    """Take the legal hold from items; what the hold alone kept is granted again.

    Raises:
        NotFoundError: There is no such ticket or item.
        NotAllowedError: The officer is not legal, or no reason is given.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        step.require(OfficerRole.LEGAL)
        _check_reason(number, why)
        return "; ".join(_lift(step, ticket, name, why) for name in names)

    return one_step(desk, number, work, dry_run=dry_run)


def _lift(step: Step, ticket: TicketRow, name: str, why: str) -> str:
    row = _item(step.session, ticket, name)
    if row.held_at is None:
        return f"item {row.number} is not held"
    row.held_at = None
    if row.internal_reason == HELD and ticket.status in UNDECIDED:
        give_all(row)
    step.session.add(row)
    take(step, ticket, Action.RELEASE, facts={"item": row.number}, sealed={"why": why})
    return f"item {row.number} is no longer held"


def _item(session: Session, ticket: TicketRow, name: str) -> ItemRow:
    """Return an item by its number or path; a part is only split off before the decision."""
    listing = Listing(session, ticket, load(session), items_of(session, ticket.number))
    before = {row.number for row in listing.rows}
    (row,) = listing.chosen((name,))
    if row.number not in before:
        if ticket.status not in UNDECIDED:
            raise NotAllowedError(
                f"the items of ticket {ticket.number} are decided",
                hint=f"dsr return {ticket.number} --why TEXT, or hold the whole item",
            )
        keep_items(session, ticket, listing.rows)
    return row


def unheld_of(
    session: Session, ticket: TicketRow, changes: tuple[Change, ...]
) -> tuple[Change, ...]:
    """Return those changes of a plan that no legal hold on an item forbids.

    A row of which a field is held does not go.
    """
    rows = items_of(session, ticket.number)
    if not any(row.held_at is not None for row in rows):
        return changes
    judged = decided(session, ticket, load(session), rows, held=True)
    held = {(e.source, e.collection): e for e in judged if any(r.held_at for r in _left_out(e))}
    return tuple(each for each in changes if not _is_held(each, held))


def _left_out(each: Decided) -> list[ItemRow]:
    whole = [each.by] if each.by is not None and not each.given else []
    return [*each.left_out.values(), *whole]


def _is_held(change: Change, held: Mapping[tuple[str, str], Decided]) -> bool:
    found = held.get((change.source, change.collection))
    if found is None or change.work is Work.DELETE:
        return found is not None
    row = found.left_out.get(change.field) or (None if found.given else found.by)
    return row is not None and row.held_at is not None


def _what_then(step: Step, ticket: TicketRow) -> str:
    """Say what is typed where the decision was made before the hold."""
    if ticket.status in UNDECIDED:
        return "; plan it anew" if step.session.get(PlanRow, ticket.number) else ""
    return (
        "; the decision was made before: what is carried out passes it over, then "
        f'dsr return {ticket.number} --why "a legal hold", plan and propose it anew'
    )


def _check_reason(number: int, why: str) -> None:
    if not why.strip():
        raise NotAllowedError("no reason is given", hint=f"dsr hold {number} --why TEXT")


def held_among(session: Session, numbers: Iterable[int]) -> dict[int, str]:
    """Return those of some tickets whose persons are under a legal hold, each with the words."""
    if session.exec(select(TicketRow.number).where(col(TicketRow.held_at).is_not(None))).first():
        found = {number: hold_objection(session, ticket_of(session, number)) for number in numbers}
        return {number: why for number, why in found.items() if why is not None}
    return {}


def held_by(session: Session, lookups: Iterable[str]) -> int | None:
    """Return a ticket under a legal hold whose person has one of these keyed hashes, or None."""
    persons = select(IdentifierRow.person).where(
        col(IdentifierRow.lookup).in_(list(lookups)),
        col(IdentifierRow.type) != IdentifierType.NAME,  # a name is many people's
    )
    held = select(TicketRow.number).where(
        col(TicketRow.held_at).is_not(None), col(TicketRow.person).in_(persons)
    )
    return session.exec(held.order_by(col(TicketRow.number))).first()


@contextmanager
def unheld(desk: Desk, lookups: Sequence[str]) -> Iterator[None]:
    """Insist that no legal hold is on the person, and that none comes meanwhile.

    Raises:
        NotAllowedError: A ticket of the person is held.
    """
    with desk.write(keep=False) as step:
        if number := held_by(step.session, lookups):
            raise NotAllowedError(
                f"ticket {number} of this person is under a legal hold",
                hint=f"dsr hold {number} --lift --why TEXT",
            )
        yield


def spared(session: Session) -> frozenset[str]:
    """Return the keys of kept bytes that no day of destruction reaches while a hold stands.

    Identity papers are none of them: they were detached from the mail, and no hold keeps them.
    """
    held = select(TicketRow.number).where(col(TicketRow.held_at).is_not(None))
    cases = select(TicketRow.case_number).where(col(TicketRow.held_at).is_not(None))
    queries = (
        select(PackageRow.sha256).where(col(PackageRow.ticket).in_(held)),
        select(PlanRow.sha256).where(col(PlanRow.ticket).in_(held)),
        select(AttachmentRow.sha256).where(
            col(AttachmentRow.ticket).in_(held), col(AttachmentRow.kept)
        ),
        select(MessageRow.blob).where(col(MessageRow.case_number).in_(cases)),
    )
    return frozenset(key for query in queries for key in session.exec(query) if key)
