"""What a copy says about itself and its collections, in its reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal


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


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """One file of a copy: its path inside, and its size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a finished copy holds.

    Attributes:
        files: In the order in which SHA256SUMS lists them, and that file itself.
        rows: How many records.
        redacted: How many cells are hidden because they concern other people.
        shortened: How many cells the search had cut for their length.
    """

    files: tuple[ManifestFile, ...]
    rows: int
    redacted: int
    shortened: int = 0
