"""The shape of a phrase file: what a language's TOML may say. How it is used is elsewhere.

A *group* is a set of words or word sequences. A *pattern* is a line such as
``<delete> ~ <owner> ~ <thing>``: groups in angle brackets and plain words, one after the other;
``~`` allows a few words between (none of the group ``break``), ``..`` allows anything up to
``reach`` characters within the clause. Of two terms the longer hides the shorter inside it, so
"access card" is no "access". A phrase in single quotes is one term of a pattern. ``word*`` is every
word that begins so (three letters at least; the longest stem counts). Terms are compared in lower
case and without accents.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dsr.domain.vocabulary import Kind, Scope

CONFIDENCES = ("high", "medium", "low")
Script = Literal["latin", "han", "kana", "hangul", "cyrillic", "greek"]
"""What a language may be written in; `dsr.intake.page` knows the letters of each."""
MEANT = frozenset(
    {
        "self",
        "ask",
        "frame",
        "soft_frame",
        "negation",
        "hypothesis",
        "break",
        "footer",
        "follow_up",
        "request",
        "that",
        "smell",
        "legal",
        "business",
        "their",
        "owner",
        "plural",
        "you",
    }
)
"""Groups that the procedure itself looks at; every language must say them."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text and what it asks for: computed by the tests."""

    text: str
    kinds: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class PatternLine:
    """Patterns that mean one right.

    Attributes:
        kind: The right.
        scope: What a withdrawal withdraws.
        confidence: high, medium or low.
        any: The patterns.
        heading: They count in a subject or a heading only.
        alone: They count only where they are the whole text.
        free: They count without a first person or a request beside them.
    """

    kind: Kind
    any: tuple[str, ...]
    confidence: str = "medium"
    scope: Scope | None = None
    heading: bool = False
    alone: bool = False
    free: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """A verb whose object the clause before named ("Please delete it")."""

    verb: str
    object: str
    kind: Kind
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Law:
    """How a law is named, and which right which of its articles is (``kind`` or ``kind:scope``).

    Attributes:
        pack: The code of its law pack, which an officer is told of; empty where it has none.
    """

    names: tuple[str, ...]
    articles: Mapping[str, str]
    pack: str = ""


@dataclass(frozen=True, slots=True)
class PhraseFile:
    """One language's file, as it is written.

    Attributes:
        language: Its code; ``zh`` holds both scripts.
        script: What it is written in.
        reach: How many characters ``..`` may span.
        near: How many tokens ``~`` may span.
        verbs: Groups without which a clause asks for nothing.
        objects: Groups of what a wish is about.
        words: All other groups.
        roles: Groups by the role of a writer that they show.
        identifiers: Words before an account's name, an order's number, an open id, by their type.
        commands: Groups that take the object away from patterns of other kinds than these.
        imperative: Groups that at the start of a clause are a request by themselves.
        carried: Which right a verb is whose object stands in the clause before.
        patterns: What asks for which right.
        examples: Texts and what they ask for.
        laws: Which article is which right.
        traditional: Characters that count as those of ``simplified``, in the same order.
        simplified: See ``traditional``.
        changing: Groups of changing and ending: a wish with one is looked at, whatever it is about.
    """

    language: str
    reach: int
    near: int
    verbs: Mapping[str, tuple[str, ...]]
    objects: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]]
    roles: Mapping[str, tuple[str, ...]]
    identifiers: Mapping[str, tuple[str, ...]]
    commands: Mapping[str, tuple[Kind, ...]]
    imperative: tuple[str, ...]
    carried: tuple[Carried, ...]
    patterns: tuple[PatternLine, ...]
    examples: tuple[Example, ...] = ()
    laws: Mapping[str, Law] = field(default_factory=dict)
    script: Script = "latin"
    traditional: str = ""
    simplified: str = ""
    changing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """A language without patterns yet: known by its words, and what in it smells of privacy."""

    stop_words: tuple[str, ...]
    smell: tuple[str, ...] = ()
