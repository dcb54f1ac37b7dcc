"""Leave to see a minor's file: given by another officer before anybody looks, and written down."""

from sqlmodel import Session

from dsr.domain.decisions import APPROVING_ROLES
from dsr.domain.vocabulary import Action, Kind, Scope
from dsr.errors import NotAllowedError
from dsr.rules import office
from dsr.rules.terms import terms
from dsr.services import handling
from dsr.services.desk import Desk, Step
from dsr.services.related import is_same, of_the_person, works_alone
from dsr.services.steps import take
from dsr.services.viewing import view_objection
from dsr.services.views import StepView
from dsr.store.tables.cases import PermitRow
from dsr.store.tables.tickets import TicketRow


def require_view(session: Session, ticket: TicketRow, officer: str) -> None:
    """Refuse to show a minor's data to an officer without leave.

    Raises:
        NotAllowedError: Nobody who approves has given him leave for this ticket.
    """
    if objection := view_objection(session, ticket, officer):
        raise NotAllowedError(
            objection, hint=f"dsr approve {ticket.number} --to-view {officer} --as APPROVER"
        )


def viewing(session: Session, ticket: TicketRow, officer: str) -> dict[str, str | None]:
    """Return those facts of a step that say whether an officer may see what it shows."""
    return {"view_objection": view_objection(session, ticket, officer), "viewer": officer}


def permit(desk: Desk, number: int, officer: str, *, dry_run: bool = False) -> StepView:
    """Give an officer leave to see the data of a minor's ticket.

    Raises:
        NotFoundError: There is no such ticket or officer.
        NotAllowedError: The ticket is no minor's, or who gives leave is no approver, or himself.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        row = handling.officer(step, step.officer if officer == "@me" else officer)
        if not ticket.minor:
            raise NotAllowedError(
                f"ticket {number} is not a minor's: it is seen without leave",
                hint=f"dsr show {number}, or dsr set {number} --born @file",
            )
        step.require(*sorted(APPROVING_ROLES))
        same = is_same(step, desk, row.name, row.os_user)
        if same and not works_alone(step, desk):
            raise NotAllowedError(
                f"nobody gives himself leave to see a minor's data "
                f"({terms().minors_view.citation})",
                hint=f"dsr approve {number} --to-view {row.name} --as APPROVER",
            )
        facts = {"officer": row.name, "alone": same, "four_eyes": desk.office.four_eyes.value}
        take(step, ticket, Action.PERMIT, facts=facts)
        step.session.merge(
            PermitRow(ticket=number, officer=row.name, approver=step.officer, at=step.now)
        )
        alone = ": one officer alone, as the configuration says" if same else ""
        return f"{row.name} may see the file{alone}{_marketing(step.session, ticket)}"

    return handling.one_step(desk, number, work, dry_run=dry_run)


def _marketing(session: Session, ticket: TicketRow) -> str:
    """Return what is typed where nobody has yet stopped marketing to the minor: on the claim."""
    tickets = [ticket, *of_the_person(session, ticket)]
    if any(office.kind_rule(each.kind, each.scope).stops_marketing for each in tickets):
        return ""
    command = f"dsr split {ticket.number} {Kind.WITHDRAWAL} --scope {Scope.MARKETING}"
    return f"; marketing to a minor stops on the claim: {command}"
