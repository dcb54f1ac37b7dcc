"""The shapes of the rules on proof: methods, and how strong it must be. Their content is data."""

from dataclasses import dataclass

from dsr.domain.law import Certainty
from dsr.domain.office import Texts
from dsr.domain.vocabulary import IdentifierType, RequesterRole


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofMethod:
    """A way to show who one is, or for whom one may speak.

    Attributes:
        proves: The types of identifier it shows to be the person's; empty for authority only.
        bound: It reaches only the one identifier that it was sent to.
        strength: 1 (weak) to 5 (strong), for identity; 1 for authority.
        authority_for: The requesters whose right to speak for the subject it shows.
        sensitive_only: Asked for only where sensitive data make weaker proof too little.
        ask: The sentence of the identity request.
    """

    code: str
    name: Texts
    proves: tuple[IdentifierType, ...]
    bound: bool = False
    strength: int
    authority_for: tuple[RequesterRole, ...] = ()
    sensitive_only: bool = False
    ask: Texts
    citation: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Levels:
    """The strength of identity proof that is enough, for ordinary and for sensitive data."""

    ordinary: int
    sensitive: int
    citation: str
