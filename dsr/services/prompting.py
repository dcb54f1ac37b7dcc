"""What an officer is reminded of beside the next step: offers and consequences between tickets."""

from collections.abc import Callable, Iterator

from sqlmodel import Session

from dsr.domain.vocabulary import ENDED, UNFINISHED, Kind, Scope, TaskKind
from dsr.rules.terms import terms
from dsr.services import facts as ticket_facts
from dsr.services.complaints import has_restriction, reopening, to_reopen
from dsr.services.keeping import ending, kept, said_of
from dsr.services.lifting import is_told, settled
from dsr.services.related import beside, of_the_person
from dsr.services.reviewing import is_reviewed
from dsr.services.searching import last_found
from dsr.services.statements import CONSENT
from dsr.services.views import MissingView
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow


def prompts(session: Session, ticket: TicketRow) -> tuple[MissingView, ...]:
    """Return what nobody is bound to do now, and what is typed for it; nothing blocks the ticket.

    Source:
        PIPL Art. 24(3), 44, 47(1)(3); GDPR Art. 18(1)(a), (3).
    """
    return tuple(found for look in _LOOKS for found in look(session, ticket))


def _open_task(session: Session, ticket: TicketRow, kind: TaskKind) -> TaskRow | None:
    tasks = ticket_facts.tasks_of(session, ticket.number)
    return next((t for t in tasks if t.kind is kind and t.state in UNFINISHED), None)


def _after_withdrawal(session: Session, ticket: TicketRow) -> Iterator[MissingView]:
    """Remind that a consent which ends is itself a ground to delete."""
    if (task := _open_task(session, ticket, TaskKind.AFTER_WITHDRAWAL)) is not None:
        rule = terms().after_withdrawal
        yield MissingView(
            f"what becomes of the information is to be said ({rule.citation})",
            f"dsr task done {ticket.number} {task.number} --result {'|'.join(rule.results)} "
            "--proof TEXT",
        )


def _restriction_offered(session: Session, ticket: TicketRow) -> Iterator[MissingView]:
    is_checked = ticket.kind is Kind.CORRECTION and ticket.status not in ENDED
    if is_checked and not has_restriction(session, ticket):
        yield MissingView(
            "while it is checked, a restriction can be offered",
            f"dsr split {ticket.number} restriction",
        )


def _restriction_over(session: Session, ticket: TicketRow) -> Iterator[MissingView]:
    """Say that what was checked has ended: the restriction beside it has no reason any more."""
    for each in (ticket, *beside(session, ticket)):
        if each.kind is not Kind.RESTRICTION or not (over := settled(session, each)):
            continue
        task = _open_task(session, each, TaskKind.LIFT)
        if task is None or ticket.number not in {each.number, *over}:
            continue
        command = f"dsr letter {each.number} lifting --why TEXT --dir DIR"
        if is_told(session, each):
            command = f"dsr task done {each.number} {task.number} --proof TEXT"
        numbers = ", ".join(map(str, over))
        yield MissingView(f"{numbers} has ended: restriction {each.number} may end", command)


def _complaint(session: Session, ticket: TicketRow) -> Iterator[MissingView]:
    for number in to_reopen(session, ticket):
        command = reopening(number, ticket.number)
        yield MissingView(f"it is upheld: ticket {number} is decided anew", command)
    if ticket.kind is Kind.COMPLAINT and ticket.status not in ENDED:
        others = [each for each in of_the_person(session, ticket) if each.kind is not ticket.kind]
        if others and not [e for e in beside(session, ticket) if e.kind is not ticket.kind]:
            yield MissingView(
                "it is about a ticket, or in general: link the one that it is about",
                f"dsr link {ticket.number} {others[-1].number}",
            )


def _test_of_weight(_session: Session, ticket: TicketRow) -> Iterator[MissingView]:
    said = (ticket.statements or {}).get("significant")
    if is_reviewed(ticket) and ticket.status not in ENDED and not said:
        yield MissingView(
            "whether the decision affects the person's rights significantly is to be said",
            f"dsr propose {ticket.number} --draft --say significant=yes|no --say significance=TEXT",
        )


def _which_consents(_session: Session, ticket: TicketRow) -> Iterator[MissingView]:
    said = (ticket.statements or {}).get("consents")
    if ticket.scope is Scope.CONSENT and ticket.status not in ENDED and not said:
        yield MissingView(
            "which consents end is told: a line each, " + " | ".join(CONSENT),
            f"dsr propose {ticket.number} --say consents=@file",
        )


def _kept(session: Session, ticket: TicketRow) -> Iterator[MissingView]:
    """Name what was refused before and no erasure takes yet; who looked ends it."""
    found = {f"{row.source}.{row.collection}" for row in last_found(session, ticket.number)}
    for task in kept(session, ticket):
        if task.target in found:
            yield MissingView(said_of(task), ending(task))


_LOOKS: tuple[Callable[[Session, TicketRow], Iterator[MissingView]], ...] = (
    _after_withdrawal,
    _restriction_offered,
    _restriction_over,
    _complaint,
    _test_of_weight,
    _which_consents,
    _kept,
)
