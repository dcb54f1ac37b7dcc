"""Reads TOML files that are nearly all lists of words, which the library for TOML reads slowly.

Lists of plain strings are written in JSON as they are in TOML. They are taken out before the file
is read and put in again, each line keeping its number; whatever is not plain stays where it is.
"""

import json
import re
from collections.abc import Callable
from typing import Any

_TEXT = r'"[^"\\\x00-\x1f\x7f]*"'
_LIST = re.compile(
    rf"^([a-z_]+ = )(\[(?:[ \n]*{_TEXT}[ \n]*,)*[ \n]*(?:{_TEXT}[ \n]*)?\])(?=[ ]*(?:\n|\Z|#))",
    re.MULTILINE,
)
_LAST_COMMA = re.compile(r",[ \n]*\]\Z")
_MARK = "\ue000"  # for private use: it stands in no file of words
_LONG = ('"""', "'''")


def with_lists(text: str, read: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """Return a TOML file's tables.

    Args:
        text: The file.
        read: Reads TOML.
    """
    if _MARK in text or any(quotes in text for quotes in _LONG):
        return read(text)
    lists: list[str] = []

    def taken(match: re.Match[str]) -> str:
        lists.append(_LAST_COMMA.sub("]", match[2]))
        return f'{match[1]}"{_MARK}{len(lists) - 1}"' + "\n" * match[2].count("\n")

    tables = read(_LIST.sub(taken, text))
    known = json.loads(f"[{','.join(lists)}]")
    return {key: _put(one, known) for key, one in tables.items()}


def _put(value: Any, lists: list[list[str]]) -> Any:
    """Return a value with the lists where their marks stand."""
    if isinstance(value, dict):
        return {key: _put(one, lists) for key, one in value.items()}
    if isinstance(value, list):
        return [_put(one, lists) for one in value]
    if isinstance(value, str) and value.startswith(_MARK):
        return lists[int(value.removeprefix(_MARK))]
    return value
