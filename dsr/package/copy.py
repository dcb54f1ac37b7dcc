"""Writes a copy: rows in, a folder of files out. It neither searches nor encrypts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from dsr.domain.vocabulary import SearchResult
from dsr.package.about import CollectionAbout, CopyAbout, Manifest
from dsr.package.cells import is_cut, plain
from dsr.package.files import cannot_write, discard, new_folder
from dsr.package.page import Totals, write_page, write_readme
from dsr.package.spool import Gathered, Spools
from dsr.package.tables import write_csv, write_dictionary, write_json, write_sums
from dsr.package.words import words_of

_SPOOL = ".rows"


class CopyWriter:
    """A copy in the making; it is a search's sink, and holds no row in memory.

    Used as a context, it leaves nothing behind when the block fails.

    Args:
        folder: A new or empty folder; it is made private to its owner.
        about: What stands on the first page.

    Raises:
        InputError: The folder is not empty, or it cannot be made.
    """

    def __init__(self, folder: Path, about: CopyAbout) -> None:
        new_folder(folder)
        self.folder = folder
        self.about = about
        self._mark = words_of(about.language)["redacted"]
        self._withheld = words_of(about.language)["withheld"]
        self._shortened = 0
        self._spools = Spools(folder / _SPOOL)
        with self._on_disk():
            (folder / _SPOOL).mkdir(mode=0o700)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self.discard()

    def collection(self, source: str, collection: str, about: CollectionAbout) -> None:
        """Say what a collection is; before its rows where a field of it is withheld."""
        self._spools.of(source, collection).about = about

    def searched(self, source: str, collection: str, result: SearchResult) -> None:
        """Say how a collection's search ended; whatever is not FOUND is told to the reader."""
        gap = None if result is SearchResult.FOUND else result
        self._spools.of(source, collection).gap = gap

    def row(
        self, source: str, collection: str, values: Mapping[str, object], foreign: frozenset[str]
    ) -> None:
        """Take one row.

        Args:
            source: The source's key.
            collection: The collection's key.
            values: The cells by column, as the driver gave them or already as JSON.
            foreign: The columns whose cells concern somebody else; they are covered.

        Raises:
            InputError: It could not be written; the whole copy is discarded.
        """
        gathered = self._spools.of(source, collection)
        row = {
            name: self._withheld
            if name in gathered.about.withheld
            else self._cell(gathered, values[name], foreign=name in foreign)
            for name in values
        }
        try:
            self._spools.add(gathered, row)
        except OSError as error:
            self.discard()
            raise cannot_write("the copy", error) from None

    def finish(self) -> Manifest:
        """Write all files, and return what they are.

        Raises:
            InputError: They could not be written; the whole copy is discarded.
        """
        with self._on_disk():
            self._spools.close()
            gathered = self._spools.all()
            found = [each for each in gathered if each.rows]
            totals = Totals(
                rows=sum(each.rows for each in found),
                redacted=sum(each.redacted for each in found),
                shortened=self._shortened,
            )
            names = self._write(gathered, found, totals)
            discard(self.folder / _SPOOL)
            files = write_sums(self.folder, names)
        return Manifest(files, totals.rows, totals.redacted, totals.shortened)

    def discard(self) -> None:
        """Remove everything that was written."""
        try:
            self._spools.close()
        except OSError:  # a full disk says so again when the file is closed
            pass
        finally:
            discard(self.folder)

    def _write(
        self, gathered: tuple[Gathered, ...], found: list[Gathered], totals: Totals
    ) -> list[str]:
        folder, about = self.folder, self.about
        (folder / "csv").mkdir(mode=0o700)
        write_readme(folder / "README.txt", found, about)
        write_page(folder / "index.html", gathered, about, totals)
        write_json(folder / "data.json", gathered, about)
        write_dictionary(folder / "dictionary.csv", found, about.language)
        for each in found:
            write_csv(folder / each.csv_name, each)
        tables = [each.csv_name for each in found]
        return ["README.txt", "index.html", "data.json", "dictionary.csv", *tables]

    def _cell(self, gathered: Gathered, value: object, *, foreign: bool) -> object:
        if foreign and value is not None:
            gathered.redacted += 1
            return self._mark
        cell = plain(value)
        self._shortened += is_cut(cell)
        return cell

    @contextmanager
    def _on_disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.discard()
            raise cannot_write("the copy", error) from None
