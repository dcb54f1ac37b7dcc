import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.cli.references import MOST_NUMBERS, Reference, read_references
from dsr.errors import InputError, UsageError

REFERENCES = st.builds(Reference, st.integers(1, 999_999_999), st.booleans())


@given(st.lists(REFERENCES, unique=True))
def test_what_is_written_is_read_again(references):
    assert read_references([str(reference) for reference in references]) == references
    assert read_references(["-"], [f"{reference}\n" for reference in references]) == references
    assert read_references([",".join(map(str, references))] if references else []) == references


@given(st.lists(REFERENCES), st.lists(REFERENCES))
def test_each_is_named_once_in_the_order_of_the_first(first, second):
    found = read_references([str(reference) for reference in [*first, *second]])
    assert found == list(dict.fromkeys([*first, *second]))


def test_every_form_is_understood():
    found = read_references(["42", "case:17", "1-3,5", "-"], ["8", "", " case:9 ", "5"])
    assert list(map(str, found)) == ["42", "case:17", "1", "2", "3", "5", "8", "case:9"]


@given(st.text())
def test_any_other_word_is_wrong_usage_and_is_not_repeated(word):
    found, said = [], ""
    try:
        found = read_references([word])
    except UsageError as error:
        said = str(error)
    assert len(word) < 8 or word not in said
    assert all(reference.number > 0 for reference in found)


@pytest.mark.parametrize(
    "word", ["", "0", "3-1", "1-", "-1", "1,,2", "case:", "1.0", "４２", "1e5", "9999999999", "#1"]
)
def test_a_word_that_names_no_ticket_is_wrong_usage(word):
    with pytest.raises(UsageError, match="argument 2 is no ticket"):
        read_references(["1", word])


def test_a_line_that_names_no_ticket_is_told_by_its_number():
    with pytest.raises(InputError, match="line 3"):
        read_references(["-"], ["1", "", "Ada"])


def test_a_mistyped_range_does_not_fill_the_memory():
    with pytest.raises(UsageError, match=str(MOST_NUMBERS)):
        read_references(["1-999999999"])


def test_standard_input_is_left_alone_unless_asked_for():
    def untouchable():
        raise AssertionError
        yield

    assert read_references(["1"], untouchable()) == [Reference(1)]
