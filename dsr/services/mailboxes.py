"""Folders on mail servers as sources of an import: opened, followed by a cursor, moved on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Self

from dsr.config import secret
from dsr.domain.limits import Limits
from dsr.errors import (
    ConfigError,
    ConflictError,
    DsrError,
    NotFoundError,
    Problem,
    SourceError,
    UsageError,
)
from dsr.intake.arrival import Arrival
from dsr.intake.imap import TIMEOUT, Folder, open_folder
from dsr.intake.imap_line import Login, close
from dsr.intake.imap_moves import copied_before, is_whole, move
from dsr.intake.imap_place import is_url, place_of
from dsr.intake.read import Items, arrivals
from dsr.services.desk import Desk, Step
from dsr.services.wishes import Wishes
from dsr.store.mailboxes import Cursor, advance, last_read
from dsr.store.messages import seen_bytes

Beside = Callable[[Step, Sequence[Arrival]], None]

COMMAND_SECONDS = 60
_MOST_SECRET = 65_536
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How mail servers are spoken to.

    Attributes:
        password: A reference to it: ``env:NAME``, ``file:PATH`` or ``command:WORDS``.
        oauth: It leads to a token of OAuth instead.
        plain: ``imap://`` stays in plain text, to this machine alone.
        move_to: Where what was kept is moved; nowhere without.
        again: A folder is read from its first mail; what the ledger knows is not taken twice.
        timeout: Seconds that a server may be silent.
    """

    password: str = ""
    oauth: bool = False
    plain: bool = False
    move_to: str | None = None
    again: bool = False
    timeout: float = TIMEOUT


@dataclass(slots=True)
class Mailboxes:
    """The mail servers of one import; sources that are none are read as ever.

    Attributes:
        problems: What could not be read, kept or moved; the import's own list.
        notes: What is worth telling besides.
    """

    desk: Desk
    access: Access = field(default_factory=Access)
    wishes: Wishes = field(default_factory=Wishes)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)
    told: dict[str, str] = field(default_factory=dict)  # which heading of a table is which key
    _folders: list[Folder] = field(default_factory=list)
    _given: dict[str, tuple[Folder, int]] = field(default_factory=dict)
    _hashes: dict[str, tuple[int, str, str]] = field(default_factory=dict)  # size, SHA-256, key
    _before: dict[int, int] = field(default_factory=dict)  # the last UID that earlier runs read
    _several: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for folder in self._folders:
            close(folder.line)

    def follow(self, sources: Sequence[str]) -> Beside | None:
        """Return what notes how far folders were read, where a source is one."""
        self._several = len(sources) > 1
        return self.beside if any(map(is_url, sources)) else None

    def opens(self, source: str, stdin: BinaryIO) -> Items:
        """Return what a source holds; of a folder on a server, what is new in it.

        Raises:
            UsageError: It is no URL of a folder.
            ConfigError: The reference to the password leads nowhere.
            SourceError: The server does not answer, is not trusted, or refuses the login; where
                it is not the only source, that is a problem of its own, and the others are read.
            NotFoundError: There is no such file or folder.
        """
        if not is_url(source):
            zone = self.desk.office.zone
            return arrivals(source, stdin, self.limits, self.told, zone=zone)
        try:
            return self._opened(source)
        except SourceError as error:
            if not self._several:
                raise
            return iter([_problem(place_of(source, plain=self.access.plain).name, error)])

    def _opened(self, source: str) -> Items:
        place = place_of(source, plain=self.access.plain)
        target = self.access.move_to
        if target == place.folder:
            raise UsageError("--move-to names the folder that is read", hint="name another folder")
        login = Login(place.user, password_of(self.access.password), self.access.oauth)
        moves = target is not None and not (self.wishes.dry_run or self.wishes.test)
        folder = open_folder(place, login, timeout=self.access.timeout, writable=moves)
        folder.limits = self.limits
        self._folders.append(folder)
        if target and not folder.has(target):
            what = f"{place.name}: there is no folder {target} to move to"
            raise NotFoundError(what, hint="make it in the mail program first")
        return self._mails(folder, self._last_read(folder))

    def beside(self, step: Step, arrived: Sequence[Arrival]) -> None:
        """Note how far each folder was read, in the transaction that keeps these arrivals.

        What could not be had or kept is remembered and read again next time: it holds nothing
        back that comes after it.
        """
        if self.wishes.test:  # what is imported as a test is imported once more in earnest
            return
        for folder in self._folders:
            sources = [arrival.source for arrival in arrived]
            given = self._uids_of(folder, sources)
            if given:
                self._advance(step, folder, given, max(given))

    def finish(self, skipped: int = 0) -> None:
        """Note how far folders were read at the end, move on what was kept, and tell the rest.

        Args:
            skipped: How many were received before `since`, and left.
        """
        self._note_end()
        self.move_on()
        for folder in self._folders:
            if folder.shorter:
                what = f"{folder.shorter} mails are shorter than its server says: kept as they came"
                self.notes.append(f"{folder.place.name}: {what}")
        if skipped and self._folders and not self.access.move_to:
            what = "what --since leaves on a mail server counts as read: --again reads all of it"
            self.notes.append(what)

    def _note_end(self) -> None:
        """Note what the last mails that were kept could not: others behind them, and the gone."""
        if self.wishes.test or self.wishes.dry_run:
            return
        for folder in self._folders:
            given = self._uids_of(folder, self._given)
            if given or folder.withheld or folder.gone or folder.passed:
                with self.desk.write() as step:
                    self._advance(step, folder, given, folder.passed)

    def _uids_of(self, folder: Folder, sources: Iterable[str]) -> dict[int, str]:
        """Return which of some sources are mails of a folder, by their UID."""
        given = ((source, self._given.get(source)) for source in sources)
        return {one[1]: source for source, one in given if one is not None and one[0] is folder}

    def _advance(self, step: Step, folder: Folder, given: dict[int, str], last: int) -> None:
        failed = {problem.where for problem in self.problems}
        missing = {uid for uid, source in given.items() if source in failed}
        missing |= {uid for uid in folder.withheld if uid <= last}
        read = Cursor(folder.validity, last, frozenset(missing))
        done = (given.keys() - missing) | folder.gone
        place = folder.place.account, folder.place.folder
        advance(step.session, place, read, done=done, at=step.now)

    def move_on(self) -> None:
        """Move what the ledger holds to the folder that was asked for; what fails is a problem."""
        target = self.access.move_to
        if target is None or self.wishes.dry_run or self.wishes.test:
            return
        for folder in self._folders:
            try:
                kept = self._kept(folder)
                left = move(folder, kept, target, self._copied(folder, kept, target))
            except (SourceError, ConflictError) as error:
                what = f"not all could be moved to {target} ({error}): the next import moves them"
                self.problems.append(Problem(folder.place.name, what, error.exit_code, error.slug))
                continue
            if not left:
                what = "its server can only copy them; those here are marked as deleted"
                self.notes.append(f"{folder.place.name}: {what}")

    def _copied(self, folder: Folder, kept: Sequence[int], target: str) -> set[int]:
        """Return what a run that died between has copied: of the mails that were known before."""
        before = self._before.get(id(folder), 0)
        known = {uid for uid in kept if uid <= before}
        if is_whole(folder) or not known:
            return set()
        mine = self._uids_of(folder, self._given)
        return copied_before(folder, target, {uid: self._hashes[mine[uid]][:2] for uid in known})

    def _kept(self, folder: Folder) -> list[int]:
        """Return the UIDs of a folder whose bytes are in the ledger for certain."""
        given = [
            (uid, self._hashes[source][2])
            for source, (owner, uid) in self._given.items()
            if owner is folder
        ]
        kept: list[int] = []
        for start in range(0, len(given), _AT_ONCE):
            some = given[start : start + _AT_ONCE]
            with self.desk.read() as session:
                seen = seen_bytes(session, [digest for _, digest in some], test=False)
            kept += [uid for uid, digest in some if digest in seen]
        return kept

    def _last_read(self, folder: Folder) -> Cursor:
        """Return what need not be read; where mails move on, what is here is new."""
        with self.desk.read() as session:
            read = last_read(session, folder.place.account, folder.place.folder)
        if read.validity not in {0, folder.validity}:
            what = "the server numbered its mails anew: all are read; none is taken twice"
            self.notes.append(f"{folder.place.name}: {what}")
            return Cursor()
        self._before[id(folder)] = read.last
        return Cursor() if self.access.move_to or self.access.again else read

    def _mails(self, folder: Folder, read: Cursor) -> Iterator[Arrival | Problem]:
        """Yield what is new, and what was missing; a server that fails ends its own source."""
        try:
            for item in folder.mails(read.last, moved_on=self.access.move_to is not None):
                yield self._noted(folder, item)
            missing = 0
            for item in folder.again(read.missing):
                if isinstance(item, Arrival):
                    yield self._noted(folder, item)
                else:  # it failed a run the first time; since then it is told, and no more
                    missing += 1
        except (SourceError, ConflictError) as error:
            yield _problem(folder.place.name, error)
            return
        if missing:
            what = f"{missing} mails of before are still not given: they are asked for each time"
            self.notes.append(f"{folder.place.name}: {what}")

    def _noted(self, folder: Folder, item: Arrival | Problem) -> Arrival | Problem:
        if isinstance(item, Arrival):
            self._given[item.source] = (folder, int(item.source.rpartition("=")[2]))
            if self.access.move_to:
                self._hashes[item.source] = item.size, item.sha256, item.identity
        return item


def _problem(where: str, error: DsrError) -> Problem:
    what = f"{error}; {error.hint}" if error.hint else str(error)
    return Problem(where, what, error.exit_code, error.slug)


def password_of(reference: str) -> str:
    """Return the password that a reference leads to: a variable, a file, or what a program says.

    A program is run without a shell; its first line is the password, its errors are its own.

    Raises:
        ConfigError: There is no reference, or it leads nowhere; what it says is not repeated.
    """
    hint = "--password-file FILE, or the setting imap_password: env:NAME, file:PATH, command:WORDS"
    if not reference:
        raise ConfigError("a mail server wants a password", hint=hint)
    kind, _, words = reference.partition(":")
    said = _said_by(words) if kind == "command" else secret(reference)
    lines = said.splitlines()
    if not lines or not lines[0]:
        raise ConfigError("the mailbox's password is empty", hint=hint)
    if "\0" in lines[0]:
        raise ConfigError("the mailbox's password is no text", hint=hint)
    return lines[0]


def _said_by(command: str) -> str:
    import shlex
    from subprocess import SubprocessError

    from dsr import programs

    try:
        words = shlex.split(command)
        return programs.output(words, COMMAND_SECONDS)[:_MOST_SECRET].decode("utf-8")
    except (SubprocessError, OSError, ValueError, IndexError):
        hint = "try it by hand: its first line is the password"
        raise ConfigError("the command for the mailbox's password failed", hint=hint) from None
