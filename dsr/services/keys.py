"""The key of keyed hashes: a file outside the database, made once, never shown."""

import os
import secrets
import tempfile
from pathlib import Path

from dsr.errors import ConfigError

_BYTES = 32
_MOST = 4096  # bytes of a key file; a device would never end


def read_key(place: Path, *, may_make: bool) -> bytes:
    """Return the key; make it where there is none and nothing depends on an older one.

    Args:
        place: The key's file.
        may_make: Whether the database holds nothing yet that an older key was used for.

    Raises:
        ConfigError: The key is missing though the database needs it, cannot be read, or is no key.
    """
    try:
        if place.exists() and not place.is_file():
            raise ConfigError(f"the key file {place} is no file", hint="set key_file")
        with place.open("rb") as file:
            key = file.read(_MOST + 1)
    except FileNotFoundError:
        if not may_make:
            raise ConfigError(
                f"the key file {place} is missing; identifiers cannot be looked up",
                hint="put the file back from where it is kept apart, or set key_file",
            ) from None
        return _make(place)
    except OSError as error:
        raise ConfigError(f"the key file {place} cannot be read: {error.strerror}") from None
    if not _BYTES <= len(key) <= _MOST:
        raise ConfigError(f"the key file {place} is damaged", hint="put it back from its backup")
    return key


def _make(place: Path) -> bytes:
    """Make the key; killed at any moment, it leaves a whole one or none."""
    key = secrets.token_bytes(_BYTES)
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
            os.link(file.name, place)  # unlike a rename, it never takes another's place
    except FileExistsError:  # another process was first
        return read_key(place, may_make=False)
    except OSError as error:
        raise ConfigError(f"the key file {place} cannot be made: {error.strerror}") from None
    return key
