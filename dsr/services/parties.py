"""The registers of outside parties: recipients of data, and clients it is processed for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session, col, select

from dsr.domain.vocabulary import OfficerRole
from dsr.errors import NotFoundError, UsageError, nearest
from dsr.rules.reading import into, read_toml
from dsr.services import catalogue
from dsr.services.desk import Desk, Step
from dsr.services.registers import Registered
from dsr.store.log import Entry
from dsr.store.tables.registers import ClientRow, RecipientRow

#: What an outside party is to the company, by section 2 of its policy.
RECIPIENT_TYPES = ("entrusted", "affiliate", "partner", "client_designated", "authority")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

Row = TypeVar("Row", RecipientRow, ClientRow)


@dataclass(frozen=True, slots=True)
class Client:
    """A customer for whom the company processes, as it is given and shown."""

    key: str
    names: Mapping[str, str]
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """An outside party that got personal information, as it is given and shown.

    Attributes:
        names: By language, as the letters call it.
        sources: What it was given: a source, or a collection of one as `crm.contacts`.
    """

    key: str
    names: Mapping[str, str]
    type: str
    contact: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Filed(Recipient):
    """A recipient in a file; its categories are for the file's reader, the datamap has its own."""

    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    recipient: tuple[_Filed, ...] = ()
    client: tuple[Client, ...] = ()


def recipients_in(place: Path) -> list[Recipient]:
    """Return the recipients that a TOML file lists as `[[recipient]]`.

    Raises:
        NotFoundError: It lists none.
        ConfigError: The file is wrong; file and key are named.
    """
    found = into(_File, read_toml(place), str(place)).recipient
    if not found:
        raise NotFoundError(f"{place} has no [[recipient]]")
    return [Recipient(one.key, one.names, one.type, one.contact, one.sources) for one in found]


def clients_in(place: Path) -> list[Client]:
    """Return the clients that a TOML file lists as `[[client]]`.

    Raises:
        NotFoundError: It lists none.
        ConfigError: The file is wrong; file and key are named.
    """
    found = into(_File, read_toml(place), str(place)).client
    if not found:
        raise NotFoundError(f"{place} has no [[client]]")
    return list(found)


def add_recipients(
    desk: Desk, entries: Iterable[Recipient], *, dry_run: bool = False
) -> list[Registered]:
    """Register recipients, all or none; one that is there already is changed where it differs.

    Raises:
        UsageError: A key, a name's language or a type is none.
        NotFoundError: A source or collection is not registered; near ones are named.
        NotAllowedError: Only an admin may do this.
    """
    done = []
    with desk.write(keep=not dry_run) as step:
        step.require(OfficerRole.ADMIN)
        known = _places(step.session)
        for entry in entries:
            _check(entry, "recipient")
            if entry.type not in RECIPIENT_TYPES:
                hint = nearest(entry.type, [*RECIPIENT_TYPES])
                raise UsageError(f"recipient {entry.key}: {entry.type!r} is no type", hint=hint)
            for place in entry.sources:
                if place not in known:
                    hint = nearest(place, known) or "dsr source add comes first"
                    raise NotFoundError(f"recipient {entry.key}: no source {place}", hint=hint)
            row = RecipientRow(
                key=entry.key,
                names=dict(entry.names),
                type=entry.type,
                contact=entry.contact or "",
                sources=list(entry.sources),
            )
            facts = {"type": row.type, "sources": row.sources}
            done.append(_put(step, row, "recipient", facts))
    return done


def add_clients(
    desk: Desk, entries: Iterable[Client], *, dry_run: bool = False
) -> list[Registered]:
    """Register clients, all or none; one that is there already is changed where it differs.

    Raises:
        UsageError: A key or a name's language is none.
        NotAllowedError: Only an admin may do this.
    """
    done = []
    with desk.write(keep=not dry_run) as step:
        step.require(OfficerRole.ADMIN)
        for entry in entries:
            _check(entry, "client")
            row = ClientRow(key=entry.key, names=dict(entry.names), contact=entry.contact or "")
            done.append(_put(step, row, "client", {}))
    return done


def recipients(session: Session) -> list[Recipient]:
    """Return the active recipients by key."""
    query = select(RecipientRow).where(col(RecipientRow.active)).order_by(col(RecipientRow.key))
    return [
        Recipient(row.key, row.names, row.type, row.contact or None, tuple(row.sources))
        for row in session.exec(query)
    ]


def clients(session: Session) -> list[Client]:
    """Return the active clients by key."""
    query = select(ClientRow).where(col(ClientRow.active)).order_by(col(ClientRow.key))
    return [Client(row.key, row.names, row.contact or None) for row in session.exec(query)]


def remove_recipient(desk: Desk, key: str) -> Registered:
    """Take a recipient out of use; what tickets say of it stays.

    Raises:
        NotFoundError: There is no such recipient; near ones are named.
        NotAllowedError: Only an admin may do this.
    """
    return _remove(desk, RecipientRow, key, "recipient")


def remove_client(desk: Desk, key: str) -> Registered:
    """Take a client out of use; what tickets say of it stays.

    Raises:
        NotFoundError: There is no such client; near ones are named.
        NotAllowedError: Only an admin may do this.
    """
    return _remove(desk, ClientRow, key, "client")


def _places(session: Session) -> list[str]:
    """Return every source and every collection of one, as recipients name them."""
    found = []
    for dataset in catalogue.load(session).datasets:
        found.append(dataset.fides_key)
        found += [f"{dataset.fides_key}.{one.name}" for one in dataset.collections]
    return found


def _check(entry: Recipient | Client, what: str) -> None:
    if not _KEY.fullmatch(entry.key):
        raise UsageError(f"this cannot be a {what}'s key", hint="letters, digits, . _ -")
    if not any(name.strip() for name in entry.names.values()):
        raise UsageError(f"{what} {entry.key} has no name", hint="--name en=NAME --name zh=NAME")
    for language in entry.names:
        if not _LANGUAGE.fullmatch(language):
            hint = "write en=NAME, zh=NAME"
            raise UsageError(f"{what} {entry.key}: {language!r} is no language", hint=hint)


def _put(step: Step, row: Row, what: str, facts: Mapping[str, object]) -> Registered:
    before = step.session.get(type(row), row.key)
    if before is not None and before.model_dump() == row.model_dump():
        return Registered(row.key, "unchanged")
    result = "added" if before is None or not before.active else "changed"
    step.session.merge(row)
    said = {what: row.key, "names": row.names, **facts}
    sealed = {"contact": row.contact} if row.contact else {}
    step.trail.append(Entry(f"{what}_{result}", facts=said, sealed=sealed))
    return Registered(row.key, result)


def _remove(desk: Desk, table: type[Row], key: str, what: str) -> Registered:
    with desk.write() as step:
        step.require(OfficerRole.ADMIN)
        row = step.session.get(table, key)
        if row is None:
            keys = list(step.session.exec(select(table.key).where(col(table.active))))
            raise NotFoundError(f"there is no {what} {key!r}", hint=nearest(key, keys))
        if not row.active:
            return Registered(key, "unchanged")
        row.active = False
        step.session.add(row)
        step.trail.append(Entry(f"{what}_removed", facts={what: key}))
    return Registered(key, "removed")
