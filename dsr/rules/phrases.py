"""Loads the phrases by which letters ask for rights: one file a language, readable by officers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path

from dsr.errors import ConfigError
from dsr.rules.folding import fold
from dsr.rules.lexicon import STEM, TOKEN, Lexicon, Pair, Pattern, compiled
from dsr.rules.reading import DATA, into, read_toml
from dsr.rules.wording import Carried, Example, Law, OtherLanguage, PhraseFile

__all__ = [
    "STEM",
    "TOKEN",
    "Carried",
    "Example",
    "Law",
    "Lexicon",
    "Pair",
    "Pattern",
    "PhraseFile",
    "Phrases",
    "load",
]


@dataclass(frozen=True, slots=True)
class Phrases:
    """All languages.

    Attributes:
        lexicons: By language, those with patterns.
        languages_of: By small word, the languages (BCP 47) that have it.
        script: Characters that count as others, of all languages.
        smells: By language without patterns, words that smell of a request.
    """

    lexicons: Mapping[str, Lexicon]
    languages_of: Mapping[str, tuple[str, ...]]
    script: Mapping[int, int]
    smells: Mapping[str, tuple[str, ...]]


def load(folder: Path | None = None) -> Phrases:
    """Return the phrases that come with the program, or an office's own instead.

    Args:
        folder: Where ``<language>.toml`` files lie; a language that lies here is taken from here.

    Raises:
        ConfigError: A file is wrong; file and key are named.
    """
    return _load(str(folder) if folder else "")


@lru_cache(maxsize=4)
def _load(folder: str) -> Phrases:
    places: dict[str, Traversable] = {}
    for home in (DATA / "phrases", *([Path(folder)] if folder else [])):
        places |= {place.name: place for place in home.iterdir() if place.name.endswith(".toml")}
    others = places.pop("languages.toml", None)
    files = {
        str(places[name]): into(PhraseFile, read_toml(places[name]), str(places[name]))
        for name in sorted(places)
    }
    script: dict[int, int] = {}
    for place, file in files.items():
        script |= _script(file, place)
    lexicons = {
        file.language: compiled(file, place, lambda term: fold(term, script))
        for place, file in files.items()
    }
    return _with_others(lexicons, script, others)


def _script(file: PhraseFile, place: str) -> dict[int, int]:
    if len(file.traditional) != len(file.simplified):
        raise ConfigError(f"{place}: traditional and simplified are not equally long")
    pairs = zip(file.traditional, file.simplified, strict=True)
    return {ord(one): ord(other) for one, other in pairs}


def _with_others(
    lexicons: Mapping[str, Lexicon], script: Mapping[int, int], place: Traversable | None
) -> Phrases:
    tables = read_toml(place) if place else {}
    others = {key: into(OtherLanguage, table, f"{place}: {key}") for key, table in tables.items()}
    languages: dict[str, tuple[str, ...]] = {}
    for key, one in others.items():
        for word in one.stop_words:
            languages[word] = (*languages.get(word, ()), key)
    return Phrases(
        lexicons=lexicons,
        languages_of=languages,
        script=script,
        smells={key: one.smell for key, one in others.items()},
    )
