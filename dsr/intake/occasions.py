"""Letters that speak of rights and ask for none: quotations, thanks, offers, applications, drafts.

What they are is told by the whole letter, not by the clause in which the right stands. A person
looks at them: nothing that smells of a right is passed over in silence.
"""

import re
from dataclasses import replace

from dsr.intake.match import Found
from dsr.intake.page import Page
from dsr.intake.right import LOW, Right
from dsr.intake.vetoes import is_parted
from dsr.rules.phrases import Lexicon

OTHERS_WORDS = re.compile(
    r"“[^“”]{1,600}”|„[^„“”]{1,600}[“”]|「[^「」]{1,600}」|«[^«»]{1,600}»|\"[^\"\n]{1,600}\""
)
"""What somebody else says: his "my" is not the writer's."""
_OUTSIDE = 60  # characters beside quotations, so that they are no letter pasted with its marks
_OCCASION = "occasion"  # a right beside which somebody asks is asked for all the same
_OTHER_LETTER = "other_letter"
_BY_LAW = ".article "
_FIRST = 1  # token of a clause with which an imperative may begin


def weakened(page: Page, rights: list[Right]) -> list[Right]:
    """Return rights, unsure where somebody else says them or the letter's occasion is another.

    Args:
        page: The text.
        rights: What was found in it.
    """
    if not rights:
        return rights
    rights = _without_others_words(page, rights)
    lexicons = page.spoken(right.pattern.partition(".")[0] for right in rights)
    if _is_said(page, _OTHER_LETTER, lexicons):
        return [replace(right, confidence=LOW) for right in rights]
    if not _is_said(page, _OCCASION, lexicons):
        return rights
    return [right if _is_asked(page, right) else replace(right, confidence=LOW) for right in rights]


def _is_said(page: Page, group: str, lexicons: tuple[Lexicon, ...]) -> bool:
    return any(found for one in lexicons for found in page.saying(group, one))


def _without_others_words(page: Page, rights: list[Right]) -> list[Right]:
    said = [match.span() for match in OTHERS_WORDS.finditer(page.folded)]
    if not said or len(page.folded) - sum(end - start for start, end in said) < _OUTSIDE:
        return rights
    return [
        replace(right, confidence=LOW) if _is_said_by_another(page, right, said) else right
        for right in rights
    ]


def _is_said_by_another(page: Page, right: Right, said: list[tuple[int, int]]) -> bool:
    """Say whether a right stands wholly within quotation marks, and "I" nowhere beside them."""
    start, end = right.span
    lexicon = _lexicon_of(page, right)
    if lexicon is None or not any(begin < start and end < stop for begin, stop in said):
        return False
    found = page.found(right.clause, lexicon)
    mine = [found.spans[at][0] for at, _ in found.of("self")]
    return all(any(begin < at < stop for begin, stop in said) for at in mine)


def _is_asked(page: Page, right: Right) -> bool:
    """Say whether a wish stands beside the right itself, with no comma between them, or a law."""
    lexicon = _lexicon_of(page, right)
    if lexicon is None or _BY_LAW in right.pattern:
        return True
    found = page.found(right.clause, lexicon)
    first, last = _tokens_of(found, right)
    if first <= _FIRST:
        return True
    return any(
        not is_parted(page.folded, found, (end, first) if end <= first else (last, start))
        for start, end in found.of("ask")
    )


def _tokens_of(found: Found, right: Right) -> tuple[int, int]:
    """Return the tokens between which a right stands."""
    start, end = right.span
    first = sum(stop <= start for _, stop in found.spans)
    return first, first + sum(start < stop and begin < end for begin, stop in found.spans)


def _lexicon_of(page: Page, right: Right) -> Lexicon | None:
    """Return the language whose words say the right."""
    return page.phrases.lexicons.get(right.pattern.partition(".")[0])
