"""Makes a plan: searches the sources and says what would change in them. Changes nothing."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from dsr.domain.vocabulary import SearchResult
from dsr.errors import ConfigError
from dsr.sources.correcting import correct
from dsr.sources.datamap import Address, Collection, Dataset
from dsr.sources.deleting import Ties, order
from dsr.sources.drafting import Draft
from dsr.sources.erasing import aimed_at, erase
from dsr.sources.gathering import Company, gather
from dsr.sources.graph import rings
from dsr.sources.measuring import measure
from dsr.sources.plan import Change, Left, Plan, Remainder, Wish, is_reached
from dsr.sources.results import CollectionResult, SearchReport
from dsr.sources.search import Sources, check_urls
from dsr.sources.tables import Row

NOT_CONNECTED = "the source is not connected"
SEED_BYTES = 32


def make_plan(
    datasets: Sequence[Dataset],
    connect: Mapping[str, str],
    identities: Mapping[str, tuple[str, ...]],
    wish: Wish,
    *,
    key: bytes,
    now: datetime,
    read_only: frozenset[str] = frozenset(),
    seed: bytes | None = None,
) -> tuple[Plan, SearchReport]:
    """Search the sources for a person and plan what a wish changes there.

    Args:
        datasets: The datamap.
        connect: The URL of each source by its key; what is to be done elsewhere is done by hand.
        identities: What the person is known by: the identity's name and its values.
        wish: What is wanted.
        key: Of the hashes that stand for the values as they are.
        now: Aware; stands for `$now` and `$today` in measures.
        read_only: Sources that may be read and not written.
        seed: What masks are made from, where two plans are to be compared; without, 32 bytes drawn
            by chance and kept nowhere: nobody makes the masks of a plan a second time.

    Raises:
        ConfigError: A URL is wrong, or the order of erasing goes round in a ring.
        InputError: A value of an identity is no text.
        SourceError: A source stops answering while the plan is made.
    """
    check_urls(datasets, connect)
    after = _erased_after(datasets) if wish.erase else {}
    with Sources(connect) as sources:
        company = gather(
            datasets, identities, sources, lenient=wish.erase is None and not wish.correct
        )
        report = company.walk.report(datasets)
        spared = wish.erase.spared if wish.erase is not None else frozenset()
        draft = Draft(key, seed or secrets.token_bytes(SEED_BYTES), spared=spared)
        changes = _in_order(_filled(draft, company, wish, now), after)
    by_hand = _by_hand(changes, read_only)
    unread = _unread(datasets, report, wish)
    kept = tuple(change for change in changes if change.source not in read_only)
    return Plan(kept, (*draft.left, *by_hand, *unread)), report


def _filled(draft: Draft, company: Company, wish: Wish, now: datetime) -> Ties:
    """Plan all that is wished, and return the ties between what goes and what stays."""
    correct(draft, company, wish)
    measure(draft, company, wish, now)
    own: list[Row] = []
    if wish.erase is not None:
        erase(draft, company, wish.erase)
        named = wish.erase.collections
        own = [
            row
            for table in company.tables.values()
            if is_reached(named, table.address, table.collection)
            for row in table.own
        ]
    ties = Ties(draft, company, frozenset(own))
    ties.respect()
    draft.note_triggers()
    return ties


def _erased_after(datasets: Sequence[Dataset]) -> dict[Address, tuple[Address, ...]]:
    """Return what each collection is erased after.

    Raises:
        ConfigError: It goes round in a ring.
    """
    after = {
        Address(dataset.fides_key, one.name): one.erase_after
        for dataset in datasets
        for one in dataset.collections
    }
    if round_about := rings(after):
        named = ", ".join(map(str, round_about))
        raise ConfigError(
            f"erase_after goes round in a ring, or waits for one: {named}",
            hint="take one of these out of the datamap's erase_after",
        )
    return after


def _in_order(ties: Ties, after: Mapping[Address, Iterable[Address]]) -> list[Change]:
    """Return the changes as they are to be done: source by source, what points first."""
    draft, company, waits = ties.draft, ties.company, _all_after(after)
    touched = {row.table.address for row in (*draft.cells, *draft.gone)}
    ordered = order([one for one in company.tables if one in touched], company, waits)
    going = ties.sequence(ordered)
    return [
        change
        for source in _sources_in_order(ordered, waits)
        for change in _of_source(ties, [one for one in ordered if one.source == source], going)
    ]


def _of_source(ties: Ties, addresses: Sequence[Address], going: Sequence[Row]) -> Iterator[Change]:
    """Give one source's changes: what is loosened, then each collection's cells and rows."""
    loose = {row: None for row in ties.loosened if row.table.address in addresses}
    for row in loose:
        yield from ties.draft.cells_of(row)
    rows = [row for row in going if row.table.address in addresses]
    for address in addresses:
        for row in ties.draft.changed(ties.company.tables[address]):
            if row not in loose:
                yield from ties.draft.cells_of(row)
        last = max((at for at, row in enumerate(rows) if row.table.address == address), default=-1)
        yield from map(ties.draft.deletion_of, rows[: last + 1])
        rows = rows[last + 1 :]


def _all_after(after: Mapping[Address, Iterable[Address]]) -> dict[Address, set[Address]]:
    """Return what each collection is erased after, at once or because of what it waits for."""
    whole = {address: set(others) for address, others in after.items()}
    for _ in whole:
        grown = {
            address: others.union(*(whole.get(one, set()) for one in others))
            for address, others in whole.items()
        }
        if grown == whole:
            break
        whole = grown
    return whole


def _sources_in_order(
    ordered: Sequence[Address], after: Mapping[Address, Iterable[Address]]
) -> list[str]:
    """Return the sources so that what one waits for is in an earlier one.

    Raises:
        ConfigError: Two sources wait for each other: each is changed at one time.
    """
    left = list(dict.fromkeys(address.source for address in ordered))
    waits: dict[str, set[str]] = {source: set() for source in left}
    for address in ordered:
        others = {one.source for one in after.get(address, ()) if one in ordered}
        waits[address.source] |= others - {address.source}
    done: list[str] = []
    while left:
        chosen = next((one for one in left if waits[one] <= set(done)), None)
        if chosen is None:
            raise ConfigError(
                f"erase_after lets sources wait for each other: {', '.join(left)}",
                hint="each source is changed in one transaction: mend erase_after in the datamap",
            )
        done.append(chosen)
        left.remove(chosen)
    return done


def _by_hand(changes: Iterable[Change], read_only: frozenset[str]) -> Iterator[Remainder]:
    """Say how many rows somebody changes by hand in sources that are only read."""
    rows: dict[Address, dict[str, None]] = {}
    for change in changes:
        if change.source in read_only:
            told = rows.setdefault(Address(change.source, change.collection), {})
            told[repr(sorted(change.key.items(), key=repr))] = None
    for address, keys in rows.items():
        reason = "the source is registered as one that is only read"
        yield Remainder(*address, Left.BY_HAND, len(keys), reason)


def _unread(datasets: Sequence[Dataset], report: SearchReport, wish: Wish) -> Iterator[Remainder]:
    """Say where nobody looked: somebody has to, where the wish reaches."""
    places = {
        (dataset.fides_key, one.name): one for dataset in datasets for one in dataset.collections
    }
    for entry in report.collections:
        collection = places[entry.source, entry.collection]
        reason = _why_unread(entry)
        if reason and _concerns(Address(entry.source, entry.collection), collection, wish):
            yield Remainder(entry.source, entry.collection, Left.BY_HAND, 0, reason)


def _why_unread(entry: CollectionResult) -> str:
    if entry.result is SearchResult.FAILED:
        return f"it could not be searched: {entry.warnings[0]}"
    gaps = [warning for warning in entry.warnings if warning.startswith("may be incomplete")]
    if entry.result is SearchResult.NOT_ASKED and NOT_CONNECTED in entry.warnings:
        return NOT_CONNECTED
    return gaps[0] if gaps else ""


def _concerns(address: Address, collection: Collection, wish: Wish) -> bool:
    """Tell whether a wish would look at a collection."""
    reached = is_reached(wish.collections, address, collection)
    if reached and (wish.correct or collection.measures.keys() & set(wish.measures)):
        return True
    if wish.erase is None:
        return False
    erased = is_reached(wish.erase.collections, address, collection)
    return erased and bool(aimed_at(collection, wish.erase))
