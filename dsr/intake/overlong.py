"""What is too long to be held: laid packed into a file without a name, until it is kept."""

import errno
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, BinaryIO, Self
from weakref import finalize

from isal.isal_zlib import compress

from dsr.domain.limits import MIB, Limits
from dsr.errors import ConfigError, ConflictError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
PARTLY = re.compile(r"of its \d+ bytes only the first \d+ are kept")  # as a warning says it
_LEVEL = 1  # much is packed once, and most of it is packed already


class Overlong:
    """Bytes that are too many to be held, in parts as they are kept.

    Its file has no name and nobody else can open it: however the process ends, it is gone. It goes
    to no other process; there is nothing of it there.

    Attributes:
        head: Its first bytes: as many as headers may have.
        size: How many bytes it has.
        kept: How many of them are kept: all, unless it goes beyond what is kept of anything.
    """

    def __init__(self, limits: Limits) -> None:
        """Begin with nothing.

        Raises:
            ConfigError: The workspace cannot be written.
            ConflictError: The disk is full.
        """
        self.head, self.size, self.kept = b"", 0, 0
        self._room = limits.kept_bytes
        self._longest_head = min(limits.raw_bytes, limits.header_bytes + 4)
        self._digest = sha256()
        self._key = ""  # of what is kept, where that is not all
        self._held = bytearray()
        self._lengths: list[int] = []
        self._file = _nameless(limits.folder)
        finalize(self, self._file.close)

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        return type(None), ()

    @property
    def sha256(self) -> str:
        """The SHA-256 of all its bytes."""
        return self._digest.hexdigest()

    @property
    def key(self) -> str:
        """The SHA-256 of what is kept of it."""
        return self._key or self.sha256

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be said of what is not kept."""
        if self.kept == self.size:
            return ()
        return (f"of its {self.size} bytes only the first {self.kept} are kept: more is no mail",)

    def add(self, data: bytes) -> None:
        """Add the bytes that follow, be they few.

        Raises:
            ConflictError: The disk is full.
        """
        self._held += data
        while len(self._held) >= MIB:
            block = bytes(self._held[:MIB])
            del self._held[:MIB]
            self._take(block)

    def end(self) -> Self:
        """Take in what was added last; only then is anything known of it.

        Raises:
            ConflictError: The disk is full.
        """
        block = bytes(self._held)
        self._held.clear()
        self._take(block)
        return self

    def parts(self) -> Iterator[bytes]:
        """Yield what is kept, in parts of 1 MiB, each packed."""
        self._file.seek(0)
        for length in self._lengths:
            yield self._file.read(length)

    def _take(self, block: bytes) -> None:
        self.head += block[: self._longest_head - len(self.head)]
        self.size += len(block)
        fits = block[: self._room - self.kept]
        if len(fits) < len(block) and not self._key:
            whole = self._digest.copy()
            whole.update(fits)
            self._key = whole.hexdigest()
        self._digest.update(block)
        self.kept += len(fits)
        if fits:
            self._write(compress(fits, _LEVEL))

    def _write(self, packed: bytes) -> None:
        left = memoryview(packed)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise _explained(error) from None
        self._lengths.append(len(packed))


def read_rest(begun: bytes, stream: BinaryIO, limits: Limits) -> tuple[bytes, Overlong | None]:
    """Return something whole; of what is too long to be held, its beginning, and all of it aside.

    Args:
        begun: Its first bytes.
        stream: Where the others are.
        limits: How much is held.

    Raises:
        ConfigError: The workspace cannot be written.
        ConflictError: The disk is full.
    """
    most = limits.raw_bytes
    while len(begun) <= most and (more := stream.read(most + 1 - len(begun))):
        begun += more
    if len(begun) <= most:
        return begun, None
    found = Overlong(limits)
    found.add(begun)
    del begun
    while more := stream.read(MIB):
        found.add(more)
    found.end()
    return found.head, found


def _nameless(folder: Path | None) -> IO[bytes]:
    import tempfile  # nearly no import needs it

    try:
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return tempfile.TemporaryFile(dir=folder, buffering=0)
    except OSError as error:
        raise _explained(error) from None


def _explained(error: OSError) -> ConfigError | ConflictError:
    why = error.strerror or type(error).__name__
    if error.errno in FULL:
        what = f"there is no room for a mail that is too long to be held ({why})"
        return ConflictError(what, hint="dsr doctor")
    return ConfigError(f"the workspace cannot be written: {why}", hint="dsr config")
