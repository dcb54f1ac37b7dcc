"""What letters of a case tell and ask: its tickets, and the proof that they lack. Asks nothing."""

from typing import Any

from sqlmodel import Session, select

from dsr.domain.office import in_language
from dsr.domain.vocabulary import ENDED, LetterName, ProofResult
from dsr.letters.facts import TicketFacts
from dsr.rules import office
from dsr.services import proving
from dsr.services.letters import LetterRequest
from dsr.store.tables.people import ProofRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import of_case

#: Letters that go out once for a case and name its tickets.
OF_THE_CASE = frozenset({LetterName.ACKNOWLEDGEMENT, LetterName.IDENTITY_REQUEST})


def case_tickets(
    session: Session, ticket: TicketRow, request: LetterRequest, *, language: str
) -> tuple[TicketFacts, ...]:
    """Return the tickets that a letter names: all of the case, or those that it is for."""
    if request.name not in OF_THE_CASE and not request.numbers:
        return ()
    tickets = of_case(session, ticket.case_number)
    if request.numbers:
        tickets = [each for each in tickets if each.number in request.numbers]
    if request.name is LetterName.IDENTITY_REQUEST:
        tickets = [t for t in tickets if t.number == ticket.number or lacks_proof(session, t)]
    if len(tickets) == 1:
        return ()
    return tuple(
        TicketFacts(
            f"DSR-{each.number}",
            in_language(office.kind_rule(each.kind, each.scope).name, language),
            due_on=each.due_on,
            act_by_on=each.act_by_on,
            ended=each.status in ENDED,
        )
        for each in tickets
    )


def lacks_proof(session: Session, ticket: TicketRow) -> bool:
    """Return whether the person is still to be asked for proof; a client that instructs is not."""
    rule = office.kind_rule(ticket.kind, ticket.scope)
    if not rule.needs_proof or ticket.status in ENDED or ticket.instructed_by is not None:
        return False
    return proving.proof_objection(session, ticket, rule) is not None


def proofs(
    session: Session, ticket: TicketRow, request: LetterRequest, *, language: str
) -> dict[str, Any]:
    """Return what is asked for: the authority that is needed, and the ways to show identity.

    Authority that was shown for this ticket is not asked for again.
    """
    codes = list(request.proofs)
    if not codes:
        asked = select(ProofRow.method).where(
            ProofRow.ticket == ticket.number, ProofRow.result == ProofResult.ASKED
        )
        codes = list(dict.fromkeys(session.exec(asked)))
    shown = {row.method for row in proving.proofs_of(session, ticket.number)}
    methods = [office.proof_method(code) for code in codes]
    owed = [m for m in methods if m.authority_for and m.code not in shown]
    ways = [m for m in methods if not m.authority_for]
    return {
        "authority_asked": tuple(in_language(method.ask, language) for method in owed),
        "proofs_asked": tuple(in_language(method.ask, language) for method in ways),
    }
