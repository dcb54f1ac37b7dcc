"""The screens of the day: `today`, a line a ticket with its command; `who`, with what to say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsr.cli.lines import folded, time_left, width_of
from dsr.output.visible import cell_width, clip, visible
from dsr.services.today import Section
from dsr.services.today_lines import TodayLine

if TYPE_CHECKING:  # the day need not look anybody up
    from dsr.services.who import WhoLine

_GAP = "  "
_INDENT = 6  # of a command below its line
_MOST_WHO, _LEAST_WHO, _LEAST_WHY = 24, 10, 12
_WHO, _LEFT, _WHY = 2, 3, 4  # columns of a line


@dataclass(frozen=True, slots=True)
class _Layout:
    """How wide each column is, and whether commands stand below their lines."""

    widths: tuple[int, ...]
    below: bool

    def lines(self, line: TodayLine) -> Iterator[str]:
        cells = [clip(*pair) for pair in zip(_cells(line), self.widths, strict=True)]
        cells[0] = cells[0].rjust(self.widths[0])
        padded = (
            cell + " " * (width - cell_width(cell))
            for cell, width in zip(cells, self.widths, strict=True)
        )
        said = _GAP + _GAP.join(padded)
        if self.below:
            yield said.rstrip()
            yield " " * _INDENT + line.command
        else:
            yield f"{said}{_GAP}{line.command}"


def day_screen(sections: Sequence[Section], width: int | None) -> str:
    """Return the day for a person; nothing is folded, and a command is never cut.

    Args:
        sections: What there is to do, at least one.
        width: Of the terminal, in columns; None cuts nothing.
    """
    lines = [line for section in sections for line in section.lines if line.number is not None]
    layout = _layout(lines, width) if lines else _Layout((), below=False)
    return "\n\n".join("\n".join(_block(section, layout)) for section in sections)


def _block(section: Section, layout: _Layout) -> Iterator[str]:
    more = section.total - len(section.lines)
    yield (
        f"{section.title} ({section.total})"
        if section.lines[0].number is not None
        else section.title
    )
    for line in section.lines:
        if line.number is None:
            yield f"{_GAP}{line.why}: {line.command}"
        else:
            yield from layout.lines(line)
    if more:
        yield f"{_GAP}and {more:,} more: {section.rest}"


def _cells(line: TodayLine) -> tuple[str, ...]:
    """Return what stands in the columns: number, kind, who, time left, why."""
    left = "" if line.days_left is None else f"{line.days_left} wd"
    return f"{line.number}", line.kind or "", visible(line.who or ""), left, visible(line.why)


def _layout(lines: Sequence[TodayLine], width: int | None) -> _Layout:
    columns = zip(*map(_cells, lines), strict=True)
    widths = [max(map(cell_width, column)) for column in columns]
    widths[_WHO] = min(widths[_WHO], _MOST_WHO)
    if width is None:
        return _Layout(tuple(widths), below=False)
    command = max(cell_width(line.command) for line in lines) + len(_GAP)
    least = _least(widths)
    below = sum(least) + len(_GAP) * len(least) + command > width
    room = width - len(_GAP) * len(widths) - (0 if below else command)
    for column, narrowest in ((_WHO, _LEAST_WHO), (_WHY, _LEAST_WHY)):
        over = max(0, sum(widths) - room)
        widths[column] = max(min(narrowest, widths[column]), widths[column] - over)
    return _Layout(tuple(widths), below)


def _least(widths: Sequence[int]) -> list[int]:
    """Return how narrow the columns may become beside commands: no reason is cut there."""
    least = list(widths)
    least[_WHO] = min(least[_WHO], _LEAST_WHO)
    return least


def call_screen(lines: "Sequence[WhoLine]", terminal: int | None) -> str:
    """Return the tickets of whoever calls: each with what to say in both languages."""
    return "\n\n".join(
        f"{_standing(line)}\n{to_say({'zh': line.say_zh, 'en': line.say_en}, terminal)}"
        for line in lines
    )


def to_say(said: Mapping[str, str], terminal: int | None) -> str:
    """Return sentences to say, a language after the other."""
    width = width_of(terminal)
    lines = (f"{_GAP}{language}  {text}" for language, text in said.items())
    return "\n".join(part for line in lines for part in folded(line, width, hang=4))


def _standing(line: "WhoLine") -> str:
    outcome = f" as {line.outcome}" if line.outcome else ""
    left = f", {time_left(line.days_left)}" if line.days_left is not None else ""
    late = "  OVERDUE" if line.overdue else ""
    return "\n".join(
        [
            visible(f"DSR-{line.number}  {line.kind}  {line.status}{outcome}  {line.who}"),
            f"{_GAP}due {line.due_on}{left}, officer {line.assignee or 'none'}{late}",
        ]
    )
