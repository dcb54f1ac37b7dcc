"""What may be decided on an item, who must approve, how a ticket ends. No rule file is read."""

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dsr.domain.office import Grade, Ground, KindRule, Need, Place, belongs
from dsr.domain.vocabulary import OfficerRole, Outcome, Proposal, Scope

APPROVING_ROLES = frozenset({OfficerRole.APPROVER, OfficerRole.LEGAL})

# Where items end differently and none is granted, the first of these that occurs names the ticket.
_GRAVEST_FIRST = (
    Outcome.REFUSED,
    Outcome.RESTRICTED,
    Outcome.LAPSED,
    Outcome.REFERRED,
    Outcome.NOT_APPLICABLE,
    Outcome.NO_DATA,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing asked for, and what is proposed for it.

    Attributes:
        label: What it is, in words for the letter.
        category: The data category, a dotted path.
        ground: The code of the ground; empty where granted.
        reason: To the data subject.
        internal_reason: To the file only.
        evidence: References to what shows the facts relied on.
        until_on: The last day it is kept or withheld.
        until_when: The end in words, where no day is known.
        alternative: What is offered instead.
    """

    number: int
    label: str
    category: str
    source: str = ""
    field: str = ""
    proposal: Proposal = Proposal.GRANT
    ground: str = ""
    reason: str = ""
    internal_reason: str = ""
    citation: str = ""
    evidence: tuple[str, ...] = ()
    until_on: date | None = None
    until_when: str = ""
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who must approve before anything goes out.

    Attributes:
        count: How many officers, none of them the preparer; 0 for none.
        roles: Each is held by at least one of them. Whoever approves is approver or legal anyway.
        why: The rules that ask for it, in words.
    """

    count: int
    roles: tuple[OfficerRole, ...]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """An item under a ground, with all that its hard stops look at."""

    item: Item
    ground: Ground
    rule: KindRule
    laws: Collection[str]
    minor: bool
    scope: Scope | None
    whole: bool
    unknown_under: Collection[str]


def objections(
    item: Item,
    ground: Ground | None,
    kind_rule: KindRule,
    *,
    laws: Collection[str],
    minor: bool,
    scope: Scope | None,
    whole: bool,
    unknown_under: Collection[str] = (),
) -> tuple[str, ...]:
    """Return every hard stop that an item's proposal meets; none where it may stand.

    Args:
        item: The item with what is proposed for it.
        ground: The ground that the item names, or None where it names none.
        kind_rule: The rule of the ticket's kind and scope.
        laws: The codes of all laws on the ticket.
        minor: The data subject is a minor.
        scope: Of a withdrawal.
        whole: No item of the ticket is granted; see `nothing_granted`.
        unknown_under: The codes of those laws that do not know the ground.

    Source:
        PIPL Art. 45, 47(2), 50; GDPR Art. 12(4), (5); policy 5.8.
    """
    if item.proposal is Proposal.GRANT:
        return ()
    found = list(_unsaid(item))
    if ground is None:
        return ("not granted, but no ground is named", *found)
    case = _Case(item, ground, kind_rule, laws, minor, scope, whole, unknown_under)
    for stop in _HARD_STOPS:
        found += stop(case)
    return tuple(found)


def nothing_granted(items: Sequence[Item]) -> bool:
    """Say whether no item at all is granted: such a decision refuses the request as a whole."""
    return all(item.proposal is not Proposal.GRANT for item in items)


def is_self_declared(data_categories: Collection[str], kind_rule: KindRule) -> bool:
    """Say whether all of these are data whose value the person alone knows, such as a phone."""
    return bool(data_categories) and all(
        belongs(category, kind_rule.self_declared) for category in data_categories
    )


def approval_due(
    kind_rule: KindRule,
    items: Sequence[Item],
    grounds: Mapping[str, Ground],
    *,
    minor: bool,
    self_declared: bool,
    laws: Collection[str],
) -> Approval:
    """Return who must approve a decision.

    Args:
        kind_rule: The rule of the ticket's kind and scope.
        items: All items of the ticket.
        grounds: Every ground by its code.
        minor: The data subject is a minor.
        self_declared: Only values that the person alone knows change; see `is_self_declared`.
        laws: The codes of all laws on the ticket.

    An item whose ground is not yet named counts as one that a second officer approves.

    Source:
        PIPL Art. 51; Minors Network Protection Regulations Art. 36.
    """
    count, roles, why = 0, set[OfficerRole](), []
    if kind_rule.approval is Need.ONE and not (self_declared and kind_rule.self_declared):
        count = 1
        why.append(f"{kind_rule.kind} is granted by two officers ({kind_rule.citation})")
    if minor and kind_rule.searches:
        count = max(count, 1)
        why.append("data of a minor")
    for code in _codes_withheld(items):
        ground = grounds.get(code)
        if ground is None:  # a draft: it cannot be proposed like this, but it can be shown
            count = max(count, 1)
            continue
        count = max(count, ground.approvers.count)
        roles.update(ground.approvers.roles)
        why.append(f"not everything is granted: {code} ({ground.citation})")
        if nothing_granted(items) and _legal_cites(ground, kind_rule, laws):
            roles.add(OfficerRole.LEGAL)
            why.append(f"{code} refuses the whole request: legal answers for the citation")
    return Approval(count, tuple(sorted(roles)), tuple(why))


def approval_lacking(approval: Approval, given: Sequence[Collection[OfficerRole]]) -> str | None:
    """Return what the approvals given so far lack, or None.

    Args:
        approval: What is due.
        given: For each officer who has approved, his or her roles.
    """
    counted = [roles for roles in given if not APPROVING_ROLES.isdisjoint(roles)]
    if len(counted) < approval.count:
        return f"{approval.count - len(counted)} of {approval.count} approvals are still due"
    absent = [role for role in approval.roles if not any(role in roles for roles in counted)]
    return f"an approval by {' and '.join(absent)} is still due" if absent else None


def outcome(items: Sequence[Item], grounds: Mapping[str, Ground], kind_rule: KindRule) -> Outcome:
    """Return how a ticket ends with these decisions; kept items count as less than was asked."""
    if not items:
        return Outcome.NO_DATA if kind_rule.searches else Outcome.FULFILLED
    under = [grounds[code] for code in _codes_withheld(items)]
    if not nothing_granted(items):
        withheld = any(ground.withholds for ground in under)
        return Outcome.PARTLY_REFUSED if withheld else Outcome.FULFILLED
    ends = {ground.outcome for ground in under}
    return next(end for end in _GRAVEST_FIRST if end in ends)


def _codes_withheld(items: Sequence[Item]) -> list[str]:
    """Return the codes of all items that are not granted, each once, in order."""
    return list(dict.fromkeys(item.ground for item in items if item.proposal is not Proposal.GRANT))


def _legal_cites(ground: Ground, rule: KindRule, laws: Collection[str]) -> bool:
    return any(rule.kind in ground.legal_citation_for.get(law, ()) for law in laws)


def _unsaid(item: Item) -> Iterator[str]:
    if not item.reason.strip():
        yield "no reason to the person"
    if not item.internal_reason.strip():
        yield "no internal reason for the file"


def _wrong_kind(case: _Case) -> Iterator[str]:
    if case.rule.kind not in case.ground.kinds:
        yield f"{case.ground.code} is not for {case.rule.kind}"
    if case.scope is not None and case.scope in case.ground.not_scopes:
        yield f"{case.ground.code} never bars a withdrawal of {case.scope}"


def _soft_where_barred(case: _Case) -> Iterator[str]:
    if case.ground.grade is Grade.SOFT and not case.rule.soft_refusal:
        yield f"{case.ground.code} is a soft ground: none of these for {case.rule.kind}"


def _minor(case: _Case) -> Iterator[str]:
    if case.minor and not case.ground.minors:
        yield f"{case.ground.code} is never used where the person is a minor"


def _unknown_to_a_law(case: _Case) -> Iterator[str]:
    for law in sorted(case.unknown_under):
        yield f"{case.ground.code} is not known under {law}"


def _reach(case: _Case) -> Iterator[str]:
    code, kind = case.ground.code, case.rule.kind
    if case.whole and kind not in case.ground.full:
        yield f"{code} cannot refuse the whole of a request for {kind}: grant or redact a part"
    if not case.whole and not case.ground.partial:
        yield f"{code} answers the whole request, not a single item"


def _unshown(case: _Case) -> Iterator[str]:
    ground, item = case.ground, case.item
    if ground.needs_citation and not item.citation.strip():
        yield f"{ground.code} needs a citation: the law and its article"
    if ground.needs_evidence and not any(reference.strip() for reference in item.evidence):
        yield f"{ground.code} needs evidence"
    if ground.needs_alternative and not item.alternative.strip():
        yield f"{ground.code} needs an alternative"
    if case.rule.kind in ground.needs_until and not (item.until_on or item.until_when.strip()):
        yield f"{ground.code} must say until when: a day, or what ends it"


def _uncited_by_legal(case: _Case) -> Iterator[str]:
    legal = case.whole and _legal_cites(case.ground, case.rule, case.laws)
    if legal and not case.item.citation.strip():
        yield (
            f"{case.ground.code} refuses the whole request ({case.rule.citation}): legal's "
            "citation is needed; redact or narrow first"
        )


def _forbidden_words(case: _Case) -> Iterator[str]:
    said = {
        Place.REASON: _plain(f"{case.item.reason}\n{case.item.alternative}"),
        Place.CITATION: _plain(case.item.citation),
    }
    for forbidden in case.ground.forbidden:
        if any(_plain(phrase) in said[forbidden.place] for phrase in forbidden.phrases):
            yield f"{forbidden.why} ({forbidden.citation})"


def _plain(text: str) -> str:
    """Return a text as phrases are compared: compatible characters, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


_HARD_STOPS: tuple[Callable[[_Case], Iterator[str]], ...] = (
    _wrong_kind,
    _soft_where_barred,
    _minor,
    _unknown_to_a_law,
    _reach,
    _unshown,
    _uncited_by_legal,
    _forbidden_words,
)
