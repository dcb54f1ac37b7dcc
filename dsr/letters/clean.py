"""Makes what strangers wrote harmless before a letter quotes it. It knows no template."""

import re
from dataclasses import Field, fields, is_dataclass, replace
from typing import Any

# Direction marks, overrides and isolates, and the byte order mark: they show a text as another one.
_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_BREAK = re.compile("\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_BROKEN = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(" {2,}")


def one_line(text: str) -> str:
    """Return a text without line breaks, control and direction characters."""
    return _SPACES.sub(" ", paragraphs(text).replace("\n", " ")).strip()


def paragraphs(text: str) -> str:
    """Return a text whose only control character is the line feed."""
    text = _BREAK.sub("\n", _INVISIBLE.sub("", text))
    text = _BROKEN.sub("\ufffd", _CONTROL.sub(" ", text))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def cleaned(value: Any) -> Any:
    """Return a facts dataclass with every text in it made harmless."""
    changes = {each.name: _field(each, getattr(value, each.name)) for each in fields(value)}
    return replace(value, **changes)


def _field(each: "Field[Any]", value: Any) -> Any:
    if isinstance(value, str) and each.metadata.get("paragraphs"):
        return paragraphs(value)
    return _value(value)


def _value(value: Any) -> Any:
    if type(value) is str:  # an enum's word is ours
        return one_line(value)
    if isinstance(value, tuple):
        return tuple(_value(inner) for inner in value)
    return cleaned(value) if is_dataclass(value) else value
