"""Walks through folders: which files may hold mail, and what is passed over and said."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dsr.errors import Problem
from dsr.intake.arrival import Aside, shown

DEEPEST = 20  # folders in folders
_NEW, _CUR, _TMP = "new", "cur", "tmp"
#: What mail servers keep beside the mails.
_SERVERS = ("dovecot", "cyrus.", "courierimap", "maildirfolder", "maildirsize", "subscriptions")
_NAMED = 3  # paths in a line of what was passed over

LINKS = "no regular files (links, pipes)"
TABLES = "tables and forms, which are read only where they are named themselves"
NOTHING = "files that are no mail"
SUBFOLDERS = "subfolders of a Maildir, which are read only where they are named themselves"
HIDDEN = "hidden files and folders"
DEEP = f"folders more than {DEEPEST} deep"


def is_maildir(folder: Path) -> bool:
    """Say whether a folder is a Maildir."""
    return any((folder / box).is_dir() for box in (_NEW, _CUR))


@dataclass(frozen=True, slots=True)
class Found:
    """A file in a folder.

    Attributes:
        path: Where it is; it may be a link, or no file.
        delivered: A mail server wrote it into a Maildir.
    """

    path: Path
    delivered: bool = False


@dataclass(slots=True)
class Walk:
    """A walk through a folder and all that are in it; links are not followed.

    Attributes:
        top: The folder.
        has_mail: Mail was met, or a Maildir, which may be empty.
    """

    top: Path
    has_mail: bool = False
    _passed: dict[str, list[Path]] = field(default_factory=dict)

    def files(self) -> Iterator[Found | Problem]:
        """Yield the files in a steady order; a folder that cannot be read is a problem."""
        yield from self._in(self.top, 0)

    def pass_over(self, path: Path, why: str) -> None:
        """Remember what is not imported."""
        self._passed.setdefault(why, []).append(path)

    def aside(self) -> Iterator[Aside]:
        """Yield what was passed over, in a line for each reason."""
        for why, paths in self._passed.items():
            names = ", ".join(shown(path.relative_to(self.top)) for path in paths[:_NAMED])
            more = ", ..." if len(paths) > _NAMED else ""
            yield Aside(shown(self.top), f"{len(paths)} passed over: {why}: {names}{more}")

    def _in(self, folder: Path, depth: int) -> Iterator[Found | Problem]:
        try:
            delivered = is_maildir(folder)
            inside = sorted(os.scandir(folder), key=lambda one: one.name)
            boxes = _delivered_to(folder) if delivered else []
        except OSError as error:
            yield Problem(shown(folder), f"the folder cannot be read ({error.strerror})")
            return
        self.has_mail = self.has_mail or delivered
        yield from self._delivered(boxes)
        deeper: list[Path] = []
        for one in inside:
            path = folder / one.name
            if delivered and one.name in {_NEW, _CUR, _TMP}:
                continue
            if why := _why_not(one, delivered=delivered):
                self.pass_over(path, why)
            elif one.is_dir():
                deeper.append(path)
            elif not one.name.lower().startswith(_SERVERS):
                yield Found(path)
        for path in deeper:
            if depth < DEEPEST:
                yield from self._in(path, depth + 1)
            else:
                self.pass_over(path, DEEP)

    def _delivered(self, boxes: list[Path]) -> Iterator[Found]:
        """Yield the mails of a Maildir; a box that is no real folder goes on, to be said."""
        for path in boxes:
            in_box = path.name not in {_NEW, _CUR}
            if in_box and path.name.startswith("."):
                self.pass_over(path, HIDDEN)
            elif in_box and path.is_symlink():
                self.pass_over(path, LINKS)
            else:
                yield Found(path, delivered=True)


def _why_not(one: "os.DirEntry[str]", *, delivered: bool) -> str:
    """Return why something is passed over, or nothing.

    Args:
        one: It.
        delivered: It lies in a Maildir. Where folders of a Maildir lie without it, they hold all.
    """
    if one.is_symlink():
        return LINKS
    if not one.name.startswith("."):
        return ""
    try:
        holds_mail = one.is_dir() and is_maildir(Path(one.path))
    except OSError:
        holds_mail = False
    if not holds_mail:
        return HIDDEN
    return SUBFOLDERS if delivered else ""


def _delivered_to(folder: Path) -> list[Path]:
    """Return the mails of a Maildir; ``tmp`` holds what is not there yet.

    ``new`` is listed before ``cur``: a mail that moves meanwhile is seen in both, never in none.
    What lies in ``cur`` came earlier, and goes first: a reply is read after what it answers.
    """
    new = _listed(folder / _NEW)
    return [*_listed(folder / _CUR), *new]


def _listed(box: Path) -> list[Path]:
    """Return what a box holds; of one that is no real folder, the box itself."""
    if box.is_symlink():
        return [box]
    if not box.is_dir():
        return []
    return sorted(box.iterdir())


def moved_on(path: Path) -> Path | None:
    """Return where a mail of a Maildir is now: others move it, or add flags to its name."""
    unique = path.name.partition(":")[0]
    try:
        inside = sorted((path.parent.parent / _CUR).iterdir())
    except OSError:
        return None
    return next((one for one in inside if one.name.partition(":")[0] == unique), None)
