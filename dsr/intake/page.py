"""A text as it is judged: folded once, cut into words once, into clauses only where needed."""

from dsr.intake.clauses import Clause, clauses_of
from dsr.intake.match import Found, look_up
from dsr.rules.phrases import TOKEN, Lexicon


class Page:
    """A text as it is judged.

    Attributes:
        text: As it was written: subject, an empty line, the text.
        folded: The same, character for character, for comparing.
        tokens: Its tokens.
        pairs: Its pairs of neighbouring tokens.
        body: Where the text begins behind the subject.
    """

    __slots__ = ("_clauses", "_present", "_whole", "body", "folded", "pairs", "text", "tokens")

    def __init__(self, text: str, folded: str, body: int) -> None:
        self.text = text
        self.folded = folded
        self.body = body
        self.tokens: list[str] = TOKEN.findall(folded)
        self.pairs = frozenset(zip(self.tokens, self.tokens[1:], strict=False))
        self._clauses: tuple[Clause, ...] | None = None
        self._present: dict[str, int] = {}
        self._whole: dict[str, Found] = {}

    def clauses(self) -> tuple[Clause, ...]:
        """Return its clauses; most texts need not be cut into clauses at all."""
        if self._clauses is None:
            self._clauses = tuple(clauses_of(self.folded))
        return self._clauses

    def present(self, lexicon: Lexicon) -> int:
        """Return the bits of the groups that the text holds."""
        language = lexicon.file.language
        if language not in self._present:
            self._present[language] = lexicon.present(frozenset(self.tokens), self.pairs)
        return self._present[language]

    def whole(self, lexicon: Lexicon) -> Found:
        """Return the groups of the whole text: who writes, of what else he speaks."""
        language = lexicon.file.language
        if language not in self._whole:
            everything = Clause(0, len(self.folded))
            self._whole[language] = look_up(self.folded, everything, lexicon)
        return self._whole[language]
