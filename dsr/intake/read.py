"""Opens whatever arrives - mailbox, folder, mail, table, standard input - and yields its parts."""

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from dsr.domain.limits import Limits
from dsr.errors import InputError, NotFoundError, Problem, UsageError
from dsr.intake import folders, growing, maildir, mbox, outlook
from dsr.intake.arrival import Arrival, Aside, of_long, shown
from dsr.intake.begun import Begun
from dsr.intake.columns import Told, UnmappedError
from dsr.intake.folders import Found, Walk
from dsr.intake.overlong import read_rest
from dsr.intake.places import with_places
from dsr.intake.postmarks import is_mailbox

__all__ = ["Arrival", "Limits", "arrivals", "unmapped"]

FORMS = (
    "a mailbox (mbox), a Maildir, a folder of mails, .eml, .msg, .csv, .tsv, .jsonl,"
    " .json (forms, OpenDSR, Data Rights Protocol), or - for any of them on standard input"
)
STDIN = "-"
_TELLING = 64 << 10  # bytes that tell what something is
_MARK = b"\xef\xbb\xbf"
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,80}:[ \t\r\n]|[!-9;-~]{1,80}:\S")
_MAIL = re.compile(rb"(?im)^(?:from|received|return-path|delivered-to|message-id)[ \t]*:")
_MAILS = frozenset({".eml", ".msg"})
_ENVELOPE = re.compile(rb"[A-Za-z0-9+/_-]{90}")
#: Files that hold something, unlike a mailbox, which is empty on a quiet night.
_NEVER_EMPTY = frozenset({".eml", ".msg", ".csv", ".tsv", ".json"})

Items = Iterator[Arrival | Problem]
Headings = Mapping[str, str]


def arrivals(
    source: str,
    stdin: BinaryIO,
    limits: Limits | None = None,
    told: Headings | None = None,
    *,
    zone: str = "UTC",
) -> Items:
    """Return what a source holds, one after the other; nothing sits in memory whole.

    Args:
        source: A file, a folder, or ``-`` for standard input.
        stdin: Where ``-`` reads from.
        limits: What one mail may cost.
        told: Which heading of a table is which key, where somebody said it.
        zone: Where a table's times without an offset are told, an IANA name.

    Raises:
        NotFoundError: There is no such file or folder.
        InputError: It is nothing that can be imported.
        UsageError: The source has no name.
        UnmappedError: It is a table whose headings do not say who asks, or what.
    """
    limits, known = limits or Limits(), Told(told or {}, zone)
    if source == STDIN:
        return _from_stdin(stdin, limits, known)
    path, mode = _looked_at(source)
    if stat.S_ISDIR(mode):
        return _from_folder(path, limits)
    return _from_file(path, limits, known)


def unmapped(source: str, told: Headings) -> UnmappedError | None:
    """Return why somebody has to say which column of a table is which; None for anything else.

    Raises:
        NotFoundError: There is no such file or folder.
        InputError: It is nothing that can be imported.
    """
    if source == STDIN or "://" in source:
        return None  # who could be asked is what is read
    path, mode = _looked_at(source)
    if stat.S_ISDIR(mode):
        return None
    try:
        with path.open("rb") as stream:
            first = stream.read(_TELLING)
            stream.seek(0)
            if _sort_of(_suffix(path, first, Told(told)), first) is not _table:
                return None
            from dsr.intake import tables  # mail needs no forms, which take long to load

            return tables.unmapped(stream, shown(path), told)
    except OSError:
        return None  # reading it will say so


def _looked_at(source: str) -> tuple[Path, int]:
    if not source:  # a path of no letters is the folder one stands in
        raise UsageError("a source has no name", hint="dsr import desk.mbox, or -")
    path = Path(source)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise NotFoundError(f"{source}: there is no such file or folder") from None
    except (OSError, ValueError):
        raise InputError(f"{source}: cannot be read") from None
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        hint = "read it through standard input: dsr import -"
        raise InputError(f"{source}: is no regular file", hint=hint)
    return path, mode


def _from_folder(path: Path, limits: Limits) -> Items:
    walk = Walk(path)
    items = _walked(walk, limits)
    first = next(items, None)
    if walk.has_mail or (isinstance(first, Problem) and not isinstance(first, Aside)):
        return items if first is None else chain([first], items)
    more = f" ({first.what})" if isinstance(first, Aside) else ""
    raise InputError(f"{path}: has no mails in it{more}", hint=FORMS)


def _walked(walk: Walk, limits: Limits) -> Items:
    """Yield the mails of a folder and of all in it; then what was passed over."""
    for one in walk.files():
        if isinstance(one, Problem):
            yield one
            continue
        try:
            yield from _found(one, walk, limits)
        except InputError as error:
            yield Problem(shown(one.path), f"{error}: {error.hint}")
        except OSError as error:
            yield Problem(shown(one.path), f"cannot be read ({error.strerror})")
    yield from walk.aside()


def _found(one: Found, walk: Walk, limits: Limits) -> Items:
    """Yield what a file in a folder holds, if that is mail."""
    path, suffix = one.path, one.path.suffix.lower()
    if suffix == ".eml" and not one.delivered and not path.is_symlink() and is_mailbox(path):
        suffix = ""
    if one.delivered or suffix in _MAILS:
        walk.has_mail = True
        yield maildir.read_mail(path, limits, delivered=one.delivered)
        return
    if not stat.S_ISREG(path.lstat().st_mode):
        walk.pass_over(path, folders.LINKS)
        return
    with path.open("rb") as stream:
        first = stream.read(_TELLING)
    reader = _sort_of(suffix, first)
    if reader is mbox.split and mbox.begins(first.removeprefix(_MARK).lstrip(b" \t\r\n")):
        walk.has_mail = True
        yield from _from_file(path, limits, Told())
    elif reader is _outlook or (reader is _one_mail and _MAIL.search(first)):
        walk.has_mail = True
        yield maildir.read_mail(path, limits)
    elif first.strip():
        is_form = reader in {_table, _lines_of_json, _values_of_json}
        walk.pass_over(path, folders.TABLES if is_form else folders.NOTHING)


def _from_file(path: Path, limits: Limits, told: Told) -> Items:
    stream = None
    try:
        stream = path.open("rb")
        first = stream.read(_TELLING)
        stream.seek(0)
    except OSError as error:
        if stream is not None:
            stream.close()
        return iter((Problem(shown(path), f"cannot be read ({error.strerror})"),))
    try:
        reader = _reader(_suffix(path, first, told), first, path)
        if reader is None:
            stream.close()
            return _empty(path, first)
        where = os.path.realpath(path)
        if reader is mbox.split:
            return with_places(growing.mailbox(stream, path, limits), where)
        items = with_places(reader(growing.Upto(stream), shown(path), limits, told), where)
        return growing.watched(stream, path, items)
    except (InputError, UnmappedError):
        stream.close()
        raise


def _empty(path: Path, raw: bytes) -> Items:
    """Return what a file of no words is: a quiet mailbox, or a mail that lost its bytes."""
    suffix = path.suffix.lower()
    if suffix in _MAILS:
        return iter((maildir.empty(shown(path), raw, os.path.realpath(path)),))
    return iter((Problem(shown(path), "is empty"),) if suffix in _NEVER_EMPTY else ())


Reader = Callable[..., Items]


def _reader(suffix: str, first: bytes, name: object) -> Reader | None:
    """Return how to read something; None for what is empty.

    Raises:
        InputError: It is nothing that can be imported, or a package for it is missing.
    """
    if not first.strip(b"\r\n"):
        return None
    reader = _sort_of(suffix, first)
    if reader is None:
        raise InputError(f"{name}: is nothing that can be imported", hint=FORMS)
    if reader is _outlook:
        outlook.check_installed(str(name))
    return reader


def _suffix(path: Path, first: bytes, told: Told) -> str:
    """Return what a name says; of what says nothing, a table, if somebody told its headings."""
    suffix = path.suffix.lower()
    if suffix == ".eml" and is_mailbox(path):
        return ""
    return ".csv" if told.headings and _sort_of(suffix, first) is None else suffix


def _sort_of(suffix: str, first: bytes) -> Reader | None:
    """Return how to read a file: as its name says, else as its first bytes say."""
    by_name: dict[str, Reader] = {
        ".csv": _table,
        ".tsv": _table,
        ".jsonl": _lines_of_json,
        ".ndjson": _lines_of_json,
        ".json": _values_of_json,
        ".eml": _one_mail,
        ".msg": _outlook,
    }
    if first.startswith(outlook.MAGIC):
        return _outlook
    return by_name.get(suffix) or _told_by(first)


def _told_by(first: bytes) -> Reader | None:
    start = first.removeprefix(_MARK).lstrip(b" \t\r\n")
    if start.startswith((b"{", b"[")) or _ENVELOPE.match(start):
        line = start.partition(b"\n")[0].rstrip()
        is_line = line.startswith(b"{") and line.endswith(b"}")
        return _lines_of_json if is_line else _values_of_json
    if start.startswith(b"From "):
        return mbox.split
    if _HEADER_LINE.match(start):
        return _one_mail
    from dsr.intake import tables

    return _table if tables.is_table(first) else None


def _table(stream: BinaryIO, name: str, _limits: Limits, told: Told) -> Items:
    from dsr.intake import tables

    return tables.read_table(stream, name, told.headings, told.zone)


def _lines_of_json(stream: BinaryIO, name: str, _limits: Limits, told: Told) -> Items:
    from dsr.intake import objects

    return objects.read_lines(stream, name, told.headings, told.zone)


def _values_of_json(stream: BinaryIO, name: str, _limits: Limits, told: Told) -> Items:
    from dsr.intake import objects

    return objects.read_values(stream, name, told.headings, told.zone)


def _one_mail(stream: BinaryIO, name: str, limits: Limits, _told: Told) -> Items:
    first, postmarked_at = mbox.unwrap(stream.read(_TELLING))
    raw, long = read_rest(first, stream, limits)
    yield of_long(Arrival(name, raw, postmarked_at), long)


def _outlook(stream: BinaryIO, name: str, limits: Limits, _told: Told) -> Items:
    raw, long = read_rest(b"", stream, limits)
    yield of_long(outlook.arrival_of(raw, name, limits, cut=long is not None), long)


def _from_stdin(stdin: BinaryIO, limits: Limits, told: Told) -> Items:
    """Read standard input: as its first bytes say."""
    first = stdin.read(_TELLING)
    if not first.strip(b"\r\n"):
        return iter((Problem(STDIN, "is empty"),))
    reader = _reader(_suffix(Path(STDIN), first, told), first, "standard input")
    where = f"{STDIN}\0{sha256(first).hexdigest()}"  # it has no name: it is known by its beginning
    if reader is mbox.split:
        stream = Begun(first.lstrip(b"\r\n"), stdin)
        return with_places(mbox.split(stream, STDIN, limits), where)
    assert reader is not None
    return with_places(reader(Begun(first, stdin), STDIN, limits, told), where)
