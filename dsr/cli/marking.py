"""Marks the words of a text that decided, for people."""

from collections.abc import Iterable
from typing import Any

BEGIN, END = "»", "«"


def marked(text: str, spans: Iterable[Any]) -> str:
    """Return a text with each span between » and «; of spans that overlap, the first stands.

    Args:
        text: The text.
        spans: Objects with `start` (None where they stand elsewhere) and `words`.
    """
    pieces: list[str] = []
    done = 0
    placed = (span for span in spans if span.start is not None)
    for span in sorted(placed, key=lambda one: one.start):
        if span.start < done:
            continue
        end = span.start + len(span.words)
        pieces += [text[done : span.start], BEGIN, text[span.start : end], END]
        done = end
    return "".join([*pieces, text[done:]])
