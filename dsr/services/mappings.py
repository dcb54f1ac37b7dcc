"""Mappings: which headings of somebody's table are which keys of ours, remembered by a name."""

import re
from collections.abc import Mapping

from sqlmodel import col, select

from dsr.errors import NotFoundError, UsageError, nearest
from dsr.services.desk import Desk
from dsr.services.registers import Registered
from dsr.store.log import Entry
from dsr.store.tables.messages import MappingRow

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


def mapping(desk: Desk, name: str) -> dict[str, str]:
    """Return the heading of each key, as it is remembered.

    Raises:
        NotFoundError: Nothing is remembered by that name; near ones are named.
    """
    with desk.read() as session:
        row = session.get(MappingRow, name)
        if row is not None:
            return dict(row.columns)
        names = list(session.exec(select(MappingRow.name).order_by(col(MappingRow.name))))
    hint = nearest(name, names) if names else ""
    once = f"say once which heading is which: --map email=HEADING,text=HEADING --map-name {name}"
    raise NotFoundError(f"no mapping is called {name}", hint=hint or once)


def remember(
    desk: Desk, name: str, columns: Mapping[str, str], *, dry_run: bool = False
) -> Registered:
    """Remember which heading is which key; it says whether that is new, changed or unchanged.

    Raises:
        UsageError: The name is none.
        NotAllowedError: The officer may only read.
    """
    if not _NAME.fullmatch(name):
        hint = "letters a to z, digits, . _ -, at most 32"
        raise UsageError("this cannot be the name of a mapping", hint=hint)
    with desk.write(keep=not dry_run) as step:
        row = step.session.get(MappingRow, name)
        if row is not None and row.columns == dict(columns):
            return Registered(name, "unchanged")
        action = "mapping_added" if row is None else "mapping_changed"
        row = row or MappingRow(name=name, columns={}, officer=step.officer, made_at=step.now)
        facts = {"mapping": name, "keys": sorted(columns)}
        sealed = {f"heading_of_{key}": heading for key, heading in sorted(columns.items())}
        row.columns, row.officer, row.made_at = dict(columns), step.officer, step.now
        step.session.add(row)
        step.trail.append(Entry(action, facts=facts, sealed=sealed))
    return Registered(name, action.removeprefix("mapping_"))
