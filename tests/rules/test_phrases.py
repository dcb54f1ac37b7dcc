from importlib.resources import files

import pytest

from dsr.domain.vocabulary import Kind
from dsr.errors import ConfigError
from dsr.intake.classify import classify
from dsr.rules.phrases import load

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
def own(tmp_path):
    """Return what loads a changed copy of the English file from an office's own folder."""

    def load_changed(old: str, new: str):
        text = (FOLDER / "en.toml").read_text(encoding="utf-8")
        assert old in text
        (tmp_path / "en.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        return load(tmp_path)

    return load_changed


def test_an_office_may_add_a_word(own):
    phrases = own('"delete", "erase",', '"delete", "erase", "yeet",')
    assert [one.kind for one in classify("", "Please yeet my data", "", phrases).opens] == [
        Kind.DELETION
    ]
    assert not classify("", "Please yeet my data", "", load()).opens


def test_a_term_without_a_letter_is_passed_over(own):
    phrases = own('"delete", "erase",', '"delete", "!?", "erase",')
    assert not classify("", "Really !?", "", phrases).opens


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("negation = [", "negations = [", "negation"),
        ('any = ["<deletion_right>"]', 'any = ["<deletion_rihgt>"]', "deletion_rihgt"),
        ('any = ["<deletion_right>"]', 'any = ["<deletion_right> .."]', "ends"),
        ('confidence = "high"', 'confidence = "sure"', "confidence"),
        ('kind = "deletion"', 'kind = "delete"', "kind"),
        ('language = "en"', 'language = "en"\ntraditional = "來"', "not equally long"),
        ("reach = 60", "raech = 60", "raech"),
        ('language = "en"', "language = en", "en.toml"),
    ],
)
def test_a_mistake_in_a_file_is_named(own, old, new, word):
    with pytest.raises(ConfigError) as caught:
        own(old, new)
    assert "en.toml" in str(caught.value)
    assert word in str(caught.value)
