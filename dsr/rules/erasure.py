"""How a field is erased by its data category, where the datamap does not say: `erasure.toml`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources.abc import Traversable

from dsr.errors import ConfigError
from dsr.rules.reading import DATA, into, read_toml


@dataclass(frozen=True, slots=True)
class Masking:
    """A masking strategy with its configuration."""

    strategy: str
    configuration: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """How the fields of some data categories, and of all below them, are erased."""

    prefixes: tuple[str, ...]
    strategy: str
    citation: str
    configuration: Mapping[str, object] = field(default_factory=dict)

    @property
    def masking(self) -> Masking:
        """The strategy as a datamap could say it."""
        return Masking(self.strategy, self.configuration)


@dataclass(frozen=True, slots=True)
class Fallback:
    """What is tried where a table does not take the first choice."""

    strategy: str
    citation: str
    configuration: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A field's data categories and the strategy that somebody chose for it by hand."""

    text: str
    categories: tuple[str, ...]
    strategy: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """The file.

    Attributes:
        otherwise: The strategy of a field with no category, or with one that nothing below names.
        citation: Why a field is erased at all, and what counts as that.
        category: By data categories.
        fallback: In the order in which they are tried.
    """

    otherwise: str
    citation: str
    category: tuple[Choice, ...]
    fallback: tuple[Fallback, ...]
    examples: tuple[Example, ...]


def strategy_for(categories: Sequence[str]) -> Masking:
    """Return how a field is erased: the longest prefix wins by whole parts, the first where equal.

    Raises:
        ConfigError: The file is wrong.
    """
    rules = erasure()
    found = [
        (len(prefix), choice.masking)
        for choice in rules.category
        for prefix in choice.prefixes
        if any(each == prefix or each.startswith(f"{prefix}.") for each in categories)
    ]
    return max(found, key=lambda one: one[0])[1] if found else Masking(rules.otherwise)


def fallbacks() -> tuple[Masking, ...]:
    """Return what is tried, in order, where a table forbids NULL or needs unique values.

    Raises:
        ConfigError: The file is wrong.
    """
    return tuple(Masking(one.strategy, one.configuration) for one in erasure().fallback)


@cache
def erasure() -> Erasure:
    """Return the rules that come with the program.

    Raises:
        ConfigError: The file is wrong.
    """
    return read_erasure(DATA / "erasure.toml")


def read_erasure(place: Traversable) -> Erasure:
    """Return a file's rules.

    Raises:
        ConfigError: It is wrong, or two rules name the same data category.
    """
    rules = into(Erasure, read_toml(place), place.name)
    prefixes = [prefix for choice in rules.category for prefix in choice.prefixes]
    twice = next((one for one in prefixes if prefixes.count(one) > 1), None)
    if twice:
        raise ConfigError(f"{place.name}: category: {twice} stands twice")
    return rules
