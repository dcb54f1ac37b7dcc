"""THE table: (status, action) -> target, guards, clock effect; and what is missing before a step.

Whoever adds a step adds a row here: the commands, the missing list of `show`, and the README's
table of states come from it. Nothing here sets a status.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from dsr.domain import guards as g
from dsr.domain.commands import COMMANDS, spoken
from dsr.domain.guards import Facts, Guard
from dsr.domain.vocabulary import Action, Status
from dsr.errors import NotAllowedError


class ClockEffect(StrEnum):
    """What a step does to the ticket's clocks."""

    NOTHING = ""
    START = "the clocks start"
    PAUSE = "a clock that may pause, pauses"
    RESUME = "a paused clock goes on"
    VERIFY = "a clock that starts at verification, starts"
    EXTEND = "the clock is extended"
    STOP = "the clocks stop"
    GO_ON = "the clocks go on as they were"


@dataclass(frozen=True, slots=True)
class Step:
    """One row: where an action leads, what must hold first, what it does to the clocks."""

    target: Status
    guards: tuple[Guard, ...] = ()
    clock: ClockEffect = ClockEffect.NOTHING


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing before the next step, and the exact command for it."""

    what: str
    command: str


_READY = (
    g.PROVED,
    g.MAY_VIEW,
    g.SEARCHED,
    g.EVERY_SOURCE_ANSWERED,
    g.PACKAGED,
    g.COPY_FITS,
    g.ITEMS_ARE_LAWFUL,
    g.PLAN_FITS,
    g.ANOTHER_REVIEWER,
)
_ENDING = (g.MAY_END_SO, g.MAY_LAPSE, g.NOTHING_IRREVERSIBLE, g.REASON_GIVEN)

STEPS: dict[tuple[Status, Action], Step] = {
    (Status.NONE, Action.OPEN): Step(Status.RECEIVED, clock=ClockEffect.START),
    (Status.RECEIVED, Action.ACCEPT): Step(Status.WORKING, (g.NO_PROOF_NEEDED,)),
    (Status.RECEIVED, Action.ASK_FOR_PROOF): Step(
        Status.VERIFYING, (g.PROOF_IS_NEEDED,), ClockEffect.PAUSE
    ),
    (Status.RECEIVED, Action.PROVE): Step(Status.WORKING, (g.PROVED,), ClockEffect.VERIFY),
    (Status.RECEIVED, Action.FAIL_PROOF): Step(Status.VERIFYING, (g.REASON_GIVEN,)),
    (Status.VERIFYING, Action.ASK_FOR_PROOF): Step(Status.VERIFYING, clock=ClockEffect.PAUSE),
    (Status.VERIFYING, Action.PROVE): Step(Status.WORKING, (g.PROVED,), ClockEffect.VERIFY),
    (Status.VERIFYING, Action.FAIL_PROOF): Step(Status.VERIFYING, (g.REASON_GIVEN,)),
    (Status.WORKING, Action.ASK_FOR_PROOF): Step(
        Status.VERIFYING, (g.PROOF_IS_NEEDED,), ClockEffect.PAUSE
    ),
    (Status.WORKING, Action.PROVE): Step(Status.WORKING, (g.PROVED,), ClockEffect.VERIFY),
    (Status.WORKING, Action.SEARCH): Step(Status.WORKING, (g.PROVED, g.MAY_VIEW)),
    (Status.WORKING, Action.EXPORT): Step(Status.WORKING, (g.PROVED, g.MAY_VIEW, g.SEARCHED)),
    (Status.WORKING, Action.PLAN): Step(
        Status.WORKING,
        (g.CHANGES_SYSTEMS, g.PROVED, g.MAY_VIEW, g.SEARCHED, g.EVERY_SOURCE_ANSWERED),
    ),
    (Status.WORKING, Action.CLARIFY): Step(
        Status.WAITING, (g.REASON_GIVEN, g.MAY_ASK_BACK), ClockEffect.PAUSE
    ),
    (Status.WAITING, Action.RESUME): Step(Status.WORKING, clock=ClockEffect.RESUME),
    (Status.WORKING, Action.PROPOSE): Step(Status.APPROVAL, (*_READY, g.APPROVAL_IS_DUE)),
    (Status.WORKING, Action.DECIDE): Step(Status.WORKING, (*_READY, g.NO_APPROVAL_IS_DUE)),
    (Status.WORKING, Action.FULFIL): Step(
        Status.FULFILLING, (g.DECIDED, g.ACCESS_ANSWERED, g.WORK_TO_DO)
    ),
    (Status.WORKING, Action.ANSWER): Step(
        Status.ANSWERED,
        (g.PROVED, g.DECIDED, g.COPY_FITS, g.STILL_DECIDED, g.LIVE_TASKS_DONE),
        ClockEffect.STOP,
    ),
    (Status.APPROVAL, Action.APPROVE): Step(
        Status.APPROVAL, (g.MAY_APPROVE, g.UNCHANGED, g.COPY_STILL_FITS, g.ACCESS_ANSWERED)
    ),
    (Status.APPROVAL, Action.RETURN): Step(Status.WORKING, (g.REASON_GIVEN,)),
    (Status.APPROVAL, Action.FULFIL): Step(
        Status.FULFILLING,
        (g.APPROVED, g.UNCHANGED, g.COPY_STILL_FITS, g.ACCESS_ANSWERED, g.WORK_TO_DO),
    ),
    (Status.APPROVAL, Action.ANSWER): Step(
        Status.ANSWERED,
        (g.PROVED, g.APPROVED, g.UNCHANGED, g.COPY_STILL_FITS, g.LIVE_TASKS_DONE),
        ClockEffect.STOP,
    ),
    (Status.FULFILLING, Action.APPLY): Step(
        Status.FULFILLING, (g.PLANNED, g.UNCHANGED, g.NOT_HELD, g.ACCESS_ANSWERED)
    ),
    (Status.FULFILLING, Action.ANSWER): Step(
        Status.ANSWERED,
        (g.PROVED, g.UNCHANGED, g.COPY_STILL_FITS, g.LIVE_TASKS_DONE),
        ClockEffect.STOP,
    ),
    (Status.FULFILLING, Action.RETURN): Step(Status.WORKING, (g.REASON_GIVEN, g.NOT_HALF_APPLIED)),
    (Status.ANSWERED, Action.FINISH): Step(Status.CLOSED, (g.ALL_TASKS_DONE,)),
    (Status.ANSWERED, Action.REOPEN): Step(Status.WORKING, (g.REASON_GIVEN,), ClockEffect.GO_ON),
    (Status.CLOSED, Action.REOPEN): Step(Status.WORKING, (g.REASON_GIVEN,), ClockEffect.GO_ON),
    (Status.CLOSED, Action.INSTRUCT): Step(
        Status.WORKING, (g.CLIENT_NAMED, g.REASON_GIVEN), ClockEffect.GO_ON
    ),
}

_OPEN = (
    Status.RECEIVED,
    Status.VERIFYING,
    Status.WORKING,
    Status.WAITING,
    Status.APPROVAL,
    Status.FULFILLING,
)
_EVERYWHERE = (*_OPEN, Status.ANSWERED, Status.CLOSED)


def _stay(statuses: tuple[Status, ...], action: Action, *guards: Guard) -> None:
    """Add the rows of an action that leaves a ticket where it is."""
    for status in statuses:
        STEPS[status, action] = Step(status, guards)


_stay(_EVERYWHERE, Action.NOTE)
_stay(_EVERYWHERE, Action.JOIN)
_stay(_EVERYWHERE, Action.WRITE)
_stay(_EVERYWHERE, Action.READ)
for _action in (Action.LINK, Action.SPLIT, Action.ATTACH, Action.HOLD, Action.RELEASE):
    _stay(_EVERYWHERE, _action)
_stay(_EVERYWHERE, Action.PERMIT)
_stay(_OPEN, Action.ASSIGN)
_stay(_OPEN, Action.RECOMPUTE)
_stay(_OPEN, Action.REMIND)
_stay(_OPEN, Action.BREACH)
_stay((Status.RECEIVED, Status.VERIFYING, Status.WORKING, Status.WAITING), Action.SET)
_stay(_OPEN, Action.HEED_AUTHORITY)  # its letter may come while a decision awaits approval
# Tasks outlive a return and a reopening: they can be ended wherever a decision once was.
_stay((Status.WORKING, Status.APPROVAL, *_EVERYWHERE[5:]), Action.WORK_TASK)
for _status in _OPEN[:5]:
    STEPS[_status, Action.EXTEND] = Step(
        _status, (g.MAY_EXTEND, g.REASON_GIVEN), clock=ClockEffect.EXTEND
    )
    STEPS[_status, Action.CLOSE] = Step(Status.CLOSED, _ENDING, ClockEffect.STOP)
for _status in (Status.RECEIVED, Status.VERIFYING, Status.WORKING, Status.WAITING):
    STEPS[_status, Action.REFER] = Step(
        Status.CLOSED, (g.CLIENT_NAMED, g.NOTHING_IRREVERSIBLE), ClockEffect.STOP
    )

#: The way to the end from each status: the first action that fits the facts is the next one.
FORWARD: Mapping[Status, tuple[tuple[Callable[[Facts], bool], Action, str], ...]] = {
    Status.RECEIVED: (
        (lambda f: f.needs_proof, Action.PROVE, "dsr verify ask {number}"),
        (lambda f: f.stops_marketing, Action.ACCEPT, "dsr stop {number}"),
        (lambda f: f.searches, Action.ACCEPT, "dsr find {number}"),
        (lambda f: f.to_plan, Action.ACCEPT, "dsr plan {number}"),
        (lambda _: True, Action.ACCEPT, "dsr propose {number}"),
    ),
    Status.VERIFYING: (
        (lambda _: True, Action.PROVE, "dsr verify pass {number} --method {method}"),
    ),
    Status.WORKING: (
        (lambda f: f.decided, Action.ANSWER, "dsr answer {number}"),
        (lambda f: f.stops_marketing, Action.DECIDE, "dsr stop {number}"),
        (lambda f: f.to_plan, Action.PLAN, "dsr plan {number}"),
        (lambda f: f.approval_due, Action.PROPOSE, "dsr propose {number}"),
        (lambda _: True, Action.DECIDE, "dsr propose {number}"),
    ),
    Status.WAITING: ((lambda _: True, Action.RESUME, "dsr resume {number}"),),
    Status.APPROVAL: (
        (lambda f: f.approved, Action.ANSWER, "dsr answer {number}"),
        (lambda _: True, Action.APPROVE, "dsr approve {number} --as OFFICER"),
    ),
    Status.FULFILLING: (
        (lambda f: f.planned and not f.applied, Action.APPLY, "dsr apply {number}"),
        (lambda _: True, Action.ANSWER, "dsr answer {number}"),
    ),
    Status.ANSWERED: ((lambda _: True, Action.FINISH, "dsr close {number}"),),
}


#: Where the step itself must wait: what may be typed meanwhile.
_MEANWHILE: Mapping[tuple[Status, Action], str] = {
    (status, Action.CLARIFY): "dsr letter {number} clarification --ask TEXT --dir DIR"
    for status in (Status.RECEIVED, Status.VERIFYING)
}


def step_for(status: Status, action: Action, facts: Facts, number: int | str = "REF") -> Step:
    """Return the step that an action is from a status.

    Raises:
        NotAllowedError: The table has no such row, or one of its guards objects.
    """
    step = STEPS.get((status, action))
    if step is None:
        raise NotAllowedError(
            f"a ticket in status {status} does not take '{spoken(action)}'",
            hint=_instead(status, action, facts, number),
        )
    for guard in step.guards:
        if objection := guard.objection(facts):
            raise NotAllowedError(
                f"'{spoken(action)}' is not possible yet: {objection}",
                hint=guard.mended_by(facts, number),
            )
    return step


def typed_from(status: Status) -> tuple[str, ...]:
    """Return the commands that do something to a ticket in a status, each once.

    Left out is what may be done to every ticket at any time: nothing guards it.
    """
    own = (a for (s, a), step in STEPS.items() if s is status and _matters(status, step))
    return tuple(dict.fromkeys(COMMANDS[action] for action in own if action in COMMANDS))


def _matters(status: Status, step: Step) -> bool:
    return step.target is not status or bool(step.guards or step.clock)


def _instead(status: Status, action: Action, facts: Facts, number: int | str) -> str:
    """Return what to type instead of an action that a status does not take."""
    ways = [next_step(status, facts, number)[1], _MEANWHILE.get((status, action))]
    commands = " or ".join(way.format(number=number) for way in ways if way)
    possible = f"possible now: {', '.join(typed_from(status)) or 'nothing'}"
    return f"{commands} ({possible})" if commands else possible


def next_step(
    status: Status, facts: Facts, number: int | str
) -> tuple[tuple[Missing, ...], str | None]:
    """Return what is missing before the next step, and the command to type now.

    The command mends the first missing thing, or takes the step itself; None at the end.
    """
    for fits, action, command in FORWARD.get(status, ()):
        if fits(facts):
            missing = tuple(_missing(STEPS[status, action], facts, number))
            own = command.format(number=number, method=facts.likely_method)
            # Proving is what the step itself does: its own command is the one to type.
            return missing, missing[0].command if missing and action is not Action.PROVE else own
    return (), None


def guards_ahead(status: Status) -> frozenset[Guard]:
    """Return the guards that `next_step` asks from a status, whatever the facts."""
    ways = FORWARD.get(status, ())
    return frozenset(guard for _, action, _ in ways for guard in STEPS[status, action].guards)


def _missing(step: Step, facts: Facts, number: int | str) -> Iterator[Missing]:
    for guard in step.guards:
        if objection := guard.objection(facts):
            yield Missing(objection, guard.mended_by(facts, number))


def table() -> tuple[tuple[str, str, str, str], ...]:
    """Return the moving rows for people: status, what is typed, target, clock effect."""
    return tuple(
        (status.value, _done_by(action), step.target.value, step.clock.value)
        for status, action in product(Status, Action)
        if (step := STEPS.get((status, action))) is not None and step.target is not status
    )


def _done_by(action: Action) -> str:
    return spoken(action) if action in COMMANDS else f"{action} (by itself)"
