"""How texts are read: tried, taught, measured."""

import json
import shlex
import tomllib

import pytest

LABELLED = """
language = "en"

[[texts]]
text = "Please delete all my personal data."
kinds = ["deletion"]

[[texts]]
text = "Please yeet me from your books for good."
kinds = ["deletion"]

[[texts]]
text = "Please send me a copy of my personal data, and delete it then."
kinds = ["copy"]
also = ["deletion"]

[[texts]]
text = "The meeting moves to Thursday."
"""


@pytest.fixture
def own(walk, tmp_path):
    """Return an office with a folder of rules of its own."""
    (tmp_path / "rules").mkdir()
    walk.run.variables["DSR_RULES_FOLDER"] = str(tmp_path / "rules")
    return walk


def tried(walk, text, *words):
    return json.loads(walk(" ".join(("rules try - -o json", *words)), input=text).stdout)


def test_a_text_is_shown_with_the_words_that_decide(walk):
    read = tried(walk, "Hello,\nplease delete all my personal data. Thanks")
    [span] = read["spans"]
    assert (span["kind"], read["language"]) == ("deletion", "en")
    assert read["text"][span["start"] :].startswith(span["words"])
    shown = walk("rules try -", input="Please delete all my personal data.")
    assert f"»{span['words']}«" in shown.stdout
    assert walk.json("inbox") == []


def test_a_mail_is_read_with_its_headers(walk, tmp_path):
    mail = tmp_path / "mail.eml"
    head = "From: Ann <ann@example.com>\nSubject: =?utf-8?b?5Yig6Zmk?=\nContent-Type: text/plain"
    text = "请删除我的全部个人信息。"
    mail.write_bytes(f"{head}; charset=gb2312\n\n".encode() + text.encode("gb18030"))
    read = walk.json(f"rules try @{mail} --mail")
    assert (read["subject"], read["language"]) == ("删除", "zh-Hans")
    assert [each["kind"] for each in read["spans"]] == ["deletion"]


def test_a_text_never_stands_in_the_command_line(walk):
    assert "others can see" in walk('rules try "delete my data"', exits=2).stderr


def test_a_phrase_is_taught_and_found_from_then_on(own, tmp_path):
    text = "Dear all, please yeet me from your books for good."
    assert tried(own, text)["spans"] == []
    added = own.json('rules add deletion "yeet me from your books"')
    assert added["file"] == str(tmp_path / "rules" / "phrases" / "en.toml")
    own('rules add withdrawal "spare me the glossies" --scope marketing')

    [span] = tried(own, text)["spans"]
    assert (span["kind"], span["words"]) == ("deletion", "yeet me from your books")
    [other] = tried(own, "Spare me the glossies!")["spans"]
    assert (other["kind"], other["scope"]) == ("withdrawal", "marketing")
    (tmp_path / "mail.eml").write_text(f"From: ann@example.com\nSubject: hello\n\n{text}\n")
    [arrived] = own.json(f"import {tmp_path / 'mail.eml'}")
    assert arrived["tickets"] == [{"number": 1, "kind": "deletion"}]
    assert tried(own, "Please delete all my personal data.")["spans"]  # what was known stays known


def test_what_cannot_be_taught_is_refused_and_nothing_is_written(own, walk, tmp_path):
    assert "is read as deletion" in own('rules add deletion "delete my data"', exits=5).stderr
    assert "no word" in own('rules add deletion "?!"', exits=6).stderr
    assert "no phrases" in own('rules add deletion "raderi" --language eo', exits=7).stderr
    assert "--scope" in own('rules add withdrawal "enough"', exits=2).stderr
    assert not (tmp_path / "rules" / "phrases").exists()
    del walk.run.variables["DSR_RULES_FOLDER"]
    assert "rules_folder" in own('rules add deletion "yeet me"', exits=7).stderr


SMALL = {
    "en": ("erase", "of the you"),
    "zh": ("删", "我们您"),
}


@pytest.mark.parametrize(("language", "phrase"), [(c, p) for c, two in SMALL.items() for p in two])
def test_a_phrase_that_says_too_little_is_refused(own, tmp_path, language, phrase):
    short = phrase[:3] if language == "en" and " " not in phrase else phrase
    ended = own(f'rules add access "{short}" --language {language}', exits=6)
    assert "shorter than 4 letters" in ended.stderr or "small words" in ended.stderr
    assert not (tmp_path / "rules" / "phrases").exists()


BUSINESS = [
    ("en", "deletion", "the order"),
    ("en", "deletion", "please send invoice"),
    ("en", "copy", "please send me the minutes"),
    ("en", "deletion", "please pay the invoice"),
    ("en", "deletion", "the ledger on Friday"),
    ("de", "deletion", "bitte senden Sie die Rechnung"),
    ("fr", "copy", "envoyez la facture"),
    ("zh", "deletion", "请发送发票"),
    ("ja", "deletion", "注文書を送って"),
    ("ko", "deletion", "영수증 보내 주세요"),
]


@pytest.mark.parametrize(("language", "kind", "phrase"), BUSINESS)
def test_a_phrase_that_any_letter_about_business_has_is_refused(
    own, tmp_path, language, kind, phrase
):
    ended = own(f"rules add {kind} {shlex.quote(phrase)} --language {language}", exits=6)
    assert "say more" in ended.stderr
    assert not (tmp_path / "rules" / "phrases").exists()


TOLD = [
    ("en", "deletion", "Scratch me out of your ledger"),
    ("en", "withdrawal --scope marketing", "spare me the glossies"),
    ("en", "deletion", "vaporise what your invoices say about me"),
    ("de", "deletion", "raus aus der Kartei"),
    ("zh", "deletion", "划掉"),
    ("ko", "deletion", "저를 지워"),
]


@pytest.mark.parametrize(("language", "kind", "phrase"), TOLD)
def test_a_phrase_is_listed_and_taken_back_as_it_was_taught(own, language, kind, phrase):
    own(f"rules add {kind} {shlex.quote(phrase)} --language {language}")
    assert [each["phrase"] for each in own.json("rules list")] == [phrase]
    own(f"rules remove {language} {shlex.quote(own.json('rules list')[0]['phrase'])}")
    assert own.json("rules list") == []


def test_a_phrase_written_by_hand_is_listed_as_it_stands(own, tmp_path):
    file = tmp_path / "rules" / "phrases" / "en.toml"
    file.parent.mkdir()
    file.write_text(
        'language = "en"\n[[patterns]]\nkind = "deletion"\nany = ["<delete> ~ \'my file\'"]\n'
    )
    assert [each["phrase"] for each in own.json("rules list")] == ["<delete> ~ 'my file"]


def test_a_phrase_by_which_a_newsletter_would_ask_is_refused_with_the_text(own, tmp_path):
    silent = "Thursday at noon"
    own_file = tmp_path / "rules" / "phrases" / "en.toml"
    own_file.parent.mkdir()
    own_file.write_text(
        f'language = "en"\n[[examples]]\ntext = "We all meet {silent}, as ever."\nkinds = []\n'
    )
    before = own_file.read_text()
    ended = own(f'rules add deletion "meet {silent}"', exits=6)
    assert f"We all meet {silent}, as ever." in ended.stderr
    assert own_file.read_text() == before
    assert [each.name for each in own_file.parent.iterdir()] == ["en.toml"]


def test_a_phrase_is_taught_by_a_handler_or_admin_and_the_trail_says_so(own, tmp_path):
    refused = own('rules add deletion "yeet me from your books" --as zhao', exits=4)
    assert "is no handler" in refused.stderr
    assert not (tmp_path / "rules" / "phrases").exists()
    own('rules add withdrawal "spare me the glossies" --scope marketing')
    (body,) = own.rows("select body from event where action = 'phrase_added'")
    facts = json.loads(body)["facts"]
    assert facts == {"language": "en", "kind": "withdrawal", "scope": "marketing"}
    own.sound()


def test_own_phrases_are_listed_and_taken_back(own, tmp_path):
    own('rules add deletion "yeet me from your books"')
    own('rules add withdrawal "spare me the glossies" --scope marketing')
    listed = {(each["phrase"], each["kind"], each["scope"]) for each in own.json("rules list")}
    assert listed == {
        ("yeet me from your books", "deletion", None),
        ("spare me the glossies", "withdrawal", "marketing"),
    }
    file = tmp_path / "rules" / "phrases" / "en.toml"
    before = file.read_text()
    dry = own('rules remove en "yeet me from your books" --dry-run')
    assert "nothing was kept" in dry.stderr
    assert file.read_text() == before

    own('rules remove en "yeet me from your books" --as zhao', exits=4)
    own('rules remove en "yeet me from your books"')
    assert [each["phrase"] for each in own.json("rules list")] == ["spare me the glossies"]
    assert tried(own, "Please yeet me from your books.")["spans"] == []
    assert "rules list" in own('rules remove en "yeet me from your books"', exits=3).stderr
    assert own.rows("select count(*) from event where action = 'phrase_removed'") == [1]


@pytest.mark.parametrize(
    "phrase", ['yeet "me" from [[books]]', "yeet the client's \\u0041 \x1b[31m ledger"]
)
def test_a_phrase_is_words_whatever_else_it_holds(own, tmp_path, phrase):
    own(f"rules add deletion {shlex.quote(phrase)}")
    file = tmp_path / "rules" / "phrases" / "en.toml"
    written = tomllib.loads(file.read_text(encoding="utf-8"))
    assert [(each["kind"], each["free"]) for each in written["patterns"]] == [("deletion", True)]
    assert len(written["examples"]) == 1
    own(f"rules remove en {shlex.quote(phrase)}")
    assert own.json("rules list") == []


def test_a_phrase_of_several_lines_writes_no_lines_of_its_own(own, tmp_path):
    phrase = shlex.quote("yeet it\nkind = 'copy'\n[[patterns]]")
    assert "would not be found" in own(f"rules add deletion {phrase}", exits=7).stderr
    assert not (tmp_path / "rules" / "phrases").exists()


def test_a_dry_run_teaches_nothing(own, tmp_path):
    assert "nothing was kept" in own('rules add deletion "yeet me now" --dry-run').stderr
    assert not (tmp_path / "rules" / "phrases").exists()


def test_quality_is_counted_by_kind(own, tmp_path):
    (tmp_path / "texts.toml").write_text(LABELLED, encoding="utf-8")
    lines = {each["kind"]: each for each in own.json(f"rules quality {tmp_path}/texts.toml")}
    deletion = lines["deletion"]
    assert (deletion["texts"], deletion["found"], deletion["wrong"]) == (2, 1, 0)
    assert (deletion["precision"], deletion["recall"]) == (1.0, 0.5)
    assert (lines["copy"]["recall"], lines["noticed"]["texts"]) == (1.0, 3)
    assert lines["opened by mistake"]["wrong"] == 0

    own('rules add deletion "yeet me from your books"')
    again = {each["kind"]: each for each in own.json(f"rules quality {tmp_path}/texts.toml")}
    assert again["deletion"]["recall"] == 1.0


def test_a_wrong_file_of_texts_is_named(own, tmp_path):
    (tmp_path / "texts.toml").write_text('language = "en"\ntext = []\n', encoding="utf-8")
    ended = own(f"rules quality {tmp_path}/texts.toml", exits=7)
    assert "texts.toml" in ended.stderr
