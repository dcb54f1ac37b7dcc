"""A reply joins its ticket; what asks for something new is looked at by a person."""

import io

import pytest

from dsr.domain.vocabulary import IdentifierType, Kind, LetterName
from dsr.services import clock_steps, identity
from dsr.services.identity import Shown
from dsr.services.intake import Imported
from dsr.services.known import Lookup
from dsr.services.letters import frozen
from dsr.store.tickets import by_numbers


def mail(number, text, **headers):
    head = {
        "From": "mei@example.com",
        "To": "office@example.org",
        "Subject": "Re: your request",
        "Message-ID": f"<{number}@example.com>",
        "Content-Type": "text/plain; charset=utf-8",
    } | headers
    lines = [f"{name}: {value}" for name, value in head.items()]
    return ("\n".join(lines) + f"\n\n{text}\n").encode()


def imported(desk, raw):
    (view,) = Imported(desk, ["-"], io.BytesIO(raw)).views()
    return view


@pytest.fixture
def asked(desk, opened):
    """Return a ticket whose requester was asked something, and the name of the letter."""
    number = opened(Kind.EXPLANATION)
    clock_steps.clarify(desk, number, "Which product do you mean?")
    return number, frozen(desk, number, LetterName.CLARIFICATION)[0].message_id


def test_a_reply_joins_its_ticket_and_it_goes_on(desk, asked):
    number, letter = asked
    view = imported(desk, mail(1, "I mean the mail product.", **{"In-Reply-To": letter}))
    assert (view.outcome, view.tickets[0]["number"]) == ("joined", number)


def test_a_reply_that_asks_for_another_right_is_looked_at(desk, asked):
    _, letter = asked
    view = imported(desk, mail(1, "Please delete all my data.", **{"In-Reply-To": letter}))
    assert view.outcome == "triage"
    assert "a reply that asks for something new" in view.reasons


def test_what_is_asked_of_an_ended_ticket_is_new_whatever_its_kind():
    lookup = Lookup(tickets={7: (3, Kind.DELETION)}, asked={3: {Kind.DELETION, Kind.COPY}})
    assert not lookup.new_in(7, [Kind.DELETION])
    assert not lookup.new_in(7, [])
    assert lookup.new_in(7, [Kind.COPY, Kind.ACCESS])
    lookup.ended.add(7)
    assert lookup.new_in(7, [Kind.DELETION])


@pytest.fixture
def asked_by_mail(desk):
    """Return two tickets that one mail opened, whose requester was asked something."""
    text = "Please send me a copy of my personal data. Please delete my personal data as well."
    view = imported(desk, mail(1, text, Subject="My request"))
    numbers = [each["number"] for each in view.tickets]
    assert len(numbers) > 1, view.tickets
    for number in numbers:
        identity.accept(desk, number, Shown("in_person", (IdentifierType.EMAIL, "mei@example.com")))
        clock_steps.clarify(desk, number, "Which product do you mean?")
    return numbers


def statuses(desk, numbers):
    with desk.read() as session:
        return [str(by_numbers(session, numbers)[number].status) for number in numbers]


def test_a_party_is_one_to_each_ticket_of_her_case(desk, asked_by_mail):
    names = [frozen(desk, n, LetterName.CLARIFICATION)[0].message_id for n in asked_by_mail]
    box = b"".join(
        b"From mei@example.com Mon Nov 23 02:00:00 2026\n"
        + mail(10 + n, f"Here is part {n}.", **{"In-Reply-To": letter})
        + b"\n"
        for n, letter in enumerate(names)
    )
    views = list(Imported(desk, ["-"], io.BytesIO(box)).views())
    assert [view.outcome for view in views] == ["joined"] * len(names)
    assert [view.tickets[0]["number"] for view in views] == asked_by_mail
    assert "waiting" not in statuses(desk, asked_by_mail)


def test_her_own_message_id_ends_no_pause(desk, asked_by_mail):
    hers = {"In-Reply-To": "<1@example.com>"}
    view = imported(desk, mail(2, "Just some words.", **hers))
    assert (view.outcome, view.reasons[0]) == ("joined", "answers a mail of that case")
    assert set(statuses(desk, asked_by_mail)) == {"waiting"}

    stranger = imported(desk, mail(3, "Just some words.", From="eve@example.net", **hers))
    assert stranger.outcome == "triage"

    forged = {"From": "mailer-daemon@example.net", "X-Failed-Recipients": "a@b", **hers}
    bounce = imported(desk, mail(4, "Message-ID: <1@example.com>", **forged))
    assert bounce.outcome == "ignored"
    assert set(statuses(desk, asked_by_mail)) == {"waiting"}


def test_only_the_letter_that_came_back_is_marked(desk, asked_by_mail):
    letters = [frozen(desk, n, LetterName.CLARIFICATION)[0] for n in asked_by_mail]
    names = [letter.message_id for letter in letters]
    headers = {
        "From": "mailer-daemon@example.net",
        "X-Failed-Recipients": "mei@example.com",
        "In-Reply-To": "<unknown@example.com>",
        "References": " ".join(reversed(names)),
    }
    view = imported(desk, mail(5, "It could not be delivered.", **headers))
    assert view.outcome == "joined"
    states = {
        n: frozen(desk, n, LetterName.CLARIFICATION)[0].state == "undelivered"
        for n in asked_by_mail
    }
    joined = view.tickets[0]["number"]
    assert states == {n: n == joined for n in asked_by_mail}
