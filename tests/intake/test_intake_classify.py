import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr.domain.vocabulary import IdentifierType, Kind, RequesterRole, Scope
from dsr.intake.classify import Finding, classify
from dsr.intake.identifiers import identifiers_in
from dsr.intake.language import language_of
from dsr.intake.page import Page
from dsr.rules.folding import fold
from dsr.rules.phrases import load


@pytest.fixture(scope="session")
def judged(phrases):
    def judge(text: str, subject: str = "", quoted: str = "") -> Finding:
        return classify(subject, text, quoted, phrases)

    return judge


def kinds(found: Finding) -> set[str]:
    return {str(one.kind) for one in found.opens}


# ---- what is asked


def test_what_decided_is_quoted_from_the_text_itself(judged):
    text = "Dear team,\nI ask you again, for the third time: ＰＬＥＡＳＥ delete\nMy Personal Data!"
    (found,) = judged(text).opens
    assert found.span == "delete\nMy Personal Data"
    assert found.span in text


def test_traditional_characters_are_read_and_quoted_as_they_stand(judged):
    (found,) = judged("請刪除我的個人資料").opens
    assert found.span == "刪除我的個人資料"
    assert found.kind is Kind.DELETION


def test_a_wish_broken_over_two_lines_is_one_wish(judged):
    text = (
        "I have been a customer for many years and I hereby ask you to erase\nall my personal data."
    )
    assert kinds(judged(text)) == {"deletion"}


def test_two_short_lines_are_two_clauses(judged):
    assert kinds(judged("Please delete\n\nMy account is fine.")) == set()
    assert kinds(judged("Please delete\nMy account is fine.")) == set()


def test_the_subject_is_a_clause_of_its_own(judged):
    assert kinds(judged("Thank you.", subject="Delete my account")) == {"cancellation"}
    assert kinds(judged("my account is fine", subject="Please delete")) == set()


def test_the_subject_of_a_reply_is_ours_and_opens_nothing(judged):
    found = judged("Thanks for the offer.", subject="Re: Delete my account")
    assert kinds(found) == set()
    assert [one.confidence for one in found.kinds] == ["low"]


def test_a_heading_alone_asks_but_gives_way_to_the_text(judged):
    assert kinds(judged("", subject="Account deletion request")) == {"cancellation"}
    found = judged("Please delete all my data.", subject="Account deletion")
    assert kinds(found) == {"deletion"}


def test_a_wish_in_the_quoted_text_alone_opens_nothing(judged):
    found = judged("See below.", quoted="Please delete my data.")
    assert kinds(found) == set()
    assert found.kinds[0].confidence == "low"
    assert found.reasons[0] == "only in the quoted text"


def test_what_the_text_asks_is_not_mixed_with_what_it_quotes(judged):
    found = judged("Please send me a copy of my data.", quoted="Please delete my account.")
    assert kinds(found) == {"copy"}


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Stop sending me newsletters.", Scope.MARKETING),
        ("I withdraw my consent to marketing emails.", Scope.MARKETING),
        ("I withdraw my consent.", Scope.CONSENT),
        ("I object to the processing of my data.", Scope.OBJECTION),
        ("I withdraw my consent to cookies.", Scope.COOKIES),
        ("我撤回同意。", Scope.CONSENT),
        ("别再给我发广告短信。", Scope.MARKETING),
        ("请不要把我的信息提供给第三方。", Scope.OBJECTION),
    ],
)
def test_a_withdrawal_has_its_scope(judged, text, scope):
    assert [one.scope for one in judged(text).opens] == [scope]


def test_who_wants_deletion_wants_no_second_right_of_objection(judged):
    assert kinds(judged("請刪除本人之個人資料，並停止處理及利用。")) == {"deletion"}


def test_taking_an_address_off_a_list_deletes_nothing_else(judged):
    assert kinds(judged("Remove my email address from your mailing list.")) == {"withdrawal"}


def test_a_list_inherits_its_lead_in(judged):
    text = "I request the following:\n- deletion of my phone number\n- closure of account 5\n"
    assert kinds(judged(text)) == {"deletion", "cancellation"}


def test_a_list_of_rights_in_a_policy_inherits_nothing(judged):
    text = "Every firm has to grant you these rights:\n- right of access\n- right to erasure\n"
    assert kinds(judged(text)) == set()


def test_an_object_named_in_the_sentence_before_counts(judged):
    assert kinds(judged("My photo is on your page. Please remove it.")) == {"deletion"}
    assert kinds(judged("官网上有我的照片和手机号。请立即删除，谢谢。")) == {"deletion"}
    assert kinds(judged("The invoice is attached. Please delete it.")) == set()
    assert kinds(judged("My photo is nice. Please remove the second slide.")) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I make this request under Article 17 GDPR.", "deletion"),
        ("I hereby request what Art. 15(3) of the GDPR grants me.", "copy"),
        ("Ich stelle hiermit einen Antrag nach Art. 15 Abs. 3 DSGVO.", "copy"),
        ("Je fais valoir ma demande en vertu de l'article 17 du RGPD.", "deletion"),
        ("個人情報保護法第34条に基づき請求します。", "correction"),
        ("개인정보 보호법 제35조에 따라 요구합니다.", "access"),
        ("I exercise my right under section 1798.105 of the CCPA.", "deletion"),
        ("本人依据《个人信息保护法》第四十六条提出请求。", "correction"),
        ("我依個人信息保護法第二十四條提出請求。", "review"),
        ("我按照个保法第47条提出申请。", "deletion"),
    ],
)
def test_an_article_beside_its_law_says_which_right(judged, text, kind):
    assert kinds(judged(text)) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "I request what Article 17 of our contract says.",
        "I read about Article 17 GDPR yesterday.",
        "I ask about the existence of profiling, referred to in Article 22 GDPR.",
        "You have the right under Article 15 GDPR to request access.",
        "我请你看第四十七条。",
    ],
)
def test_an_article_without_law_or_wish_says_nothing(judged, text):
    assert kinds(judged(text)) == set()


@pytest.mark.parametrize(
    ("text", "follow_up"),
    [
        ("I sent you a request under Article 15 GDPR weeks ago.", True),
        ("Reminder: I asked you to delete my data two weeks ago.", True),
        ("This is my second request. Please delete my data now.", False),
        ("第三次写信了。请删除我的手机号。", False),
        ("Please delete my data.", False),
    ],
)
def test_a_reminder_is_told_from_a_new_wish(judged, text, follow_up):
    found = judged(text)
    assert found.follow_up is follow_up
    assert found.kinds


def test_threats_are_named_among_the_reasons_and_ask_for_nothing(judged):
    found = judged("Delete my data, otherwise I will lodge a complaint with the regulator.")
    assert kinds(found) == {"deletion"}
    assert "threatens with law or authority" in found.reasons
    assert kinds(judged("请删除我的手机号，否则我将向网信办投诉。")) == {"deletion"}


# ---- what is not asked


def test_papers_that_are_nobodys_data_are_business(judged):
    assert kinds(judged("请删除照片。")) == {"deletion"}
    assert kinds(judged("请删除合同里的照片。")) == set()


def test_an_essay_about_rights_opens_nothing(judged):
    text = (
        "Your rights. You see your rights. You can always ask a company what it knows. "
        "I want to show how you do it. "
        "Please delete my data, you may write to it. You have many rights and your data is yours. "
    ) * 15
    assert len(text) > 2000
    assert kinds(judged(text)) == set()


def test_a_footer_asks_for_nothing(judged):
    footer = "You are receiving this because you signed up. Unsubscribe here: https://x.example/u"
    assert not judged("Our new shoes are here!\n\n" + footer).kinds


def test_a_word_alone_unsubscribes(judged):
    assert kinds(judged("Unsubscribe")) == {"withdrawal"}
    assert kinds(judged("", subject="退订")) == {"withdrawal"}
    assert kinds(judged("TD")) == {"withdrawal"}


def test_privacy_in_the_air_makes_a_person_look(judged):
    found = judged("I am worried about my privacy, your shop had a data breach.")
    assert (found.smells, found.kinds) == (True, ())
    assert found.reasons == ("smells of privacy (en)",)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kérem a személyes adataim törlését.", "hu"),
        ("Hei, haluan että poistatte henkilötietoni.", "fi"),
        ("Tolong hapus data pribadi saya dari akun ini.", "id"),
    ],
)
def test_a_language_without_patterns_smells_and_opens_no_wrong_ticket(judged, text, language):
    found = judged(text)
    assert (found.language, found.smells, found.kinds) == (language, True, ())


def test_ordinary_mail_does_not_smell(judged):
    assert judged("The slides are attached. See you on Friday.") == Finding(language="en")


# ---- who, whose, in which language


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Please delete my data.", RequesterRole.SUBJECT),
        ("I am her father. Please delete my daughter's photos.", RequesterRole.GUARDIAN),
        ("My late father was your client. Please erase his data.", RequesterRole.NEAR_RELATIVE),
        ("We represent Ms Roe, power of attorney enclosed. Delete her data.", RequesterRole.AGENT),
        (
            "One of our users asks for deletion; delete his data as our processor.",
            RequesterRole.CLIENT,
        ),
        ("我是张同学的家长，请删除孩子的照片。", RequesterRole.GUARDIAN),
        ("家父已去世，请删除他的个人信息。", RequesterRole.NEAR_RELATIVE),
        ("受委托人委托，请删除其个人信息，授权委托书见附件。", RequesterRole.AGENT),
        ("The weather is fine.", RequesterRole.UNKNOWN),
    ],
)
def test_who_writes_is_seen(judged, text, role):
    assert judged(text).role is role


def test_another_persons_data_counts_only_where_somebody_may_speak_for_him(judged):
    assert kinds(judged("Please delete his photo.")) == set()
    assert kinds(judged("My father passed away. Please delete his photo.")) == {"deletion"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please delete my account.", "en"),
        ("请帮我注销账号", "zh-Hans"),
        ("請協助刪除帳號", "zh-Hant"),
        ("请删除我的 Acme Cloud account，谢谢", "zh-Hans"),
        ("Please delete the account of 张三, he is my client and wrote to you in March.", "en"),
        ("Bitte löschen Sie mein Konto.", "de"),
        ("Merci de supprimer mon compte.", "fr"),
        ("Quiero borrar mi cuenta, por favor.", "es"),
        ("Quero excluir minha conta, por favor.", "pt"),
        ("アカウントを削除してください。", "ja"),
        ("個人情報削除希望", "ja"),
        ("会員退会手続\n会員番号 12345", "ja"),
        ("第十届年会通知，希望尽快回复", "zh-Hans"),
        ("株式會社廣島的帳號，請刪除個資", "zh-Hant"),
        ("계정을 삭제해 주세요.", "ko"),
        ("Удалите мой аккаунт.", "ru"),
        ("Видаліть мій обліковий запис, її.", "uk"),
        ("12345", "und"),
        ("", "und"),
        ("mi fecha de nacimiento está mal en su sistema, nací en 1992", "es"),
        ("Denme de baja de esta lista de correo", "es"),
        ("不要再用我的照片做宣傳了", "zh-Hant"),
        ("生日寫成1980了啦，我是1990的", "zh-Hant"),
        ("我的生日写成1980了，我在你那里的", "zh-Hans"),
    ],
)
def test_the_language_is_told_even_of_one_line(phrases, text, language):
    assert language_of(text, phrases) == language


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("write to Ann.Roe@Example.org please", {(IdentifierType.EMAIL, "Ann.Roe@example.org")}),
        ("我的手机号是138 0000 5521。", {(IdentifierType.PHONE, "+8613800005521")}),
        ("call me: +44 20 7946 0958", {(IdentifierType.PHONE, "+442079460958")}),
        ("my user name is foo_bar", {(IdentifierType.ACCOUNT, "foo_bar")}),
        ("账号：foo88", {(IdentifierType.ACCOUNT, "foo88")}),
        ("customer number 229-118", {(IdentifierType.ACCOUNT, "229-118")}),
        ("about order #10233", {(IdentifierType.ORDER, "10233")}),
        ("订单号20260301", {(IdentifierType.ORDER, "20260301")}),
        ("account 13800005521", {(IdentifierType.PHONE, "+8613800005521")}),
        ("Sie erreichen mich unter Tel. 030 2325125", {(IdentifierType.PHONE, "+49302325125")}),
        ("Mon téléphone est le 01 42 68 53 00", {(IdentifierType.PHONE, "+33142685300")}),
        ("私の電話番号は 03-3581-5111 です", {(IdentifierType.PHONE, "+81335815111")}),
    ],
)
def test_what_names_a_person_is_found_in_its_one_form(phrases, text, found):
    lower = {(kind, value.lower()) for kind, value in identifiers_in(text, phrases)}
    assert lower == {(kind, value.lower()) for kind, value in found}


@pytest.mark.parametrize(
    "text",
    [
        "138****5521",
        "on 2026-03-05 at 10:00",
        "invoice 20260305001",
        "my account is old",
        "die Wohnung ist im Hotel 030 2325125",
        "in order to delete it",
        "my username was changed",
        "version 1.2.3.4.5.6.7",
        "IBAN DE89 3704 0044 0532 0130 00",
    ],
)
def test_other_numbers_and_words_name_nobody(phrases, text):
    assert identifiers_in(text, phrases) == ()


def test_who_writes_is_told_with_the_words_that_say_so(judged):
    found = judged("My  son's photo is on your page. I am Ann, please delete my son's photo.")
    assert found.role is RequesterRole.GUARDIAN
    assert 'role: guardian ("my son\'s")' in found.reasons


def test_a_term_does_not_go_on_behind_a_comma(judged):
    assert kinds(judged("请删除我的全部个人信息，处理完请邮件告诉我。")) == {"deletion"}


@pytest.mark.parametrize(
    "text",
    ["请删\n除我的个\n人信息", "请 删 除 我 的 个 人 信 息", "個人\n情報を削\n除してください"],
)
def test_words_torn_by_blanks_and_line_ends_are_whole(judged, text):
    assert kinds(judged(text.replace("\n", " "))) == {"deletion"}


def test_torn_words_before_a_wish_hide_it_not(judged):
    text = "你 们 好 ， 天 气 很 好 。" * 20 + "请删除我的个人信息。" + "谢谢。" * 9
    assert kinds(judged(text)) == {"deletion"}


def test_words_that_two_languages_share_are_read_in_the_one_that_is_written(judged):
    assert not judged("Could you remove me from the list of the meeting that you plan?").opens


def test_no_reason_repeats_a_personal_value(judged):
    found = judged("I am Ann Roe, ann@example.org, 13800005521. Please delete my data.")
    assert found.identifiers
    assert not any("ann" in reason.lower() or "138" in reason for reason in found.reasons)


# ---- bytes and time

BUDGET = 0.4  # seconds; measured: 0.16 at most


def some_terms(lexicon):
    """Yield a few terms of every group."""
    taken = Counter()
    for term, groups in lexicon.terms():
        if any(taken[group] < 3 for group in groups):
            taken.update(groups)
            yield " ".join(term).removesuffix("*")


TERMS = sorted({term for lexicon in load().lexicons.values() for term in some_terms(lexicon)})
PIECES = (
    st.sampled_from(TERMS)
    | st.sampled_from(
        ["GDPR", "Article 17", "within 30 days", "from", "to", "第四十七条", "。", "，"]
    )
    | st.sampled_from(["1. ", ":;.!?", "\n", " ", "  ", "ßİﬁ①", "\u202e", "\ud800", "'", "-", "“"])
)


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200))
def test_no_text_makes_it_raise_and_every_span_is_in_the_text(phrases, text):
    found = classify("", text, "", phrases)
    assert all(one.span in text for one in (*found.kinds, *found.stated))


@pytest.mark.parametrize(
    "text",
    [
        "please delete my " * 20_000,
        "delete my data, " * 20_000,
        "删除我的个人信息" * 20_000,
        "a" * 1_000_000,
        "Art. " * 100_000,
        "@" * 300_000,
        "1" * 300_000,
        "+1 " * 100_000,
        "\n" * 300_000,
        "account " * 50_000,
        "第" * 200_000,
        "if you want " * 20_000 + ";",
        "delete my " * 100_000,
        "deletemydata" * 20_000,
        "個人情報を削除してください" * 10_000,
        "제 개인정보를 삭제해 주세요 " * 10_000,
        "l'accès à mes données d'un compte " * 5_000,
        "correct my name from a to " * 10_000,
        "within 30 " * 10_000,
        "- delete my data\n" * 10_000,
        'from "' * 20_000,
    ],
    ids=lambda text: text[:12].strip() or "blank",
)
def test_a_crafted_text_costs_little(judged, text):
    start = time.process_time()
    judged(text)
    assert time.process_time() - start < BUDGET


def test_what_lies_beyond_the_first_twenty_thousand_characters_is_not_read(judged):
    assert not judged("word " * 5_000 + "Please delete my data.").kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("個人情報削除希望", Kind.DELETION),
        ("退会希望\n会員番号 12345\n山田太郎", Kind.CANCELLATION),
        ("個人情報開示請求書\n氏名 山田太郎", Kind.ACCESS),
    ],
)
def test_a_japanese_text_without_kana_is_read_as_japanese(text, kind):
    found = classify("", text, "", load())
    assert [one.kind for one in found.kinds] == [kind]
    assert {one.language for one in found.kinds} == {"ja"}


# ---- what stands before


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("My payslips are still there. It all came to nothing. Could you delete them?", "deletion"),
        ("You hold my payslips. It was June. We never met. Please delete them.", "deletion"),
        ("我的照片还在你们网站上。活动早就结束了。请尽快删除。", "deletion"),
        ("Ni har ett foto av mig. Det är inte trevligt. Kan ni ta bort det?", "deletion"),
        ("Imate moju fotografiju. To nije lijepo. Molim obrišite je.", "deletion"),
        ("Έχετε τη φωτογραφία μου. Δεν είναι ωραίο. Παρακαλώ διαγράψτε την.", "deletion"),
        ("Aveți fotografia mea. Nu e frumos. Vă rog ștergeți-o.", "deletion"),
        ("Fotoğrafım sizde. Bu hoş değil. Lütfen silin.", "deletion"),
        ("Haben Sie noch mein Foto? Das ist nicht schön. Bitte löschen Sie es.", "deletion"),
        ("Vous avez ma photo. Ce n'est pas bien. Merci de la supprimer.", "deletion"),
        ("Tenéis mi foto.\n\nNo está bien.\n\nPor favor, bórrenla.", "deletion"),
        ("Máte mou fotku. To není hezké. Prosím smažte ji.", "deletion"),
        ("У вас моя фотография. Это неприятно. Прошу удалить её.", "deletion"),
        ("Macie moje zdjęcie. To nieładnie. Proszę je usunąć.", "deletion"),
    ],
)
def test_it_is_what_one_of_the_three_clauses_before_names(judged, text, kind):
    assert kind in kinds(judged(text))


@pytest.mark.parametrize(
    "text",
    [
        "You hold my payslips. It was June. We never met. He rang. Please delete them.",
        "My payslips are there. The invoice is wrong. Please delete it.",
    ],
)
def test_it_is_nothing_further_away_nor_beyond_a_paper_of_business(judged, text):
    assert not kinds(judged(text))


def test_a_wish_is_heard_inside_a_longer_term_but_not_inside_another_character_s_word(phrases):
    def groups(text, language):
        page = Page(text, fold(text, phrases.script), 0, phrases)
        lexicon = phrases.lexicons[language]
        return page.found(page.clauses(0)[0][0], lexicon).groups

    term = next(
        " ".join(term)
        for term, of in phrases.lexicons["en"].terms()
        if term[0] == "please" and len(term) > 1 and "ask" not in of
    )
    assert "ask" in groups(term, "en")
    assert "ask" not in groups("查阅请求", "zh")
