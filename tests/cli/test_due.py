"""Why a date is what it is, of a ticket and of a what-if: by law, step by step, day by day."""

import json
import subprocess
import sys

import pytest

KEYS = [
    *("law", "kind", "mode", "start_on", "due_nominal_on", "due_legal_on", "target_on"),
    *("act_by_on", "provisional", "steps", "acknowledge_on", "certainty", "days"),
]
ACCESS = "--kind access --received 2026-03-02"


def what_if(run, line):
    return json.loads(run(f"due {line} -o json").stdout)


def ends(run, line):
    found = what_if(run, line)
    return found["due_nominal_on"], found["due_legal_on"]


def refused(run, line, exits=2):
    result = run(f"due {line}", exits=exits)
    assert "Traceback" not in result.stderr
    return result.stderr


def test_programs_get_the_keys_that_were_promised_one_object_for_one_law(run):
    found = what_if(run, f"--law EU {ACCESS}")

    assert list(found) == KEYS
    assert found["days"] is None
    assert found["certainty"] == "verified"
    assert found["acknowledge_on"] == "2026-03-05"


def test_several_laws_are_an_array_and_people_see_the_earliest(run):
    by_comma = what_if(run, f"--law CN,EU --place DE {ACCESS}")
    repeated = what_if(run, f"--law CN --law eu --place DE {ACCESS}")
    shown = run(f"due --law EU,CN --place DE {ACCESS}").stdout

    assert [each["law"] for each in by_comma] == ["CN", "EU"]
    assert by_comma == repeated
    assert "CN (earliest)" in shown
    assert "EU (earliest)" not in shown
    assert isinstance(what_if(run, f"--law CN,cn {ACCESS}"), dict)


def test_laws_that_end_on_one_day_are_both_the_earliest(run):
    shown = run(f"due --law EU,UK,CN {ACCESS} --authority 2026-03-09").stdout

    assert shown.count("(earliest)") == 3


@pytest.mark.parametrize(
    ("line", "nominal", "legal"),
    [
        # Proof starts the month of the United Kingdom anew; a clarification is taken out of it.
        ("UK --received 2026-05-11 --verified 2026-05-20", "2026-06-20", "2026-06-22"),
        (
            "UK --received 2026-03-02 --asked 2026-03-09 --resumed 2026-03-16",
            "2026-04-10",
            "2026-04-10",
        ),
        (
            "UK --received 2026-03-02 --asked 2026-03-09 --resumed 2026-03-16 --for clarification",
            "2026-04-10",
            "2026-04-10",
        ),
        (
            "UK --received 2026-03-02 --asked 2026-03-09 --resumed 2026-03-16 --for proof",
            "2026-04-16",
            "2026-04-16",
        ),
        (
            "UK --received 2026-03-02 --asked 2026-03-09 --resumed 2026-03-16 --for fee",
            "2026-04-16",
            "2026-04-16",
        ),
        ("UK --received 2026-03-02 --asked 2026-03-09 --verified 2026-03-16", "2026-04-16", None),
        # In the Union the days are added, whatever was asked for.
        *(
            (
                f"EU --received 2026-03-02 --asked 2026-03-03 --resumed 2026-03-10 {said}",
                "2026-04-09",
                "2026-04-09",
            )
            for said in ("", "--for proof", "--for clarification")
        ),
        ("EU --received 2026-03-02 --verified 2026-03-10", "2026-04-02", None),
        ("CN --received 2026-08-30 --verified 2026-09-05", "2026-10-05", "2026-10-08"),
        ("CN --received 2026-09-03 --asked 2026-09-04 --resumed 2026-09-10", "2026-10-10", None),
        ("EU --received 2026-01-31 --extended", "2026-04-30", "2026-04-30"),
        ("SG --received 2026-03-02 --extended-to 2026-05-04", "2026-05-04", "2026-05-04"),
        ("EU --received 2026-03-02 --authority 2026-03-20", "2026-03-20", "2026-03-20"),
        ("EU --received 2026-03-02 --authority 2026-06-01", "2026-04-02", "2026-04-02"),
    ],
)
def test_what_would_be_due_if(run, line, nominal, legal):
    assert ends(run, f"--law {line} --kind access") == (nominal, legal or nominal)


def test_an_instant_is_received_on_the_earlier_of_two_days(run):
    instant = "--kind access --received 2026-03-05T02:00+08:00"  # in Lisbon still the fourth

    assert what_if(run, f"--law EU {instant}")["start_on"] == "2026-03-04"
    assert what_if(run, f"--law CN {instant}")["start_on"] == "2026-03-05"
    late = "--kind access --received 2026-03-04T23:30Z"  # in Shanghai the fifth
    assert what_if(run, f"--law EU {late}")["start_on"] == "2026-03-04"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (ACCESS, "--law"),
        ("--law EU --kind access", "--received"),
        ("--law EU --received 2026-03-02", "--kind"),
        ("--law , --kind access --received 2026-03-02", "--law"),
        ("--law EU --kind withdrawal --received 2026-03-02", "scope"),
        (f"--law EU {ACCESS} --resumed 2026-03-03", "--resumed needs --asked"),
        (f"--law EU {ACCESS} --for proof", "--for says what --asked was for"),
        (f"--law EU {ACCESS} --asked 2026-03-01", "--asked 2026-03-01 is before --received"),
        (f"--law EU {ACCESS} --verified 2026-03-01", "--verified 2026-03-01 is before"),
        (f"--law EU {ACCESS} --authority 2026-03-01", "--authority 2026-03-01 is before"),
        (f"--law SG {ACCESS} --extended-to 2026-03-01", "--extended-to 2026-03-01 is before"),
        (
            f"--law EU {ACCESS} --asked 2026-03-05 --resumed 2026-03-04",
            "--resumed 2026-03-04 is before --asked 2026-03-05",
        ),
        (
            f"--law EU {ACCESS} --asked 2026-03-05 --verified 2026-03-04",
            "--verified 2026-03-04 is before --asked 2026-03-05",
        ),
        (f"--law SG {ACCESS} --extended", "--extended-to DATE"),
        (f"--law EU {ACCESS} --extended-to 2026-05-01", "no notice names the new date"),
        ("--law EU --kind access --received 2026-03-02T02:00", "no instant with its offset"),
        ("--law EU --kind access --received yesterday", "no date"),
        ("--law EU --kind access --received 2026-02-30", "no date"),
        ("--law EU --kind access --received 0001-01-01", "out of reach"),
        ("--law EU --kind access --received 9999-12-31", "out of reach"),
        ("--law EU --kind access --received 0001-01-01T00:00+14:00", "out of reach"),
        ("--law EU --kind access --received 9999-12-31T23:59-12:00", "out of reach"),
        *(
            (f"--law EU {ACCESS} --asked 2026-03-02 {option} {day}", "out of reach")
            for option in ("--verified", "--resumed", "--extended-to", "--authority")
            for day in ("0001-01-01", "9999-12-31")
        ),
        ("1 --law EU", "either a ticket or a what-if"),
        ("1 --extended", "either a ticket or a what-if"),
    ],
)
def test_what_cannot_be_is_refused_in_words(run, line, says):
    assert says in refused(run, line)


@pytest.mark.parametrize(
    ("line", "says", "exits"),
    [
        (f"--law EUR {ACCESS}", "there is no law 'EUR'", 3),
        (f"--law EU --place XX {ACCESS}", "there is no place 'XX'", 3),
        (f"--law CN --place XX {ACCESS}", "there is no place 'XX'", 3),
        (f"--law IN {ACCESS}", "is in force from 2027-05-14", 4),
        (f"--law CN,IN {ACCESS}", "is in force from 2027-05-14", 4),
    ],
)
def test_an_unknown_law_or_place_and_a_law_to_come_are_told(run, line, says, exits):
    assert says in refused(run, line, exits)


def test_the_days_of_a_span_are_told_one_by_one(run):
    found = what_if(run, "--law CN --kind deletion --received 2026-09-18 --days")
    days = {day["on"]: day for day in found["days"]}

    assert list(found["days"][0]) == ["on", "weekday", "counted", "number", "why"]
    assert days["2026-09-18"]["why"].startswith("day of start, not counted")
    assert days["2026-09-19"] == {
        "on": "2026-09-19",
        "weekday": "Saturday",
        "counted": False,
        "number": None,
        "why": "weekend",
    }
    assert (days["2026-09-20"]["number"], days["2026-09-20"]["why"]) == (1, "worked weekend")
    assert days["2026-10-01"]["why"] == "国庆节"
    assert (days["2026-10-15"]["number"], found["due_legal_on"]) == (15, "2026-10-15")
    assert len(days) == 28


def test_days_of_the_calendar_count_whether_worked_or_not_until_the_last_one_moves(run):
    found = what_if(run, "--law CN --kind complaint --received 2026-09-21 --days")
    days = {day["on"]: day for day in found["days"]}

    assert "15 days of the calendar" in days["2026-09-21"]["why"]
    assert (days["2026-09-26"]["number"], days["2026-09-26"]["counted"]) == (5, True)
    assert days["2026-10-06"]["number"] == 15
    assert days["2026-10-06"]["why"] == "国庆节, counts all the same; the last day, and it is off"
    assert days["2026-10-07"]["why"] == "国庆节; the last day moves on"
    assert days["2026-10-08"]["why"] == "the last day in time"


def test_a_month_is_told_as_a_month_with_what_moves_its_end(run):
    line = "--law EU --kind access --received 2026-03-02 --asked 2026-03-03 --resumed 2026-03-06"
    found = what_if(run, f"{line} --days")
    days = {day["on"]: day for day in found["days"]}

    assert found["due_legal_on"] == "2026-04-07"
    assert "1 month, by date and not by days" in days["2026-03-02"]["why"]
    assert {day["number"] for day in found["days"]} == {None}
    assert days["2026-04-02"]["why"] == ""
    assert days["2026-04-03"]["why"].startswith("Good Friday, counts all the same; added for")
    assert days["2026-04-06"]["why"] == "Easter Monday; the last day moves on"


def test_days_before_the_start_and_a_day_that_an_authority_set_say_so(run):
    line = "--law UK --kind access --received 2026-05-11 --verified 2026-05-20 --days"
    days = {day["on"]: day for day in what_if(run, f"{line} --authority 2026-06-01")["days"]}

    assert days["2026-05-11"]["why"] == "before the period starts; received"
    assert days["2026-05-19"]["why"] == "before the period starts"
    assert days["2026-05-20"]["why"].startswith("day of start")
    assert list(days)[-1] == "2026-06-01"
    assert days["2026-06-01"]["why"] == "the day an authority set"


def test_people_see_the_steps_with_their_articles_and_the_days(run):
    shown = run("due --law CN --kind deletion --received 2026-09-18 --explain --days").stdout
    steps, days = shown.split("CN: day by day")

    assert "《民法典》第二百零一条" in steps
    assert "certainty of its period: secondary; receipt is confirmed by 2026-09-22" in steps
    assert "2026-09-20  Sunday     yes       1      worked weekend" in days
    assert "day by day" not in run(f"due --law CN {ACCESS} --explain").stdout


def test_a_ticket_of_several_laws_is_explained_under_each(walk):
    [number] = walk.open("access --law CN,EU --place DE")
    found = walk.json(f"due {number}")
    told = walk.json(f"due {number} --days")

    assert [list(each) for each in found] == [KEYS, KEYS]
    assert [each["law"] for each in found] == ["CN", "EU"]
    assert [each["days"] for each in found] == [None, None]
    assert all(each["days"][-1]["on"] == each["due_legal_on"] for each in told)
    assert "(earliest)" in walk(f"due {number}").stdout


def test_a_what_if_counts_with_the_offices_own_year(run, tmp_path):
    line = "--law CN --kind deletion --received 2026-12-18"
    before = what_if(run, line)
    folder = tmp_path / "rules" / "calendars"
    folder.mkdir(parents=True)
    text = 'place = "CN"\nyear = 2027\ncitation = "a notice"\nworking = [2027-01-03]\noff = []\n'
    (folder / "cn-2027.toml").write_text(text, "utf-8")
    run.variables["DSR_RULES_FOLDER"] = str(tmp_path / "rules")
    after = what_if(run, line)
    run.variables["DSR_RULES_FOLDER"] = None

    assert (before["due_legal_on"], before["provisional"]) == ("2027-01-11", True)
    assert (after["due_legal_on"], after["provisional"]) == ("2027-01-07", False)
    assert what_if(run, line) == before


def test_a_year_that_is_only_estimated_makes_a_what_if_provisional(run):
    line = "--law SG --kind withdrawal --scope consent --received 2029-01-20"

    assert what_if(run, line)["provisional"]
    assert "only estimates Chinese New Year" in run(f"due {line} --explain").stdout
    assert not what_if(run, "--law EU --kind access --received 2029-01-20")["provisional"]


def test_a_list_loads_no_law_pack(walk):
    walk.open("access")
    script = (
        "import sys; from dsr.cli.main import app;"
        "sys.argv = ['dsr', 'list', '--ids']\n"
        "try: app()\n"
        "finally: print('dsr.rules.book' in sys.modules, 'dsr.rules.packs' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={name: value for name, value in walk.run.variables.items() if value},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "1\nTrue False\n"


@pytest.mark.parametrize("law", ["IN", "SG"])
def test_a_far_year_warns_nobody_on_the_terminal(run, law):
    line = f"--law {law} --kind withdrawal --scope consent --received 2040-01-20"

    result = run(f"due {line} -o json")

    assert json.loads(result.stdout)["provisional"]
    assert "Warning" not in result.stderr


# --- what is supposed, and what is refused


def steps(run, line, rule):
    return [step["text"] for step in what_if(run, line)["steps"] if step["rule"] == rule]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"--law EU {ACCESS}", "supposing the holidays of DE"),
        (f"--law UK {ACCESS}", "supposing the holidays of GB-ENG"),
        (f"--law EU --place CN {ACCESS}", "CN is no place of EU; supposing the holidays of DE"),
        (f"--law UK --place de {ACCESS}", "de is no place of UK; supposing the holidays of GB-ENG"),
    ],
)
def test_whose_holidays_are_supposed_is_a_step_and_told(run, line, said):
    assert steps(run, line, "supposed") == [said]
    assert said in run(f"due {line} -o json").stderr
    assert said in run(f"due {line}").stderr


@pytest.mark.parametrize("place", ["DE", "de-by", "EL", "NO"])
def test_a_named_place_of_the_law_supposes_nothing(run, place):
    line = f"--law EU --place {place} {ACCESS}"

    assert steps(run, line, "supposed") == []
    assert run(f"due {line}").stderr == ""


def test_each_law_rolls_by_its_own_places(run):
    line = "--law EU,UK --place GB --kind access --received 2026-11-28"
    both = {each["law"]: each["due_legal_on"] for each in what_if(run, line)}

    assert both == {"EU": "2026-12-28", "UK": "2026-12-29"}  # a substitute holiday in England only


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("UK --kind access --received 2026-05-11 --verified 2026-05-20", "2026-05-20"),
        ("CN --kind copy --received 2026-09-03 --verified 2026-09-05", "2026-09-05"),
    ],
)
def test_that_proof_was_asked_for_at_once_is_supposed_aloud(run, line, start):
    said = "supposing that proof was asked for on the day of receipt"

    assert what_if(run, f"--law {line}")["start_on"] == start
    assert said in steps(run, f"--law {line}", "supposed")


def test_that_proof_was_asked_for_is_not_supposed_where_it_is_said(run):
    line = "--law CN --kind copy --received 2026-09-03 --verified 2026-09-05 --asked 2026-09-04"

    assert steps(run, line, "supposed") == []


def test_the_notice_of_a_supposed_extension_has_no_invented_day(run):
    (text,) = steps(run, f"--law EU --place DE {ACCESS} --extended", "extension")

    assert text.startswith("supposing that the notice left in time; counted anew from")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--law CN --extended", "there is no extension for access under CN"),
        ("--law CN,BR --extended", "there is no extension for access under CN, BR"),
        ("--law HK --extended-to 2026-04-01", "no later than the date under HK, 2026-04-11"),
        ("--law HK --extended-to 2026-04-11", "no later than the date under HK, 2026-04-11"),
    ],
)
def test_a_what_if_refuses_an_extension_that_a_ticket_would_be_refused(run, line, words):
    assert words in refused(run, f"{line} {ACCESS}")


def test_one_law_that_extends_suffices(run):
    found = what_if(run, f"--law CN,EU --place DE {ACCESS} --extended")

    assert [each["due_nominal_on"] for each in found] == ["2026-04-01", "2026-06-02"]


def test_an_authoritys_day_after_the_laws_moves_nothing_and_says_so(run):
    line = f"--law EU --place DE {ACCESS} --authority 2026-06-01"
    (text,) = steps(run, line, "authority")

    assert text.endswith("gives no more time than the law; it moves nothing")


def test_nobody_works_towards_a_holiday_that_its_law_does_not_know(run):
    line = "--law US-CA --kind explanation --received 2026-11-18"
    found = what_if(run, line)

    assert found["due_legal_on"] == "2027-01-02"
    assert found["target_on"] == "2026-12-31"  # read strictly it ends on New Year's Day


def test_a_last_day_of_the_calendar_is_firm_where_the_target_alone_may_move(run):
    line = "--law IN --kind access --received 2027-05-14"
    result = run(f"due {line} --explain")

    assert not what_if(run, line)["provisional"]
    assert "only the target is provisional" in result.stdout
    assert "only the target may move" in result.stderr


def test_an_earlier_day_elsewhere_says_whose_zone_that_is(run):
    line = "--law EU --place DE --kind access --received 2026-03-05T02:00+08:00"
    (text,) = steps(run, line, "zone")

    assert "in Europe/Lisbon, the westernmost zone that EU is read in" in text


# --- of a ticket


@pytest.mark.parametrize(("law", "place"), [("EU", "CN"), ("UK", "DE"), ("EU", "GB-SCT")])
def test_a_ticket_does_not_roll_by_the_holidays_of_a_place_that_is_none_of_its_laws(
    walk, law, place
):
    [number] = walk.open(f"access --law {law} --place {place} --received 2026-11-20")
    (found,) = walk.json(f"due {number}")

    assert found["due_legal_on"] == found["due_nominal_on"] == "2026-12-20"  # a Sunday
    assert f"{place} is no place of {law}: its holidays do not count" in str(found["steps"])


def test_proof_that_was_never_asked_for_heals_no_breach(walk):
    [number] = walk.open("access --law UK --place GB --received 2026-11-20")
    late = walk.later(42)
    late("overdue --remind")
    late(f"verify pass {number} --method video")

    assert late.show(number)["due_on"] == "2026-12-21"
    assert late.show(number)["overdue"]


def test_a_case_of_several_tickets_names_the_command_for_each(walk):
    walk.open("access deletion")
    error = walk("due case:1", exits=2).stderr

    assert "case:1 names 2 tickets" in error
    assert "dsr due 1 or dsr due 2" in error


def test_steps_and_milestones_are_shown_together(walk):
    [number] = walk.open("access")
    shown = walk(f"due {number} --explain --milestones").stdout

    assert shown.index("Nominal") < shown.index("period") < shown.index("internal_target")
    assert "Nominal" not in walk(f"due {number} --milestones").stdout


def test_nothing_else_is_asked_while_an_answer_is_awaited(walk):
    number = walk.verified("access")
    walk(f"clarify {number} --ask which")
    before = walk.dump()
    walk(f"clarify {number} --ask what", exits=4)
    walk(f"verify ask {number}", exits=4)

    assert walk.dump() == before
