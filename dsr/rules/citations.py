"""What letters cite: right, ground and basis, under each law of a ticket, the first law first."""

from collections.abc import Iterable, Iterator, Mapping

from dsr.domain.cited import NOTHING
from dsr.domain.office import Ground, KindRule, Texts
from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import DsrError
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
    found = tuple(filter(None, cited))
    return found or (_own_names(laws) if laws else (rule.right,))


def grounds(ground: Ground, laws: Mapping[str, str], home: str) -> tuple[Texts, ...]:
    """Return what stands for a ground under each law; laws that name nothing are passed over."""
    cited = (
        ground.cited if code == home else _equivalent(ground.code, code, version)
        for code, version in laws.items()
    )
    found = tuple(filter(None, cited))
    return found or (_own_names(laws) if laws else (ground.cited,))


def quiet(kind: Kind, laws: Mapping[str, str]) -> tuple[Texts, ...]:
    """Return what is cited for a ground that must not be told: the same whichever ground it is.

    Where a law names nothing for the kind, words without an article stand last.
    """
    from dsr.rules.terms import terms

    named = [book.law(code, version).quiet.get(kind) for code, version in laws.items()]
    found = tuple(filter(None, named))
    return found if found and all(named) else (*found, terms().wording.quiet_citation)


def known(ground: Ground, laws: Mapping[str, str]) -> Iterator[Texts]:
    """Give whatever rules name for a ground: under a ticket's laws, and under any other there is.

    A pack that is wrong stops nobody whose tickets are not worked by it.
    """
    yield ground.cited
    others: dict[str, str | None] = {**dict.fromkeys(book.law_codes()), **laws}
    for code, version in others.items():
        try:
            law = book.law(code, version)
        except DsrError:
            if code in laws:
                raise
            continue
        yield law.names
        yield _equivalent(ground.code, code, law.version)


def equivalents(ground: Ground, laws: Mapping[str, str], home: str) -> tuple[Texts, ...]:
    """Return what stands for a ground under the laws that are not the company's own."""
    others = ((code, version) for code, version in laws.items() if code != home)
    return tuple(filter(None, (_equivalent(ground.code, *other) for other in others)))


def bases(code: str, laws: Mapping[str, str]) -> tuple[Texts, ...]:
    """Return a legal basis under each law that names it; else its plain name without an article.

    Args:
        code: The datamap's word for it.
        laws: The ticket's laws with their pinned versions.
    """
    from dsr.rules.terms import terms

    named = (book.law(law, version).bases.get(code) for law, version in laws.items())
    return tuple(filter(None, named)) or (terms().bases.get(code, NOTHING),)


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


def _own_names(laws: Mapping[str, str]) -> tuple[Texts, ...]:
    """Return the names of laws that cite nothing: never another law's articles."""
    return tuple(book.law(code, version).names for code, version in laws.items())


def _equivalent(code: str, law: str, version: str) -> Texts:
    found = book.law(law, version).grounds.get(code)
    return found.text if found else NOTHING
