"""Judges whether the proofs given for one ticket suffice, and what to ask for. Keeps no proof."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from dsr.domain.office import KindRule
from dsr.domain.proofs import Levels, ProofMethod
from dsr.domain.vocabulary import FOR_ANOTHER, IdentifierType, RequesterRole

Identifier = tuple[IdentifierType, str]
"""A type and a normalised value."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that was given for this ticket, with success.

    Attributes:
        identifier: What it was bound to: the address that replied, the number that got the code.
    """

    method: ProofMethod
    identifier: Identifier | None = None


def objection(
    kind_rule: KindRule,
    requester_role: RequesterRole,
    proofs: Sequence[Proof],
    *,
    levels: Levels,
    minor: bool,
    sensitive: bool,
    correcting: Collection[Identifier],
    guardian_required: bool = False,
) -> str | None:
    """Return why the proofs given for this ticket do not suffice, or None.

    Args:
        kind_rule: The rule of the ticket's kind and scope.
        requester_role: Who wrote, in relation to the data subject.
        proofs: All that succeeded for this ticket, of identity and of authority.
        levels: How strong a proof of identity must be.
        minor: The data subject is a minor; then an agent is appointed by the guardian.
        sensitive: Sensitive data would be disclosed or changed (of a child under 14 all are).
        correcting: Old and new values of identifiers that the ticket asks to correct.
        guardian_required: The data subject is too young to ask alone (the age is in the law pack).

    Source:
        PIPL Art. 31, 49, 50; Civil Code Art. 165; policy 5.8, 7.
    """
    if not kind_rule.needs_proof or requester_role is RequesterRole.COMPANY:
        return None
    if requester_role is RequesterRole.UNKNOWN:
        return "it is not said whether the requester is the data subject or speaks for another"
    if requester_role not in kind_rule.askers:
        return f"a {_said(requester_role)} cannot ask for {kind_rule.kind} ({kind_rule.citation})"
    if guardian_required and requester_role is RequesterRole.SUBJECT:
        return "the data subject is too young to ask alone: a guardian must ask"
    for role in _authority_owed(requester_role, minor=minor):
        if not any(role in proof.method.authority_for for proof in proofs):
            return f"nothing shows that the requester may speak as {_said(role)}"
    return _identity_lacking(proofs, correcting, levels.sensitive if sensitive else levels.ordinary)


def shows(
    covering: Sequence[Proof],
    proofs: Sequence[Proof],
    *,
    needed: int,
    correcting: Collection[Identifier],
) -> bool:
    """Say whether one identifier is shown strongly enough to be the person's.

    What was proved of one identifier says nothing of another: only what covers it counts, one step
    stronger where a second way is as strong.

    Args:
        covering: The proofs that reach the identifier.
        proofs: All that succeeded for the ticket.
        needed: How strong a proof must be.
        correcting: Old and new values of identifiers that the ticket asks to correct.
    """
    counted = [proof for proof in covering if _counts(proof, correcting)]
    if not counted:
        return False
    best = max(proof.method.strength for proof in counted)
    as_strong = [
        proof
        for proof in proofs
        if proof.method.proves and proof.method.strength == best and _counts(proof, correcting)
    ]
    return _strength([*counted, *as_strong]) >= needed


def methods_to_ask(
    kind_rule: KindRule,
    requester_role: RequesterRole,
    methods: Iterable[ProofMethod],
    *,
    levels: Levels,
    known: Collection[Identifier],
    minor: bool,
    sensitive: bool,
    correcting: Collection[Identifier],
) -> tuple[ProofMethod, ...]:
    """Return what to ask for: first all authority that is owed, then the ways to show identity.

    The person chooses one of the ways; they are in the order of `methods`, the mildest first.

    Args:
        kind_rule: The rule of the ticket's kind and scope.
        requester_role: Who wrote, in relation to the data subject.
        methods: All that the office knows.
        levels: How strong a proof of identity must be.
        known: What the office holds of the person who must prove his or her identity.
        minor: The data subject is a minor.
        sensitive: Sensitive data would be disclosed or changed.
        correcting: Old and new values of identifiers that the ticket asks to correct.
    """
    if not kind_rule.needs_proof or requester_role is RequesterRole.COMPANY:
        return ()
    choice = tuple(methods)
    owed = _authority_owed(requester_role, minor=minor)
    authority = tuple(m for m in choice if any(role in m.authority_for for role in owed))
    reachable = {kind for kind, value in known if (kind, value) not in correcting}
    needed = levels.sensitive if sensitive else levels.ordinary
    identity = tuple(
        method
        for method in choice
        if method.proves
        and method.strength >= needed
        and (sensitive or not method.sensitive_only)
        and (not method.bound or not reachable.isdisjoint(method.proves))
    )
    return authority + identity


def _authority_owed(role: RequesterRole, *, minor: bool) -> tuple[RequesterRole, ...]:
    if role not in FOR_ANOTHER:
        return ()
    if minor and role is RequesterRole.AGENT:  # a child cannot appoint one
        return (role, RequesterRole.GUARDIAN)
    return (role,)


def _identity_lacking(
    proofs: Sequence[Proof], correcting: Collection[Identifier], needed: int
) -> str | None:
    offered = [proof for proof in proofs if proof.method.proves]
    counted = [proof for proof in offered if _counts(proof, correcting)]
    if counted:
        enough = _strength(counted) >= needed
        return None if enough else "sensitive data need a stronger proof of identity"
    if offered:
        return "a proof that is bound to no known value, or to the one to correct, proves nothing"
    return "identity is not verified for this ticket"


def _counts(proof: Proof, correcting: Collection[Identifier]) -> bool:
    """Say whether a proof shows anything: a code sent to a number to be corrected does not."""
    if not proof.method.bound:
        return True
    bound = proof.identifier
    return bound is not None and bound[0] in proof.method.proves and bound not in correcting


def _strength(proofs: Sequence[Proof]) -> int:
    """Return the strongest proof's strength, one more where a second way leads to the same."""
    best = max(proof.method.strength for proof in proofs)
    ways = {proof.method.code for proof in proofs if proof.method.strength == best}
    return best + (len(ways) > 1)


def _said(role: RequesterRole) -> str:
    return role.replace("_", " ")
