"""What a mail server's answers say: sizes, instants, mails. Nothing here asks a server."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from dsr.intake.imap_line import read_name

MOST_UID = (1 << 32) - 1
MOST_SIZE = (1 << 63) - 1
_NAME = 100  # characters of a folder's name that is shown
_LEAST = 64 << 10  # bytes that a mail may have at least, whatever the server says of its size
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_DATE = re.compile(
    r'INTERNALDATE "\s?(\d{1,2})-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"'
)
_BODY = re.compile(rb"BODY\[\](?:<\d+>)? \{\d+\}$")
_SHORT_BODY = re.compile(rb'BODY\[\](?:<\d+>)? "((?:[^"\\]|\\.)*)"')
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True)
class Listed:
    """What a server says of a mail before it gives it."""

    size: int
    arrived_at: datetime | None

    @property
    def room(self) -> int:
        """How many bytes it may have, as servers guess."""
        return max(2 * self.size, _LEAST)


def number(said: str | bytes | None, *, least: int = 1, most: int = MOST_UID) -> int:
    """Return a number that a server says.

    Raises:
        ValueError: It is none that means anything; what was said instead is not repeated.

    Source: RFC 9051 §9: nz-number, number64.
    """
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said or ""
    if not re.fullmatch("[0-9]{1,19}", text) or not least <= int(text) <= most:
        raise ValueError
    return int(text)


def uid_set(uids: Sequence[int]) -> str:
    """Return UIDs as a command names them: ``1:3,7``."""
    runs: list[list[int]] = []
    for uid in sorted(uids):
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(f"{a}:{b}" if a != b else f"{a}" for a, b in runs)


def answers(data: Sequence[Any]) -> Iterator[tuple[int, str, bytes | None]]:
    """Yield UID, words and mail of each answer; one without a UID is the server's own news.

    Raises:
        ValueError: A UID is none.
    """
    words, raw = b"", None
    for part in data:
        if isinstance(part, tuple):
            words += part[0]
            raw = part[1] if _BODY.search(part[0]) else raw
            continue
        words += part or b""
        if raw is None and (short := _SHORT_BODY.search(words)):
            raw = re.sub(rb"\\(.)", rb"\1", short[1])
        if uid := re.search(rb"\bUID (\d+)", _QUOTED.sub(b"", words)):
            yield number(uid[1]), words.decode("ascii", "replace"), raw
        words, raw = b"", None


def folder_names(rows: Sequence[Any]) -> list[str]:
    """Return the folders that a list names, as far as they can be shown."""
    found = (re.search(rb' "?([^"]+)"?$', row) for row in rows if isinstance(row, bytes))
    names = {read_name(each[1].decode("ascii", "replace")) for each in found if each}
    return sorted(name for name in names if name.isprintable() and len(name) <= _NAME)


def instant(text: str) -> datetime | None:
    """Return when the server received a mail, in UTC, if that can be read."""
    found = _DATE.search(text)
    if not found or found[2] not in _MONTHS:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    clock = (int(hour), int(minute), int(second))
    try:
        said = datetime(int(year), _MONTHS.index(month) // 3 + 1, int(day), *clock, tzinfo=UTC)
    except ValueError:
        return None
    east = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    try:
        return said - east
    except OverflowError:
        return None
