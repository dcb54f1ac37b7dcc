"""Trying a datamap out, before it is registered: what a search finds, what an erasure changes."""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from dsr.domain.people import normalise
from dsr.domain.vocabulary import OfficerRole
from dsr.errors import DsrError, InputError, SourceError
from dsr.services import catalogue
from dsr.services.connecting import normal_place, only_known
from dsr.services.desk import Desk, keyed
from dsr.services.holding import unheld
from dsr.services.keys import read_key
from dsr.services.searching import IDENTITIES
from dsr.services.views import FoundView
from dsr.sources.datamap import Dataset, Masking
from dsr.sources.plan import Change, Erase, Left, Plan, Remainder, Wish, Work
from dsr.sources.results import SearchReport, plain
from dsr.store.log import Entry

#: The result of a change before and after it is written, by what is done.
RESULTS = {Work.SET: ("change", "changed"), Work.DELETE: ("delete", "deleted")}
FAILED = "failed"
SUMS = {
    "change": "cells that would change",
    "delete": "rows that would be deleted",
    "changed": "cells changed",
    "deleted": "rows deleted",
}
STAYING = (Left.BLOCKED, Left.SHARED, Left.OTHERS, Left.BY_HAND)


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried out.

    Attributes:
        datamaps: Files that are read together.
        places: By source: a URL, a SQLite file's path, `env:NAME` or `file:PATH`.
        identities: What a person is known by: the identity's name, and values.
        categories: Data categories to look at; None for all.
    """

    datamaps: Sequence[Path]
    places: Mapping[str, str]
    identities: Mapping[str, tuple[str, ...]]
    categories: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ErasedView:
    """One cell or row that an erasure changes, or something that it leaves.

    Attributes:
        key: What tells the row, by field; nothing where fields are counted.
        field: The cell; nothing for whole rows.
        strategy: How it is masked, or `delete`.
        result: change, changed, delete, deleted, failed; else why it is left.
        rows: How many rows are left so.
    """

    source: str
    collection: str
    key: dict[str, object] | None
    field: str | None
    strategy: str | None
    result: str
    after: object
    reason: str | None
    rows: int


def preview(desk: Desk, trial: Trial) -> list[FoundView]:
    """Return what a search would find by datamaps that need not be registered yet; it is logged.

    Raises:
        ConfigError: A datamap or a URL is wrong.
        UsageError: A place is for no dataset, or tells a password.
        NotAllowedError: Only an admin may do this.
    """
    from dsr.sources.search import search

    datasets, urls = _read(trial)
    _log(desk, trial, urls)
    report = search(datasets, urls, trial.identities, only=trial.categories)
    return [
        FoundView(one.source, one.collection, one.result.value, one.rows, one.warnings)
        for one in report.collections
    ]


def preview_erasure(
    desk: Desk, trial: Trial, strategy: Masking, *, write: bool = False
) -> list[ErasedView]:
    """Return what an erasure would change by datamaps that need not be registered yet; logged.

    Collections that a client decides on, or that a law keeps, are left as they are.

    Args:
        desk: The desk.
        trial: What is tried out.
        strategy: For every field that the datamap says nothing of.
        write: Carry it out, one transaction in each source; one that fails stays as it was.

    Raises:
        ConfigError: A datamap or a URL is wrong, or erase_after goes round in a ring.
        UsageError: A place is for no dataset, or tells a password.
        NotAllowedError: Only an admin may do this, and nobody under a legal hold.
    """
    from dsr.sources.planning import make_plan

    datasets, urls = _read(trial)
    _log(desk, trial, urls, erase=strategy.strategy, write=write)
    key = _key(desk)
    made, report = make_plan(
        datasets,
        urls,
        trial.identities,
        Wish(erase=Erase(trial.categories, _ours(datasets), strategy)),
        key=key,
        now=desk.clock.now(),
    )
    lookups = _lookups(key, trial.identities)
    failures = _write(desk, made, urls, key, lookups=lookups) if write else {}
    views = [_changed(change, failures, write=write) for change in made.changes]
    left = (*made.left, *_kept(datasets, report))
    return [*views, *(view for each in left for view in _left(each))]


def _read(trial: Trial) -> tuple[tuple[Dataset, ...], dict[str, str]]:
    datasets = catalogue.read([path.absolute() for path in trial.datamaps])
    only_known(trial.places, [one.fides_key for one in datasets])
    urls = {
        key: catalogue.url_of(key, normal_place(key, place)) for key, place in trial.places.items()
    }
    return datasets, urls


def _log(desk: Desk, trial: Trial, urls: Mapping[str, str], **more: object) -> None:
    with desk.write() as step:
        step.require(OfficerRole.ADMIN)
        facts = {
            "sources": list(urls),
            "identities": sorted(trial.identities),
            "categories": trial.categories,
            **more,
        }
        step.trail.append(Entry("source_previewed", facts=facts))


def _key(desk: Desk) -> bytes:
    """Return the office's key; one for the moment where there is none yet."""
    place = desk.office.key_file
    return read_key(place, may_make=False) if place.exists() else secrets.token_bytes(32)


def _ours(datasets: Sequence[Dataset]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (dataset.fides_key, one.name)
        for dataset in datasets
        for one in dataset.collections
        if not one.is_entrusted and one.kept_by_law is None
    )


def _lookups(key: bytes, identities: Mapping[str, tuple[str, ...]]) -> list[str]:
    types = {name: kind for kind, name in IDENTITIES.items()}
    found = []
    for name, values in identities.items():
        for value in values if name in types else ():
            with suppress(InputError):  # what is no address of ours is nobody's whom we hold
                found.append(keyed(key, types[name], normalise(types[name], value)))
    return found


def _write(
    desk: Desk,
    made: Plan,
    urls: Mapping[str, str],
    key: bytes,
    *,
    lookups: Sequence[str],
) -> dict[str, str]:
    """Carry the plan out, source by source; return why each that failed did."""
    from dsr.sources.writing import apply_part

    with unheld(desk, lookups):
        pass  # told before the first source is asked; asked again as each of them commits
    failures = {}
    done = []
    for source in made.sources:
        try:
            applied = apply_part(
                urls[source], made.of(source), key, committing=lambda: unheld(desk, lookups)
            )
            done.append([source, applied.cells, applied.rows])
        except DsrError as error:
            failures[source] = str(error)
    with desk.write() as step:
        facts = {"changed": done, "failed": sorted(failures)}
        step.trail.append(Entry("source_preview_written", facts=facts))
    return failures


def _kept(datasets: Sequence[Dataset], report: SearchReport) -> Iterator[Remainder]:
    """Say what a law keeps, where rows were found."""
    laws = {
        (dataset.fides_key, one.name): one.kept_by_law
        for dataset in datasets
        for one in dataset.collections
    }
    for entry in report.collections:
        law = laws[entry.source, entry.collection]
        if law is not None and entry.rows:
            yield Remainder(
                entry.source,
                entry.collection,
                Left.KEPT,
                entry.rows,
                law.citation.said("en"),
                until=law.until.said("en"),
            )


def _changed(change: Change, failures: Mapping[str, str], *, write: bool) -> ErasedView:
    failure = failures.get(change.source)
    return ErasedView(
        source=change.source,
        collection=change.collection,
        key=_plain(change.key),
        field=change.field or None,
        strategy=change.how,
        result=FAILED if failure else RESULTS[change.work][write],
        after=plain(change.after),
        reason=failure,
        rows=1,
    )


def _left(each: Remainder) -> Iterator[ErasedView]:
    view = ErasedView(
        source=each.source,
        collection=each.collection,
        key=None,
        field=each.field or None,
        strategy=None,
        result=each.left.value,
        after=None,
        reason=each.reason,
        rows=each.rows,
    )
    for key in each.keys:
        yield replace(view, key=_plain(key), rows=1)
    if not each.keys:
        yield view


def _plain(key: Mapping[str, object]) -> dict[str, object]:
    return {name: plain(value) for name, value in key.items()}


def summed_up(views: Sequence[ErasedView]) -> Iterator[str]:
    """Say in a line each what was or would be changed, and what stays for whatever reason."""
    counts = Counter(view.result for view in views)
    for result, words in SUMS.items():
        if counts[result]:
            yield f"{words}: {counts[result]}"
    stay = {left.value: sum(v.rows or 1 for v in views if v.result == left) for left in STAYING}
    if said := [f"{count} {name}" for name, count in stay.items() if count]:
        yield f"not erased: {', '.join(said)}; the reasons stand beside them"


def insist_on_all(views: Sequence[ErasedView]) -> None:
    """Fail where a source could not be written.

    Raises:
        SourceError: It could not; the others are done.
    """
    failed = sorted({view.source for view in views if view.result == FAILED})
    if failed:
        raise SourceError(
            f"{', '.join(failed)} could not be written; nothing is changed there",
            hint="the reason stands beside each row",
        )
