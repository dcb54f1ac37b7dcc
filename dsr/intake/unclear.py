"""A wish to change or end something of which no list of words knows what: a person looks."""

from dsr.intake.match import Found
from dsr.intake.page import Page
from dsr.intake.vetoes import is_denied

_WISH = ("ask",)
_NO_WISH = ("business", "errand", "frame", "soft_frame", "hypothesis", "company")


def unclear_in(page: Page) -> str:
    """Return why a person looks at a text that asks for no known right; empty if nobody need.

    People name what is theirs by more words than any list has ("take both cards off"): a wish with
    a verb of correcting, deleting, stopping or closing is never passed over in silence.

    Args:
        page: The text, of which nothing else was understood.
    """
    for lexicon in page.spoken(()):
        changing = lexicon.file.changing
        masks = [page.mask(groups, lexicon) for groups in (changing, _WISH, _NO_WISH)]
        for clause in page.with_bits(*masks):
            found = page.found(clause, lexicon)
            if found.has("ask") and _is_wanted(found, changing, page.folded):
                return f"wishes something changed or ended, unclear what ({lexicon.file.language})"
    return ""


def _is_wanted(found: Found, changing: tuple[str, ...], text: str) -> bool:
    """Say whether one of the verbs stands there with no "not" about it."""
    nots = {place for group in ("behind", "late_negation") for place in found.of(group)}
    verbs = [place for group in changing for place in found.of(group) if place not in nots]
    return any(not is_denied(verb, (text, found)) for verb in verbs)
