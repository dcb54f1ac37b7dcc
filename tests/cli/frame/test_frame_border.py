"""Every failure becomes words and an exit code, in one place."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from dsr import errors
from dsr.cli.failures import Failure, discreet, told, wants_json

FULL = Path("/dev/full")
CLASSES = [
    found
    for found in vars(errors).values()
    if isinstance(found, type)
    and issubclass(found, errors.DsrError)
    and found is not errors.DsrError
]


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.slug)
def test_each_class_of_failure_has_its_exit_code_and_says_what_mends_it(run, error):
    result = run(f"fail {error.__name__}", exits=error.exit_code)

    assert result.stdout == ""
    assert result.stderr == "dsr: it went wrong\nhint: mend it\n"


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.slug)
def test_each_class_of_failure_is_one_json_line_for_a_program(run, error):
    result = run(f"-o json fail {error.__name__}", exits=error.exit_code)

    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    told = {"error": error.slug, "message": "it went wrong", "hint": "mend it", "ticket": 42}
    assert json.loads(result.stderr) == told


def test_the_exit_codes_are_those_of_the_contract():
    codes = {error.slug: error.exit_code for error in CLASSES}
    assert sorted(codes.values()) == [2, 3, 4, 5, 6, 7, 8, 9, 10, 130]


@pytest.mark.parametrize(
    "line",
    ["-o json nothing", "nothing -o json", "rows --nope -ojson", "rows --output=jsonl --nope"],
)
def test_wrong_usage_is_one_json_line_too_wherever_the_option_stands(run, line):
    result = run(line, exits=2)

    told = json.loads(result.stderr)
    assert told["error"] == "usage"
    assert told["hint"].endswith("--help")


def test_the_environment_and_the_file_ask_for_json_errors_too(run, monkeypatch, tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('output = "jsonl"', encoding="utf-8")
    monkeypatch.setenv("DSR_CONFIG", str(tmp_path))
    assert json.loads(run("nothing", exits=2).stderr)["error"] == "usage"

    monkeypatch.setenv("DSR_OUTPUT", "table")
    assert run("nothing", exits=2).stderr.startswith("dsr: ")
    assert run("nothing -o table", exits=2).stderr.startswith("dsr: ")

    monkeypatch.setenv("DSR_OUTPUT", "json")
    file.write_text("nonsense", encoding="utf-8")
    assert json.loads(run("rows", exits=7).stderr)["error"] == "setting"


def test_the_last_word_on_the_format_decides_how_errors_look():
    assert wants_json(["-o", "table", "list", "-o", "json"])
    assert not wants_json(["-o", "json", "list", "-o", "table"])
    assert not wants_json(["note", "42", "json"])


def test_an_unknown_command_offers_the_nearest(run):
    assert "Did you mean 'record'" in run("recrod", exits=2).stderr
    assert "Did you mean 'rows'?" in run("group row", exits=2).stderr


def test_without_a_command_the_help_is_shown_and_it_is_wrong_usage(run):
    assert "Commands:" in run([], exits=2).stderr
    result = run("group", exits=2)
    assert result.stdout == ""
    assert "Show rows." in result.stderr


def test_without_a_command_a_program_gets_one_line(run, monkeypatch):
    monkeypatch.setenv("DSR_OUTPUT", "json")
    assert json.loads(run("group", exits=2).stderr)["hint"] == "dsr group --help"


def test_a_bug_tells_its_type_and_its_place_but_no_value(run, monkeypatch):
    monkeypatch.setenv("DSR_DEBUG", "1")
    for line in ("bug", "bug --person Grace", "-o json bug"):
        result = run(line, exits=1)
        assert "this is a bug in dsr (KeyError)" in result.stderr
        assert "standin_commands.py:" in result.stderr
        assert "Ada" not in result.stderr
        assert "Grace" not in result.stderr
        assert "/work" not in result.stderr
        assert "Traceback" not in result.stderr
    assert json.loads(result.stderr)["error"] == "bug"


def test_a_command_whose_module_is_missing_is_a_bug_of_ours(run):
    assert "ModuleNotFoundError" in run("gone", exits=1).stderr


def test_debugging_shows_where_an_expected_failure_came_from(run, monkeypatch):
    assert "standin_commands.py" not in run("fail NotFoundError", exits=3).stderr
    monkeypatch.setenv("DSR_DEBUG", "1")
    assert "standin_commands.py" in run("fail NotFoundError", exits=3).stderr


@pytest.mark.parametrize(
    "line",
    [
        ["rows", "ada@example.org"],
        ["rows", "王伟"],
        ["group", "Lovelace"],
        ["13800138000"],
    ],
)
def test_wrong_usage_does_not_repeat_what_may_name_somebody(run, line):
    result = run(line, exits=2)

    assert "***" in result.stderr
    assert line[-1] not in result.stderr


@pytest.mark.parametrize("count", ["+86-13800138000", "王伟"])
def test_a_wrong_value_of_an_option_is_not_repeated(run, count):
    result = run(["rows", "--count", count], exits=2)

    assert "--count" in result.stderr
    assert count not in result.stderr


def test_wrong_usage_repeats_what_names_nobody():
    message = "'2026-13-01' and 'copies' are not among copy"
    assert discreet(message, ["--received", "2026-13-01", "copies"]) == message


def test_a_stranger_cannot_steer_the_terminal_by_an_error(run):
    result = run(["rows", "--\x1b[2J"], exits=2)
    assert "\x1b" not in result.stderr
    failure = Failure("input", "file \x1b[2J\nhint: all is well", "see \u202e")
    assert told(failure, as_json=False) == (
        "dsr: file \\x1b[2J\\nhint: all is well\nhint: see \\u202e"
    )
    assert told(failure, as_json=True).isprintable()


def test_a_reader_who_leaves_early_is_no_failure(process):
    writer = process("rows --count 200000 -o jsonl")
    reader = subprocess.run(
        ["head", "-1"], stdin=writer.stdout, capture_output=True, check=True, text=True
    )
    writer.stdout.close()

    assert json.loads(reader.stdout)["number"] == 1
    assert writer.wait(20) == 141
    assert writer.stderr.read() == ""


def test_a_reader_who_left_before_the_last_flush_is_no_failure(process):
    reading, writing = os.pipe()
    os.close(reading)
    writer = process("rows --count 1", stdout=writing)
    os.close(writing)

    assert writer.wait(20) == 141
    assert writer.stderr.read() == ""


@pytest.mark.skipif(not FULL.exists(), reason="no full disk to write to")
def test_a_full_disk_is_told_and_no_bug(process):
    with FULL.open("w") as full:
        writer = process("rows --count 9", stdout=full)
        assert writer.wait(20) == 6
    assert writer.stderr.read() == "dsr: the result cannot be written (No space left on device)\n"


def test_ctrl_c_ends_quietly_with_130(process):
    waiting = process("wait")
    assert waiting.stdout.readline() == "ready\n"
    waiting.send_signal(signal.SIGINT)

    assert waiting.wait(20) == 130
    assert waiting.stderr.read() == "dsr: stopped\n"
