"""The desk: what every use case is given first. It alone begins and ends transactions."""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from dsr.clock import Clock, day_of
from dsr.domain.vocabulary import OfficerRole
from dsr.errors import ConfigError, NotAllowedError, NotFoundError, nearest
from dsr.rules import book
from dsr.store.engine import open_store, transaction

if TYPE_CHECKING:  # a list, which writes nothing, need not make these tables
    from dsr.domain.limits import Manner
    from dsr.store.log import Trail
    from dsr.store.tables.registers import OfficerRow


class FourEyes(StrEnum):
    """What makes two officers two.

    USER: other names and other operating-system users. NAME: other names. ALONE: one officer
    works here and says so; it holds only while nobody else who may approve is registered.
    """

    USER = "user"
    NAME = "name"
    ALONE = "alone"


def _as_ever() -> "Manner":
    from dsr.domain.limits import Manner

    return Manner()


@dataclass(frozen=True, slots=True)
class Office:
    """The settings that use cases need.

    Attributes:
        zone: The office's time zone, an IANA name.
        laws: The law packs that are switched on for every ticket.
        key_file: The key of keyed hashes; never in the database.
        workspace: Where letters and packages are written, mode 0700.
        rules_folder: The organisation's own rule files, if any.
        head_file: Where each new head of the trail is also written, if anywhere.
        reading: Tells how mail is read: what one may cost, how our mail server names itself.
    """

    zone: str = "Asia/Shanghai"
    laws: tuple[str, ...] = ("CN",)
    four_eyes: FourEyes = FourEyes.ALONE
    key_file: Path = Path("dsr.key")
    workspace: Path = Path("dsr-out")
    rules_folder: Path | None = None
    head_file: Path | None = None
    reading: "Callable[[], Manner]" = _as_ever

    @property
    def mail(self) -> "Manner":
        """How mail is read; most commands read none, and need not know."""
        return self.reading()


class AtWork(Protocol):
    """Who does something, or is asked whether he may: a `Step`, or somebody who only looks."""

    session: Session
    officer: str
    os_user: str
    roles: frozenset[OfficerRole]


@dataclass(slots=True)
class Step:
    """One transaction that writes: its session, its trail, and its one reading of the time."""

    session: Session
    trail: "Trail"
    now: datetime
    today: date
    officer: str
    os_user: str
    roles: frozenset[OfficerRole]

    def require(self, *roles: OfficerRole) -> None:
        """Refuse an officer who has none of the roles.

        Raises:
            NotAllowedError: The officer's roles do not include one of them.
        """
        if not self.roles.intersection(roles):
            words = " or ".join(roles)
            raise NotAllowedError(
                f"officer {self.officer} is no {words}",
                hint=f"dsr officer set {self.officer} --roles {roles[0]}",
            )


@dataclass(frozen=True, slots=True)
class Desk:
    """The engine, the clock, the officer and the office's settings."""

    engine: Engine
    clock: Clock
    officer: str
    os_user: str
    office: Office = field(default_factory=Office)

    def today(self) -> date:
        """Return the present day in the office's zone."""
        return self.clock.today()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and changes nothing."""
        with transaction(self.engine, write=False) as session:
            yield session

    @contextmanager
    def write(self, *, keep: bool = True) -> Iterator[Step]:
        """Give a step: it is kept whole with its events if the block ends well, else undone.

        Args:
            keep: Whether to keep it at all; without, every guard speaks and nothing changes.

        Raises:
            NotFoundError: The officer is not registered.
            NotAllowedError: The officer is not active, or may only read.
            ConfigError: The head file cannot be written, and nothing is kept; or its disk filled
                up meanwhile, and the work is kept.
        """
        from dsr.store.log import Trail

        place = self.office.head_file if keep else None
        with _appending(place) if place else nullcontext() as heads:
            with transaction(self.engine, write=True) as session:
                now = self.clock.now()
                today = day_of(now, self.office.zone)  # read once: midnight may pass meanwhile
                trail = Trail(session, now, self.officer, self.os_user)
                roles = self._roles(session, trail)
                yield Step(session, trail, now, today, self.officer, self.os_user, roles)
                head = trail.flush()
                if not keep:
                    session.rollback()
            if head and place and heads is not None:
                _keep_head(place, heads, head)

    def _roles(self, session: Session, trail: "Trail") -> frozenset[OfficerRole]:

        from dsr.store.tables.registers import OfficerRow

        row = session.get(OfficerRow, self.officer)
        if row is None:
            names = list(session.exec(select(OfficerRow.name).order_by(col(OfficerRow.name))))
            if names:
                raise NotFoundError(
                    f"there is no officer {self.officer!r}", hint=nearest(self.officer, names)
                )
            row = self._first_officer(session, trail)
        if not row.active:
            raise NotAllowedError(f"officer {self.officer} is no longer active")
        roles = frozenset(map(OfficerRole, row.roles))
        if roles <= {OfficerRole.AUDITOR}:
            raise NotAllowedError(f"officer {self.officer} is an auditor, who only reads")
        return roles

    def _first_officer(self, session: Session, trail: "Trail") -> "OfficerRow":
        """Register whoever uses a new database first: an office of one, who may do everything."""
        from dsr.store.log import Entry
        from dsr.store.tables.registers import OfficerRow

        roles = [role.value for role in OfficerRole if role is not OfficerRole.AUDITOR]
        row = OfficerRow(name=self.officer, os_user=self.os_user, roles=roles)
        session.add(row)
        trail.append(Entry("officer_added", facts={"officer": self.officer, "roles": roles}))
        return row


def open_desk(url: str, *, clock: Clock, officer: str, os_user: str, office: Office) -> Desk:
    """Return a desk on a database, which is made or upgraded where needed."""
    book.use(office.rules_folder)
    return Desk(open_store(url), clock, officer, os_user, office)


def keyed(key: bytes, *parts: str) -> str:
    """Return the keyed hash that finds a value again without telling it."""
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


@contextmanager
def _appending(place: Path) -> Iterator[int]:
    """Open the head file before anything is done: what cannot be proved later is not begun."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
    hint = "make its folder, or set head_file"
    try:
        file = os.open(place, flags, 0o600)
    except OSError as error:
        why = f"the head file {place} cannot be written ({error.strerror}); nothing was changed"
        raise ConfigError(why, hint=hint) from None
    try:
        if not S_ISREG(os.fstat(file).st_mode):
            raise ConfigError(f"the head file {place} is no file; nothing was changed", hint=hint)
        yield file
    finally:
        os.close(file)


def _keep_head(place: Path, file: int, head: str) -> None:
    try:
        os.write(file, f"{head}\n".encode("ascii"))
        os.fsync(file)
    except OSError as error:
        raise ConfigError(
            f"the work is kept, but not its head: {place} cannot be written ({error.strerror})",
            hint=f"dsr audit head >> {place}",
        ) from None
