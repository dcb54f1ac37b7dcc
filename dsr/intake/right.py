"""A right that a text asks for, and how sure it is; finding and weighing stand elsewhere."""

from dataclasses import dataclass

from dsr.domain.vocabulary import Kind, Scope
from dsr.intake.clauses import Clause
from dsr.intake.match import Span

HIGH, MEDIUM, LOW = "high", "medium", "low"
TOLD = frozenset({Kind.ACCESS, Kind.COPY, Kind.COMPLAINT, Kind.REVIEW})
"""Rights to be told something: whoever asks a question of them exercises them."""


@dataclass(frozen=True, slots=True)
class KindFound:
    """One right that a text asks for.

    Attributes:
        kind: The right.
        scope: What a withdrawal withdraws.
        confidence: high, medium or low; low opens nothing.
        span: The words that say so, as they stand in the text.
        pattern: Which pattern or article decided.
        language: Whose pattern it is.
    """

    kind: Kind
    scope: Scope | None
    confidence: str
    span: str
    pattern: str
    language: str


@dataclass(frozen=True, slots=True)
class Right:
    """A right found in a clause, before all of them are weighed.

    Attributes:
        kind: The right.
        scope: What a withdrawal withdraws.
        confidence: high, medium or low.
        span: Where the words stand in the text.
        pattern: Which pattern or article decided.
        clause: The clause.
        heading: It counts only where nothing else is asked.
        again: Its clause speaks of an earlier request, or only an article says it.
        verb: Where its verb stands.
        objects: Of consent withdrawn, that its clause objects, too.
        general: Of consent withdrawn, that its clause speaks of personal data or all processing.
    """

    kind: Kind
    scope: Scope | None
    confidence: str
    span: Span
    pattern: str
    clause: Clause
    heading: bool = False
    again: bool = False
    verb: Span | None = None
    objects: bool = False
    general: bool = False
