"""Letters that speak of rights and ask for none are looked at by a person and open nothing."""

import pytest

from dsr.intake.classify import Finding, classify


@pytest.fixture
def judged(phrases):
    def judge(text: str, subject: str = "") -> Finding:
        return classify(subject, text, "", phrases)

    return judge


def opened(found: Finding) -> list[str]:
    return [one.kind.value for one in found.opens]


ARTICLE = """Most people find the hardest part is the first line. A reader once wrote {}, and that
was all it took. What follows is a short history of how firms answer letters of that sort."""


@pytest.mark.parametrize(
    "quotation",
    [
        '"please delete my personal data"',
        "“please delete my personal data”",
        "«please delete my personal data»",
        "„please delete my personal data“",
        "「please delete my personal data」",
    ],
)
def test_what_somebody_else_says_in_quotation_marks_opens_nothing(judged, quotation):
    found = judged(ARTICLE.format(quotation))
    assert opened(found) == []
    assert [one.kind.value for one in found.kinds] == ["deletion"]
    bare = ARTICLE.format(quotation.strip('"“”«»„「」'))
    assert opened(judged(bare)) == ["deletion"]


def test_i_beside_the_marks_makes_the_words_ones_own(judged):
    text = (
        "Your form on the web site has no box for a request of this sort, which is a pity; and so"
        ' I write it down here: "please delete my personal data", thanks.'
    )
    assert opened(judged(text)) == ["deletion"]


def test_a_letter_pasted_with_its_quotation_marks_is_a_letter(judged):
    assert opened(judged('"Please delete all my personal data."')) == ["deletion"]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Done",
            "I got your confirmation that my records have been deleted. Nothing further needed.",
        ),
        (
            "Inactive",
            "You write that my account will be deleted on Friday. Please don't do that!",
        ),
        (
            "Danke",
            "Dass meine Daten nun gelöscht sind, freut mich sehr. Damit ist die Sache erledigt.",
        ),
    ],
)
def test_thanks_and_pleas_to_keep_something_open_nothing(judged, subject, text):
    assert opened(judged(text, subject)) == []


def test_a_wish_before_a_comma_is_a_wish_for_something_else(judged):
    text = "Nothing further needed. I hope you are well, my records have been deleted."
    assert opened(judged(text)) == []


def test_whoever_gives_thanks_and_asks_for_more_is_heard(judged):
    text = "Thank you for closing my account. Please also delete my personal data."
    assert opened(judged(text)) == ["deletion"]
    text = "Nothing further needed for the refund. Delete my personal data."
    assert opened(judged(text)) == ["deletion"]
    text = "Thank you for confirming that. My data is dealt with under Article 17 GDPR, I request."
    assert opened(judged(text)) == ["deletion"]


@pytest.mark.parametrize(
    "text",
    [
        (
            "I am applying for the post of privacy officer. My covering letter says how I delete"
            " personal data on request."
        ),
        "This guest post asks: must a shop delete my personal data? Text as agreed for your blog.",
        "Please delete my personal data is what customers say. Book before May: 20 percent off.",
    ],
)
def test_an_application_a_draft_or_an_offer_opens_nothing(judged, text):
    found = judged(text)
    assert opened(found) == []
    assert found.kinds or found.smells


def test_consent_to_something_of_its_own_is_withdrawn_beside_a_deletion(judged):
    text = "Please delete my personal data. I withdraw my consent to the use of my photos."
    assert set(opened(judged(text))) == {"deletion", "withdrawal"}


def test_consent_withdrawn_in_the_clause_of_a_deletion_is_its_ground(judged):
    text = "Please delete my photos because I withdraw my consent to their use."
    assert opened(judged(text)) == ["deletion"]
