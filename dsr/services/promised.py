"""What an answer is made from besides its ticket: rules, company, register. Composes nothing."""

from hashlib import sha256

from sqlmodel import Session, select

from dsr.domain.vocabulary import LetterName
from dsr.letters.compose import language_for
from dsr.rules import book, office
from dsr.rules.terms import terms
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import load
from dsr.store.tables.registers import RecipientRow
from dsr.store.tables.tickets import TicketRow

#: Letters that tell what the datamaps say of each collection, and who got something of it.
_TELLING = frozenset({LetterName.ACCESS, LetterName.COPY, LetterName.EXPLANATION})


def made_from(session: Session, ticket: TicketRow, name: LetterName) -> str:
    """Return the hash of what an answer says that no item, plan or package has in it.

    The company's facts, what each pinned law pack gives to letters, the words of the kind and of
    the grounds, and where the letter tells what is held, the datamaps' words and the recipients.
    """
    said = [
        _company(),
        *(_law(code, version, ticket) for code, version in sorted(ticket.laws.items())),
        repr(office.kind_rule(ticket.kind, ticket.scope)),
        repr((terms().wording, terms().halves)),
        *_grounds(session, ticket),
        *(_told_of(session, ticket) if name in _TELLING else ()),
    ]
    return sha256("\0".join(said).encode()).hexdigest()


def _company() -> str:
    """Return the company's facts as the office has them: the shipped ones and its own."""
    own = book.own(office.COMPANY_FILE)
    written = own.read_text("utf-8") if own is not None and own.is_file() else ""
    return f"{office.company()!r}{written}"


def _law(code: str, version: str, ticket: TicketRow) -> str:
    law = book.law(code, version)
    right = dict(law.right(ticket.kind, ticket.scope) or {})
    duties = (law.refusal_duties, law.letter_duties)
    return repr((code, version, law.names, law.remedies, right, law.fee, duties))


def _grounds(session: Session, ticket: TicketRow) -> list[str]:
    codes = {row.ground for row in ticket_facts.items_of(session, ticket.number) if row.ground}
    return [repr(office.grounds().get(code)) for code in sorted(codes)]


def _told_of(session: Session, ticket: TicketRow) -> list[str]:
    from dsr.services.letter_parts import holdings

    language = language_for(ticket.language)
    rows = sorted(session.exec(select(RecipientRow)), key=lambda row: row.key)
    named = [repr((row.key, row.names, row.contact, row.active)) for row in rows]
    held = holdings(session, ticket, load(session), language=language)
    return [*map(repr, held), *named]
