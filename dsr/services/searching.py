"""Searching the company's sources for a ticket, and putting its copy together."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session, col, delete, select

from dsr.domain.guards import Facts
from dsr.domain.vocabulary import Action, IdentifierType, Kind
from dsr.errors import ConfigError, NotAllowedError
from dsr.rules import office
from dsr.rules.terms import terms
from dsr.services import proving
from dsr.services.catalogue import Catalogue, load
from dsr.services.desk import Desk, Step
from dsr.services.entrusted import in_scope
from dsr.services.permitting import viewing
from dsr.services.steps import accept_if_no_proof_is_needed, take, ticket_of
from dsr.services.views import FoundView
from dsr.store import blobs
from dsr.store.tables.registers import SourceRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, SearchRow

if TYPE_CHECKING:
    from dsr.package.about import Manifest
    from dsr.sources.results import SearchReport
    from dsr.store.tables.cases import ItemRow

#: What a datamap calls an identity (the format's own names), by our type of identifier.
IDENTITIES = {
    IdentifierType.EMAIL: "email",
    IdentifierType.PHONE: "phone_number",
    IdentifierType.ACCOUNT: "account",
    IdentifierType.OPEN_ID: "open_id",
    IdentifierType.ORDER: "order",
    IdentifierType.NAME: "name",
}


def find(desk: Desk, number: int, *, dry_run: bool = False) -> list[FoundView]:
    """Search every source for what was proved to name the person, and keep what each gave.

    The sources are read outside any transaction; the result is kept in one.

    Raises:
        NotAllowedError: Nothing is proved yet, or the ticket is not in work.
        ConfigError: No source is registered, or a datamap is wrong.
    """
    from dsr.sources.search import search

    catalogue, identities = _ready_to_search(desk, number)
    report = search(catalogue.datasets, catalogue.urls, identities)
    with desk.write(keep=not dry_run) as step:
        ticket = ticket_of(step.session, number)
        accept_if_no_proof_is_needed(step, ticket)
        # Judged before the result is kept: what was found may ask for stronger proof.
        take(
            step,
            ticket,
            Action.SEARCH,
            facts={
                "by": sorted(identities),
                "datamaps": _datamap_hashes(step.session),
                "results": [
                    [e.source, e.collection, e.result.value, e.rows] for e in report.collections
                ],
            },
            known=viewing(step.session, ticket, step.officer),
        )
        _keep_found(step, number, report)
    return [
        FoundView(e.source, e.collection, e.result.value, e.rows, e.warnings)
        for e in report.collections
    ]


def _keep_found(step: Step, number: int, report: "SearchReport") -> None:
    """Keep what each collection gave in the place of what the search before gave."""
    step.session.exec(delete(SearchRow).where(col(SearchRow.ticket) == number))
    for each in report.collections:
        row = SearchRow(
            ticket=number,
            source=each.source,
            collection=each.collection,
            result=each.result,
            rows=each.rows,
            warnings=list(each.warnings),
            categories=list(each.categories),
            at=step.now,
        )
        step.session.add(row)


def _ready_to_search(desk: Desk, number: int) -> tuple[Catalogue, dict[str, tuple[str, ...]]]:
    with desk.write(keep=False) as step:  # every guard speaks before a source is asked
        ticket = ticket_of(step.session, number)
        accept_if_no_proof_is_needed(step, ticket)
        take(step, ticket, Action.SEARCH, known=viewing(step.session, ticket, step.officer))
        catalogue = in_scope(load(step.session), ticket)
        if not catalogue.datasets:
            raise ConfigError(
                "no source is registered", hint="dsr source add DATAMAP --url KEY=FILE"
            )
        return catalogue, identities_of(step.session, ticket)


def _datamap_hashes(session: Session) -> list[str]:
    """Return the hashes of the datamaps that a search went by: what it could know at all."""
    paths = session.exec(select(SourceRow.datamap).where(col(SourceRow.active)).distinct())
    return sorted(sha256(Path(path).read_bytes()).hexdigest() for path in paths)


def identities_of(session: Session, ticket: TicketRow) -> dict[str, tuple[str, ...]]:
    """Return what is searched by: only what was proved for this ticket, where proof is needed."""
    if office.kind_rule(ticket.kind, ticket.scope).needs_proof:
        named = proving.proved_identifiers(session, ticket)
    else:
        named = [(row.type, row.value) for row in proving.identifiers_of(session, ticket)]
    found: dict[str, tuple[str, ...]] = {}
    for kind, value in named:
        name = IDENTITIES[kind]
        found[name] = (*found.get(name, ()), value)
    if not found:
        method = proving.likely_next(session, ticket) or Facts().likely_method
        raise NotAllowedError(
            "no identifier of the person is proved for this ticket",
            hint=f"dsr verify pass {ticket.number} --method {method}",
        )
    return found


def export(
    desk: Desk,
    number: int,
    *,
    review: Path | None = None,
    dry_run: bool = False,
    telling: Callable[[str], None] = lambda _: None,
) -> PackageRow:
    """Put the person's copy together; it waits, plain and in the database, for its answer.

    Args:
        desk: The desk.
        number: The ticket.
        review: A new folder into which the plain copy is also laid, for the officers to read.
        dry_run: Put it together and keep nothing.
        telling: Takes a word on what is being done.

    Raises:
        NotAllowedError: Nothing is proved or searched yet, or there is no leave to see a minor's
            data.
        ConfigError: A datamap is wrong, or the folder exists.
        SourceError: A source failed: a copy without it would not be whole.
        ConflictError: The disk is full.
    """
    from dsr.package.archive import plain_zip
    from dsr.services.copied import copy_hash
    from dsr.services.copies import gather_copy, left_out_of

    if review is not None and review.exists():
        raise ConfigError(f"{review} exists already", hint="name a new folder")
    with desk.write(keep=False) as step:  # every guard speaks before a source is asked
        ticket = ticket_of(step.session, number)
        take(step, ticket, Action.EXPORT, known=viewing(step.session, ticket, step.officer))
        rows = _to_be_decided(step, ticket)
        items_hash = copy_hash(step.session, ticket, rows)
        left_out = left_out_of(step.session, ticket, rows)
        for item in rows:  # they outlive the step, which is undone
            step.session.expunge(item)
    with desk.read() as session:
        ticket = ticket_of(session, number)
        catalogue = in_scope(load(session), ticket)
        identities = identities_of(session, ticket)
    with _workspace(desk.office.workspace) as folder:
        telling("reading the sources")
        manifest = gather_copy(
            desk,
            ticket,
            catalogue,
            identities=identities,
            folder=folder / "copy",
            left_out=left_out,
        )
        archive = plain_zip(folder / "copy")
        row = _keep(desk, number, archive, (manifest, items_hash), dry_run=dry_run)
        if review is not None:
            shutil.copytree(folder / "copy", review)
            review.chmod(0o700)
    return row


def _to_be_decided(step: Step, ticket: TicketRow) -> "list[ItemRow]":
    """List the items that a copy is made for: as `propose` without a word would list them."""
    from dsr.services.facts import items_of
    from dsr.services.items import Decision, prepare

    if ticket.kind is not Kind.CORRECTION:  # its items are what becomes what
        prepare(step, ticket, Decision())
    return items_of(step.session, ticket.number)


def _keep(
    desk: Desk, number: int, archive: Path, made: "tuple[Manifest, str]", *, dry_run: bool
) -> PackageRow:
    manifest, items_hash = made
    with desk.write(keep=not dry_run) as step:
        ticket = ticket_of(step.session, number)
        destroy_on = step.today + timedelta(days=terms().package.keep_days)
        forget_package(step.session, number)
        with archive.open("rb") as file:
            key = blobs.keep_file(step.session, file, destroy_on=destroy_on)
        row = PackageRow(
            ticket=number,
            sha256=key,
            size=archive.stat().st_size,
            manifest=[{"name": f.name, "sha256": f.sha256, "size": f.size} for f in manifest.files],
            rows=manifest.rows,
            redacted=manifest.redacted,
            made_at=step.now,
            destroy_on=destroy_on,
            items_hash=items_hash,
        )
        step.session.add(row)
        facts = {
            "package": key,
            "rows": manifest.rows,
            "redacted": manifest.redacted,
            "redactions": [list(astuple(each)) for each in manifest.redactions],
        }
        take(step, ticket, Action.EXPORT, facts=facts)
        return row


def forget_package(session: Session, number: int) -> None:
    """Destroy the copy that waited, if there is one."""
    old = session.get(PackageRow, number)
    if old is not None:
        blobs.destroy(session, old.sha256)
        session.delete(old)
        session.flush()


@contextmanager
def _workspace(folder: Path) -> Iterator[Path]:
    """Give a private folder that is gone afterwards, whatever happened."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="copy-", dir=folder))
    try:
        (place / "copy").mkdir(mode=0o700)
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def last_found(session: Session, number: int) -> list[SearchRow]:
    """Return what the last search gave, collection by collection."""
    query = (
        select(SearchRow)
        .where(col(SearchRow.ticket) == number)
        .order_by(col(SearchRow.source), col(SearchRow.collection))
    )
    return list(session.exec(query))
