"""Places whose working days can be asked for, and what the holidays library knows of them."""

import warnings
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from dsr.domain.calendars import SATURDAY_AND_SUNDAY, YearDays
from dsr.errors import NotFoundError, nearest

if TYPE_CHECKING:
    from holidays import HolidayBase

SCHEDULED = frozenset({"CN"})
"""Places whose working days are announced year by year: a file of ours for each year."""
ALIASES = {"UK": "GB-ENG", "GB": "GB-ENG", "EL": "GR"}
"""England's holidays stand for the United Kingdom where no part of it is named."""


WIDER = {"HK": ("public", "optional")}
"""Where the library's public holidays are those of workers only, and offices close on more days."""


def code_of(place: str) -> str:
    """Return the one code under which a place's years are kept.

    A place whose schedule is announced for the whole country has no calendars for its parts.
    """
    code = ALIASES.get(place.upper(), place.upper())
    country = code.partition("-")[0]
    return country if country in SCHEDULED else code


def country_of(place: str) -> str:
    """Return the country of a place, which may be one itself: GB of UK, DE of DE-BY."""
    return code_of(place).partition("-")[0]


def check(code: str) -> None:
    """Check that there is a place.

    Raises:
        NotFoundError: There is none; near ones are named.
    """
    if code in SCHEDULED:
        return
    import holidays  # 0.1 s that a Chinese year must not pay

    country, _, part = code.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        raise NotFoundError(f"there is no place {code!r}", hint=nearest(country, [*known]))
    if part and part not in known[country]:
        parts = [f"{country}-{name}" for name in known[country]]
        raise NotFoundError(f"there is no place {code!r}", hint=nearest(code, parts))


def weekend(code: str) -> frozenset[int]:
    """Return the days of the week off, Monday is 0."""
    return SATURDAY_AND_SUNDAY if code in SCHEDULED else frozenset(_library(code).weekend)


def public_holidays(code: str, year: int) -> YearDays:
    """Return a year's public holidays.

    A year is not known that is out of the library's reach, or has a day that the library only
    estimates. Worked weekends, as Hungary has them, are left out: for a last day under Regulation
    1182/71 a Saturday stays a Saturday.
    """
    base, days = _library(code), _holidays(code, year)
    source, doubt = f"public holidays, by {_named()}", ""
    mark = base.tr(getattr(base, "estimated_label", None) or "").strip("%s ()（）")
    guessed = [day for day, name in days.items() if mark and mark in name]
    if not base.start_year <= year <= base.end_year:
        doubt = f", which knows {code} from {base.start_year} to {base.end_year} only"
    elif guessed:
        doubt = f", which only estimates {days[guessed[0]]} on {guessed[0]}"
    return YearDays(year, frozenset(days), known=not doubt, source=source + doubt, names=days)


def statutory_holidays(code: str, year: int) -> YearDays:
    """Return a year of statutory holidays only: days off in lieu come with the schedule."""
    days = _holidays(code, year, observed=False)
    source = f"statutory holidays, computed by {_named()}"
    return YearDays(year, frozenset(days), known=False, source=source, names=days)


def _holidays(code: str, year: int, *, observed: bool = True) -> dict[date, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Hindu holidays in far years: those are estimated too
        found = _library(code, year, observed=observed)
    return {day: name for day, name in sorted(found.items()) if day.year == year}


@cache
def _library(code: str, year: int | None = None, *, observed: bool = True) -> "HolidayBase":
    """Return what the library knows; it would name days in the language of the machine."""
    import holidays

    country, _, part = code.partition("-")
    return holidays.country_holidays(
        country,
        subdiv=part or None,
        years=year,
        observed=observed,
        language="zh_CN" if code in SCHEDULED else "en_US",
        categories=WIDER.get(country),
    )


@cache
def _named() -> str:
    from importlib.metadata import version

    return f"the holidays library {version('holidays')}"
