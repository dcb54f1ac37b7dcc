"""Letters of real decisions, whole: several grounds, several laws, and a ground not to be told."""

import re
from io import BytesIO

import pytest

from dsr.domain.vocabulary import Kind, LetterName, Outcome, Proposal, TaskKind, TaskState
from dsr.letters import printed
from dsr.letters.compose import compose, template_hash
from dsr.letters.forms import Form, in_form
from dsr.rules import citations, office
from dsr.services.facts import items_of
from dsr.services.letter_facts import facts_for
from dsr.services.letters import LetterRequest, answer_letter
from dsr.services.restricting import stopped_places
from dsr.services.steps import ticket_of
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.work import TaskRow

LANGUAGES = ("en", "zh")
#: What would tell somebody that an authority is after him, in either language.
TELLING = [
    *("criminal", "investigat", "prosecut", "judgment", "police", "public security", "suspect"),
    *("national security", "state security", "defence", "defense", "5.8(b)", "5.8(d)", "secrecy"),
    *("23(1)", "H2", "H4", "刑事", "侦查", "公诉", "审判", "公安", "警方", "检察", "立案", "嫌疑"),
    *("国家安全", "国防", "第5.8条(b)", "第5.8条(d)", "保密", "第二十三条第一款"),
]
OFFICER_ONLY = (
    "case 2026-77",
    "《刑事诉讼法》第五十四条",
    "until the trial ends",
    "ask the bureau",
)


@pytest.fixture
def decided(desk, opened):
    """Return what opens a ticket and writes decisions on its items; it gives the letter."""

    def decide(kind, rows, *, name=None, language="en", read_in=None, **changes):
        number = opened(kind, language=language, **changes)
        with desk.write() as step:
            ticket = ticket_of(step.session, number)
            for at, (label, proposal, code, said) in enumerate(rows, start=1):
                values = _values(ticket, code) | said
                row = {"ticket": number, "number": at, "label": label, "proposal": proposal}
                step.session.add(ItemRow(**row, **values))
            step.session.flush()
            if stopped_places(ticket, items_of(step.session, number)):
                step.session.add(_stopped(number, desk.today()))
        with desk.read() as session:
            ticket = ticket_of(session, number)
            name = name or answer_letter(ticket, Outcome.REFUSED)
            request = LetterRequest(name, language=read_in)
            facts = facts_for(session, desk, ticket, request=request, today=desk.today())
        return compose(name, read_in or language, facts)

    return decide


def _stopped(number, day):
    """Return the work that was done before such a letter goes out: nothing else uses what stays."""
    task = TaskRow(ticket=number, number=1, kind=TaskKind.STOP_USE, target="office", label="x")
    task.state, task.done_on = TaskState.DONE, day
    return task


def _values(ticket, code):
    if not code:
        return {"evidence": []}
    ground = office.ground(code)
    reason = ground.tell["zh" if ticket.language == "zh" else "en"]
    texts = citations.grounds(ground, ticket.laws, "CN")
    cited = citations.one_text(texts, ticket.language)
    return {"ground": code, "evidence": ["a note"], "reason": reason, "citation": cited}


def several(language):
    zh = language == "zh"
    return [
        (
            "发票及付款记录" if zh else "Invoices and payments",
            Proposal.KEEP,
            "K1",
            {
                "citation": "《税收征收管理法实施细则》第二十九条"
                if zh
                else "Implementation Rules of the Tax Collection Law, Article 29",
                "until_when": "凭证保存满十年之日" if zh else "ten years after each invoice",
            },
        ),
        (
            "账号的实名认证记录" if zh else "Record of the real-name check",
            Proposal.REFUSE,
            "H1",
            {
                "citation": "《网络安全法》第二十六条" if zh else "Cybersecurity Law, Article 26",
                "until_when": "账号注销之日" if zh else "the account is cancelled",
            },
        ),
        (
            "备份磁带中的通话录音" if zh else "Call recordings on backup tapes",
            Proposal.KEEP,
            "S2",
            {
                "alternative": "磁带到期时销毁"
                if zh
                else "the tapes are destroyed when they expire",
                "until_when": "磁带到期之日" if zh else "the tapes expire",
            },
        ),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_on_several_grounds_reads_as_its_golden_file(language, decided, matches_golden):
    letter = decided(Kind.DELETION, several(language), language=language, laws=("CN",))
    assert matches_golden(language, "refusal_several_grounds", letter)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_under_three_laws_has_the_remedies_and_sentences_of_each(
    language, decided, matches_golden
):
    rows = [("订单" if language == "zh" else "Orders", Proposal.GRANT, "", {})]
    rows += several(language)[:1]
    letter = decided(
        Kind.CORRECTION,
        [(*rows[0][:3], {"old": "A", "new": "B"}), _record(language)],
        name=LetterName.CORRECTION,
        language=language,
        laws=("CN", "EU", "UK"),
    )
    assert matches_golden(language, "correction_cn_eu_uk", letter)
    said = {"en": ("people's court", "Article 77", "ICO"), "zh": ("人民法院", "第七十七条", "ICO")}
    for words in said[language][:2]:
        assert words in letter.text


def _record(language):
    zh = language == "zh"
    label = "2026年3月的发票抬头" if zh else "Name on the invoice of March 2026"
    statement = "将您的说明与该发票一并保存" if zh else "your statement is kept with the invoice"
    return (label, Proposal.REFUSE, "N7", {"alternative": statement})


def quiet(code):
    case, law, until, instead = OFFICER_ONLY
    return {
        "internal_reason": case,
        "citation": law,
        "until_when": until,
        "alternative": instead,
        "evidence": [case],
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("laws", [("CN",), ("CN", "EU", "UK")])
@pytest.mark.parametrize("kind", [Kind.ACCESS, Kind.COPY, Kind.DELETION, Kind.EXPLANATION])
def test_a_ground_that_must_not_be_told_is_not_in_any_form_of_the_letter(
    kind, laws, language, decided
):
    label = "信息" if language == "zh" else "records"
    letters = {
        code: decided(
            kind, [(label, Proposal.REFUSE, code, quiet(code))], language=language, laws=laws
        )
        for code in ("H2", "H4")
    }
    for letter in letters.values():
        words = (letter.subject, letter.text)
        forms = [
            in_form(f, words, language=language, sha256="0" * 64) for f in (Form.TEXT, Form.HTML)
        ]
        page = re.sub(r"<style>.*</style>|</?h2[^>]*>", "", forms[1].decode(), flags=re.DOTALL)
        for said in (letter.subject, forms[0].decode(), page, _printed(forms[1])):
            flat = re.sub(r"\s+", "" if language == "zh" else " ", said).casefold()
            found = [word for word in (*TELLING, *OFFICER_ONLY) if word.casefold() in flat]
            assert found == []
    assert len({re.sub(r"DSR-\d+", "", each.text) for each in letters.values()}) == 1


def _printed(html):
    if printed.lacking() is not None:
        return ""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(printed.pdf(html)))
    pages = "".join(page.extract_text() for page in reader.pages)
    return f"{pages}{reader.metadata}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_for_a_criminal_matter_reads_as_its_golden_file(
    language, decided, matches_golden
):
    label = "个人信息" if language == "zh" else "personal information"
    row = (label, Proposal.REFUSE, "H4", quiet("H4"))
    letter = decided(Kind.ACCESS, [row], language=language, laws=("CN",))
    assert matches_golden(language, "refusal_quiet", letter)


def test_an_approver_reads_a_letter_in_his_own_language_whole(decided):
    rows = [
        ("删除", Proposal.KEEP, "K1", {"until_when": "X-1"}),
        ("删除", Proposal.REFUSE, "H3", {}),
        ("删除", Proposal.REFUSE, "S1", {"alternative": "X-2"}),
    ]
    letter = decided(Kind.DELETION, rows, language="zh", read_in="en", laws=("CN", "EU"))
    ours = letter.text.split("Our decision, part by part")[1].split("If you are not satisfied")[0]
    assert not re.search("[\u4e00-\u9fff]", ours)
    back = decided(
        Kind.DELETION,
        [("deletion", *row[1:]) for row in rows],
        language="en",
        read_in="zh",
        laws=("CN", "EU"),
    )
    ours = back.text.split("【逐项处理决定】")[1].split("【异议与救济】")[0]
    assert not re.search("[A-Za-z]{5,}", ours.replace("X-1", "").replace("GB/T", ""))
    assert template_hash(LetterName.REFUSAL, "zh") == back.template_sha256
