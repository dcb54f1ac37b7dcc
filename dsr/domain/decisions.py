"""What is decided on items, who must approve it, how a ticket ends. No rule file is read."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dsr.domain.cited import Certainty
from dsr.domain.office import Ground, KindRule, Means, Need, belongs
from dsr.domain.vocabulary import OfficerRole, Outcome, Proposal


class Grain(StrEnum):
    """How fine the items of a decision are: what one of them covers."""

    SOURCE = "source"
    CATEGORY = "category"
    COLLECTION = "collection"
    FIELD = "field"


# What the program itself withholds: others decide on it, a law keeps it, a hold bars it.
_NO_CHOICE = frozenset(
    {Means.NO_DATA, Means.ENTRUSTED, Means.OF_ANOTHER, Means.KEPT_BY_LAW, Means.HELD}
)

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
        category: The data category, a dotted path; empty for a field that tells of nobody.
        field: The one field that it is about; empty for more.
        ground: The code of the ground; empty where granted.
        reason: To the data subject.
        internal_reason: To the file only.
        evidence: References to what shows the facts relied on.
        until_on: The last day it is kept or withheld.
        until_when: The end in words, where no day is known.
        alternative: What is offered instead.
        over: The last day is past.
        draft: It is only prepared: what may still be said later is not owed yet.
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
    over: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Substance:
    """When a refusal of parts is one of the whole request.

    Attributes:
        percent: Less than this share of what the office chose on is granted.
        known: Data categories of fields that the person gave: who grants these grants nothing.
    """

    percent: int
    known: tuple[str, ...]
    citation: str
    certainty: Certainty


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


def nothing_granted(items: Sequence[Item]) -> bool:
    """Say whether no item at all is granted: such a decision refuses the request as a whole.

    Who gives a field that tells of nobody, such as a row's number, gives nothing.
    """
    return not any(_gives(item) for item in items)


def refused_in_substance(
    items: Sequence[Item], grounds: Mapping[str, Ground], rule: Substance
) -> bool:
    """Say whether so little is granted that the request is refused as a whole in substance.

    What others decide on, a law keeps or a hold bars is no choice of the office: it is not weighed.
    """
    if not items or nothing_granted(items):
        return bool(items)
    weighed = [item for item in items if not _is_given_up(item, grounds)]
    refused = [item for item in weighed if item.proposal is not Proposal.GRANT]
    given = sum(_gives(item) and not _is_known(item, rule) for item in weighed)
    return bool(refused) and given * 100 < rule.percent * (given + len(refused))


def _is_given_up(item: Item, grounds: Mapping[str, Ground]) -> bool:
    ground = grounds.get(item.ground) if item.proposal is not Proposal.GRANT else None
    return ground is not None and (not ground.withholds or ground.means in _NO_CHOICE)


def _is_known(item: Item, rule: Substance) -> bool:
    """Tell whether an item is a field that the person gave, as a name: it tells nothing new."""
    return bool(item.field) and belongs(item.category, rule.known)


def _gives(item: Item) -> bool:
    return item.proposal is Proposal.GRANT and not (item.field and not item.category)


def is_self_declared(data_categories: Collection[str], kind_rule: KindRule) -> bool:
    """Say whether all of these are data whose value the person alone knows, such as a phone."""
    return bool(data_categories) and all(
        belongs(category, kind_rule.self_declared) for category in data_categories
    )


#: Said without a code: whoever reads it need not know the ground.
_CONCERNED = "it complains of a decision that more than one officer approves"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one rule asks of an approval."""

    count: int
    why: str
    roles: frozenset[OfficerRole] = frozenset()


def approval_due(
    kind_rule: KindRule,
    items: Sequence[Item],
    grounds: Mapping[str, Ground],
    *,
    minor: bool,
    self_declared: bool,
    laws: Collection[str],
    whole: bool | None = None,
    concerns: Sequence[Ground] = (),
) -> Approval:
    """Return who must approve a decision.

    Args:
        kind_rule: The rule of the ticket's kind and scope.
        items: All items of the ticket.
        grounds: Every ground by its code.
        minor: The data subject is a minor.
        self_declared: Only values that the person alone knows change; see `is_self_declared`.
        laws: The codes of all laws on the ticket.
        whole: It is refused as a whole, also in substance; None asks whether nothing is granted.
        concerns: The grounds that are told quietly in the tickets that a complaint is about.

    An item whose ground is not yet named counts as one that a second officer approves.

    Source:
        PIPL Art. 51; Minors Network Protection Regulations Art. 36.
    """
    asked = [
        *_asked_by_kind(kind_rule, minor=minor, self_declared=self_declared),
        *_asked_by_grounds(
            kind_rule, items, grounds, laws if _is_whole(items, whole=whole) else ()
        ),
        *(_Asked(e.approvers.count, _CONCERNED, frozenset(e.approvers.roles)) for e in concerns),
    ]
    count = max((each.count for each in asked), default=0)
    roles = sorted(frozenset[OfficerRole]().union(*(each.roles for each in asked)))
    return Approval(count, tuple(roles), tuple(each.why for each in asked if each.why))


def _is_whole(items: Sequence[Item], *, whole: bool | None) -> bool:
    return nothing_granted(items) if whole is None else whole


def _asked_by_kind(rule: KindRule, *, minor: bool, self_declared: bool) -> Iterator[_Asked]:
    if rule.approval is Need.ONE and not (self_declared and rule.self_declared):
        yield _Asked(1, f"{rule.kind} is granted by two officers ({rule.citation})")
    if minor and rule.searches:
        yield _Asked(1, "data of a minor")


def _asked_by_grounds(
    rule: KindRule,
    items: Sequence[Item],
    grounds: Mapping[str, Ground],
    laws_if_whole: Collection[str],
) -> Iterator[_Asked]:
    for code in _codes_withheld(items):
        ground = grounds.get(code)
        if ground is None:  # a draft: it cannot be proposed like this, but it can be shown
            yield _Asked(1, "")
            continue
        why = f"not everything is granted: {code} ({ground.citation})"
        yield _Asked(ground.approvers.count, why, frozenset(ground.approvers.roles))
        if legal_cites(ground, rule, laws_if_whole):
            why = f"{code} refuses the whole request: legal answers for the citation"
            yield _Asked(1, why, frozenset({OfficerRole.LEGAL}))


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


def legal_cites(ground: Ground, rule: KindRule, laws: Collection[str]) -> bool:
    """Say whether legal answers, with a citation, for refusing all of a request on a ground."""
    return any(rule.kind in ground.legal_citation_for.get(law, ()) for law in laws)
