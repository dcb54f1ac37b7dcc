"""The queue as officers and programs see it: keys, filters, references, batches, masks, screens."""

import csv
import io
import json

import pytest

from dsr.letters import printed
from dsr.output.visible import cell_width

KEYS = [
    *("number", "case", "kind", "status", "outcome", "who", "laws", "received_at", "due_on"),
    *("target_on", "act_by_on", "provisional", "overdue", "days_left", "assignee"),
    *("requester_role", "language"),
]


@pytest.fixture
def queue(walk):
    """Five tickets of two persons: access, deletion, stop of marketing, copy, explanation."""
    walk.open("access deletion")
    walk.open("withdrawal --scope marketing --language en", "james.whitfield@inbox.example.org")
    walk.open("copy explanation --law EU --language en", "james.whitfield@inbox.example.org")
    walk("assign 1,3 --to li")
    return walk


def numbers(walk, line):
    return [int(word) for word in walk(f"{line} --ids").stdout.split()]


def test_programs_get_the_keys_that_were_promised(queue, golden):
    listed = queue.json("list is:any")
    assert [list(each) for each in listed] == [KEYS] * 5
    assert list(queue.json("next"))[: len(KEYS)] == KEYS
    golden("json/list.json", queue("list is:any -o json").stdout)
    golden("json/next.json", queue("next -o json").stdout)
    golden("json/due.json", queue("due 2 -o json").stdout)
    line = "due --law EU --place DE --kind access --received 2026-03-05 -o json"
    golden("json/due_what_if.json", queue(line).stdout)


@pytest.mark.parametrize("fitting", ["", "kind:deletion", "kind:access,deletion"])
def test_a_list_that_is_cut_short_begins_as_the_whole_one(queue, fitting):
    whole = [each["number"] for each in queue.json(f"list {fitting} --limit all")]
    cut = [each["number"] for each in queue.json(f"list {fitting} --limit 2")]
    assert whole
    assert cut == whole[:2]


def test_a_ticket_in_work_is_shown_to_programs_and_people_as_before(walk, golden):
    number = walk.found("deletion")
    golden("json/find.json", walk(f"find {number} -o json").stdout)
    walk(f"propose {number}")
    walk(f"assign {number} --to li", exits=0)
    walk(f"approve {number} --as wang")
    golden("json/task_list.json", walk(f"task list {number} -o json").stdout)
    golden("json/show.json", walk(f"show {number} -o json --as wang").stdout)
    golden("screens/show_fulfilling.txt", walk(f"show {number}").stdout)
    golden("screens/show_masked.txt", walk(f"show {number} --as wang").stdout)


def test_an_answer_and_its_letter_are_shown_to_programs_as_before(walk, golden):
    number = walk.open("explanation --language en")[0]
    golden("screens/show_received.txt", walk(f"show {number}").stdout)
    walk(f"propose {number} --say answer='so it is'")
    golden("json/letter.json", walk(f"letter {number} explanation -o json").stdout)
    answered = walk(f"answer {number} -o json").stdout
    lines = answered.splitlines(keepends=True)
    golden("json/answer.json", "".join(line for line in lines if "letter.pdf" not in line))
    assert ("letter.pdf" in answered) == (printed.lacking() is None)


def test_no_line_of_a_screen_is_wider_than_a_terminal(walk):
    number = walk.open("deletion --language en", "x" * 60 + "@mail.example.com")[0]
    walk(f"verify fail {number} --method known_facts --more --why '{'word ' * 60}'")
    walk(f"note {number} -m '{'字' * 200}'")
    lines = walk(f"show {number} --reveal check").stdout.splitlines()
    assert max(map(cell_width, lines)) <= 80


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("", {1, 2, 3, 4, 5}),
        ("kind:copy,access", {1, 4}),
        ("not:kind:copy", {1, 2, 3, 5}),
        ("scope:marketing", {3}),
        ("assignee:@me", {1, 3}),
        ("assignee:none", {2, 4, 5}),
        ("not:assignee:li", {2, 4, 5}),
        ("law:EU", {4, 5}),
        ("law:eu,cn", {1, 2, 3, 4, 5}),
        ("overdue:yes", set()),
        ("overdue:no kind:access", {1}),
        ("case:1", {1, 2}),
        ("role:subject status:received", {1, 2, 3, 4, 5}),
        ("is:ended", set()),
        ("due:22d", {2, 3}),
        ("received:today", {1, 2, 3, 4, 5}),
        ("minor:yes", set()),
        ("channel:phone not:law:EU", {1, 2, 3}),
    ],
)
def test_filters_choose(queue, filters, found):
    assert set(numbers(queue, f"list {filters}")) == found


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("knd:copy", "kind"),
        ("kind:copi", "copy"),
        ("status:workng", "working"),
        ("is:opn", "open"),
        ("due:soon", "3d"),
        ("overdue:maybe", "yes"),
        ("refund", ":"),
    ],
)
def test_a_filter_that_is_none_is_refused_and_the_nearest_named(queue, word, near):
    assert near in queue(f"list {word}", exits=2).stderr


@pytest.mark.parametrize("word", ["case:abc", "kind:", "assignee:"])
def test_a_filter_without_a_value_of_its_own_does_not_pass_for_an_empty_queue(queue, word):
    queue(f"list {word}", exits=2)


def test_fields_limit_and_ids(queue):
    table = queue("list --fields number,kind --limit 2")
    assert "2 of 5" in table.stderr
    assert len(table.stdout.splitlines()) == 4
    assert queue.json("list --fields kind,number kind:copy") == [{"kind": "copy", "number": 4}]
    assert "number" in queue("list --fields nmber -o json", exits=2).stderr
    assert len(queue.json("list --limit 2")) == 2
    queue("list --limit 0", exits=2)


def test_references_name_tickets_cases_ranges_and_lines(queue):
    assert [each["number"] for each in queue.json("note 1-2,4 -m x")] == [1, 2, 4]
    assert [each["number"] for each in queue.json("note case:1 -m x")] == [1, 2]
    assert [each["number"] for each in queue.json("note - -m x", input="3\n\n5\n")] == [3, 5]
    queue("note nonsense -m x", exits=2)
    queue("note - -m x", input="3\nx\n", exits=6)
    assert "the last one is 5" in queue("show 6", exits=3).stderr
    queue("show case:9", exits=3)
    queue("show 1-2", exits=2)


def test_of_several_that_fail_the_rest_is_done_and_counted(queue):
    result = queue("assign 1-7 --to wang", exits=6)
    assert "5 done, 0 skipped, 2 failed" in result.stderr
    assert "6: there is no ticket 6" in result.stderr
    assert set(numbers(queue, "list assignee:wang")) == {1, 2, 3, 4, 5}


def test_an_error_is_one_line_of_json_for_programs(queue):
    error = json.loads(queue("show 9 -o json", exits=3).stderr)
    assert list(error) == ["error", "message", "hint", "number"]
    assert error["error"] == "not-found"
    lines = queue("assign 1,9 --to wang -o json", exits=6).stderr.splitlines()
    assert all(json.loads(line) for line in lines)


def test_dates_explain_themselves(queue):
    shown = queue("due 2 --explain").stdout
    assert "2026-12-14" in shown
    assert "Source" in shown
    steps = queue.json("due 2")[0]["steps"]
    assert list(steps[0]) == ["rule", "from", "to", "citation", "text"]


DRY = (
    "open copy --identifier email={who}",
    "assign 1 --to wang",
    "set 1 --language en",
    "verify ask 1",
    "verify pass 1 --method video",
    "propose 3",
    "close 1 --as withdrawn --why x",
    "refer 1 --to lanhai",
)
DRY_IN_WORK = (
    "find 1",
    "export 1",
    "clarify 1 --ask which",
    "refuse 1 H3 --reason x --citation Law-1",
)


@pytest.mark.parametrize("line", DRY)
def test_a_dry_run_changes_nothing(queue, line):
    before = queue.dump()
    queue(f"{line.format(who=queue.file('a@example.com'))} --dry-run")
    assert queue.dump() == before


def test_a_dry_run_changes_nothing_in_work_either(walk):
    number = walk.found("copy --law EU")
    for line in (*DRY_IN_WORK, "extend 1 --why x"):
        before = walk.dump()
        walk(f"{line} --dry-run")
        assert walk.dump() == before, line
    walk("clarify 1 --ask which")
    before = walk.dump()
    walk("resume 1 --dry-run")
    assert walk.dump() == before
    walk(f"resume {number}")
    walk("export 1")
    walk("propose 1")
    before = walk.dump()
    walk("approve 1 --as wang --dry-run")
    walk("return 1 --why x --as wang --dry-run")
    assert walk.dump() == before
    walk("approve 1 --as wang")
    walk("answer 1")
    before = walk.dump()
    walk("reopen 1 --why x --dry-run")
    assert walk.dump() == before


def test_lists_never_show_whom_they_are_about(queue):
    for line in ("list is:any", "list is:any -o json", "list is:any -o csv", "next -o json"):
        shown = queue(line).stdout.casefold()
        assert "wang.fang" not in shown
        assert "whitfield" not in shown


def test_only_its_officer_sees_a_ticket_plain_and_that_is_written_down(queue):
    plain = "wang.fang@mail.example.com"
    before = queue.dump()
    assert plain not in queue("show 2").stdout
    assert queue.dump() == before
    assert plain in queue("show 1").stdout
    assert queue.rows("select count(*) from event where action = 'read'") == [1]
    assert plain not in queue("show 1 --as wang").stdout
    queue("show 1 --as wang --reveal ' '", exits=4)
    assert plain in queue("show 1 --as wang --reveal 'she called'").stdout
    assert "she called" in str(queue.json("log 1 --reveal check"))
    queue.sound()


def test_an_ended_ticket_and_a_minors_are_masked_even_for_their_officer(queue):
    queue("close 1 --as withdrawn --why x")
    assert "wang.fang" not in queue("show 1").stdout
    born = queue.file("2014-05-18", "born.txt")
    minor = queue.open(f"copy --born {born}", "xu.xiaoyu@mail.example.com")[0]
    queue(f"assign {minor} --to li")
    assert "xu.xiaoyu" not in queue(f"show {minor}").stdout


HOSTILE = "=1+1\x1b[31m\u202egro.live\u200b\tname\x07"


def test_what_a_stranger_wrote_steers_no_terminal_and_no_table(walk):
    text = walk.file(f"{HOSTILE}\n@SUM(A1)\n</script>", "text.txt")
    number = walk.open(f"explanation --text {text}", HOSTILE, "name")[0]
    walk(f"assign {number} --to li")
    for line in (f"show {number}", f"show {number} -o csv", "list", "list -o csv", "inbox"):
        shown = walk(line).stdout
        assert not {"\x1b", "\u202e", "\x07", "\u200b"} & set(shown), line
    cells = [cell for row in csv.reader(io.StringIO(walk("list -o csv").stdout)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]
    assert (
        HOSTILE.split("\x1b", maxsplit=1)[0] in walk.json(f"show {number}")["messages"][0]["text"]
    )
