"""What a datamap says: sources, collections, fields, and their ties. Nothing asks a source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from pathlib import Path
from typing import NamedTuple

from dsr.errors import ConfigError, Problem
from dsr.rules import erasure

Masking = erasure.Masking  # a datamap says it as the rules do
DATA_TYPES = ("string", "integer", "float", "boolean", "object_id", "object")
STRATEGIES = (
    "null_rewrite",
    "string_rewrite",
    "random_string_rewrite",
    "hash",
    "hmac",
    "aes_encrypt",
    "preserve",
    "truncate_date",
    "delete",
)
BASES = (
    "consent",
    "contract",
    "employment",
    "legal_duty",
    "vital_interest",
    "public_interest",
    "published",
    "legitimate_interest",
)
ENTRUSTED = "processor"  # the role of a collection whose rows a client decides on
ROLES = ("controller", ENTRUSTED)
HOLDERS = ("person", "company")
MEASURES = (
    "stop_marketing",
    "withdraw_consent",
    "object",
    "refuse_cookies",
    "stop_service",
    "restrict",
    "lift_restriction",
    "review",
)
#: What may stand for a value in a measure: see `Measure`.
STAND_INS = ("$now", "$today", "$officer", "$null")
WARNING = "warning"


class Address(NamedTuple):
    """A collection of a source."""

    source: str
    collection: str

    def __str__(self) -> str:
        return f"{self.source}.{self.collection}"


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in English and in Chinese; either may be missing."""

    en: str = ""
    zh: str = ""

    def __bool__(self) -> bool:
        return bool(self.en or self.zh)

    def said(self, language: str) -> str:
        """Return the words in a language (BCP 47), else in the other one."""
        return (self.zh or self.en) if language.startswith("zh") else (self.en or self.zh)


NOTHING = Words()


@dataclass(frozen=True, slots=True)
class KeptByLaw:
    """A statute that keeps a collection from being erased, and until when.

    Attributes:
        ground: The code of the ground under which it is kept; empty where the statute sets a term.
    """

    citation: Words = NOTHING
    until: Words = NOTHING
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a datamap says to set in a person's rows where a request asks for it.

    Attributes:
        set: The new value by field; `$now`, `$today`, `$officer` and `$null` stand for what they
            say, instants in UTC.
        where: By field, the values of rows that are concerned; nothing for all.
    """

    set: Mapping[str, object]
    where: Mapping[str, tuple[object, ...]] = attribute(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reference:
    """A field's tie to a field elsewhere.

    Attributes:
        direction: "from" where the other side is known first, "to" where this side is, else "".
        line: Where the datamap says so.
    """

    address: Address
    field: str
    direction: str = ""
    line: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A column, or a key of a document; its nested fields are inside its value."""

    name: str
    description: str = ""
    categories: tuple[str, ...] = ()
    identity: str = ""
    primary_key: bool = False
    references: tuple[Reference, ...] = ()
    data_type: str = ""
    length: int | None = None
    read_only: bool = False
    return_all_elements: bool = False
    custom_request_field: str = ""
    masking: Masking | None = None
    redact: bool = False
    fields: tuple["Field", ...] = ()
    label: Words = NOTHING
    line: int = attribute(default=0, compare=False)

    def all_categories(self) -> Iterator[str]:
        """Give the field's own data categories and those of what is nested in it."""
        yield from self.categories
        for inner in self.fields:
            yield from inner.all_categories()


@dataclass(frozen=True, slots=True)
class Collection:
    """A table, with what an answer says about it.

    Attributes:
        role: Whether the company decides about these rows ("controller") or a client ("processor").
        client: The client's key, for rows that the company processes for it.
        record: Whether rows record what happened: they may be erased, and are never corrected.
        holder: Whose account or file a row is: a person's, or a company's, which needs authority.
        measures: What is set where a request asks for it, by the measure's name.
    """

    name: str
    description: str = ""
    fields: tuple[Field, ...] = ()
    categories: tuple[str, ...] = ()
    after: tuple[Address, ...] = ()
    erase_after: tuple[Address, ...] = ()
    skip_processing: bool = False
    masking: Masking | None = None
    redact: bool = False
    label: Words = NOTHING
    purpose: Words = NOTHING
    basis: str = ""
    retention: Words = NOTHING
    origin: Words = NOTHING
    recipients: tuple[str, ...] = ()
    role: str = "controller"
    client: str = ""
    kept_by_law: KeptByLaw | None = None
    record: bool = False
    holder: str = HOLDERS[0]
    measures: Mapping[str, Measure] = attribute(default_factory=dict)
    line: int = attribute(default=0, compare=False)

    @property
    def is_entrusted(self) -> bool:
        """Whether a client decides on these rows, and not the company."""
        return self.role == ENTRUSTED

    def field(self, name: str) -> Field | None:
        """Return the field of a name, if there is one."""
        return next((one for one in self.fields if one.name == name), None)

    def all_categories(self) -> tuple[str, ...]:
        """Return every data category of the collection and its fields, sorted."""
        inner = {category for one in self.fields for category in one.all_categories()}
        return tuple(sorted(inner.union(self.categories)))


@dataclass(frozen=True, slots=True)
class Dataset:
    """A source as its datamap describes it.

    Attributes:
        fides_key: The source's key.
        after: Sources that are read before this one.
        namespace: Where the tables live; a SQLite file has no such thing.
        owner: The officer who answers for the source; he reviews no decision that it made.
        backup_cycle_days: After how many days an erased row is gone from the backups too.
    """

    fides_key: str
    name: str = ""
    description: str = ""
    collections: tuple[Collection, ...] = ()
    categories: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    namespace: Mapping[str, object] = attribute(default_factory=dict)
    redact: bool = False
    label: Words = NOTHING
    role: str = "controller"
    client: str = ""
    owner: str = ""
    backup_cycle_days: int | None = None
    line: int = attribute(default=0, compare=False)

    def collection(self, name: str) -> Collection | None:
        """Return the collection of a name, if there is one."""
        return next((one for one in self.collections if one.name == name), None)


def read_datamap(path: Path) -> tuple[Dataset, ...]:
    """Return what a datamap file says.

    Raises:
        ConfigError: The file is wrong: file, line, place and key are named, and how many more.
    """
    return read_datamaps([path])


def read_datamaps(paths: Sequence[Path]) -> tuple[Dataset, ...]:
    """Return what several datamap files say together; one may refer to another.

    Raises:
        ConfigError: A file is wrong: file, line, place and key are named, and how many more.
    """
    from dsr.sources.datamap_check import examine

    datasets, findings = examine(paths)
    errors = [finding for finding in findings if not finding.warning]
    if errors:
        first, others = errors[0], len(errors) - 1
        more = f" (and {others} more)" if others else ""
        raise ConfigError(f"{first.where}: {first.what}{more}", hint=first.hint, others=others)
    return datasets


def lint(path: Path, *others: Path) -> tuple[Problem, ...]:
    """Return every problem of a datamap, errors first.

    What is only doubtful has the slug "warning" and the exit code 0.
    """
    from dsr.sources.datamap_check import examine

    try:
        _, findings = examine([path, *others])
    except ConfigError as error:
        where, _, what = str(error).partition(": ")
        return (Problem(where, _joined(what, error.hint), ConfigError.exit_code, ConfigError.slug),)
    ordered = sorted(findings, key=lambda finding: finding.warning)
    return tuple(
        Problem(
            finding.where,
            _joined(finding.what, finding.hint),
            0 if finding.warning else ConfigError.exit_code,
            WARNING if finding.warning else ConfigError.slug,
        )
        for finding in ordered
    )


def _joined(what: str, hint: str) -> str:
    return f"{what}; {hint}" if hint else what


def within(category: str, targets: Sequence[str]) -> bool:
    """Tell whether a data category is one of the targets or lies below one, by whole parts."""
    return any(category == target or category.startswith(f"{target}.") for target in targets)
