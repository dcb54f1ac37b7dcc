"""The shapes of the office's rules: kinds, grounds, proofs, company. Their content is data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from dsr.domain.law import Certainty
from dsr.domain.vocabulary import (
    Kind,
    LetterName,
    OfficerRole,
    Outcome,
    RequesterRole,
    Scope,
    TaskKind,
)

Texts = Mapping[str, str]
"""The same words in each language, by its BCP 47 code, at least `en` and `zh`."""

_NO_TEXTS: Texts = MappingProxyType({})


def in_language(texts: Texts, language: str) -> str:
    """Return texts in a language (BCP 47), else in its parent language, else in English."""
    return texts.get(language) or texts.get(language.partition("-")[0]) or texts.get("en", "")


def belongs(path: str, prefixes: tuple[str, ...]) -> bool:
    """Say whether a dotted data category is one of the prefixes, or below one by whole parts."""
    return any(path == prefix or path.startswith(prefix + ".") for prefix in prefixes)


class Need(StrEnum):
    """How many other officers must approve a full grant."""

    NONE = "none"
    ONE = "one"


class Grade(StrEnum):
    """What sort of ground it is: the policy's hard, soft and closing ones, kept data, any other."""

    HARD = "hard"
    SOFT = "soft"
    CLOSING = "closing"
    KEPT = "kept"
    OTHER = "other"


class Means(StrEnum):
    """What the program itself knows a ground by: it gives it, or looks for it, without a code.

    NO_DATA: the search found nothing. ENTRUSTED: a client decides. OF_ANOTHER: somebody else holds
    the account. KEPT_BY_LAW: the datamap names a law that keeps it. REPEATED: it was answered.
    HELD: it is under a legal hold. NOT_MET: what the right asks for was tested and is not there.
    """

    NO_DATA = "no_data"
    ENTRUSTED = "entrusted"
    OF_ANOTHER = "of_another"
    KEPT_BY_LAW = "kept_by_law"
    REPEATED = "repeated"
    HELD = "held"
    NOT_MET = "not_met"


class Place(StrEnum):
    """Where a phrase may not stand in a decision."""

    REASON = "reason"
    CITATION = "citation"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """What the office does with one kind of request.

    Attributes:
        policy_section: Of the published policy; empty where only the law knows the right.
        right: The company's own law that gives the right, as letters cite it, without the policy's
            section.
        needs_proof: Identity or authority must be shown before anything is carried out.
        searches: A search of the company's sources is expected.
        package: The answer carries the data themselves in a package.
        tasks: What is opened when the request is carried out.
        approval: Other officers needed where everything is granted.
        self_declared: Data categories that the person alone knows; a change needs no approval.
        irreversible: What is carried out cannot be taken back.
        soft_refusal: The policy's soft grounds may be used.
        askers: Who may ask, where proof is needed.
        consequences: What the person is told before it is carried out.
        afterwards: What the answer says has followed from it.
        done: What is told of each system in which the work is done.
        erases: What was granted is erased in the sources, masked or deleted.
        stops_marketing: It is a stop of marketing: one command, from its receipt to its answer.
        measures: What is set in the sources, by the names that datamaps use.
        everywhere: A measure reaches every source that holds something; else people do it there.
    """

    kind: Kind
    name: Texts
    policy_section: str
    right: Texts
    needs_proof: bool
    searches: bool
    package: bool
    tasks: tuple[TaskKind, ...]
    letter: LetterName
    approval: Need
    self_declared: tuple[str, ...] = ()
    irreversible: bool
    soft_refusal: bool
    askers: tuple[RequesterRole, ...]
    consequences: Texts = field(default_factory=lambda: _NO_TEXTS)
    afterwards: Texts = field(default_factory=lambda: _NO_TEXTS)
    done: Texts = field(default_factory=lambda: _NO_TEXTS)
    erases: bool = False
    stops_marketing: bool = False
    measures: tuple[str, ...] = ()
    everywhere: bool = False
    citation: str
    certainty: Certainty

    @property
    def changes_systems(self) -> bool:
        """Whether there is something to do in the sources that `plan` and `apply` can do."""
        return self.erases or bool(self.measures) or TaskKind.SOURCE in self.tasks


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who approves an item under a ground.

    Attributes:
        count: How many officers, none of them the preparer.
        roles: Each is held by at least one of them.
    """

    count: int
    roles: tuple[OfficerRole, ...]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Phrases that never stand in a decision, and why.

    Attributes:
        phrases: Lower case; each is looked for anywhere in the text.
        grounds: The codes that it holds for; empty for all.
    """

    place: Place
    phrases: tuple[str, ...]
    why: str
    citation: str
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A coded reason to give less than was asked.

    Attributes:
        policy_section: Of the published policy; empty where it has none.
        kinds: The kinds it may be used for.
        not_scopes: Withdrawals that it never bars.
        full: The kinds that may be refused entirely under it.
        partial: Single items may be refused under it.
        needs_until: The kinds where an end is owed: a day, or a condition in words.
        needs_reason: Its paragraph states no facts: the reason to the person is an officer's own.
        keeps: The kinds of which it refuses nothing: what is not done is kept.
        minors: It may be used where the data subject is a minor.
        quiet: The letter names neither the ground nor the letter of the section.
        withholds: It gives less than was asked; false where nothing is left to give.
        outcome: How a ticket ends when all its items fall under it.
        means: What the program itself knows it by; most are known to officers alone.
        tell: The default paragraph to the subject.
        cited: The company's own law, as letters cite it; `citation` says where the rule was read.
            What other laws cite stands in their packs.
        legal_citation_for: By law code, the kinds whose full refusal legal approves and cites.
        forbidden: What its reason and citation may not say; filled when loaded.
    """

    code: str
    name: Texts
    policy_section: str
    grade: Grade
    kinds: tuple[Kind, ...]
    not_scopes: tuple[Scope, ...] = ()
    full: tuple[Kind, ...]
    partial: bool = True
    needs_citation: bool = False
    needs_evidence: bool = False
    needs_alternative: bool = False
    needs_until: tuple[Kind, ...] = ()
    needs_reason: bool = False
    keeps: tuple[Kind, ...] = ()
    minors: bool = True
    quiet: bool = False
    withholds: bool = True
    means: Means | None = None
    outcome: Outcome
    approvers: Approvers
    tell: Texts
    cited: Texts
    legal_citation_for: Mapping[str, tuple[Kind, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    forbidden: tuple[Forbidden, ...] = ()
    citation: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Reason:
    """A coded reason that refuses nothing: why a deletion is owed, why a recipient is not told."""

    code: str
    name: Texts
    policy_section: str
    needs_citation: bool
    citation: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Category:
    """One category of personal information that the policy names.

    Attributes:
        prefixes: Data categories (dotted paths) that belong here; the longest match of all wins.
    """

    code: str
    name: Texts
    policy_section: str
    prefixes: tuple[str, ...]
    citation: str


@dataclass(frozen=True, slots=True)
class Categories:
    """All categories, in the policy's order.

    Attributes:
        sensitive: Data categories that the law calls sensitive.
        otherwise: The code of the category for what no prefix matches.
    """

    all: tuple[Category, ...]
    sensitive: tuple[str, ...]
    otherwise: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The company as its policy presents it, sections 8 and 10.

    Attributes:
        version: Of the policy, its date.
        zone: The office's time zone, an IANA name.
        law: The code of the law that always applies.
        sections: Titles of the policy's sections, by number.
    """

    version: str
    name: Texts
    policy_title: Texts
    phone: str
    email: str
    address: Texts
    court: Texts
    authority: Texts
    governing_law: Texts
    officer: Texts
    zone: str
    law: str
    sections: Mapping[str, Texts]
    citation: str
