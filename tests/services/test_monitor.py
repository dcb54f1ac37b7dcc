"""The monitor: tiers from the packs, each reminder and each breach once, whoever asks how often."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from dsr.clock import FixedClock
from dsr.domain.vocabulary import Action, Kind, LetterName, Outcome, Scope
from dsr.errors import NotAllowedError, UsageError
from dsr.rules import book
from dsr.services import closing, handling, holding, identity, letters, monitor, setting, today
from dsr.services.closing import Closing
from dsr.services.desk import open_desk
from dsr.services.evidence import verify
from dsr.services.identity import Shown
from dsr.services.letters import LetterRequest
from dsr.services.setting import Changes
from dsr.services.showing import show
from dsr.services.steps import take, ticket_of
from dsr.store.tables.cases import ReminderRow
from dsr.store.tables.trail import EventRow

DUE = date(2026, 12, 11)  # of a deletion that came on Friday, 20 November: fifteen working days


def on(desk, day):
    """Return the desk on the morning of another day."""
    morning = datetime(2026, *day, 2, tzinfo=UTC)
    return replace(desk, clock=FixedClock(morning, desk.clock.zone))


def near(desk, *words):
    with desk.read() as session:
        return list(monitor.near(session, desk, words, today=desk.today()))


def tiers(desk):
    return {view.number: view.tier for view in near(desk)}


def told(desk, *words):
    return [(view.number, view.tier) for view in monitor.remind(desk, words)]


def events(desk, *actions):
    with desk.read() as session:
        query = select(EventRow.ticket, EventRow.action).where(EventRow.action.in_(actions))
        return Counter(map(tuple, session.exec(query)))


def breached_at(desk, number):
    with desk.read() as session:
        return ticket_of(session, number).breached_at


def reminders(desk):
    with desk.read() as session:
        rows = session.exec(select(ReminderRow)).all()
        return Counter((row.ticket, row.tier, row.due_on) for row in rows)


@pytest.mark.parametrize(
    ("day", "tier"),
    [
        ((12, 1), None),  # eight working days
        ((12, 2), "ahead"),
        ((12, 7), "ahead"),
        ((12, 8), "soon"),
        ((12, 10), "soon"),
        ((12, 11), "due"),
        ((12, 12), "breached"),  # a Saturday: no working day has passed, the last day has
        ((12, 31), "breached"),
    ],
)
def test_a_ticket_that_nobody_touches_comes_nearer_by_itself(desk, opened, day, tier):
    number = opened(Kind.DELETION)
    found = near(on(desk, day))

    assert [(view.number, view.tier, view.law) for view in found] == (
        [(number, tier, "CN")] if tier else []
    )
    assert [view.overdue for view in found] == ([tier == "breached"] if tier else [])


def test_far_from_its_date_a_ticket_is_no_matter_of_the_monitor(desk, opened):
    opened(Kind.DELETION)
    with desk.read() as session:
        assert list(monitor.near(session, desk, [], today=desk.today())) == []
        assert monitor.late(session, desk, [], today=desk.today()) == 0


def test_what_is_to_be_done_at_once_is_near_though_its_answer_is_not(desk, opened):
    number = opened(Kind.WITHDRAWAL, Scope.MARKETING)  # by Monday, 23 November
    assert tiers(desk) == {number: "due"}
    after = near(on(desk, (11, 27)))[0]

    assert (after.tier, after.overdue) == ("due", False)  # late to act, not late to answer
    assert tiers(on(desk, (12, 14))) == {number: "breached"}


def test_of_several_laws_the_nearest_tier_counts(desk, opened):
    number = opened(Kind.ACCESS, laws=("CN", "EU"))  # due 20 December in Europe, 21 in China
    on_the_last = on(desk, (12, 21))
    found = near(on_the_last)[0]

    assert (found.number, found.tier, found.law) == (number, "breached", "EU")
    setting.set_values(desk, number, Changes(laws=("CN",)))
    assert near(on_the_last)[0].tier == "due"


def test_the_most_urgent_comes_first_and_what_ended_not_at_all(desk, opened):
    later = opened(Kind.DELETION, received_at=desk.clock.now() - timedelta(days=14))
    acting = opened(Kind.WITHDRAWAL, Scope.MARKETING)
    past = opened(Kind.DELETION, received_at=desk.clock.now() - timedelta(days=30))
    ended = opened(Kind.DELETION, received_at=desk.clock.now() - timedelta(days=40))
    closing.close(desk, ended, Closing(Outcome.WITHDRAWN, "she called"))

    assert [view.number for view in near(desk)] == [past, acting, later]
    assert [view.number for view in near(desk, "is:any")] == [past, acting, later]
    assert [view.number for view in near(desk, "kind:withdrawal")] == [acting]


def test_a_wrong_filter_is_refused_before_anything_is_said(desk, opened):
    opened(Kind.DELETION)
    for words in (["kind:nothing"], ["nothing"]):
        with pytest.raises(UsageError):
            told(on(desk, (12, 31)), *words)
    assert reminders(desk) == {}


PACK = """
code = "CN"
version = "2026-12-01"
replaces = "{version}"
why = "the office is slow in December"

[[tiers]]
code = "late"
days_left = -1
citation = "our handbook, 4"
certainty = "design"

[[tiers]]
code = "early"
days_left = {days}
citation = "our handbook, 4"
certainty = "design"
"""


@pytest.fixture
def own_pack(desk, tmp_path):
    """Return what writes the organisation's own pack of CN, which is read from then on."""
    laws = tmp_path / "rules" / "laws"
    laws.mkdir(parents=True)
    version = book.law("CN").version

    def write(days):
        pack = PACK.format(version=version, days=days)
        (laws / "cn.toml").write_text(pack, encoding="utf-8")
        book.use(laws.parent)
        book.forget()

    yield write
    book.use(None)


def test_a_threshold_edited_in_a_pack_changes_the_tier(desk, opened, own_pack):
    number = opened(Kind.DELETION)  # pinned to the shipped pack; its dates stay as they are
    day = on(desk, (11, 27))  # ten working days are left
    assert tiers(day) == {}
    own_pack(9)
    assert tiers(day) == {}
    own_pack(10)

    assert tiers(day) == {number: "early"}
    assert tiers(on(desk, (12, 12))) == {number: "late"}
    assert show(desk, number).due_on == DUE


def test_each_tier_and_date_is_said_once_and_a_breach_is_stamped_once(desk, opened):
    number = opened(Kind.DELETION)
    said = []
    for day in ((12, 2), (12, 3), (12, 8), (12, 11), (12, 12), (12, 13), (12, 31)):
        said += [(day, tier) for _, tier in told(on(desk, day)) + told(on(desk, day))]

    assert said == [
        ((12, 2), "ahead"),
        ((12, 8), "soon"),
        ((12, 11), "due"),
        ((12, 12), "breached"),
    ]
    assert breached_at(desk, number) == datetime(2026, 12, 12, 2, tzinfo=UTC)
    counted = events(desk, Action.REMIND.value, Action.BREACH.value)
    assert counted == {(number, "remind"): 4, (number, "breach"): 1}
    assert verify(desk).ok


def test_three_sweeps_over_a_date_that_passed_give_one_notice(desk, opened):
    number = opened(Kind.DELETION)
    late = on(desk, (12, 14))

    assert [told(late) for _ in range(3)] == [[(number, "breached")], [], []]
    assert reminders(desk) == {(number, "breached", DUE): 1}
    assert events(desk, "breach") == {(number, "breach"): 1}


def test_a_date_that_moves_is_said_anew_and_the_breach_stays(desk, opened):
    number = opened(Kind.DELETION)
    late = on(desk, (12, 14))
    told(late)
    stamped = breached_at(desk, number)
    changes = Changes(received_on=date(2026, 12, 14), why="the stamp was of another letter")
    setting.set_values(late, number, changes)
    found = near(late)[0]

    assert (found.tier, found.law, found.breached_at) == (None, None, stamped)  # late once
    assert told(late) == []
    last = on(desk, (12, 31))
    with last.read() as session:
        assert monitor.late(session, last, [], today=last.today()) == 1
    assert told(last) == [(number, "soon")]
    assert breached_at(desk, number) == stamped
    assert show(desk, number).breached_at == stamped


def test_a_tier_that_did_not_change_still_tells_that_the_last_day_passed(desk, opened, own_pack):
    number = opened(Kind.DELETION)
    own_pack(3)
    place = book.own("laws") / "cn.toml"
    text = place.read_text(encoding="utf-8").replace("days_left = -1", "days_left = 2")
    place.write_text(text, encoding="utf-8")
    book.forget()

    assert told(on(desk, (12, 11))) == [(number, "late")]
    assert told(on(desk, (12, 12))) == [(number, "late")]
    assert told(on(desk, (12, 12))) == []
    assert events(desk, "remind", "breach") == {(number, "remind"): 1, (number, "breach"): 1}


def test_a_trial_says_it_and_writes_nothing(desk, opened):
    number = opened(Kind.DELETION)
    late = on(desk, (12, 14))
    found = list(monitor.remind(late, [], dry_run=True))

    assert [(view.number, view.breached_at) for view in found] == [(number, None)]
    assert reminders(desk) == events(desk, "remind", "breach") == {}


def test_whoever_only_reads_cannot_write_reminders(desk, opened):
    opened(Kind.DELETION)
    with desk.write() as step:
        handling.officer(step, "li").roles = ["auditor"]
    late = on(desk, (12, 14))
    with pytest.raises(NotAllowedError):
        told(late)
    assert len(near(late)) == 1


def test_two_at_once_say_each_thing_once(desk, opened):
    numbers = [opened(Kind.DELETION) for _ in range(2 * monitor.BATCH + 5)]
    late = on(desk, (12, 14))

    def sweep(_):
        own = open_desk(
            str(desk.engine.url), clock=late.clock, officer="li", os_user="li", office=desk.office
        )
        try:
            return [number for number, _ in told(own)]
        finally:
            own.engine.dispose()

    with ThreadPoolExecutor(2) as pool:
        said = [number for part in pool.map(sweep, range(2)) for number in part]

    assert sorted(said) == numbers
    assert set(reminders(desk).values()) == {1}
    assert events(desk, "breach") == {(number, "breach"): 1 for number in numbers}
    assert verify(desk).ok


KILLED = """
import os, sys
from datetime import datetime, timezone
from pathlib import Path
from dsr.clock import FixedClock
from dsr.services import monitor
from dsr.services.desk import Office, open_desk

clock = FixedClock(datetime(2026, 12, 14, 2, tzinfo=timezone.utc), "Asia/Shanghai")
office = Office(key_file=Path(sys.argv[2]))
desk = open_desk(sys.argv[1], clock=clock, officer="li", os_user="li", office=office)
for count, view in enumerate(monitor.remind(desk, []), start=1):
    print(view.number, flush=True)
    if count == 3:
        os._exit(9)  # nothing is tidied up
"""


def test_killed_it_goes_on_where_it_was_and_repeats_nothing(desk, opened):
    numbers = [opened(Kind.DELETION) for _ in range(monitor.BATCH + 3)]
    line = [sys.executable, "-c", KILLED, str(desk.engine.url), str(desk.office.key_file)]
    killed = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (killed.returncode, killed.stdout.split()) == (9, ["1", "2", "3"])
    rest = [number for number, _ in told(on(desk, (12, 14)))]

    assert rest == numbers[monitor.BATCH :]  # what was not said of a batch was written down
    assert set(reminders(desk).values()) == {1}
    assert events(desk, "breach") == {(number, "breach"): 1 for number in numbers}
    assert verify(desk).ok


def test_a_ticket_that_ended_meanwhile_is_left_alone(desk, opened):
    numbers = [opened(Kind.DELETION) for _ in range(monitor.BATCH + 2)]
    late = on(desk, (12, 14))
    sweep = monitor.remind(late, [])
    assert next(sweep).number == numbers[0]
    closing.close(late, numbers[-2], Closing(Outcome.WITHDRAWN, "she called"))

    assert [view.number for view in sweep] == [*numbers[1:-2], numbers[-1]]
    assert breached_at(desk, numbers[-2]) is None


def test_a_legal_hold_does_not_stop_the_reminder_and_is_told(desk, opened):
    free, held = opened(Kind.DELETION), opened(Kind.DELETION)
    holding.hold(desk, held, "the court's order")
    late = on(desk, (12, 14))

    assert {view.number: view.held for view in near(late)} == {free: False, held: True}
    assert told(late) == [(free, "breached"), (held, "breached")]


def test_the_stage_that_was_missed_last_is_told_by_what_is_stored(desk, opened):
    number = opened(Kind.ACCESS, laws=("CN",))  # 25 November, 1, 8 and 11 December
    day = on(desk, (12, 10))

    def missed():
        return [(view.milestone, view.milestone_on) for view in near(day)]

    assert missed() == [("proposal", date(2026, 12, 8))]
    assert show(desk, number).milestone.stage == "acknowledgement"
    with desk.write() as step:
        letters.write_letter(
            step, desk, ticket_of(step.session, number), LetterRequest(LetterName.ACKNOWLEDGEMENT)
        )
    assert show(desk, number).milestone.stage == "proof"
    identity.accept(desk, number, Shown("in_person"))
    shown = show(desk, number).milestone
    assert (shown.stage, shown.law, shown.met) == ("search", None, False)
    with desk.write() as step:
        ticket_of(step.session, number).decided = True

    assert missed() == [(None, None)]
    assert show(desk, number).milestone.stage == "internal_target"
    closing.close(desk, number, Closing(Outcome.WITHDRAWN, "she called"))
    assert show(desk, number).milestone is None


def test_a_reminder_is_no_answer_to_a_reply(desk, opened):
    number = opened(Kind.DELETION)
    late = on(desk, (12, 14))
    with late.write() as step:
        take(step, ticket_of(step.session, number), Action.JOIN, facts={"message": 1})
    told(late)
    replies = [line for line in today.lines(late) if line.section == "reply"]

    assert [line.number for line in replies] == [number]


def test_an_office_without_a_calendar_counts_mondays_to_fridays(desk, opened):
    number = opened(Kind.DELETION, laws=("EU",))  # due on Sunday, 20 December
    abroad = replace(desk, office=replace(desk.office, laws=("EU",)))

    assert tiers(on(abroad, (12, 17))) == {number: "soon"}
    assert tiers(on(abroad, (12, 21))) == {number: "breached"}
