"""Letters in Japanese and Korean, none of them in the phrase files: what the rules make of them."""

import pytest

from dsr.domain.vocabulary import IdentifierType, RequesterRole
from dsr.intake.classify import classify
from dsr.rules.phrases import load


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("メルマガの配信を止めてください。", "marketing"),
        ("個人情報の利用への同意を撤回します。", "consent"),
        ("私の個人データの第三者提供をやめてください。", "objection"),
        ("クッキーによるトラッキングを停止してください。", "cookies"),
        ("광고 메일 수신을 거부합니다.", "marketing"),
        ("개인정보 이용 동의를 철회합니다.", "consent"),
        ("제 개인정보 처리정지를 요구합니다.", "objection"),
        ("쿠키 동의를 철회하고 싶습니다.", "cookies"),
    ],
)
def test_a_withdrawal_has_its_scope(text, scope):
    (found,) = classify("", text, "", load()).opens
    assert found.scope == scope


@pytest.mark.parametrize(
    ("text", "kind", "cited"),
    [
        ("個人情報の保護に関する法律第三十三条第1項により請求する。", "access", "Art. 33 APPI"),
        ("個人情報保護法28条に基づき請求いたします。", "access", "Art. 28 APPI"),
        ("個人情報保護法第34条に基づき請求いたします。", "correction", "Art. 34 APPI"),
        ("개인정보 보호법 제35조 제1항에 따라 요구합니다.", "access", "Art. 35 PIPA"),
        ("개인정보보호법 제35조의2에 따라 요구합니다.", "copy", "Art. 35-2 PIPA"),
        ("개인정보 보호법 제37조의2에 따라 요구합니다.", "review", "Art. 37-2 PIPA"),
    ],
)
def test_an_article_of_the_own_law_says_the_right(text, kind, cited):
    found = classify("", text, "", load())
    assert [str(one.kind) for one in found.opens] == [kind]
    assert any(cited in reason for reason in found.reasons)


def test_an_article_of_two_rights_leaves_the_verb_to_tell():
    said = "개인정보 보호법 제36조에 따라 제 주소를 정정해 주세요."
    assert [str(one.kind) for one in classify("", said, "", load()).opens] == ["correction"]
    assert not classify("", "개인정보 보호법 제36조에 따라 요구합니다.", "", load()).opens


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("亡父の個人情報を削除してください。相続人です。", RequesterRole.NEAR_RELATIVE),
        ("親権者です。娘の個人情報を削除してください。", RequesterRole.GUARDIAN),
        ("代理人として、依頼人の個人情報の開示を請求します。", RequesterRole.AGENT),
        ("돌아가신 아버지의 개인정보를 삭제해 주세요.", RequesterRole.NEAR_RELATIVE),
        ("보호자입니다. 제 아이의 개인정보를 삭제해 주세요.", RequesterRole.GUARDIAN),
        ("위임장을 첨부합니다. 의뢰인의 개인정보 열람을 요구합니다.", RequesterRole.AGENT),
        ("제 개인정보를 삭제해 주세요.", RequesterRole.SUBJECT),
    ],
)
def test_the_words_show_who_writes(text, role):
    assert classify("", text, "", load()).role is role


@pytest.mark.parametrize(
    "text",
    [
        "先月、個人情報の削除を依頼しましたが、まだ返信がありません。",
        "지난달에 개인정보 삭제를 요청했는데 아직 답변이 없습니다.",
    ],
)
def test_a_reminder_is_told_from_a_new_request(text):
    found = classify("", text, "", load())
    assert [str(one.kind) for one in found.opens] == ["deletion"]
    assert found.follow_up


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("会員番号はA-20993です。退会します。", "a-20993"),
        ("회원번호는 77881입니다. 탈퇴 요청합니다.", "77881"),
        ("아이디: minji_88 탈퇴 부탁드립니다.", "minji_88"),
    ],
)
def test_a_label_names_the_account(text, value):
    found = classify("", text, "", load())
    assert (IdentifierType.ACCOUNT, value) in found.identifiers


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("请删除我的个人信息。", "zh"),
        ("依據個人資料保護法，請刪除我的個人資料・謝謝。", "zh"),
        ("请删除我的个人信息。我很喜欢优の良品的零食，但不想再留资料了。", "zh"),
        ("個人情報削除請求書\n\n私の個人情報を削除してください。", "ja"),
    ],
)
def test_chinese_and_japanese_are_not_read_as_each_other(text, language):
    assert {one.language for one in classify("", text, "", load()).kinds} == {language}


def test_a_letter_in_both_languages_is_read_in_both():
    text = "请删除我的全部个人信息，谢谢你们的帮助与配合。\n\n私の個人情報を削除してください。"
    found = classify("", text, "", load())
    assert [str(one.kind) for one in found.opens] == ["deletion"]


@pytest.mark.parametrize(
    "text",
    [
        "貴社が保有する私の個人情報を\n削除してください。",
        "귀사가 보유하고 있는 제 개인정보를\n삭제해 주시기 바랍니다.",
    ],
)
def test_a_line_that_ends_in_a_particle_goes_on(text):
    (found,) = classify("", text, "", load()).opens
    assert "\n" in found.span


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("また営業の電話が来ました。もう一切かけないでもらいたい。", "withdrawal"),
        ("영업 전화가 계속 옵니다. 다시는 걸지 마세요.", "withdrawal"),
        ("登録の名前が「渡邊」になってます。直してください。", "correction"),
        ("저희 아들 나온 영상이 올라갔어요. 당장 삭제해 주세요.", "deletion"),
    ],
)
def test_a_bare_wish_is_about_what_the_sentence_before_names(text, kind):
    assert [str(one.kind) for one in classify("", text, "", load()).opens] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "担当者に確認してください。",
        "担当の方に見積もりを確認していただけますか。",
        "담당자님이 다시 확인해 주시면 감사하겠습니다.",
        "AI가 작성한 초안입니다. 담당자가 검토해 주세요.",
    ],
)
def test_work_that_somebody_is_to_look_at_is_no_decision_to_review(text):
    assert not classify("", text, "", load()).opens


def test_what_stands_behind_a_korean_blank_takes_back_what_stands_before_it():
    assert not classify("[중요] 계정 정지 예정 안내", "", "", load()).opens
    (found,) = classify("계정 정지 요청", "", "", load()).opens
    assert found.kind == "cancellation"


@pytest.mark.parametrize(
    "lines",
    [
        (
            "次の二点をお願いします。",
            "(1)私の回答データをすべて開示すること",
            "(2)開示が終わりましたら、当該データをすべて廃棄すること",
            "証明書もお送りください。",
        ),
        (
            "두 가지를 요청드립니다.",
            "가. 저의 응답 자료를 모두 열람하게 해 주실 것",
            "나. 열람이 끝난 뒤에는 위 자료를 하나도 빠짐없이 폐기할 것",
            "확인서도 보내 주세요.",
        ),
    ],
)
def test_a_verb_at_the_end_of_a_line_has_the_object_of_the_item_above(lines):
    kinds = {str(one.kind) for one in classify("", "\n".join(lines), "", load()).opens}
    assert kinds == {"access", "deletion"}
