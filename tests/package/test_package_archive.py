import os
import stat
import subprocess
import sys
import zipfile
from math import log2
from textwrap import dedent

import pytest
import pyzipper

from dsr.errors import InputError
from dsr.package.archive import ALPHABET, encrypt, new_passphrase, plain_zip

SECRET = "k7mp-2xqf-9ace-hjnr-tvwy"


@pytest.fixture
def folder(tmp_path):
    """A small copy."""
    place = tmp_path / "copy"
    (place / "csv").mkdir(parents=True)
    (place / "index.html").write_text("你好 " * 2_000, encoding="utf-8")
    (place / "csv" / "01-a.csv").write_text("name\r\nLi\r\n")
    return place


def contents(path, passphrase):
    with pyzipper.AESZipFile(path) as archive:
        archive.setpassword(passphrase.encode())
        return {name: archive.read(name) for name in archive.namelist()}


def of(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


@pytest.mark.parametrize("plain_first", [True, False])
def test_an_encrypted_copy_opens_with_its_passphrase_and_is_whole(folder, tmp_path, plain_first):
    package = plain_zip(folder) if plain_first else folder
    target = encrypt(package, tmp_path / "DSR-42.zip", SECRET)
    assert contents(target, SECRET) == of(folder)


def test_a_wrong_passphrase_or_none_opens_nothing(folder, tmp_path):
    target = encrypt(folder, tmp_path / "out.zip", SECRET)
    with pytest.raises(RuntimeError, match="Bad password"):
        contents(target, new_passphrase())
    with pyzipper.AESZipFile(target) as archive, pytest.raises(RuntimeError, match="encrypted"):
        archive.read("index.html")
    assert "你好".encode() not in target.read_bytes()


def test_every_file_is_encrypted_by_aes_256(folder, tmp_path):
    target = encrypt(folder, tmp_path / "out.zip", SECRET)
    with pyzipper.AESZipFile(target) as archive:
        assert {entry.wz_aes_strength for entry in archive.infolist()} == {3}
        assert all(entry.flag_bits & 1 for entry in archive.infolist())


def test_a_changed_byte_is_noticed(folder, tmp_path):
    (folder / "data.json").write_bytes(os.urandom(100_000))
    target = encrypt(folder, tmp_path / "out.zip", SECRET)
    flip_a_byte(target)
    with pytest.raises(pyzipper.BadZipFile, match="HMAC"):
        contents(target, SECRET)


def test_a_damaged_plain_archive_is_never_encrypted(folder, tmp_path):
    (folder / "data.json").write_bytes(os.urandom(100_000))
    plain = plain_zip(folder)
    flip_a_byte(plain)
    with pytest.raises(InputError, match="damaged"):
        encrypt(plain, tmp_path / "out.zip", SECRET)
    assert not (tmp_path / "out.zip").exists()


def flip_a_byte(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_the_same_copy_gives_the_same_plain_archive(folder):
    first = plain_zip(folder).read_bytes()
    os.utime(folder / "index.html", (1, 1))
    assert plain_zip(folder).read_bytes() == first


def test_archives_list_their_files_in_one_order_and_belong_to_their_owner(folder, tmp_path):
    plain = plain_zip(folder)
    target = encrypt(plain, tmp_path / "out.zip", SECRET)
    for path in (plain, target):
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == ["csv/01-a.csv", "index.html"]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_older_archive_is_replaced_only_by_a_whole_one(folder, tmp_path):
    target = tmp_path / "out.zip"
    target.write_bytes(b"old")
    bad = tmp_path / "plain.zip"
    bad.write_bytes(b"no zip")
    with pytest.raises(InputError, match="damaged"):
        encrypt(bad, target, SECRET)
    assert target.read_bytes() == b"old"
    assert not list(tmp_path.glob(".*.part"))
    encrypt(folder, target, SECRET)
    assert contents(target, SECRET) == of(folder)


def test_an_empty_passphrase_is_refused(folder, tmp_path):
    with pytest.raises(InputError, match="empty"):
        encrypt(folder, tmp_path / "out.zip", "")
    assert not (tmp_path / "out.zip").exists()


def test_a_missing_folder_for_the_target_is_told(folder, tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        encrypt(folder, tmp_path / "nowhere" / "out.zip", SECRET)


def test_a_passphrase_is_long_enough_and_can_be_read_out():
    made = {new_passphrase() for _ in range(200)}
    assert len(made) == 200
    for passphrase in made:
        groups = passphrase.split("-")
        assert [len(group) for group in groups] == [4] * 5
        assert len("".join(groups)) * log2(len(ALPHABET)) >= 90
    assert set("".join(made)) - {"-"} == set(ALPHABET)
    assert not set("0o1li") & set(ALPHABET)
    assert ALPHABET.islower()


FULL_DISK = """
    import resource, sys
    from pathlib import Path
    from dsr.errors import InputError
    from dsr.package.archive import encrypt, plain_zip

    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
    for make in (lambda: plain_zip(folder), lambda: encrypt(folder, target, "k7mp-2xqf-9ace")):
        try:
            make()
        except InputError as error:
            print(error)
"""


def test_a_full_disk_leaves_no_half_archive(folder, tmp_path):
    (folder / "data.json").write_bytes(os.urandom(200_000))
    (folder / "more.json").write_bytes(os.urandom(200_000))
    done = subprocess.run(
        [sys.executable, "-c", dedent(FULL_DISK), str(folder), str(tmp_path / "out.zip")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.count("the archive cannot be written: File too large") == 2, done.stderr
    assert done.stderr == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy"]
