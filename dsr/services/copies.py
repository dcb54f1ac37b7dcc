"""Gathers a person's copy: the search's rows into the package, with what is told about each."""

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from sqlmodel import Session, select

from dsr.clock import day_of
from dsr.domain.office import in_language
from dsr.domain.vocabulary import SearchResult
from dsr.errors import SourceError
from dsr.letters.compose import language_for
from dsr.package.about import CollectionAbout, CopyAbout, Manifest, Redaction, WithheldAbout
from dsr.package.copy import CopyWriter
from dsr.rules import book, citations, office
from dsr.rules.terms import terms
from dsr.services.catalogue import Catalogue, load
from dsr.services.desk import Desk
from dsr.services.entrusted import reaches
from dsr.services.extents import Decided, decided
from dsr.services.keys import read_key
from dsr.services.proving import proved_identifiers
from dsr.services.told import told
from dsr.sources.datamap import Collection
from dsr.sources.plan import HASH_CHARS
from dsr.sources.results import plain
from dsr.sources.search import search
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.registers import RecipientRow
from dsr.store.tables.tickets import TicketRow


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not in a copy: collections, and single fields, each by a decision or by its owner.

    Attributes:
        collections: By source and collection: all of it.
        fields: The columns that are marked, by source and collection, each with its item.
        withheld: What the person is told of it, where it was decided.
    """

    collections: frozenset[tuple[str, str]]
    fields: Mapping[tuple[str, str], Mapping[str, ItemRow]]
    withheld: tuple[WithheldAbout, ...] = ()


def left_out_of(session: Session, ticket: TicketRow, rows: Sequence[ItemRow]) -> LeftOut:
    """Return what a copy leaves out: what somebody else decides on, and what is not granted."""
    catalogue = load(session)
    judged = decided(session, ticket, catalogue, rows)
    theirs = {
        (dataset.fides_key, collection.name)
        for dataset in catalogue.datasets
        for collection in dataset.collections
        if not reaches(ticket, collection)
    }
    refused = {(each.source, each.collection) for each in judged if not each.given}
    fields = {
        (each.source, each.collection): each.left_out
        for each in judged
        if each.given and each.left_out
    }
    language = language_for(ticket.language)
    told_of = (_withheld(each, catalogue, language) for each in judged)
    return LeftOut(
        frozenset(theirs | refused), fields, tuple(each for told in told_of for each in told)
    )


def _withheld(each: Decided, catalogue: Catalogue, language: str) -> Iterator[WithheldAbout]:
    """Give what a reader is told of what is withheld of one collection."""
    table = each.table or Collection(name=each.collection)
    label = f"{catalogue.label(each.source, language)} / {table.label.said(language) or table.name}"
    if not each.given and each.by is not None:
        yield _withheld_about(each, "", each.by, label, language)
        return
    for name, row in each.left_out.items():
        field = table.field(name)
        named = (field.label.said(language) if field else "") or name
        yield _withheld_about(each, name, row, f"{label} / {named}", language)


def _withheld_about(each: Decided, name: str, row: ItemRow, *words: str) -> WithheldAbout:
    label, language = words
    why = told(row, language)
    return WithheldAbout(each.source, each.collection, name, label, why.name, why.citation)


class _Granted:
    """Hands on the rows of what is handed over; what is withheld stays here as a keyed hash."""

    def __init__(self, writer: CopyWriter, left_out: LeftOut, key: bytes) -> None:
        self._writer = writer
        self._left_out = left_out
        self._hashes = {
            (*place, name): hmac.new(key, digestmod=sha256)
            for place, fields in left_out.fields.items()
            for name in fields
        }

    def row(
        self, source: str, collection: str, values: Mapping[str, object], foreign: frozenset[str]
    ) -> None:
        """Take one row of the search."""
        place = (source, collection)
        if place in self._left_out.collections:
            return
        harmless = {name: plain(value) for name, value in values.items()}
        for name in self._left_out.fields.get(place, ()):
            if name in harmless:
                said = json.dumps(harmless[name], ensure_ascii=False)
                self._hashes[*place, name].update(said.encode("utf-8", "surrogatepass") + b"\n")
                harmless[name] = None  # the writer puts its mark there
        self._writer.row(source, collection, harmless, foreign)

    def redactions(self) -> Iterator[Redaction]:
        """Give what is recorded of each field that is withheld: never the value."""
        for place, fields in self._left_out.fields.items():
            for name, row in fields.items():
                before = self._hashes[*place, name].hexdigest()[:HASH_CHARS]
                yield Redaction(*place, name, row.ground, before)


def gather_copy(
    desk: Desk,
    ticket: TicketRow,
    catalogue: Catalogue,
    *,
    identities: Mapping[str, tuple[str, ...]],
    folder: Path,
    left_out: LeftOut,
) -> Manifest:
    """Search again and write every row into a folder; nothing sits in memory whole.

    Raises:
        InputError: The folder cannot be written; no part of the copy is left.
        SourceError: A source failed.
    """
    key = read_key(desk.office.key_file, may_make=False)
    with CopyWriter(folder, replace(_about(desk, ticket), withheld=left_out.withheld)) as writer:
        _describe(writer, desk, ticket, catalogue, left_out=left_out)
        sink = _Granted(writer, left_out, key)
        report = search(catalogue.datasets, catalogue.urls, identities, sink=sink)
        excluded = left_out.collections
        handed = [e for e in report.collections if (e.source, e.collection) not in excluded]
        if failed := sum(each.result is SearchResult.FAILED for each in handed):
            raise SourceError(
                f"{failed} collections could not be read: a copy without them would not be whole",
                hint=f"mend the source (dsr source check), then dsr export {ticket.number}",
            )
        for each in handed:
            if each.result is not SearchResult.FOUND:
                writer.searched(each.source, each.collection, each.result)
        return replace(writer.finish(), redactions=tuple(sink.redactions()))


def _describe(
    writer: CopyWriter, desk: Desk, ticket: TicketRow, catalogue: Catalogue, *, left_out: LeftOut
) -> None:
    """Tell the writer about each collection that is handed over."""
    language = language_for(ticket.language)
    names = _recipient_names(desk, language)
    for dataset in catalogue.datasets:
        label = catalogue.label(dataset.fides_key, language)
        for each in dataset.collections:
            place = (dataset.fides_key, each.name)
            if place not in left_out.collections:
                about = _collection_about(ticket, label, each, language=language, names=names)
                hidden = frozenset(left_out.fields.get(place, ()))
                writer.collection(*place, replace(about, withheld=hidden))


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
    ticket: TicketRow,
    source_label: str,
    collection: Collection,
    *,
    language: str,
    names: Mapping[str, str],
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
        basis=citations.one_text(citations.bases(collection.basis, ticket.laws), language),
        retention=collection.retention.said(language),
        origin=collection.origin.said(language),
        recipients=tuple(names.get(key, key) for key in collection.recipients),
    )


def _recipient_names(desk: Desk, language: str) -> dict[str, str]:
    with desk.read() as session:
        rows = session.exec(select(RecipientRow)).all()
    return {row.key: in_language(row.names, language) or row.key for row in rows}
