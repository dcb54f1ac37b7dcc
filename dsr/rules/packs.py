"""Finds and reads law packs: shipped ones, earlier versions, and an organisation's own."""

import re
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from dsr.errors import ConfigError
from dsr.rules.laying import laid_over
from dsr.rules.reading import DATA, into, read_toml

if TYPE_CHECKING:  # a list reads calendars only
    from dsr.domain.law import Law

LAWS = DATA / "laws"
_EARLIER = re.compile(r"-(\d{4}-\d{2}-\d{2})$")


def pack_files(folder: Traversable | None) -> Iterator[Traversable]:
    """Give the files of a folder of packs, by name; none where there is no folder."""
    if folder is None or not folder.is_dir():
        return
    for place in sorted(folder.iterdir(), key=lambda each: each.name):
        if place.name.endswith(".toml"):
            yield place


def codes(folder: Traversable | None) -> frozenset[str]:
    """Return the codes of the packs in a folder."""
    names = (place.name.removesuffix(".toml") for place in pack_files(folder))
    return frozenset(_EARLIER.sub("", name).upper() for name in names)


def find(code: str, own: Traversable | None, version: str | None = None) -> Traversable | None:
    """Return the file of a pack, or of one version of it; the organisation's own comes first.

    A version that is no longer the pack's own lies beside it, as `eu-2025-11-01.toml`.
    """
    name = code.lower() + (f"-{version}" if version else "") + ".toml"
    for folder in (own, LAWS):
        place = folder / name if folder is not None else None
        if place is not None and place.is_file():
            return place
    return None


def whole(place: Traversable, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a pack says, with what it leaves to the shipped one whose place it takes.

    Raises:
        ConfigError: It takes the place of a shipped pack without saying so, or says it takes one's
            that is not shipped.
    """
    code, version = str(values.get("code", "")), values.get("replaces")
    shipped = LAWS / f"{code.lower()}.toml"
    if _is_shipped(place):
        if "replaces" in values:
            raise ConfigError(f"{place}: replaces: a shipped pack replaces none")
        return dict(values)
    if not shipped.is_file():
        if version:
            raise ConfigError(f"{place}: replaces: no pack {code} is shipped", hint='replaces = ""')
        return dict(values)
    if not version or not str(values.get("why", "")).strip():
        now = read_toml(shipped)["version"]
        raise ConfigError(
            f"{place}: replaces: a pack {code} is shipped; say which version this one replaces",
            hint=f'replaces = "{now}" and why = "..."',
        )
    below = _shipped_version(place, code, str(version))
    return laid_over(below, values)


def _shipped_version(place: Traversable, code: str, version: str) -> dict[str, Any]:
    for name in (f"{code.lower()}.toml", f"{code.lower()}-{version}.toml"):
        file = LAWS / name
        if file.is_file() and (values := read_toml(file))["version"] == version:
            return values
    raise ConfigError(
        f"{place}: replaces: no version {version!r} of {code} is shipped", hint="dsr law list"
    )


def _is_shipped(place: Traversable) -> bool:
    return any(place == LAWS / each.name for each in pack_files(LAWS))


def read_law(place: Traversable) -> "Law":
    """Return the law of one file; its examples are left to dsr.rules.examples.

    Raises:
        ConfigError: The file is wrong; file and key are named.
    """
    from dsr.domain.law import Law
    from dsr.domain.vocabulary import Kind

    values = whole(place, read_toml(place))
    values.pop("examples", None)
    _ground_texts(values)
    found = into(Law, values, str(place))
    stem = _EARLIER.sub("", place.name.removesuffix(".toml"))
    if stem != found.code.lower():
        raise ConfigError(
            f"{place}: code: {found.code} belongs in a file {found.code.lower()}.toml"
        )
    unserved = [kind for kind in Kind if not any(kind in rule.kinds for rule in found.clocks)]
    if unserved:
        raise ConfigError(f"{place}: clocks: none serves {', '.join(unserved)}")
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
