"""What a copy says about itself and its collections, in its reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class WithheldAbout:
    """Something that is not in the copy by a decision, as its reader is told.

    Attributes:
        field: The column; empty where it is all of the collection.
        label: What is withheld, for people: a collection, or a collection and its field.
        ground: The ground's name, or as much of it as the law lets us tell. No code of a ground is
            told: what lacks one would stand out among the others.
        citation: The law's article.
    """

    source: str
    collection: str
    field: str
    label: str
    ground: str
    citation: str


@dataclass(frozen=True, slots=True)
class CopyAbout:
    """What stands on a copy's first page.

    Attributes:
        reference: The ticket's reference, as "DSR-42".
        language: The language of everything that explains the data.
        company_name: Who hands the copy out.
        contact: How to reach the company about it, one line each, in the copy's language.
        as_of: The day whose data it shows.
        requested_on: The day the request was received.
        subject_label: Whom the copy is about; None where that may not be printed.
        policy_title: The policy that the purposes come from, with its version.
        remedies: Full sentences: whom to complain to.
        withheld: What is left out by a decision.
    """

    reference: str
    language: Literal["en", "zh"]
    company_name: str
    contact: tuple[str, ...]
    as_of: date
    requested_on: date
    subject_label: str | None = None
    policy_title: str = ""
    remedies: tuple[str, ...] = ()
    withheld: tuple[WithheldAbout, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionAbout:
    """What a reader is told about one collection; texts are in the copy's language.

    Attributes:
        source_label: The system's name for people outside; empty takes its key.
        label: The collection's name for people outside; empty takes its key.
        labels: A column's name -> its name for people outside.
        categories: A column's name -> its category, for the dictionary.
        category: The category of the whole, as "identity".
        recipients: Who got some of it, by name.
        withheld: Columns that are shown with a mark alone, the same for each.
    """

    source_label: str = ""
    label: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    category: str = ""
    purpose: str = ""
    basis: str = ""
    retention: str = ""
    origin: str = ""
    recipients: tuple[str, ...] = ()
    withheld: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """One file of a copy: its path inside, and its size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Redaction:
    """One field that was left out by a decision: what is kept of it, and never the value.

    Attributes:
        ground: The ground's code, for the file.
        before: Keyed hash of all values that stood there, in the order in which they were read.
    """

    source: str
    collection: str
    field: str
    ground: str
    before: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a finished copy holds.

    Attributes:
        files: In the order in which SHA256SUMS lists them, and that file itself.
        rows: How many records.
        redacted: How many cells are hidden because they concern other people.
        shortened: How many cells the search had cut for their length.
        redactions: The fields that a decision leaves out.
    """

    files: tuple[ManifestFile, ...]
    rows: int
    redacted: int
    shortened: int = 0
    redactions: tuple[Redaction, ...] = ()
