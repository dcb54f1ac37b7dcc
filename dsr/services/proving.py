"""What is proved of who asks: which identifiers, how strongly, and what is still lacking."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from dsr.domain import authority
from dsr.domain.authority import Identifier, Proof
from dsr.domain.guards import Facts
from dsr.domain.office import KindRule
from dsr.domain.proofs import ProofMethod
from dsr.domain.vocabulary import (
    FOR_ANOTHER,
    IdentifierType,
    Kind,
    ProofResult,
    RequesterRole,
    SearchResult,
)
from dsr.rules import book, office
from dsr.services.corrected import corrected
from dsr.store.light import IDENTIFIER, ITEM, PROOF, SEARCH
from dsr.store.standing import rows_of
from dsr.store.tables.tickets import TicketRow


def named_in(session: Session, ticket: TicketRow) -> Sequence[Any]:
    """Return every identifier of a ticket, the requester's own among them."""
    return rows_of(session, IDENTIFIER, ticket.person)


def identifiers_of(session: Session, ticket: TicketRow) -> Sequence[Any]:
    """Return what is claimed to name the data subject; not the address of who asks for another."""
    rows = named_in(session, ticket)
    if ticket.requester_role in FOR_ANOTHER:
        return [row for row in rows if not row.of_sender]
    return rows


def proofs_of(session: Session, number: int) -> list[Any]:
    """Return the proofs that were accepted for this ticket, in order."""
    rows = rows_of(session, PROOF, number)
    return [row for row in rows if row.result is ProofResult.VERIFIED]


def proved_identifiers(session: Session, ticket: TicketRow) -> list[Identifier]:
    """Return the identifiers of the data subject that were proved for this ticket.

    Only they are searched. What was named after a proof is not covered by it, and what was shown
    too weakly for what the search found is not proved.
    """
    weak = _too_weak(session, ticket)
    return [each for each in _covered(session, ticket) if each not in weak]


def proved_mail(session: Session, ticket: TicketRow) -> str | None:
    """Return the address to which the person's data may be sent, or None where it is not sure.

    An address that answered for itself goes first; of several that were only named, none will do.
    """
    proved = [
        value for kind, value in proved_identifiers(session, ticket) if kind is IdentifierType.EMAIL
    ]
    answered = {row.identifier for row in proofs_of(session, ticket.number)}
    for value in proved:
        if value in answered:
            return value
    claimed = {row.value for row in named_in(session, ticket) if row.type is IdentifierType.EMAIL}
    return proved[0] if proved and len(claimed) == 1 else None


def _covered(session: Session, ticket: TicketRow) -> list[Identifier]:
    """Return the claimed identifiers that a proof reaches, however weak."""
    claimed = {(row.type, row.value) for row in identifiers_of(session, ticket)}
    covered = [
        (IdentifierType(kind), value)
        for row in proofs_of(session, ticket.number)
        for kind, value in row.covers
    ]
    return [each for each in dict.fromkeys(covered) if each in claimed]


def _too_weak(session: Session, ticket: TicketRow) -> list[Identifier]:
    """Return the identifiers that a proof reaches, but none that is strong enough.

    Who speaks for another shows the own identity: there the authority reaches all identifiers.
    """
    if ticket.requester_role in FOR_ANOTHER or ticket.instructed_by is not None:
        return []
    rows = proofs_of(session, ticket.number)
    proofs = [as_proof(row) for row in rows]
    levels = office.proof_levels()
    needed = levels.sensitive if is_sensitive(session, ticket) else levels.ordinary
    doubted = correcting(session, ticket)
    return [
        (kind, value)
        for kind, value in _covered(session, ticket)
        if not authority.shows(
            [
                proof
                for row, proof in zip(rows, proofs, strict=True)
                if [kind.value, value] in row.covers
            ],
            proofs,
            needed=needed,
            correcting=doubted,
        )
    ]


def as_proof(row: Any) -> Proof:
    """Return a stored proof as what the rules judge."""
    method = office.proof_method(row.method)
    if row.identifier_type is None or row.identifier is None:
        return Proof(method)
    return Proof(method, (row.identifier_type, row.identifier))


def to_ask(session: Session, ticket: TicketRow) -> tuple[ProofMethod, ...]:
    """Return what to ask for: authority that is owed, then the ways to show identity."""
    return authority.methods_to_ask(
        office.kind_rule(ticket.kind, ticket.scope),
        asker(ticket),
        office.proof_methods().values(),
        levels=office.proof_levels(),
        known=[(row.type, row.value) for row in identifiers_of(session, ticket)],
        minor=ticket.minor,
        sensitive=is_sensitive(session, ticket),
        correcting=correcting(session, ticket),
    )


def likely_next(session: Session, ticket: TicketRow) -> str | None:
    """Return the method that is likely to be shown next, or None where nothing says which.

    It is one that is still missing, never one that was passed: authority goes first, and for the
    identity counts only what is strong enough for what was found. Of these, what was asked first.
    """
    if ticket.instructed_by is not None:
        return authority_method(RequesterRole.CLIENT).code
    rows = rows_of(session, PROOF, ticket.number)
    passed = {row.method for row in rows if row.result is ProofResult.VERIFIED}
    left = [method for method in to_ask(session, ticket) if method.code not in passed]
    owed = [method.code for method in left if method.authority_for]
    missing = owed or [method.code for method in left]
    levels = office.proof_levels()
    needed = levels.sensitive if is_sensitive(session, ticket) else levels.ordinary
    for row in rows:
        if row.result is ProofResult.ASKED and row.method not in passed:
            method = office.proof_method(row.method)
            is_strong = not owed and method.strength >= needed and bool(method.proves)
            if method.code in missing or is_strong:
                return method.code
    return None if Facts().likely_method in missing else next(iter(missing), None)


def authority_method(role: RequesterRole) -> ProofMethod:
    """Return the way in which somebody shows the right to speak for another."""
    return next(m for m in office.proof_methods().values() if role in m.authority_for)


def _client_vouches(session: Session, number: int) -> bool:
    method = authority_method(RequesterRole.CLIENT).code
    return any(row.method == method for row in proofs_of(session, number))


def proof_objection(session: Session, ticket: TicketRow, rule: KindRule) -> str | None:
    """Return why the proofs given for this ticket do not suffice, or None.

    Where a client instructs us on what it entrusted, it answers for who the person is.
    """
    if ticket.instructed_by is not None:
        vouched = _client_vouches(session, ticket.number)
        return None if vouched else "nothing shows that the client instructs us"
    sensitive = is_sensitive(session, ticket)
    objection = authority.objection(
        rule,
        asker(ticket),
        [as_proof(row) for row in proofs_of(session, ticket.number)],
        levels=office.proof_levels(),
        minor=ticket.minor,
        sensitive=sensitive,
        correcting=correcting(session, ticket),
        guardian_required=guardian_required(ticket),
    )
    weak = _too_weak(session, ticket) if objection is None and sensitive else []
    if weak and rule.needs_proof:
        return f"sensitive data need a stronger proof that the {weak[0][0]} is the person's"
    return objection


def is_sensitive(session: Session, ticket: TicketRow) -> bool:
    """Return whether the search found sensitive personal information, or the person is a child."""
    if guardian_required(ticket):
        return True
    searches = rows_of(session, SEARCH, ticket.number)
    found = (row for row in searches if row.result is SearchResult.FOUND)
    return any(office.is_sensitive(each) for row in found for each in row.categories)


def correcting(session: Session, ticket: TicketRow) -> list[Identifier]:
    """Return identifiers whose value is itself what the ticket wants changed."""
    if ticket.kind is not Kind.CORRECTION:
        return []
    known = [(row.type, row.value) for row in identifiers_of(session, ticket)]
    return corrected(known, rows_of(session, ITEM, ticket.number))


def guardian_required(ticket: TicketRow) -> bool:
    """Return whether the data subject is so young that a guardian asks."""
    if ticket.born_on is None:
        return ticket.requester_role is RequesterRole.GUARDIAN
    return any(
        _age_on(ticket.born_on, ticket.received_on) < book.law(*pinned).minors.guardian_below.years
        for pinned in ticket.laws.items()
    )


def is_minor(ticket: TicketRow) -> bool:
    """Return whether the data subject is under age in a law of the ticket, at receipt."""
    assert ticket.born_on is not None
    age = _age_on(ticket.born_on, ticket.received_on)
    pinned = ticket.laws.items()
    return any(age < book.law(*each).minors.adult_from.years for each in pinned)


def _age_on(born_on: date, day: date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def asker(ticket: TicketRow) -> RequesterRole:
    """Return the role that must be proved; who did not say otherwise writes for himself."""
    if ticket.requester_role is RequesterRole.UNKNOWN:
        return RequesterRole.SUBJECT
    return ticket.requester_role
