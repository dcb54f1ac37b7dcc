"""Whose column is which: the headings of somebody's table, as our keys."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dsr.domain.vocabulary import Kind, RequesterRole, Scope
from dsr.errors import InputError, UsageError, nearest
from dsr.intake.arrival import Aside
from dsr.rules.headings import folded, known, loose

KEYS = (
    "id",
    "kind",
    "email",
    "phone",
    "account",
    "name",
    "received_at",
    "language",
    "text",
    "law",
    "requester_role",
    "scope",
)
IDENTIFIERS = ("email", "phone", "account", "name")
SAYS = ("text", "kind")
WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "scope": tuple(Scope),
    "requester_role": tuple(RequesterRole),
}
_TOLD = frozenset({*IDENTIFIERS[:3], *SAYS})  # two columns for one of these: somebody has to say
_NEXT_PAIR = re.compile(r",\s*(?=(?:" + "|".join(KEYS) + r")=)")
_SHOWN = 20  # headings in an error, or a note


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of tables beforehand.

    Attributes:
        headings: The heading of a key, where somebody said it.
        zone: Where times without an offset are told, an IANA name.
    """

    headings: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"


class UnmappedError(UsageError):
    """The headings of a table do not say who asks, or what.

    Attributes:
        headings: The headings, as they stand there.
    """

    def __init__(self, name: str, what: str, headings: Sequence[str]) -> None:
        listed = ", ".join(heading[:60] for heading in headings[:_SHOWN] if heading)
        hint = "say which is which: --map email=HEADING,text=HEADING --map-name NAME"
        super().__init__(f"{name}: {what}; the headings are: {listed}", hint=hint)
        self.headings = tuple(headings)


def said(words: Sequence[str]) -> dict[str, str]:
    """Return which heading is which key, from `KEY=HEADING,...`; a heading may have commas.

    Raises:
        UsageError: A word is no pair, a key is unknown or said twice, or two keys name a heading.
    """
    found: dict[str, str] = {}
    for pair in (one for word in words for one in _NEXT_PAIR.split(word)):
        key, equals, heading = (part.strip() for part in pair.partition("="))
        if not (equals and key and heading):
            raise UsageError("--map is not KEY=HEADING", hint="as --map email=Mail,text=Nachricht")
        if key not in KEYS:
            raise UsageError(f"there is no key {key!r}", hint=nearest(key, list(KEYS)))
        if key in found:
            raise UsageError(f"--map says {key} twice")
        found[key] = heading
    if len({folded(heading) for heading in found.values()}) < len(found):
        raise UsageError("--map gives one heading to two keys")
    return found


def keys_of(headings: Sequence[str], told: Mapping[str, str], name: str) -> list[str]:
    """Return what each column of a table is called here: our key, or its heading.

    What was told goes first, then our own words, then the names that mean one thing.

    Args:
        headings: As they stand there.
        told: The heading of a key, where somebody said it.
        name: What to call the table.

    Raises:
        UnmappedError: They name nobody or say nothing, or two columns could be one key.
        InputError: Two columns have the same name, and it is one of ours.
    """
    given = given_keys(headings, told)
    if unknown := [heading for key, heading in told.items() if key not in given.values()]:
        raise UnmappedError(name, f"no column is called {unknown[0][:60]!r}", headings)
    for key in KEYS:
        if list(given.values()).count(key) > 1:
            raise InputError(f"{name}: two columns are called {key}", hint="rename one of them")
    likely = _likely(headings, given)
    for key, places in likely.items():
        if len(places) > 1 and key in _TOLD:
            raise UnmappedError(name, f"two columns could be {key}", headings)
        if len(places) == 1:
            given[places[0]] = key
    keys = set(given.values())
    if not keys & set(IDENTIFIERS):
        raise UnmappedError(name, "no column names a person", headings)
    if not keys & set(SAYS):
        raise UnmappedError(name, "no column says what is asked", headings)
    return _apart([given.get(place, heading) for place, heading in enumerate(headings)])


def given_keys(headings: Sequence[str], told: Mapping[str, str]) -> dict[int, str]:
    """Return the keys of columns, by place: those that were told, and those in our own words."""
    by_heading = {folded(heading): key for key, heading in told.items()}
    given: dict[int, str] = {}
    for place, heading in enumerate(headings):
        word = heading.strip().lower()
        if key := by_heading.pop(folded(heading), None):
            given[place] = key
        elif word in KEYS and word not in told:
            given[place] = word
    return given


def keys_of_object(names: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    """Return our key of each name in a JSON object that has one; what is unclear has none."""
    given = given_keys(names, told)
    for key, places in _likely(names, given).items():
        if len(places) == 1:
            given[places[0]] = key
    return {names[place]: key for place, key in given.items()}


def _likely(headings: Sequence[str], given: Mapping[int, str]) -> dict[str, list[int]]:
    """Return the other columns whose name means one of the keys that none has yet.

    A name as "date" means a key only where no column says it better.
    """
    likely: dict[str, list[int]] = {}
    for meant in (known(), loose()):
        taken = {*given.values(), *likely}
        for place, heading in enumerate(headings):
            key = meant.get(folded(heading))
            if key and key not in taken and place not in given:
                likely.setdefault(key, []).append(place)
    return likely


def kept_unread(name: str, headings: Iterable[str]) -> Iterator[Aside]:
    """Yield which columns are kept and not read, in one line, if there are any.

    Args:
        name: What to call the table.
        headings: Theirs, as they stand there.
    """
    texts = (" ".join(one[:60].encode(errors="replace").decode().split()) for one in headings)
    unread = [text for text in texts if text]
    if unread:
        more = ", ..." if len(unread) > _SHOWN else ""
        yield Aside(name, f"kept unread: {', '.join(unread[:_SHOWN])}{more}")


def _apart(names: Sequence[str]) -> list[str]:
    """Return names of which no two are the same; a column without a name has its number."""
    used: set[str] = set()
    out: list[str] = []
    for number, name in enumerate(names, start=1):
        base = one = name or f"column {number}"
        count = 1
        while one in used:
            count += 1
            one = f"{base} ({count})"
        used.add(one)
        out.append(one)
    return out
