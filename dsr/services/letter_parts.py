"""Parts of a letter's facts: holdings, recipients, actions, changes."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from dsr.domain.office import Company, KindRule, in_language
from dsr.domain.vocabulary import (
    Kind,
    LetterName,
    Proposal,
    SearchResult,
    TaskKind,
    TaskState,
)
from dsr.letters.facts import (
    ActionFacts,
    ChangeFacts,
    CompanyFacts,
    HoldingFacts,
    RecipientFacts,
)
from dsr.rules import citations, office
from dsr.rules.terms import terms
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import Catalogue
from dsr.services.extents import decided
from dsr.services.searching import last_found
from dsr.services.tasking import concerned, recipients_of
from dsr.sources.datamap import Collection
from dsr.store.tables.registers import RecipientRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow

#: Where a task with a recipient stands once the notice has left.
_TOLD = frozenset({TaskState.DONE, TaskState.REMINDED})


def company_facts(company: Company, language: str) -> CompanyFacts:
    """Return the company as its letters present it."""
    return CompanyFacts(
        name=in_language(company.name, language),
        phone=company.phone,
        email=company.email,
        address=in_language(company.address, language),
        court=in_language(company.court, language),
        authority=in_language(company.authority, language),
        contact_role=in_language(company.officer, language),
        policy_title=in_language(company.policy_title, language),
        policy_version=company.version,
    )


class _Held(NamedTuple):
    """One collection that a letter tells of; `rows` is None where nothing was counted."""

    source: str
    collection: str
    result: SearchResult
    rows: int | None
    categories: Sequence[str]


def holdings(
    session: Session,
    ticket: TicketRow,
    catalogue: Catalogue,
    *,
    silent: frozenset[tuple[str, str]] = frozenset(),
    language: str,
) -> Iterable[HoldingFacts]:
    """Return what each collection holds, the empty and failed ones too; a client's not at all.

    Where the rules of processing are asked for, what the datamap says of each collection. Of what
    is `silent` nothing is told.
    """
    known = {row.key: row for row in session.exec(select(RecipientRow))}
    explains = ticket.kind is Kind.EXPLANATION
    for held in _explained(catalogue) if explains else _searched(session, ticket, catalogue):
        about = catalogue.collection(held.source, held.collection)
        about = about or Collection(name=held.collection)
        if about.is_entrusted or (held.source, held.collection) in silent:
            continue
        yield HoldingFacts(
            source=catalogue.label(held.source, language),
            label=about.label.said(language) or held.collection,
            category=_category(held.categories, language),
            purpose=about.purpose.said(language),
            basis=_basis(about.basis, ticket, language),
            retention=about.retention.said(language),
            origin=about.origin.said(language),
            rows=held.rows,
            recipients=tuple(
                in_language(known[key].names, language) if key in known else key
                for key in about.recipients
            ),
            result=held.result,
        )


def _searched(session: Session, ticket: TicketRow, catalogue: Catalogue) -> Iterable[_Held]:
    """Give what was found, without what a decision leaves out: the items tell of that."""
    rows = ticket_facts.items_of(session, ticket.number)
    judged = {
        (each.source, each.collection): each
        for each in decided(session, ticket, catalogue, rows)
        if each.withheld and ticket.kind in {Kind.ACCESS, Kind.COPY}
    }
    for row in last_found(session, ticket.number):
        each = judged.get((row.source, row.collection))
        if each is None or each.given:
            count = row.rows if row.result is SearchResult.FOUND else None
            categories = row.categories if each is None else each.categories
            yield _Held(row.source, row.collection, row.result, count, categories)


def _explained(catalogue: Catalogue) -> Iterable[_Held]:
    for dataset in catalogue.datasets:
        for each in dataset.collections:
            categories = each.all_categories()
            yield _Held(dataset.fides_key, each.name, SearchResult.FOUND, None, categories)


def _category(categories: Iterable[str], language: str) -> str:
    found = [office.category_of(each) for each in categories if each.startswith("user")]
    names = [in_language(each.name, language) for each in found]
    return in_language(terms().wording.and_also, language).join(dict.fromkeys(names))


def _basis(code: str, ticket: TicketRow, language: str) -> str:
    """Return the legal basis under each law of a ticket that names it, the first law first."""
    return citations.one_text(citations.bases(code, ticket.laws), language)


def receivers(
    session: Session,
    ticket: TicketRow,
    catalogue: Catalogue,
    *,
    silent: frozenset[tuple[str, str]] = frozenset(),
    language: str,
) -> Iterable[RecipientFacts]:
    """Return the outside parties that got something of what is held; nobody is told anything.

    Who got only what is `silent` is not named.
    """
    got = concerned(session, ticket, catalogue).items()
    named = {key for place, of in got if place not in silent for key in of.recipients}
    for row in recipients_of(session, ticket, catalogue):
        if not silent or row.key in named:
            yield RecipientFacts(name=in_language(row.names, language), contact=row.contact)


def recipients(
    session: Session, tasks: Sequence[TaskRow], company: Company, *, language: str, zone: str
) -> Iterable[RecipientFacts]:
    """Return the outside parties that are told, and how that stands; days in a time zone."""
    for task in tasks:
        if task.kind is not TaskKind.RECIPIENT:
            continue
        row = session.get(RecipientRow, task.target)
        yield RecipientFacts(
            name=in_language(row.names, language) if row else task.label,
            contact=row.contact if row else "",
            told_on=_told_on(session, task, row, zone) if task.state in _TOLD else None,
            result=TaskState.OPEN if task.state is TaskState.FAILED else task.state,
            exception=_exception(task.code, company, language),
        )


def _exception(code: str | None, company: Company, language: str) -> str:
    """Return why a recipient is not told, with the policy's section where it has one."""
    if not code:
        return ""
    exception = office.recipient_exceptions()[code]
    reason = in_language(exception.name, language)
    if not exception.policy_section:
        return reason
    cited = policy_section(exception.policy_section, company, language)
    wording = in_language(terms().wording.reason_and_policy, language)
    return wording.format(reason=reason, policy=cited)


def policy_section(section: str, company: Company, language: str) -> str:
    """Return how a letter cites a section of the published policy."""
    wording = in_language(terms().wording.policy_section, language)
    return wording.format(section=section, title=in_language(company.policy_title, language))


def _told_on(
    session: Session, task: TaskRow, recipient: RecipientRow | None, zone: str
) -> date | None:
    """Return the day of the notice to a recipient; without one, that of the task's end."""
    from dsr.store.tables.letters import LetterRow

    query = select(LetterRow).where(
        col(LetterRow.ticket) == task.ticket,
        LetterRow.name == LetterName.RECIPIENT_NOTICE,
        col(LetterRow.recipient) == ((recipient.contact or None) if recipient else None),
    )
    letter = session.exec(query.order_by(col(LetterRow.id).desc())).first()
    if letter is None:
        return task.done_on
    return (letter.sent_at or letter.written_at).astimezone(ZoneInfo(zone)).date()


#: Work that other parts of a letter tell of.
_TOLD_ELSEWHERE = frozenset(
    {
        TaskKind.RECIPIENT,
        TaskKind.BACKUP,
        TaskKind.HUMAN_REVIEW,
        TaskKind.RETENTION,
        TaskKind.LIFT,
        TaskKind.IMPROVEMENT,
        TaskKind.AFTER_WITHDRAWAL,
        TaskKind.ASSISTANCE,
        TaskKind.STOP_USE,
    }
)


def actions(
    tasks: Sequence[TaskRow], ticket: TicketRow, catalogue: Catalogue, *, language: str
) -> Iterable[ActionFacts]:
    """Return the work in systems that was done or is under way."""
    rule = office.kind_rule(ticket.kind, ticket.scope)
    for task in tasks:
        if task.kind not in _TOLD_ELSEWHERE:
            label = _label(task, ticket, catalogue, language)
            yield ActionFacts(label, task.done_on, _result(task, rule, language))


def _label(task: TaskRow, ticket: TicketRow, catalogue: Catalogue, language: str) -> str:
    """Return what a task is called, in a language; words of an officer's own stay as they are."""
    words = terms().tasks.get(task.kind)
    if words is not None and task.label == in_language(words, ticket.language):
        return in_language(words, language)
    if task.label == catalogue.label(task.target, ticket.language):
        return catalogue.label(task.target, language)
    return task.label


def _result(task: TaskRow, rule: KindRule, language: str) -> str:
    if not task.number:  # it is not opened yet
        return in_language(terms().wording.planned, language)
    if task.done_on is None:
        return in_language(terms().wording.under_way, language)
    return in_language(rule.done, language) if task.kind is TaskKind.SOURCE else ""


def changes(session: Session, ticket: TicketRow) -> Iterable[ChangeFacts]:
    """Return what was corrected, old and new."""
    if ticket.kind is not Kind.CORRECTION:
        return
    for row in ticket_facts.items_of(session, ticket.number):
        if row.proposal is Proposal.GRANT:
            yield ChangeFacts(label=row.label, old=row.old, new=row.new)
