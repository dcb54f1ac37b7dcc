"""What was decided item by item, as a letter tells it in its own language. Decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from dsr.sources.datamap import Collection
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import TaskRow

_DECISIONS: Mapping[Proposal, Any] = {
    Proposal.GRANT: "granted",
    Proposal.REFUSE: "refused",
    Proposal.KEEP: "kept",
}


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
        # An account that is stopped is not yet erased.
        if t.state is TaskState.DONE and t.kind is not TaskKind.SERVICE_STOP
    }
    for row in ticket_facts.items_of(session, ticket.number):
        if row.ground != nothing_found:
            about = catalogue.collection(row.source, row.collection) if row.source else None
            said = _Reading(row, ticket, about, language)
            yield _item(said, done.get(row.source) or done.get("office"))


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
            citation=in_language(terms().wording.quiet_citation, language),
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
        reason = in_language(ground.tell, language) if default else row.reason
        return in_language(ground.name, language), reason
    half = halves.with_end if row.until_on or row.until_when else halves.without_end
    return in_language(half.name, language), in_language(half.tell, language)


def _label(said: _Reading) -> str:
    row, about = said.row, said.about
    if about is not None and row.label == about.label.said(said.written):
        return about.label.said(said.language)
    kind = office.kind_rule(said.ticket.kind, said.ticket.scope).name
    whole = row.label == in_language(kind, said.written)
    return in_language(kind, said.language) if whole else row.label


def _citation(said: _Reading, ground: Ground) -> str:
    row = said.row
    kept = said.about.kept_by_law if said.about else None
    if kept is not None and row.citation == kept.citation.said(said.written):
        return kept.citation.said(said.language)
    texts = citations.grounds(ground, said.ticket.laws, office.company().law)
    as_written = citations.one_text(texts, said.written)
    return citations.one_text(texts, said.language) if row.citation == as_written else row.citation


def _until(said: _Reading) -> str:
    kept = said.about.kept_by_law if said.about else None
    if kept is not None and said.row.until_when == kept.until.said(said.written):
        return kept.until.said(said.language)
    return said.row.until_when
