"""Gathers a person's copy: the search's rows into the package, with what is told about each."""

from collections.abc import Mapping
from pathlib import Path

from dsr.clock import day_of
from dsr.domain.office import in_language
from dsr.domain.vocabulary import SearchResult
from dsr.errors import SourceError
from dsr.letters.compose import language_for
from dsr.package.about import CollectionAbout, CopyAbout, Manifest
from dsr.package.copy import CopyWriter
from dsr.rules import book, office
from dsr.rules.terms import terms
from dsr.services.catalogue import Catalogue
from dsr.services.desk import Desk
from dsr.services.proving import proved_identifiers
from dsr.sources.datamap import Collection
from dsr.sources.results import plain
from dsr.sources.search import search
from dsr.store.tables.registers import RecipientRow
from dsr.store.tables.tickets import TicketRow


class _Granted:
    """Hands on the rows of what is handed over; what a client decides on is left out."""

    def __init__(self, writer: CopyWriter, excluded: frozenset[tuple[str, str]]) -> None:
        self._writer = writer
        self._excluded = excluded

    def row(
        self, source: str, collection: str, values: Mapping[str, object], foreign: frozenset[str]
    ) -> None:
        """Take one row of the search."""
        if (source, collection) not in self._excluded:
            harmless = {name: plain(value) for name, value in values.items()}
            self._writer.row(source, collection, harmless, foreign)


def gather_copy(
    desk: Desk,
    ticket: TicketRow,
    catalogue: Catalogue,
    *,
    identities: Mapping[str, tuple[str, ...]],
    folder: Path,
    excluded: frozenset[tuple[str, str]],
) -> Manifest:
    """Search again and write every row into a folder; nothing sits in memory whole.

    Raises:
        InputError: The folder cannot be written; no part of the copy is left.
        SourceError: A source failed.
    """
    with CopyWriter(folder, _about(desk, ticket)) as writer:
        _describe(writer, desk, ticket, catalogue, excluded=excluded)
        sink = _Granted(writer, excluded)
        report = search(catalogue.datasets, catalogue.urls, identities, sink=sink)
        handed = [e for e in report.collections if (e.source, e.collection) not in excluded]
        if failed := sum(each.result is SearchResult.FAILED for each in handed):
            raise SourceError(
                f"{failed} collections could not be read: a copy without them would not be whole",
                hint=f"mend the source (dsr source check), then dsr export {ticket.number}",
            )
        for each in handed:
            if each.result is not SearchResult.FOUND:
                writer.searched(each.source, each.collection, each.result)
        return writer.finish()


def _describe(
    writer: CopyWriter,
    desk: Desk,
    ticket: TicketRow,
    catalogue: Catalogue,
    *,
    excluded: frozenset[tuple[str, str]],
) -> None:
    """Tell the writer about each collection that is handed over."""
    language = language_for(ticket.language)
    names = _recipient_names(desk, language)
    for dataset in catalogue.datasets:
        label = catalogue.label(dataset.fides_key, language)
        for each in dataset.collections:
            if (dataset.fides_key, each.name) not in excluded:
                about = _collection_about(label, each, language=language, names=names)
                writer.collection(dataset.fides_key, each.name, about)


def _about(desk: Desk, ticket: TicketRow) -> CopyAbout:
    language = language_for(ticket.language)
    company = office.company(desk.office.rules_folder)
    return CopyAbout(
        reference=f"DSR-{ticket.number}",
        language=language,
        company_name=in_language(company.name, language),
        contact=(company.email, company.phone, in_language(company.address, language)),
        as_of=desk.today(),
        requested_on=day_of(ticket.received_at, desk.office.zone),
        subject_label=_subject(desk, ticket),
        policy_title=f"{in_language(company.policy_title, language)} ({company.version})",
        remedies=tuple(
            in_language(book.law(*pinned).remedies.text, language) for pinned in ticket.laws.items()
        ),
    )


def _subject(desk: Desk, ticket: TicketRow) -> str | None:
    """Return what names the person on his own copy; nothing that was not proved."""
    with desk.read() as session:
        return next((value for _, value in proved_identifiers(session, ticket)), None)


def _collection_about(
    source_label: str, collection: Collection, *, language: str, names: Mapping[str, str]
) -> CollectionAbout:
    categories = {
        field.name: in_language(office.category_of(next(iter(field.categories))).name, language)
        for field in collection.fields
        if any(category.startswith("user") for category in field.categories)
    }
    return CollectionAbout(
        source_label=source_label,
        label=collection.label.said(language),
        labels={field.name: field.label.said(language) for field in collection.fields},
        categories=categories,
        category=in_language(terms().wording.and_also, language).join(
            dict.fromkeys(categories.values())
        ),
        purpose=collection.purpose.said(language),
        basis=in_language(terms().bases.get(collection.basis, {}), language),
        retention=collection.retention.said(language),
        origin=collection.origin.said(language),
        recipients=tuple(names.get(key, key) for key in collection.recipients),
    )


def _recipient_names(desk: Desk, language: str) -> dict[str, str]:
    from sqlmodel import select

    with desk.read() as session:
        rows = session.exec(select(RecipientRow)).all()
    return {row.key: in_language(row.names, language) or row.key for row in rows}
