"""A stream of which the beginning was read already, to learn what it is."""

import io
from typing import Any, BinaryIO


class Begun(io.BufferedReader):
    """What was read already, and then the rest."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        super().__init__(_Prefixed(first, rest), 128 << 10)


class _Prefixed(io.RawIOBase):
    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first = first
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data, self._first = self._first[: len(buffer)], self._first[len(buffer) :]
        data = data or self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
