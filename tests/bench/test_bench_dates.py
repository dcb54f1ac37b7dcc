"""The dates of 100,000 tickets, against the bare arithmetic; and how soon a law pack is read."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, islice
from statistics import median
from time import process_time

import pytest
from dateutil.relativedelta import relativedelta

from dsr.domain.clocks import ClockFacts, Pause, PauseReason
from dsr.domain.vocabulary import Kind, Scope
from dsr.rules import book, packs
from dsr.rules.reading import read_toml
from dsr.services.dates import Asked, Dates, clocks_for

TICKETS = 100_000
MOST_SECONDS = 5.0
#: Of the floor: three dates, each explained and under one or two laws, for one date unexplained.
MOST_TIMES = 12
MOST_PACK_SECONDS = 0.015
#: Of the floor of a pack: reading its TOML alone.
MOST_PACK_TIMES = 5
FIRST = date(2024, 1, 2)
RIGHTS = [
    *((kind, None) for kind in Kind if kind is not Kind.WITHDRAWAL),
    (Kind.WITHDRAWAL, Scope.MARKETING),
]


def questions():
    """Give tickets of which no two are alike: days of receipt and what happened differ."""
    for number, right in enumerate(islice(cycle(RIGHTS), TICKETS)):
        received = FIRST + timedelta(days=number % 997)
        asked, replied = (received + timedelta(days=each) for each in (1, 2 + number // 997))
        at = datetime.combine(received, time(4), UTC) + timedelta(seconds=number)
        laws = {"EU": None} if number % 2 else {"CN": None}
        pauses = (Pause(asked, replied, PauseReason.CLARIFICATION),)
        yield (
            Asked(laws, *right, "DE", at),
            ClockFacts(received, verified_on=replied, proof_asked_on=asked, pauses=pauses),
        )


def ours(asked):
    return [Dates.of(clocks_for(*each)) for each in asked]


def floor(asked):
    """Return the last day of each period, counted by hand in a set of days off: nothing else."""
    china = set().union(*(book.year_of("CN", year).off for year in range(2024, 2028)))
    germany = set().union(*(book.year_of("DE", year).off for year in range(2024, 2028)))
    found = []
    for known, facts in asked:
        if "CN" in known.laws:
            on, left = facts.received_on, 15
            while left:
                on += timedelta(days=1)
                left -= on.weekday() < 5 and on not in china
        else:
            on = facts.received_on + relativedelta(months=1)
            while on.weekday() > 4 or on in germany:
                on += timedelta(days=1)
        found.append(on)
    return found


def seconds(work, *given):
    begun = process_time()  # of the processor: what else runs on the machine is not ours
    work(*given)
    return process_time() - begun


def test_the_dates_of_a_hundred_thousand_tickets(benchmark):
    asked = list(questions())
    assert len({facts for _, facts in asked}) == TICKETS
    ours(asked[:1000])  # what is read and imported once
    floors, times = [], []
    benchmark.pedantic(
        lambda: times.append(seconds(ours, asked)),
        setup=lambda: floors.append(seconds(floor, asked)),
        rounds=2,
    )
    ratio = median(times) / median(floors)
    benchmark.extra_info["times the floor"] = round(ratio, 2)
    benchmark.extra_info["seconds of the processor"] = round(min(times), 2)
    assert ratio <= MOST_TIMES
    assert min(times) < MOST_SECONDS


@pytest.mark.parametrize("code", book.law_codes())
def test_a_law_pack_is_read_at_once(benchmark, code):
    def read():
        book.forget()
        return book.law(code)

    read()  # pydantic is imported and its validators are made once
    floors, times = [], []
    benchmark.pedantic(
        lambda: times.append(seconds(read)),
        setup=lambda: floors.append(seconds(read_toml, packs.find(code, None))),
        rounds=9,
    )
    ratio = median(times) / median(floors)
    benchmark.extra_info["times the floor"] = round(ratio, 2)
    assert ratio <= MOST_PACK_TIMES
    assert min(times) < MOST_PACK_SECONDS
