"""Finds and reads law packs: shipped ones, earlier versions, and an organisation's own."""

import re
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import tomli

from dsr.errors import ConfigError
from dsr.rules.laying import laid_over
from dsr.rules.reading import DATA, Fault, RuleError, into, read_toml

if TYPE_CHECKING:  # a list reads calendars only
    from dsr.domain.law import Law

LAWS = DATA / "laws"
_EARLIER = re.compile(r"-(\d{4}-\d{2}-\d{2})$")
_CODE = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,2}")
_TABLE = re.compile(r"^\[", re.MULTILINE)
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}")


def pack_files(folder: Traversable | None) -> Iterator[Traversable]:
    """Give the files of a folder of packs, by name; none where there is no folder.

    Raises:
        ConfigError: The folder cannot be read.
    """
    try:
        if folder is None or not folder.is_dir():
            return
        places = sorted(folder.iterdir(), key=lambda each: each.name)
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be read ({type(error).__name__})") from None
    for place in places:
        if place.name.lower().endswith(".toml") and not place.name.startswith("."):
            yield place


def code_of(place: Traversable) -> str:
    """Return the code that a file's name says: `eu-2025-11-01.toml` is one of EU."""
    return _EARLIER.sub("", place.name[: -len(".toml")]).upper()


def version_of(place: Traversable) -> str | None:
    """Return the version that a file's name says, or None where it has the present one."""
    found = _EARLIER.search(place.name[: -len(".toml")])
    return found[1] if found else None


def codes(folder: Traversable | None) -> frozenset[str]:
    """Return the codes of the packs in a folder."""
    return frozenset(map(code_of, pack_files(folder)))


def find(code: str, own: Traversable | None, version: str | None = None) -> Traversable | None:
    """Return the file of a pack, or of one version of it; the organisation's own comes first.

    A version that is no longer the pack's own lies beside it, as `eu-2025-11-01.toml`.

    Raises:
        ConfigError: A file of the organisation's claims the code under a name that differs by
            capital letters: which of two stands would depend on the disk.
    """
    if not _CODE.fullmatch(code) or not (version is None or _VERSION.fullmatch(version)):
        return None
    name = code.lower() + (f"-{version}" if version else "") + ".toml"
    for place in pack_files(own):
        if place.name.lower() == name:
            if place.name != name:
                raise RuleError(place, [Fault("", f"is to be named {name}, in small letters")])
            return place
    place = LAWS / name
    return place if place.is_file() else None


def whole(place: Traversable, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a pack says, with what it leaves to the shipped one whose place it takes.

    Raises:
        ConfigError: It takes the place of a shipped pack without saying so, says it takes one's
            that is not shipped, or has the version of the one whose place it takes.
    """
    version = values.get("replaces")
    if is_shipped(place):
        if "replaces" in values:
            raise RuleError(place, [Fault("replaces", "a shipped pack replaces none")])
        return dict(values)
    shipped = shipped_version(code_of(place))
    if shipped is None:
        if version:
            said = Fault("replaces", f"no pack {code_of(place)} is shipped", 'replaces = ""')
            raise RuleError(place, [said])
        return dict(values)
    if not version or not str(values.get("why", "")).strip():
        said = Fault(
            "replaces" if not version else "why",
            f"a pack {code_of(place)} is shipped; say which version this one replaces, and why",
            f'replaces = "{shipped}" and why = "..."',
        )
        raise RuleError(place, [said])
    below = _shipped_pack(place, str(version))
    if (now := values.get("version", version)) in {version, shipped}:
        hint = 'version = "YYYY-MM-DD", the day of your change'
        said = Fault("version", f"{now} is the shipped pack's, which tickets may pin", hint)
        raise RuleError(place, [said])
    return laid_over(below, values)


def places_of(place: Traversable) -> tuple[str, ...]:
    """Return where a shipped pack applies, of the head of its file: the whole takes far longer."""
    head = _TABLE.split(place.read_text("utf-8"), maxsplit=1)[0]
    return tuple(tomli.loads(head).get("places", ()))


def shipped_version(code: str) -> str | None:
    """Return the version of the shipped pack of a code, or None where none is shipped."""
    place = find(code, None)
    return str(read_toml(place)["version"]) if place is not None else None


def _shipped_pack(place: Traversable, version: str) -> dict[str, Any]:
    code = code_of(place)
    for file in (find(code, None), find(code, None, version)):
        if file is not None and (values := read_toml(file))["version"] == version:
            return values
    said = Fault("replaces", f"no version {version!r} of {code} is shipped", "dsr law list")
    raise RuleError(place, [said])


def is_shipped(place: Traversable) -> bool:
    """Return whether a file is one of the packs that come with the program."""
    return place == LAWS / place.name


def read_law(place: Traversable) -> "Law":
    """Return the law of one file; its examples are left to dsr.rules.examples.

    Raises:
        ConfigError: The file is wrong; file and key are named.
    """
    from dsr.domain.law import Law
    from dsr.rules.soundness import unsound

    values = read_toml(place)
    code = values.get("code", code_of(place))
    if code != code_of(place):
        belongs = f"{str(code).lower()}.toml" if isinstance(code, str) else "another file"
        raise RuleError(place, [Fault("code", f"{code} belongs in a file {belongs}")])
    values = whole(place, values)
    values.pop("examples", None)
    _ground_texts(values)
    found = into(Law, {"code": code, **values}, str(place))
    if faults := [*unsound(found, version_of(place))]:
        raise RuleError(place, faults)
    return found


def _ground_texts(values: dict[str, Any]) -> None:
    """Put the languages of each ground's citation into a table of their own."""
    grounds = values.get("grounds")
    if not isinstance(grounds, Mapping):
        return
    values["grounds"] = {
        code: {
            "certainty": said.get("certainty"),
            "text": {key: text for key, text in said.items() if key != "certainty"},
        }
        if isinstance(said, Mapping)
        else said
        for code, said in grounds.items()
    }
