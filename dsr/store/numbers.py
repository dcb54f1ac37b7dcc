"""Numbers that are never given twice, drawn under the write lock."""

from sqlmodel import Session

from dsr.store.tables.trail import CounterRow


def draw(session: Session, name: str, count: int = 1) -> range:
    """Return the next numbers of a series; a purged number is not given again."""
    row = session.get(CounterRow, name) or CounterRow(name=name)
    first = row.last + 1
    row.last += count
    session.add(row)
    return range(first, first + count)


class Numbers:
    """Draws many numbers of several series in one transaction, reading each series once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: dict[str, CounterRow] = {}
        self._last: dict[str, int] = {}

    def draw(self, name: str, count: int = 1) -> range:
        """Return the next numbers of a series; they are kept by `flush`."""
        if name not in self._rows:
            self._rows[name] = self._session.get(CounterRow, name) or CounterRow(name=name)
            self._last[name] = self._rows[name].last
        first = self._last[name] + 1
        self._last[name] += count
        return range(first, first + count)

    def flush(self) -> None:
        """Keep how far each series was drawn."""
        for name, row in self._rows.items():
            row.last = self._last[name]
            self._session.add(row)
        self._session.flush()
