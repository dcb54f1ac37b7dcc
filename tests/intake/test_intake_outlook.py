"""Outlook's files: made by a small writer of compound files (MS-CFB) of the tests' own."""

import struct
import tracemalloc
from datetime import UTC, datetime
from hashlib import sha256
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr.domain.limits import Limits
from dsr.errors import InputError
from dsr.intake import outlook
from dsr.intake.classify import classify_message
from dsr.intake.message import parse

END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
SECTOR, SMALL, CUTOFF = 512, 64, 4096
SENT = datetime(2026, 3, 5, 2, tzinfo=UTC)
BODY = "Please delete all my personal data.\r\nAnn"


def listed(tree: dict) -> list[list]:
    """Return the directory of a compound file: name, sort, right neighbour, child, content."""
    entries: list[list] = [["Root Entry", 5, FREE, FREE, b""]]

    def add(storage: dict) -> int:
        first = previous = FREE
        for name, content in storage.items():
            number = len(entries)
            is_stream = isinstance(content, bytes)
            entries.append([name, 2 if is_stream else 1, FREE, FREE, content if is_stream else b""])
            if not is_stream:
                entries[number][3] = add(content)
            if previous == FREE:
                first = number
            else:
                entries[previous][2] = number
            previous = number
        return first

    entries[0][3] = add(tree)
    return entries


def ole(tree: dict) -> bytes:
    """Write a compound file: names to bytes (streams) or mappings (storages)."""
    entries = listed(tree)
    small, minifat, starts = b"", [], {}
    for number, (_, kind, _, _, content) in enumerate(entries):
        if kind == 2 and 0 < len(content) < CUTOFF:
            starts[number] = len(minifat)
            many = -(-len(content) // SMALL)
            minifat += [*range(len(minifat) + 1, len(minifat) + many), END]
            small += content.ljust(many * SMALL, b"\0")
    pieces = {number: one[4] for number, one in enumerate(entries) if len(one[4]) >= CUTOFF}
    pieces[0] = small
    table = struct.pack(f"<{len(minifat)}I", *minifat)
    pieces[-1] = table.ljust(-(-len(table) // SECTOR) * SECTOR, b"\xff")
    pieces[-2] = b"\0" * 128 * len(entries)
    many_of = {key: -(-len(data) // SECTOR) for key, data in pieces.items()}
    total, fats = sum(many_of.values()), 1
    while fats * 128 < total + fats:
        fats += 1
    fat, place = [FAT] * fats, fats
    for key, many in many_of.items():
        starts[key] = place if many else END
        fat += [*range(place + 1, place + many), END][:many]
        place += many
    directory = b""
    for number, (name, kind, right, child, content) in enumerate(entries):
        raw = name.encode("utf-16-le")
        size = len(small) if number == 0 else len(content)
        directory += struct.pack(
            "<64sHBBIII16sIQQIQ",
            *(raw, len(raw) + 2, kind, 1, FREE, right, child, b"", 0, 0, 0),
            *(starts.get(number, END), size),
        )
    pieces[-2] = directory
    fat += [FREE] * (fats * 128 - len(fat))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        *(outlook.MAGIC, b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, fats, starts[-2], 0, CUTOFF),
        *(starts[-1], many_of[-1], END, 0),
    )
    header += struct.pack("<109I", *range(fats), *[FREE] * (109 - fats))
    body = struct.pack(f"<{len(fat)}I", *fat)
    for key, many in many_of.items():
        body += pieces[key].ljust(many * SECTOR, b"\0")
    return header + body


def storage(values: dict[int, object], head: int, **inside: dict) -> dict:
    """Return a storage of properties: texts, bytes, instants and numbers by their identifiers."""
    listed, streams = b"", {}
    for number, value in values.items():
        if isinstance(value, datetime):
            ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
            listed += struct.pack("<HHIQ", 0x40, number, 6, ticks)
            continue
        if isinstance(value, int):
            listed += struct.pack("<HHIQ", 3, number, 6, value)
            continue
        sort, raw = (0x1F, value.encode("utf-16-le")) if isinstance(value, str) else (0x102, value)
        listed += struct.pack("<HHIQ", sort, number, 6, len(raw))
        streams[f"__substg1.0_{number:04X}{sort:04X}"] = raw
    return {"__properties_version1.0": b"\0" * head + listed, **streams, **inside}


def msg(values: dict[int, object] | None = None, attachments=(), recipients=()) -> bytes:
    usual = {
        0x0037: "Löschung meiner Daten",
        0x0C1A: "Ann Müller",
        0x0C1F: "ann@example.org",
        0x1000: BODY,
        0x0039: SENT,
        0x0E06: SENT,
        0x1035: "<one@example.org>",
    }
    known = {key: one for key, one in {**usual, **(values or {})}.items() if one is not None}
    inside = {
        f"__attach_version1.0_#{n:08X}": storage({0x3707: name, 0x370E: sort, 0x3701: data}, 8)
        for n, (name, sort, data) in enumerate(attachments)
    }
    inside |= {
        f"__recip_version1.0_#{n:08X}": storage({0x39FE: address}, 8)
        for n, address in enumerate(recipients)
    }
    return ole(storage(known, 32, **inside))


def read_msg(raw: bytes):
    return parse(outlook.arrival_of(raw, "a.msg", Limits()))


def test_an_outlook_file_is_read_as_the_mail_that_it_was(phrases):
    raw = msg(
        attachments=[("a.pdf", "application/pdf", b"%PDF-" + b"x" * 9000)], recipients=["p@o.cn"]
    )
    found = read_msg(raw)
    assert (found.sender, found.sender_name) == ("ann@example.org", "Ann Müller")
    assert found.subject == "Löschung meiner Daten"
    assert found.text.startswith("Please delete all my personal data.")
    assert found.recipients == ("p@o.cn",)
    assert found.message_id == "<one@example.org>"
    assert (found.claimed_at, found.received_at) == (SENT, SENT)
    assert [(one.name, one.size) for one in found.attachments] == [("a.pdf", 9005)]
    assert found.sha256 == sha256(raw).hexdigest()
    assert outlook.ABSENT in found.warnings
    assert [one.kind.value for one in classify_message(found, phrases).opens] == ["deletion"]


def test_the_same_file_makes_the_same_mail():
    assert read_msg(SAMPLE) == read_msg(SAMPLE)


def test_headers_that_it_carries_go_before_what_outlook_made_of_them():
    heads = (
        "Microsoft Mail Internet Headers Version 2.0\r\nFrom: Bob <bob@example.net>\r\n"
        "Subject: one\r\n\ttwo\r\nMessage-ID: <x@y.z>\r\n"
        "Content-Type: text/html;\r\n charset=x\r\n"
    )
    found = read_msg(msg({0x007D: heads}))
    assert (found.sender, found.subject, found.message_id) == (
        "bob@example.net",
        "one two",
        "<x@y.z>",
    )
    assert outlook.ABSENT not in found.warnings
    assert found.text.startswith("Please delete")


def test_html_is_read_where_there_is_no_plain_text():
    html = "<p>Bitte <b>löschen</b> Sie alles</p>".encode("cp1252")
    found = read_msg(msg({0x1000: None, 0x1013: html, 0x3FDE: 1252}))
    assert found.text.strip() == "Bitte löschen Sie alles"
    assert found.from_html


def test_a_text_that_is_only_rtf_is_said_and_nothing_is_made_up():
    found = read_msg(msg({0x1000: None, 0x1009: b"rtf"}))
    assert found.text.strip() == ""
    assert any("RTF" in one for one in found.warnings)


def test_an_address_of_exchange_is_no_address():
    found = read_msg(msg({0x0C1F: "/O=EXAMPLE/OU=X/CN=ANN", 0x5D01: "ann@example.net"}))
    assert found.sender == "ann@example.net"
    found = read_msg(msg({0x0C1F: "/O=EXAMPLE/OU=X/CN=ANN"}))
    assert found.sender is None


def test_a_name_or_a_subject_adds_no_header():
    found = read_msg(
        msg({0x0037: "a\r\nBcc: x@y.z\r\n\r\nbody", 0x0C1A: 'x" <v@w.x>\r\nTo: q@r.s'})
    )
    assert found.subject == "a Bcc: x@y.z body"
    assert found.recipients == ()
    assert found.text.startswith("Please delete")


@pytest.mark.parametrize(
    "raw",
    [
        b"\0" * 1_000_000,
        outlook.MAGIC,
        outlook.MAGIC + b"\0" * 1_000_000,
        outlook.MAGIC + b"\xff" * 5_000,
        msg()[:1500],
        msg()[:512] + b"\0" * 4000,
        ole({"a": b"no properties"}),
    ],
)
def test_what_is_broken_is_set_aside_and_kept(raw):
    arrival = outlook.arrival_of(raw, "a.msg", Limits())
    assert arrival.raw == raw
    assert "Outlook file cannot be read" in parse(arrival).problem


def cyclic() -> bytes:
    """Return a file in which the sectors of the body lead to its first one again and again."""
    raw = bytearray(msg({0x1000: "x" * 60_000}))
    first = struct.unpack_from("<I", raw, 44)[0]
    for sector in range(first, 128):
        struct.pack_into("<I", raw, 512 + 4 * sector, first)
    return bytes(raw)


def greedy() -> bytes:
    """Return 1 MB of which each of many parts is the same half, over and over."""
    raw = bytearray(ole({f"s{n:05}": b"x" * 5000 for n in range(90)} | {"big": b"y" * 500_000}))
    start = 512 * (1 + struct.unpack_from("<I", raw, 48)[0])
    whole = raw[start + 128 * 91 + 116 : start + 128 * 92]
    for place in range(start + 128, start + 128 * 91, 128):
        raw[place + 116 : place + 128] = whole
    return bytes(raw)


@pytest.mark.parametrize(
    "raw",
    [cyclic(), greedy(), ole({f"s{n:05}": b"x" for n in range(5200)})],
    ids=["a cycle", "overlapping parts", "a chain of thousands"],
)
def test_what_is_crafted_costs_little(raw):
    tracemalloc.start()
    began = perf_counter()
    arrival = outlook.arrival_of(raw, "a.msg", Limits())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert arrival.problem
    assert perf_counter() - began < 2
    assert peak < 20 << 20


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1 << 30), st.binary(min_size=1, max_size=8))
def test_no_changed_byte_raises(place, change):
    raw = bytearray(SAMPLE)
    place %= len(raw)
    raw[place : place + len(change)] = change
    parse(outlook.arrival_of(bytes(raw), "a.msg", Limits()))


SAMPLE = msg(attachments=[("a.txt", "text/plain", b"hello")], recipients=["p@o.cn"])


def test_one_that_is_too_long_is_set_aside(read, tmp_path):
    path = tmp_path / "a.msg"
    path.write_bytes(SAMPLE)
    (found,), _ = read(path, limits=Limits(raw_bytes=2000))
    assert found.cut
    assert "too long" in parse(found).problem


def test_it_comes_by_a_file_a_folder_and_standard_input(read, tmp_path):
    (tmp_path / "b.MSG").write_bytes(SAMPLE)
    for found, problems in (
        read(tmp_path / "b.MSG"),
        read(tmp_path),
        read("-", SAMPLE),
    ):
        assert parse(found[0]).sender == "ann@example.org"
        assert not problems


def test_without_the_extra_the_error_names_it(read, tmp_path, monkeypatch):
    path = tmp_path / "a.msg"
    path.write_bytes(SAMPLE)
    monkeypatch.setattr(outlook, "find_spec", lambda _: None)  # the package is installed here
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.hint == "pip install 'dsr[outlook]'"
    _, (problem,) = read(tmp_path)
    assert "dsr[outlook]" in problem.what
