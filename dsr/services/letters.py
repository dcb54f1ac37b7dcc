"""Letters of a ticket: which one, composed from its facts, frozen, and as a mail to send."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import Action, IdentifierType, LetterName, Outcome
from dsr.errors import ConfigError, NotFoundError
from dsr.letters.compose import Composed, compose, language_for, template_hash
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services.desk import Desk, Step
from dsr.services.steps import take
from dsr.services.views import LetterView
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.messages import MessageRow
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
    }
)


@dataclass(frozen=True, slots=True)
class LetterRequest:
    """Which letter, and what only this letter says.

    Attributes:
        proofs: Codes of the proofs that are asked for.
        earlier: The ticket that a duplicate repeats.
        language: Overrides the language of the request.
        package: The copy that goes with it: file name, SHA-256, size, names of the files.
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


def answer_letter(ticket: TicketRow, outcome: Outcome) -> LetterName:
    """Return the letter that answers a ticket with an outcome."""
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
    row = LetterRow(
        case_number=ticket.case_number,
        ticket=ticket.number,
        name=request.name,
        language=language_for(request.language or ticket.language),
        subject=text.subject,
        text=text.text,
        sha256=text.sha256,
        template_sha256=text.template_sha256,
        message_id=f"<{text.sha256[:24]}.{ticket.number}@{_domain(desk)}>",
        recipient=_to(step.session, ticket, request),
        written_at=step.now,
        officer=step.officer,
    )
    step.session.add(row)
    facts = {"letter": request.name.value, "language": row.language, "sha256": text.sha256}
    take(step, ticket, Action.WRITE, facts=facts)
    return row


def _domain(desk: Desk) -> str:
    """Return the domain of the company's address, under which our letters have their names."""
    return office.company(desk.office.rules_folder).email.rpartition("@")[2]


def _to(session: Session, ticket: TicketRow, request: LetterRequest) -> str | None:
    """Return the address a letter goes to: the one proved, else the one that wrote."""
    if request.recipient is not None:
        return request.recipient.contact or None
    if request.name is LetterName.CLIENT_NOTICE and request.client is not None:
        return request.client.contact or None
    return address_of(session, ticket, request.name)


def address_of(session: Session, ticket: TicketRow, name: LetterName) -> str | None:
    """Return the person's mail address: the proved one; else, for what holds no data, the claim."""
    proved = ticket_facts.proved_identifiers(session, ticket)
    for kind, value in proved:
        if kind is IdentifierType.EMAIL:
            return value
    if name in OF_THE_PERSON and office.kind_rule(ticket.kind, ticket.scope).needs_proof:
        return None  # a claimed address may be anybody's: the officer sends it another way
    claimed = ticket_facts.identifiers_of(session, ticket)
    mails = [row for row in claimed if row.type is IdentifierType.EMAIL]
    return next((row.value for row in sorted(mails, key=lambda r: not r.of_sender)), None)


def preview(
    desk: Desk, number: int, name: LetterName, *, language: str | None = None, **said: Any
) -> Composed:
    """Return a letter of a ticket as it would be today; nothing is stored.

    Raises:
        NotAllowedError: A fact that the letter cannot do without is missing; it is named.
        NotFoundError: There is no such ticket.
    """
    from dsr.services.steps import ticket_of

    with desk.read() as session:
        ticket = ticket_of(session, number)
        request = _completed(session, ticket, LetterRequest(name, language=language, **said))
        return composed(session, desk, ticket, request=request, today=desk.today())


def language_of(desk: Desk, number: int, override: str | None = None) -> str:
    """Return the language that a ticket's letters are written in: en or zh.

    Raises:
        NotFoundError: There is no such ticket.
    """
    from dsr.services.steps import ticket_of

    with desk.read() as session:
        return language_for(override or ticket_of(session, number).language)


def _completed(session: Session, ticket: TicketRow, request: LetterRequest) -> LetterRequest:
    """Fill what a preview needs and nobody said: the mildest proofs, the package as it waits."""
    from dsr.store.tables.people import ProofRow

    if request.name in {LetterName.IDENTITY_REQUEST, LetterName.LAPSE} and not request.proofs:
        rows = session.exec(select(ProofRow.method).where(ProofRow.ticket == ticket.number))
        codes = tuple(dict.fromkeys(rows)) or ("known_facts",)
        return replace(request, proofs=codes)
    return request


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
    )


def frozen(desk: Desk, number: int, name: LetterName) -> LetterRow:
    """Return the last frozen letter of a name.

    Raises:
        NotFoundError: The ticket has no such letter yet.
    """
    from dsr.services.steps import ticket_of

    with desk.read() as session:
        rows = [r for r in letters_of(session, ticket_of(session, number)) if r.name is name]
        if not rows:
            raise NotFoundError(
                f"ticket {number} has no letter '{name}' yet", hint=f"dsr letter {number} {name}"
            )
        return rows[-1]


def first_message(session: Session, ticket: TicketRow) -> MessageRow | None:
    """Return what opened the ticket's case."""
    query = select(MessageRow).where(MessageRow.case_number == ticket.case_number)
    return session.exec(query.order_by(col(MessageRow.id))).first()


def freeze(
    desk: Desk, number: int, name: LetterName, folder: Path, *, language: str | None = None
) -> tuple[LetterRow, tuple[Path, ...]]:
    """Freeze a letter that no step of its own writes, as an acknowledgement, and lay it down.

    A letter that is frozen already is only laid down again, as it is.

    Raises:
        NotAllowedError: A fact that the letter cannot do without is missing; it is named.
        ConfigError: The folder cannot be written.
    """
    from dsr.services.mails import lay_down
    from dsr.services.steps import ticket_of

    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        rows = [row for row in letters_of(step.session, ticket) if row.name is name]
        request = _completed(step.session, ticket, LetterRequest(name, language=language))
        letter = rows[-1] if rows else write_letter(step, desk, ticket, request)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            files = lay_down(
                step.session, desk, ticket, letter=letter, folder=folder, stem=name.value
            )
        except OSError as error:
            raise ConfigError(f"{folder} cannot be written: {error.strerror}") from None
    return letter, files
