"""An office of several on one machine: a folder of a group, with database, key and settings."""

import grp
import os
import tempfile
from errno import ELOOP
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISREG

import tomli

from dsr.errors import ConfigError, UsageError, nearest
from dsr.services.keys import read_key
from dsr.services.upkeep import MADE, THERE, Made, settings_text

DATABASE, KEY, SETTINGS = "dsr.sqlite3", "dsr.key", "config.toml"
#: How the files begin that a killed command left behind while it made these.
_IN_MAKING = tuple(f".{name}." for name in (DATABASE, KEY, SETTINGS))
_ANOTHER = "name a folder that is not there yet"
#: Whoever is of the group may write; what is made in the folder is the group's.
FOLDER_MODE, DATABASE_MODE, READ_MODE = 0o2770, 0o660, 0o640


def make_shared(folder: Path, group: str) -> list[Made]:
    """Make the folder of an office of several, and in it settings, key and an empty database.

    The database's file is made before SQLite does it: its log takes over the mode. What is there
    already stays as it is, so that the command may be typed again.

    Raises:
        ConfigError: There is no such group, or you are not in it; or the folder is another one's,
            can be entered by others, or holds something else, a link in the place of one of these
            files, or settings of another office.
    """
    gid = _group(group)
    _check_member(group, gid)
    folder = folder.expanduser().absolute()
    is_new = _make_folder(folder, gid, group)
    settings, database, said = folder / SETTINGS, folder / DATABASE, _settings(folder)
    try:
        _check_files(folder, tomli.loads(said.decode()))
        return [
            Made("folder", str(folder), MADE if is_new else THERE),
            Made("configuration", str(settings), _made(settings, READ_MODE, gid, said)),
            _key(folder / KEY, gid),
            Made("database", str(database), _made(database, DATABASE_MODE, gid, b"")),
        ]
    except OSError as error:
        raise _cannot(folder, "be written", error) from None


def shared_with(folder: Path) -> str | None:
    """Return the group that shares a folder as this module makes it, or None where none does."""
    found = folder.stat()
    if S_IMODE(found.st_mode) != FOLDER_MODE:
        return None
    try:
        return grp.getgrgid(found.st_gid).gr_name
    except KeyError:
        return str(found.st_gid)


def said_for(folder: Path) -> dict[str, str]:
    """Return the settings that lead to the office of a folder, whatever the environment says."""
    folder = folder.expanduser().absolute()
    return {
        "config": str(folder / SETTINGS),
        "database_url": str(folder / DATABASE),
        "key_file": str(folder / KEY),
        "four_eyes": "user",
    }


def _group(name: str) -> int:
    """Return a group's number by its name, or by the number itself."""
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        if name.isascii() and name.isdecimal() and len(name) <= len(str(1 << 32)):
            return int(name)  # a group needs no name
        known = sorted(each.gr_name for each in grp.getgrall())
        raise ConfigError(f"there is no group {name!r}", hint=nearest(name, known)) from None


def _check_member(name: str, gid: int) -> None:
    if os.geteuid() != 0 and gid not in {os.getegid(), *os.getgroups()}:
        raise ConfigError(
            f"you are not in the group {name}, so you could not use its office",
            hint="ask the administrator of this machine, then sign in anew",
        )


def _make_folder(folder: Path, gid: int, group: str) -> bool:
    """Make the folder and say so; take one that is there only if it is as it would be made."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        _new_folder(folder, gid)
        return True
    except OSError as error:
        raise _cannot(folder, "be looked at", error) from None
    mode = S_IMODE(found.st_mode)
    if not S_ISDIR(found.st_mode):
        raise ConfigError(f"{folder} is no folder", hint="--shared DIR")
    if mode != FOLDER_MODE or found.st_gid != gid:
        raise ConfigError(
            f"{folder} is there with another mode or group ({mode:04o})",
            hint=f"chgrp {group} {folder} && chmod {FOLDER_MODE:04o} {folder}",
        )
    if found.st_uid != os.geteuid():  # who owns it says what is in it
        raise ConfigError(
            f"{folder} is there and belongs to another user",
            hint=_ANOTHER,
        )
    _check_empty(folder)
    return False


def _check_empty(folder: Path) -> None:
    """Refuse a folder in which something else lies: it would be the whole group's, too."""
    names = {place.name for place in folder.iterdir() if not place.name.startswith(_IN_MAKING)}
    if names and SETTINGS not in names:
        raise ConfigError(f"{folder} is not empty", hint=_ANOTHER)


def _check_files(folder: Path, expected: dict[str, object]) -> None:
    """Refuse what would lead this office to other files than its own."""
    for place in (folder / DATABASE, folder / KEY):
        if (file := _opened(place)) is not None:
            os.close(file)
    if (file := _opened(folder / SETTINGS)) is None:
        return
    with os.fdopen(file, "rb") as settings:
        try:
            there = tomli.load(settings)
        except ValueError:
            raise ConfigError(f"{folder / SETTINGS} is no TOML", hint=_ANOTHER) from None
    for name in {**expected, **there}:
        if there.get(name) != expected.get(name):
            raise ConfigError(
                f"{folder / SETTINGS} says another {name} than would be written", hint=_ANOTHER
            )


def _opened(place: Path) -> int | None:
    """Open a file of the office to read, or give None where there is none; follow no link."""
    try:
        file = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno != ELOOP:
            raise
        raise ConfigError(f"{place} is a link", hint=_ANOTHER) from None
    if S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise ConfigError(f"{place} is no file", hint=_ANOTHER)


def _new_folder(folder: Path, gid: int) -> None:
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, -1, gid)  # first: a change of the group takes the set-group bit away
        folder.chmod(FOLDER_MODE)
    except FileNotFoundError:
        raise ConfigError(f"{folder.parent} is not there", hint="make it first") from None
    except OSError as error:
        raise _cannot(folder, "be made", error) from None


def _cannot(folder: Path, what: str, error: OSError) -> ConfigError:
    hint = "--shared DIR, in a folder that you may write to"
    return ConfigError(f"{folder} cannot {what}: {error.strerror}", hint=hint)


def _settings(folder: Path) -> bytes:
    kept = {name: value for name, value in said_for(folder).items() if name != "config"}
    return settings_text(kept).encode()


def _made(place: Path, mode: int, gid: int, content: bytes) -> str:
    """Make a file of the group, whole or not at all; one that is there stays."""
    if place.exists():
        return THERE
    with tempfile.NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.fchown(file.fileno(), -1, gid)
        os.fchmod(file.fileno(), mode)
        try:
            os.link(file.name, place)  # unlike a rename, it never takes another's place
        except FileExistsError:
            return THERE
    return MADE


def _key(place: Path, gid: int) -> Made:
    is_new = not place.exists()
    if is_new and _is_used(place.with_name(DATABASE)):
        raise ConfigError(
            f"the key file {place} is missing; identifiers cannot be looked up",
            hint="put the file back from where it is kept apart",
        )
    read_key(place, may_make=is_new)
    if is_new and (file := _opened(place)) is not None:
        with os.fdopen(file) as made:
            os.fchown(made.fileno(), -1, gid)
            os.fchmod(made.fileno(), READ_MODE)
    return Made("key", str(place), MADE if is_new else THERE)


def _is_used(database: Path) -> bool:
    return database.exists() and database.stat().st_size > 0


def check_options(said: dict[str, str], group: str) -> None:
    """Refuse options that contradict each other.

    Raises:
        UsageError: No group is named, or a database besides.
    """
    if not group:
        raise UsageError("an office of several belongs to a group", hint="--group GROUP")
    if "database_url" in said:
        raise UsageError("--shared says where the database is", hint="leave --db away")
