"""The screen of one ticket: what decides first, then what is known. No command is here."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from dsr.output.render import Column
from dsr.output.visible import visible
from dsr.services.views import ShownTicket

SHOWN = tuple(Column(field.name) for field in fields(ShownTicket))
LAST_EVENTS = 8
MOST_TEXT = 1_200


def screen(shown: ShownTicket) -> str:
    """Return the ticket for a person, what strangers wrote made harmless."""
    blocks = (
        _head(shown),
        _missing(shown),
        _identity(shown),
        _block("Dates", map(_clock, shown.clocks)),
        _block("Items", map(_item, shown.items)),
        _block("Tasks", map(_task, shown.tasks)),
        _block("Letters", (f"{x.name} ({x.language}), {x.state}" for x in shown.letters)),
        _messages(shown),
        _block("Last events", map(_event, shown.events[-LAST_EVENTS:])),
    )
    return "\n\n".join(block for block in blocks if block)


def _head(shown: ShownTicket) -> str:
    scope = f" ({shown.scope})" if shown.scope else ""
    outcome = f" as {shown.outcome}" if shown.outcome else ""
    verified = "verified" if shown.identity.verified else "not verified"
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
    return visible("\n".join(lines), keep_lines=True)


def _missing(shown: ShownTicket) -> str:
    lines = [f"- {each.what}\n    {each.command}" for each in shown.missing]
    if shown.next_command:
        lines.append(f"next: {shown.next_command}")
    return _block("Missing" if shown.missing else "Next", lines)


def _identity(shown: ShownTicket) -> str:
    named = [f"{each['type']}: {each['value']}" for each in shown.identity.identifiers]
    proofs = [
        f"{p['on']} {p['method']}: {p['result']} ({p['officer']})" for p in shown.identity.proofs
    ]
    return _block("Identity", [*named, *proofs])


def _clock(each: Any) -> str:
    moved = "" if each.due_nominal_on == each.due_legal_on else f" (nominal {each.due_nominal_on})"
    return f"{each.law}: due {each.due_legal_on}{moved}, {each.mode.replace('_', ' ')}"


def _item(each: Any) -> str:
    why = f" {each.ground}" if each.ground else ""
    until = f" until {each.until}" if each.until else ""
    return f"{each.number}. {each.label}: {each.proposal}{why}{until}"


def _task(each: Any) -> str:
    due = f", due {each.due_on}" if each.state in {"open", "reminded", "failed"} else ""
    later = ", follow-up" if each.follow_up else ""
    return f"{each.number}. {each.kind} {each.label}: {each.state}{due}{later}"


def _messages(shown: ShownTicket) -> str:
    lines: list[str] = []
    for each in shown.messages:
        lines.append(
            f"{each.received_at:%Y-%m-%d} {each.sender or ''} {each.subject or ''}".strip()
        )
        if each.text:
            cut = each.text[:MOST_TEXT]
            lines += [f"| {line}" for line in cut.strip().splitlines()]
            lines += ["| ..."] if len(each.text) > MOST_TEXT else []
    if shown.messages and all(each.text is None for each in shown.messages):
        lines.append(f'what was written: dsr show {shown.number} --reveal "why"')
    return _block("Messages", lines)


def _event(each: Any) -> str:
    moved = f" {each.before} -> {each.after}" if each.before != each.after else ""
    return f"{each.at:%Y-%m-%d %H:%M} {each.officer}: {each.action.replace('_', ' ')}{moved}"


def _block(title: str, lines: Iterable[str]) -> str:
    shown = list(_harmless(lines))
    return "\n".join([title, *shown]) if shown else ""


def _harmless(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from (f"  {part}" for part in visible(line, keep_lines=True).split("\n"))
