"""The screen of one ticket: what decides first, then what is known. No command is here."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from dsr.output.render import Column
from dsr.output.visible import cell_width, visible
from dsr.services.views import ShownTicket

SHOWN = tuple(Column(field.name) for field in fields(ShownTicket))
LAST_EVENTS = 8
FEW = 3
MOST_TEXT = 1_200
WIDTH = 80
#: Actions that only say that somebody looked: of no use among the last events.
_LOOKS = frozenset({"read"})


def screen(shown: ShownTicket, zone: str) -> str:
    """Return the ticket for a person, what strangers wrote made harmless, lines folded.

    Args:
        shown: The ticket.
        zone: The office's, in which its times are told.
    """
    local = ZoneInfo(zone)
    blocks = (
        _head(shown),
        _missing(shown),
        _identity(shown),
        _block("Dates", map(_clock, shown.clocks)),
        _block("Items", _items(shown)),
        _block("Tasks", map(_task, shown.tasks)),
        _block("Letters", _letters(shown)),
        _messages(shown, local),
        _block("Last events", _last_events(shown, local)),
    )
    return "\n\n".join(block for block in blocks if block)


def _head(shown: ShownTicket) -> str:
    scope = f" ({shown.scope})" if shown.scope else ""
    outcome = f" as {shown.outcome}" if shown.outcome else ""
    verified = "verified" if shown.identity.verified else "NOT verified"
    if not shown.identity.verified and shown.identity.objection is None:
        verified = "no proof needed"
    flags = [
        *(["OVERDUE"] if shown.overdue else []),
        *(["provisional date"] if shown.provisional else []),
        *(["minor"] if shown.minor else []),
    ]
    left = "" if shown.days_left is None else f", {shown.days_left} working days left"
    lines = [
        f"DSR-{shown.number}  {shown.kind}{scope}  {shown.status}{outcome}",
        f"  {shown.who}, {shown.requester_role}, {verified}",
        f"  by {shown.channel}, in {shown.language}; case:{shown.case}",
        f"  due {shown.due_on} ({', '.join(shown.laws)}), target {shown.target_on}"
        + (f", act by {shown.act_by_on}" if shown.act_by_on else "")
        + left,
        f"  officer {shown.assignee or 'none'}" + "".join(f"; {flag}" for flag in flags),
    ]
    return "\n".join(part for line in lines for part in _folded(visible(line)))


def _missing(shown: ShownTicket) -> str:
    if not shown.missing:
        return _block("Next", filter(None, [shown.next_command]))
    lines = [line for each in shown.missing for line in (f"- {each.what}", f"    {each.command}")]
    return _block("Missing before the next step", lines)


def _identity(shown: ShownTicket) -> str:
    named = [f"{each['type']}: {each['value']}" for each in shown.identity.identifiers]
    proofs = [
        f"{p['on']} {p['method']}: {p['result']} ({p['officer']})" for p in shown.identity.proofs
    ]
    return _block("Identity", [*named, *proofs])


def _clock(each: Any) -> str:
    moved = "" if each.due_nominal_on == each.due_legal_on else f" (nominal {each.due_nominal_on})"
    return f"{each.law}: due {each.due_legal_on}{moved}, {each.mode.replace('_', ' ')}"


def _items(shown: ShownTicket) -> Iterator[str]:
    """Say what is not plainly granted line by line, then the rest in one: it needs no look."""
    plain = [each for each in shown.items if each.proposal == "grant" and not each.change]
    few = len(plain) <= FEW
    yield from (_item(each) for each in shown.items if few or each not in plain)
    if not few:
        yield "granted: " + ", ".join(f"{each.number}.{each.label}" for each in plain)


def _item(each: Any) -> str:
    why = f" {each.ground}" if each.ground else ""
    until = f" until: {each.until}" if each.until else ""
    change = f" ({each.change})" if each.change else ""
    return f"{each.number}. {each.label}{change}: {each.proposal}{why}{until}"


def _task(each: Any) -> str:
    due = f", due {each.due_on}" if each.state in {"open", "reminded", "failed"} else ""
    later = ", follow-up" if each.follow_up else ""
    return f"{each.number}. {each.kind} {each.label}: {each.state}{due}{later}"


def _messages(shown: ShownTicket, zone: ZoneInfo) -> str:
    lines: list[str] = []
    for each in shown.messages:
        on = f"{each.received_at.astimezone(zone):%Y-%m-%d}"
        lines.append(f"{on} {each.sender or each.source} {each.subject or ''}".strip())
        if each.text:
            cut = each.text[:MOST_TEXT]
            lines += [f"| {line}" for line in cut.strip().splitlines()]
            lines += ["| ..."] if len(each.text) > MOST_TEXT else []
    if shown.messages and all(each.text is None for each in shown.messages):
        lines.append(f'what was written: dsr show {shown.number} --reveal "why"')
    return _block("Messages", lines)


def _letters(shown: ShownTicket) -> Iterator[str]:
    """Say each letter once: notices to many recipients are alike."""
    alike = Counter((each.name, each.language, each.state) for each in shown.letters)
    for (name, language, state), count in alike.items():
        many = f" x {count}" if count > 1 else ""
        yield f"{name.replace('_', ' ')} ({language}), {state}{many}"


def _last_events(shown: ShownTicket, zone: ZoneInfo) -> list[str]:
    """Say the last events; the same thing done several times in a row is one line."""
    alike = groupby(_event(each, zone) for each in shown.events if each.action not in _LOOKS)
    lines = [(line, sum(1 for _ in same)) for line, same in alike]
    return [line if count == 1 else f"{line} x {count}" for line, count in lines[-LAST_EVENTS:]]


def _event(each: Any, zone: ZoneInfo) -> str:
    moved = f" {each.before} -> {each.after}" if each.before != each.after else ""
    at = each.at.astimezone(zone)
    return f"{at:%Y-%m-%d %H:%M} {each.officer}: {each.action.replace('_', ' ')}{moved}"


def _block(title: str, lines: Iterable[str]) -> str:
    shown = list(_harmless(lines))
    return "\n".join([title, *shown]) if shown else ""


def _harmless(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        for part in visible(line, keep_lines=True).split("\n"):
            yield from _folded(f"  {part}")


def _folded(line: str) -> Iterator[str]:
    """Fold a line at the width of a terminal; what follows hangs below its first words.

    A command is never folded: it is there to be copied.
    """
    margin = " " * (len(line) - len(line.lstrip()) + 2)
    while cell_width(line) > WIDTH and not line.lstrip().startswith("dsr "):
        room = _fitting(line)
        blank = line.rfind(" ", len(margin), room + 1)
        cut = blank if blank > 0 else room
        yield line[:cut].rstrip()
        line = margin + line[cut:].lstrip()
    yield line


def _fitting(line: str) -> int:
    """Return how many characters of a line fit the width."""
    return max(n for n in range(1, min(len(line), WIDTH) + 1) if cell_width(line[:n]) <= WIDTH)
