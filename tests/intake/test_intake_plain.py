"""The quick way to judge a text finds what a plain one finds that leaves nothing out."""

import re
import time
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dsr.rules
from dsr.intake.asking import Asking
from dsr.intake.classify import classify
from dsr.intake.page import Page
from dsr.rules.folding import fold
from dsr.rules.lexicon import STEM, TOKEN, tokens_in
from dsr.rules.phrases import load
from dsr.rules.sieve import sieve_of

PHRASES = load()
FOLDER = Path(dsr.rules.__file__).parent / "data" / "phrases"
WORD = re.compile(rf"(?:{TOKEN.pattern})\*?")
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


@cache
def terms_of(name):
    """Return by group the terms of a language as its file says them, and its patterns' words."""
    told = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    written = {**told["verbs"], **told["objects"], **told["words"]}
    written |= {f"role_{role}": terms for role, terms in told["roles"].items()}
    written |= {f"law_{law}": known["names"] for law, known in told.get("laws", {}).items()}
    lexicon = PHRASES.lexicons[name]
    written |= {
        group: [group[1:]] for one in lexicon.all for group in one.groups if group[0] == "="
    }
    return {
        group: {tuple(WORD.findall(fold(term, PHRASES.script))) for term in terms} - {()}
        for group, terms in written.items()
    }


class PlainSieve:
    """Says what stands in a text by looking for every term of every language, one by one."""

    def __init__(self, sieve):
        self._sieve = sieve

    def __getattr__(self, name):
        return getattr(self._sieve, name)

    def within(self, text):
        """Return the same bits as the real one, of tokens found one way only."""
        return self.present(TOKEN.findall(text))

    def present(self, tokens):
        """Return the same bits as the real one."""
        rough = self._sieve.present(tokens) & (1 << self.parts[0].shift) - 1  # by words, no terms
        for part in self.parts:
            forms = [{token, part.lexicon.stem_of(token)} for token in tokens]
            here = {form for known in forms for form in known}
            for group, terms in terms_of(part.name).items():
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
    for group, terms in terms_of(name).items():
        for term in terms:
            tokens = ["x", *(word.removesuffix(STEM) for word in term), "x"]
            if all(
                word in {token, part.lexicon.stem_of(token)}
                for word, token in zip(term, tokens[1:-1], strict=True)
            ):
                seen = sieve.of(sieve.present(tokens), part)
                assert seen & part.lexicon.bits[group], (group, term)


@given(st.text(st.sampled_from("aZ9_'-., \n\tlqudé’個人かа"), max_size=40))
@settings(max_examples=300, deadline=None)
def test_a_text_is_cut_into_the_same_tokens_whichever_letters_it_has(text):
    end = f"{text} "  # where a text ends, an elided article is one even without a word behind it
    assert tokens_in(end) == TOKEN.findall(end)


def test_a_text_that_comes_again_says_what_it_said():
    sieve = sieve_of(PHRASES.lexicons)
    text = fold("请删除我的全部个人信息。", PHRASES.script)
    said = sieve.present(TOKEN.findall(text))
    for number in range(9_000):  # so many others that it is forgotten meanwhile
        assert number % 3_000 or sieve.within(text) == said != 0
        sieve.within(f"{number}.")
    assert len(sieve._texts) <= 2_000


@pytest.mark.parametrize("word", ["x{}", "löschbar{}", "удали{}"])
def test_words_that_never_come_again_are_forgotten_and_others_say_what_they_said(word):
    sieve = sieve_of(PHRASES.lexicons)
    tokens = ["bitte", "löschen", "sie", "meine", "daten"]
    said = sieve.present(tokens)
    for number in range(25):
        sieve.present([word.format(number * 2_000 + other) for other in range(2_000)])
        assert sieve.present(tokens) == said != 0
    assert len(sieve._met) <= 22_000
    assert len(sieve._stems) <= 22_000


def test_words_that_are_no_neighbours_make_no_term():
    sieve, part = PHRASES.sieve, PHRASES.sieve.part("en")
    bit = part.lexicon.bits["deletion_right"]
    assert sieve.of(sieve.present(["my", "right", "to", "erasure"]), part) & bit
    assert not sieve.of(sieve.present(["my", "right", "and", "to", "an", "erasure"]), part) & bit
    assert not sieve.of(sieve.present(["my", "right", "to"]), part) & bit


def test_a_mail_of_everyday_words_may_ask_for_nothing():
    assert whole(PHRASES, "The weather was fine.").askers == ()


@pytest.mark.parametrize("between", [" ", "\n", "\n\n"])
def test_what_the_clause_before_names_counts_across_paragraphs(between):
    text = between.join(["I still have an account with you.", "Please delete it."])
    assert [str(one.kind) for one in classify("", text, "", PHRASES).opens] == ["cancellation"]


def test_a_word_of_a_whole_mail_costs_no_more_than_it_is_long():
    start = time.process_time()
    assert whole(PHRASES, "please delet" + "e" * 500_000).askers is not None
    assert time.process_time() - start < 0.5
