"""Which heading of a table is which key: said, remembered, or asked once at the terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dsr.cli import terminal
from dsr.cli.show import App
from dsr.errors import NotFoundError

if TYPE_CHECKING:
    from dsr.intake.columns import UnmappedError
    from dsr.services.desk import Desk


def columns_of(
    app: App,
    desk: "Desk",
    sources: Sequence[str],
    *,
    said: Sequence[str] = (),
    name: str | None = None,
    dry_run: bool = False,
) -> dict[str, str]:
    """Return the heading of each key that somebody said, now or before; remember it by a name.

    Args:
        app: The run.
        desk: The desk.
        sources: What is to be imported; a table whose headings say too little is asked about.
        said: What `--map` said.
        name: What `--map-name` said.
        dry_run: Remember nothing.

    Raises:
        UsageError: A word of `--map` is none; or nobody is there to ask, and the option is named.
        NotFoundError: Nothing is remembered by that name.
    """
    from dsr.intake import columns

    known = columns.said(said) if said else _remembered(desk, name)
    told = _completed(app, sources, known)
    if name is not None and (said or told != known):
        _remember(app, desk, name, told, dry_run=dry_run)
    elif told != known:
        words = ",".join(f"{key}={heading}" for key, heading in told.items())
        app.say(f"the next time: --map {words!r}, or remember it with --map-name NAME")
    return told


def _completed(app: App, sources: Sequence[str], told: dict[str, str]) -> dict[str, str]:
    """Return what is known of headings, and what the person at the terminal says besides."""
    from dsr.intake import read

    for source in sources:
        if (error := read.unmapped(source, told)) is None:
            continue
        if not terminal.is_there():
            raise error
        told = told | _asked(app, error)
        if still := read.unmapped(source, told):
            raise still
    return told


def _remembered(desk: "Desk", name: str | None) -> dict[str, str]:
    if name is None:
        return {}
    from dsr.services import mappings

    try:
        return mappings.mapping(desk, name)
    except NotFoundError:
        if terminal.is_there():
            return {}  # the person there is asked
        raise


def _remember(app: App, desk: "Desk", name: str, told: dict[str, str], *, dry_run: bool) -> None:
    from dsr.services import mappings

    became = mappings.remember(desk, name, told, dry_run=dry_run)
    if became.result != "unchanged":
        app.say(f"mapping {name}: {became.result}")


def _asked(app: App, error: "UnmappedError") -> dict[str, str]:
    """Ask which heading names the person, and which says what is asked."""
    from dsr.intake.columns import IDENTIFIERS, SAYS

    app.say(str(error))
    headings = list(error.headings)
    for number, heading in enumerate(headings, start=1):
        app.say(f"  {number}  {heading}")
    told: dict[str, str] = {}
    for keys in (IDENTIFIERS, SAYS):
        for key in keys:
            if chosen := _one(app, key, headings):
                told[key] = chosen
                headings.remove(chosen)
                break
    return told


def _one(app: App, key: str, headings: list[str]) -> str | None:
    """Ask for one heading, by its number or its name, until there is one; nothing is none."""
    while True:
        answer = app.ask(f"which column is {key}? (number or heading, empty for none)", "--map")
        if not answer:
            return None
        if answer.isdecimal() and 0 < int(answer) <= len(headings):
            return headings[int(answer) - 1]
        if answer in headings:
            return answer
        app.say("there is no such column")
