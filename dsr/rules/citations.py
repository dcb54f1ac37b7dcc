"""What letters cite: the right and the ground, under each law of a ticket, the first law first."""

from collections.abc import Iterable, Mapping

from dsr.domain.cited import NOTHING
from dsr.domain.office import Ground, KindRule, Texts
from dsr.domain.vocabulary import Scope
from dsr.rules import book


def rights(
    rule: KindRule, scope: Scope | None, laws: Mapping[str, str], home: str
) -> tuple[Texts, ...]:
    """Return what gives the right under each law.

    Args:
        rule: The rule of the ticket's kind and scope.
        scope: Of a withdrawal.
        laws: The ticket's laws with their pinned versions.
        home: The code of the company's own law.
    """
    cited = (
        rule.right if code == home else book.law(code, version).right(rule.kind, scope)
        for code, version in laws.items()
    )
    return tuple(filter(None, cited)) or (rule.right,)


def grounds(ground: Ground, laws: Mapping[str, str], home: str) -> tuple[Texts, ...]:
    """Return what stands for a ground under each law; laws that name nothing are passed over."""
    cited = (
        ground.cited if code == home else _equivalent(ground.code, code, version)
        for code, version in laws.items()
    )
    return tuple(filter(None, cited)) or (ground.cited,)


def unknown_under(code: str, laws: Mapping[str, str]) -> tuple[str, ...]:
    """Return the laws that do not know a ground."""
    return tuple(
        sorted(law for law, pinned in laws.items() if code in book.law(law, pinned).unknown_grounds)
    )


def one_text(texts: Iterable[Texts], language: str) -> str:
    """Return citations as one text, each once."""
    from dsr.domain.office import in_language

    said = dict.fromkeys(in_language(each, language) for each in texts)
    return ("；" if language.startswith("zh") else "; ").join(said)


def _equivalent(code: str, law: str, version: str) -> Texts:
    found = book.law(law, version).grounds.get(code)
    return found.text if found else NOTHING
