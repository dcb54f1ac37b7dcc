"""The officer's day: what is late, due, to approve, to read, to send; each with its command."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from email.message import EmailMessage

import pytest

from dsr.cli.day_screen import day_screen
from dsr.domain.vocabulary import Kind
from dsr.output.visible import cell_width
from dsr.services.today import Section
from dsr.services.today_lines import TodayLine

KEYS = [
    "section",
    "number",
    "case",
    "kind",
    "status",
    "who",
    "due_on",
    "act_by_on",
    "days_left",
    "why",
    "command",
]
WANG = "wang.fang@mail.example.com"


def section(walk, name, options=""):
    """Return the lines of one section of the day."""
    return [each for each in walk.json(f"today {options}") if each["section"] == name]


def one(walk, name, options=""):
    (line,) = section(walk, name, options)
    return line


def reply(walk, number, name, *, sender=WANG, **headers):
    """Let a mail arrive that answers the last letter of a name."""
    letter = walk.rows(f"select message_id from letter where ticket = {number} order by id")[-1]
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = sender, "Re", f"<{name}@example.com>"
    mail["In-Reply-To"] = letter
    for key, value in headers.items():
        mail[key.replace("_", "-")] = value
    mail.set_content("Here is what you asked me for.")
    place = walk.folder / f"{name}.eml"
    place.write_bytes(bytes(mail))
    (view,) = walk.json(f"import {place}")
    assert view["outcome"] == "joined"


def test_a_day_without_work_says_so(run):
    result = run("today")
    assert result.stdout == ""
    assert "nothing is due" in result.stderr
    assert json.loads(run("today -o json").stdout) == []


def test_what_is_late_comes_first_and_own_tickets_before_older_ones(walk):
    for _ in range(3):
        walk.open("explanation")
    walk("assign 3 --to li")
    late = section(walk.later(60), "late")
    assert [each["number"] for each in late] == [3, 1, 2]
    assert [list(each) for each in late] == [KEYS] * 3
    assert (late[0]["why"], late[0]["days_left"] < 0) == ("late since 2026-12-23", True)
    assert walk.later(60)("today").stdout.startswith("Late (3)\n  3  explanation  ")


def test_due_is_what_is_to_be_answered_or_done_within_three_working_days(walk):
    walk.open("withdrawal --scope marketing")
    walk.open("explanation")
    line = one(walk, "due")
    assert (line["number"], line["why"]) == (1, "to be done by 2026-11-24")
    assert (line["command"], line["days_left"]) == (walk.show(1)["next_command"], 1)
    assert one(walk.later(3), "due")["why"] == "was to be done by 2026-11-24"
    # 2026-12-23 is a Wednesday: three working days before it is the Friday before.
    assert [each["number"] for each in section(walk, "due", "--as-of 2026-12-17")] == []
    assert [each["number"] for each in section(walk, "due", "--as-of 2026-12-18")] == [2]
    on_the_day = "--as-of 2026-12-23"
    assert [each["number"] for each in section(walk, "due", on_the_day)] == [2]
    assert [each["number"] for each in section(walk, "late", on_the_day)] == [1]


def test_a_section_shows_ten_lines_and_says_what_shows_the_rest(opened, run):
    for _ in range(12):
        opened(Kind.EXPLANATION)
    shown = run("today --as-of 2027-03-01").stdout
    assert shown.count("dsr propose") == 10
    assert "  and 2 more: dsr list overdue:yes" in shown
    assert run("today --as-of 2027-03-01 --all").stdout.count("dsr propose") == 12
    assert len(json.loads(run("today --as-of 2027-03-01 -o json").stdout)) == 12 + 1
    run("assign 1-11 --to li")
    mine = run("today --as-of 2027-03-01 --mine").stdout
    assert "Late (11)" in mine
    assert "and 1 more: dsr list overdue:yes assignee:@me" in mine


@pytest.fixture
def proposed(walk):
    """Return a copy that li proposed."""
    number = walk.found("copy")
    walk(f"export {number}")
    walk(f"propose {number}")
    return number


def test_a_proposal_awaits_whoever_may_approve_it_and_nobody_else(walk, proposed):
    walk("officer add he --roles handler")
    for officer, sees in (("li", False), ("he", False), ("wang", True), ("zhao", True)):
        found = section(walk, "approval", f"--as {officer}")
        assert [each["number"] for each in found] == [proposed] * sees, officer
    line = one(walk, "approval", "--as wang")
    assert (line["why"], line["command"]) == ("proposed by li", f"dsr approve {proposed}")


def test_who_has_the_preparers_system_user_sees_nothing_to_approve(walk, proposed):
    walk.run.variables["DSR_FOUR_EYES"] = "user"
    assert section(walk, "approval", "--as wang") == []


def test_an_officer_alone_sees_his_own_proposal(run, opened):
    number = opened(Kind.COMPLAINT)
    run(f"propose {number} --say finding=unfounded --say complaint_result=rejected")
    assert f"dsr approve {number}" in run("today").stdout


def test_what_is_approved_is_to_be_answered(walk, proposed):
    assert section(walk, "answer") == []
    walk(f"approve {proposed} --as wang")
    assert section(walk, "approval", "--as zhao") == []
    assert one(walk, "answer")["command"] == f"dsr answer {proposed}"


def test_where_legal_has_yet_to_approve_it_awaits_legal_and_no_answer(walk):
    walk("officer add chen --roles approver")
    walk("officer add luo --roles approver")
    number = walk.found("deletion")
    walk(f"refuse {number} H2 --reason x --internal y --citation 'State Security Law Art. 4'")
    for officer in ("wang", "chen"):
        walk(f"approve {number} --as {officer}")
        assert section(walk, "answer") == []
        assert section(walk, "approval", f"--as {officer}") == []
        assert one(walk, "approval", "--as zhao")["number"] == number
    walk(f"approve {number} --as zhao")
    assert one(walk, "answer")["number"] == number
    for officer in ("zhao", "luo"):
        assert section(walk, "approval", f"--as {officer}") == []


def test_what_is_decided_and_lacks_something_says_what(walk):
    number = walk.open("explanation")[0]
    walk(f"propose {number} --say answer=so")
    line = one(walk, "answer")
    assert (line["why"], line["command"]) == (
        "decided, and no work is left outside",
        f"dsr answer {number}",
    )


def test_nobody_is_asked_to_approve_a_complaint_about_himself(walk, proposed):
    walk(f"approve {proposed} --as wang")
    walk.open("complaint")
    walk("propose 2 --say finding=unfounded --say complaint_result=rejected")
    assert section(walk, "approval", "--as wang") == []
    assert one(walk, "approval", "--as zhao")["number"] == 2


def test_a_reply_is_shown_until_the_officer_has_done_something(walk):
    number = walk.open("copy")[0]
    walk(f"verify ask {number}")
    assert section(walk, "reply") == []
    reply(walk, number, "first")
    line = one(walk, "reply")
    assert (line["number"], line["why"]) == (number, "a mail came on 2026-11-23")
    walk(f"show {number} --reveal 'to read it'")
    assert one(walk, "reply")["command"] == f"dsr show {number}"
    walk(f"note {number} -m 'he writes again'")
    assert section(walk, "reply") == []


def test_a_bounce_after_a_reply_hides_it_not_and_shows_by_itself_no_reply(walk):
    number = walk.open("copy")[0]
    walk(f"verify ask {number}")
    reply(walk, number, "first")
    reply(walk, number, "bounce", sender="MAILER-DAEMON@mail.example.com")
    assert one(walk, "reply")["number"] == number
    walk(f"note {number} -m seen")
    reply(walk, number, "second-bounce", sender="MAILER-DAEMON@mail.example.com")
    assert section(walk, "reply") == []
    joined = [each for each in walk.json(f"log {number}") if each["action"] == "join"]
    assert ["undelivered" in each["facts"] for each in joined] == [False, True, True]


def test_a_reply_that_takes_a_ticket_on_by_itself_is_shown(walk):
    number = walk.open("explanation")[0]
    walk(f"clarify {number} --ask 'which one?'")
    reply(walk, number, "first")
    assert walk.show(number)["status"] == "working"
    assert one(walk, "reply")["number"] == number


def test_after_the_answer_a_look_is_enough_and_old_mail_is_not_shown(walk):
    number = walk.open("explanation")[0]
    walk(f"propose {number} --say answer=so")
    walk(f"answer {number}")
    reply(walk, number, "thanks")
    assert section(walk.later(29), "reply")
    assert section(walk.later(40), "reply") == []
    walk(f"show {number} --reveal 'to read it'")
    assert section(walk, "reply") == []


def test_a_letter_that_came_back_is_no_reply(walk):
    number = walk.open("copy")[0]
    walk(f"verify ask {number}")
    reply(walk, number, "bounce", sender="MAILER-DAEMON@mail.example.com")
    assert section(walk, "reply") == []
    line = one(walk, "undelivered")
    assert (line["number"], line["why"]) == (number, "identity request came back")
    walk(f"verify ask {number}")
    assert section(walk, "undelivered") == []  # another one is on its way


def test_work_outside_is_shown_with_what_is_done_next(walk):
    number = walk.found("deletion")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    later = walk.later(20)
    tasks = {each["why"].split()[0]: each for each in section(later, "task")}
    assert tasks["source"]["why"].endswith("late since 2026-11-30")
    assert tasks["source"]["command"].startswith(f"dsr task done {number} ")
    assert tasks["recipient"]["command"].startswith(f"dsr task remind {number}")
    (first, *_) = later.tasks(number, "recipient")
    later(f"task remind {number} {first} --how mail")
    reminded = [each for each in section(later, "task") if f" {number} {first} " in each["command"]]
    assert reminded[0]["command"] == f"dsr task done {number} {first} --proof TEXT"
    later(f"task done {number} {first} --proof mail")
    assert not [e for e in section(later, "task") if f" {number} {first} " in e["command"]]


def test_work_that_was_interrupted_in_a_system_is_shown(walk, database):
    number = walk.open("copy")[0]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "INSERT INTO plan_part (ticket, source, position, state, cells, rows)"
            f" VALUES ({number}, 'crm', 0, 'begun', 1, 0)"
        )
    line = one(walk, "interrupted")
    assert (line["why"], line["command"]) == ("the work in crm was begun", f"dsr apply {number}")


def test_letters_and_mail_to_sort_are_told(walk):
    number = walk.open("copy")[0]
    walk(f"verify ask {number}")
    line = one(walk, "letter")
    assert line["why"] == "identity request of 2026-11-23"
    place = walk.folder / "odd.eml"
    place.write_text("From: x@example.com\nSubject: [DSR-1-aaaa] DSR-1\n\nabout my case\n")
    walk(f"import {place}")
    assert one(walk, "triage")["command"] == "dsr triage"
    walk(f"outbox --dir {walk.folder / 'out'}")
    assert section(walk, "letter") == []


def test_what_programs_get_of_the_day_stays(walk, golden):
    number = walk.open("copy deletion")[0]
    walk(f"verify ask {number}")
    walk.open("withdrawal --scope marketing")
    golden("json/today.json", walk.later(9)("today -o json").stdout)
    golden("json/outbox.json", walk("outbox -o json").stdout)
    golden("json/who.json", walk("who - -o json", input=WANG).stdout)
    golden("json/go.json", walk("go 1-3 --dry-run -o json").stdout)


def test_the_day_imports_neither_sources_nor_letters_nor_mail(database, walk):
    walk.open("withdrawal --scope marketing")
    program = (
        "import sys\nfrom dsr.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, "--db", str(database), "--as", "li", "today"]
    done = subprocess.run([*command, "--all"], capture_output=True, text=True, check=True)
    assert "dsr stop 1" in done.stdout
    loaded = set(done.stderr.split())
    for name in ("dsr.sources", "dsr.letters", "dsr.intake", "dsr.package", "jinja2", "tabulate"):
        assert name not in loaded, name
    assert not [
        name
        for name in loaded
        if name.startswith("dsr.store.tables.") and name != "dsr.store.tables.tickets"
    ]


def a_line(number, who, kind="cancellation", command="dsr show 1"):
    return TodayLine(
        section="late",
        number=number,
        case=number,
        kind=kind,
        status="verifying",
        who=who,
        due_on=date(2026, 11, 20),
        act_by_on=None,
        days_left=-3,
        why="recipient 上海申联短信网关服务有限公司浦东分公司, late since 2026-11-20",
        command=command,
    )


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize(
    "who", ["欧阳娜娜娜娜娜娜娜娜娜娜娜**", "w***@a-very-long-domain.mail.example.com"]
)
def test_no_line_is_wider_than_the_terminal_and_no_command_is_cut(width, who):
    commands = [f"dsr verify pass {n} --method in_person_or_video" for n in (7, 12345)]
    lines = [a_line(n, who, command=c) for n, c in zip((7, 12345), commands, strict=True)]
    drawn = day_screen([Section("Late", tuple(lines), 14, "dsr list overdue:yes")], width)
    assert max(map(cell_width, drawn.splitlines())) <= width
    for command in commands:
        assert [line for line in drawn.splitlines() if line.endswith(command)]
    assert drawn.endswith("  and 12 more: dsr list overdue:yes")


def test_commands_stand_beside_their_lines_where_there_is_room():
    line = a_line(7, "王**")
    wide = day_screen([Section("Late", (line,), 1, "")], 120).splitlines()
    assert [each.rstrip().endswith("dsr show 1") for each in wide] == [False, True]
    narrow = day_screen([Section("Late", (line,), 1, "")], 70).splitlines()
    assert narrow[-1] == "      dsr show 1"
    for width in range(60, 130):
        drawn = day_screen([Section("Late", (line,), 1, "")], width)
        assert max(map(cell_width, drawn.splitlines())) <= width
        below = drawn.endswith("\n      dsr show 1")
        assert below or line.why in drawn  # nothing is cut to make room for a command


def test_what_a_stranger_wrote_does_not_steer_the_terminal():
    drawn = day_screen([Section("Late", (a_line(7, "\x1b[2J王**"),), 1, "")], None)
    assert "\x1b" not in drawn
