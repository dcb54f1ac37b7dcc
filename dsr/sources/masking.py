"""Makes the value that stands where a personal value stood: one function a strategy.

A mask is worked out from the seed, the salt and the value alone. The seed is drawn by chance for
one plan and kept nowhere: the plan keeps the masks themselves. Nobody makes them a second time, or
comes back from a mask to the value, whatever keys and addresses he holds.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dsr.sources.datamap import Masking
from dsr.sources.results import Cut, plain

ERASED = "[erased]"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
RANDOM_CHARS = 30
MOST_CHARS = 10_000
LEAST_CHARS = 8  # of a mask that must differ; where a suffix leaves less, the suffix goes
ALGORITHMS = {"SHA-256": "sha256", "SHA-512": "sha512"}
DATE = re.compile(r"(\d{4})-(\d{2})-\d{2}(.*)", re.DOTALL)
NUMBERS = (int, float)


class CannotMaskError(ValueError):
    """This value cannot be masked so; the text says why, with no value of the person."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a strategy works with."""

    value: object
    configuration: Mapping[str, object]
    seed: bytes
    salt: str

    def asked(self, name: str, kind: type, default: Any) -> Any:
        found = self.configuration.get(name, default)
        if type(found) is not kind:
            raise CannotMaskError(f"the masking's {name} is none that can be used")
        return found

    def derived(self, purpose: str) -> bytes:
        """Return 32 bytes that belong to this cell and purpose, and are nowhere else."""
        return hmac.digest(self.seed, f"{purpose}\0{self.salt}".encode(), "sha256")

    def raw(self) -> bytes:
        value = self.value.start if isinstance(self.value, Cut) else self.value
        if isinstance(value, bytes):
            return value
        return str(plain(value)).encode("utf-8", "surrogatepass")

    def digest(self) -> str:
        name = self.asked("algorithm", str, "SHA-256")
        if name not in ALGORITHMS:
            raise CannotMaskError(f"the masking's algorithm is none of {', '.join(ALGORITHMS)}")
        return ALGORITHMS[name]


def mask(
    value: object, masking: Masking, *, seed: bytes, length: int | None = None, salt: str = ""
) -> object:
    """Return the value that takes a value's place; None stays None.

    Args:
        value: The cell as the source's driver gave it.
        masking: The strategy and its configuration.
        seed: Drawn by chance, for one plan. Equal values have equal hashes under one seed.
        length: How many characters the column takes; a text is cut to it.
        salt: Names the cell, so that the masks of two cells differ where they are drawn by chance.

    Raises:
        CannotMaskError: The strategy does not fit the value, or its configuration is wrong.
    """
    if masking.strategy not in MAKERS:
        raise CannotMaskError(f"{masking.strategy} masks no value")
    made, known = MAKERS[masking.strategy]
    if unknown := sorted(masking.configuration.keys() - known):
        raise CannotMaskError(f"{masking.strategy} has no setting {unknown[0]}")
    if value is None:
        return None
    masked = made(_Cell(value, masking.configuration, seed, salt))
    if masking.strategy in AS_THEY_ARE or not isinstance(masked, str):
        return masked
    return _fitting(value, masked, masking, length)


def _fitting(value: object, masked: str, masking: Masking, length: int | None) -> str:
    """Add the suffix, and cut what comes before it to what the column takes."""
    if isinstance(value, NUMBERS):
        raise CannotMaskError("a text does not go where a number stands")
    if isinstance(value, date):
        raise CannotMaskError("a text does not go where a date stands")
    suffix = _suffix(masking.configuration)
    if length is None:
        return masked + suffix
    room = length - len(suffix)
    least = 1 if masking.strategy == "string_rewrite" else LEAST_CHARS
    return masked[:room] + suffix if room >= least else masked[: max(length, 0)]


def _suffix(configuration: Mapping[str, object]) -> str:
    kept = configuration.get("format_preservation") or {}
    if not isinstance(kept, Mapping) or not isinstance(kept.get("suffix") or "", str):
        raise CannotMaskError("the masking's format_preservation is none that can be used")
    return str(kept.get("suffix") or "")


def _null(_cell: _Cell) -> None:
    return None


def _constant(cell: _Cell) -> object:
    constant = cell.configuration.get("rewrite_value", ERASED)
    if type(constant) not in {str, *NUMBERS}:
        raise CannotMaskError("the masking's rewrite_value is neither a text nor a number")
    if not isinstance(constant, str) and not isinstance(cell.value, NUMBERS):
        return str(constant)
    return constant


def _random(cell: _Cell) -> str:
    chars = cell.asked("length", int, RANDOM_CHARS)
    if not 0 < chars <= MOST_CHARS:
        raise CannotMaskError(f"the masking's length is not between 1 and {MOST_CHARS}")
    drawn = hashlib.shake_256(cell.derived("random")).digest(2 * chars)
    pairs = zip(drawn[::2], drawn[1::2], strict=True)
    return "".join(LETTERS[(high * 256 + low) % len(LETTERS)] for high, low in pairs)


def _hash(cell: _Cell) -> str:
    # A bare hash of a telephone number is undone in minutes by trying all numbers
    salt = hmac.digest(cell.seed, b"salt", "sha256")
    return hashlib.new(cell.digest(), salt + cell.raw()).hexdigest()


def _hmac(cell: _Cell) -> str:
    return hmac.new(cell.seed, cell.raw(), cell.digest()).hexdigest()


def _encrypted(cell: _Cell) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if cell.asked("mode", str, "GCM") != "GCM":
        raise CannotMaskError("the masking's mode is not GCM")
    # The nonce comes from the value too: one key never meets two values with one nonce
    nonce = hmac.digest(cell.derived("nonce"), cell.raw(), "sha256")[:12]
    closed = nonce + AESGCM(cell.derived("key")).encrypt(nonce, cell.raw(), None)
    return base64.b64encode(closed).decode("ascii")


def _preserved(cell: _Cell) -> object:
    return cell.value


def _first_day(cell: _Cell) -> object:
    to = cell.asked("to", str, "year")
    if to not in {"year", "month"}:
        raise CannotMaskError("the masking's to is neither year nor month")
    if isinstance(cell.value, date):
        month = cell.value.month if to == "month" else 1
        first = cell.value.replace(month=month, day=1)
        if isinstance(first, datetime):
            return first.replace(hour=0, minute=0, second=0, microsecond=0)
        return first
    written = DATE.fullmatch(cell.value) if isinstance(cell.value, str) else None
    if not written or not _is_date(written[0]):
        raise CannotMaskError("what stands there is no date")
    month_text = written[2] if to == "month" else "01"
    return f"{written[1]}-{month_text}-01" + re.sub(r"\d", "0", written[3])  # the shape stays


def _is_date(written: str) -> bool:
    try:
        datetime.fromisoformat(written)
    except ValueError:
        return False
    return True


SUFFIX = frozenset({"format_preservation"})
AS_THEY_ARE = ("preserve", "truncate_date")  # no suffix, not cut
MAKERS: Mapping[str, tuple[Callable[[_Cell], object], frozenset[str]]] = {
    "null_rewrite": (_null, frozenset()),
    "string_rewrite": (_constant, SUFFIX | {"rewrite_value"}),
    "random_string_rewrite": (_random, SUFFIX | {"length"}),
    "hash": (_hash, SUFFIX | {"algorithm"}),
    "hmac": (_hmac, SUFFIX | {"algorithm"}),
    "aes_encrypt": (_encrypted, SUFFIX | {"mode"}),
    "preserve": (_preserved, frozenset()),
    "truncate_date": (_first_day, frozenset({"to"})),
}
