"""An office of several on one machine: a folder of a group, used by real users of the system."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from stat import S_IMODE

import pytest

import dsr

GROUP, OTHERS = 64_210, 64_211
LI, WANG, STRANGER = 64_201, 64_202, 64_203  # no account has these numbers
PACKAGES = next(place for place in sys.path if place.endswith("site-packages"))
VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"


def python_for_all() -> str | None:
    """Return an interpreter of this version that a user without rights can start, if any."""
    for place in (sys.executable, shutil.which(VERSION, path="/usr/local/bin:/usr/bin")):
        if place is not None and can_start(place):
            return place
    return None


def can_start(place: str) -> bool:
    try:
        done = subprocess.run(
            [place, "-c", "import dsr.cli.main, sqlmodel"],
            env={"PYTHONPATH": f"{Path(dsr.__file__).parents[1]}:{PACKAGES}"},
            user=STRANGER,
            group=OTHERS,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


@pytest.fixture(scope="module")
def interpreter() -> str:
    if os.getuid() != 0:
        pytest.skip("only root can start commands as other users")
    found = python_for_all()
    if found is None:
        pytest.skip(f"no {VERSION} with this project is open to other users of this machine")
    return found


@pytest.fixture(scope="module")
def place():
    """Return a folder that every user may enter: pytest's own ones are root's alone."""
    folder = Path(tempfile.mkdtemp(prefix="dsr-shared-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def as_user(interpreter, place):
    """Return what runs `dsr LINE` as a user of the system, in a home and a group."""

    def run(line, user, *, exits=0, group=GROUP, config=True, said=None):
        home = place / f"home-{user}"
        if not home.exists():
            home.mkdir(mode=0o700)
            os.chown(home, user, group)
        variables = {
            "HOME": str(home),
            "PYTHONPATH": f"{Path(dsr.__file__).parents[1]}:{PACKAGES}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "NO_COLOR": "1",
        }
        if config:
            variables["DSR_CONFIG"] = str(place / "office" / "config.toml")
        done = subprocess.run(
            [interpreter, "-c", "from dsr.cli.main import main; main()", *line.split(" ")],
            env=variables,
            user=user,
            group=group,
            extra_groups=[],
            umask=0o077,
            cwd="/",
            capture_output=True,
            text=True,
            input=said,
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert done.returncode == exits, f"dsr {line}\n{done.stdout}\n{done.stderr}"
        return done

    return run


@pytest.fixture(scope="module")
def office(as_user, place):
    """Return the folder of an office that one user made, with a ticket that waits for approval."""
    as_user(f"init --shared {place / 'office'} --group {GROUP}", LI, config=False)
    as_user(f"officer add uid{WANG} --roles approver,handler", LI)
    as_user("officer add zhao --roles approver", LI)
    as_user("open explanation --identifier email=-", LI, said="mei@example.com")
    as_user("refuse 1 H5 --reason r --internal i --evidence e --citation Law-1", LI)
    return place / "office"


def modes(folder):
    return {each.name: S_IMODE(each.stat().st_mode) for each in folder.iterdir()}


def rows_of(office, query):
    with closing(sqlite3.connect(office / "dsr.sqlite3")) as connection:
        return connection.execute(query).fetchall()


def test_the_folder_and_its_files_are_the_groups(office):
    assert S_IMODE(office.stat().st_mode) == 0o2770
    assert modes(office) == {"config.toml": 0o640, "dsr.key": 0o640, "dsr.sqlite3": 0o660}
    assert {each.stat().st_gid for each in (office, *office.iterdir())} == {GROUP}
    assert {each.stat().st_uid for each in office.iterdir()} == {LI}
    text = (office / "config.toml").read_text("utf-8")
    assert '\nfour_eyes = "user"\n' in text
    assert f'\nkey_file = "{office / "dsr.key"}"\n' in text
    assert "\n# officer = " in text  # each is who he is to the system
    assert "\n# workspace = " in text


def test_what_one_user_wrote_another_reads_and_goes_on_with(office, as_user):
    assert as_user("list --ids", WANG).stdout.split() == ["1"]
    as_user("note 1 -m seen", WANG)
    as_user("note 1 -m too", LI)

    assert modes(office) == {"config.toml": 0o640, "dsr.key": 0o640, "dsr.sqlite3": 0o660}
    told = rows_of(office, "select officer from event where action = 'note' order by id")
    assert told[-2:] == [(f"uid{WANG}",), (f"uid{LI}",)]


def test_the_log_that_one_user_leaves_open_is_written_by_the_other(office, as_user, interpreter):
    code = (
        "import sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1])\n"
        "c.execute('update ticket set place = null')\n"
        "c.commit()\n"
        "print('open', flush=True)\n"
        "sys.stdin.read()\n"
    )
    words = [interpreter, "-c", code, str(office / "dsr.sqlite3")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": "/"}
    with subprocess.Popen(words, user=LI, group=GROUP, extra_groups=[], umask=0o077, **pipes) as li:
        assert li.stdout.readline() == "open\n"
        assert modes(office)["dsr.sqlite3-wal"] == modes(office)["dsr.sqlite3-shm"] == 0o660
        as_user("note 1 -m meanwhile", WANG)
        li.stdin.close()


def test_a_proposal_is_approved_by_another_user_and_not_under_another_name(office, as_user):
    refused = as_user("approve 1 --as zhao", LI, exits=4)
    assert "nobody approves his own proposal" in refused.stderr
    assert rows_of(office, "select * from approval") == []

    as_user("approve 1", WANG)
    assert rows_of(office, "select os_user, alone from approval") == [(f"uid{WANG}", 0)]


def test_a_user_outside_the_group_is_told_so(office, as_user):
    refused = as_user("list", STRANGER, exits=7, group=OTHERS)
    assert f"{office}/config.toml: cannot be read (Permission denied)" in refused.stderr
    line = f"list --db {office / 'dsr.sqlite3'}"
    other = as_user(line, STRANGER, exits=7, group=OTHERS, config=False)
    assert "Permission denied" in other.stderr


def test_a_user_outside_the_group_makes_no_office_of_it(as_user, place):
    refused = as_user(f"init --shared {place / 'x'} --group {GROUP}", STRANGER, exits=7,
                      group=OTHERS, config=False)  # fmt: skip
    assert "you are not in the group" in refused.stderr
    refused = as_user(f"init --shared /x --group {GROUP}", LI, exits=7, config=False)
    assert "/x cannot be made" in refused.stderr
    assert not (place / "x").exists()


def test_made_again_it_stays_as_it_is(office, as_user):
    before = {each: each.read_bytes() for each in office.glob("[cd]*.[tk]*")}

    line = f"init --shared {office} --group {GROUP} -o json"
    rows = json.loads(as_user(line, LI, config=False).stdout)

    assert [(row["what"], row["result"]) for row in rows if row["what"] != "workspace"] == [
        ("folder", "there"),
        ("configuration", "there"),
        ("key", "there"),
        ("database", "there"),
        ("first officer", "there"),
    ]
    assert len(before) == 2
    assert {each: each.read_bytes() for each in before} == before


def test_the_folder_of_another_user_is_not_taken_even_by_root(office, as_user, run):
    line = f"init --shared {office} --group {GROUP}"
    assert "belongs to another user" in as_user(line, WANG, exits=7, config=False).stderr
    assert "belongs to another user" in run(line, exits=7).stderr


@pytest.fixture
def own(run, tmp_path):
    """Return the folder of an office that is shared by the group of whoever runs the tests."""
    for name in ("DSR_DATABASE_URL", "DSR_KEY_FILE", "DSR_OFFICER"):
        run.variables[name] = None
    run(f"init --shared {tmp_path / 'own'} --group {os.getegid()}")
    run.variables["DSR_CONFIG"] = str(tmp_path / "own" / "config.toml")
    return tmp_path / "own"


def test_the_doctor_knows_an_office_of_several(own, run):
    def checks(exits=0):
        found = json.loads(run("doctor -o json", exits=exits).stdout)
        return {one["check"]: one for one in found}

    assert {checks()[name]["result"] for name in ("database file", "key file")} == {"ok"}
    assert "shared by the group" in checks()["key file"]["text"]
    assert checks()["four eyes"]["text"] == "two officers differ by user"
    for mode, command in ((0o600, "chmod 0660"), (0o664, "chmod 600")):
        (own / "dsr.sqlite3").chmod(mode)
        found = checks(exits=10)["database file"]
        assert (found["result"], command in found["command"]) == ("wrong", True)


def test_a_file_of_another_group_is_named_by_the_doctor(own, run):
    if os.getuid() != 0:
        pytest.skip("only root gives a file to a group that it is not in")
    os.chown(own / "dsr.key", -1, OTHERS)

    assert "another group" in run("doctor", exits=10).stdout


def test_a_key_that_is_gone_is_not_made_anew(own, run):
    (own / "dsr.key").unlink()

    refused = run(f"init --shared {own} --group {os.getegid()}", exits=7)

    assert "is missing" in refused.stderr
    assert not (own / "dsr.key").exists()


def test_settings_that_lead_elsewhere_are_named_and_refused(own, run):
    again = f"init --shared {own} --group {os.getegid()}"
    run(again)
    settings, text = own / "config.toml", (own / "config.toml").read_text("utf-8")
    for said, name in (
        (text.replace(str(own / "dsr.key"), "/tmp/their.key"), "key_file"),
        (text.replace('\nfour_eyes = "user"', ""), "four_eyes"),
        (f'{text}\nrules_folder = "/tmp/theirs"\n', "rules_folder"),
    ):
        settings.write_text(said, "utf-8")
        assert f"another {name} " in run(again, exits=7).stderr
        assert settings.read_text("utf-8") == said


@pytest.mark.parametrize("name", ["dsr.sqlite3", "dsr.key", "config.toml"])
@pytest.mark.parametrize("dangles", [True, False])
def test_a_link_in_the_place_of_a_file_is_refused(run, tmp_path, name, dangles):
    folder, target = tmp_path / "own", tmp_path / "target"
    run(f"init --shared {folder} --group {os.getegid()}")
    (folder / name).rename(target)
    (folder / name).symlink_to(tmp_path / "nowhere" if dangles else target)

    refused = run(f"init --shared {folder} --group {os.getegid()}", exits=7)

    assert f"{name} is a link" in refused.stderr
    assert not (tmp_path / "nowhere").exists()


def test_an_officer_without_a_system_user_is_pointed_out(own, run):
    assert "dsr officer set wang --os-user USER" in run("officer add wang").stderr
    assert "--os-user" not in run("officer add chen --os-user chen").stderr


def test_what_a_killed_command_left_in_the_making_hinders_nothing(run, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    folder.chmod(0o2770)
    (folder / ".dsr.key.x7").touch()

    run(f"init --shared {folder} --group {os.getegid()}")

    assert (folder / "dsr.key").stat().st_size == 32


@pytest.mark.parametrize(
    ("line", "exits", "said"),
    [
        ("--shared {place}/x", 2, "--group GROUP"),
        ("--group {group}", 2, "--shared DIR"),
        ("--shared {place}/x --group nosuchgroup", 7, "there is no group"),
        ("--shared {place}/open --group {group}", 7, "another mode or group (0777)"),
        ("--shared {place}/full --group {group}", 7, "is not empty"),
        ("--shared {place}/file --group {group}", 7, "is no folder"),
        ("--shared {place}/link --group {group}", 7, "is no folder"),
        ("--shared {place}/no/x --group {group}", 7, "make it first"),
        ("--shared {place}/x --group {group} --db y", 2, "where the database is"),
    ],
)
def test_what_cannot_be_shared_is_said_and_nothing_is_made(run, tmp_path, line, exits, said):
    for name, mode in (("open", 0o777), ("full", 0o2770)):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(mode)
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("full")
    (tmp_path / "full" / "mine.txt").touch()

    done = run(f"init {line.format(place=tmp_path, group=os.getegid())}", exits=exits)

    assert said in done.stderr
    assert not (tmp_path / "x").exists()
    assert [each.name for each in (tmp_path / "full").iterdir()] == ["mine.txt"]
    assert list((tmp_path / "open").iterdir()) == []
