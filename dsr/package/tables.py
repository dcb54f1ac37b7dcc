"""The files of a copy for other programs: CSV, JSON, dictionary, checksums. No page here."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from dsr.package.about import CopyAbout, ManifestFile
from dsr.package.cells import for_spreadsheet, to_json
from dsr.package.files import private_text, sha256_of
from dsr.package.spool import Gathered
from dsr.package.words import words_of

_FOR_SPREADSHEETS = "utf-8-sig"  # without the mark Excel takes UTF-8 for the local code page
SUMS = "SHA256SUMS"


def write_csv(path: Path, gathered: Gathered) -> None:
    """Write one collection as a table: a row of column names, then the records."""
    columns = list(gathered.columns)
    records = ([for_spreadsheet(row.get(name)) for name in columns] for row in gathered.read())
    _write_table(path, [for_spreadsheet(name) for name in columns], records)


def write_dictionary(path: Path, found: Iterable[Gathered], language: str) -> None:
    """Write what each column of each table means."""
    words = words_of(language)
    keys = ("file", "system", "collection", "column", "label", "category")
    _write_table(path, [words[key] for key in keys], _meanings(found))


def write_json(path: Path, gathered: Sequence[Gathered], about: CopyAbout) -> None:
    """Write the whole copy as one JSON document, record by record."""
    head = {
        "reference": about.reference,
        "language": about.language,
        "company": about.company_name,
        "as_of": about.as_of.isoformat(),
        "requested_on": about.requested_on.isoformat(),
        "redaction_mark": words_of(about.language)["redacted"],
        "withheld_mark": words_of(about.language)["withheld"],
        "withheld": [asdict(each) for each in about.withheld],
        "not_in_this_copy": [
            {"source": each.source, "collection": each.collection, "result": each.gap}
            for each in gathered
            if each.gap is not None
        ],
    }
    with private_text(path) as stream:
        stream.write(f'{to_json(head)[:-1]}, "collections": [')
        for position, each in enumerate(each for each in gathered if each.rows):
            stream.write(",\n" if position else "\n")
            stream.writelines(_collection_json(each))
        stream.write("\n]}\n")


def write_sums(folder: Path, names: Iterable[str]) -> tuple[ManifestFile, ...]:
    """Write SHA256SUMS as sha256sum reads it, and return all files with their hashes and sizes."""
    files = [_listed(folder, name) for name in names]
    with private_text(folder / SUMS) as stream:
        stream.writelines(f"{file.sha256}  {file.name}\n" for file in files)
    return (*files, _listed(folder, SUMS))


def _listed(folder: Path, name: str) -> ManifestFile:
    path = folder / name
    return ManifestFile(name, sha256_of(path), path.stat().st_size)


def _meanings(found: Iterable[Gathered]) -> Iterator[list[str]]:
    for each in found:
        for name in each.columns:
            category = each.about.categories.get(name) or each.about.category
            cells = (each.csv_name, each.source_label, each.label, name, each.label_of(name))
            yield [for_spreadsheet(cell) for cell in (*cells, category)]


def _collection_json(each: Gathered) -> Iterator[str]:
    about = each.about
    head = {
        "source": each.source,
        "source_label": each.source_label,
        "collection": each.collection,
        "label": each.label,
        "category": about.category,
        "purpose": about.purpose,
        "basis": about.basis,
        "retention": about.retention,
        "origin": about.origin,
        "recipients": about.recipients,
        "columns": [
            {
                "name": name,
                "label": each.label_of(name),
                "category": about.categories.get(name) or about.category,
            }
            for name in each.columns
        ],
        "redacted": each.redacted,
        "count": each.rows,
    }
    yield f'{to_json(head)[:-1]}, "rows": ['
    for position, line in enumerate(each.lines()):
        yield f"{',' if position else ''}\n{line}"
    yield "\n]}"


def _write_table(path: Path, heading: list[str], records: Iterable[list[str]]) -> None:
    with private_text(path, encoding=_FOR_SPREADSHEETS) as stream:
        table = csv.writer(stream)
        table.writerow(heading)
        table.writerows(records)
