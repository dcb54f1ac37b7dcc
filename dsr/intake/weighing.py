"""Which of the rights that the same words fit is meant; what fits at all stands in `rights`."""

from collections.abc import Iterable
from dataclasses import replace

from dsr.domain.vocabulary import Kind, Scope
from dsr.intake.match import Found
from dsr.intake.right import LOW, Right
from dsr.rules.phrases import Lexicon

_ALL_PROCESSING = ("personal_data", "processing", "process")
_MENDS = ("correct", "corrected", "correction")


def weighed(rights: list[Right], found: Found, lexicon: Lexicon) -> list[Right]:
    """Return of the rights found in one clause those that are meant.

    Args:
        rights: All that its patterns and articles say.
        found: The clause.
        lexicon: Its language.
    """
    lists = {right.verb for right in rights if right.scope is Scope.MARKETING}
    # "remove my address from your list" deletes nothing else
    kept = [right for right in rights if right.kind is not Kind.DELETION or right.verb not in lists]
    if any(right.kind is Kind.DELETION for right in kept):
        # who wants it deleted wants its use to stop: no second right
        sold = found.of("sale")  # that nothing is sold is wished beside it (CCPA 1798.120)
        kept = [one for one in kept if one.scope is not Scope.OBJECTION or one.verb in sold]
    if any(found.has(group) for group in _ALL_PROCESSING):
        kept = [replace(one, general=True) if one.scope is Scope.CONSENT else one for one in kept]
    kept = _without_objects_of_a_copy(kept, found, lexicon)
    kept = _without_errors_as_grounds(_without_grounds_of_a_restriction(kept, found), found)
    return _one_scope(kept)


def settled(rights: list[Right], body: int) -> list[Right]:
    """Return of the rights of a whole text those that are meant: a heading yields to the rest.

    Args:
        rights: Those of all clauses.
        body: Where the text begins behind the subject.
    """
    if any(not right.heading and right.confidence != LOW for right in rights):
        rights = [right for right in rights if not right.heading]
    rights = _without_ground_of_a_deletion(rights)
    if any(right.kind is Kind.RESTRICTION and right.clause.start >= body for right in rights):
        # "stop using my data" in the subject is the restriction that the text asks for
        rights = [
            right
            for right in rights
            if right.scope is not Scope.OBJECTION or right.clause.start >= body
        ]
    return rights


def _without_ground_of_a_deletion(rights: list[Right]) -> list[Right]:
    """Drop consent withdrawn behind a deletion: it is why that is due (PIPL art. 47(1)(3)).

    Whoever withdraws it first, or one to something of its own ("to the use of my photos"), objects,
    or wants no more advertising or cookies, asks for two things. First is what ends first: a
    deletion may begin as far back as at "I".
    """
    sure = [right for right in rights if right.confidence != LOW]
    deletions = [right.span[1] for right in sure if right.kind is Kind.DELETION]
    if not deletions or any(
        right.objects or right.scope not in (None, Scope.CONSENT) for right in sure
    ):
        return rights
    withdrawn = [right.span[1] for right in rights if right.scope is Scope.CONSENT]
    if withdrawn and min(withdrawn) < min(deletions):
        return rights
    deleting = {right.clause.start for right in sure if right.kind is Kind.DELETION}
    return [
        right
        for right in rights
        if right.scope is not Scope.CONSENT or not (right.general or right.clause.start in deleting)
    ]


def _without_objects_of_a_copy(rights: list[Right], found: Found, lexicon: Lexicon) -> list[Right]:
    """Drop "provide what you hold" where it only says what a copy is wanted of."""
    words = found.of("copy")
    copies = [right for right in rights if right.kind is Kind.COPY and right.verb in words]
    if not copies:
        return rights
    verbs = {place for group in lexicon.file.verbs for place in found.of(group)}
    after = min(right.span[0] for right in copies)
    bound = {found.spans[start][0] for start, _ in found.of("belongs")}
    return [
        right
        for right in rights
        if right.kind is not Kind.ACCESS
        or not _overlaps(right, copies)
        or not (
            (right.verb in found.of("send") and right.span[1] in bound)
            or (right.verb not in verbs and right.span[0] > after)
        )
    ]


def _without_grounds_of_a_restriction(rights: list[Right], found: Found) -> list[Right]:
    """Drop why use is to rest ("it is wrong"), and "stop using" where it is that very wish."""
    wishes = [
        right for right in rights if right.kind is Kind.RESTRICTION and right.verb is not None
    ]
    if not wishes:
        return rights
    if not any(found.has(group) for group in _MENDS):
        rights = [right for right in rights if right.kind is not Kind.CORRECTION]
    return [
        right
        for right in rights
        if right.scope is not Scope.OBJECTION or not _overlaps(right, wishes)
    ]


def _without_errors_as_grounds(rights: list[Right], found: Found) -> list[Right]:
    """Drop "my number has changed" where it is why the account is to be closed, not mended."""
    closes = any(one.kind is Kind.CANCELLATION and one.confidence != LOW for one in rights)
    if not closes or any(found.has(group) for group in _MENDS):
        return rights
    return [right for right in rights if right.kind is not Kind.CORRECTION]


def _overlaps(right: Right, others: Iterable[Right]) -> bool:
    start, end = right.span
    return any(one.span[0] < end and start < one.span[1] for one in others)


def _one_scope(rights: list[Right]) -> list[Right]:
    """Keep one withdrawal a clause: marketing before cookies before consent before objection."""
    order = [Scope.COOKIES, Scope.MARKETING, Scope.CONSENT, Scope.OBJECTION]
    scopes = [right.scope for right in rights if right.scope]
    if len(set(scopes)) <= 1:
        return rights
    kept = min(scopes, key=order.index)
    objects = kept is Scope.CONSENT and Scope.OBJECTION in scopes
    return [
        replace(right, objects=True) if objects and right.scope else right
        for right in rights
        if right.scope in (None, kept)
    ]
