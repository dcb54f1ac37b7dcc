"""A letter never promises a day that is past."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dsr.domain.vocabulary import LetterName
from dsr.letters.compose import compose

PROMISES = {"en": "You will have our answer by", "zh": "我们将不迟于"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", [LetterName.ACKNOWLEDGEMENT, LetterName.DUPLICATE])
def test_a_late_letter_apologises_and_promises_no_past_day(full_facts, name, language):
    facts = replace(full_facts[language], tickets=())
    due_on = facts.written_on - timedelta(days=1)
    late = compose(name, language, replace(facts, due_on=due_on)).text
    timely = compose(name, language, replace(facts, due_on=facts.written_on)).text
    assert PROMISES[language] in timely
    assert PROMISES[language] not in late
