"""The rights that one language's patterns find in a text, clause by clause."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dsr.intake.articles import articles_in
from dsr.intake.clauses import HEADING, Clause
from dsr.intake.match import Found, Span, paths
from dsr.intake.page import Page
from dsr.intake.right import HIGH, LOW, MEDIUM, Right
from dsr.intake.vetoes import is_hypothetical, is_of_a_company, is_policy, verb_of, vetoed
from dsr.intake.weighing import weighed
from dsr.rules.phrases import Carried, Lexicon, Pattern

_SHORT_TEXT = 1_500
_WHOLE = 6  # tokens
_IMPERATIVE = 1
KANA = re.compile("[\u3041-\u30fa\uac00-\ud7af]")
"""Characters of Japanese and Korean: their Chinese characters are read as theirs."""


def rights_in(page: Page, lexicon: Lexicon, *, for_another: bool = False) -> list[Right]:
    """Return the rights that a text asks for in one language.

    Args:
        page: The text.
        lexicon: The language.
        for_another: Somebody writes for another person: "his data" counts as "my data".
    """
    candidates = _Candidates(page, lexicon, for_another=for_another)
    if not candidates.wanted:
        return []
    rights: list[Right] = []
    before: Clause | None = None
    lead: Clause | None = None
    for clause in candidates.clauses:
        lead = lead if clause.item else clause
        if clause.start in candidates.wanted:
            found = page.found(clause, lexicon)
            if for_another:
                found = _with_owners(found)
            inherits = clause.item and _leads(page, lexicon, lead)
            reader = _Reader(page, lexicon, clause, found, candidates.patterns, inherits)
            rights.extend(reader.rights() or reader.carried(before))
        before = clause
    return rights


def _with_owners(found: Found) -> Found:
    """Return the clause with "his" counted as "my"."""
    owners = [*found.of("owner"), *found.of("their")]
    return replace(found, groups={**found.groups, "owner": owners}) if owners else found


class _Candidates:
    """The patterns that a whole text makes possible, and the clauses in which one could stand.

    Attributes:
        patterns: The patterns all of whose groups stand somewhere.
        clauses: All clauses, if any is wanted.
        wanted: Where those begin in which all groups of a pattern, a carried verb or a law stand.
    """

    def __init__(self, page: Page, lexicon: Lexicon, *, for_another: bool) -> None:
        present = page.present(lexicon)
        if for_another:
            present |= lexicon.bits["owner"]
        self.patterns = lexicon.candidates(present, page.pairs_of(lexicon))
        elsewhere = {"owner"} if for_another else set()  # "his" may stand in its place
        together = {
            tuple(group for group in (one.key, *one.others) if group not in elsewhere)
            for one in self.patterns
        }
        laws = (f"law_{law}" for law in lexicon.file.laws)
        together |= {(law,) for law in laws if present & lexicon.bits[law]}
        carried = {
            (rule.verb, rule.object)
            for rule in lexicon.file.carried
            if present & lexicon.bits[rule.verb] and present & lexicon.bits[rule.object]
        }
        self.clauses: list[Clause] = []
        self.wanted: set[int] = set()
        if together or carried:
            self._want(page, lexicon, together, carried)

    def _want(
        self,
        page: Page,
        lexicon: Lexicon,
        together: set[tuple[str, ...]],
        carried: set[tuple[str, str]],
    ) -> None:
        keys = {groups[0] for groups in together if groups}
        keys.update(group for pair in carried for group in pair)
        places = {at for group in keys for at in page.places_of(group, lexicon)}
        if not places:
            return
        self.clauses = page.clauses(sorted(places))
        starts = [clause.start for clause in self.clauses]

        def numbers(group: str) -> set[int]:
            return {max(0, bisect_right(starts, at) - 1) for at in page.places_of(group, lexicon)}

        known = _Numbers(numbers)
        for first, *others in filter(None, together):
            here = known[first]
            for group in others:
                if not here:
                    break
                here = here & known[group]
            self.wanted.update(starts[number] for number in here)
        for verb, thing in carried:
            after = {number + 1 for number in known[thing]}
            self.wanted.update(starts[number] for number in known[verb] & after)
        if lexicon.file.script == "han":
            self.wanted -= {
                clause.start
                for clause in self.clauses
                if clause.start in self.wanted
                and KANA.search(page.folded, clause.start, clause.end)
            }


class _Numbers(dict[str, set[int]]):
    """By group, the clauses in which it may stand; looked for when it is first asked for."""

    def __init__(self, look: Callable[[str], set[int]]) -> None:
        self._look = look

    def __missing__(self, group: str) -> set[int]:
        found = self[group] = self._look(group)
        return found


def _leads(page: Page, lexicon: Lexicon, lead: Clause | None) -> bool:
    """Say whether the clause above a list asks for what the list says."""
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
    clause: Clause
    found: Found
    patterns: tuple[Pattern, ...]
    inherits: bool

    def rights(self) -> list[Right]:
        """Return what the clause asks for by patterns and by articles."""
        rights = [right for right in self._by_pattern() if right]
        rights += self._by_article()
        return weighed(rights, self.found, self.lexicon)

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
        if self._in_subject():
            return self.clause.end - self.clause.start <= HEADING
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
        confidence = LOW if is_of_a_company(pattern, self.found) else line.confidence
        if confidence == HIGH and not (self.found.has("self") or self.inherits):
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

    def carried(self, before: Clause | None) -> list[Right]:
        """Return what "delete it" asks for: the clause before names the object."""
        if before is None or not (self.found.has("ask") or self.inherits or self._starts_bare()):
            return []
        carried = [rule for rule in self.lexicon.file.carried if self.found.has(rule.verb)]
        if not carried:
            return []
        named = self.page.found(before, self.lexicon)
        if not (named.has("self") or named.has("personal_data")) or named.has("business"):
            return []
        return [right for rule in carried if (right := self._carry(rule, named))][:1]

    def _starts_bare(self) -> bool:
        return any(self.found.of(rule.verb)[:1] == [(0, 1)] for rule in self.lexicon.file.carried)

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

    def _bare_until(self, place: Span) -> int:
        """Return the token after a verb and its pronouns if no object follows, else 0."""
        pronouns = self.found.of("clitic")  # before the verb ("le supprimer"), or its own ending
        if place in self.found.of("enclitic") or any(end == place[0] for _, end in pronouns):
            return place[1]
        starts = dict(self.found.of("that"))
        end = place[1]
        while end in starts:
            end = starts[end]
        if end >= len(self.found.tokens):
            return end
        between = self.page.folded[self.found.spans[end - 1][1] : self.found.spans[end][0]]
        return end if between.strip() or (end > place[1] and place[1] in starts) else 0
