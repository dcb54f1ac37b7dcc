"""Loads the phrases by which letters ask for rights: one file a language, readable by officers."""

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, cast

from dsr.errors import ConfigError
from dsr.rules.compiling import compiled
from dsr.rules.folding import Letters, fold
from dsr.rules.lexicon import STEM, TOKEN, UNSPACED, Lexicon, Pair, Pattern
from dsr.rules.own_phrases import OwnPhrases, joined
from dsr.rules.reading import DATA, into, read_toml
from dsr.rules.short import short_words
from dsr.rules.sieve import Sieve, sieve_of
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

_OTHERS = "languages.toml"
_EXAMPLES = re.compile(rb"^\[\[examples\]\][^\n]*\n(?:(?!\[)[^\n]*(?:\n|\Z))*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Phrases:
    """All languages.

    Attributes:
        lexicons: By language, those with patterns.
        languages_of: By small word, the languages (BCP 47) that have it.
        signs: By language (BCP 47), its small words of Chinese characters.
        script: Characters that count as others, of all languages.
        smells: By language without patterns, words that smell of a request, folded.
        sieve: Which languages a text may ask in.
    """

    lexicons: Mapping[str, Lexicon]
    languages_of: Mapping[str, tuple[str, ...]]
    signs: Mapping[str, tuple[str, ...]]
    script: Mapping[int, int]
    smells: Mapping[str, tuple[str, ...]]
    sieve: Sieve


def load(folder: Path | None = None, *, examples: bool = True) -> Phrases:
    """Return the phrases that come with the program, with an office's own added.

    Args:
        folder: The office's, with a `<language>.toml` of what it adds; it may be missing.
        examples: Whether to read those of our files, too; judging mail needs none.

    Raises:
        ConfigError: A file is wrong; file and key are named.
    """
    if folder is None or not folder.is_dir():
        return _load("", (), examples=examples)
    files = [place for place in folder.iterdir() if place.name.endswith(".toml")]
    told = [(place.name, place.lstat()) for place in sorted(files)]
    written = tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in told)
    return _load(str(folder), written, examples=examples)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no rubbish meanwhile: what is made here, much and small, is all kept."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()  # nor ever after
    finally:
        if was:
            gc.enable()


@lru_cache(maxsize=4)
@_uncollected()
def _load(folder: str, _written: tuple[tuple[str, int, int], ...], *, examples: bool) -> Phrases:
    """Load once for each state of the office's files: a phrase that was just added counts."""
    shipped, own = _places(DATA / "phrases"), _places(Path(folder)) if folder else {}
    tables = [read_toml(places.pop(_OTHERS)) for places in (shipped, own) if _OTHERS in places]
    files: dict[str, PhraseFile] = {}
    for place in shipped.values():
        brief = place if examples else cast("Traversable", _Brief(place))
        file = into(PhraseFile, read_toml(brief), str(place))
        files[file.language] = file
    names = {language: f"{language}.toml" for language in files}
    for place in own.values():
        values = read_toml(place)
        language = str(values.get("language", ""))
        if language in files:
            added = into(OwnPhrases, values, str(place))
            files[language] = joined(files[language], added, str(place))
        else:
            files[language] = into(PhraseFile, values, str(place))
        names[language] = str(place)
    return _made(files, names, {key: one for table in tables for key, one in table.items()})


def _places(folder: Traversable) -> dict[str, Traversable]:
    found = sorted(folder.iterdir(), key=lambda place: place.name)
    return {place.name: place for place in found if place.name.endswith(".toml")}


@dataclass(frozen=True, slots=True)
class _Brief:
    """A file without its examples, which are half of it; its lines keep their numbers."""

    place: Traversable

    def open(self, mode: Literal["rb"]) -> BytesIO:
        with self.place.open(mode) as stream:
            content = stream.read()
        return BytesIO(_EXAMPLES.sub(lambda match: b"\n" * match[0].count(b"\n"), content))

    def __str__(self) -> str:
        return str(self.place)


def _made(
    files: dict[str, PhraseFile], names: Mapping[str, str], others: Mapping[str, Any]
) -> Phrases:
    """Make all languages ready; each file is let go of as soon as its own is."""
    script = Letters()
    for language, file in files.items():
        script |= _script(file, names[language])
    known = {key: into(OtherLanguage, table, f"{_OTHERS}: {key}") for key, table in others.items()}
    languages: dict[str, tuple[str, ...]] = {}
    for key, one in known.items():
        for word in one.stop_words:
            languages[word] = (*languages.get(word, ()), key)
    common = {fold(word, script) for word in languages}
    lexicons = {
        language: compiled(
            files.pop(language), names[language], lambda term: fold(term, script), common
        )
        for language in tuple(files)
    }
    return Phrases(
        lexicons=lexicons,
        languages_of=languages,
        signs={
            key: tuple([word for word in one.stop_words if word >= UNSPACED])
            for key, one in known.items()
        },
        script=script,
        smells={key: tuple(fold(word, script) for word in one.smell) for key, one in known.items()},
        sieve=sieve_of(lexicons, short_words().keys),
    )


def _script(file: PhraseFile, place: str) -> dict[int, int]:
    if len(file.traditional) != len(file.simplified):
        raise ConfigError(f"{place}: traditional and simplified are not equally long")
    pairs = zip(file.traditional, file.simplified, strict=True)
    return {ord(one): ord(other) for one, other in pairs}
