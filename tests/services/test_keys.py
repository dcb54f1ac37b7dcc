"""The key of keyed hashes: made once and whole, never replaced."""

import os
import subprocess
import sys

import pytest

from dsr.errors import ConfigError
from dsr.services.keys import read_key

MAKER = (
    "import sys; from pathlib import Path; from dsr.services.keys import read_key; "
    "sys.stdin.read(1); print(read_key(Path(sys.argv[1]), may_make=True).hex())"
)


@pytest.fixture
def place(tmp_path):
    return tmp_path / "deep" / "dsr.key"


def test_a_key_is_made_once_and_for_its_owner_only(place):
    before = os.umask(0)
    try:
        key = read_key(place, may_make=True)
    finally:
        os.umask(before)

    assert len(key) == 32
    assert read_key(place, may_make=True) == read_key(place, may_make=False) == key
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in place.parent.iterdir()] == ["dsr.key"]


def test_two_keys_are_two(tmp_path):
    keys = {read_key(tmp_path / name, may_make=True) for name in ("a", "b")}

    assert len(keys) == 2


def test_processes_that_make_it_at_once_have_the_same(place):
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", MAKER, str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for maker in makers:
        maker.stdin.write("!")
        maker.stdin.flush()
    keys = {maker.communicate()[0].strip() for maker in makers}

    assert keys == {place.read_bytes().hex()}


def test_a_key_that_is_needed_is_not_made_anew(place):
    with pytest.raises(ConfigError, match="is missing") as caught:
        read_key(place, may_make=False)
    assert "put the file back" in caught.value.hint
    assert not place.exists()


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 31])
def test_a_damaged_key_is_not_used_and_not_replaced(place, content):
    place.parent.mkdir()
    place.write_bytes(content)

    for may_make in (True, False):
        with pytest.raises(ConfigError, match="damaged"):
            read_key(place, may_make=may_make)
    assert place.read_bytes() == content


def test_what_cannot_be_read_or_made_is_a_setting(tmp_path):
    with pytest.raises(ConfigError, match="is no file"):
        read_key(tmp_path, may_make=True)
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be"):
        read_key(tmp_path / "file" / "dsr.key", may_make=True)
