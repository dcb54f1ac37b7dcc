"""Puts a finished copy into one file, plain or encrypted. It knows no content and keeps no key."""

import secrets
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from dsr.errors import InputError
from dsr.package.files import replacing

#: No letter or digit that is taken for another one: neither 0, o, 1, l nor i.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
GROUPS = 5
GROUP_LENGTH = 4
_CHUNK = 1024 * 1024
_LEVEL = 1  # 100 MB in 1.3 s; higher levels take three times as long for a tenth less
_NEEDS_64_BIT = 1024**3


def new_passphrase() -> str:
    """Return a passphrase of 99 bits in groups that can be read out on the telephone."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def plain_zip(folder: Path) -> Path:
    """Put a folder into a ZIP file beside it, and return that file's path.

    Raises:
        InputError: It could not be written; no part of it is left.
    """
    target = folder.with_name(f"{folder.name}.zip")
    with (
        _disk(target) as disk,
        zipfile.ZipFile(disk, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive,
    ):
        _add_all(archive, folder, disk)
    return target


def encrypt(package: Path, target: Path, passphrase: str) -> Path:
    """Put a folder, or the files of a plain ZIP, into a ZIP file encrypted by AES-256.

    Args:
        package: The copy's folder, or the file that `plain_zip` made of it.
        target: The file to write; an older one is replaced when the new one is whole.
        passphrase: From `new_passphrase`; it is neither stored nor logged.

    Raises:
        InputError: It could not be written, and no part of it is left; the plain ZIP is damaged;
            or the passphrase is empty.
    """
    import pyzipper

    if not passphrase:
        raise InputError("a copy is not encrypted with an empty passphrase")
    with (
        _disk(target) as disk,
        pyzipper.AESZipFile(
            disk,
            "w",
            compression=pyzipper.ZIP_DEFLATED,
            compresslevel=_LEVEL,
            encryption=pyzipper.WZ_AES,
        ) as archive,
    ):
        archive.setpassword(passphrase.encode())
        _add_all(archive, package, disk)
    return target


class _Disk:
    """A file that remembers its first failure and takes whatever follows for nothing.

    An archive that is closed on a full disk fails again while it cleans up, in other words and
    once more when it is collected; this one closes in peace, and the first failure is raised.
    """

    def __init__(self, path: Path) -> None:
        self.failure: OSError | None = None
        self._raw = path.open("r+b", buffering=0)
        self.seek = self._raw.seek
        self.tell = self._raw.tell
        self.flush = self._raw.flush
        self.close = self._raw.close

    def write(self, data: bytes) -> int:
        """Write all of it, or note why not."""
        rest = memoryview(data)
        try:
            while rest and self.failure is None:
                rest = rest[self._raw.write(rest) :]
        except OSError as error:
            self.failure = error
        return len(data)


@contextmanager
def _disk(target: Path) -> Iterator[Any]:
    """Give a file to write an archive to; it stands in the target's place once it is whole."""
    with replacing(target) as temporary, closing(_Disk(temporary)) as disk:
        yield disk
        if disk.failure is not None:
            raise disk.failure


def _add_all(archive: Any, package: Path, disk: _Disk) -> None:
    try:
        for name, size, stream in _members(package):
            with closing(stream):
                _add(archive, name, size, stream)
            if disk.failure is not None:
                return
    except (zipfile.BadZipFile, zlib.error):
        raise InputError("the plain copy is damaged", hint="make the copy again") from None


def _add(archive: Any, name: str, size: int, stream: IO[bytes]) -> None:
    # By its name alone an entry is dated 1980: the same content gives the same plain archive.
    with archive.open(name, "w", force_zip64=size >= _NEEDS_64_BIT) as sink:
        while chunk := stream.read(_CHUNK):
            sink.write(chunk)


def _members(package: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    """Yield name, size and content of each file, always in the same order."""
    if package.is_dir():
        for path in sorted(place for place in package.rglob("*") if place.is_file()):
            name = path.relative_to(package).as_posix()
            yield name, path.stat().st_size, path.open("rb")
        return
    with zipfile.ZipFile(package) as archive:
        for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
            yield entry.filename, entry.file_size, archive.open(entry)
