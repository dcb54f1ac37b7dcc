"""What was decided item by item, as a letter tells it in its own language. Decides nothing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from dsr.domain.office import Grade, Ground, Means, in_language
from dsr.domain.vocabulary import Proposal, TaskKind, TaskState
from dsr.letters.facts import ItemFacts
from dsr.rules import citations, office
from dsr.rules.terms import terms
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import Catalogue
from dsr.services.giving import beside, typed_of
from dsr.services.letter_results import Results
from dsr.services.restricting import OFFICE, goes_on, is_stopped
from dsr.sources.datamap import Collection
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow

_DECISIONS: Mapping[Proposal, Any] = {
    Proposal.GRANT: "granted",
    Proposal.REFUSE: "refused",
    Proposal.KEEP: "kept",
}


#: Work whose end erases nothing: an account that is stopped is not yet erased.
_NO_ERASING = frozenset({TaskKind.SERVICE_STOP, TaskKind.STOP_USE})


@dataclass(frozen=True, slots=True)
class _Reading:
    """An item, and the languages that it was written in and is read in.

    What rules and datamap said when it was written is said anew; an officer's words stay.
    """

    row: ItemRow
    ticket: TicketRow
    about: Collection | None
    language: str

    @property
    def written(self) -> str:
        """The language of the ticket."""
        return self.ticket.language


def items(
    session: Session,
    ticket: TicketRow,
    tasks: Sequence[TaskRow],
    catalogue: Catalogue,
    *,
    language: str,
) -> Iterable[ItemFacts]:
    """Return what was decided, item by item.

    That nothing was found is no refusal: its own letter tells it.
    """
    nothing_found = office.ground_for(Means.NO_DATA).code
    done = {
        t.target: t.done_on
        for t in tasks
        if t.state is TaskState.DONE and t.kind not in _NO_ERASING
    }
    stopping = {t.target: t.done_on for t in tasks if t.kind is TaskKind.STOP_USE}
    results = Results.of(session, ticket)
    for row in ticket_facts.items_of(session, ticket.number):
        if row.ground != nothing_found:
            about = catalogue.collection(row.source, row.collection) if row.source else None
            said = _Reading(row, ticket, about, language)
            told = _item(said, done.get(row.source) or done.get(OFFICE))
            if told.decision == "granted":
                yield replace(told, result=results.said(row, told.done_on, language))
            elif (row.source or OFFICE) in stopping and is_stopped(ticket, row):
                stopped_on = stopping[row.source or OFFICE]
                yield replace(told, to_stop=True, stopped_on=stopped_on, goes_on=goes_on(row))
            else:
                yield told


def silent_on(session: Session, ticket: TicketRow) -> frozenset[tuple[str, str]]:
    """Return the collections, with their sources, of which a letter may tell nothing at all."""
    return frozenset(
        (row.source, row.collection)
        for row in ticket_facts.items_of(session, ticket.number)
        if row.ground and office.ground(row.ground).quiet
    )


def _item(said: _Reading, done_on: date | None) -> ItemFacts:
    row, language = said.row, said.language
    if row.proposal is Proposal.GRANT:
        return ItemFacts(label=_label(said), decision="granted", done_on=done_on)
    ground = office.ground(row.ground)
    if ground.quiet:  # nothing in the letter may hint at which ground it is
        return ItemFacts(
            label=_label(said),
            decision=_DECISIONS[row.proposal],
            reason=in_language(ground.tell, language),
            ground_name=in_language(terms().wording.quiet_ground, language),
            citation=citations.one_text(
                citations.quiet(said.ticket.kind, said.ticket.laws), language
            ),
            quiet=True,
        )
    name, reason = _either(said, ground)
    return ItemFacts(
        label=_label(said),
        decision=_DECISIONS[row.proposal],
        reason=reason,
        ground_name=name,
        policy_section=ground.policy_section,
        citation=_citation(said, ground),
        until_on=row.until_on,
        until=_until(said),
        alternative=row.alternative,
        soft=ground.grade is Grade.SOFT,
    )


def _either(said: _Reading, ground: Ground) -> tuple[str, str]:
    """Return a ground's name and the reason; of an either/or ground the half that holds here."""
    row, language = said.row, said.language
    default = row.reason in ground.tell.values()
    halves = terms().halves.get(ground.code) if default else None
    if halves is None:
        reason = _own(said, in_language(ground.tell, language)) if default else row.reason
        return in_language(ground.name, language), reason
    half = halves.with_end if row.until_on or row.until_when else halves.without_end
    return in_language(half.name, language), _own(said, in_language(half.tell, language))


def _label(said: _Reading) -> str:
    row, about = said.row, said.about
    if about is not None and row.label == about.label.said(said.written):
        return _own(said, about.label.said(said.language))
    kind = office.kind_rule(said.ticket.kind, said.ticket.scope).name
    whole = row.label == in_language(kind, said.written)
    return in_language(kind, said.language) if whole else row.label


def _own(said: _Reading, text: str) -> str:
    """Return what rules or datamap say to the person; to a client, of the person."""
    if said.ticket.instructed_by is None:
        return text
    wording = terms().wording
    yours = in_language(wording.your, said.language)
    theirs = in_language(wording.of_the_person, said.language)
    for old, new in ((yours, theirs), (_capital(yours), _capital(theirs))):
        text = re.sub(rf"(?<![A-Za-z]){old}(?![A-Za-z])", new, text)
    return text


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _citation(said: _Reading, ground: Ground) -> str:
    row = said.row
    kept = said.about.kept_by_law if said.about else None
    if typed := typed_of(row.citation, ground, said.ticket):
        is_kept = kept is not None and typed == kept.citation.said(said.written)
        own = kept.citation.said(said.language) if kept is not None and is_kept else typed
        return beside(own, ground, said.ticket, said.language)
    texts = citations.grounds(ground, said.ticket.laws, office.company().law)
    as_written = citations.one_text(texts, said.written)
    return citations.one_text(texts, said.language) if row.citation == as_written else row.citation


def _until(said: _Reading) -> str:
    kept = said.about.kept_by_law if said.about else None
    if kept is not None and said.row.until_when == kept.until.said(said.written):
        return kept.until.said(said.language)
    return said.row.until_when
