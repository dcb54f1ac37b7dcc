"""What is said on the phone about a request: two sentences a status, in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from dsr.domain.vocabulary import Status
from dsr.rules.reading import shipped


@dataclass(frozen=True, slots=True)
class Said:
    """The same two sentences in each language."""

    en: tuple[str, str]
    zh: tuple[str, str]

    def filled(self, *, number: int = 0, contact: str = "", **days: date) -> dict[str, str]:
        """Return what to say by language, with the request's own values in it."""
        values = {"number": number, "contact": contact}
        chinese = {name: f"{day.year}年{day.month}月{day.day}日" for name, day in days.items()}
        english = {name: f"{day:%-d %B %Y}" for name, day in days.items()}
        return {
            "zh": "".join(self.zh).format_map({**values, **chinese}),
            "en": " ".join(self.en).format_map({**values, **english}),
        }


@dataclass(frozen=True, slots=True)
class Phone:
    """Everything that is said on the phone.

    Attributes:
        statuses: By the status of a ticket.
        late: Instead, while an answer is overdue.
        nothing: Where no request is found.
    """

    citation: str
    statuses: Mapping[Status, Said]
    late: Said
    nothing: Said


@cache
def phone() -> Phone:
    """Return what is said on the phone.

    Raises:
        ConfigError: The file is wrong.
    """
    return shipped(Phone, "phone.toml")
