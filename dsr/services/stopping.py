"""Stopping marketing for one ticket in one go: suppressed, decided, carried out, answered."""

from collections.abc import Mapping

from dsr.domain.vocabulary import ENDED, UNFINISHED, Action, Channel, Kind, Outcome, Scope, Status
from dsr.errors import NotAllowedError, SourceError
from dsr.services import facts as ticket_facts
from dsr.services.decisions import is_unchanged, put_forward
from dsr.services.desk import Desk, Step
from dsr.services.fulfilment import finish_if_done
from dsr.services.handling import after
from dsr.services.items import Decision
from dsr.services.letters import LetterRequest, answer_letter, write_letter
from dsr.services.measuring import Measured, measure
from dsr.services.searching import identities_of
from dsr.services.steps import take, ticket_of
from dsr.services.suppressing import suppress
from dsr.services.views import StepView
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PlanRow

#: What a stop of marketing is.
RIGHT = (Kind.WITHDRAWAL, Scope.MARKETING)
SUPPRESSED = "the contact points are suppressed all the same"
_STANDS = frozenset({Outcome.FULFILLED, Outcome.PARTLY_REFUSED, Outcome.NO_DATA})


def stop(desk: Desk, number: int, *, dry_run: bool = False) -> StepView | None:
    """Carry a ticket that wants marketing stopped to its end; None where it has ended.

    The contact points are suppressed first and stay so, whatever the sources do: the list is the
    office's own, and a legal hold on the person's rows does not reach it.

    Raises:
        NotAllowedError: It asks for something else, was refused, something is missing, or a legal
            hold forbids to change the person's rows.
        SourceError: A source failed; the rest is done, and the same command goes on from there.
    """
    try:
        view = _let_stand(desk, number, dry_run=dry_run)
    except NotAllowedError:
        _suppress_all_the_same(desk, number, dry_run=dry_run)
        raise
    if view is None or dry_run:
        return view
    found = _carry_out(desk, number)
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        answer_if_done(step, desk, ticket, found)
        view = after(step, ticket, _said(ticket, found))
    if found.failed:
        raise SourceError(
            f"{reasons(found.failed)}; {SUPPRESSED}",
            hint=f"mend it (dsr source check), then dsr stop {number}",
        )
    if found.held:
        raise NotAllowedError(
            f"{reasons(found.held)}: nothing is changed there; {SUPPRESSED}",
            hint=f"when the hold is lifted: dsr stop {number}",
        )
    return view


def _let_stand(desk: Desk, number: int, *, dry_run: bool) -> StepView | None:
    """Decide the ticket, where nobody has; return how it stands, or None where it has ended."""
    with desk.write(keep=not dry_run) as step:
        ticket = ticket_of(step.session, number)
        _check(ticket)
        if ticket.status in ENDED:
            return None
        decide(step, desk, ticket)
        return after(step, ticket, "would be stopped")


def _suppress_all_the_same(desk: Desk, number: int, *, dry_run: bool) -> None:
    """Suppress whoever wants marketing stopped though the ticket lacks something: at once."""
    with desk.write(keep=not dry_run) as step:
        ticket = ticket_of(step.session, number)
        if (ticket.kind, ticket.scope) == RIGHT and ticket.status not in ENDED:
            suppress(step, ticket)


def _carry_out(desk: Desk, number: int) -> Measured:
    """Set in the sources what is asked for: by the ticket's plan where it has one."""
    with desk.read() as session:
        ticket = ticket_of(session, number)
        identities = identities_of(session, ticket)
        is_planned = session.get(PlanRow, number) is not None
    if not is_planned:
        return measure(desk, [[number]], identities)
    if ticket.status is Status.FULFILLING:
        from dsr.services.applying import apply

        apply(desk, number)
    return Measured()


def _check(ticket: TicketRow) -> None:
    if (ticket.kind, ticket.scope) != RIGHT:
        asked = f"{ticket.kind} ({ticket.scope})" if ticket.scope else f"{ticket.kind}"
        raise NotAllowedError(
            f"ticket {ticket.number} is a {asked}: only marketing is stopped so",
            hint=f"dsr show {ticket.number}, or dsr open withdrawal --scope marketing",
        )
    if ticket.decided and ticket.outcome not in _STANDS:
        raise NotAllowedError(
            f"ticket {ticket.number} was decided as {ticket.outcome}",
            hint=f"dsr answer {ticket.number}",
        )


def decide(step: Step, desk: Desk, ticket: TicketRow) -> None:
    """Let a stop of marketing stand, with its suppression; one that stands is suppressed again."""
    if ticket.decided:
        suppress(step, ticket)
    else:
        put_forward(step, desk, ticket, Decision())


def answer_if_done(step: Step, desk: Desk, ticket: TicketRow, found: Measured) -> None:
    """Answer a ticket whose work is done; its letter waits to be sent, and nothing else is due."""
    found.note(step, ticket)
    tasks = ticket_facts.tasks_of(step.session, ticket.number)
    if ticket.status in ENDED or any(t.state in UNFINISHED and not t.follow_up for t in tasks):
        return
    outcome = ticket.outcome or Outcome.FULFILLED
    unchanged = is_unchanged(step.session, ticket)
    request = LetterRequest(answer_letter(ticket, outcome))
    letter = write_letter(step, desk, ticket, request)
    if letter.recipient:
        letter.channel = Channel.EMAIL.value
    facts = {"outcome": outcome.value, "channel": letter.channel, "letter": letter.state}
    take(step, ticket, Action.ANSWER, facts=facts, known={"unchanged": unchanged})
    finish_if_done(step, ticket)


def _said(ticket: TicketRow, found: Measured) -> str:
    if ticket.status in ENDED:
        return f"stopped as {ticket.outcome}; the letter waits in the outbox"
    if found.by_hand:
        return f"suppressed; by hand in {', '.join(sorted(found.by_hand))}"
    return "suppressed; not all of the work in the systems is done"


def reasons(by_source: Mapping[str, str]) -> str:
    """Return why sources were not worked, in one line."""
    return "; ".join(f"source {key}: {why}" if key else why for key, why in by_source.items())
