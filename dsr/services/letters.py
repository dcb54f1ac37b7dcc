"""Letters of a ticket: which one, composed from its facts, frozen, and to which address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import (
    FOR_ANOTHER,
    Action,
    IdentifierType,
    Kind,
    LetterName,
    Outcome,
)
from dsr.errors import NotFoundError
from dsr.letters.compose import Composed, compose, language_for, template_hash
from dsr.rules import office
from dsr.services import proving
from dsr.services.desk import Desk, Step
from dsr.services.quiet import check_may_be_written
from dsr.services.steps import take
from dsr.services.views import LetterView
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.messages import MessageRow
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.registers import ClientRow, RecipientRow
from dsr.store.tables.tickets import TicketRow

#: Letters that tell what is held of a person, or what became of it: to a proved address only.
OF_THE_PERSON = frozenset(
    {
        LetterName.ACCESS,
        LetterName.COPY,
        LetterName.CORRECTION,
        LetterName.DELETION,
        LetterName.CANCELLATION,
        LetterName.REVIEW,
        LetterName.REFUSAL,
        LetterName.NO_DATA,
        LetterName.CASE_ANSWER,
    }
)

#: Letters to somebody else than the person, and the step that writes them to whom it concerns.
TO_OTHERS: Mapping[LetterName, str] = {
    LetterName.RECIPIENT_NOTICE: "propose {number}",
    LetterName.CLIENT_NOTICE: "refer {number} --to CLIENT",
    LetterName.ASSISTANCE: "answer {number}",
}


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """Which letter, and what only this letter says.

    Attributes:
        proofs: Codes of the proofs that are asked for.
        earlier: The ticket that a duplicate repeats.
        language: Overrides the language of the request.
        package: The copy that goes with it: file name, SHA-256, size, names of the files.
        withdrawn_on: The day on which the person took the request back.
        numbers: The tickets that one closing letter is for, where they are several.
        draft: It is read before it may go out, and says so.
    """

    name: LetterName
    question: str = ""
    reason: str = ""
    proofs: tuple[str, ...] = ()
    earlier: TicketRow | None = None
    client: ClientRow | None = None
    recipient: RecipientRow | None = None
    language: str | None = None
    package: Any = None
    withdrawn_on: date | None = None
    numbers: tuple[int, ...] = ()
    draft: bool = False


def to_send(number: int, *names: LetterName) -> str:
    """Return what an officer types to send letters that a step wrote."""
    commands = (f"dsr letter {number} {name} --dir DIR" for name in names)
    return "to send: " + " and ".join(commands)


def answer_letter(ticket: TicketRow, outcome: Outcome) -> LetterName:
    """Return the letter that answers a ticket with an outcome; an instruction, to the client."""
    if ticket.instructed_by is not None:
        return LetterName.ASSISTANCE
    judged = ticket.kind is Kind.COMPLAINT and (ticket.statements or {}).get("complaint_result")
    if judged:  # rejected too: its own letter has the reasons
        return LetterName.COMPLAINT
    if outcome is Outcome.NO_DATA:
        return LetterName.NO_DATA
    if outcome in {Outcome.REFUSED, Outcome.NOT_APPLICABLE, Outcome.REFERRED}:
        return LetterName.REFUSAL
    return office.kind_rule(ticket.kind, ticket.scope).letter


def template_of(name: LetterName, tag: str) -> str:
    """Return the hash of what a letter is made from, in the language of a request."""
    return template_hash(name, language_for(tag))


def composed(
    session: Session, desk: Desk, ticket: TicketRow, *, request: LetterRequest, today: date
) -> Composed:
    """Write a letter from the ticket's facts; nothing is stored.

    Raises:
        NotAllowedError: A fact that the letter cannot do without is missing; it is named.
    """
    from dsr.services.letter_facts import facts_for

    facts = facts_for(session, desk, ticket, request=request, today=today)
    return compose(request.name, language_for(request.language or ticket.language), facts)


def write_letter(step: Step, desk: Desk, ticket: TicketRow, request: LetterRequest) -> LetterRow:
    """Write a letter, freeze it in the ticket, and write that down.

    Raises:
        NotAllowedError: A fact that the letter cannot do without is missing; it is named.
    """
    step.session.flush()
    text = composed(step.session, desk, ticket, request=request, today=step.today)
    return keep_letter(step, desk, ticket, request=request, text=text)


def keep_letter(
    step: Step, desk: Desk, ticket: TicketRow, *, request: LetterRequest, text: Composed
) -> LetterRow:
    """Freeze a composed letter in the ticket, and write that down.

    Raises:
        NotAllowedError: The ticket is a test, or silent and this confirms its receipt.
    """
    check_may_be_written(ticket, request.name)
    row = LetterRow(
        case_number=ticket.case_number,
        ticket=ticket.number,
        name=request.name,
        language=language_for(request.language or ticket.language),
        subject=text.subject,
        text=text.text,
        sha256=text.sha256,
        template_sha256=text.template_sha256,
        message_id=message_id_of(desk, text, ticket.number),
        recipient=_to(step.session, ticket, request),
        written_at=step.now,
        officer=step.officer,
    )
    step.session.add(row)
    facts = {"letter": request.name.value, "language": row.language, "sha256": text.sha256}
    take(step, ticket, Action.WRITE, facts=facts)
    return row


def message_id_of(desk: Desk, text: Composed, number: int) -> str:
    """Return the Message-ID under which a letter of a ticket is sent, and answered."""
    return f"<{text.sha256[:24]}.{number}@{_domain(desk)}>"


def _domain(desk: Desk) -> str:
    """Return the domain of the company's address, under which our letters have their names."""
    return office.company(desk.office.rules_folder).email.rpartition("@")[2]


def _to(session: Session, ticket: TicketRow, request: LetterRequest) -> str | None:
    """Return the address a letter goes to: the one proved, else the one that wrote."""
    if request.recipient is not None:
        return request.recipient.contact or None
    client = client_for(session, ticket, request)
    if request.name in TO_OTHERS and client is not None:
        return client.contact or None
    return address_of(session, ticket, request.name)


def client_for(session: Session, ticket: TicketRow, request: LetterRequest) -> ClientRow | None:
    """Return the client a letter concerns: the one named, else the one who instructed us."""
    if request.client is not None or ticket.instructed_by is None:
        return request.client
    return session.get(ClientRow, ticket.instructed_by)


def address_of(session: Session, ticket: TicketRow, name: LetterName) -> str | None:
    """Return the mail address of whoever asks: a proved one for what is told of the person.

    Who asks for another gets it at the own address, once the authority is proved. For letters that
    hold no data the claimed address will do.
    """
    if name is LetterName.ASSISTANCE:
        client = client_for(session, ticket, LetterRequest(name))
        return (client.contact or None) if client else None
    rule = office.kind_rule(ticket.kind, ticket.scope)
    guarded = name in OF_THE_PERSON and rule.needs_proof
    if ticket.requester_role in FOR_ANOTHER:
        if guarded and proving.proof_objection(session, ticket, rule) is not None:
            return None
        return _mail_of(row for row in proving.named_in(session, ticket) if row.of_sender)
    proved = proving.proved_mail(session, ticket)
    if proved is not None or guarded:
        return proved  # a claimed address may be anybody's: the officer sends it another way
    claimed = proving.identifiers_of(session, ticket)
    return _mail_of(sorted(claimed, key=lambda row: not row.of_sender))


def _mail_of(rows: Iterable[IdentifierRow]) -> str | None:
    return next((row.value for row in rows if row.type is IdentifierType.EMAIL), None)


def preview(desk: Desk, number: int, request: LetterRequest) -> Composed:
    """Return a letter of a ticket as it would be today; nothing is stored.

    Raises:
        NotAllowedError: A fact that the letter cannot do without is missing; it is named. Or it is
            a letter to others, which only a step of its own writes.
        NotFoundError: There is no such ticket.
    """
    from dsr.services.letter_requests import completed, may_go_out
    from dsr.services.steps import ticket_of

    with desk.read() as session:
        ticket = ticket_of(session, number)
        asked = completed(session, ticket, request)
        asked = replace(asked, draft=not may_go_out(session, ticket, request.name, desk.today()))
        return composed(session, desk, ticket, request=asked, today=desk.today())


def language_of(desk: Desk, number: int, override: str | None = None) -> str:
    """Return the language that a ticket's letters are written in: en or zh.

    Raises:
        NotFoundError: There is no such ticket.
    """
    from dsr.services.steps import ticket_of

    with desk.read() as session:
        return language_for(override or ticket_of(session, number).language)


def letters_of(session: Session, ticket: TicketRow) -> list[LetterRow]:
    """Return the frozen letters of a ticket, in order."""
    query = select(LetterRow).where(col(LetterRow.ticket) == ticket.number)
    return list(session.exec(query.order_by(col(LetterRow.id))))


def letter_view(row: LetterRow) -> LetterView:
    """Return a letter as it is listed."""
    return LetterView(
        name=row.name.value,
        language=row.language,
        state=row.state,
        written_at=row.written_at,
        sent_at=row.sent_at,
        channel=row.channel,
        sha256=row.sha256,
        proved=None if row.sent_at is None else row.proof is not None,
    )


def frozen(desk: Desk, number: int, name: LetterName) -> list[LetterRow]:
    """Return the last frozen letter of a name; of a letter to recipients, each one's.

    Raises:
        NotFoundError: The ticket has no such letter yet.
    """
    from dsr.services.steps import ticket_of

    with desk.read() as session:
        rows = frozen_of(session, ticket_of(session, number), name)
        if not rows:
            raise NotFoundError(
                f"ticket {number} has no letter '{name}' yet", hint=f"dsr letter {number} {name}"
            )
        return rows


def frozen_of(session: Session, ticket: TicketRow, name: LetterName) -> list[LetterRow]:
    """Return the frozen letters that go out under a name: the last, or one for each recipient."""
    rows = [row for row in letters_of(session, ticket) if row.name is name]
    return rows if name is LetterName.RECIPIENT_NOTICE else rows[-1:]


def first_message(session: Session, ticket: TicketRow) -> MessageRow | None:
    """Return what opened the ticket's case."""
    query = select(MessageRow).where(MessageRow.case_number == ticket.case_number)
    return session.exec(query.order_by(col(MessageRow.id))).first()
