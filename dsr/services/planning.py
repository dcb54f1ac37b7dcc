"""Making a plan: what a decision would change in the sources, kept and hashed. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from dsr.domain.office import KindRule
from dsr.domain.vocabulary import Action, PartState, SearchResult
from dsr.errors import ConfigError, ConflictError, NotFoundError, SourceError
from dsr.rules import office
from dsr.rules.terms import terms
from dsr.services import facts as ticket_facts
from dsr.services.catalogue import Catalogue, load
from dsr.services.desk import Desk, Step
from dsr.services.entrusted import in_scope
from dsr.services.extents import decided
from dsr.services.items import Decision, prepare
from dsr.services.keys import read_key
from dsr.services.permitting import require_view
from dsr.services.planned import items_hash
from dsr.services.plans import forget_plan, view_of
from dsr.services.searching import identities_of
from dsr.services.steps import accept_if_no_proof_is_needed, take, ticket_of
from dsr.services.views import PlanView
from dsr.services.wishing import Choice, kept, wish_of
from dsr.sources.plan import BY_SOMEBODY, UNDECIDED, Left, Plan, Remainder, Wish, counted
from dsr.store import blobs
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PlanPartRow, PlanRow


@dataclass(frozen=True, slots=True)
class _Ready:
    """What a plan is made from, read in one transaction."""

    catalogue: Catalogue
    identities: dict[str, tuple[str, ...]]
    wish: Wish
    kept: tuple[Remainder, ...]
    items: str
    choice: Choice
    rule: KindRule


def plan(
    desk: Desk, number: int, choice: Choice | None = None, *, dry_run: bool = False
) -> PlanView:
    """Plan what a ticket changes in the sources, and keep the plan with its hash.

    The sources are read outside any transaction. Items are prepared where none are yet.

    Raises:
        NotAllowedError: Something is missing, or the kind changes nothing there.
        NotFoundError: A collection that was named is unknown.
        SourceError: A source does not answer: a plan without it would not be whole.
    """
    from dsr.sources.planning import make_plan

    ready = _look(desk, number, choice or Choice(), keep=not dry_run)
    key = read_key(desk.office.key_file, may_make=False)
    made, report = make_plan(
        ready.catalogue.datasets,
        ready.catalogue.urls,
        ready.identities,
        ready.wish,
        key=key,
        now=desk.clock.now(),
        read_only=ready.catalogue.read_only,
    )
    if failed := report.having(SearchResult.FAILED):
        raise SourceError(
            f"{len(failed)} collections could not be read: a plan without them would not be whole",
            hint=f"mend the source (dsr source check), then dsr plan {number}",
        )
    whole = replace(made, left=(*ready.kept, *made.left))
    if not dry_run:
        with desk.write() as step:
            found = [f"{e.source}.{e.collection}" for e in report.having(SearchResult.FOUND)]
            _keep(step, ticket_of(step.session, number), whole, ready, found=found)
    return view_of(number, whole)


def leave_to_people(desk: Desk, number: int) -> None:
    """Forget a ticket's plan: people do the work in the systems, and record it task by task.

    Raises:
        NotFoundError: There is no such ticket, or it has no plan.
        NotAllowedError: The ticket is past it.
    """
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        if step.session.get(PlanRow, number) is None:
            raise NotFoundError(f"ticket {number} has no plan", hint=f"dsr propose {number}")
        forget_plan(step.session, number)
        take(step, ticket, Action.PLAN, facts={"plan": None})


def _look(desk: Desk, number: int, choice: Choice, *, keep: bool) -> _Ready:
    """Let every guard speak, and read what the plan is made from; the items stay prepared."""
    with desk.write(keep=keep) as step:
        ticket = ticket_of(step.session, number)
        require_view(step.session, ticket, step.officer)
        accept_if_no_proof_is_needed(step, ticket)
        prepare(step, ticket, Decision(draft=True))
        _allow(step, ticket)
        return _read(step, ticket, choice)


def _read(step: Step, ticket: TicketRow, choice: Choice) -> _Ready:
    items = ticket_facts.items_of(step.session, ticket.number)
    catalogue = in_scope(load(step.session), ticket)
    if not catalogue.datasets:
        hint = "dsr source add DATAMAP --url KEY=FILE"
        raise ConfigError("no source is registered", hint=hint)
    judged = decided(step.session, ticket, catalogue, items, held=True)
    return _Ready(
        catalogue,
        identities_of(step.session, ticket),
        wish_of(ticket, items, catalogue, choice, officer=step.officer, judged=judged),
        kept(judged),
        items_hash(items),
        choice,
        office.kind_rule(ticket.kind, ticket.scope),
    )


def _allow(step: Step, ticket: TicketRow) -> None:
    from dsr.domain.workflow import step_for
    from dsr.services.facts import gather

    step_for(ticket.status, Action.PLAN, gather(step.session, ticket, step.today), ticket.number)


def _keep(step: Step, ticket: TicketRow, made: Plan, ready: _Ready, *, found: list[str]) -> None:
    if _read(step, ticket, ready.choice) != ready:
        raise ConflictError(
            "what the plan goes by changed while it was made: items, proofs, or sources",
            hint=f"dsr plan {ticket.number}",
        )
    forget_plan(step.session, ticket.number)
    row = _row(step, ticket, made, ready)
    row.found = found
    row.by_hand = sorted({*row.by_hand, *_without_measure(ready, found)})
    step.session.add(row)
    for position, source in enumerate(made.sources):
        step.session.add(
            PlanPartRow(
                ticket=ticket.number, source=source, position=position, state=PartState.PLANNED
            )
        )
    take(
        step,
        ticket,
        Action.PLAN,
        facts=_facts(made, row.sha256, ready.choice),
        sealed=_sealed(ready.choice),
    )


def _row(step: Step, ticket: TicketRow, made: Plan, ready: _Ready) -> PlanRow:
    """Keep a plan's text, and return what is known of the plan without it."""
    destroy_on = step.today + timedelta(days=terms().plan.keep_days)
    cells, rows = counted(made.changes)
    return PlanRow(
        ticket=ticket.number,
        sha256=blobs.keep(step.session, made.text(), destroy_on=destroy_on),
        items_hash=ready.items,
        cells=cells,
        rows=rows,
        left=sum(each.left in UNDECIDED for each in made.left),
        undecided=_undecided(made),
        by_hand=sorted({e.source for e in made.left if e.left in BY_SOMEBODY and e.source}),
        found=[],
        made_at=step.now,
        officer=step.officer,
        destroy_on=destroy_on,
    )


def _without_measure(ready: _Ready, found: Sequence[str]) -> set[str]:
    """Return the sources in which people act, for the datamap knows no measure there.

    All that hold something, where a measure is to reach every one, or none knows it. A stop of
    marketing needs none: the list of suppressions is what other systems ask.
    """
    wanted, rule = set(ready.wish.measures), ready.rule
    if not wanted or rule.erases or rule.stops_marketing:
        return set()
    knowing = {
        dataset.fides_key
        for dataset in ready.catalogue.datasets
        if any(wanted & each.measures.keys() for each in dataset.collections)
    }
    holding = {place.partition(".")[0] for place in found}
    return holding - knowing if rule.everywhere or not knowing else set()


def _undecided(made: Plan) -> list[str]:
    """Return what somebody decides before this is proposed.

    Where nothing changes because the rows are not the person's alone, by source.collection; and
    what is said of a whole item that meets nothing.
    """
    changed = {(change.source, change.collection) for change in made.changes}
    left = {(e.source, e.collection) for e in made.left if e.left in {Left.SHARED, Left.OTHERS}}
    of_items = [each.reason for each in made.left if not each.source]
    return [*sorted(".".join(place) for place in left - changed), *of_items]


def _facts(made: Plan, key: str, choice: Choice) -> dict[str, Any]:
    return {
        "plan": key,
        "sources": [[source, *counted(made.of(source))] for source in made.sources],
        "left": [
            [each.source, each.collection, each.left.value, each.field, each.rows]
            for each in made.left
        ],
        "with_shared": list(choice.shared),
        "with_others": list(choice.others),
    }


def _sealed(choice: Choice) -> dict[str, str]:
    return {"why": choice.why} if choice.why else {}
