"""Settings: which word stands, where it was said, and that no secret is shown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr.config import DEFINITIONS, load, masked, secret
from dsr.errors import ConfigError


@pytest.fixture(autouse=True)
def _a_user_of_its_own(monkeypatch, tmp_path):
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def written(tmp_path):
    """Write the user's configuration file."""

    def _written(content):
        file = tmp_path / "config" / "dsr" / "config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        return file

    return _written


SAID = st.sampled_from([None, "", "table", "json", "jsonl", "csv"])


@given(st.tuples(SAID, SAID, SAID))
def test_an_option_stands_above_the_environment_the_file_and_the_default(tmp_path_factory, said):
    option, variable, line = said
    folder = tmp_path_factory.mktemp("configuration")
    content = "" if line is None else f'output = "{line}"'
    (folder / "config.toml").write_text(content, encoding="utf-8")
    environment = {"DSR_CONFIG": str(folder)}
    if variable is not None:
        environment["DSR_OUTPUT"] = variable

    settings = load({"output": option}, environment)

    assert settings.output == (option or variable or line or "table")
    origins = ("option", "DSR_OUTPUT", str(folder / "config.toml"), "default")
    words = (option, variable, line, "table")
    expected = next(origin for word, origin in zip(words, origins, strict=True) if word)
    assert settings.said["output"].origin == expected


def test_without_a_word_from_anybody_the_office_is_one_of_its_own(tmp_path):
    settings = load({}, {})
    assert settings.database_url == f"sqlite:///{tmp_path}/data/dsr/dsr.sqlite3"
    assert settings.zone == "Asia/Shanghai"
    assert settings.laws == ("CN",)
    assert settings.four_eyes == "alone"
    assert settings.workspace == tmp_path / "data" / "dsr" / "workspace"
    assert settings.key_file == tmp_path / "config" / "dsr" / "dsr.key"
    assert (settings.rules_folder, settings.head_file, settings.officer) == (None, None, "")
    assert settings.retention_months == 36
    assert settings.file is None
    assert {setting.origin for setting in settings.said.values()} == {"default"}


def test_every_setting_is_resolved_and_explained():
    assert set(load({}, {}).said) == {definition.name for definition in DEFINITIONS}
    assert all(definition.meaning.endswith(".") for definition in DEFINITIONS)


def test_the_user_s_file_is_read_and_its_paths_count_from_it(written, tmp_path):
    written(
        'laws = ["cn", "EU", "cn"]\nretention_months = 12\nhead_file = "heads"\n'
        'database_url = "desk.db"\nrules_folder = "/srv/rules"\nzone = "Europe/Berlin"\n'
    )
    settings = load({}, {})
    assert settings.laws == ("CN", "EU")
    assert settings.retention_months == 12
    assert settings.head_file == tmp_path / "config" / "dsr" / "heads"
    assert settings.database_url == f"sqlite:///{tmp_path}/config/dsr/desk.db"
    assert settings.rules_folder == Path("/srv/rules")
    assert settings.zone == "Europe/Berlin"


def test_a_file_in_the_working_directory_is_never_read(tmp_path):
    (tmp_path / "config.toml").write_text('output = "csv"', encoding="utf-8")
    (tmp_path / "dsr.toml").write_text('output = "csv"', encoding="utf-8")
    assert load({}, {}).output == "table"


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("desk.db", "sqlite:///{here}/desk.db"),
        ("/srv/desk.db", "sqlite:////srv/desk.db"),
        ("postgresql://dsr@db/desk", "postgresql://dsr@db/desk"),
    ],
)
def test_a_database_is_a_path_or_a_url(said, url, tmp_path):
    assert load({"database_url": said}, {}).database_url == url.format(here=tmp_path)


def test_a_database_may_be_a_reference_to_a_secret(monkeypatch, tmp_path):
    monkeypatch.setenv("DESK", "postgresql://dsr:hunter2@db/desk")
    settings = load({}, {"DSR_DATABASE_URL": "env:DESK"})
    assert settings.database_url == "postgresql://dsr:hunter2@db/desk"
    assert settings.said["database_url"].shown == "env:DESK"

    file = tmp_path / "url"
    file.write_text("postgresql://dsr:hunter3@db/desk\n", encoding="utf-8")
    assert load({}, {"DSR_DATABASE_URL": f"file:{file}"}).database_url.endswith(":hunter3@db/desk")


@pytest.mark.parametrize(
    ("content", "says", "hint"),
    [
        ('officr = "li"', "unknown setting officr", "did you mean officer"),
        ("[officer]\nname = 1", "officer is no text", ""),
        ("laws = [1]", "laws is no text", ""),
        ("output = true", "output is no text", ""),
        ('output = "xml"', "output", "one of table, json, jsonl, csv"),
        ('zone = "Asia/Shanghi"', "no time zone", "Asia/Shanghai"),
        ('zone = "../etc"', "no time zone", "Europe/Berlin"),
        ('four_eyes = "two"', "four_eyes", "user, name, alone"),
        ('retention_months = "long"', "no number of months", ""),
        ("officer = li", "line 1", "correct the file"),
        ("#" * 70_000, "larger than", ""),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_what_mends_it(written, content, says, hint):
    file = written(content)
    with pytest.raises(ConfigError, match=says) as raised:
        load({}, {})
    assert str(file) in str(raised.value)
    assert hint in raised.value.hint


def test_a_file_that_cannot_be_read_is_a_wrong_setting(written, tmp_path):
    written("").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load({}, {})
    with pytest.raises(ConfigError, match="No such file"):
        load({}, {"DSR_CONFIG": str(tmp_path / "nowhere.toml")})
    with pytest.raises(ConfigError, match="No such file"):
        load({"config": str(tmp_path)}, {})


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("postgresql://dsr:hunter2@db/desk", "postgresql://dsr:***@db/desk"),
        ("postgresql://dsr:p@ss:w@db/desk", "postgresql://dsr:***@db/desk"),
        ("postgresql+psycopg://:hunter2@db", "postgresql+psycopg://:***@db"),
        (
            "postgresql://db/desk?user=a&password=hunter2",
            "postgresql://db/desk?user=a&password=***",
        ),
        ("/home/li/desk.db", "/home/li/desk.db"),
        ("imaps://desk@example.org:993/INBOX", "imaps://desk@example.org:993/INBOX"),
    ],
)
def test_a_password_in_a_url_is_never_shown(said, shown):
    assert masked(said) == shown


def test_a_secret_is_what_its_reference_leads_to(monkeypatch, tmp_path):
    monkeypatch.setenv("MAIL", "hunter2")
    (tmp_path / "secret").write_text("hunter3\n", encoding="utf-8")
    assert secret("env:MAIL") == "hunter2"
    assert secret(f"file:{tmp_path}/secret") == "hunter3"


@pytest.mark.parametrize(
    "reference", ["hunter2", "env:NOT_THERE", "file:/not/there", "", "vault:x"]
)
def test_a_secret_that_is_none_is_a_wrong_setting_and_not_repeated(reference):
    with pytest.raises(ConfigError) as raised:
        secret(reference)
    assert "hunter2" not in str(raised.value) + raised.value.hint


def test_an_empty_secret_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("MAIL", "")
    (tmp_path / "secret").write_text("\n", encoding="utf-8")
    for reference in ("env:MAIL", f"file:{tmp_path}/secret"):
        with pytest.raises(ConfigError):
            secret(reference)
