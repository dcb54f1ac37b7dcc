"""Questions about a right, by when or what it means, are no exercise of it: a person looks."""

import re
from dataclasses import replace

from dsr.intake.page import Page
from dsr.intake.right import LOW, TOLD, Right
from dsr.rules.folding import fold
from dsr.rules.short import short_words

_LONGEST = 2_000  # characters of a text that may be no more than a question
_ASKED = re.compile("[?？]")


def softened(page: Page, rights: list[Right]) -> list[Right]:
    """Return rights, unsure where their clause only asks by when, or what they mean.

    Args:
        page: The text.
        rights: What was found in it.
    """
    if not rights or len(page.text) > _LONGEST or not _ASKED.search(page.folded):
        return rights
    means = short_words().meanings.search(fold(page.text)) is not None
    asked = {right.clause.start for right in rights if _only_asks(page, right, means=means)}
    return [
        replace(right, confidence=LOW) if right.clause.start in asked else right for right in rights
    ]


def _only_asks(page: Page, right: Right, *, means: bool) -> bool:
    words = short_words()
    start, end = right.clause.start, right.clause.end
    clause = fold(page.text[start : end + 2])
    if means and words.entitled.search(clause):
        return True
    if right.kind in TOLD or not _ASKED.search(clause):
        return False
    return words.questions.search(clause) is not None
