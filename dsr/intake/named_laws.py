"""Which laws a text names, with their articles: what an officer is told, and nothing decides by."""

from collections.abc import Iterator

from dsr.intake.articles import articles_in
from dsr.intake.page import Page
from dsr.rules.phrases import Lexicon

CITES = "cites "
"""How a reason begins that names a law: `cites EU: Art. 15 GDPR`, the pack's code first."""

_MARKS = ("§ ", "Art. ")


def laws_in(page: Page) -> tuple[str, ...]:
    """Return a reason for each law with a pack that a text names, in the order of the packs.

    One law has a name in each language: those of the text's own are told, others only where it
    has none of them.
    """
    found: dict[str, list[str]] = {}
    own = page.language.partition("-")[0]
    for asking in sorted(page.askers, key=lambda each: each.lexicon.file.language != own):
        if not asking.laws or found:
            continue
        for pack, cited in _named(page, asking.lexicon):
            known = found.setdefault(pack, [])
            if cited not in known:
                known.append(cited)
    return tuple(f"{CITES}{pack}: {', '.join(_shortest(found[pack]))}" for pack in sorted(found))


def _named(page: Page, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    """Give the packs of the laws that stand in one language's words, each with what is cited."""
    laws = {name: law for name, law in lexicon.file.laws.items() if law.pack}
    here = {name: law for name, law in laws.items() if page.holds([f"law_{name}"], lexicon)}
    for clause in page.holding([f"law_{name}" for name in here], lexicon):
        found = page.found(clause, lexicon)
        for name, law in here.items():
            if found.has(f"law_{name}"):
                yield law.pack, name
        for _, _, _, article in articles_in(
            page.folded, (clause.start, clause.end), found, lexicon
        ):
            name, _, number = article.rpartition(" ")
            if name in here:
                mark = _MARKS[0] if "." in number else _MARKS[1]
                yield here[name].pack, f"{mark}{number} {name}"


def _shortest(cited: list[str]) -> list[str]:
    """Return the articles, or the law's bare name where none stands beside it."""
    return [each for each in cited if each.startswith(_MARKS)] or cited


def pack_of(reason: str) -> tuple[str, str] | None:
    """Return the pack's code and the citation that a reason tells, or None for any other."""
    if not reason.startswith(CITES):
        return None
    pack, _, cited = reason.removeprefix(CITES).partition(": ")
    return pack, cited
