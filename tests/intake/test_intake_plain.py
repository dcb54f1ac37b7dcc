"""The quick way to judge a text finds what a plain one finds that leaves nothing out."""

import re
import tomllib
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr.intake.asking import Asking
from dsr.intake.classify import classify
from dsr.intake.page import Page
from dsr.rules.folding import fold
from dsr.rules.lexicon import STEM
from dsr.rules.lists import with_lists
from dsr.rules.phrases import load
from dsr.rules.reading import DATA

PHRASES = load()
EXAMPLES = [
    pytest.param(one.subject, one.text, id=f"{name}-{number}")
    for name, lexicon in PHRASES.lexicons.items()
    for number, one in enumerate(lexicon.file.examples, start=1)
]
SENTENCES = sorted(
    {
        piece
        for example in EXAMPLES
        for piece in re.split(r"(?<=[.!?。;])\s*", str(example.values[1]))
        if piece
    }
)


class PlainSieve:
    """Says what stands in a text by looking for every term of every language, one by one."""

    def __init__(self, sieve):
        self._sieve = sieve

    def __getattr__(self, name):
        return getattr(self._sieve, name)

    def present(self, tokens):
        """Return the same bits as the real one."""
        rough = self._sieve.present(tokens) >> self.smells << self.smells  # by words, not by terms
        for part in self.parts:
            forms = [{token, part.lexicon.stem_of(token)} for token in tokens]
            here = {form for known in forms for form in known}
            for group, terms in part.lexicon.terms.items():
                if any(here.issuperset(term) and stands(term, forms) for term in terms):
                    rough |= part.lexicon.bits[group] << part.shift
        return rough


def stands(term, forms):
    """Say whether the words of a term stand one behind the other."""
    return any(
        all(word in known for word, known in zip(term, forms[at:], strict=False))
        for at in range(len(forms) - len(term) + 1)
    )


@cache
def plain():
    """Return the phrases with a sieve that looks for everything everywhere."""
    return replace(PHRASES, sieve=PlainSieve(PHRASES.sieve))


def whole(page, text):
    return Page(text, fold(text, PHRASES.script), 0, page)


@pytest.mark.parametrize(("subject", "text"), EXAMPLES[::7])
def test_an_example_is_judged_as_if_every_term_were_looked_for(subject, text):
    assert classify(subject, text, "", PHRASES) == classify(subject, text, "", plain())


@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4),
    st.sampled_from([" ", "\n", "\n\n", "\n- ", "; ", ""]),
)
@settings(max_examples=40, deadline=None)
def test_mixed_sentences_are_judged_as_if_every_term_were_looked_for(sentences, between):
    text = between.join(sentences)
    assert classify("", text, "", PHRASES) == classify("", text, "", plain())


@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4),
    st.sampled_from([" ", "\n", "\n- ", "; "]),
)
@settings(max_examples=40, deadline=None)
def test_no_clause_is_left_out_in_which_all_words_of_a_pattern_stand(sentences, between):
    text = between.join(sentences)
    page = whole(PHRASES, text)
    for part in PHRASES.sieve.parts:
        asking = Asking(part, PHRASES.sieve.of(page.present, part))
        wanted = {place: set(map(id, fitting)) for place, fitting in asking.wanted(page)}
        for number in range(len(page.paragraphs)):
            for at, clause in enumerate(page.clauses(number)[0]):
                groups = page.found(clause, part.lexicon).groups.keys()
                fitting = {id(one) for one in part.lexicon.all if one.groups <= groups}
                assert fitting <= wanted.get((number, at), set())


@pytest.mark.parametrize("name", PHRASES.lexicons)
def test_every_term_of_a_language_is_seen_where_it_stands(name):
    sieve = PHRASES.sieve
    part = sieve.part(name)
    for group, terms in part.lexicon.terms.items():
        for term in terms:
            tokens = ["x", *(word.removesuffix(STEM) for word in term), "x"]
            if all(
                word in {token, part.lexicon.stem_of(token)}
                for word, token in zip(term, tokens[1:-1], strict=True)
            ):
                seen = sieve.of(sieve.present(tokens), part)
                assert seen & part.lexicon.bits[group], (group, term)


def test_words_that_are_no_neighbours_make_no_term():
    sieve, part = PHRASES.sieve, PHRASES.sieve.part("en")
    bit = part.lexicon.bits["deletion_right"]
    assert sieve.of(sieve.present(["my", "right", "to", "erasure"]), part) & bit
    assert not sieve.of(sieve.present(["my", "right", "and", "to", "an", "erasure"]), part) & bit
    assert not sieve.of(sieve.present(["my", "right", "to"]), part) & bit


def test_a_mail_of_everyday_words_may_ask_for_nothing():
    assert whole(PHRASES, "The weather was fine.").askers == ()


@pytest.mark.parametrize("place", sorted(p.name for p in (DATA / "phrases").iterdir()))
def test_lists_of_words_are_read_as_the_library_for_toml_reads_them(place):
    text = (DATA / "phrases" / place).read_text("utf-8")
    assert with_lists(text, tomllib.loads) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        'a = ["x", "y"] # why\nb = []\n',
        'a = [\n  "x", # why\n  "y",\n]\nb = ["z"]\n',
        'a = ["\\u0041", "y"]\nb = [1, 2]\nc = [["x"], ["y"]]\n',
        's = """\na = ["x"]\n"""\n',
        "s = ['a', \"b\"]\n",
        '[t]\na = ["x",]\n[[u]]\na = ["y"]\n[[u]]\na = [ "y" , "z" ]\n',
        'a = ["\ue0000"]\n',
    ],
)
def test_odd_lists_are_read_as_the_library_for_toml_reads_them(text):
    assert with_lists(text, tomllib.loads) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    ['a = ["x"]\na = ["y"]\n', 'a = ["x" "y"]\n', 'a = ["x"\n', 'a = ["x"] b\n', "a = [,]\n"],
)
def test_a_wrong_list_is_still_wrong_and_on_the_same_line(text):
    with pytest.raises(tomllib.TOMLDecodeError) as ours:
        with_lists('\nz = [\n"q",\n]\n' + text, tomllib.loads)
    with pytest.raises(tomllib.TOMLDecodeError) as theirs:
        tomllib.loads('\nz = [\n"q",\n]\n' + text)
    line = re.compile(r"line \d+|end of document")
    assert line.findall(str(ours.value)) == line.findall(str(theirs.value))


@pytest.mark.parametrize("between", [" ", "\n", "\n\n"])
def test_what_the_clause_before_names_counts_across_paragraphs(between):
    text = between.join(["I still have an account with you.", "Please delete it."])
    assert [str(one.kind) for one in classify("", text, "", PHRASES).opens] == ["cancellation"]
