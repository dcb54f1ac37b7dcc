"""The sources that are registered, with what their datamaps say. Nothing here asks a source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from sqlmodel import Session, col, select

from dsr import config
from dsr.errors import ConfigError
from dsr.sources.datamap import Collection, Dataset, read_datamaps
from dsr.store.tables.registers import SourceRow


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the office can search: datasets in the order of their keys, and where they are.

    Attributes:
        datasets: The registered sources, as their datamaps describe them.
        places: Where each is, as registered: a URL, or a reference to one.
        read_only: Those that are registered to be read and not written.
    """

    datasets: tuple[Dataset, ...]
    places: Mapping[str, str]
    read_only: frozenset[str] = frozenset()

    @property
    def urls(self) -> dict[str, str]:
        """The URL of each source by its key, with the secrets in them.

        Raises:
            ConfigError: A reference leads nowhere; the source is named.
        """
        return {key: url_of(key, place) for key, place in self.places.items()}

    def dataset(self, source: str) -> Dataset | None:
        """Return a source's dataset, if it is registered."""
        return next((one for one in self.datasets if one.fides_key == source), None)

    def collection(self, source: str, name: str) -> Collection | None:
        """Return a collection of a source, if both are known."""
        dataset = self.dataset(source)
        return dataset.collection(name) if dataset else None

    def label(self, source: str, language: str) -> str:
        """Return what a person calls a source, in a language (BCP 47); its key if nobody said."""
        dataset = self.dataset(source)
        return (dataset.label.said(language) or dataset.name or source) if dataset else source


def load(session: Session) -> Catalogue:
    """Return the active sources with their datamaps, read strictly.

    Raises:
        ConfigError: A datamap is missing or wrong, or no longer describes a source.
    """
    query = select(SourceRow).where(col(SourceRow.active)).order_by(col(SourceRow.key))
    rows = session.exec(query).all()
    known = {one.fides_key: one for one in read([Path(row.datamap) for row in rows])}
    for row in rows:
        if row.key not in known:
            raise ConfigError(
                f"{row.datamap} no longer describes the source {row.key}",
                hint=f"put it back, or: dsr source remove {row.key}",
            )
    return Catalogue(
        tuple(known[row.key] for row in rows),
        {row.key: row.url for row in rows},
        frozenset(row.key for row in rows if row.read_only),
    )


def read(paths: Sequence[Path]) -> tuple[Dataset, ...]:
    """Return what datamap files say together; a file that has not changed is not read twice.

    Raises:
        ConfigError: A file is missing or wrong; it is named.
    """
    return _read(tuple(_state(path) for path in dict.fromkeys(paths)))


def url_of(source: str, place: str) -> str:
    """Return a source's URL; `env:NAME` and `file:PATH` are followed.

    Raises:
        ConfigError: The reference leads nowhere; the source is named.
    """
    if not place.startswith(("env:", "file:")):
        return place
    try:
        value = config.secret(place)
    except ConfigError as error:
        raise ConfigError(f"source {source}: {error}", hint=error.hint) from None
    return value if "://" in value else f"sqlite:///{Path(value).expanduser().absolute()}"


class _State(NamedTuple):
    path: Path
    changed_ns: int
    size: int


def _state(path: Path) -> _State:
    try:
        now = path.stat()
    except OSError as error:
        raise ConfigError(
            f"the datamap {path} cannot be read ({error.strerror})",
            hint="put it back, or register the source again: dsr source add DATAMAP --url KEY=URL",
        ) from None
    return _State(path, now.st_mtime_ns, now.st_size)


@lru_cache(maxsize=8)
def _read(states: tuple[_State, ...]) -> tuple[Dataset, ...]:
    return read_datamaps([state.path for state in states])
