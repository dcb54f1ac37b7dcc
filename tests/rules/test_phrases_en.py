"""English as it is written in many places: one right, said in the ways of each of them."""

import pytest

from dsr.intake.classify import classify
from dsr.rules.phrases import load


def kinds(text, subject=""):
    return {str(one.kind) for one in classify(subject, text, "", load()).opens}


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (
            "access",
            (
                "Can you tell me what you folks actually know about me?",
                "How did you get hold of my landline number?",
                "Whom have you given my file to, and who has looked at my record?",
                "Please furnish the details available with you against my mobile number.",
                "I want to check what information of me is saved in your company.",
                "Please advise me what particulars concerning myself are retained by you.",
                "From which agency have you bought my contact details?",
            ),
        ),
        (
            "deletion",
            (
                "Please eliminate all my datas from your databank.",
                "I'd like my surname taken out of that page about me.",
                "Take my details off your system.",
                "My old resume is still with you. I'd prefer that you no longer kept it.",
                "There is a photo of me in your gallery. Get rid of it please.",
                "We submit this request to delete on the consumer's behalf.",
            ),
        ),
        (
            "correction",
            (
                "You have me down as Stephen. I am Steven.",
                "Kindly update my mail id in your database.",
                "My second surname is bad written.",
                "My insurance number was recorded wrongly, my year of birth should read 1956.",
                "You send letters to flat 3 but I live in flat 30. Could you put that right?",
            ),
        ),
        (
            "withdrawal",
            (
                "Put my number on your do not call list.",
                "I forbid you to call me.",
                "Please no advertising any more.",
                "I don't want receive more publicity of you.",
                "I signed the photo release in May. I've changed my mind and am revoking it.",
                "I do not wish to be profiled.",
            ),
        ),
        (
            "cancellation",
            (
                "yo can u guys delete my acct",
                "I want to log off my account.",
                "Please cancel my loyalty card.",
                "I don't want to be a member any longer.",
            ),
        ),
        (
            "copy",
            (
                "Would you kindly send me the recording of that conversation?",
                "Please forward my workout data to my new gym.",
            ),
        ),
        (
            "restriction",
            (
                "Put my data on hold until the inquiry is over.",
                "Please block my data till the mistake is found.",
            ),
        ),
        (
            "review",
            (
                "My premium was computed by a pricing model. Let someone qualified check it.",
                "Your AI closed my account; I want a real underwriter to look at it.",
            ),
        ),
    ],
)
def test_a_right_is_read_in_many_ways_of_saying_it(kind, texts):
    assert [text for text in texts if kind not in kinds(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "For my thesis I study how websites implement the right to data portability.",
        "Don't want these emails any more? Manage your preferences or unsubscribe below.",
        "Stop getting lost: our new map shows the way.",
        "Chapter 3 explains how a controller must erase personal data without undue delay.",
        "Please review clause 8 (deletion and return of personal data) and sign.",
        "Update your personal details now to restore access.",
        "I want to change to another bank, which one is best?",
        "Please modify the wrong data in sheet 2.",
    ],
)
def test_what_only_sounds_alike_asks_for_nothing(text):
    assert kinds(text) == set()


def test_that_nothing_is_sold_is_wished_beside_a_deletion():
    text = "Please (1) delete my personal information, and (2) don't sell or share it."
    assert kinds(text) == {"deletion", "withdrawal"}
    assert kinds("Please delete my data and stop using my data.") == {"deletion"}


def test_a_small_word_behind_the_verb_is_no_object():
    above = "You have my passport scan."
    assert kinds(f"{above} Please delete it at once.") == {"deletion"}
    assert kinds(f"{above} Please delete immediately.") == {"deletion"}
    assert kinds(f"{above} Please delete immediately the third slide.") == set()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("I'd like to be taken off your mailing list.", {"withdrawal"}),
        ("I would like the security footage that shows me.", {"access"}),
        ("Would you delete the debit card you have saved for me?", {"deletion"}),
        ("We spoke last week. Please note my new postal address: 9 Mill Lane.", {"correction"}),
        ("Your system says I am single. I have been married since May.", {"correction"}),
        ("I am no longer happy for you to use my picture.", {"withdrawal"}),
        (
            "Close my account and make sure it's gone, together with my photos.",
            {"cancellation", "deletion"},
        ),
    ],
)
def test_an_ordinary_wish_is_noticed_whatever_its_words(text, asked):
    assert kinds(text) == asked


def test_data_no_longer_for_marketing_is_a_wish_about_marketing_and_no_second_one():
    text = "Please unsubscribe me. I do not want my details used for advertising any more."
    (found,) = classify("", text, "", load()).opens
    assert found.scope == "marketing"


def test_who_never_gave_a_number_objects_to_nothing_by_saying_so():
    assert not kinds("I have never given you my number.")
    assert kinds("Never give my number to anybody.") == {"withdrawal"}


@pytest.mark.parametrize(
    ("text", "threatens"),
    [
        ("Please delete my data.\nSue Hill", False),
        ("Please delete my data or I will sue you.", True),
        ("Delete my data. We are going to sue for damages.", True),
    ],
)
def test_somebody_named_sue_threatens_nobody(text, threatens):
    reasons = classify("", text, "", load()).reasons
    assert any("threat" in reason for reason in reasons) is threatens


@pytest.mark.parametrize(
    "text",
    [
        "If you want to be removed from our mailing list, just reply.",
        "You have been removed from our mailing list.",
        "Your records show that I paid in June, please check the invoice.",
        "Can you send the parcel to my new address?",
        "My new address is enclosed with the order.",
    ],
)
def test_a_footer_and_a_customer_question_ask_for_no_right(text):
    assert not kinds(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("gibt es schon etwas Neues?", "de"),
        ("What time do you open?", "en"),
        ("Name: Anna Bell\nEmail: anna@shop.example\n\nWhat data do you have about me?", "en"),
        ("¿Qué datos tienen?", "es"),
        ("Que dados vocês têm?", "pt"),
        ("Data apa yang ada?", "id"),
    ],
)
def test_a_short_question_tells_its_language(text, language):
    assert classify("", text, "", load()).language == language
