"""The register of sources: connecting, checking. Trying a datamap out is in `previewing`."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from dsr import config
from dsr.domain.vocabulary import OfficerRole
from dsr.errors import ConfigError, NotFoundError, SourceError, UsageError, nearest
from dsr.services import catalogue
from dsr.services.desk import Desk, Step
from dsr.services.registers import Registered
from dsr.sources.datamap import Address, Dataset
from dsr.store import health
from dsr.store.log import Entry
from dsr.store.tables.registers import SourceRow

WARNING = "warning"
WRONG = "wrong"
FINE = "ok"


@dataclass(frozen=True, slots=True)
class SourceView:
    """A registered source; its URL is shown without a password."""

    key: str
    label: str
    url: str
    datamap: str


@dataclass(frozen=True, slots=True)
class SourceFinding:
    """What a check of a source, or of one of its collections, found: ok, warning or wrong."""

    source: str
    collection: str | None
    result: str
    text: str | None


def add_sources(
    desk: Desk, datamaps: Sequence[Path], places: Mapping[str, str], *, dry_run: bool = False
) -> list[Registered]:
    """Register every dataset of some datamaps as a source, all or none.

    Args:
        desk: The desk.
        datamaps: Files; they are read where they are each time, not copied.
        places: By key: a URL, a SQLite file's path, `env:NAME` or `file:PATH`. What is registered
            already keeps its place where none is given.
        dry_run: Check all, keep nothing.

    Raises:
        ConfigError: A datamap or a URL is wrong.
        UsageError: A place is missing, or is for no dataset, or tells a password.
        NotAllowedError: Only an admin may do this.
    """
    described = {path.absolute(): keys_in(path.absolute()) for path in datamaps}
    homes = {key: path for path, keys in described.items() for key in keys}
    only_known(places, homes)
    with desk.write(keep=not dry_run) as step:
        step.require(OfficerRole.ADMIN)
        others = [Path(row.datamap) for row in _active(step.session) if row.key not in homes]
        datasets = {one.fides_key: one for one in catalogue.read([*homes.values(), *others])}
        return [
            _put(step, datasets[key], path, _place(step, key, places.get(key)))
            for key, path in homes.items()
        ]


def keys_in(path: Path) -> list[str]:
    """Return the keys of the datasets in a datamap, which may refer to others elsewhere.

    Raises:
        ConfigError: The file cannot be read, or describes nothing.
    """
    from dsr.sources.datamap_check import examine

    datasets, _ = examine([path])
    keys = [one.fides_key for one in datasets if one.fides_key]
    if not keys:
        raise ConfigError(f"{path} describes no dataset", hint="see `dataset:` of the format")
    return keys


def sources(session: Session) -> list[SourceView]:
    """Return the active sources by key."""
    return [
        SourceView(row.key, row.label, config.masked(row.url), row.datamap)
        for row in _active(session)
    ]


def remove_source(desk: Desk, key: str) -> Registered:
    """Take a source out of use: it is searched no more; what tickets say of it stays.

    Raises:
        NotFoundError: There is no such source; near ones are named.
        NotAllowedError: Only an admin may do this.
    """
    with desk.write() as step:
        step.require(OfficerRole.ADMIN)
        row = step.session.get(SourceRow, key)
        if row is None:
            keys = [one.key for one in _active(step.session)]
            raise NotFoundError(f"there is no source {key!r}", hint=nearest(key, keys))
        if not row.active:
            return Registered(key, "unchanged")
        row.active = False
        step.session.add(row)
        step.trail.append(Entry("source_removed", facts={"source": key}))
    return Registered(key, "removed")


def check_sources(desk: Desk, key: str | None = None) -> list[SourceFinding]:
    """Compare sources with their datamaps: that they answer, and have the tables and columns.

    Raises:
        ConfigError: A datamap is missing or wrong.
        NotFoundError: There is no such source; near ones are named.
    """
    with desk.read() as session:
        known = catalogue.load(session)
    if key is not None and key not in known.places:
        hint = nearest(key, list(known.places))
        raise NotFoundError(f"there is no source {key!r}", hint=hint)
    lost = _unreachable(known.datasets)
    return [
        finding
        for dataset in known.datasets
        if key in {None, dataset.fides_key}
        for finding in _findings(dataset, known.places[dataset.fides_key], lost)
    ]


def _active(session: Session) -> Sequence[SourceRow]:
    query = select(SourceRow).where(col(SourceRow.active)).order_by(col(SourceRow.key))
    return session.exec(query).all()


def only_known(places: Mapping[str, str], keys: Mapping[str, Path] | Sequence[str]) -> None:
    """Look at what `--url` says, before anything is read.

    Raises:
        UsageError: A place is for a source that no datamap describes.
    """
    for key in places:
        if key not in keys:
            hint = nearest(key, list(keys))
            raise UsageError(f"--url {key}: no datamap describes it", hint=hint)


def _place(step: Step, key: str, place: str | None) -> str:
    """Return where a source is: as it is said now, else as it was registered."""
    if place is not None:
        place = normal_place(key, place)
    elif (row := step.session.get(SourceRow, key)) is not None:
        place = row.url
    else:
        hint = f"--url {key}=PATH, a URL, env:NAME or file:PATH"
        raise UsageError(f"where {key} is, is not said", hint=hint)
    _check_url(step.session, key, place)
    return place


def normal_place(key: str, place: str) -> str:
    """Return a place that means the same wherever dsr runs.

    Raises:
        UsageError: It tells a password.
    """
    if place.startswith("file:"):
        return f"file:{Path(place.removeprefix('file:')).expanduser().absolute()}"
    if place.startswith("env:"):
        return place
    if "://" not in place:
        return f"sqlite:///{Path(place).expanduser().absolute()}"
    if config.masked(place) != place:
        raise UsageError(
            f"the URL of {key} tells a password, which others can see in a command line",
            hint=f"--url {key}=env:NAME or {key}=file:PATH",
        )
    return place


def _check_url(session: Session, key: str, place: str) -> None:
    from dsr.sources.sql import check_url

    try:
        url = catalogue.url_of(key, place)
        check_url(url)
    except ConfigError as error:
        raise ConfigError(f"source {key}: {error}", hint=error.hint) from None
    if health.is_own_file(session, url):
        hint = f"--url {key}=PATH of a system"
        raise ConfigError(f"source {key}: this is dsr's own database", hint=hint)


def _put(step: Step, dataset: Dataset, path: Path, place: str) -> Registered:
    label = dataset.label.said("en") or dataset.name
    row = SourceRow(key=dataset.fides_key, label=label, url=place, datamap=str(path))
    before = step.session.get(SourceRow, row.key)
    if before is not None and before.model_dump() == row.model_dump():
        return Registered(row.key, "unchanged")
    result = "added" if before is None or not before.active else "changed"
    step.session.merge(row)
    facts = {
        "source": row.key,
        "url": config.masked(place),
        "datamap": row.datamap,
        "datamap_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    step.trail.append(Entry(f"source_{result}", facts=facts))
    return Registered(row.key, result)


def _unreachable(datasets: Sequence[Dataset]) -> frozenset[Address]:
    """Return the collections to which no identity leads, whatever is known of a person."""
    from dsr.sources.graph import build, plan

    graph = build(datasets)
    names = {
        field.identity
        for collection in graph.collections.values()
        for field in collection.fields
        if field.identity
    }
    reached = plan(graph, graph.starts(names)).order
    return frozenset(graph.collections.keys() - set(reached))


def _findings(dataset: Dataset, place: str, lost: frozenset[Address]) -> Iterator[SourceFinding]:
    from dsr.sources.sql import reading

    key = dataset.fides_key
    if config.masked(place) != place:
        hint = f"dsr source add DATAMAP --url {key}=env:NAME"
        yield SourceFinding(key, None, WARNING, f"its URL tells a password here; {hint}")
    try:
        with reading(catalogue.url_of(key, place)) as reader:
            for collection in dataset.collections:
                columns = () if collection.skip_processing else reader.columns(collection.name)
                said = "left out by the datamap" if collection.skip_processing else None
                found = _compared([one.name for one in collection.fields], columns)
                result, text = (FINE, said) if said else found
                if result != WRONG and Address(key, collection.name) in lost:
                    result, text = WARNING, "no identity leads here: it is never searched"
                yield SourceFinding(key, collection.name, result, text)
    except (SourceError, ConfigError) as error:
        yield SourceFinding(key, None, WRONG, str(error))


def _compared(described: Sequence[str], columns: Sequence[str]) -> tuple[str, str | None]:
    """Compare the columns that a datamap names with those of the table."""
    there, named = ({name.casefold() for name in names} for names in (columns, described))
    if missing := [name for name in described if name.casefold() not in there]:
        text = f"no column {', '.join(missing)}" if columns else "there is no such table"
        return WRONG, text
    if unknown := [name for name in columns if name.casefold() not in named]:
        return WARNING, f"columns that the datamap does not name: {', '.join(unknown)}"
    return FINE, None
