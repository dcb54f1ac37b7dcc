"""More time for an answer: only by a law that gives it, and only if the ticket's date moves."""

from datetime import date

import pytest

from dsr.rules import book


def due(walk, number):
    return walk.show(number)["due_on"]


def clocks(walk, number):
    return {each["law"]: each["due_legal_on"] for each in walk.show(number)["clocks"]}


def refused(walk, number, more="", *, exits=4):
    before = walk.dump()
    error = walk(f"extend {number} --why 'many systems' {more}", exits=exits).stderr
    assert walk.dump() == before
    return error


def test_a_month_becomes_three_from_receipt_and_the_letter_says_so(walk):
    number = walk.verified("access --law EU --place DE --language en")
    assert due(walk, number) == "2026-12-23"
    walk(f"extend {number} --why 'five systems and many records'")

    assert due(walk, number) == "2027-02-23"
    letter = walk.letter(number, "extension")
    assert "five systems and many records" in letter
    assert "23 February 2027" in letter or "2027-02-23" in letter


def test_where_no_law_gives_time_the_law_and_its_article_are_named(walk):
    number = walk.verified("access")
    error = refused(walk, number)

    clock = book.law("CN").clock("access")
    assert f"CN allows no extension for access ({clock.period.citation})" in " ".join(error.split())


def test_a_law_that_gives_no_time_stands_in_the_way_of_one_that_does(walk):
    number = walk.verified("deletion --law CN,EU --place DE")  # 14 and 23 December
    before = clocks(walk, number)
    error = refused(walk, number)

    assert "the date stays 2026-12-14, for CN allows no extension for deletion" in error
    assert clocks(walk, number) == before


def test_where_two_laws_end_on_one_day_the_one_without_time_holds_it(walk):
    number = walk.open("access --law CN,EU --place DE")[0]
    walk(f"verify ask {number}")
    walk = walk.later(10)
    walk(f"verify pass {number} --method video")
    before = clocks(walk, number)
    assert before == {"CN": "2027-01-04", "EU": "2027-01-04"}  # each after the wait
    error = refused(walk, number)

    assert "2027-01-04, for CN allows no extension" in error


def test_one_law_that_gives_time_suffices_and_the_other_clock_stays_where_it_is(walk):
    number = walk.open("copy --law CN,CA")[0]
    walk(f"verify ask {number}")
    walk = walk.later(10)
    walk(f"verify pass {number} --method video")
    before = clocks(walk, number)
    assert before["CA"] < before["CN"]
    walk(f"extend {number} --why 'consultations take longer'")

    after = clocks(walk, number)
    assert after["CN"] == before["CN"]
    assert after["CA"] > before["CA"]
    assert due(walk, number) == before["CN"]


def test_a_law_that_names_no_length_needs_the_new_date(walk):
    number = walk.verified("access --law HK")
    notice = book.law("HK").extension.notice.citation
    error = refused(walk, number, exits=2)
    assert "HK names no length" in error
    assert notice.split(",")[0] in error
    assert "--until DATE" in error
    first = date.fromisoformat(due(walk, number))
    walk(f"extend {number} --why 'the archive is abroad' --until 2027-02-15")

    assert first < date(2027, 2, 15)
    assert due(walk, number) == "2027-02-15"
    shown = walk.json(f"due {number} --explain")[0]
    assert "extension" in {step["rule"] for step in shown["steps"]}


def test_no_law_gives_more_than_its_own_length(walk):
    number = walk.verified("access --law EU --place DE")
    error = refused(walk, number, "--until 2027-02-24")
    assert "EU gives time until 2027-02-23 and not until 2027-02-24" in error
    assert "GDPR Art. 12(3)" in error
    walk(f"extend {number} --why 'many systems' --until 2027-01-20")

    assert due(walk, number) == "2027-01-20"  # what the person was told holds


@pytest.mark.parametrize("day", ["2026-12-23", "2026-12-01", "2020-01-01"])
def test_a_new_date_is_later_than_the_present_one(walk, day):
    number = walk.verified("access --law EU --place DE")
    assert "no later than the present date" in refused(walk, number, f"--until {day}", exits=2)


def test_it_is_done_once(walk):
    number = walk.verified("access --law EU")
    walk(f"extend {number} --why 'many systems'")
    error = refused(walk, number)

    assert "already extended on 2026-11-23" in error
    assert "GDPR Art. 12(3)" in error


def test_the_notice_leaves_before_the_first_date(walk):
    number = walk.verified("access --law EU")
    last, after = walk.later(30), walk.later(31)
    error = refused(after, number)

    assert "had to leave by Wednesday 2026-12-23 under EU (GDPR Art. 12(3)" in error
    last(f"extend {number} --why 'many systems'")


def test_without_a_reason_nothing_is_extended(walk):
    number = walk.verified("access --law EU")
    before = walk.dump()
    walk(f"extend {number} --why ' '", exits=4)
    walk(f"extend {number}", exits=2)
    assert walk.dump() == before


def test_no_notice_moves_what_an_authority_asks_for(walk):
    number = walk.verified("access --law EU --place DE")
    walk(f"set {number} --authority-due 2026-12-10 --why 'letter of the authority'")
    error = refused(walk, number)

    assert "an authority's letter asks for the answer by 2026-12-10" in error


def test_an_extension_is_tried_first(walk):
    number = walk.verified("access --law EU")
    before = walk.dump()
    walk(f"extend {number} --why 'many systems' --until 2027-01-20 --dry-run")
    assert walk.dump() == before


def test_an_authority_sets_a_day_or_none(walk):
    number = walk.open("access")[0]
    both = "--authority-due 2026-12-01 --no-authority-due --why x"
    assert "a day or none" in walk(f"set {number} {both}", exits=2).stderr
    said = walk(f"set {number} --authority-due 2026-12-01 --why -", input="letter of 20 November")
    assert "set authority_due_on" in said.stdout
    walk(f"set {number} --no-authority-due --why 'taken back'")
    assert "letter of 20 November" not in " ".join(walk.rows("select body from event"))


def test_an_authority_may_set_a_day_while_a_decision_awaits_approval(walk):
    number = walk.found("deletion --language en")
    walk(f"propose {number}")
    walk(f"set {number} --authority-due 2026-11-27 --why 'its letter of today'")
    assert walk.show(number)["due_on"] == "2026-11-27"
    walk(f"approve {number} --as wang")
    walk(f"set {number} --authority-due 2026-11-26 --why 'and another'")
    assert walk.show(number)["due_on"] == "2026-11-26"
    assert "does not take 'set'" in walk(f"set {number} --language zh", exits=4).stderr


@pytest.fixture
def asked_back(walk):
    """Return an office in January whose European clock has stood still since 25 November."""
    day = walk.later(2)
    number = day.verified("access --law EU --language en")  # due on 25 December
    day(f"clarify {number} --ask what")
    return walk.later(43), number


def test_a_clock_that_waits_is_not_late_and_no_breach_is_ever_stamped(asked_back):
    day, number = asked_back
    (found,) = day.json("overdue --remind --check")
    assert (found["tier"], found["overdue"], found["days_left"]) == ("waiting", False, None)
    assert found["breached_at"] is None
    assert "waiting for the requester" in day("overdue").stdout
    assert day.json("overdue --remind") == []
    for words in ("list overdue:yes", "overdue overdue:yes"):
        assert day.json(words) == []
    assert [each["number"] for each in day.json("list overdue:no")] == [number]
    assert "late" not in {line["section"] for line in day.json("today")}
    assert day("set 1 --place FR").stdout.count("late") == 0
    after = day.later(1)
    after(f"resume {number}")

    shown = after.show(number)
    assert (shown["due_on"], shown["overdue"]) == ("2027-02-05", False)
    assert shown["breached_at"] is None
    assert "breach" not in {each["action"] for each in shown["events"]}
    assert len(day.later(36).json("overdue --remind")) == 1
    assert day.later(36).show(number)["overdue"]


def test_no_notice_is_written_while_the_clock_waits_for_the_requester(asked_back):
    day, number = asked_back
    error = " ".join(refused(day, number).split())
    assert "the clock of EU waits for the requester" in error
    assert f"first: dsr resume {number}" in error
    assert "2026-12-25" not in error
    after = day.later(1)
    after(f"resume {number}")
    said = after(f"extend {number} --why 'many systems'").stdout

    assert "extended to 2027-04-08" in said
    assert due(after, number) == "2027-04-08"
    assert "8 April 2027" in after.letter(number, "extension")


def test_a_wait_for_proof_is_named_by_its_own_command(walk):
    number = walk.open("access --law EU")[0]
    walk(f"verify ask {number}")
    assert f"first: dsr verify pass {number}" in " ".join(refused(walk, number).split())


def test_while_one_law_waits_another_makes_it_late(walk):
    number = walk.verified("access --law CN,EU")  # China is not stopped by a question
    walk(f"clarify {number} --ask what")
    before, after = walk.later(30), walk.later(31)
    assert clocks(walk, number) == {"CN": "2026-12-23", "EU": "2026-12-23"}
    assert before.json("overdue")[0]["tier"] == "due"
    (found,) = after.json("overdue --remind")

    assert (found["tier"], found["law"], found["overdue"]) == ("breached", "CN", True)


def test_an_authority_does_not_wait_for_the_requester(asked_back):
    day, number = asked_back
    day(f"set {number} --authority-due 2027-01-04 --why 'its letter'")
    (found,) = day.json("overdue --remind")

    assert (found["tier"], found["overdue"]) == ("breached", True)


@pytest.mark.parametrize(
    ("code", "last"),
    [
        ("KR", "2026-12-23"),
        ("CH", "2027-02-21"),
        ("SG", "2027-02-21"),
        ("AU", "2027-02-21"),
        ("HK", "2027-03-23"),
    ],
)
def test_where_the_law_names_no_length_the_house_does(walk, code, last):
    number = walk.verified(f"access --law {code} --received 2026-11-23")
    assert "out of reach" in refused(walk, number, "--until 9999-12-31", exits=2)
    error = " ".join(refused(walk, number, "--until 2100-01-01").split())
    assert f"{code} gives time until {last} and not until 2100-01-01" in error
    assert "rule of the house" in error
    walk(f"extend {number} --why 'the archive is abroad' --until {last}")
    assert due(walk, number) == last


def test_a_span_of_many_years_is_not_told_day_by_day(run):
    line = "due --law HK --kind access --received 2026-11-23 --extended-to 2199-01-01"
    assert "at most 1100 are told" in run(f"{line} --days", exits=2).stderr
    run(f"{line} --explain")


def test_a_clock_that_was_set_back_holds_nobody_up(walk):
    number = walk.open("access --law EU")[0]
    later = walk.later(12)
    later(f"verify ask {number}")
    back = walk.later(7)
    said = back(f"verify pass {number} --method video").stdout
    assert "set back" in said
    assert walk.rows("select resumed_on from stop") == ["2026-12-05"]
    assert due(back, number) == "2026-12-23"
    later(f"clarify {number} --ask what")
    assert "set back" in back(f"resume {number}").stdout


@pytest.mark.parametrize(("law", "rule"), [("EU", "pause"), ("UK", "restart")])
def test_an_explanation_says_that_the_requester_is_waited_for(walk, law, rule):
    number = walk.open(f"access --law {law}")[0]
    asked = walk.later(3)
    asked(f"verify ask {number}")

    def told(day):
        steps = day.json(f"due {number} --explain")[0]["steps"]
        return next(step["text"] for step in steps if step["rule"] == rule)

    assert "asked on Thursday 2026-11-26, and the requester is waited for" in told(asked)
    after = walk.later(5)
    after(f"verify pass {number} --method video")
    assert "waited for" not in told(after)
