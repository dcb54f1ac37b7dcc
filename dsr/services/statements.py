"""Words that an answer owes and that only an officer can say, by the letter's own names."""

from dsr.errors import UsageError, nearest

#: Words that answers owe, by the letter's own names; those in the plural are lists, a line each.
STATEMENTS = (
    "answer",
    "finding",
    "reason",
    "review_result",
    "decision_logic",
    "data_used",
    "continuing",
    "ending",
    "transfers",
)
#: Those of them that nobody but an officer knows.
WORDS = frozenset({"answer", "finding", "reason", "review_result", "decision_logic", "data_used"})
_LISTS = frozenset({"decision_logic", "data_used", "continuing", "ending", "transfers"})


def statement(name: str, text: str) -> str | list[str]:
    """Return words that an answer owes, as the letter takes them.

    Raises:
        UsageError: No letter has such words.
    """
    if name not in STATEMENTS:
        raise UsageError(f"no letter says {name!r}", hint=nearest(name, list(STATEMENTS)))
    if name in _LISTS:
        return [line.strip() for line in text.splitlines() if line.strip()]
    return text.strip()
