"""Lines of a screen: folded at its width, and what several of them word alike."""

from collections.abc import Iterator

from dsr.output.visible import cell_width

WIDTH = 80  # where nobody says how wide it is
WIDEST = 120  # a longer line is hard to read, however wide the terminal is


def width_of(terminal: int | None) -> int:
    """Return how wide a screen is drawn, in columns."""
    return min(terminal, WIDEST) if terminal else WIDTH


def time_left(days: int | None) -> str:
    """Return how many working days are left, or how many have passed since there were any."""
    if days is None:
        return ""
    unit = "working day" if abs(days) == 1 else "working days"
    return f"{days} {unit} left" if days >= 0 else f"{-days} {unit} too late"


def folded(line: str, width: int = WIDTH, hang: int = 2) -> Iterator[str]:
    """Fold a visible line; what follows hangs below its first words.

    A command is never folded: it is there to be copied.

    Args:
        line: The line, with its indent.
        width: Of the screen, in columns.
        hang: How much deeper than the line what follows stands.
    """
    margin = " " * (len(line) - len(line.lstrip()) + hang)
    while cell_width(line) > width and not line.lstrip().startswith("dsr "):
        room = _fitting(line, width)
        blank = line.rfind(" ", len(margin), room + 1)
        cut = blank if blank > 0 else room
        yield line[:cut].rstrip()
        line = margin + line[cut:].lstrip()
    yield line


def _fitting(line: str, width: int) -> int:
    """Return how many characters of a line fit the width."""
    return max(n for n in range(1, min(len(line), width) + 1) if cell_width(line[:n]) <= width)
