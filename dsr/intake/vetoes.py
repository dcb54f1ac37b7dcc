"""Why a pattern that was found asks for nothing: policy talk, negation, hypothesis, business."""

import re

from dsr.domain.vocabulary import Kind
from dsr.intake.match import Found, Span
from dsr.rules.phrases import Lexicon, Pattern

_NEAR_VERB = 4  # tokens between a negation and the verb behind it
_NEAR_BEHIND = 2  # tokens between a verb and the negation behind it
_BEFORE = 3
_BEFORE_HAN = 12  # a character is a token
_POLITE = 3  # tokens between polite words and their "if"
_PERSONAL = frozenset(
    {
        "owner",
        "personal_data",
        "private_thing",
        "about_me",
        "self",
        "person_list",
        "account",
        "access_right",
    }
)
_OF_ACCOUNTS = frozenset({Kind.CANCELLATION, Kind.CORRECTION})
_OF_DEEDS = frozenset({Kind.REVIEW, Kind.COMPLAINT})  # they speak of what was done
_CUT = re.compile("[;:，；：—()]|,(?!\\w)|(?<!\\b[\u0370-\u03ff]),")
"""What ends what was said before it; the comma inside a word ("ό,τι") ends nothing."""
_HAN, _HANGUL = "\u4e00", "\uac00"
"""From here to there a space between two characters is a comma in a hurry; Korean has spaces."""


def vetoed(
    pattern: Pattern, way: tuple[Span, ...], found: Found, context: tuple[str, Lexicon]
) -> bool:
    """Say whether the clause takes back what the pattern says.

    Args:
        pattern: The pattern.
        way: Where its steps stand.
        found: The clause.
        context: The folded text, and the language.
    """
    text, lexicon = context
    verb = verb_of(pattern, way, lexicon)
    return (
        is_policy(way, found)
        or _is_negated(way, verb, (text, found))
        or (pattern.line.kind not in _OF_DEEDS and _is_taken_back(way, verb, (text, found)))
        or is_hypothetical(way, (text, found), verb)
        or _is_another_wish(pattern, way, (text, found, lexicon))
        or _is_business(pattern, found)
        or (found.has("bank") and pattern.line.kind in _OF_ACCOUNTS and not _is_one_person(found))
        or (pattern.line.kind is Kind.WITHDRAWAL and found.has("footer") and not found.has("self"))
    )


def verb_of(pattern: Pattern, way: tuple[Span, ...], lexicon: Lexicon) -> Span:
    """Return where the pattern's verb stands; the first step if it has none."""
    for step, place in zip(pattern.steps, way, strict=True):
        if step.group in lexicon.file.verbs:
            return place
    return way[0]


def is_denied(verb: Span, context: tuple[str, Found]) -> bool:
    """Say whether a "not" is about a verb of whose object nothing is known.

    Args:
        verb: Where it stands.
        context: The folded text, and the clause.
    """
    text, found = context
    late = any(
        start >= verb[1] and not is_parted(text, found, (verb[1], start))
        for start, _ in found.of("late_negation")
    )
    return late or _is_negated((verb,), verb, context) or _is_taken_back((verb,), verb, context)


def is_policy(way: tuple[Span, ...], found: Found) -> bool:
    """Say whether somebody explains rights here, and asks for none."""
    end = way[-1][1]
    if found.has("outsider") and not (found.has("about_me") or found.has("personal_data")):
        return True
    for start, stop in found.of("frame"):
        asks = any(stop <= at < way[0][1] for at, _ in found.of("ask"))
        if start < end and not (asks and found.has("self")):
            return True
    if found.has("self"):
        return False
    if any(start >= end for start, _ in found.of("frame_behind")):
        return True
    return any(start < end for start, _ in found.of("soft_frame"))


def _is_negated(way: tuple[Span, ...], verb: Span, context: tuple[str, Found]) -> bool:
    text, found = context
    for start, end in found.of("negation"):
        inside = any(one <= start < other for one, other in way)
        if inside or not 0 <= verb[0] - end <= _NEAR_VERB:
            continue
        if not is_parted(text, found, (end, verb[0])):
            return True
    return False


def _is_taken_back(way: tuple[Span, ...], verb: Span, context: tuple[str, Found]) -> bool:
    """Say whether "not" or the like stands behind: the verb in Japanese, the object in German."""
    text, found = context
    for group, end in (("behind", verb[1]), ("late_negation", way[-1][1])):
        for start, _ in found.of(group):
            inside = any(one <= start < other for one, other in way)
            if inside or not 0 <= start - end <= _NEAR_BEHIND:
                continue
            if not is_parted(text, found, (end, start)):
                return True
    return False


def is_hypothetical(
    way: tuple[Span, ...], context: tuple[str, Found], verb: Span | None = None
) -> bool:
    """Say whether an "if" or the like governs what was found.

    Args:
        way: Where it stands.
        context: The folded text, and the clause.
        verb: Its verb; None for an article, which no comma separates from "the existence of".
    """
    text, found = context
    at = verb or way[0]
    for start, end in found.of("hypothesis"):
        if start >= way[0][0] or end > at[0] or _is_polite(start, found):
            continue
        asks = any(end <= one <= at[0] for one, _ in found.of("ask" if verb else "request"))
        if not asks and not (verb and is_parted(text, found, (end, at[0]))):
            return True
    return False


def _is_polite(start: int, found: Found) -> bool:
    """Say whether an "if" belongs to a wish: "I would be grateful if you deleted it"."""
    return any(0 <= start - end <= _POLITE for _, end in found.of("polite"))


def is_parted(text: str, found: Found, between: Span) -> bool:
    """Say whether a comma or the like stands between two tokens: what was said before it ends."""
    first, last = between
    if first > last:
        return False
    begin, end = found.spans[first - 1][1], found.spans[last][0]
    if _CUT.search(text, begin, end + 1):
        return True
    piece = text[begin:end]
    return " " in piece and any(
        text[found.spans[at - 1][1] : found.spans[at][0]].isspace()
        and "\n" not in text[found.spans[at - 1][1] : found.spans[at][0]]
        and found.tokens[at - 1] >= _HAN <= found.tokens[at] < _HANGUL
        for at in range(first, last + 1)
    )


def _is_another_wish(
    pattern: Pattern, way: tuple[Span, ...], context: tuple[str, Found, Lexicon]
) -> bool:
    """Say whether another verb governs the object: "delete what you hold" asks for no access."""
    text, found, lexicon = context
    first, last = way[0][0], way[-1][0]
    governed = not pattern.groups.isdisjoint(lexicon.file.verbs)
    own = {place for group in pattern.groups for place in found.of(group)}
    before = _BEFORE_HAN if lexicon.file.script == "han" else _BEFORE
    for group, serves in lexicon.file.commands.items():
        if group in pattern.groups or pattern.line.kind in serves:
            continue
        for place in found.of(group):
            if place[0] == way[-1][1] and not is_parted(text, found, (place[0], place[0])):
                return True  # "have all that you hold about me removed"
            if place in own or not (first - before < place[1] and place[0] < last):
                continue
            if place[0] > first or not (governed or is_parted(text, found, (place[1], first))):
                return True
    return False


def is_of_a_company(pattern: Pattern, found: Found) -> bool:
    """Say whether a company's own account or address is meant: a company is no data subject."""
    if pattern.line.kind not in _OF_ACCOUNTS or "personal_data" in pattern.groups:
        return False
    business = found.has("company") or found.has("business")
    return business and not _is_one_person(found)


def _is_one_person(found: Found) -> bool:
    """Say whether somebody speaks for himself: "I", not "we" nor "our company"."""
    several = [*found.of("plural"), *found.of("company")]
    return any(
        not any(start <= one and other <= end for start, end in several)
        for one, other in found.of("self")
    )


def _is_business(pattern: Pattern, found: Found) -> bool:
    """Say whether the clause is about an invoice or the like, and nobody's own data."""
    return found.has("business") and not pattern.groups & _PERSONAL
