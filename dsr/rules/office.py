"""Loads the office's rules: kinds, grounds, proofs, categories, company. Nothing here decides."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from dsr.domain.decisions import Substance
from dsr.domain.office import (
    Categories,
    Category,
    Company,
    Forbidden,
    Ground,
    KindRule,
    Means,
    Reason,
    belongs,
)
from dsr.domain.proofs import Levels, ProofMethod
from dsr.domain.stops import Articles, Citing, Repetition, Stop, StopRule
from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import NotFoundError, nearest
from dsr.rules.laying import laid_over
from dsr.rules.reading import DATA, into, read_toml

T = TypeVar("T")

COMPANY_FILE = "policy.toml"


@dataclass(frozen=True, slots=True)
class _Kinds:
    """`kinds.toml` after each withdrawal's scope was laid over the withdrawal itself."""

    kinds: Mapping[Kind, KindRule]
    scopes: Mapping[Kind, Mapping[Scope, KindRule]]


@dataclass(frozen=True, slots=True)
class _Grounds:
    """`grounds.toml` without its examples."""

    grounds: Mapping[str, Ground]
    forbidden: tuple[Forbidden, ...]
    citing: Citing
    deletion_reasons: Mapping[str, Reason]
    recipient_exceptions: Mapping[str, Reason]
    stops: Mapping[Stop, StopRule]
    repetition: Repetition
    substance: Substance


@dataclass(frozen=True, slots=True)
class _Proofs:
    """`proofs.toml`."""

    levels: Levels
    methods: Mapping[str, ProofMethod]


def kinds() -> Mapping[Kind, KindRule]:
    """Return the rule of every kind, without regard to scope."""
    return _kinds().kinds


def kind_rule(kind: Kind, scope: Scope | None = None) -> KindRule:
    """Return the rule of a kind, or of its scope where it has one."""
    read = _kinds()
    if scope is None:
        return read.kinds[kind]
    return read.scopes.get(kind, {}).get(scope, read.kinds[kind])


def grounds() -> Mapping[str, Ground]:
    """Return every ground by its code, in the order of the file."""
    return _ground_file().grounds


def ground(code: str) -> Ground:
    """Return the ground with a code, in capitals or not.

    Raises:
        NotFoundError: There is none; the nearest codes are named.
    """
    return _one(grounds(), code.strip().upper(), "ground")


def ground_for(means: Means) -> Ground:
    """Return the one ground that means something to the program itself."""
    return next(each for each in grounds().values() if each.means is means)


def stops() -> Mapping[Stop, StopRule]:
    """Return what each rule that forbids a decision rests on."""
    return _ground_file().stops


@cache
def articles() -> Articles:
    """Return the articles of the rules that forbid decisions, as errors name them."""
    return MappingProxyType({stop: rule.citation for stop, rule in stops().items()})


def repetition() -> Repetition:
    """Return when a request repeats an answered one."""
    return _ground_file().repetition


def citing() -> Citing:
    """Return what a citation that an officer types looks like."""
    return _ground_file().citing


def substance() -> Substance:
    """Return when a refusal of parts is one of the whole request."""
    return _ground_file().substance


def deletion_reasons() -> Mapping[str, Reason]:
    """Return why a deletion may be owed, by code."""
    return _ground_file().deletion_reasons


def recipient_exceptions() -> Mapping[str, Reason]:
    """Return why a recipient need not be told, by code."""
    return _ground_file().recipient_exceptions


def proof_methods() -> Mapping[str, ProofMethod]:
    """Return every way to show identity or authority by its code, the mildest first."""
    return _proofs().methods


def proof_method(code: str) -> ProofMethod:
    """Return the proof method with a code; a hyphen does for an underscore.

    Raises:
        NotFoundError: There is none; the nearest codes are named.
    """
    return _one(proof_methods(), code.strip().lower().replace("-", "_"), "proof method")


def proof_levels() -> Levels:
    """Return how strong a proof of identity must be."""
    return _proofs().levels


@cache
def categories() -> Categories:
    """Return the policy's categories of personal information."""
    values = _read("categories.toml")
    values["all"] = values.pop("category", [])
    return into(Categories, values, "categories.toml")


@cache
def category_of(data_category: str) -> Category:
    """Return the policy's category that a data category belongs to: the longest match wins."""
    found = categories()
    matches = [
        (len(prefix), category)
        for category in found.all
        for prefix in category.prefixes
        if belongs(data_category, (prefix,))
    ]
    if matches:
        return max(matches, key=lambda match: match[0])[1]
    return next(category for category in found.all if category.code == found.otherwise)


@cache
def is_sensitive(data_category: str) -> bool:
    """Say whether the law calls a data category sensitive.

    Source:
        PIPL Art. 28.
    """
    return belongs(data_category, categories().sensitive)


@cache
def company(folder: Path | None = None) -> Company:
    """Return the company's own facts.

    Args:
        folder: The office's configuration folder; a `policy.toml` there replaces what it names.

    Raises:
        ConfigError: The folder's file is wrong.
    """
    values = _read(COMPANY_FILE)
    own = folder / COMPANY_FILE if folder else None
    if own is None or not own.exists():
        return into(Company, values, COMPANY_FILE)
    return into(Company, laid_over(values, read_toml(own)), str(own))


@cache
def _kinds() -> _Kinds:
    plain: dict[str, Any] = {}
    scopes: dict[str, dict[str, Any]] = {}
    for kind, values in _read("kinds.toml").items():
        own = values.pop("scopes", {})
        plain[kind] = {"kind": kind, **values}
        scopes[kind] = {scope: laid_over(plain[kind], over) for scope, over in own.items()}
    return into(_Kinds, {"kinds": plain, "scopes": scopes}, "kinds.toml")


@cache
def _ground_file() -> _Grounds:
    values = _read("grounds.toml")
    values.pop("examples", None)  # the tests compute them
    for table in ("grounds", "deletion_reasons", "recipient_exceptions"):
        values[table] = _with_codes(values.get(table, {}))
    read = into(_Grounds, values, "grounds.toml")
    told = {
        code: replace(
            ground, forbidden=tuple(f for f in read.forbidden if not f.grounds or code in f.grounds)
        )
        for code, ground in read.grounds.items()
    }
    return replace(read, grounds=MappingProxyType(told))


@cache
def _proofs() -> _Proofs:
    values = _read("proofs.toml")
    values["methods"] = _with_codes(values.get("methods", {}))
    return into(_Proofs, values, "proofs.toml")


def _with_codes(tables: Mapping[str, Any]) -> dict[str, Any]:
    return {code: {"code": code, **table} for code, table in tables.items()}


def _read(name: str) -> dict[str, Any]:
    place: Traversable = DATA / name
    return read_toml(place)


def _one(known: Mapping[str, T], code: str, what: str) -> T:
    if code not in known:
        raise NotFoundError(f"there is no such {what}", hint=nearest(code, list(known)))
    return known[code]
