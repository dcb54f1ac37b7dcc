"""What is kept though it could not be read as a whole: the day names it until somebody decides."""

import json

import pytest

WISH = b"From: ann@x.example\nSubject: my data\n\nPlease delete my data.\n"
LIST = "dsr inbox outcome:quarantined"


@pytest.fixture
def aside(run, tmp_path):
    """Return what sets a request aside: a mail beyond a limit."""
    run.variables["DSR_MAIL_LIMITS"] = "headers=4"

    def aside(name="a", *options):
        path = tmp_path / f"{name}.eml"
        path.write_bytes(b"X: y\n" * 5 + f"Message-ID: <{name}@x.example>\n".encode() + WISH)
        return run(" ".join(("import", str(path), *options)))

    return aside


def counted(run):
    """Return what the day says of it."""
    found = json.loads(run("today -o json").stdout)
    return [(each["why"], each["command"]) for each in found if each["section"] == "set_aside"]


def test_a_request_beyond_a_limit_is_named_by_import_today_and_triage(run, aside):
    said = aside().stderr
    assert "1  quarantined  kept, set aside: you look" in said
    assert f"{LIST}\n" in said
    assert counted(run) == [("1 message set aside", LIST)]
    assert f"Set aside\n  1 message set aside: {LIST}" in run("today").stdout
    triage = run("triage")
    assert triage.stdout == ""
    assert triage.stderr.splitlines()[-1] == f"set aside besides: 1; {LIST}"
    aside("b")
    assert counted(run) == [("2 messages set aside", LIST)]


def test_where_nothing_is_set_aside_nothing_is_said_of_it(run, tmp_path):
    (tmp_path / "a.eml").write_bytes(WISH)
    run(f"import {tmp_path}/a.eml")
    assert counted(run) == []
    assert "set aside" not in run("triage").stderr


def test_a_test_is_nobodys_work(run, aside):
    aside("a", "--test")
    assert counted(run) == []


@pytest.mark.parametrize(
    "decision",
    [
        "triage 1 --ignore --why spam",
        "triage 1 --open deletion",
        'inbox move 1 --triage --why "somebody who knows him"',
    ],
)
def test_what_an_officer_decided_on_is_set_aside_no_more(run, aside, decision):
    aside()
    run.variables["DSR_MAIL_LIMITS"] = None
    run("inbox show 1")
    assert len(counted(run)) == 1  # who only looked has decided nothing
    run(decision)
    assert counted(run) == []


def row(run, tmp_path, text, *, name="rows.csv", exits=0):
    (tmp_path / name).write_text(f"email,kind,text\n{text}\n")
    run(f"import {tmp_path / name}", exits=exits)


@pytest.mark.parametrize("words", ["Please, now", ""])
def test_a_row_that_was_mended_and_read_again_is_set_aside_no_more(run, tmp_path, words):
    row(run, tmp_path, f'ann@x.example,flowers,"{words}"', exits=6)
    assert len(counted(run)) == 1
    row(run, tmp_path, f'ann@x.example,deletion,"{words}"')
    assert counted(run) == []


@pytest.mark.parametrize(
    ("later", "name"),
    [
        ("bob@x.example,deletion,Please", "rows.csv"),
        ("ann@x.example,deletion,Something else", "rows.csv"),
        ("ann@x.example,deletion,Please", "others.csv"),
    ],
)
def test_another_request_mends_no_row(run, tmp_path, later, name):
    row(run, tmp_path, "ann@x.example,flowers,Please", exits=6)
    row(run, tmp_path, later, name=name)
    assert len(counted(run)) == 1


def test_a_row_that_names_nobody_waits_for_an_officer(run, tmp_path):
    row(run, tmp_path, ",deletion,Please", exits=6)
    row(run, tmp_path, "ann@x.example,deletion,Please")
    assert len(counted(run)) == 1


def test_what_shows_the_rest_of_an_import_can_be_typed(run, tmp_path):
    mails = (
        b"From d Mon Nov  2 08:15:00 2026\nMessage-ID: <%d@x>\n%b\n" % (n, WISH) for n in range(60)
    )
    (tmp_path / "a.mbox").write_bytes(b"".join(mails))
    tried = run(f"import {tmp_path}/a.mbox --dry-run").stderr
    assert "50 of 60 shown; -o jsonl shows every one" in tried
    said = run(f"import {tmp_path}/a.mbox").stderr
    assert "50 of 60 shown; dsr inbox --limit all shows every one" in said
    assert len(run("inbox --limit all --ids").stdout.splitlines()) == 60
