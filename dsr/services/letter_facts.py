"""Fills what a letter may say from the ticket, the rules and the datamap. Composes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from dsr.domain.office import Company, KindRule, Texts, in_language
from dsr.domain.vocabulary import (
    IdentifierType,
    Kind,
    LetterName,
)
from dsr.letters.compose import language_for
from dsr.letters.facts import (
    IdentifierFacts,
    LetterFacts,
)
from dsr.rules import book, citations, office
from dsr.rules.terms import terms
from dsr.services import facts as ticket_facts
from dsr.services import letter_asking as asking
from dsr.services import letter_days, letter_ends, proving
from dsr.services import letter_parts as parts
from dsr.services import letter_planned as planned
from dsr.services.catalogue import Catalogue, load
from dsr.services.complaints import complained_of
from dsr.services.desk import Desk
from dsr.services.letter_duties import demanded
from dsr.services.letter_items import items, silent_on
from dsr.services.letter_notices import told_to
from dsr.services.letter_reasons import reason_of
from dsr.services.letters import TO_OTHERS, LetterRequest, client_for
from dsr.services.reviewing import found_by_review
from dsr.services.silence import check_words
from dsr.services.statements import told
from dsr.services.tasking import recipients_of
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow
from dsr.store.tickets import of_case


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the parts of a letter are filled from, looked up once."""

    session: Session
    ticket: TicketRow
    request: LetterRequest
    today: date
    zone: str
    language: str
    company: Company
    rule: KindRule
    catalogue: Catalogue
    tasks: list[TaskRow]


def facts_for(
    session: Session, desk: Desk, ticket: TicketRow, *, request: LetterRequest, today: date
) -> LetterFacts:
    """Return everything that a letter of a ticket may say, in the letter's language.

    Raises:
        NotAllowedError: Its own words would give a quiet ground away.
    """
    check_words(session, ticket, request.question, request.reason)
    scene = _Scene(
        session=session,
        ticket=ticket,
        request=request,
        today=today,
        zone=desk.office.zone,
        language=language_for(request.language or ticket.language),
        company=office.company(desk.office.rules_folder),
        rule=office.kind_rule(ticket.kind, ticket.scope),
        catalogue=load(session),
        tasks=[
            *_tasks_of(session, request.numbers or (ticket.number,)),
            *planned.tasks(session, ticket, request.name, today),
        ],
    )
    return LetterFacts(
        **{
            "reference": f"DSR-{ticket.number}",
            "written_on": today,
            "company": parts.company_facts(scene.company, scene.language),
            **_of_the_request(scene),
            **letter_days.days(
                session,
                ticket,
                request,
                tasks=scene.tasks,
                today=today,
                zone=scene.zone,
            ),
            **_of_what_was_done(scene),
            **_of_this_letter(scene),
            **found_by_review(scene.tasks),
            **complained_of(session, desk, ticket, request.name),
            **told(ticket),
            **reason_of(session, ticket, request),
        }
    )


def _tasks_of(session: Session, numbers: Iterable[int]) -> Iterable[TaskRow]:
    return (task for number in numbers for task in ticket_facts.tasks_of(session, number))


def _of_the_request(scene: _Scene) -> dict[str, Any]:
    """Return who asks what, by which right, and what the person may do next."""
    ticket, language, rule = scene.ticket, scene.language, scene.rule
    remedies = (
        in_language(book.law(*pinned).remedies.text, language) for pinned in ticket.laws.items()
    )
    return {
        "kind_name": in_language(rule.name, language),
        "scope_name": in_language(rule.name, language),
        "right_citation": _right(rule, ticket, scene.company, language),
        "remedies": tuple(remedies),
        "salutation": _salutation(scene.session, ticket),
        "minor": ticket.minor,
        "sole_officer": _is_alone(scene.session),
        "decided_by": letter_ends.decided_by(scene.session, ticket, scene.company, language),
        "record_until_on": letter_ends.record_until_on(
            scene.session, ticket, scene.tasks, scene.today
        ),
        "tickets": asking.case_tickets(scene.session, ticket, scene.request, language=language),
        "safe_channel": scene.company.email,
        **asking.proofs(scene.session, ticket, scene.request, language=language),
        "searched_by": _searched_by(scene.session, ticket, language),
        "decisions_note": _note(terms().wording.decisions_note, scene.company, language),
        "transfers_note": _note(terms().wording.transfers_note, scene.company, language),
    }


def _of_what_was_done(scene: _Scene) -> dict[str, Any]:
    """Return what is held, what was decided and done, and who else got it."""
    session, ticket, language = scene.session, scene.ticket, scene.language
    silent = silent_on(session, ticket)
    tells_all = scene.request.name in {LetterName.ACCESS, LetterName.COPY}
    if tells_all:
        recipients = parts.receivers(
            session, ticket, scene.catalogue, silent=silent, language=language
        )
    else:
        recipients = parts.recipients(
            session, scene.tasks, scene.company, language=language, zone=scene.zone
        )
    found = parts.holdings(session, ticket, scene.catalogue, silent=silent, language=language)
    decided = tuple(items(session, ticket, scene.tasks, scene.catalogue, language=language))
    actions = parts.actions(scene.tasks, ticket, scene.catalogue, language=language)
    named = tuple(recipients)
    nobody = not recipients_of(session, ticket, scene.catalogue)
    nobody = nobody or (tells_all and not named)
    return {
        "items": decided,
        "holdings": tuple(found),
        "recipients": named,
        "no_recipients": nobody,
        "actions": tuple(actions),
        "changes": tuple(parts.changes(session, ticket)),
        "consequences": _consequences(session, ticket, scene.request, language=language),
        "ending": _ending(ticket, language),
        **demanded(ticket, scene.request.name, decided, language=language),
    }


def _of_this_letter(scene: _Scene) -> dict[str, Any]:
    """Return what only this one letter says; nothing where nobody said it."""
    session, ticket, request, language = scene.session, scene.ticket, scene.request, scene.language
    waits = None if request.package else planned.package(session, ticket, request.name, language)
    own: dict[str, Any] = {
        "question": request.question,
        "package": request.package or waits,
        "draft": request.draft or waits is not None or not all(task.number for task in scene.tasks),
    }
    if request.earlier is not None:
        own["earlier_reference"] = f"DSR-{request.earlier.number}"
        own["earlier_on"] = request.earlier.received_on
    if (client := client_for(session, ticket, request)) is not None:
        own["client_name"] = in_language(client.names, language)
        own["client_contact"] = client.contact
        own["forwarded_on"] = scene.today
    if request.recipient is not None:
        own["recipient_name"] = in_language(request.recipient.names, language)
        own["entrusted"] = request.recipient.type == "entrusted"
        own |= told_to(session, ticket, scene.catalogue, request.recipient.key, language=language)
    if request.name in TO_OTHERS:
        own["identifiers"] = tuple(_identifiers(session, ticket, language))
    return {key: value for key, value in own.items() if value}


def _right(rule: KindRule, ticket: TicketRow, company: Company, language: str) -> str:
    """Return the laws that give a right, and the policy's section where it has one."""
    found = citations.rights(rule, ticket.scope, ticket.laws, company.law)
    rights = (in_language(each, language) for each in found)
    cited = in_language(terms().wording.and_also, language).join(rights)
    if not rule.policy_section:
        return cited
    section = parts.policy_section(rule.policy_section, company, language)
    return in_language(terms().wording.law_and_policy, language).format(law=cited, policy=section)


def _note(words: Texts, company: Company, language: str) -> str:
    """Return what the published policy says of something in general."""
    return in_language(words, language).format(title=in_language(company.policy_title, language))


def _ending(ticket: TicketRow, language: str) -> tuple[str, ...]:
    """Return what ends with an account; a withdrawal ends no service (PIPL 16)."""
    if ticket.kind is not Kind.CANCELLATION:
        return ()
    rule = office.kind_rule(ticket.kind, ticket.scope)
    return tuple(filter(None, [in_language(rule.afterwards, language)]))


def _consequences(
    session: Session, ticket: TicketRow, request: LetterRequest, *, language: str
) -> tuple[str, ...]:
    """Return what follows from each right of the case; in an answer, what has followed."""
    if request.name not in asking.OF_THE_CASE:
        rule = office.kind_rule(ticket.kind, ticket.scope)
        return tuple(filter(None, [in_language(rule.afterwards, language)]))
    rules = [office.kind_rule(t.kind, t.scope) for t in of_case(session, ticket.case_number)]
    return tuple(filter(None, (in_language(rule.consequences, language) for rule in rules)))


def _salutation(session: Session, ticket: TicketRow) -> str | None:
    names = [
        row.value
        for row in proving.identifiers_of(session, ticket)
        if row.type is IdentifierType.NAME
    ]
    return names[0].title() if names and names[0].isascii() else next(iter(names), None)


def _is_alone(session: Session) -> bool:
    from dsr.store.tables.registers import OfficerRow

    return len(session.exec(select(OfficerRow.name).where(col(OfficerRow.active))).all()) == 1


def _searched_by(session: Session, ticket: TicketRow, language: str) -> tuple[str, ...]:
    proved = proving.proved_identifiers(session, ticket)
    named = proved or [(r.type, "") for r in proving.identifiers_of(session, ticket)]
    return tuple(
        in_language(terms().identifiers[kind], language)
        for kind in dict.fromkeys(kind for kind, _ in named)
    )


def _identifiers(session: Session, ticket: TicketRow, language: str) -> Iterable[IdentifierFacts]:
    proved = proving.proved_identifiers(session, ticket)
    claimed = [(row.type, row.value) for row in proving.identifiers_of(session, ticket)]
    for kind, value in proved or claimed:
        if kind is not IdentifierType.NAME:
            yield IdentifierFacts(in_language(terms().identifiers[kind], language), value)
