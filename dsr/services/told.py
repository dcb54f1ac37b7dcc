"""How a person is told of a ground: by name, reason and article. Keeps nothing."""

from typing import Any, NamedTuple

from dsr.domain.office import Ground, Texts, in_language
from dsr.rules import office
from dsr.rules.terms import terms


class Told(NamedTuple):
    """A ground in the words of a letter. It has no code: where one lacked, it would be quiet."""

    name: str
    reason: str
    citation: str


def told(row: Any, language: str) -> Told:
    """Return how a person is told why an item is not granted.

    The ground's own paragraph is said in the letter's language, of an either/or ground the half
    that holds here; what an officer wrote stays as it is.
    """
    ground = office.ground(row.ground)
    wording = terms().wording
    if ground.quiet:
        return Told(
            in_language(wording.quiet_ground, language),
            in_language(ground.tell, language),
            in_language(wording.quiet_citation, language),
        )
    name, reason = _half(row, ground)
    default = row.reason in {"", *ground.tell.values()}
    return Told(
        in_language(name if default else ground.name, language),
        in_language(reason, language) if default else row.reason,
        row.citation,
    )


def _half(row: Any, ground: Ground) -> tuple[Texts, Texts]:
    """Return a ground's name and paragraph; of an either/or ground, by whether an end is named."""
    halves = terms().halves.get(ground.code)
    if halves is None:
        return ground.name, ground.tell
    half = halves.with_end if row.until_on or row.until_when else halves.without_end
    return half.name, half.tell
