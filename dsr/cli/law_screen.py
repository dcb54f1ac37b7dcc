"""A law pack, and the faults of rule files, as people read them on eighty columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from dsr.output.visible import cell_width, visible

if TYPE_CHECKING:
    from dsr.services.law_changes import Change
    from dsr.services.law_lines import RuleLine
    from dsr.services.lawbook import CitedLine, ClockLine, LawView
    from dsr.services.linting import Linted

LINE = 58  # of a terminal of 80 columns, what is left beside the titles
FAULT = 74  # what is left where a line is only indented


def told(view: "LawView") -> Iterator[tuple[str, str]]:
    """Give a law as titles and texts that fit 80 columns."""
    yield "Law", _wrapped(f"{view.code}  {view.names.get('en', '')}")
    yield "Source", _wrapped(view.citation)
    zone = f", received by the day in {view.zone}" if view.zone else ""
    yield "Version", _wrapped(f"{view.version}, working days of: {view.calendar}{zone}")
    if view.replaces is not None:
        yield "Own pack", _wrapped(f"replaces {view.replaces or 'none'}: {view.why or ''}")
    elif view.of == "own":
        yield "Own pack", "none is shipped"
    if view.places:
        yield "Applies in", _wrapped(", ".join(view.places))
    for number, clock in enumerate(view.clocks, start=1):
        yield f"Clock {number}", "\n".join(map(_wrapped, _clock(clock)))
    yield from _numbered(view.rules)
    if view.rights:
        yield "Rights", _cited(view.rights)
    if view.grounds:
        yield "Grounds", _cited(view.grounds)
    if view.bases:
        yield "Legal bases", _cited(view.bases)
    if view.unknown_grounds:
        yield "Unknown grounds", _wrapped(", ".join(view.unknown_grounds))


def _numbered(rules: "Sequence[RuleLine]") -> Iterator[tuple[str, str]]:
    counts: dict[str, int] = {}
    for rule in rules:
        counts[rule.rule] = counts.get(rule.rule, 0) + 1
        title = rule.rule.capitalize() + (f" {counts[rule.rule]}" * (counts[rule.rule] > 1))
        yield title, f"{_wrapped(rule.text)}\n{_wrapped(f'{rule.citation} ({rule.certainty})')}"


def _cited(lines: "Sequence[CitedLine]") -> str:
    """Return what letters cite, a line each."""
    sure = {each.what: f" ({each.certainty})" if each.certainty else "" for each in lines}
    said = (f"{each.what}: {_english(each.text)}{sure[each.what]}" for each in lines)
    return "\n".join(map(_wrapped, said))


def _english(texts: Mapping[str, str]) -> str:
    return texts.get("en") or next(iter(texts.values()), "")


def _clock(clock: "ClockLine") -> Iterator[str]:
    from dsr.domain.clock_words import counted
    from dsr.services.law_lines import MODES

    scopes = f" ({', '.join(clock.scopes)})" if clock.scopes else ""
    yield ", ".join(clock.kinds) + scopes
    act = f"; done within {clock.act_by}" if clock.act_by else ""
    more = "; can be extended" if clock.extendable else ""
    yield f"{counted(clock.amount, clock.unit)}, {MODES[clock.mode]}{act}{more}"
    yield f"{clock.citation} ({clock.certainty})"
    yield from _clock_more(clock)


def _clock_more(clock: "ClockLine") -> Iterator[str]:
    for what, reasons in (("paused for", clock.pauses_for), ("anew after", clock.restarts_for)):
        if reasons:
            yield f"{what}: {', '.join(reasons)}"
    if clock.waiting_source:
        yield f"waiting: {clock.waiting_source}"
    if clock.credit:
        yield f"counts only if asked within {clock.credit}: {clock.credit_source}"
    if clock.act_by:
        yield f"done within {clock.act_by}: {clock.act_by_source}"
    if clock.safe:
        yield f"worked to {clock.safe}, read strictly: {clock.safe_source}"
    if clock.acknowledge:
        yield f"acknowledged within {clock.acknowledge}"


def linted(found: "Sequence[Linted]") -> str:
    """Return the faults of rule files, file by file; the fine files in one line at the end."""
    lines: list[str] = []
    for (of, file), faults in groupby(
        (each for each in found if each.text), lambda each: (each.of, each.file)
    ):
        lines.append(f"{file} ({of})")
        for each in faults:
            lines += _fault(each)
    fine = [each.file for each in found if not each.text]
    if fine:
        lines += _broken(f"ok: {', '.join(fine)}", FAULT)
    return "\n".join(visible(line) for line in lines)


def _fault(each: "Linted") -> Iterator[str]:
    rule = f" [{each.rule}]" if each.rule and each.rule != each.key else ""
    key = f"{each.key}: " if each.key else ""
    said = [f"{key}{each.text}{rule}", f"article: {each.citation}", f"hint: {each.hint}"]
    for text, is_there in zip(said, (True, each.citation, each.hint), strict=True):
        if is_there:
            yield from (f"  {line}" for line in _broken(text, FAULT))


def diffed(found: "Sequence[Change]") -> str:
    """Return what differs between two laws: the old below `-`, the new below `+`."""
    lines: list[str] = []
    for each in found:
        names = f" ({', '.join(each.names)})" if each.names else ""
        lines += _broken(f"{each.part}{names}: {each.change}", FAULT)
        for mark, text in (("-", each.old), ("+", each.new)):
            broken = _broken(text, FAULT) if text is not None else []
            lines += [f"  {mark if first else ' '} {line}" for first, line in _first(broken)]
    return "\n".join(visible(line) for line in lines)


def _first(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    yield from ((number == 0, line) for number, line in enumerate(lines))


def _wrapped(text: str) -> str:
    return "\n".join(_broken(text, LINE))


def _broken(text: str, width: int) -> list[str]:
    """Break a text into lines; Chinese letters are two columns wide and break anywhere."""
    lines = [""]
    for piece in re.findall(r"[!-~]+ *|.", text):
        if cell_width(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]
