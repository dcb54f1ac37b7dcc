"""Which heading of somebody's table is which key of ours, by names that mean one thing."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from dsr.rules.reading import shipped

_BESIDES = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Headings:
    """The names of columns by our key.

    Attributes:
        headings: Those that mean it.
        loose: Those that mean it only where no column has one of the others.
    """

    headings: Mapping[str, Sequence[str]]
    loose: Mapping[str, Sequence[str]]


def folded(heading: str) -> str:
    """Return a heading as it is compared: letters and digits, in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", heading.casefold())
    letters = "".join(char for char in plain if unicodedata.category(char) != "Mn" or char > "⺀")
    return _BESIDES.sub("", unicodedata.normalize("NFKC", letters))


@cache
def known() -> Mapping[str, str]:
    """Return our key of each folded heading.

    Raises:
        ConfigError: The file is wrong.
    """
    return _by_name(_read().headings)


@cache
def loose() -> Mapping[str, str]:
    """Return our key of each folded heading that means it where no other does.

    Raises:
        ConfigError: The file is wrong.
    """
    return _by_name(_read().loose)


@cache
def _read() -> Headings:
    return shipped(Headings, "headings.toml")


def _by_name(headings: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    return {folded(name): key for key, names in headings.items() for name in names}
