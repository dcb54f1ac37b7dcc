"""The only module that reads the time. Everybody else is given a clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """What tells the time: instants in UTC, days in the office's zone."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the present day in the office's zone."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock, read in the office's zone (an IANA name)."""

    zone: str

    def now(self) -> datetime:
        """Return the present instant in UTC, without fractions of a second."""
        return datetime.now(UTC).replace(microsecond=0)

    def today(self) -> date:
        """Return the present day in the office's zone."""
        return self.now().astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still: for tests, and for reading the queue as of a day."""

    instant: datetime
    zone: str

    def now(self) -> datetime:
        """Return the instant it was made with."""
        return self.instant

    def today(self) -> date:
        """Return that instant's day in the office's zone."""
        return self.instant.astimezone(ZoneInfo(self.zone)).date()


def day_of(instant: datetime, zone: str) -> date:
    """Return an instant's calendar day in a zone."""
    return instant.astimezone(ZoneInfo(zone)).date()
