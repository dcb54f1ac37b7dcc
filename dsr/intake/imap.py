"""Reads a folder on a mail server: new mails by their UID, each whole or cut, nothing marked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from dsr.domain.limits import Limits
from dsr.errors import ConflictError, NotFoundError, Problem, SourceError, nearest
from dsr.intake.arrival import Arrival, of_long
from dsr.intake.imap_answers import (
    MOST_SIZE,
    Listed,
    answers,
    folder_names,
    instant,
    number,
    uid_set,
)
from dsr.intake.imap_line import (
    MOST_LINE,
    MOST_TALK,
    Line,
    Login,
    close,
    code_in,
    connect,
    log_in,
    plain_errors,
    wire_name,
)
from dsr.intake.imap_pieces import whole
from dsr.intake.imap_place import Place
from dsr.intake.places import at_place

TIMEOUT = 60.0  # seconds without a byte
_FOUND = MOST_TALK // 11 - 1  # UIDs, of ten digits each, that the one line of a search can hold
LISTED = 500  # mails whose sizes are asked for at once
_ROOM = 16 << 20  # bytes that one answer with several mails may have
_REFUSALS = 5  # mails in a row that a server lists and does not give
_WITHHELD = 500  # the same in all


@dataclass(slots=True)
class Folder:
    """An open folder; one process reads it, in the order of its UIDs.

    Attributes:
        line: The session.
        able: What the server can do, in capitals.
        validity: What the folder's UIDs are valid under.
        end: The first UID that is not read: what arrives meanwhile is for the next time.
        withheld: UIDs that the server lists and does not give.
        gone: UIDs that were asked for and are not there any more.
        passed: The last UID that was dealt with, given or not.
        shorter: How many mails are far shorter than the server says.
    """

    place: Place
    line: Line
    able: frozenset[str]
    limits: Limits = field(default_factory=Limits)
    validity: int = 0
    end: int = 0
    withheld: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    passed: int = 0
    shorter: int = 0
    _exist: int = 0
    _refused: int = 0

    def source(self, uid: int) -> str:
        """Return what one mail is called in the ledger."""
        return f"{self.place.name};uidvalidity={self.validity};uid={uid}"

    def select(self, *, writable: bool) -> None:
        """Open the folder: to be read only, unless its mails are to be moved.

        Raises:
            NotFoundError: There is no such folder.
            SourceError: It has no lasting numbers, or some that make no sense.
        """
        self.line.allow(MOST_TALK)
        with plain_errors(self.line.where):
            answer, said = self.line.select(wire_name(self.place.folder), readonly=not writable)
            if answer != "OK":
                names = folder_names(self.line.list()[1])
                what = f"{self.place.name}: there is no such folder{code_in(said)}"
                raise NotFoundError(what, hint=nearest(self.place.folder, names))
            validity = self.line.response("UIDVALIDITY")[1][-1]
            following = self.line.response("UIDNEXT")[1][-1]
            if validity is None:
                raise SourceError(f"{self.place.name}: its mails have no lasting numbers")
            self.validity, self._exist = number(validity), number(said[-1], least=0)
            self.end = number(following) if following else 0
        self.end = self.end or max(self.search("*"), default=0) + 1

    def has(self, folder: str) -> bool:
        """Say whether there is a folder of that name."""
        self.line.allow(MOST_TALK)
        with plain_errors(self.line.where):
            return self.line.status(wire_name(folder), "(MESSAGES)")[0] == "OK"

    def mails(self, after: int, *, moved_on: bool = False) -> Iterator[Arrival | Problem]:
        """Yield each mail above a UID, as bytes; what is gone meanwhile is passed over.

        Args:
            after: The last UID that is not wanted.
            moved_on: Whether mails that are marked as deleted are passed over.

        Raises:
            SourceError: The server failed; what was yielded is good.
            ConflictError: The folder was numbered anew meanwhile.
        """
        what = "UNDELETED" if moved_on else None
        # where there are few mails, the numbers found are few, however far apart they lie
        window = _FOUND if self._exist > _FOUND else self.end
        for first in range(after + 1, self.end, window):
            last = min(first + window, self.end) - 1
            found = self.search(f"{first}:{last}", what)
            yield from self._given(sorted(uid for uid in found if first <= uid <= last))

    def again(self, uids: Iterable[int]) -> Iterator[Arrival | Problem]:
        """Yield mails that could not be had before, each by itself; `gone` has those that left.

        Raises:
            SourceError: The server failed; what was yielded is good.
            ConflictError: The folder was numbered anew meanwhile.
        """
        for uid in sorted(uids):
            self._refused = 0
            yield from self._given([uid])

    def search(self, uids: str | None, also: str | None = None) -> set[int]:
        """Return the UIDs of some, of those that are so besides, or of both.

        Raises:
            SourceError: The server refuses, or answers what are none.
        """
        data = self.ask("SEARCH", uids and f"UID {uids}", also, line=MOST_TALK)
        with plain_errors(self.line.where):
            return {number(word) for each in data if each for word in each.split()}

    def bodies(self, uids: Sequence[int], most: int, start: int = 0) -> dict[int, bytes]:
        """Return mails, or as many bytes of each; PEEK, so that none counts as seen."""
        if most <= 0:
            return {}
        what = f"(UID BODY.PEEK[]<{start}.{most}>)"
        room = most * len(uids) + MOST_TALK
        data = self.ask("FETCH", uid_set(uids), what, room=room, or_none=True)
        with plain_errors(self.line.where):
            return {uid: raw for uid, _, raw in answers(data) if raw is not None and uid in uids}

    def anew(self) -> ConflictError:
        """Return the error of a folder whose mails have other numbers than before."""
        what = f"{self.place.name}: the server numbered its mails anew meanwhile"
        return ConflictError(what, hint="run it again: what is known is not taken twice")

    def ask(
        self,
        command: str,
        *words: str | None,
        room: int = MOST_TALK,
        line: int = MOST_LINE,
        or_none: bool = False,
    ) -> list[Any]:
        """Return what the server answers a command that names mails by their UIDs.

        Args:
            command: Its name.
            words: Its words, those that are none left out.
            room: How many bytes the answer may have.
            line: How many bytes one line of it may have.
            or_none: Whether a refusal is an answer without mails.

        Raises:
            SourceError: The server failed, or refuses.
            ConflictError: The folder was numbered anew meanwhile.
        """
        self.line.allow(room, line=line)
        with plain_errors(self.line.where):
            answer, data = self.line.uid(command, *(word for word in words if word))
            said = self.line.response("UIDVALIDITY")[1][-1]
            validity = self.validity if said is None else number(said)
        if validity != self.validity:
            raise self.anew()
        if answer == "OK":
            return data
        if or_none:
            return []
        raise SourceError(f"{self.place.name}: the server refuses {command}{code_in(data)}")

    def _given(self, uids: Iterable[int]) -> Iterator[Arrival | Problem]:
        coming = iter(uids)
        while some := list(islice(coming, LISTED)):
            listed = self._listed(some)
            self.gone |= set(some) - listed.keys()
            for group in self._groups(listed):
                yield from self._read(group)
                self.passed = max(self.passed, *group)

    def _listed(self, uids: Sequence[int]) -> dict[int, Listed]:
        data = self.ask("FETCH", uid_set(uids), "(UID RFC822.SIZE INTERNALDATE)")
        wanted, found = set(uids), {}
        with plain_errors(self.line.where):
            for uid, text, _ in answers(data):
                size = re.search(r"RFC822\.SIZE ([^ )]*)", text)
                if uid in wanted and size:
                    said = number(size[1], least=0, most=MOST_SIZE)
                    found[uid] = Listed(said, instant(text))
                elif uid in wanted:  # it is there, though the server says nothing of its size
                    found.setdefault(uid, Listed(0, None))
        return dict(sorted(found.items()))

    def _groups(self, listed: dict[int, Listed]) -> Iterator[dict[int, Listed]]:
        """Yield mails that are asked for at once: what they may have together is bounded."""
        group: dict[int, Listed] = {}
        largest = 0
        for uid, one in listed.items():
            largest = max(largest, one.room)
            if group and largest * (len(group) + 1) > _ROOM:
                yield group
                group, largest = {}, one.room
            group[uid] = one
        if group:
            yield group

    def _read(self, group: dict[int, Listed]) -> Iterator[Arrival | Problem]:
        most = max(one.room for one in group.values())
        bodies = self.bodies([*group], most) if most <= _ROOM else {}
        for uid, one in group.items():
            raw = bodies.pop(uid, None)
            if raw is None or len(raw) >= most:  # larger than the server said, or large anyway
                raw = self.bodies([uid], self.limits.raw_bytes + 1).get(uid)
            if raw is None:
                yield from self._missing(uid)
                continue
            self._refused = 0
            if len(raw) < one.size:
                raw += self._tail(uid, len(raw))
            if not raw:
                yield Problem(self.source(uid), "is empty")
                continue
            yield self._arrival(uid, raw, one)

    def _arrival(self, uid: int, raw: bytes, one: Listed) -> Arrival:
        """Return a mail; of one without a date or number of its own, its own says which it is."""
        long = whole(self, uid, raw) if len(raw) > self.limits.raw_bytes else None
        raw, size = (raw, len(raw)) if long is None else (long.head, long.size)
        odd: tuple[str, ...] = ()
        if 2 * size < one.size and size > self.limits.kept_bytes:
            odd = (f"the server says that it has {one.size} bytes: it was read no further",)
        elif 2 * size < one.size:
            self.shorter += 1
            odd = (f"has {size} bytes, though the server says {one.size}: kept as it came",)
        found = of_long(Arrival(self.source(uid), raw, one.arrived_at, warnings=odd), long)
        place = self.place
        return at_place(found, f"{place.account}\0{place.folder}\0{self.validity}\0{uid}")

    def _tail(self, uid: int, start: int) -> bytes:
        """Return what a mail has beyond its first bytes; many servers only guess at its size."""
        return self.bodies([uid], self.limits.raw_bytes + 1 - start, start).get(uid, b"")

    def _missing(self, uid: int) -> Iterator[Problem]:
        """Yield a problem for a mail that is listed and not given; one that is gone is none."""
        if uid not in self._listed([uid]):
            self.gone.add(uid)
            return
        self._refused += 1
        self.withheld.add(uid)
        if self._refused >= _REFUSALS or len(self.withheld) >= _WITHHELD:
            self.passed = max(self.passed, uid)  # the next time begins behind them
            raise SourceError(f"{self.place.name}: the server gives no mail")
        what = "the server lists it and does not give it: it is asked for again next time"
        yield Problem(self.source(uid), what, SourceError.exit_code, SourceError.slug)


def open_folder(place: Place, login: Login, *, timeout: float = TIMEOUT, writable: bool) -> Folder:
    """Return a folder, open to be read; whoever opens it closes it.

    Raises:
        SourceError: The server does not answer, is not trusted, or refuses the login.
        NotFoundError: There is no such folder.
    """
    line = connect(place.host, place.port, place.wire, timeout)
    try:
        folder = Folder(place, line, log_in(line, login))
        folder.select(writable=writable)
    except BaseException:
        close(line)
        raise
    return folder
