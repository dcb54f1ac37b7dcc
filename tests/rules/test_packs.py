"""An organisation's own packs: what they replace, which version is found, and what is refused."""

import copy
import hashlib
import json
import os
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsr.domain.law import Law
from dsr.domain.vocabulary import Kind, Scope
from dsr.errors import ConfigError, NotFoundError
from dsr.rules import book, citations, office, pack_checks, packs
from dsr.rules.reading import MOST_BYTES, MOST_DOTS
from dsr.services import giving, law_lines, lawbook, suggesting
from dsr.services.linting import held_by_letters, languages
from dsr.services.steps import ticket_of

SHIPPED = "2026-11-23"
NEW = "2026-12-01"


def override(text: str = "", *, version: str = NEW, replaces: str = SHIPPED) -> str:
    return f'version = "{version}"\nreplaces = "{replaces}"\nwhy = "a test"\n{text}'


DUTY = """[[letter_duties]]
code = "x"
letters = ["access"]
needs = ["items.reason", "remedy|items"]
text = { en = "x", zh = "x" }
citation = "x"
certainty = "design"
"""


@pytest.fixture
def own(tmp_path):
    """Return what writes a pack into the organisation's folder, which is in use meanwhile."""
    folder = tmp_path / "rules" / "laws"
    folder.mkdir(parents=True)
    book.use(tmp_path / "rules")

    def write(name: str, text: str | bytes) -> Path:
        place = folder / name
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
        book.forget()
        return place

    yield write
    book.use(None)


def said(place: Path) -> str:
    return "\n".join(
        f"{fault.key}: {fault.what} {fault.hint}"
        for fault in pack_checks.faults_of(place, languages(), held_by_letters())
    )


def test_an_override_says_only_what_differs_and_the_rest_is_the_shipped_packs(own):
    own("eu.toml", override("[record_term]\namount = 60\n"))
    shipped, law = packs.read_law(packs.LAWS / "eu.toml"), book.law("EU")

    assert (law.version, law.replaces, law.why) == (NEW, SHIPPED, "a test")
    assert (law.record_term.amount, law.record_term.citation) == (60, shipped.record_term.citation)
    assert (law.clocks, law.grounds) == (shipped.clocks, shipped.grounds)


def test_a_list_of_an_override_is_taken_whole(own):
    own("eu.toml", override('unknown_grounds = ["S4"]\n'))

    assert book.law("EU").unknown_grounds == ("S4",)


def test_a_pinned_version_is_the_shipped_one_whose_place_an_own_one_took(own):
    own("eu.toml", override("[record_term]\namount = 60\n"))

    assert book.law("EU", SHIPPED).record_term.amount == 36
    assert book.law("EU", NEW).record_term.amount == 60


def test_an_earlier_own_version_is_found_beside_the_present_one(own):
    own("eu.toml", override("[record_term]\namount = 72\n", version="2026-12-20"))
    own(f"eu-{NEW}.toml", override("[record_term]\namount = 60\n"))

    assert book.law("EU").record_term.amount == 72
    assert book.law("EU", NEW).record_term.amount == 60
    assert "EU" in book.law_codes()


def test_an_own_pack_is_told_when_the_shipped_one_has_moved_on(own, tmp_path, monkeypatch):
    shipped = tmp_path / "shipped"
    shutil.copytree(str(packs.LAWS), shipped)
    shutil.copyfile(shipped / "eu.toml", shipped / f"eu-{SHIPPED}.toml")
    text = (shipped / "eu.toml").read_text("utf-8").replace("kept", "held")
    (shipped / "eu.toml").write_text(text.replace(SHIPPED, "2027-01-01"), "utf-8")
    monkeypatch.setattr(packs, "LAWS", shipped)
    own("eu.toml", override("[record_term]\namount = 60\n"))

    told = lawbook.moved_on(book.law("EU"))

    assert told == "the shipped pack is 2027-01-01 now: dsr law diff EU@2026-11-23 EU@2027-01-01"
    assert book.law("EU").record_term.amount == 60
    assert book.law("EU", SHIPPED).record_term.amount == 36
    assert book.law("EU", "2027-01-01").version == "2027-01-01"
    assert lawbook.moved_on(book.law("UK")) is None


def test_a_version_that_no_file_has_says_what_to_do(own):
    own("eu.toml", override())

    with pytest.raises(ConfigError, match="no pack is the version 2020-01-01 of EU") as raised:
        book.law("EU", "2020-01-01")

    assert "laws/eu-2020-01-01.toml" in raised.value.hint
    assert "dsr set REF --law EU" in raised.value.hint


def test_a_law_of_the_organisations_own_needs_nothing_to_replace(own):
    text = (packs.LAWS / "eu.toml").read_text("utf-8").replace('code = "EU"', 'code = "XX"')
    place = own("xx.toml", text)

    assert book.law("xx").code == "XX"
    assert said(place) == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('version = "2026-12-01"\n', "replaces: a pack EU is shipped"),
        ('version = "2026-12-01"\nreplaces = "2026-11-23"\n', "why: a pack EU is shipped"),
        (override(replaces="2020-01-01"), "replaces: no version '2020-01-01' of EU is shipped"),
        (override(version=SHIPPED), "version: 2026-11-23 is the shipped pack's"),
        ('replaces = "2026-11-23"\nwhy = "x"\n', "version: 2026-11-23 is the shipped pack's"),
        (override(version="soon"), "version: is a day"),
        (override('code = "FR"\n'), "code: FR belongs in a file fr.toml"),
        (override('zone = "Europe/Lisbonne"\n'), "zone: is no time zone"),
        (override("[record_term]\namount = 1000000000\n"), "record_term: .*at most"),
        (override('citation = " "\n'), "citation: it needs a citation"),
        (override("[roles]\n"), "roles: unknown key did you mean roll"),
    ],
)
def test_an_own_pack_that_is_wrong_is_told_its_key(own, text, says):
    place = own("eu.toml", text)

    with pytest.raises(ConfigError, match=r"eu\.toml: "):
        book.law("EU")
    assert re.search(says, said(place)), said(place)


def test_a_file_of_an_earlier_version_has_that_version(own):
    own("eu.toml", override(version="2026-12-20"))
    place = own(f"eu-{NEW}.toml", override(version="2026-12-05"))

    assert f"version: 2026-12-05 is not the {NEW} of the file's name" in said(place)
    with pytest.raises(ConfigError, match="not the 2026-12-01"):
        book.law("EU", NEW)


def test_a_clock_that_another_before_it_hides_is_told(own):
    text = (packs.LAWS / "eu.toml").read_text("utf-8")
    text = text.replace(f'version = "{SHIPPED}"', override(), 1)
    hidden = text.replace('scopes = ["marketing"]\n', "", 1)

    assert "clocks.3.kinds: is never asked" in said(own("eu.toml", hidden))


def test_a_stop_of_marketing_has_a_day_to_act_by(own):
    text = (packs.LAWS / "eu.toml").read_text("utf-8")
    text = text.replace(f'version = "{SHIPPED}"', override(), 1)
    at = text.index("[clocks.act_by]")
    without = text[:at] + text[text.index("[[clocks]]", at) :]

    assert "clocks.2.act_by: is missing" in said(own("eu.toml", without))


def test_an_example_from_before_a_law_is_in_force_does_not_compute(own):
    start = '[in_force]\non = 2100-01-01\ncitation = "x"\ncertainty = "design"\n'
    place = own("eu.toml", override(start))

    assert "it does not compute: EU is in force from 2100-01-01" in said(place)


def test_a_pack_in_capital_letters_alone_is_told(own):
    place = own("EU.toml", override())
    found = [fault.what for _, fault in pack_checks.folder_faults(place.parent)]

    assert found == ["is to be named eu.toml, in small letters"]


def test_the_rule_and_the_article_of_a_key_are_those_of_the_file_even_where_it_is_wrong(own):
    place = own("eu.toml", '[[clocks]]\nkinds = ["copy"]\n[clocks.period]\ncitation = "Art. 1"\n')

    assert pack_checks.where(place, "clocks.1.period.amount") == ("clocks: copy", "Art. 1")
    assert pack_checks.where(place, "clocks.9.period") == ("clocks", "")
    assert pack_checks.where(place, "") == ("file", "")
    assert pack_checks.where(own("eu.toml", b"\xff"), "clocks") == ("file", "")


def clocks_of_kinds(*kinds: str, scopes: str = "") -> str:
    return (
        f'[[clocks]]\nkinds = {json.dumps(kinds)}\nmode = "no_pause"\n{scopes}'
        '[clocks.period]\namount = 1\nunit = "months"\ncitation = "x"\ncertainty = "design"\n'
    )


def test_a_pack_serves_every_kind_and_every_scope_of_a_withdrawal(own):
    few = clocks_of_kinds(*(kind for kind in Kind if kind is not Kind.COPY))
    assert "clocks: none serves copy" in said(own("eu.toml", override(few)))

    plain = clocks_of_kinds(*(kind for kind in Kind if kind is not Kind.WITHDRAWAL))
    one = clocks_of_kinds("withdrawal", scopes='scopes = ["marketing"]\n')
    told = said(own("eu.toml", override(plain + one)))
    assert "clocks: none serves a withdrawal of consent, objection, cookies" in told


def test_what_a_shipped_pack_and_a_new_one_replace_is_nothing(own, tmp_path, monkeypatch):
    text = (packs.LAWS / "eu.toml").read_text("utf-8")
    new = text.replace('code = "EU"', 'code = "XX"\nreplaces = "2020-01-01"')
    assert "replaces: no pack XX is shipped" in said(own("xx.toml", new))

    monkeypatch.setattr(packs, "LAWS", tmp_path / "rules" / "laws")
    assert "a shipped pack replaces none" in said(own("xx.toml", new))


def test_other_files_beside_packs_are_no_packs(own, tmp_path):
    own("notes.txt", "x")
    own(".#eu.toml", "x")

    assert packs.codes(tmp_path / "rules" / "laws") == frozenset()
    with pytest.raises(ConfigError, match="cannot be read"):
        packs.codes(tmp_path / ("x" * 5_000))


def test_two_files_that_differ_in_capital_letters_only_claim_one_code(own):
    own("eu.toml", override())
    place = own("EU.toml", override())
    found = [fault.what for _, fault in pack_checks.folder_faults(place.parent)]

    assert any("EU.toml and eu.toml claim the code EU" in each for each in found)


def test_a_pack_named_in_capital_letters_is_never_passed_over(own):
    own("EU.toml", override())

    with pytest.raises(ConfigError, match=r"is to be named eu\.toml"):
        book.law("EU")


def test_an_earlier_version_without_a_present_one_is_told(own):
    place = own("xx-2026-01-01.toml", "")
    found = [fault.what for _, fault in pack_checks.folder_faults(place.parent)]

    assert found == ["is an earlier version, and there is no present xx.toml"]
    with pytest.raises(NotFoundError):
        book.law("XX")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[fee.text]\nzh = " "\n', "fee.text.zh"),
        ('[grounds.X9]\nen = "x"\nzh = "x"\ncertainty = "design"\n', "grounds.X9"),
        ('unknown_grounds = ["S9"]\n', "unknown_grounds.S9"),
        ('unknown_grounds = ["H1"]\n', "grounds.H1"),
        ('what_if_place = "ZZ"\n', "what_if_place"),
        ('places = ["DE", "XX"]\n', "places.2"),
        (DUTY, "letter_duties.1.needs: no letter holds 'remedy' did you mean remedies"),
        ('[names]\nen = ""\n', "names.en"),
    ],
)
def test_the_check_of_a_pack_names_what_letters_and_tickets_would_miss(own, text, key):
    assert key in said(own("eu.toml", override(text)))


def test_a_stop_of_marketing_takes_no_longer_than_the_strictest_law_lets_it(own):
    text = (packs.LAWS / "eu.toml").read_text("utf-8")
    late = text.replace("[clocks.act_by]\namount = 1", "[clocks.act_by]\namount = 6", 1)
    late = late.replace('version = "2026-11-23"', override(), 1)

    assert "clocks.2.act_by: marketing stops within 5 working days" in said(own("eu.toml", late))


def test_the_examples_of_the_shipped_pack_are_computed_by_an_override(own):
    text = (packs.LAWS / "eu.toml").read_text("utf-8")
    clocks = text[text.index("[[clocks]]") : text.index("[minors.")]
    longer = clocks.replace('amount = 1\nunit = "months"', 'amount = 2\nunit = "months"')

    assert "due_nominal_on is 2026-05-05, not 2026-04-05" in said(own("eu.toml", override(longer)))


def test_an_example_that_no_calendar_reaches_is_told_at_once(own):
    example = '[[examples]]\ntext = "far"\nkind = "access"\nfacts = { received_on = 9999-12-01 }\n'
    example += "expect = { due_nominal_on = 9999-12-31, due_legal_on = 9999-12-31 }\n"

    assert "examples.1: far: its days are from 1990" in said(own("eu.toml", override(example)))


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00binary\x00",
        b"a = " + b"[" * 100_000,
        b"a" + b".a" * 100_000 + b" = 1",
        b"a = " + b"9" * 100_000,
        b"#" * (MOST_BYTES + 1),
        b"\xef\xbb\xbfversion = 1",
        b"",
        b"[clocks]\n[[clocks]]",
    ],
)
def test_a_hostile_file_is_an_error_at_once(own, content):
    place = own("eu.toml", content)

    with pytest.raises(ConfigError, match=r"eu\.toml: "):
        book.law("EU")
    assert said(place)


def test_what_is_no_file_is_an_error(own, tmp_path):
    folder = tmp_path / "rules" / "laws"
    (folder / "eu.toml").symlink_to(folder / "eu.toml")
    (folder / "uk.toml").mkdir()
    os.mkfifo(folder / "br.toml")
    book.forget()

    for code in ("EU", "UK", "BR"):
        with pytest.raises(ConfigError, match=rf"{code.lower()}\.toml: "):
            book.law(code)


def test_a_folder_of_packs_that_is_no_folder_has_none(tmp_path):
    (tmp_path / "laws").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    assert packs.codes(tmp_path / "laws") == frozenset()
    assert packs.codes(tmp_path / "loop") == frozenset()


@pytest.mark.parametrize("code", ["../eu", "eu/../eu", "", "e" * 300, "EU\0", "法"])
def test_a_code_is_no_path(own, code):
    with pytest.raises(NotFoundError):
        book.law(code)


def test_a_key_with_many_dots_is_refused_and_a_sentence_with_many_is_not(own):
    own("eu.toml", override(f'[names]\nen = "{"." * MOST_DOTS}"\n'))
    assert book.law("EU").names["en"]

    own("eu.toml", override(f'[names]\nen = "{"." * (MOST_DOTS + 1)}"\n'))
    with pytest.raises(ConfigError, match="dots"):
        book.law("EU")


# ---- whatever stands in a file, it is a law or an error that names the file -----------------

JUNK = st.one_of(
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=True),
    st.text(max_size=6),
    st.dates(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
    st.just({"en": "x", "zh": "x"}),
)
WHOLE = tomllib.loads((packs.LAWS / "eu.toml").read_text("utf-8"))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    return [path, *(deep for key in keys for deep in _paths(value[key], (*path, key)))]


PATHS = [path for path in _paths(WHOLE) if path]


def _mutated(path: tuple[Any, ...], junk: Any, how: str) -> dict[str, Any]:
    values = copy.deepcopy(WHOLE)
    place: Any = values
    for key in path[:-1]:
        place = place[key]
    if how == "gone":
        del place[path[-1]]
    elif how == "renamed" and isinstance(place, dict):
        place[f"{path[-1]}x"] = place.pop(path[-1])
    else:
        place[path[-1]] = junk
    return values


def _toml(value: Any) -> str:
    """Return a value as TOML writes it inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(place: Path) -> Law | ConfigError:
    try:
        return packs.read_law(place)
    except ConfigError as error:
        return error


@settings(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])
@given(path=st.sampled_from(PATHS), junk=JUNK, how=st.sampled_from(["gone", "renamed", "other"]))
def test_whatever_a_pack_says_it_is_a_law_or_an_error_of_the_rules(own, path, junk, how):
    values = {**_mutated(path, junk, how), "code": "XX"}
    place = own("xx.toml", "\n".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in values.items()))
    law = _read(place)
    if isinstance(law, ConfigError):
        assert "xx.toml" in str(law)
        assert said(place)
        return
    assert all(law.clock(kind, Scope.MARKETING) for kind in Kind)
    said(place)
    assert [*map(str, law_lines.statements(law))]


@settings(max_examples=80, deadline=None, suppress_health_check=[*HealthCheck])
@given(at=st.integers(0, 20_000), length=st.integers(0, 40), junk=st.binary(max_size=12))
def test_whatever_bytes_a_pack_has_it_is_a_law_or_an_error_that_names_it(own, at, length, junk):
    text = (packs.LAWS / "eu.toml").read_bytes().replace(b'version = "', b'replaces = "', 1)
    text = f'version = "{NEW}"\nwhy = "a test"\n'.encode() + text
    place = own("eu.toml", text[:at] + junk + text[at + length :])
    read = _read(place)
    assert not isinstance(read, ConfigError) or "eu.toml" in str(read)


def test_the_shipped_packs_have_no_fault():
    for place in packs.pack_files(packs.LAWS):
        assert said(place) == ""
    assert [*pack_checks.folder_faults(packs.LAWS)] == []


# ---- each file once, and no more of it than is asked for ------------------------------------


@pytest.fixture
def reads(monkeypatch):
    """Return the names of the packs that are read whole from now on, each as often as it is."""
    found: list[str] = []
    read = packs.read_toml

    def counted(place):
        found.append(place.name)
        return read(place)

    monkeypatch.setattr(packs, "read_toml", counted)
    book.forget()
    return found


def test_a_pack_is_read_once_however_it_is_named(reads):
    version = book.law("EU").version
    same = [book.law("EU", version), book.law("eu"), book.law("Eu", None), book.law("EU")]

    assert reads == ["eu.toml"]
    assert all(law is same[0] for law in same)


def test_the_list_of_laws_reads_each_pack_once(reads):
    assert all(line.warning is None for line in lawbook.laws(("CN",)))

    assert sorted(reads) == sorted(f"{code.lower()}.toml" for code in book.law_codes())


@pytest.mark.parametrize("code", book.law_codes())
def test_where_a_shipped_pack_applies_stands_in_the_head_of_its_file(code):
    assert packs.places_of(packs.LAWS / f"{code.lower()}.toml") == book.law(code).places


def test_a_ticket_with_a_place_is_told_of_its_laws_by_two_packs_and_no_more(desk, opened, reads):
    number = opened(place="DE")
    reads.clear()
    book.forget()
    with desk.read() as session:
        (hint,) = suggesting.suggestions(session, ticket_of(session, number))

    assert hint.what == "EU is the law of the place DE"
    assert set(reads) <= {"cn.toml", "eu.toml"}


def test_an_own_pack_that_is_wrong_is_told_beside_a_ticket_and_the_others_still_hold(
    desk, opened, own
):
    own("xx.toml", "places = [")
    text = (packs.LAWS / "jp.toml").read_text("utf-8")
    text = text.replace('code = "JP"', 'code = "YY"', 1).replace('["JP"]', '["NZ"]', 1)
    own("yy.toml", text)
    number = opened(place="NZ")
    with desk.read() as session:
        told = suggesting.suggestions(session, ticket_of(session, number))

    assert [(each.what, each.command) for each in told] == [
        ("YY is the law of the place NZ", f"dsr set {number} --law CN,YY"),
        ("xx.toml is wrong", "dsr law lint"),
    ]


def test_a_broken_pack_of_a_law_that_nobody_uses_stops_no_proposal(desk, opened, own):
    own("xx.toml", "nonsense = 1\n")
    number = opened(laws=("CN",))
    with desk.read() as session:
        ticket = ticket_of(session, number)
        ground = office.ground("H1")
        assert giving.typed_of(ground.cited["zh"], ground, ticket) == ""
        assert giving.typed_of("《会计法》第二十三条", ground, ticket) == "《会计法》第二十三条"

    with pytest.raises(ConfigError, match=r"xx\.toml"):
        [*citations.known(ground, {"XX": "2026-11-23"})]


# ---- what a pack must hold, lest letters cite another law or the monitor stand still ---------


def bare(*tables: str) -> str:
    """Return the pack of a new law XX without some of its tables and keys."""
    text = (packs.LAWS / "jp.toml").read_text("utf-8").replace('code = "JP"', 'code = "XX"', 1)
    parts = re.split(r"^(?=\[)", text, flags=re.MULTILINE)
    names = [re.match(r"\[+([a-z_]+)", part) for part in parts]
    kept = [p for p, n in zip(parts, names, strict=True) if not (n and n[1] in tables)]
    keys = "|".join(tables)
    return re.sub(rf"^({keys}) = .*\n", "", "".join(kept), flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        (["rights"], "rights.access: is missing"),
        (["grounds"], "grounds.H1: is missing"),
        (["receipt"], "receipt: is missing"),
        (["identity"], "identity: is missing"),
        (["acknowledge"], "acknowledge: is missing"),
        (["zone"], "zone: is missing"),
        (["tiers"], "tiers: the first is of what is late"),
    ],
)
def test_the_check_of_a_pack_misses_what_letters_and_the_monitor_need(own, tables, says):
    assert said(own("xx.toml", bare())) == ""
    assert says in said(own("xx.toml", bare(*tables)))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("days_left = 3", "days_left = 0", "tiers: each has its own code"),
        ('code = "soon"', 'code = "due"', "tiers: each has its own code"),
        ("days_left = -1", "days_left = 1", "tiers: the first is of what is late"),
        ('needs = ["remedies"]', 'needs = ["items"]', "none needs remedies"),
        ('needs = ["items.reason"]', 'needs = ["items"]', "none needs items.reason"),
        ('letters = ["access"]', "letters = []", "letter_duties.1.letters: is missing"),
        ("[minors.adult_from]\nyears = 18", "[minors.adult_from]\nyears = 8", "minors: guardian"),
        ("[rights]", '[bases]\nwhim = { en = "x", zh = "x" }\n[rights]', "bases.whim"),
    ],
)
def test_the_check_of_a_pack_tells_what_contradicts_itself(own, old, new, says):
    text = bare()
    assert old in text
    assert says in said(own("xx.toml", text.replace(old, new)))


def test_a_pack_whose_examples_a_child_could_count_proves_nothing(own):
    text = bare()
    text = text[: text.index("[[examples]]")]
    text += '[[examples]]\ntext = "x"\nkind = "access"\nfacts = { received_on = 2026-03-02 }\n'
    text += "expect = { due_nominal_on = 2026-03-16, due_legal_on = 2026-03-16 }\n"

    assert "examples: each comes out right by counting mere days" in said(own("xx.toml", text))


def faults(place: Path) -> dict[str, str]:
    return {f.key: f.hint for f in pack_checks.faults_of(place, languages(), held_by_letters())}


def test_a_hint_is_what_is_typed_and_no_citation_of_another_law(own):
    text = (packs.LAWS / "eu.toml").read_text("utf-8")
    text = text.replace(f'version = "{SHIPPED}"', override(), 1)
    at = text.index("[clocks.act_by]")
    without = text[:at] + text[text.index("[[clocks]]", at) :]
    hint = faults(own("eu.toml", without))["clocks.2.act_by"]
    assert hint == '[clocks.act_by] amount = 1, unit = "working_days", citation, certainty'

    pieces = '[[clocks]]\nkinds = ["copy"]\n[clocks.period]\nunit = "days"\n'
    found = faults(own("yy.toml", pieces))
    assert found["clocks.1.period.amount"] == "amount = 1"
    assert found["clocks.1.period.citation"] == 'citation = "..."'
    assert found["clocks.1.mode"].startswith('mode = "no_pause" | "')
    assert found["counting"] == "[counting] citation, certainty"
    assert found["names"] == 'names = { en = "...", zh = "..." }'
    assert found["refusal_duties"] == "[[refusal_duties]] code, text, citation, certainty"
    assert found["version"] == 'version = "..."'


PINNED = Path(__file__).parents[1] / "golden" / "packs.json"


def test_a_shipped_pack_that_says_something_else_has_another_version():
    """Tickets pin a version: what they were worked by must be found again as it was."""
    now = {}
    for place in packs.pack_files(packs.LAWS):
        content = json.dumps(tomllib.loads(place.read_text("utf-8")), sort_keys=True, default=str)
        law = packs.read_law(place)
        now[f"{law.code}@{law.version}"] = hashlib.sha256(content.encode()).hexdigest()
    if not PINNED.exists():
        PINNED.write_text(json.dumps(now, indent=1) + "\n", "utf-8")
        pytest.fail("wrote tests/golden/packs.json: run again")
    for pinned, digest in json.loads(PINNED.read_text("utf-8")).items():
        assert now.get(pinned) == digest, (
            f"{pinned} says something else: give it a new version and keep the old file beside it"
        )
    assert set(now) <= set(json.loads(PINNED.read_text("utf-8"))), (
        "a new pack or version: delete tests/golden/packs.json and run again"
    )
