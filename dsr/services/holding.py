"""Legal holds: nothing of the person is changed or destroyed while one of the tickets is held."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import Action, IdentifierType, OfficerRole
from dsr.errors import NotAllowedError
from dsr.services.desk import Desk, Step
from dsr.services.handling import one_step
from dsr.services.planned import hold_objection
from dsr.services.steps import take, ticket_of
from dsr.services.views import StepView
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
