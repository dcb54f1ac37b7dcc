"""A text as it is judged: folded once, cut into words once, into clauses only where needed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, reduce
from operator import or_

from dsr.intake.asking import Asking, Place, asking_in
from dsr.intake.clauses import Clause, Paragraph, clauses_of, paragraphs_of
from dsr.intake.match import Found, Span, cut, look_up
from dsr.rules.lexicon import tokens_in
from dsr.rules.phrases import Lexicon, Phrases
from dsr.rules.sieve import Part
from dsr.rules.wording import Script

SCRIPTS: Mapping[Script, re.Pattern[str]] = {
    "han": re.compile("[\u3400-\u9fff]"),
    "kana": re.compile("[\u3041-\u30fa]"),
    "hangul": re.compile("[\uac00-\ud7af]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "greek": re.compile("[\u0370-\u03ff]"),
}
"""What finds a letter of each script but the Latin one, whose letters stand in every text."""
_EASTERN: tuple[Script, ...] = ("han", "kana")
_KANA_OF_JAPANESE = 2  # so many times its kana are more than the rest of a Japanese text
_KANA_BESIDE_JAPANESE = 5  # and so many times they are less in a Chinese one


class Page:
    """A text as it is judged.

    Attributes:
        text: As it was written: subject, an empty line, the text.
        folded: The same, character for character, for comparing.
        phrases: The languages.
        body: Where the text begins behind the subject.
        language: What it is written in (BCP 47).
        region: The country of a phone without a country code, where the language tells none.
        scores: How many small words of each language stand in a stretch of it, once counted.
    """

    def __init__(self, text: str, folded: str, body: int, phrases: Phrases) -> None:
        self.text = text
        self.folded = folded
        self.body = body
        self.phrases = phrases
        self.language = "und"
        self.region = "CN"
        self.scores: dict[Span, dict[str, int]] = {}
        self._leads: dict[Place, Place | None] = {}
        self._clauses: dict[int, tuple[list[Clause], list[int]]] = {}
        self._cut: dict[int, tuple[list[str], list[Span]]] = {}
        self._found: dict[tuple[str, int], Found] = {}

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """Its paragraphs."""
        return paragraphs_of(self.folded)

    @cached_property
    def tokens(self) -> list[str]:
        """Its tokens."""
        return tokens_in(self.folded)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its tokens, each once."""
        return frozenset(self.tokens)

    @cached_property
    def held(self) -> list[int]:
        """Which groups of all languages stand in each paragraph, as bits of the sieve."""
        within = self.phrases.sieve.within
        return [within(self.folded[one.start : one.end]) for one in self.paragraphs]

    @cached_property
    def present(self) -> int:
        """Which stand anywhere."""
        return reduce(or_, self.held, 0)

    @cached_property
    def askers(self) -> tuple[Asking, ...]:
        """The languages in which the text may ask for something, with what it may ask."""
        return tuple([one for one in self._asking(self.present) if self._is_in(one.lexicon)])

    def _asking(self, present: int) -> list[Asking]:
        sieve = self.phrases.sieve
        known = [
            asking_in(part, sieve.of(present, part))
            for part in sieve.parts
            if present & part.telling
        ]
        return [one for one in known if one.possible]

    @cached_property
    def smellers(self) -> tuple[Lexicon, ...]:
        """The languages one of whose words of privacy stands there."""
        known = self.phrases.sieve.smelling(self.present)
        return tuple([lexicon for lexicon in known if self._is_in(lexicon)])

    @property
    def labelled(self) -> list[Lexicon]:
        """The languages one of whose words before accounts or orders stands there."""
        return self.phrases.sieve.labelling(self.present)

    @property
    def hinted(self) -> bool:
        """Whether a word stands there that hints at a law, in letters of any language."""
        return self.phrases.sieve.hinting(self.present)

    def spoken(self, others: Iterable[str]) -> tuple[Lexicon, ...]:
        """Return the language of the text, if it has phrases, and others beside it."""
        names = dict.fromkeys((self.language.partition("-")[0], *others))
        known = (self.phrases.lexicons.get(name) for name in names)
        return tuple(lexicon for lexicon in known if lexicon)

    def _is_in(self, lexicon: Lexicon) -> bool:
        """Say whether the script of a language stands in the text: the Latin one always may."""
        script = lexicon.file.script
        if script == "latin":
            return True
        if script in _EASTERN:
            return script in self._eastern
        return SCRIPTS[script].search(self.folded) is not None

    @cached_property
    def _eastern(self) -> frozenset[str]:
        """Which of the scripts stand there that share characters."""
        found = {name for name in _EASTERN if SCRIPTS[name].search(self.folded)}
        if self.language == "ja" and "kana" not in found:
            return frozenset({"kana"})  # a short text that has none of its own
        if len(found) > 1:  # whose characters are the Chinese ones?
            kana, han = (len(SCRIPTS[name].findall(self.folded)) for name in ("kana", "han"))
            found -= {"han"} if kana * _KANA_OF_JAPANESE > han else set()
            found -= {"kana"} if kana * _KANA_BESIDE_JAPANESE < han else set()
        return frozenset(found)

    def clauses(self, number: int) -> tuple[list[Clause], list[int]]:
        """Return the clauses of one of the paragraphs, and which groups stand in each."""
        known = self._clauses.get(number)
        if known is None:
            clauses = clauses_of(self.folded, self.paragraphs[number])
            held = [self.held[number]]
            if len(clauses) > 1:
                within = self.phrases.sieve.within
                held = [within(self.folded[one.start : one.end]) for one in clauses]
            known = self._clauses[number] = clauses, held
        return known

    def above(self, place: Place) -> Place | None:
        """Return the clause before one of the clauses; None before the first."""
        number, at = place
        if at:
            return number, at - 1
        return (number - 1, len(self.clauses(number - 1)[0]) - 1) if number else None

    def lead(self, place: Place) -> Clause | None:
        """Return the clause above the list to which a clause belongs: itself if it is no item."""
        at: Place | None = place
        while at is not None and self.clause(at).item:
            at = self._leads[at] if at in self._leads else self.above(at)
        self._leads[place] = at
        return self.clause(at) if at else None

    def clause(self, place: Place) -> Clause:
        """Return the clause at a place."""
        return self.clauses(place[0])[0][place[1]]

    def bits(self, place: Place) -> int:
        """Return which groups stand in the clause at a place, as bits of the sieve."""
        return self.clauses(place[0])[1][place[1]]

    def found(self, clause: Clause, lexicon: Lexicon) -> Found:
        """Return the groups of one language in a clause; each is looked up once."""
        key = lexicon.file.language, clause.start
        known = self._found.get(key)
        if known is None:
            words = self._cut.get(clause.start)
            if words is None:
                words = self._cut[clause.start] = cut(self.folded, clause)
            known = self._found[key] = look_up(self.folded, words, lexicon)
        return known

    def part(self, lexicon: Lexicon) -> Part:
        """Return where a language's groups are among the bits."""
        return self.phrases.sieve.part(lexicon.file.language)

    def holds(self, groups: Iterable[str], lexicon: Lexicon) -> bool:
        """Say whether any of these groups stands in the text."""
        mask = self.mask(groups, lexicon)
        return bool(mask & self.present)

    def holding(
        self, groups: Iterable[str], lexicon: Lexicon, beside: Iterable[str] = ()
    ) -> Iterator[Clause]:
        """Yield the clauses in which any of these groups may stand, beside one of others if any."""
        return self.with_bits(self.mask(groups, lexicon), self.mask(beside, lexicon))

    def with_bits(self, mask: int, beside: int = 0, without: int = 0) -> Iterator[Clause]:
        """Yield the same by the bits of the sieve, but clauses that hold any of others."""
        other = beside or mask
        if not (mask & self.present and other & self.present):  # most are not looked for
            return
        for number, held in enumerate(self.held):
            if held & mask and held & other:
                for one, here in zip(*self.clauses(number), strict=True):
                    if here & mask and here & other and not here & without:
                        yield one

    def mask(self, groups: Iterable[str], lexicon: Lexicon) -> int:
        """Return the bits of the sieve for some groups of a language."""
        shift = self.part(lexicon).shift
        return sum([lexicon.bits.get(group, 0) for group in groups]) << shift

    def saying(self, group: str, lexicon: Lexicon) -> Iterator[Found]:
        """Yield the clauses in which a group stands, anywhere in the text."""
        for clause in self.holding([group], lexicon):
            found = self.found(clause, lexicon)
            if found.has(group):
                yield found
