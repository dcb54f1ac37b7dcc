"""The register of officers. Sources are in `connecting`, recipients and clients in `parties`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import OfficerRole
from dsr.errors import ConflictError, NotAllowedError, NotFoundError, UsageError, nearest
from dsr.services.desk import Desk
from dsr.store.log import Entry
from dsr.store.tables.registers import OfficerRow

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")  # one script: no two look alike
_NO_NAMES = frozenset({"none"})  # a word of the filters


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of an entry of a register: added, changed, unchanged or removed."""

    key: str
    result: str


@dataclass(frozen=True, slots=True)
class OfficerView:
    """Somebody who works tickets."""

    name: str
    full_name: str | None
    roles: tuple[str, ...]
    os_user: str | None
    active: bool


def add_officer(
    desk: Desk, name: str, roles: Sequence[str], *, full_name: str = "", os_user: str | None = None
) -> Registered:
    """Register an officer; one who is registered just so stays as he is.

    Raises:
        UsageError: The name or a role is none.
        ConflictError: An officer of that name is registered otherwise, or one looks the same.
        NotAllowedError: Only an admin may do this.
    """
    if not _NAME.fullmatch(name) or name.casefold() in _NO_NAMES:
        hint = "letters a to z, digits, . _ -, at most 32; --full-name takes any script"
        raise UsageError("this cannot be an officer's name", hint=hint)
    words = [role.value for role in roles_of(roles)]
    with desk.write() as step:
        step.require(OfficerRole.ADMIN)
        row = OfficerRow(name=name, full_name=full_name, os_user=os_user, roles=words)
        before = step.session.get(OfficerRow, name)
        others = [one.name for one in officers(step.session) if one.name != name]
        if alike := [other for other in others if _folded(other) == _folded(name)]:
            raise ConflictError(
                f"{name} would be mistaken for officer {alike[0]}", hint="choose another name"
            )
        if before is not None:
            if before.model_dump() == row.model_dump():
                return Registered(name, "unchanged")
            hint = f"dsr officer set {name} --help"
            raise ConflictError(f"officer {name} is registered otherwise", hint=hint)
        step.session.add(row)
        facts = {"officer": name, "roles": words, "os_user": os_user}
        sealed = {"full_name": full_name} if full_name else {}
        step.trail.append(Entry("officer_added", facts=facts, sealed=sealed))
    return Registered(name, "added")


def set_officer(
    desk: Desk,
    name: str,
    *,
    roles: Sequence[str] | None = None,
    active: bool | None = None,
    os_user: str | None = None,
) -> Registered:
    """Change an officer's roles, system user, or whether he works here; None leaves it as it is.

    Raises:
        UsageError: A role is none.
        NotFoundError: There is no such officer; near ones are named.
        NotAllowedError: Only an admin may do this, or no admin would be left.
    """
    words = None if roles is None else [role.value for role in roles_of(roles)]
    said = {"roles": words, "active": active, "os_user": os_user}
    with desk.write() as step:
        step.require(OfficerRole.ADMIN)
        row = _officer(step.session, name)
        changed = {
            key: value
            for key, value in said.items()
            if value is not None and value != getattr(row, key)
        }
        if not changed:
            return Registered(name, "unchanged")
        facts = {key: {"from": getattr(row, key), "to": value} for key, value in changed.items()}
        for key, value in changed.items():
            setattr(row, key, value)
        step.session.add(row)
        if not any("admin" in one.roles for one in officers(step.session) if one.active):
            raise NotAllowedError(
                f"without {name} nobody could change the registers any more",
                hint="make somebody else admin first: dsr officer set NAME --roles admin",
            )
        step.trail.append(Entry("officer_changed", facts={"officer": name, **facts}))
    return Registered(name, "changed")


def officers(session: Session) -> list[OfficerView]:
    """Return every officer by name, those who left too."""
    rows = session.exec(select(OfficerRow).order_by(col(OfficerRow.name)))
    return [
        OfficerView(row.name, row.full_name or None, tuple(row.roles), row.os_user, row.active)
        for row in rows
    ]


def approvers(session: Session) -> list[str]:
    """Return the names of the active officers who may approve."""
    return [one.name for one in officers(session) if one.active and "approver" in one.roles]


def roles_of(words: Sequence[str]) -> list[OfficerRole]:
    """Return roles in their usual order.

    Raises:
        UsageError: A word is no role; near ones are named.
    """
    known = [role.value for role in OfficerRole]
    for word in words:
        if word not in known:
            raise UsageError(f"{word!r} is no role", hint=nearest(word, known))
    if not words:
        raise UsageError("an officer has at least one role", hint=f"--roles: {', '.join(known)}")
    return [role for role in OfficerRole if role in words]


def _folded(name: str) -> str:
    """Return a name without what the eye passes over: case, and the width of letters."""
    return normalize("NFKC", name).casefold()


def _officer(session: Session, name: str) -> OfficerRow:
    row = session.get(OfficerRow, name)
    if row is None:
        names = [one.name for one in officers(session)]
        raise NotFoundError(f"there is no officer {name!r}", hint=nearest(name, names))
    return row
