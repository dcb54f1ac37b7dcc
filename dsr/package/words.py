"""The words of a copy in one language, from templates/words.<language>.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from dsr.rules.reading import read_toml


@dataclass(frozen=True, slots=True)
class Words:
    """Every sentence that a copy says by itself; templates and tables ask for them by key."""

    texts: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        """Return one text, or a list of them."""
        return self.texts[key]

    def day(self, day: date) -> str:
        """Return a date as the language writes it."""
        values = {"year": day.year, "month": day.month, "day": day.day}
        return str(self["day"]) % (values | {"name": self["months"][day.month - 1]})

    def yes_or_no(self, *, value: bool) -> str:
        """Return a truth value as a word."""
        return str(self["yes"] if value else self["no"])


@cache
def words_of(language: str) -> Words:
    """Return the words of one language.

    Raises:
        ConfigError: The file of words is missing or wrong.
    """
    return Words(read_toml(files("dsr.package") / "templates" / f"words.{language}.toml"))
