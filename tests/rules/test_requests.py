"""Letters as different people write them, a file a language, and what each of them asks for."""

from functools import cache
from pathlib import Path

import pytest

from dsr.intake.classify import Finding, classify
from dsr.rules.phrases import load
from dsr.services import phrasing
from dsr.services.phrasing import Labelled, LabelledText

FILES = sorted((Path(__file__).parents[2] / "fixtures" / "requests").glob("*.toml"))
of_each_language = pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])


@cache
def _labelled(file: Path) -> Labelled:
    return phrasing.read_labelled(file)


@cache
def _read(file: Path) -> tuple[tuple[LabelledText, Finding], ...]:
    return tuple(
        (each, classify(each.subject, each.text, "", load())) for each in _labelled(file).texts
    )


def _is_read_right(each: LabelledText, finding: Finding) -> bool:
    found = {one.kind.value for one in finding.opens}
    return set(each.kinds) <= found <= {*each.kinds, *each.also}


@of_each_language
def test_a_letter_asks_for_what_its_writer_means(file):
    otherwise = [
        (each.text, finding.reasons)
        for each, finding in _read(file)
        if not each.misread and not _is_read_right(each, finding)
    ]
    assert not otherwise


@of_each_language
def test_what_is_said_to_be_misread_is_misread(file):
    mended = [
        each.text for each, found in _read(file) if each.misread and _is_read_right(each, found)
    ]
    assert not mended, "take the mark away"


@of_each_language
def test_the_words_that_decide_stand_in_the_text(file):
    for each, finding in _read(file):
        assert all(one.span in f"{each.subject}\n{each.text}" for one in finding.kinds)


@of_each_language
def test_the_language_of_most_letters_is_told(file):
    told = [finding.language == _labelled(file).language for _, finding in _read(file)]
    assert sum(told) >= 0.9 * len(told)


@of_each_language
def test_a_language_has_many_texts_and_hard_ones_that_ask_for_nothing(file):
    asking = [bool(each.kinds) for each in _labelled(file).texts]
    assert sum(asking) >= 20
    assert asking.count(False) >= 20


@of_each_language
def test_letters_are_noticed_and_others_left_alone(file):
    lines = {one.kind: one for one in phrasing.measure([file])}
    rights, opened = lines[phrasing.ALL], lines[phrasing.OPENED]
    assert lines[phrasing.NOTICED].recall >= 0.97
    assert rights.precision >= 0.95
    assert rights.recall >= 0.95
    assert opened.wrong <= 0.05 * opened.texts
