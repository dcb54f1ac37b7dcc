"""Proving who asks: asking for proof, accepting it for one ticket, recording that it failed."""

from dataclasses import dataclass, replace

from dsr.domain import authority
from dsr.domain.authority import Identifier
from dsr.domain.law import PauseReason
from dsr.domain.people import normalise
from dsr.domain.proofs import ProofMethod
from dsr.domain.vocabulary import Action, IdentifierType, LetterName, ProofResult, RequesterRole
from dsr.errors import NotAllowedError, NotFoundError, UsageError
from dsr.rules import office
from dsr.services import proving
from dsr.services.desk import Desk, Step
from dsr.services.handling import end_pause, one_step
from dsr.services.letters import LetterRequest, write_letter
from dsr.services.steps import take
from dsr.services.views import StepView
from dsr.store.tables.cases import StopRow
from dsr.store.tables.people import ProofRow
from dsr.store.tables.tickets import TicketRow


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown to prove identity or authority.

    Attributes:
        method: The code of the method.
        identifier: What the proof was bound to, as the address that replied; a type and a value,
            or a type alone where the ticket knows one value of it.
        comment: What was compared; never a number of a document.
    """

    method: str
    identifier: tuple[IdentifierType, str | None] | None = None
    comment: str = ""


def ask(
    desk: Desk, number: int, methods: tuple[str, ...] = (), *, dry_run: bool = False
) -> StepView:
    """Ask the requester for proof by letter; asked again, it is the reminder.

    Args:
        desk: The desk.
        number: The ticket.
        methods: Codes of what to ask for; without, what the rules find the mildest that suffices.
        dry_run: Look at it only.

    Raises:
        NotAllowedError: The kind needs no proof, the ticket is past it, or a client instructs us.
        NotFoundError: A method is unknown.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        chosen = [office.proof_method(code) for code in methods] or mildest(step, ticket)
        codes = tuple(method.code for method in chosen)
        note_asked(step, ticket, codes)
        write_letter(step, desk, ticket, LetterRequest(LetterName.IDENTITY_REQUEST, proofs=codes))
        return "asked for proof: " + ", ".join(codes) + "; the letter is written"

    return one_step(desk, number, work, dry_run=dry_run)


def note_asked(step: Step, ticket: TicketRow, codes: tuple[str, ...]) -> None:
    """Note what is asked for, and that the ticket waits for it; the letter is written apart.

    Raises:
        NotAllowedError: A client instructs us: it answers for who the person is, who is not asked.
    """
    if ticket.instructed_by is not None:
        raise NotAllowedError(
            f"ticket {ticket.number} is worked by the instruction of {ticket.instructed_by}, which "
            "answers for who the person is: the person is not asked",
            hint=f"dsr refer {ticket.number} --to {ticket.instructed_by}, then dsr task instruct",
        )
    if not _waiting(step, ticket):
        step.session.add(
            StopRow(ticket=ticket.number, reason=PauseReason.PROOF, asked_on=step.today)
        )
    for code in codes:
        step.session.add(_row(step, ticket, code, ProofResult.ASKED))
    take(step, ticket, Action.ASK_FOR_PROOF, facts={"methods": list(codes)})


def accept(desk: Desk, number: int, shown: Shown, *, dry_run: bool = False) -> StepView:
    """Accept a proof for this one ticket; a clock that starts at verification starts.

    A proof that shows something but not yet enough is kept, and the ticket waits for the rest.

    Raises:
        NotFoundError: The method is unknown, or the ticket names no such identifier.
        NotAllowedError: It shows nothing, or the ticket is past it.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        method = office.proof_method(shown.method)
        row = _row(step, ticket, method.code, ProofResult.VERIFIED, comment=shown.comment)
        if method.bound or shown.identifier is not None:
            row.identifier_type, row.identifier = _bound(step, ticket, shown)
        row.covers = _covered(step, ticket, row)
        step.session.add(row)
        step.session.flush()
        facts = {"method": method.code, "bound_to": row.identifier_type}
        sealed = {"comment": shown.comment} if shown.comment else {}
        lacking, as_whom = _lacking(step, ticket), _as_whom(ticket, method)
        if not _shows_something(step, ticket, row):
            raise NotAllowedError(
                lacking or f"{method.code} is bound to no known value, or to the one to correct",
                hint=f"dsr verify ask {number}",
            )
        if lacking:
            facts["result"] = ProofResult.NEEDS_MORE.value
            take(step, ticket, Action.FAIL_PROOF, facts=facts, sealed=sealed)
            return f"{method.code} is kept, but {lacking}{as_whom}"
        note = end_pause(step, ticket, PauseReason.PROOF)
        take(step, ticket, Action.PROVE, facts=facts, sealed=sealed)
        return f"verified by {method.code}{as_whom}{note}"

    return one_step(desk, number, work, dry_run=dry_run)


def _as_whom(ticket: TicketRow, method: ProofMethod) -> str:
    """Return what is typed where authority is shown, and the ticket says of whoever asks no such.

    Where a guardian appoints the agent of a minor, it shows both.
    """
    said = {proving.asker(ticket)} | ({RequesterRole.GUARDIAN} if ticket.minor else set())
    askers = office.kind_rule(ticket.kind, ticket.scope).askers
    role = next((each for each in method.authority_for if each in askers), None)
    if role is None or ticket.instructed_by is not None or said & set(method.authority_for):
        return ""
    return f"; whoever shows it asks as {role}: dsr set {ticket.number} --role {role}"


def _covered(step: Step, ticket: TicketRow, row: ProofRow) -> list[list[str]]:
    """Return the identifiers that a proof shows to be the person's, as they are named now.

    Authority reaches whatever names the person for whom it was given.
    """
    method = office.proof_method(row.method)
    if row.identifier_type is not None and row.identifier is not None:
        return [[row.identifier_type.value, row.identifier]]
    return [
        [each.type.value, each.value]
        for each in proving.identifiers_of(step.session, ticket)
        if method.authority_for or each.type in method.proves
    ]


def _lacking(step: Step, ticket: TicketRow) -> str | None:
    rule = office.kind_rule(ticket.kind, ticket.scope)
    return proving.proof_objection(step.session, ticket, rule)


def _shows_something(step: Step, ticket: TicketRow, row: ProofRow) -> bool:
    """Return whether a proof shows identity at all, or authority; one bound amiss shows neither."""
    method = office.proof_method(row.method)
    if method.authority_for:
        return True
    objection = authority.objection(
        office.kind_rule(ticket.kind, ticket.scope),
        RequesterRole.SUBJECT,
        [proving.as_proof(row)],
        levels=replace(office.proof_levels(), ordinary=1, sensitive=1),
        minor=False,
        sensitive=False,
        correcting=proving.correcting(step.session, ticket),
    )
    return objection is None


def fail(desk: Desk, number: int, method: str, why: str, *, more: bool = False) -> StepView:
    """Record that a proof failed, or that more is needed; the ticket goes on waiting for proof.

    A failed proof of identity takes earlier ones with it: who is not the person is not proved.

    Raises:
        NotFoundError: The method is unknown.
        NotAllowedError: No reason is given, or the ticket is past it.
    """

    def work(step: Step, ticket: TicketRow) -> str:
        code = office.proof_method(method).code
        result = ProofResult.NEEDS_MORE if more else ProofResult.FAILED
        if not more:
            _void(step, ticket, code)
        step.session.add(_row(step, ticket, code, result, comment=why))
        take(
            step,
            ticket,
            Action.FAIL_PROOF,
            facts={"method": code, "result": result.value},
            sealed={"why": why},
            known={"reason_given": bool(why.strip())},
        )
        return f"{code}: {result.value.replace('_', ' ')}"

    return one_step(desk, number, work)


def _void(step: Step, ticket: TicketRow, failed: str) -> None:
    of_identity = bool(office.proof_method(failed).proves)
    for row in proving.proofs_of(step.session, ticket.number):
        if row.method == failed or (of_identity and office.proof_method(row.method).proves):
            voided = step.session.get_one(ProofRow, row.id)
            voided.result = ProofResult.NEEDS_MORE
            step.session.add(voided)


def mildest(step: Step, ticket: TicketRow) -> list[ProofMethod]:
    """Return what to ask for: authority that is owed, then the ways to show identity.

    Raises:
        NotAllowedError: Nothing that is known of the person can be used.
    """
    chosen = proving.to_ask(step.session, ticket)
    if not chosen:
        raise NotAllowedError(
            "nothing that is known of the person can be used as proof",
            hint=f"dsr verify ask {ticket.number} --method in_person",
        )
    return list(chosen)


def _waiting(step: Step, ticket: TicketRow) -> bool:
    from sqlmodel import col, select

    query = select(StopRow).where(
        col(StopRow.ticket) == ticket.number,
        col(StopRow.reason) == PauseReason.PROOF.value,
        col(StopRow.resumed_on).is_(None),
    )
    return step.session.exec(query).first() is not None


def _row(
    step: Step, ticket: TicketRow, method: str, result: ProofResult, *, comment: str = ""
) -> ProofRow:
    return ProofRow(
        ticket=ticket.number,
        method=method,
        result=result,
        covers=[],
        officer=step.officer,
        at=step.now,
        on=step.today,
        comment=comment,
    )


def _bound(step: Step, ticket: TicketRow, shown: Shown) -> Identifier:
    """Return the one identifier of the ticket that a proof was bound to."""
    known = [(row.type, row.value) for row in proving.named_in(step.session, ticket)]
    provable = office.proof_method(shown.method).proves
    if shown.identifier is None:
        fitting = [each for each in known if each[0] in provable]
        if len(fitting) == 1:
            return fitting[0]
        raise UsageError(
            f"{shown.method} proves one identifier, and the ticket names {len(fitting)} that fit",
            hint=f"--identifier {provable[0] if provable else 'email'}=@file",
        )
    kind, written = shown.identifier
    value = normalise(kind, written) if written else None
    fitting = [each for each in known if each[0] is kind and value in {None, each[1]}]
    if len(fitting) != 1:
        raise NotFoundError(
            f"the ticket names {len(fitting)} identifiers of that type and value",
            hint=f"dsr show {ticket.number}",
        )
    return fitting[0]
