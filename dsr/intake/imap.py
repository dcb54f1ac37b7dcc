"""Reads a folder on a mail server: new mails by their UID, each whole or cut, nothing marked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from dsr.errors import ConflictError, NotFoundError, Problem, SourceError, nearest
from dsr.intake.arrival import Arrival, Limits
from dsr.intake.imap_answers import Listed, answers, instant, uid_set
from dsr.intake.imap_line import (
    MOST_TALK,
    Line,
    Login,
    close,
    code_in,
    connect,
    log_in,
    plain_errors,
    read_name,
    wire_name,
)
from dsr.intake.imap_place import Place

TIMEOUT = 60.0  # seconds without a byte
_WINDOW = 80_000  # UIDs in one search: its answer is one line of less than a million bytes
_LISTED = 500  # mails whose sizes are asked for at once
_ROOM = 16 << 20  # bytes that one answer with several mails may have
_REFUSALS = 5  # mails in a row that a server lists and does not give


@dataclass(slots=True)
class Folder:
    """An open folder; one process reads it, in the order of its UIDs.

    Attributes:
        line: The session.
        able: What the server can do, in capitals.
        validity: What the folder's UIDs are valid under.
        end: The first UID that is not read: what arrives meanwhile is for the next time.
        withheld: UIDs that the server lists and does not give.
    """

    place: Place
    line: Line
    able: frozenset[str]
    limits: Limits = field(default_factory=Limits)
    validity: int = 0
    end: int = 0
    withheld: set[int] = field(default_factory=set)
    _refused: int = 0

    def source(self, uid: int) -> str:
        """Return what one mail is called in the ledger."""
        return f"{self.place.name};uidvalidity={self.validity};uid={uid}"

    def select(self, *, writable: bool) -> None:
        """Open the folder: to be read only, unless its mails are to be moved.

        Raises:
            NotFoundError: There is no such folder.
            SourceError: It has no lasting numbers.
        """
        self.line.allow(MOST_TALK)
        with plain_errors(self.line.where):
            answer, said = self.line.select(wire_name(self.place.folder), readonly=not writable)
            if answer != "OK":
                names = self._names()
                what = f"{self.place.name}: there is no such folder{code_in(said)}"
                raise NotFoundError(what, hint=nearest(self.place.folder, names))
            validity = self.line.response("UIDVALIDITY")[1][-1]
            following = self.line.response("UIDNEXT")[1][-1]
        if validity is None:
            raise SourceError(f"{self.place.name}: its mails have no lasting numbers")
        self.validity = int(validity)
        self.end = int(following) if following else max(self._search("*"), default=0) + 1

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
        for first in range(after + 1, self.end, _WINDOW):
            last = min(first + _WINDOW, self.end) - 1
            found = iter(sorted(self._search(f"{first}:{last}", what)))
            while some := [uid for uid in islice(found, _LISTED) if first <= uid <= last]:
                for group in self._groups(self._listed(some)):
                    yield from self._read(group)

    def move(self, uids: Sequence[int], target: str) -> bool:
        """Move mails to another folder, and say whether they left this one.

        A server without UIDPLUS only marks them as deleted: to expunge would take others' with
        them.

        Raises:
            SourceError: The server refused; they stay where they were, perhaps copied.
        """
        for start in range(0, len(uids), _LISTED):
            some = uid_set(uids[start : start + _LISTED])
            if "MOVE" in self.able:
                self._uid("MOVE", some, wire_name(target))
                continue
            self._uid("COPY", some, wire_name(target))
            self._uid("STORE", some, "+FLAGS.SILENT", r"(\Deleted)")
            if "UIDPLUS" in self.able:
                self._uid("EXPUNGE", some)
        return bool(self.able & {"MOVE", "UIDPLUS"})

    def _search(self, uids: str, also: str | None = None) -> set[int]:
        data = self._uid("SEARCH", "UID", uids, also)
        return {int(word) for each in data if each for word in each.split()}

    def _listed(self, uids: Sequence[int]) -> dict[int, Listed]:
        data = self._uid("FETCH", uid_set(uids), "(UID RFC822.SIZE INTERNALDATE)")
        found = {}
        for uid, text, _ in answers(data):
            size = re.search(r"RFC822\.SIZE (\d+)", text)
            if uid in uids and size:
                found[uid] = Listed(int(size[1]), instant(text))
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
        bodies = self._bodies([*group], most) if most <= _ROOM else {}
        for uid, one in group.items():
            raw = bodies.pop(uid, None)
            if raw is None or len(raw) >= most:  # larger than the server said, or large anyway
                raw = self._bodies([uid], self.limits.raw_bytes + 1).get(uid)
            if raw is None:
                yield from self._missing(uid)
                continue
            self._refused = 0
            if len(raw) < one.size:
                raw += self._tail(uid, len(raw))
            if not raw:
                yield Problem(self.source(uid), "is empty")
                continue
            limit = self.limits.raw_bytes
            yield Arrival(self.source(uid), raw[:limit], one.arrived_at, cut=len(raw) > limit)
            if 2 * len(raw) < one.size and len(raw) < limit:
                what = f"has {len(raw)} bytes, though the server says {one.size}: kept as it came"
                yield Problem(self.source(uid), what, SourceError.exit_code, SourceError.slug)

    def _tail(self, uid: int, start: int) -> bytes:
        """Return what a mail has beyond its first bytes; many servers only guess at its size."""
        return self._bodies([uid], self.limits.raw_bytes + 1 - start, start).get(uid, b"")

    def _missing(self, uid: int) -> Iterator[Problem]:
        """Yield a problem for a mail that is listed and not given; one that is gone is none."""
        if uid not in self._listed([uid]):
            return
        self._refused += 1
        if self._refused >= _REFUSALS:
            raise SourceError(f"{self.place.name}: the server gives no mail")
        self.withheld.add(uid)
        what = "the server lists it and does not give it: it is asked for again next time"
        yield Problem(self.source(uid), what, SourceError.exit_code, SourceError.slug)

    def _bodies(self, uids: Sequence[int], most: int, start: int = 0) -> dict[int, bytes]:
        """Return mails, or as many bytes of each; PEEK, so that none counts as seen."""
        if most <= 0:
            return {}
        what = f"(UID BODY.PEEK[]<{start}.{most}>)"
        room = most * len(uids) + MOST_TALK
        data = self._uid("FETCH", uid_set(uids), what, room=room, or_none=True)
        return {uid: raw for uid, _, raw in answers(data) if raw is not None and uid in uids}

    def _uid(
        self, command: str, *words: str | None, room: int = MOST_TALK, or_none: bool = False
    ) -> list[Any]:
        self.line.allow(room)
        with plain_errors(self.line.where):
            answer, data = self.line.uid(command, *(word for word in words if word))
            validity = self.line.response("UIDVALIDITY")[1][-1]
        if validity is not None and self.validity and int(validity) != self.validity:
            what = f"{self.place.name}: the server numbered its mails anew meanwhile"
            raise ConflictError(what, hint="run it again: what is known is not taken twice")
        if answer == "OK":
            return data
        if or_none:
            return []
        raise SourceError(f"{self.place.name}: the server refuses {command}{code_in(data)}")

    def _names(self) -> list[str]:
        _, rows = self.line.list()
        found = (re.search(rb' "?([^"]+)"?$', row) for row in rows if isinstance(row, bytes))
        return sorted(read_name(each[1].decode("ascii", "replace")) for each in found if each)


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
