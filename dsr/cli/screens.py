"""The screen of one ticket: what decides first, then what is known. No command is here."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from dsr.cli.lines import folded, time_left, width_of
from dsr.domain.vocabulary import ENDED, UNFINISHED, LetterState
from dsr.output.render import Column
from dsr.output.visible import visible
from dsr.services.views import ShownTicket

SHOWN = tuple(Column(field.name) for field in fields(ShownTicket))
LAST_EVENTS = 8
FEW = 3
MOST_TEXT = 1_200
HASH = 12  # characters of a hash that tell it from others
#: Actions that only say that somebody looked: of no use among the last events.
_LOOKS = frozenset({"read"})


def screen(shown: ShownTicket, zone: str, terminal: int | None = None) -> str:
    """Return the ticket for a person, what strangers wrote made harmless, lines folded.

    Args:
        shown: The ticket.
        zone: The office's, in which its times are told.
        terminal: Its width in columns, if there is one.
    """
    local, width = ZoneInfo(zone), width_of(terminal)
    blocks: tuple[tuple[str, Iterable[str]], ...] = (
        (_title(shown), _head(shown, local)),
        ("Missing before the next step", _missing(shown)),
        ("Next", _next(shown)),
        ("Besides", _prompts(shown)),
        ("Perhaps another law", _hints(shown)),
        ("Identity", _identity(shown)),
        ("Dates", map(_clock, shown.clocks)),
        ("Other tickets", _links(shown)),
        ("Answered before", shown.earlier),
        ("Items", _items(shown)),
        ("Plan", _plan(shown)),
        ("Copy", _package(shown)),
        ("Tasks", _tasks(shown)),
        ("Letters", _letters(shown)),
        ("Messages", _messages(shown, local)),
        ("Files", _files(shown)),
        ("Last events", _last_events(shown, local)),
    )
    drawn = (_block(title, lines, width) for title, lines in blocks)
    return "\n\n".join(block for block in drawn if block)


def _title(shown: ShownTicket) -> str:
    scope = f" ({shown.scope})" if shown.scope else ""
    outcome = f" as {shown.outcome}" if shown.outcome else ""
    flags = {
        "OVERDUE": shown.overdue,
        "HELD": shown.held,
        "MINOR": shown.minor,
        "PROVISIONAL DATE": shown.provisional,
        "TEST": shown.test,
    }
    raised = "".join(f"  {flag}" for flag, is_up in flags.items() if is_up)
    return f"DSR-{shown.number}  {shown.kind}{scope}  {shown.status}{outcome}{raised}"


def _head(shown: ShownTicket, zone: ZoneInfo) -> Iterator[str]:
    verified = "verified" if shown.identity.verified else "NOT verified"
    if not shown.identity.verified and shown.identity.objection is None:
        verified = "no proof needed"
    yield f"{shown.who}, {shown.requester_role}, {verified}"
    target = f", target {shown.target_on}" if shown.target_on != shown.due_on else ""
    acting = f", act by {shown.act_by_on}" if shown.act_by_on else ""
    left = f": {time_left(shown.days_left)}" if shown.days_left is not None else ""
    yield f"due {shown.due_on} ({', '.join(shown.laws)}){target}{acting}{left}"
    came = f"case:{shown.case}, by {shown.channel}, in {shown.language}"
    yield f"officer {shown.assignee or 'none'}; {came}"
    if shown.silent:
        yield "silent: nobody is written to by himself; what an officer orders is written"
    if shown.test:
        yield "test: counted nowhere, never answered"
    if shown.breached_at:
        found = f"{shown.breached_at.astimezone(zone):%Y-%m-%d}"
        yield f"breached: on {found} the monitor found that the last day had passed"
    if shown.milestone is not None:
        yield f"{shown.milestone.lacking}: by {shown.milestone.on}"
    if shown.held:
        yield f"{shown.held}: nothing of the person is changed or destroyed"
    for each in shown.permits:
        yield f"{each.officer} may see it, by leave of {each.approver}"


def _missing(shown: ShownTicket) -> Iterator[str]:
    for each in shown.missing:
        yield f"- {each.what}"
        yield f"    {each.command}"


def _next(shown: ShownTicket) -> Iterator[str]:
    """Say the command to type where it is none that mends what is missing."""
    if shown.next_command and shown.next_command not in {each.command for each in shown.missing}:
        yield shown.next_command


def _prompts(shown: ShownTicket) -> Iterator[str]:
    for each in shown.prompts:
        yield f"- {each.what}"
        yield f"    {each.command}"


def _hints(shown: ShownTicket) -> Iterator[str]:
    for each in shown.hints:
        yield f"- {each.what}"
        yield f"    {each.command}"


def _identity(shown: ShownTicket) -> Iterator[str]:
    yield from (f"{each['type']}: {each['value']}" for each in shown.identity.identifiers)
    alike = groupby(shown.identity.proofs, lambda p: (p["on"], p["result"], p["officer"]))
    for (on, result, officer), proofs in alike:
        methods = ", ".join(each["method"].replace("_", " ") for each in proofs)
        yield f"{on} {methods}: {result.replace('_', ' ')} ({officer})"


def _clock(each: Any) -> str:
    moved = "" if each.due_nominal_on == each.due_legal_on else f" (nominal {each.due_nominal_on})"
    return f"{each.law}: due {each.due_legal_on}{moved}, {each.mode.replace('_', ' ')}"


def _links(shown: ShownTicket) -> Iterator[str]:
    named = {"case": "same case", "link": "linked", "person": "same person"}
    for each in shown.links:
        if each.status not in ENDED:
            yield f"{each.number} {each.kind}, {each.status} ({named[each.by]})"
    if ended := [f"{each.number} {each.kind}" for each in shown.links if each.status in ENDED]:
        yield f"ended: {', '.join(ended)}"


def _items(shown: ShownTicket) -> Iterator[str]:
    """Say what is not plainly granted line by line, then the rest in one: it needs no look."""
    granted = (each for each in shown.items if each.proposal == "grant")
    plain = [each for each in granted if not each.change and not each.held]
    few = len(plain) <= FEW
    yield from (_item(each) for each in shown.items if few or each not in plain)
    if not few:
        yield "granted: " + ", ".join(f"{each.number}.{each.label}" for each in plain)


def _item(each: Any) -> str:
    why = f" {each.ground}" if each.ground else ""
    until = f", until: {each.until}" if each.until else ""
    change = f" ({each.change})" if each.change else ""
    held = ", HELD" if each.held else ""
    return f"{each.number}. {each.label}{change}: {each.proposal}{why}{until}{held}"


def _plan(shown: ShownTicket) -> Iterator[str]:
    plan = shown.plan
    if plan is None:
        return
    left = f", {plan.left} left to decide or to do by hand" if plan.left else ""
    yield f"{plan.cells} cells change, {plan.rows} rows go{left}; {plan.sha256[:HASH]}"
    if plan.parts:
        yield ", ".join(f"{source} {state}" for source, state in plan.parts.items())
    if plan.by_hand:
        yield f"by hand: {', '.join(plan.by_hand)}"
    yield f"dsr plan {shown.number} --stored"


def _package(shown: ShownTicket) -> Iterator[str]:
    if shown.package is not None:
        rows, until = shown.package.rows, shown.package.destroy_on
        yield f"{rows} rows; kept plain until {until}; {shown.package.sha256[:HASH]}"


def _tasks(shown: ShownTicket) -> Iterator[str]:
    """Say what is left line by line, then what is over in one."""
    yield from (_task(each) for each in shown.tasks if each.state in UNFINISHED)
    for state, over in groupby(
        sorted((each for each in shown.tasks if each.state not in UNFINISHED), key=_state), _state
    ):
        named = (f"{each.number}.{_kind(each)} {each.label}" for each in over)
        yield f"{state}: {', '.join(named)}"


def _state(task: Any) -> str:
    return str(task.state)


def _kind(task: Any) -> str:
    return str(task.kind.replace("_", " "))


def _task(each: Any) -> str:
    later = ", follow-up" if each.follow_up else ""
    return f"{each.number}. {_kind(each)} {each.label}: {each.state}, due {each.due_on}{later}"


def _letters(shown: ShownTicket) -> Iterator[str]:
    """Say each letter once: notices to many recipients are alike."""
    alike = Counter((each.name, each.language, each.state) for each in shown.letters)
    for (name, language, state), count in alike.items():
        many = f" x {count}" if count > 1 else ""
        yield f"{name.replace('_', ' ')} ({language}), {state.replace('_', ' ')}{many}"
    if any(each.state != LetterState.SENT for each in shown.letters):
        yield f"dsr outbox {shown.number}"


def _messages(shown: ShownTicket, zone: ZoneInfo) -> Iterator[str]:
    for each in shown.messages:
        on = f"{each.received_at.astimezone(zone):%Y-%m-%d}"
        stranger = "" if each.is_party else " (not a party)"
        yield f"{on} {each.sender or each.source}{stranger} {each.subject or ''}".strip()
        yield from (f"odd: {warning}" for warning in each.warnings)
        yield from _written(each.text)
        if each.quoted:
            yield "quoted:"
            yield from _written(each.quoted)
        yield from (stated(one) for one in each.stated)
    if shown.messages and all(each.text is None for each in shown.messages):
        yield f'what was written: dsr show {shown.number} --reveal "why"'


def _written(text: str | None) -> Iterator[str]:
    if text:
        yield from (f"| {line}" for line in text[:MOST_TEXT].strip().splitlines())
        yield from ["| ..."] if len(text) > MOST_TEXT else []


def stated(one: Mapping[str, str | None]) -> str:
    """Return one thing that a letter states, in words."""
    if one.get("old"):
        return f"it states: {one['what']} of {one['old']} to {one['new']}"
    return f"it states: {one['what']} {one['value']}".replace("_", " ")


def _files(shown: ShownTicket) -> Iterator[str]:
    for each in shown.attachments:
        gone = "" if each.kept else ", destroyed"
        yield f"{each.number}. {each.name or 'a file'}, {each.size:,} bytes{gone}"


def _last_events(shown: ShownTicket, zone: ZoneInfo) -> list[str]:
    """Say the last events; the same thing done several times in a row is one line."""
    alike = groupby(_event(each, zone) for each in shown.events if each.action not in _LOOKS)
    lines = [(line, sum(1 for _ in same)) for line, same in alike]
    return [line if count == 1 else f"{line} x {count}" for line, count in lines[-LAST_EVENTS:]]


def _event(each: Any, zone: ZoneInfo) -> str:
    moved = f" {each.before} -> {each.after}" if each.before != each.after else ""
    at = each.at.astimezone(zone)
    return f"{at:%Y-%m-%d %H:%M} {each.officer}: {each.action.replace('_', ' ')}{moved}"


def _block(title: str, lines: Iterable[str], width: int) -> str:
    shown = list(_harmless(lines, width))
    return "\n".join([*folded(visible(title), width), *shown]) if shown else ""


def _harmless(lines: Iterable[str], width: int) -> Iterator[str]:
    for line in lines:
        for part in visible(line, keep_lines=True).split("\n"):
            yield from folded(f"  {part}", width)
