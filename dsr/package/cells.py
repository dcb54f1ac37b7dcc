"""What one cell looks like in JSON, in CSV and on the page. Nothing here knows a row or a file."""

import base64
import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from math import isfinite
from typing import Any, Protocol, runtime_checkable

#: What a spreadsheet may take for a formula, in half and full width.
_STARTS_A_FORMULA = tuple("=+-@＝＋－＠")
#: Numbers as people write them, with a sign: a spreadsheet computes nothing from them.
_SIGNED_NUMBER = re.compile(r"[+-][0-9][0-9 .,]*")
#: Control and direction characters, byte order mark, broken halves of pairs; not \t and \n.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\uffff"
    "\ud800-\udfff]"
)


@runtime_checkable
class Shortened(Protocol):
    """A cell that the search cut because it was too long; `start` is its beginning."""

    start: str | bytes


def plain(value: object) -> Any:
    """Return a cell as JSON can carry it: bytes as {"base64": ...}, a cut cell as {"cut": ...}."""
    said: Any
    match value:
        case None | bool() | int() | str():
            said = value
        case float():
            said = value if isfinite(value) else str(value)
        case bytes() | bytearray() | memoryview():
            said = {"base64": base64.b64encode(value).decode("ascii")}
        case datetime() | date() | time():
            said = value.isoformat()
        case Mapping():
            said = {str(key): plain(inner) for key, inner in value.items()}
        case list() | tuple():
            said = [plain(inner) for inner in value]
        case set() | frozenset():
            said = sorted((plain(inner) for inner in value), key=str)
        case Shortened():
            said = {"cut": plain(value.start)}
        case _:  # decimals, identifiers, intervals, networks
            said = str(value)
    return said


def is_cut(value: Any) -> bool:
    """Return whether a plain cell holds only the beginning of a longer one."""
    return isinstance(value, dict) and value.keys() == {"cut"}


def to_json(value: Any) -> str:
    """Return a plain value as JSON that is exact and shows no harmful character as itself."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def shown(text: str) -> str:
    """Return a text that cannot steer a terminal or turn its direction: harm is spelled out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", lines)


def for_spreadsheet(value: Any) -> str:
    """Return a plain cell as CSV text that no spreadsheet runs as a formula."""
    if not isinstance(value, str):
        return for_people(value)
    text = shown(value)
    if text.lstrip().startswith(_STARTS_A_FORMULA) and not _SIGNED_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def for_people(value: Any) -> str:
    """Return a plain cell as text: nothing for an absent one, JSON for what nests."""
    match value:
        case None:
            return ""
        case str():
            return shown(value)
        case {"cut": start, **rest} if not rest:
            return for_people(start)
        case {"base64": str() as encoded, **rest} if not rest:
            return encoded
    return to_json(value)
