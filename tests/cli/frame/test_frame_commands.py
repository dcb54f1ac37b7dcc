"""What the frame gives to every command: results, settings, questions, texts, batches."""

import json
import os
import pty

import pytest

from dsr.cli import progress as bars
from dsr.cli.lazy import command_of


def test_a_table_shows_what_has_a_title(run):
    result = run("rows --count 1")
    assert result.stdout == (
        "No    Who               Laws\n"
        "----  ----------------  ------\n"
        "1     a***@example.org  CN, EU\n"
    )
    assert result.stderr == ""


def test_a_table_shows_fifty_rows_and_says_how_many_there_are(run):
    result = run("rows --count 1234")
    assert len(result.stdout.splitlines()) == 52
    assert result.stderr == "50 of 1234 shown; --limit all shows every one\n"


@pytest.mark.parametrize("format_", ["json", "jsonl", "csv"])
def test_a_program_gets_every_row_and_every_key(run, format_):
    result = run(f"rows --count 60 -o {format_}")
    assert result.stderr == ""
    assert "language" in result.stdout
    lines = {"json": 62, "jsonl": 60, "csv": 61}
    assert len(result.stdout.splitlines()) == lines[format_]


@pytest.mark.parametrize(("line", "count"), [("--limit 2", 2), ("--limit all", 60), ("", 60)])
def test_a_limit_holds_for_programs_too(run, line, count):
    assert len(json.loads(run(f"rows --count 60 -o json {line}").stdout)) == count
    assert len(run(f"rows --count 60 --ids {line}").stdout.splitlines()) == count


@pytest.mark.parametrize("limit", ["0", "-1", "few", "٣", "1.5"])
def test_a_limit_that_is_none_is_wrong_usage(run, limit):
    assert "--limit is no number" in run(["rows", "--limit", limit], exits=2).stderr


def test_ids_are_numbers_only(run):
    assert run("rows --ids").stdout == "1\n2\n3\n"
    assert run("rows --ids -o json").stdout == "1\n2\n3\n"


def test_fields_choose_and_order(run):
    assert json.loads(run("rows --count 1 --fields language,number -o json").stdout) == [
        {"language": "zh", "number": 1}
    ]
    assert run("rows --count 1 --fields language").stdout.startswith("language\n")


def test_an_unknown_field_offers_the_nearest(run):
    assert "did you mean number?" in run("rows --fields nummer", exits=2).stderr


def test_a_table_of_too_many_fields_is_wrong_usage(run):
    many = ",".join(["who"] * 8)
    assert "-o csv" in run(f"rows --fields {many}", exits=2).stderr


def test_no_rows_are_no_failure(run):
    result = run("rows --count 0")
    assert (result.stdout, result.stderr) == ("", "nothing to show\n")
    assert run("rows --count 0 -o json").stdout == "[]\n"


def test_one_object_is_an_object_for_programs_and_lines_for_people(run):
    assert json.loads(run("record -o json").stdout)["laws"] == ["CN", "EU"]
    assert run("record").stdout == "No:   7\nWho:  a***@example.org\nLaws: CN, EU\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("-o jsonl --as li settings", "jsonl sqlite:////tmp/a.db li"),
        ("settings -o jsonl --as li", "jsonl sqlite:////tmp/a.db li"),
        ("-o csv --as wu settings -o jsonl --as li", "jsonl sqlite:////tmp/a.db li"),
        ("-o csv -o json settings --as=wu --as=li", "json sqlite:////tmp/a.db li"),
    ],
)
def test_options_stand_before_or_after_the_command_and_the_last_said_stands(run, line, says):
    assert run(f"--db /tmp/a.db {line}").stdout == says + "\n"


def test_a_command_s_own_option_stands_above_one_of_the_same_name(run):
    assert run("--as li close --as withdrawn").stdout == "closed as withdrawn by li\n"
    assert run("close --help").stdout.count("--as ") == 1


def test_what_one_line_said_is_forgotten_by_the_next(run):
    run("-o json settings")
    assert run("settings").stdout.startswith("table ")


def test_an_unknown_format_is_wrong_usage(run):
    assert "table, json, jsonl, csv" in run("rows -o xml", exits=2).stderr


def test_a_batch_goes_on_after_a_failure_and_counts(run):
    result = run("each 1-5,13,20", exits=6)
    assert [line.split()[0] for line in result.stdout.splitlines()[2:]] == [
        "1",
        "2",
        "3",
        "5",
        "20",
    ]
    assert "4: done before\n" in result.stderr
    assert "dsr: 13: there is no ticket 13 (dsr list)\n" in result.stderr
    assert "dsr: 5 done, 1 skipped, 1 failed\n" in result.stderr


def test_a_batch_tells_a_program_each_failure_in_one_line(run):
    result = run("each 1 13 -o json", exits=6)
    first, last = map(json.loads, result.stderr.splitlines())
    assert (first["error"], first["where"]) == ("not-found", "13")
    assert (last["error"], last["done"], last["failed"]) == ("input", 1, 1)
    assert [row["number"] for row in json.loads(result.stdout)] == [1]


def test_one_that_fails_alone_keeps_its_own_class(run):
    result = run("each 13", exits=3)
    assert result.stderr == "dsr: there is no ticket 13\nhint: dsr list\n"


def test_numbers_come_from_standard_input(run):
    result = run("each - --output json", stdin="7\n\n8\n7\n")
    assert [row["number"] for row in json.loads(result.stdout)] == [7, 8]
    assert "line 2" in run("each -", stdin="7\nseven\n", exits=6).stderr


def test_a_batch_that_goes_well_says_so_to_people_only(run):
    assert run("each 1,2").stderr == "2 done, 0 skipped, 0 failed\n"
    assert run("each 1,2 -o json").stderr == ""
    assert run("each 1").stderr == ""


def test_without_a_terminal_nothing_is_asked(run):
    result = run("sure", exits=2)
    assert result.stdout == ""
    assert "--yes" in result.stderr
    assert "--to is missing" in run("ask", exits=2, stdin="li\n").stderr
    assert "--text" in run("read", exits=2).stderr


def test_yes_confirms(run):
    assert run("sure --yes").stdout == "done\n"


@pytest.mark.parametrize(
    ("line", "typed", "code", "result"),
    [
        ("sure", "y\n", 0, "done\n"),
        ("sure", "n\n", 130, ""),
        ("sure", "\x04", 130, ""),
        ("ask", "li\n", 0, "to li\n"),
    ],
)
def test_on_a_terminal_the_person_decides(process, line, typed, code, result):
    ours, theirs = pty.openpty()
    asked = process(line, stdin=theirs, stderr=theirs)
    os.close(theirs)
    seen = os.read(ours, 100)
    os.write(ours, typed.encode())

    assert asked.wait(20) == code
    assert asked.stdout.read() == result
    assert seen.startswith((b"Really? [y/N]", b"To whom"))
    os.close(ours)


def test_a_text_comes_from_the_words_a_file_or_standard_input(run, tmp_path):
    file = tmp_path / "text"
    file.write_bytes("\ufeff第一行\r\nzwei\n".encode())
    assert run("read --text hello").stdout == "hello\n"
    assert run(f"read --text @{file}").stdout == "第一行\nzwei\n"
    assert run("read --text -", stdin="from\nhere\n").stdout == "from\nhere\n"


def test_a_personal_value_never_stands_in_the_command_line(run):
    result = run("read --private 13800138000 --text x", exits=2)
    assert "13800138000" not in result.stderr
    assert "--private -" in result.stderr
    assert run("read --private - --text x", stdin=" 138 \n").stdout == "138|x\n"


def test_standard_input_is_read_once(run):
    result = run("read --private - --text -", stdin="138\n", exits=2)
    assert "standard input is read for the phone number already" in result.stderr


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (None, 3, "is not there"),
        (b"\xff\xfe", 6, "not UTF-8 (byte 1)"),
        (b"x" * 1_000_001, 6, "longer than 1000000 bytes"),
    ],
)
def test_a_text_that_cannot_be_read_is_told_without_its_name(run, tmp_path, content, code, says):
    file = tmp_path / "ada-lovelace.txt"
    if content is not None:
        file.write_bytes(content)
    result = run(f"read --text @{file}", exits=code)
    assert says in result.stderr
    assert "ada" not in result.stderr


def test_the_editor_writes_a_text_in_a_private_folder(monkeypatch, tmp_path):
    from dsr.cli.reading import edit
    from dsr.errors import ConfigError, UsageError

    monkeypatch.setenv(
        "EDITOR", f"sh -c 'stat -c %a $(dirname $0) > {tmp_path}/mode; echo more >> $0'"
    )
    workspace = tmp_path / "deep" / "workspace"
    assert edit("the note", "start\n", workspace) == "start\nmore"
    assert (tmp_path / "mode").read_text() == "700\n"
    assert list(workspace.iterdir()) == []

    monkeypatch.setenv("EDITOR", "false")
    with pytest.raises(UsageError, match="ended with 1"):
        edit("the note", "", workspace)
    monkeypatch.setenv("EDITOR", "true")
    with pytest.raises(UsageError, match="empty"):
        edit("the note", "", workspace)
    monkeypatch.setenv("EDITOR", "no-such-editor")
    with pytest.raises(ConfigError, match="does not run"):
        edit("the note", "", workspace)


def test_without_a_terminal_there_is_no_bar(run, monkeypatch):
    monkeypatch.setattr(bars, "PATIENCE_S", -1.0)
    result = run("work --steps 100")
    assert (result.stdout, result.stderr) == ("", "")


def test_a_bar_appears_only_once_patience_ends(process, monkeypatch):
    ours, theirs = pty.openpty()
    quick = process("work", stderr=theirs)
    assert quick.wait(20) == 0
    os.set_blocking(ours, False)
    with pytest.raises(BlockingIOError):
        os.read(ours, 100)
    os.close(theirs)
    os.close(ours)


def test_a_bar_counts_what_was_done(monkeypatch, capsys):
    monkeypatch.setattr(bars, "PATIENCE_S", -1.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    with bars.progress(4, "searching") as advance:
        advance(1)
        advance(3)
    assert capsys.readouterr().out == ""


def test_the_examples_of_a_docstring_are_not_wrapped(run):
    assert "  dsr fail NotFoundError\n      dsr fail ConflictError\n" in run("fail --help").stdout


def test_a_command_without_examples_stays_as_it_is():
    def plain() -> None:
        """Do it."""

    assert command_of(plain, "plain").help == "Do it."


def test_commands_stand_under_their_headings_and_real_ones_replace_stand_ins(run):
    help_ = run("--help").stdout
    assert help_.index("Commands:") < help_.index("rows") < help_.index("Groups:")
    assert "--limit" in run("group rows --help").stdout


@pytest.mark.parametrize(("shell", "words"), [("bash", "rows"), ("zsh", "rows"), ("fish", "rows")])
def test_each_shell_gets_its_script_and_its_words(process, shell, words):
    script = process("", env={**os.environ, "_DSR_COMPLETE": f"source_{shell}"})
    assert f"_DSR_COMPLETE=complete_{shell}" in script.communicate()[0]

    asked = {
        "_DSR_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": "dsr ro",
        "COMP_CWORD": "1",
        "_TYPER_COMPLETE_ARGS": "dsr ro",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    assert words in process("", env={**os.environ, **asked}).communicate()[0]
    asked |= {"COMP_WORDS": "dsr rows --li", "COMP_CWORD": "2"}
    asked["_TYPER_COMPLETE_ARGS"] = "dsr rows --li"
    done = process("", env={**os.environ, **asked, "PYTHONPROFILEIMPORTTIME": "1"})
    completed, imported = done.communicate()
    assert "--limit" in completed
    assert "dsr.output.render" in imported
    assert "pydantic" not in imported
