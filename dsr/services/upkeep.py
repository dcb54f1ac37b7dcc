"""Making the office: configuration file, database, key, first officer. Checks are in `doctor`."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dsr import config
from dsr.errors import ConfigError
from dsr.services.desk import Desk
from dsr.services.keys import read_key
from dsr.services.registers import officers
from dsr.store import health

MADE = "made"
THERE = "there"
#: What an option of `init` may write into the configuration file, lest the next command forget it.
REMEMBERED = ("database_url", "officer")


@dataclass(frozen=True, slots=True)
class Made:
    """A part of the office: made now, or there already."""

    what: str
    place: str
    result: str


def make_config(named: str | None, said: Mapping[str, str]) -> Made:
    """Write a configuration file with every setting as a comment; one that is there stays.

    Args:
        named: The file or folder that was named; None for the user's own.
        said: What options said; what must not be forgotten is written as a setting.

    Raises:
        ConfigError: The file cannot be made.
    """
    place = config.file_place(named)
    kept = {name: said[name] for name in REMEMBERED if said.get(name)}
    if "database_url" in kept:
        kept["database_url"] = _lasting(kept["database_url"])
    return Made("configuration", str(place), _write_new(place, settings_text(kept)))


def settings_text(kept: Mapping[str, str]) -> str:
    """Return a configuration file that says some settings, and has each other as a comment."""
    defaults = config.load({"config": os.devnull}, {})  # an empty file: nobody says anything
    text = "\n".join(
        _lines_of(definition, kept.get(definition.name), defaults.said[definition.name].value)
        for definition in config.DEFINITIONS
    )
    heading = "# Settings of dsr. Take the # away to change one; `dsr config` shows what holds.\n\n"
    return heading + text


def database_file(url: str) -> Path | None:
    """Return the database's file, or None where it is none."""
    return health.file_of(url)


def make_office(desk: Desk, *, new_database: bool) -> list[Made]:
    """Make whatever the office still lacks; nothing that is there is touched.

    Args:
        desk: The desk; its database was made when it was opened.
        new_database: Whether it was.

    Raises:
        ConfigError: The key is missing though the database needs it, or cannot be made.
    """
    with desk.read() as session:
        may_make = not health.has_identifiers(session)
        names = [one.name for one in officers(session)]
    key, workspace = desk.office.key_file, desk.office.workspace
    new_key, new_workspace = not key.exists(), not workspace.exists()
    read_key(key, may_make=may_make)
    _make_folder(workspace)
    if not names:
        with desk.write():  # whoever writes first is registered as the first officer
            pass
    return [
        Made("database", _place_of(desk), _word(new=new_database)),
        Made("key", str(key), _word(new=new_key)),
        Made("workspace", str(workspace), _word(new=new_workspace)),
        Made("first officer", (names or [desk.officer])[0], _word(new=not names)),
    ]


def _place_of(desk: Desk) -> str:
    url = desk.engine.url.render_as_string()  # without the password
    return str(health.file_of(url) or url)


def _word(*, new: bool) -> str:
    return MADE if new else THERE


def _lasting(value: str) -> str:
    """Return a database that means the same from any folder."""
    if "://" in value or value.startswith(("env:", "file:")):
        return value
    return str(Path(value).expanduser().absolute())


def _lines_of(definition: config.Definition, value: str | None, default: str) -> str:
    lines = [f"# {definition.meaning}"]
    if value is not None and config.masked(value) != value:
        lines.append("# It tells a password: keep it elsewhere and write env:NAME or file:PATH.")
        value = None
    said = json.dumps(default if value is None else value, ensure_ascii=False)
    lines.append(f"{'# ' if value is None else ''}{definition.name} = {said}")
    return "\n".join(lines) + "\n"


def _write_new(place: Path, text: str) -> str:
    if place.exists():
        return THERE
    _make_folder(place.parent)
    try:
        descriptor = os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ConfigError(f"{place} cannot be made: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return MADE


def _make_folder(place: Path) -> None:
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{place} cannot be made: {error.strerror}") from None
