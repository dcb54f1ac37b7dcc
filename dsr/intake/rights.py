"""The rights that one language's patterns find in a text, clause by clause."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dsr.domain.vocabulary import Kind
from dsr.intake.articles import articles_in
from dsr.intake.asking import CARRIES, Asking, Place
from dsr.intake.clauses import HEADING, Clause
from dsr.intake.language import is_of_language
from dsr.intake.match import Found, Span, paths
from dsr.intake.page import Page
from dsr.intake.right import HIGH, LOW, MEDIUM, TOLD, Right
from dsr.intake.vetoes import is_hypothetical, is_of_a_company, is_policy, verb_of, vetoed
from dsr.intake.weighing import weighed
from dsr.rules.phrases import Carried, Lexicon, Pattern

_SHORT_TEXT = 1_500  # characters
_WHOLE = 6  # tokens
_IMPERATIVE = 1
_LINE_HAN = 20  # characters of a Chinese line that is a heading
_ENDING = ("kana", "hangul")
_OWN = (
    "self",
    "personal_data",
    "private_thing",
    "shown_as",
    "role_guardian",
    "role_near_relative",
    "which_thing",
)
_AT_ALL = frozenset({"marketing", "rules"})  # nobody else is sent it, or explains them
KANA = re.compile("[\u3041-\u30fa\uac00-\ud7af]")
"""Characters of Japanese and Korean: their Chinese characters are read as theirs."""


def rights_in(page: Page, asking: Asking) -> list[Right]:
    """Return the rights that a text asks for in one language.

    Args:
        page: The text.
        asking: The language, and what the text may ask for in it.
    """
    rights: list[Right] = []
    lexicon = asking.lexicon
    for place, patterns in asking.wanted(page):
        clause = page.clause(place)
        if lexicon.file.script == "han" and KANA.search(page.folded, clause.start, clause.end):
            continue
        if not is_of_language(page, clause, lexicon):
            continue
        found = page.found(clause, lexicon)
        if asking.for_another:
            found = _with_owners(found)
        inherits = clause.item and _leads(page, lexicon, place)
        asked = frozenset([right.clause.start for right in rights if right.kind not in TOLD])
        reader = _Reader(page, lexicon, place, found, patterns, inherits, asked)
        rights.extend(reader.all())
    return rights


def _with_owners(found: Found) -> Found:
    """Return the clause with "his" counted as "my"."""
    owners = [*found.of("owner"), *found.of("their")]
    return replace(found, groups={**found.groups, "owner": owners}) if owners else found


def _leads(page: Page, lexicon: Lexicon, place: Place) -> bool:
    """Say whether the clause above a list asks for what the list says."""
    lead = page.lead(place)
    if lead is None:
        return False
    found = page.found(lead, lexicon)
    if found.has("frame") or found.has("soft_frame"):
        return False
    return found.has("self") or found.has("request")


@dataclass(slots=True)
class _Reader:
    """One clause, being read."""

    page: Page
    lexicon: Lexicon
    place: Place
    found: Found
    patterns: list[Pattern]
    inherits: bool
    asked: frozenset[int]

    @property
    def clause(self) -> Clause:
        """The clause."""
        return self.page.clause(self.place)

    def rights(self) -> list[Right]:
        """Return what the clause asks for by patterns and by articles."""
        rights = [right for right in self._by_pattern() if right]
        rights += self._by_article()
        return weighed(rights, self.found, self.lexicon)

    def all(self) -> list[Right]:
        """Return the same, and what it asks of the object of the clause before."""
        rights = self.rights()
        sure = [right for right in rights if right.confidence != LOW]
        named = {right.kind for right in sure}
        return rights + [
            right
            for right in self.carried(1 if sure else CARRIES)
            if right.kind not in named
            and not any(one.span[0] <= right.span[0] < one.span[1] for one in sure)
        ]

    def _by_pattern(self) -> Iterator[Right | None]:
        here = self.found.groups.keys()
        for pattern in self.patterns:
            if pattern.groups <= here and self._may_count(pattern):
                yield self._match(pattern)

    def _may_count(self, pattern: Pattern) -> bool:
        """Say whether a pattern counts here: some only in headings, or as the whole text."""
        line = pattern.line
        if line.alone:
            return len(self.page.tokens) <= _WHOLE
        return not line.heading or self._is_heading()

    def _in_subject(self) -> bool:
        return self.clause.start < self.page.body

    def _is_heading(self) -> bool:
        length = self.clause.end - self.clause.start
        if self._in_subject():
            return length <= HEADING
        if self.lexicon.file.script == "han" and length > _LINE_HAN:
            return False
        whole_line = self.clause.alone and not self.clause.item
        return whole_line and len(self.page.text) <= _SHORT_TEXT

    def _match(self, pattern: Pattern) -> Right | None:
        for way in paths(pattern, self.found, self.lexicon):
            if not self._is_asked(pattern, way):
                continue
            if vetoed(pattern, way, self.found, (self.page.folded, self.lexicon)):
                continue
            return self._right(pattern, way)
        return None

    def _is_asked(self, pattern: Pattern, way: tuple[Span, ...]) -> bool:
        """Say whether a first person, a request, an imperative or a lead-in stands there."""
        if pattern.line.free or pattern.line.heading or self.inherits:
            return True
        if self.found.has("self") or self.found.has("ask"):
            return True
        return way[0][0] <= _IMPERATIVE and pattern.steps[0].group in self.lexicon.file.imperative

    def _right(self, pattern: Pattern, way: tuple[Span, ...]) -> Right:
        line = pattern.line
        confidence = LOW if self._is_of_a_company(pattern) else line.confidence
        if confidence == HIGH and not (self.found.has("self") or self.inherits):
            confidence = MEDIUM
        if line.confidence == LOW and self.inherits and self._is_led_by_law():
            confidence = MEDIUM
        span = self.found.spans[way[0][0]][0], self.found.spans[way[-1][1] - 1][1]
        again = line.heading or self.found.has("follow_up")
        verb = verb_of(pattern, way, self.lexicon)
        return Right(
            line.kind,
            line.scope,
            confidence,
            span,
            pattern.name,
            self.clause,
            line.heading,
            again,
            verb,
        )

    def _is_led_by_law(self) -> bool:
        """Say whether the clause above the list speaks of data protection."""
        lead = self.page.lead(self.place)
        return lead is not None and self.page.found(lead, self.lexicon).has("smell")

    def _is_of_a_company(self, pattern: Pattern) -> bool:
        """Say whether a company writes of itself; a heading says it in the text below."""
        if pattern.line.heading and pattern.line.kind is Kind.CORRECTION:
            saying = self.page.saying("company", self.lexicon)
            return any(found.has("company") for found in saying)
        return is_of_a_company(pattern, self.found)

    def _by_article(self) -> Iterator[Right]:
        """Yield what articles of a law say, where somebody requests by them."""
        if not (self.found.has("request") or self.inherits):
            return
        clause = self.clause
        for kind, scope, span, name in articles_in(
            self.page.folded, (clause.start, clause.end), self.found, self.lexicon
        ):
            at = sum(end <= span[0] for _, end in self.found.spans)
            way = ((at, at + 1),)
            if is_policy(way, self.found) or is_hypothetical(way, (self.page.folded, self.found)):
                continue
            pattern = f"{self.lexicon.file.language}.article {name}"
            yield Right(kind, scope, HIGH, span, pattern, clause, again=True)

    def carried(self, reach: int) -> list[Right]:
        """Return what "delete it" asks for: one of the clauses before names the object.

        Args:
            reach: How many of them are looked at; a clause with a right of its own goes not far.
        """
        if not (self.found.has("ask") or self.inherits or self._starts_bare()):
            return []
        rules = [rule for rule in self.lexicon.file.carried if self.found.has(rule.verb)]
        before = self._before(reach) if rules else []
        if not any(named.has(group) for named in before for group in _OWN):
            rules = [rule for rule in rules if rule.object in _AT_ALL]
        for named in before:
            if named.has("business") or (named.has("frame") and not named.has("self")):
                break
            for rule in rules:
                if right := self._carry(rule, named):
                    return [right]
        return []

    def _before(self, reach: int) -> list[Found]:
        """Return so many of the clauses before, the nearest first, up to one that wants a deed."""
        found: list[Found] = []
        at = self.page.above(self.place)
        while at is not None and len(found) < reach:
            clause = self.page.clause(at)
            found.append(self.page.found(clause, self.lexicon))
            at = None if clause.start in self.asked else self.page.above(at)
        return found

    def _starts_bare(self) -> bool:
        carried = self.lexicon.file.carried
        first = _IMPERATIVE if self.clause.item else 0  # its number stands before it
        return any(start <= first for rule in carried for start, _ in self.found.of(rule.verb)[:1])

    def _carry(self, rule: Carried, named: Found) -> Right | None:
        if not named.has(rule.object):
            return None
        for place in self.found.of(rule.verb):
            end = self._bare_until(place)
            line = f"{self.lexicon.file.language}.carried.{rule.verb}"
            pattern = self.lexicon.carry(rule, line)
            if end and not vetoed(pattern, (place,), self.found, (self.page.folded, self.lexicon)):
                span = self.found.spans[place[0]][0], self.found.spans[end - 1][1]
                again = self.found.has("follow_up")
                return Right(rule.kind, rule.scope, MEDIUM, span, line, self.clause, again=again)
        return None

    def _wish_until(self, end: int) -> int:
        """Return the token after what ends a verb as a wish, where that is no word of its own."""
        said = [*self.found.of("that"), *self.found.of("ask")]
        while further := [stop for start, stop in said if start <= end < stop]:
            end = max(further)
        return end

    def _bare_until(self, place: Span) -> int:
        """Return the token after a verb and its pronouns if no object follows, else 0."""
        pronouns = self.found.of("clitic")  # before the verb ("le supprimer"), or its own ending
        if place in self.found.of("enclitic") or any(end == place[0] for _, end in pronouns):
            return place[1]
        starts = dict(self.found.of("that"))
        past = {**starts, **dict(self.found.of("aside"))}
        end = place[1]
        while end in past:
            end = past[end]
        if self.lexicon.file.script in _ENDING:
            end = self._wish_until(end)
        if end >= len(self.found.tokens):
            return end
        between = self.page.folded[self.found.spans[end - 1][1] : self.found.spans[end][0]]
        ends = between.strip() or (self.lexicon.file.script in _ENDING and "\n" in between)
        return end if ends or (end > place[1] and place[1] in starts) else 0
