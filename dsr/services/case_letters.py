"""Letters that go out once for a case: one text, in the file of each ticket that it is for."""

from collections.abc import Iterable

from sqlmodel import Session, select

from dsr.domain.proofs import ProofMethod
from dsr.domain.vocabulary import Action, LetterName, Status
from dsr.errors import NotAllowedError, NotFoundError
from dsr.rules import office
from dsr.services.desk import Desk, Step
from dsr.services.handling import after
from dsr.services.identity import mildest, note_asked
from dsr.services.letter_asking import lacks_proof
from dsr.services.letters import LetterRequest, to_send, write_letter
from dsr.services.steps import take
from dsr.services.views import StepView
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import of_case

#: Where a ticket of a case may be asked for proof together with the others.
_MAY_BE_ASKED = frozenset({Status.RECEIVED, Status.VERIFYING, Status.WORKING})


def write_for_case(step: Step, desk: Desk, ticket: TicketRow, request: LetterRequest) -> LetterRow:
    """Write a letter; one that goes out once for the case stands in every ticket's file.

    Raises:
        NotAllowedError: A fact that the letter cannot do without is missing; it is named.
    """
    letter = write_letter(step, desk, ticket, request)
    if request.name is LetterName.ACKNOWLEDGEMENT:
        share(step, letter, of_case(step.session, ticket.case_number))
    return letter


def share(step: Step, letter: LetterRow, tickets: Iterable[TicketRow]) -> None:
    """Put a letter into the file of further tickets: the same text, the same mail, its event."""
    values = letter.model_dump(exclude={"id", "ticket"})
    facts = {
        "letter": letter.name.value,
        "language": letter.language,
        "sha256": letter.sha256,
        "with": letter.ticket,
    }
    for ticket in tickets:
        if ticket.number != letter.ticket:
            step.session.add(LetterRow(**values, ticket=ticket.number))
            take(step, ticket, Action.WRITE, facts=facts)


def numbers_of(session: Session, letter: LetterRow) -> list[int]:
    """Return the tickets that one letter is for, in order."""
    query = select(LetterRow.ticket).where(LetterRow.message_id == letter.message_id)
    return sorted({number for number in session.exec(query) if number is not None})


def ask(desk: Desk, case: int, methods: tuple[str, ...] = (), *, dry_run: bool = False) -> StepView:
    """Ask by one letter for the proof that tickets of a case lack; asked again, it reminds.

    Without methods, what suffices for every one of them is asked for.

    Raises:
        NotFoundError: There is no such case, or a method is unknown.
        NotAllowedError: None of its tickets lacks a proof.
    """
    with desk.write(keep=not dry_run) as step:
        tickets = _lacking(step, case)
        chosen = [office.proof_method(code) for code in methods] or _sufficient(step, tickets)
        codes = tuple(method.code for method in chosen)
        for ticket in tickets:
            note_asked(step, ticket, codes)
        request = LetterRequest(LetterName.IDENTITY_REQUEST, proofs=codes)
        letter = write_letter(step, desk, tickets[0], request)
        share(step, letter, tickets)
        named = ", ".join(str(ticket.number) for ticket in tickets)
        sent = to_send(tickets[0].number, LetterName.IDENTITY_REQUEST)
        said = f"asked for proof for {named}: {', '.join(codes)}; one letter is written; {sent}"
        return after(step, tickets[0], said)


def _lacking(step: Step, case: int) -> list[TicketRow]:
    tickets = of_case(step.session, case)
    if not tickets:
        raise NotFoundError(f"there is no case {case}", hint="dsr list is:any")
    lacking = [
        ticket
        for ticket in tickets
        if ticket.status in _MAY_BE_ASKED and lacks_proof(step.session, ticket)
    ]
    if not lacking:
        raise NotAllowedError(
            f"no ticket of case {case} lacks a proof that can be asked for now",
            hint=f"dsr list case:{case} is:any",
        )
    return lacking


def _sufficient(step: Step, tickets: list[TicketRow]) -> list[ProofMethod]:
    """Return what to ask for so that it suffices for each: one of the ways, and all authority."""
    asked = [mildest(step, ticket) for ticket in tickets]
    authority = {m.code: m for each in asked for m in each if m.authority_for}
    ways = [[m for m in each if not m.authority_for] for each in asked]
    strictest = min(ways, key=len)
    common = [m for m in strictest if all(m in each for each in ways)]
    return [*authority.values(), *(common or strictest)]
