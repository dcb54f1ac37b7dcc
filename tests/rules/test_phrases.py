from dataclasses import replace
from importlib.resources import files
from typing import get_args

import pytest

from dsr.domain.vocabulary import Kind
from dsr.errors import ConfigError
from dsr.intake.classify import classify
from dsr.rules.phrases import load
from dsr.rules.wording import Script

FOLDER = files("dsr.rules") / "data" / "phrases"
LEXICONS = load().lexicons
EXAMPLES = [
    pytest.param(one, id=f"{language}-{number}")
    for language, lexicon in LEXICONS.items()
    for number, one in enumerate(lexicon.file.examples, start=1)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_asks_for_what_it_says(example):
    found = classify(example.subject, example.text, "", load())
    assert {str(one.kind) for one in found.opens} == set(example.kinds)


@pytest.mark.parametrize("language", LEXICONS)
def test_every_language_has_forty_examples_many_of_which_ask_for_nothing(language):
    examples = LEXICONS[language].file.examples
    assert len(examples) >= 40
    assert sum(not one.kinds for one in examples) >= 20


@pytest.mark.parametrize("language", LEXICONS)
def test_every_language_knows_every_kind_and_shows_it(language):
    file = LEXICONS[language].file
    assert {line.kind for line in file.patterns} == set(Kind)
    assert {kind for one in file.examples for kind in one.kinds} == {str(kind) for kind in Kind}


def test_the_two_chinese_scripts_stand_side_by_side():
    file = LEXICONS["zh"].file
    assert len(file.traditional) == len(set(file.traditional))
    assert not set(file.simplified) & {"個", "資", "號", "請"}
    assert load().script[ord("刪")] == ord("删")


@pytest.mark.parametrize("language", LEXICONS)
def test_every_article_is_a_right_that_is_known(language):
    for law in LEXICONS[language].file.laws.values():
        for right in law.articles.values():
            Kind(right.partition(":")[0])


@pytest.fixture
def another(tmp_path):
    """Return what loads a changed copy of the English file as a language of the office's own."""

    def load_changed(old: str, new: str):
        text = (FOLDER / "en.toml").read_text(encoding="utf-8")
        text = text.replace('language = "en"', 'language = "xx"', 1)
        assert old in text
        (tmp_path / "xx.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        return load(tmp_path)

    return load_changed


@pytest.fixture
def own(tmp_path):
    """Return what loads our phrases with an office's own for English added."""

    def load_with(text: str):
        (tmp_path / "en.toml").write_text(f'language = "en"\n{text}\n', encoding="utf-8")
        return load(tmp_path)

    return load_with


def test_an_office_may_bring_a_language_of_its_own(another):
    phrases = another('"delete", "erase",', '"delete", "!?", "yeet",')
    assert [one.pattern[:2] for one in classify("", "Please yeet my data", "", phrases).opens] == [
        "xx"
    ]
    assert not classify("", "Really !?", "", phrases).opens


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("negation = [", "negations = [", "negation"),
        ('any = ["<deletion_right>"]', 'any = ["<deletion_rihgt>"]', "deletion_rihgt"),
        ('any = ["<deletion_right>"]', 'any = ["<deletion_right> .."]', "ends"),
        ('confidence = "high"', 'confidence = "sure"', "confidence"),
        ('kind = "deletion"', 'kind = "delete"', "kind"),
        ('language = "xx"', 'language = "xx"\ntraditional = "來"', "not equally long"),
        ("reach = 60", "raech = 60", "raech"),
        ('language = "xx"', "language = xx", "xx.toml"),
        ('"delete", "erase",', '"delete", "er*",', "er*"),
        ('language = "xx"', 'language = "xx"\nscript = "arabic"', "script"),
        ('language = "xx"', 'language = "xx"\nscript = "arabic"', "'cyrillic'"),
        ("[identifiers]", '[identifiers]\nlogins = ["login"]', "identifiers.logins"),
        ("imperative = [", 'imperative = ["delte", ', "imperative: delte is no group"),
        ("changing = [", 'changing = ["delte", ', "changing: delte is no group"),
        (
            '{ verb = "delete", object = "about_me"',
            '{ verb = "delete", object = "abuot_me"',
            "abuot_me",
        ),
        ("carried = [", 'carried = [{ verb = "delte", object = "thing", kind = "copy" },', "delte"),
        ("[commands]", '[commands]\ndelte = ["deletion"]', "commands: delte is no group"),
        ("[identifiers]", '[identifiers]\nname = ["#"]', "identifiers.name"),
    ],
)
def test_a_mistake_in_a_file_is_named(another, old, new, word):
    with pytest.raises(ConfigError) as caught:
        another(old, new)
    assert "xx.toml" in str(caught.value)
    assert word in str(caught.value)


@pytest.mark.parametrize("script", get_args(Script))
def test_a_mail_is_judged_beside_a_language_of_any_script(another, script):
    phrases = another('language = "xx"', f'language = "xx"\nscript = "{script}"')
    assert classify("", "Please delete my data", "", phrases).opens


def test_an_office_s_words_are_added_to_ours(own):
    phrases = own('[verbs]\ndelete = ["yeet"]')
    for text in ("Please yeet my data", "Please delete my data"):
        assert [one.kind for one in classify("", text, "", phrases).opens] == [Kind.DELETION]
    assert not classify("", "Please yeet my data", "", load()).opens


def test_an_office_s_patterns_stand_behind_ours_with_its_examples(own):
    phrases = own(
        '[words]\nhouse = ["blue file"]\n'
        '[[patterns]]\nkind = "access"\nany = ["<show> ~ <house>"]\n'
        '[[examples]]\ntext = "Please show me the blue file"\nkinds = ["access"]'
    )
    (found,) = classify("", "Please show me the blue file", "", phrases).opens
    assert found.kind is Kind.ACCESS
    file, ours = phrases.lexicons["en"].file, load().lexicons["en"].file
    assert found.pattern == f"en.access.{len(ours.patterns) + 1}"
    assert file.examples[:-1] == ours.examples
    assert file.examples[-1].text == "Please show me the blue file"


def test_a_phrase_added_now_counts_now(own):
    assert not classify("", "Please yeet my data", "", own("")).opens
    assert classify("", "Please yeet my data", "", own('[verbs]\ndelete = ["yeet"]')).opens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("reach = 5", ("reach", "unknown key")),
        ('[verb]\ndelete = ["yeet"]', ("verb", "unknown key")),
        ('[verbs]\ndelete = "yeet"', ("verbs.delete",)),
        ('[verbs]\naccount = ["den"]', ("verbs.account", "[objects]")),
        ('[[patterns]]\nkind = "deletion"\nany = ["<deleet>"]', ("deleet",)),
    ],
)
def test_a_mistake_in_an_office_s_file_is_named(own, text, words):
    with pytest.raises(ConfigError) as caught:
        own(text)
    assert "en.toml" in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_without_examples_the_phrases_are_the_same():
    brief = load(examples=False)
    assert list(brief.lexicons) == list(LEXICONS)
    for language, lexicon in brief.lexicons.items():
        assert not lexicon.file.examples
        assert lexicon.file == replace(LEXICONS[language].file, examples=())
