"""A reply joins its ticket; what asks for something new is looked at by a person."""

import io

import pytest

from dsr.domain.vocabulary import Kind, LetterName
from dsr.services import clock_steps
from dsr.services.intake import Imported
from dsr.services.known import Lookup
from dsr.services.letters import frozen


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
