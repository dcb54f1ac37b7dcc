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
