"""Folders on mail servers as sources of an import: opened, followed by a cursor, moved on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO, Self

from dsr.config import secret
from dsr.errors import ConfigError, ConflictError, NotFoundError, Problem, SourceError, UsageError
from dsr.intake.arrival import Arrival, Limits
from dsr.intake.imap import TIMEOUT, Folder, open_folder
from dsr.intake.imap_line import Login, close
from dsr.intake.imap_place import is_url, place_of
from dsr.intake.read import Items, arrivals
from dsr.services.desk import Desk, Step
from dsr.services.wishes import Wishes
from dsr.store.mailboxes import advance, last_read
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
        timeout: Seconds that a server may be silent.
    """

    password: str = ""
    oauth: bool = False
    plain: bool = False
    move_to: str | None = None
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
    _hashes: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for folder in self._folders:
            close(folder.line)

    def follow(self, sources: Sequence[str]) -> Beside | None:
        """Return what notes how far folders were read, where a source is one."""
        return self.beside if any(map(is_url, sources)) else None

    def opens(self, source: str, stdin: BinaryIO) -> Items:
        """Return what a source holds; of a folder on a server, what is new in it.

        Raises:
            UsageError: It is no URL of a folder.
            ConfigError: The reference to the password leads nowhere.
            SourceError: The server does not answer, is not trusted, or refuses the login.
            NotFoundError: There is no such file or folder.
        """
        if not is_url(source):
            return arrivals(source, stdin, self.limits, self.told)
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

        What could not be kept holds the cursor back: it is read again next time.
        """
        if self.wishes.test:  # what is imported as a test is imported once more in earnest
            return
        failed = {problem.where for problem in self.problems}
        done: dict[int, tuple[Folder, int]] = {}
        for arrival in arrived:
            folder, uid = self._given.get(arrival.source, (None, 0))
            if folder is None:
                continue
            if arrival.source in failed:
                folder.withheld.add(uid)
            done[id(folder)] = (folder, max(uid, done.get(id(folder), (folder, 0))[1]))
        for folder, uid in done.values():
            last = min(uid, min(folder.withheld, default=uid + 1) - 1)
            account, read = folder.place.account, (folder.validity, last)
            advance(step.session, account, folder.place.folder, read=read, at=step.now)

    def move_on(self) -> None:
        """Move what the ledger holds to the folder that was asked for; what fails is a problem."""
        target = self.access.move_to
        if target is None or self.wishes.dry_run or self.wishes.test:
            return
        for folder in self._folders:
            try:
                left = folder.move(self._kept(folder), target)
            except (SourceError, ConflictError) as error:
                what = f"not all could be moved to {target} ({error}): the next import moves them"
                self.problems.append(Problem(folder.place.name, what, error.exit_code, error.slug))
                continue
            if not left:
                what = "its server can only copy them; those here are marked as deleted"
                self.notes.append(f"{folder.place.name}: {what}")

    def _kept(self, folder: Folder) -> list[int]:
        """Return the UIDs of a folder whose bytes are in the ledger for certain."""
        given = [
            (uid, self._hashes[source])
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

    def _last_read(self, folder: Folder) -> int:
        """Return the last UID that need not be read; where mails move on, what is here is new."""
        with self.desk.read() as session:
            validity, last = last_read(session, folder.place.account, folder.place.folder)
        if validity not in {0, folder.validity}:
            what = "the server numbered its mails anew: all are read; none is taken twice"
            self.notes.append(f"{folder.place.name}: {what}")
            return 0
        return 0 if self.access.move_to else last

    def _mails(self, folder: Folder, after: int) -> Iterator[Arrival | Problem]:
        """Yield what is new; a server that fails ends its own source, and the others go on."""
        try:
            for item in folder.mails(after, moved_on=self.access.move_to is not None):
                if isinstance(item, Arrival):
                    self._note(folder, item)
                yield item
        except (SourceError, ConflictError) as error:
            what = f"{error}; {error.hint}" if error.hint else str(error)
            yield Problem(folder.place.name, what, error.exit_code, error.slug)

    def _note(self, folder: Folder, item: Arrival) -> None:
        self._given[item.source] = (folder, int(item.source.rpartition("=")[2]))
        if self.access.move_to:
            self._hashes[item.source] = sha256(item.raw).hexdigest()


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
