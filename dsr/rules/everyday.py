"""Whether a phrase has a word that letters about ordinary business do not have."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain

from dsr.domain.vocabulary import Kind
from dsr.rules.folding import fold
from dsr.rules.lexicon import UNSPACED, Lexicon, tokens_in
from dsr.rules.phrases import Phrases

#: What speaks of a person's data, whichever right is asked for.
_PRIVATE = frozenset({"smell", "personal_data", "about_me", "privacy_request", "privacy_matter"})
_BUSINESS = "business"
_LITERAL = "="  # begins the name of a group that is a word of a pattern


def tells(known: Phrases, language: str, kind: Kind, phrase: str) -> bool:
    """Say whether a phrase has a word by which it can be told from a letter about business.

    That is a word of privacy, or of what the right is about. Where no thing of business stands
    beside it, it is a verb of the right, too, or a word that neither the lists of the language nor
    its examples that ask for nothing have.

    Args:
        known: The phrases of all languages.
        language: The phrase's; it has patterns.
        kind: The right that the phrase is to ask for.
        phrase: The words.
    """
    lexicon = known.lexicons[language]
    tokens = tokens_in(fold(phrase, known.script))
    own = {group for one in lexicon.all if one.line.kind is kind for group in one.groups}
    telling = _PRIVATE | (own & lexicon.file.objects.keys())
    if any(_places(lexicon, telling, tokens)):
        return True
    if any(_places(lexicon, {_BUSINESS}, tokens)):
        return False
    if any(_places(lexicon, own & lexicon.file.verbs.keys(), tokens)):
        return True
    groups = {group for group in lexicon.bits if not group.startswith(_LITERAL)}
    listed = {place for places in _places(lexicon, groups, tokens) for place in places}
    small = {fold(word, known.script) for word in known.languages_of}
    unlisted = [each for each in _runs(tokens, listed) if each not in small]
    ordinary = _ordinary(known, lexicon) if unlisted else ""
    return any(f" {each} " not in ordinary for each in unlisted)


def _places(lexicon: Lexicon, groups: AbstractSet[str], tokens: Sequence[str]) -> Iterator[range]:
    """Give where terms of some groups stand among tokens."""
    terms = {term for term, of in lexicon.terms() if not of.isdisjoint(groups)}
    most = max(map(len, terms), default=0)
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + most, len(tokens)) + 1):
            words = tokens[start:end]
            if tuple(words) in terms or (*words[:-1], lexicon.stem_of(words[-1])) in terms:
                yield range(start, end)


def _runs(tokens: Sequence[str], listed: AbstractSet[int]) -> Iterator[str]:
    """Give words that are in no list; characters of a script without spaces stay together."""
    unlisted = [(place, token) for place, token in enumerate(tokens) if place not in listed]
    run: list[str] = []
    for place, token in unlisted:
        if run and (place - 1 in listed or token < UNSPACED or run[-1] < UNSPACED):
            yield " ".join(run)
            run = []
        run.append(token)
    if run:
        yield " ".join(run)


def _ordinary(known: Phrases, lexicon: Lexicon) -> str:
    """Return the words of the examples that ask for nothing, a blank around each."""
    silent = (one for one in lexicon.file.examples if not one.kinds)
    texts = (tokens_in(fold(f"{one.subject} {one.text}", known.script)) for one in silent)
    return f" {' '.join(chain.from_iterable(texts))} "
