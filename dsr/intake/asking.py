"""What a text may ask for in one language, and in which of its clauses: operations on bits."""

from collections import deque
from collections.abc import Iterator
from functools import cached_property, lru_cache, reduce
from operator import or_
from typing import Protocol

from dsr.intake.clauses import Clause
from dsr.rules.lexicon import Pattern
from dsr.rules.sieve import Part

_REMEMBERED = 1_000  # of what texts hold in one language
_CLAUSES = 50  # and of what their clauses hold
CARRIES = 3
"""So many clauses before one may name what "it" is."""
Place = tuple[int, int]
"""The number of a paragraph, and of a clause in it."""


class Clauses(Protocol):
    """A text in paragraphs and clauses; see `dsr.intake.page`."""

    @property
    def held(self) -> list[int]:
        """Which groups stand in each paragraph."""

    def clauses(self, number: int, /) -> tuple[list[Clause], list[int]]:
        """Return the clauses of a paragraph, and which groups stand in each."""

    def above(self, place: Place, /) -> Place | None:
        """Return the clause before one of the clauses."""

    def bits(self, place: Place, /) -> int:
        """Return which groups stand in a clause."""


class Asking:
    """What a text may ask for in one language.

    Attributes:
        part: The language among the bits.
        lexicon: The language.
        for_another: Somebody writes for another person: "his data" counts as "my data".
        patterns: Those all of whose groups stand in the text.
        carried: The bits of verbs, and of objects that a clause before may name.
        laws: The bits of the laws that stand there.
    """

    def __init__(self, part: Part, present: int) -> None:
        lexicon = part.lexicon
        self.part, self.lexicon = part, lexicon
        self._their, self._owner = lexicon.bits["their"], lexicon.bits["owner"]
        self.for_another = bool(present & self._their and present & lexicon.agents)
        if self.for_another:
            present |= self._owner
        self.patterns = lexicon.candidates(present)
        self.carried: list[tuple[int, int]] = []
        if present & lexicon.bare:
            both = [(verb, thing) for verb, thing in lexicon.carried if verb & present]
            self.carried = [pair for pair in both if pair[1] & present]
        self.laws = present & lexicon.free
        self._fits: dict[int, list[Pattern]] = {}

    @property
    def possible(self) -> bool:
        """Whether anything may be asked in the language at all."""
        return bool(self.patterns or self.carried or self.laws)

    @cached_property
    def _keys(self) -> int:
        """The bits without any of which a clause asks for nothing."""
        found = self.laws
        for bit in [*(one.bit for one in self.patterns), *(verb for verb, _ in self.carried)]:
            found |= bit
        return found

    def wanted(self, page: Clauses) -> Iterator[tuple[Place, list[Pattern]]]:
        """Yield the places of the clauses that may ask, with the patterns that may fit there.

        Args:
            page: The text.
        """
        shift, full = self.part.shift, self.part.full
        above: deque[int] = deque(maxlen=CARRIES)
        for number, held in enumerate(page.held):
            here = self._with_owner(held >> shift & full)
            if here & self._keys and self._asks(here, reduce(or_, above, here)):
                for at in range(len(page.clauses(number)[0])):
                    yield from self._in_clause(page, (number, at))
            above.append(here)

    def _in_clause(self, page: Clauses, place: Place) -> Iterator[tuple[Place, list[Pattern]]]:
        here = self._with_owner(self._here(page, place))
        if not here & self._keys:
            return
        patterns = self._fitting(here)
        if patterns or here & self.laws or self._carries(here, page, place):
            yield place, patterns

    def _here(self, page: Clauses, place: Place) -> int:
        return page.bits(place) >> self.part.shift & self.part.full

    def _with_owner(self, here: int) -> int:
        return here | self._owner if self.for_another and here & self._their else here

    def _fitting(self, here: int) -> list[Pattern]:
        known = self._fits.get(here)
        if known is None:
            lacking = ~here
            known = [one for one in self.patterns if not one.mask & lacking]
            if len(self._fits) >= _CLAUSES:
                self._fits.clear()
            self._fits[here] = known
        return known

    def _asks(self, here: int, both: int) -> bool:
        return bool(
            here & self.laws
            or self._fitting(here)
            or [1 for verb, thing in self.carried if verb & here and thing & both]
        )

    def _carries(self, here: int, page: Clauses, place: Place) -> bool:
        things = reduce(or_, (thing for verb, thing in self.carried if verb & here), 0)
        at = page.above(place) if things else None
        for _ in range(CARRIES):
            if at is None:
                return False
            if self._here(page, at) & things:
                return True
            at = page.above(at)
        return False


@lru_cache(maxsize=_REMEMBERED)
def asking_in(part: Part, present: int) -> Asking:
    """Return what a text may ask for in a language of which it holds these groups.

    Of languages that it is not written in, a text holds the same few groups again and again, so
    what they come to is remembered.
    """
    return Asking(part, present)
