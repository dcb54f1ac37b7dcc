"""Going on with a ticket: the next steps of the workflow's table, until a person must decide.

Which step comes next, and what is missing before it, is the table's. Here is only how each step
that needs nobody is taken; what makes a proposal somebody's business is in `disputes`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import ProofResult, SearchResult, Status
from dsr.domain.workflow import next_step
from dsr.errors import NotAllowedError, UsageError
from dsr.services.decisions import still_stands
from dsr.services.desk import Desk
from dsr.services.disputes import Dispute, disputed, undecided
from dsr.services.facts import gather, seen_by
from dsr.services.steps import accept_if_no_proof_is_needed, ticket_of
from dsr.store.tables.people import ProofRow
from dsr.store.tables.tickets import TicketRow

#: What is typed for nothing: every command that works a ticket takes it into work.
ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class GoView:
    """How far a ticket went: the steps that were taken, why it stops, and what to type."""

    number: int
    kind: str
    status: str
    outcome: str | None
    due_on: date | None
    steps: tuple[str, ...]
    why: str
    next_command: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a ticket stands: the next command, and why it is left to somebody, if it is."""

    view: GoView
    verb: str
    stop: str | None


def go(
    desk: Desk,
    number: int,
    *,
    dry_run: bool = False,
    telling: Callable[[str], None] = lambda _: None,
) -> GoView:
    """Take the next steps of a ticket until a person must decide.

    Args:
        desk: The desk.
        number: The ticket.
        dry_run: Say the first step only; nothing changes.
        telling: Is told each step as soon as it is taken: what fails later leaves it taken.

    Raises:
        NotFoundError: There is no such ticket.
        NotAllowedError: The officer may only read.
        SourceError: A source does not answer.
    """
    steps: list[str] = []
    taken: set[str] = set()
    while True:
        place = _look(desk, number, frozenset(taken))
        if place.stop is not None:
            return replace(place.view, steps=tuple(steps), why=place.stop)
        if dry_run:
            telling(would := f"would {_STEPS[place.verb].would}")
            return replace(place.view, steps=(would,), why="this is a dry run")
        try:
            said = _STEPS[place.verb].take(desk, number)
        except (NotAllowedError, UsageError) as error:
            command = error.hint or place.view.next_command
            return replace(place.view, steps=tuple(steps), why=str(error), next_command=command)
        taken.add(place.verb)
        steps.append(said)
        telling(said)


def _look(desk: Desk, number: int, taken: frozenset[str]) -> _Place:
    with desk.write(keep=False) as step:  # whoever may only read is told so
        ticket = ticket_of(step.session, number)
        stands = still_stands(step.session, ticket)
        facts = gather(step.session, ticket, step.today, unchanged=stands)
        facts = seen_by(step.session, ticket, facts, step.officer)
        missing, command = next_step(ticket.status, facts, number)
        view = GoView(
            number=number,
            kind=ticket.kind.value,
            status=ticket.status.value,
            outcome=ticket.outcome.value if ticket.outcome else None,
            due_on=ticket.due_on,
            steps=(),
            why="",
            next_command=command,
        )
        if ticket.status is Status.RECEIVED and not facts.needs_proof:
            return _Place(view, ACCEPT, None)
        verb = _verb(command)
        owed = missing[0].what if missing else _LEFT_TO_SOMEBODY.get(verb, "somebody decides")
        if ticket.silent and verb == "verify ask":
            return _Place(view, verb, _SILENT)
        look = _LOOKS.get(verb)
        dispute = look(step.session, ticket) if look else None
        if dispute is not None:
            return _Place(replace(view, next_command=dispute.command), verb, dispute.why)
        if verb not in _STEPS or verb in taken or _asked_before(step.session, ticket, verb):
            return _Place(view, verb, owed)
        return _Place(view, verb, None)


def _verb(command: str | None) -> str:
    """Return the words of a command before the ticket's number; none at the end."""
    words = (command or "").removeprefix("dsr ").split()
    return " ".join(words[: next((n for n, word in enumerate(words) if word.isdigit()), 1)])


def _asked_before(session: Session, ticket: TicketRow, verb: str) -> bool:
    """Return whether proof was asked for: what did not suffice is somebody's to judge."""
    if verb != "verify ask":
        return False
    query = select(ProofRow.id).where(
        col(ProofRow.ticket) == ticket.number, ProofRow.result == ProofResult.ASKED
    )
    return session.exec(query).first() is not None


@dataclass(frozen=True, slots=True)
class _Step:
    """What would be done, and what does it and says so."""

    would: str
    take: Callable[[Desk, int], str]


def _accept(desk: Desk, number: int) -> str:
    with desk.write() as step:
        accept_if_no_proof_is_needed(step, ticket_of(step.session, number))
    return "taken into work: it needs no proof"


def _ask(desk: Desk, number: int) -> str:
    from dsr.services import case_letters

    with desk.read() as session:
        case = ticket_of(session, number).case_number
    return case_letters.ask(desk, case).said


def _find(desk: Desk, number: int) -> str:
    from dsr.services import searching

    results = [each.result for each in searching.find(desk, number)]
    failed = results.count(SearchResult.FAILED.value)
    found = f"{results.count(SearchResult.FOUND.value)} hold something"
    return f"searched {len(results)} collections: {found}" + (f", {failed} failed" * bool(failed))


def _export(desk: Desk, number: int) -> str:
    from dsr.services import searching

    row = searching.export(desk, number)
    return f"put the copy together: {row.rows} rows, {row.redacted} values of others covered"


def _plan(desk: Desk, number: int) -> str:
    from dsr.services import planning

    view = planning.plan(desk, number)
    return f"planned: {view.cells} cells change, {view.rows} rows go"


def _propose(desk: Desk, number: int) -> str:
    from dsr.services import decisions, items

    return decisions.propose(desk, number, items.Decision()).said


def _stop(desk: Desk, number: int) -> str:
    from dsr.services import stopping

    view = stopping.stop(desk, number)
    return view.said if view else "stopped already"


def _apply(desk: Desk, number: int) -> str:
    from dsr.services import applying

    done = ", ".join(f"{each.source}: {each.result}" for each in applying.apply(desk, number))
    return f"carried out in the systems: {done or 'nothing was to do'}"


#: By what an officer would type: the steps that need nobody.
_STEPS: Mapping[str, _Step] = {
    ACCEPT: _Step("take it into work", _accept),
    "verify ask": _Step("ask for proof of who asks", _ask),
    "find": _Step("search the sources", _find),
    "export": _Step("put the copy together", _export),
    "plan": _Step("plan the work in the systems", _plan),
    "propose": _Step("propose to grant it", _propose),
    "stop": _Step("stop the marketing and answer", _stop),
    "apply": _Step("carry the plan out in the systems", _apply),
}
#: What is looked at before some of them; a plan that is made anew may leave the same.
_LOOKS: Mapping[str, Callable[[Session, TicketRow], Dispute | None]] = {
    "propose": disputed,
    "plan": undecided,
}
#: What is old may be known to the person to be over: a first letter now is somebody's to order.
_SILENT = "it is silent: asking for proof would be its first letter; type it if that is wanted"
#: Why a step that lacks nothing is left to somebody.
_LEFT_TO_SOMEBODY: Mapping[str, str] = {
    "": "it is closed",
    "approve": "another officer approves it, or returns it",
    "answer": "the answer leaves the house: somebody looks at it first (--dry-run shows it)",
    "close": "nothing is left to do but to close it",
    "resume": "an answer of the person is awaited",
    "verify pass": "what was shown is judged by somebody",
}
