"""The office's rule files: complete, in both languages, and every recorded decision computed."""

import re
import tomllib
from dataclasses import fields, is_dataclass, replace
from zoneinfo import ZoneInfo

import pytest

from dsr.domain.decisions import Item
from dsr.domain.office import Grade, Means, Need, Place, Texts
from dsr.domain.people import normalise
from dsr.domain.stops import Stop, objections
from dsr.domain.vocabulary import (
    FOR_ANOTHER,
    IdentifierType,
    Kind,
    OfficerRole,
    Outcome,
    Proposal,
    RequesterRole,
    Scope,
    TaskKind,
)
from dsr.errors import ConfigError, NotFoundError
from dsr.rules import book, citations, office
from dsr.rules.reading import DATA
from dsr.rules.terms import terms

LANGUAGES = {"en", "zh"}
GROUNDS = office.grounds()
RULES = [
    *office.kinds().values(),
    *(office.kind_rule(Kind.WITHDRAWAL, scope) for scope in Scope),
]
EXAMPLES = tomllib.loads((DATA / "grounds.toml").read_text(encoding="utf-8"))["examples"]
NEVER_FULL = ("H7", "S3", "S4", "T1", "T2")


def every_part(value):
    """Yield a value and all that it is made of."""
    yield value
    if is_dataclass(value):
        inner = [getattr(value, field.name) for field in fields(value)]
    elif isinstance(value, tuple | list):
        inner = list(value)
    else:
        inner = []
    for part in inner:
        yield from every_part(part)


ALL_RULES = [
    *RULES,
    *GROUNDS.values(),
    *office.deletion_reasons().values(),
    *office.recipient_exceptions().values(),
    *office.proof_methods().values(),
    office.proof_levels(),
    office.categories(),
    office.company(),
]


def test_every_rule_has_a_citation():
    cited = [part for rule in ALL_RULES for part in every_part(rule) if hasattr(part, "citation")]

    assert len(cited) > 90
    assert all(part.citation.strip() for part in cited)


def test_every_text_is_there_in_english_and_in_chinese():
    for rule in ALL_RULES:
        for part in filter(is_dataclass, every_part(rule)):
            for field in fields(part):
                texts = getattr(part, field.name)
                if field.type == Texts and texts:
                    assert set(texts) >= LANGUAGES, (part, field.name)
                    assert all(text.strip() for text in texts.values())
                    assert any("\u4e00" <= c <= "\u9fff" for c in texts["zh"])
    assert all(set(title) >= LANGUAGES for title in office.company().sections.values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.kind}-{rule.name['en']}")
def test_every_kind_cites_the_law_that_gives_the_right(rule):
    assert set(rule.right) >= LANGUAGES
    assert "《中华人民共和国个人信息保护法》第" in rule.right["zh"]
    assert "Personal Information Protection Law" in rule.right["en"]
    assert "olicy" not in rule.right["en"]  # letters add the policy's section themselves
    assert "隐私政策" not in rule.right["zh"]


def rule_right(law, rule):
    scopes = [s for s in Scope if office.kind_rule(rule.kind, s) is not office.kind_rule(rule.kind)]
    scope = next((s for s in scopes if office.kind_rule(rule.kind, s) == rule), None)
    return law.right(rule.kind, scope)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.kind}-{rule.name['en']}")
def test_every_kind_cites_the_european_article_that_gives_the_right(rule):
    eu = book.law("EU")
    scope = next((s for s, own in eu.scoped_rights.items() if own == rule_right(eu, rule)), None)
    cited = rule_right(eu, rule)

    assert re.fullmatch(r"GDPR, Articles? [0-9a-z(), ]+", cited["en"])
    assert re.fullmatch(r"欧盟《通用数据保护条例》第[^（）()]+[条款项]", cited["zh"])
    both = {code: book.law(code).version for code in ("EU", "CN")}
    assert citations.rights(rule, scope, both, "CN") == (cited, rule.right)
    assert citations.rights(rule, scope, dict(reversed(both.items())), "CN") == (rule.right, cited)
    assert citations.rights(rule, scope, {}, "CN") == (rule.right,)


ARTICLE = re.compile(r"[Aa]rticle|[Ss]ection|[Cc]lause|APP |条|\d")


@pytest.mark.parametrize("basis", terms().bases)
@pytest.mark.parametrize("code", book.law_codes())
def test_a_basis_is_named_with_this_law_s_articles_or_with_none(code, basis):
    law = book.law(code)
    (said,) = citations.bases(basis, {code: law.version})

    assert said == (law.bases.get(basis) or terms().bases[basis])
    if basis not in law.bases:
        assert not any(ARTICLE.search(text) for text in said.values())
    titles = str([law.names, law.rights, office.kind_rule(Kind.ACCESS, None).right])
    for title in re.findall(r"（([^《]*《[^》]+》)", said["zh"]):  # with its country
        assert title in titles if code != "CN" else "中华人民共和国" in title


def test_a_basis_is_named_under_every_law_that_knows_it_the_first_law_first():
    both = {code: book.law(code).version for code in ("UK", "JP", "CN")}

    named = citations.bases("consent", both)

    assert named == (book.law("UK").bases["consent"], book.law("CN").bases["consent"])
    assert citations.bases("consent", {}) == (terms().bases["consent"],)
    assert citations.bases("whim", both) == ({},)


@pytest.mark.parametrize("code", ["EU", "UK"])
def test_every_basis_of_the_general_regulation_is_cited(code):
    assert terms().bases.keys() - book.law(code).bases.keys() == {"published"}


def test_a_law_that_cites_nothing_is_named_itself_and_never_ours(monkeypatch):
    bare = replace(book.law("JP"), rights={}, scoped_rights={}, grounds={})
    monkeypatch.setattr(book, "law", lambda *_: bare)
    rule, ground = office.kind_rule(Kind.ACCESS, None), office.ground("H1")

    assert citations.rights(rule, None, {"JP": "x"}, "CN") == (bare.names,)
    assert citations.grounds(ground, {"JP": "x"}, "CN") == (bare.names,)


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=list(GROUNDS))
def test_every_ground_says_under_each_law_what_letters_cite_in_both_languages(ground):
    laws = map(book.law, book.law_codes())
    named = [law.grounds[ground.code].text for law in laws if ground.code in law.grounds]
    for cited in (ground.cited, *named):
        assert set(cited) >= LANGUAGES
        assert re.search(r"《.+》.*(条|段|附表)", cited["zh"])
        assert "《" not in cited["en"]


def test_a_ground_is_cited_under_every_law_the_first_law_first():
    ground = office.ground("H6")
    both = {code: book.law(code).version for code in ("EU", "CN")}

    cited = citations.one_text(citations.grounds(ground, both, "CN"), "zh")

    assert cited.startswith("欧盟《通用数据保护条例》第十五条")
    assert cited.endswith("；《信息安全技术 个人信息安全规范》（GB/T 35273-2020）第8.7条e)项7)目")
    assert citations.grounds(ground, {}, "CN") == (ground.cited,)


@pytest.mark.parametrize("file", ["kinds.toml", "grounds.toml", "terms.toml", "laws/cn.toml"])
def test_no_chinese_text_cites_an_article_in_english(file):
    texts = list(chinese_texts(tomllib.loads((DATA / file).read_text(encoding="utf-8"))))

    assert texts
    assert not [text for text in texts if re.search(r"\b(Art|Arts|Article|PIPL|GDPR)\b", text)]


def chinese_texts(value):
    """Yield every text under the key `zh`, at any depth."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and isinstance(value.get("zh"), str):
        yield value["zh"]
    for part in inner:
        yield from chinese_texts(part)


def test_the_company_s_names_fit_the_sentences_of_the_letters():
    company = office.company()

    assert not set("《》") & set(company.policy_title["zh"])
    assert "部门" not in company.authority["zh"]
    assert all("(" not in text and "（" not in text for text in company.authority.values())


def test_every_kind_has_a_rule_and_every_scope_differs_only_in_its_words():
    assert set(office.kinds()) == set(Kind)
    for scope in Scope:
        rule = office.kind_rule(Kind.WITHDRAWAL, scope)
        assert rule.kind is Kind.WITHDRAWAL
        assert not rule.needs_proof
        outside = () if scope is Scope.MARKETING else (TaskKind.RECIPIENT,)
        decided = (TaskKind.AFTER_WITHDRAWAL,) if scope is Scope.CONSENT else ()
        assert rule.tasks == (TaskKind.SOURCE, *outside, *decided)
    marketing = office.kind_rule(Kind.WITHDRAWAL, Scope.MARKETING)
    assert marketing.name["zh"] == "拒绝信息推送、商业营销"
    consent = office.kind_rule(Kind.WITHDRAWAL, Scope.CONSENT)
    general = office.kind_rule(Kind.WITHDRAWAL)
    assert replace(consent, measures=(), tasks=general.tasks) == general
    assert office.kind_rule(Kind.COPY, Scope.MARKETING) == office.kinds()[Kind.COPY]


def test_what_needs_no_proof_is_what_the_invariant_names():
    free = {kind for kind, rule in office.kinds().items() if not rule.needs_proof}

    assert free == {Kind.WITHDRAWAL, Kind.RESTRICTION, Kind.EXPLANATION, Kind.COMPLAINT}


def test_approval_follows_the_risk():
    free = {kind for kind, rule in office.kinds().items() if rule.approval is Need.NONE}

    assert free == {Kind.WITHDRAWAL, Kind.RESTRICTION, Kind.EXPLANATION}
    assert office.kinds()[Kind.CORRECTION].self_declared == ("user.name", "user.contact")


def test_what_cannot_be_taken_back_is_approved_and_proved():
    for rule in RULES:
        if rule.irreversible:
            assert rule.needs_proof
            assert rule.approval is Need.ONE


def test_data_leave_in_a_package_for_access_and_copy_only():
    with_package = {kind for kind, rule in office.kinds().items() if rule.package}

    assert with_package == {Kind.ACCESS, Kind.COPY}


def test_no_withdrawal_ever_stops_a_service():
    scopes = [office.kind_rule(Kind.WITHDRAWAL, scope) for scope in Scope]
    for rule in (*RULES, *scopes):
        is_cancellation = rule.kind is Kind.CANCELLATION
        assert (TaskKind.SERVICE_STOP in rule.tasks) == is_cancellation
        assert ("stop_service" in rule.measures) == is_cancellation


def test_one_right_stops_marketing_and_says_so():
    stops = {
        (rule.kind, scope)
        for scope in (None, *Scope)
        for rule in (office.kind_rule(kind, scope) for kind in Kind)
        if rule.stops_marketing
    }

    assert stops == {(Kind.WITHDRAWAL, Scope.MARKETING)}
    assert "stop_marketing" in office.kind_rule(Kind.WITHDRAWAL, Scope.MARKETING).measures
    assert "PIPL Art. 24(2)" in terms().own_marketing.citation


def test_what_erases_waits_for_what_hands_the_data_out():
    erasing = {kind for kind, rule in office.kinds().items() if rule.erases}

    assert erasing == {Kind.DELETION, Kind.CANCELLATION}


def test_no_withdrawal_ever_erases_anything():
    for rule in (office.kind_rule(Kind.WITHDRAWAL, scope) for scope in (None, *Scope)):
        assert not rule.erases
        # What becomes of the data afterwards is said, and a deletion is a ticket of its own.
        known = {TaskKind.SOURCE, TaskKind.RECIPIENT, TaskKind.AFTER_WITHDRAWAL}
        assert set(rule.tasks) <= known


def test_near_relatives_ask_for_what_the_law_gives_them_and_clients_for_their_users():
    proved = {kind: rule.askers for kind, rule in office.kinds().items() if rule.needs_proof}
    relative = {k for k, askers in proved.items() if RequesterRole.NEAR_RELATIVE in askers}
    client = {k for k, askers in proved.items() if RequesterRole.CLIENT in askers}

    assert relative == {Kind.ACCESS, Kind.COPY, Kind.CORRECTION, Kind.DELETION}
    assert client == {Kind.CANCELLATION, Kind.REVIEW}


def test_the_policys_twelve_grounds_are_there_with_their_grades():
    by_grade = {
        grade: [g.code for g in GROUNDS.values() if g.grade is grade and "5.8" in g.policy_section]
        for grade in (Grade.HARD, Grade.SOFT, Grade.CLOSING)
    }

    assert by_grade[Grade.HARD] == ["H1", "H2", "H3", "H4", "H5", "H6", "H7"]
    assert by_grade[Grade.SOFT] == ["S1", "S2", "S3", "S4"]
    assert by_grade[Grade.CLOSING] == ["R1"]


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=list(GROUNDS))
def test_a_ground_is_consistent(ground):
    assert set(ground.full) <= set(ground.kinds)
    assert set(ground.needs_until) <= set(ground.kinds)
    assert ground.not_scopes == () or Kind.WITHDRAWAL in ground.kinds
    assert ground.tell
    for law in map(book.law, book.law_codes()):
        named = ground.code in law.grounds
        assert law.code == "CN" or named != (ground.code in law.unknown_grounds)
    assert 1 <= ground.approvers.count <= 2
    assert set(ground.approvers.roles) <= {OfficerRole.LEGAL}
    assert ground.outcome not in {Outcome.FULFILLED, Outcome.PARTLY_REFUSED}


@pytest.mark.parametrize("means", Means)
def test_what_the_program_knows_a_ground_by_stands_once(means):
    found = [ground for ground in GROUNDS.values() if ground.means is means]

    assert found == [office.ground_for(means)]


def test_the_grounds_that_the_program_gives_by_itself_fit_what_it_gives_them_for():
    for means in (Means.NO_DATA, Means.ENTRUSTED, Means.OF_ANOTHER):
        assert office.ground_for(means).grade is Grade.OTHER
    for kind, rule in office.kinds().items():
        assert not rule.searches or kind in office.ground_for(Means.NO_DATA).kinds
        assert not rule.searches or kind in office.ground_for(Means.ENTRUSTED).kinds
        assert not rule.erases or kind in office.ground_for(Means.KEPT_BY_LAW).kinds
    assert office.ground_for(Means.KEPT_BY_LAW).grade is Grade.KEPT
    assert Kind.CANCELLATION in office.ground_for(Means.OF_ANOTHER).kinds
    assert office.ground_for(Means.REPEATED).grade is Grade.SOFT
    assert office.ground_for(Means.NO_DATA).outcome is Outcome.NO_DATA
    assert office.ground_for(Means.OF_ANOTHER) != office.ground_for(Means.ENTRUSTED)


def test_soft_grounds_offer_an_alternative_and_spare_minors():
    for ground in GROUNDS.values():
        if ground.grade is Grade.SOFT:
            assert ground.needs_alternative
            assert not ground.minors


def test_kept_data_have_a_citation_and_an_end():
    for ground in GROUNDS.values():
        if ground.grade is Grade.KEPT:
            assert ground.needs_citation
            assert ground.needs_until == ground.kinds


def test_national_security_and_criminal_justice_take_two_and_cannot_be_told_apart():
    quiet = [ground for ground in GROUNDS.values() if ground.quiet]

    assert [ground.code for ground in quiet] == ["H2", "H4"]
    assert [g.code for g in GROUNDS.values() if g.approvers.count == 2] == ["H2", "H4"]
    assert quiet[0].tell == quiet[1].tell


@pytest.mark.parametrize("code", book.law_codes())
def test_what_a_quiet_refusal_cites_is_no_ground_s_own_article(code):
    law = book.law(code)
    own = {texts["en"] for ground in ("H2", "H4") for texts in articles_of(law, ground)}

    for kind in office.ground("H2").kinds:
        for texts in citations.quiet(kind, {code: law.version}):
            assert texts["en"] not in own
            assert "18(1)" not in texts["en"]
            assert "35" not in texts["en"].removesuffix("35(4)")


def articles_of(law, ground):
    return [law.grounds[ground].text] if ground in law.grounds else [office.ground(ground).cited]


def test_a_quiet_refusal_cites_each_law_and_where_one_names_nothing_no_article():
    laws = {code: book.law(code).version for code in ("CN", "EU")}

    def cited(kind, language="en"):
        return citations.one_text(citations.quiet(kind, laws), language)

    assert cited(Kind.ACCESS).endswith("PRC, Article 45(1); GDPR, Article 12(4)")
    assert cited(Kind.DELETION).startswith("GDPR, Article 12(4); the laws and administrative")
    only = citations.quiet(Kind.DELETION, {"CN": laws["CN"]})
    assert citations.one_text(only, "zh") == "适用的法律、行政法规"


def test_what_the_program_gives_by_itself_needs_no_word_of_an_officer():
    given = (Means.NO_DATA, Means.ENTRUSTED, Means.OF_ANOTHER, Means.KEPT_BY_LAW, Means.HELD)

    assert not [means for means in given if office.ground_for(means).needs_reason]
    assert not [ground.code for ground in GROUNDS.values() if ground.quiet and ground.needs_reason]


def test_no_default_paragraph_promises_facts_that_only_an_officer_knows():
    for ground in GROUNDS.values():
        english = ground.tell["en"]
        assert "On the facts stated" not in english
        assert "date and the reference" not in english
        if "What we offer instead is stated here" in english:
            assert ground.needs_alternative
        if "all other use stops" in english and Kind.CORRECTION in ground.kinds:
            assert "Information that" in english  # what is kept, not what was asked


@pytest.mark.parametrize("code", ["H1", "H2", "H3", "H4", "H5", "H7", "R1"])
def test_legal_approves_what_the_law_itself_is_said_to_bar(code):
    assert OfficerRole.LEGAL in office.ground(code).approvers.roles


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=list(GROUNDS))
def test_no_default_paragraph_says_what_a_reason_may_not(ground):
    said = " ".join(ground.tell.values()).casefold()
    phrases = [p for f in ground.forbidden if f.place is Place.REASON for p in f.phrases]

    assert phrases
    assert not [phrase for phrase in phrases if phrase in said]


def test_forbidden_phrases_are_written_as_they_are_compared():
    for ground in GROUNDS.values():
        for forbidden in ground.forbidden:
            assert all(phrase == phrase.casefold().strip() for phrase in forbidden.phrases)
            assert set(forbidden.grounds) <= set(GROUNDS)


def test_nothing_but_what_is_done_already_bars_a_stop_of_marketing():
    bars = {
        ground.code
        for ground in GROUNDS.values()
        if Kind.WITHDRAWAL in ground.kinds and Scope.MARKETING not in ground.not_scopes
    }

    assert bars == {"N4", "N5", "N6"}


def decided(example):
    """Return an example's item and the words of what the rules say to it."""
    texts = ("citation", "until_when", "alternative")
    item = Item(
        number=1,
        label="an item",
        category="user.contact",
        proposal=Proposal(example.get("proposal", "refuse")),
        ground=example["ground"],
        reason=example.get("reason", "It is left out for the reason stated."),
        internal_reason="see file",
        evidence=tuple(example.get("evidence", ())),
        **{text: example[text] for text in texts if text in example},
    )
    scope = Scope(example["scope"]) if "scope" in example else None
    laws = example.get("laws", ["CN"])
    pinned = {code: book.law(code).version for code in laws}
    return objections(
        item,
        office.ground(example["ground"]),
        office.kind_rule(Kind(example["kind"]), scope),
        laws=laws,
        minor=example.get("minor", False),
        scope=scope,
        whole=example.get("whole", False),
        unknown_under=citations.unknown_under(example["ground"], pinned),
        articles=office.articles(),
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["text"])
def test_the_recorded_decisions_are_judged_as_written(example):
    found = decided(example)

    if example["says"]:
        assert any(example["says"] in objection for objection in found), found
    else:
        assert found == ()


@pytest.mark.parametrize("code", ["S1", "S2", "S3", "S4"])
@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        (Kind.WITHDRAWAL, Scope.CONSENT),
        (Kind.WITHDRAWAL, Scope.MARKETING),
        (Kind.CANCELLATION, None),
    ],
)
def test_no_soft_ground_touches_a_withdrawal_or_a_cancellation(code, kind, scope):
    example = {
        "ground": code,
        "kind": kind,
        "alternative": "another way",
        "until_when": "later",
        **({"scope": scope} if scope else {}),
    }

    assert any("soft ground" in objection for objection in decided(example))


@pytest.mark.parametrize("code", NEVER_FULL)
def test_some_grounds_never_refuse_a_whole_request(code):
    assert office.ground(code).full == ()


@pytest.mark.parametrize("code", ["S1", "H5", "H6"])
@pytest.mark.parametrize("kind", [Kind.ACCESS, Kind.COPY])
def test_full_refusals_of_access_and_copy_in_china_need_legals_citation(code, kind):
    example = {
        "ground": code,
        "kind": kind,
        "evidence": ["mail 3"],
        "alternative": "the earlier answer",
        "whole": True,
    }

    assert any("PIPL Art. 45" in objection for objection in decided(example))
    assert decided(example | {"citation": "PIPL Art. 18"}) == ()
    assert decided(example | {"laws": ["UK"]}) == ()


@pytest.mark.parametrize("written", ["H1", "h1", " h1 "])
def test_a_ground_is_found_in_capitals_or_not(written):
    assert office.ground(written).code == "H1"


def test_an_unknown_ground_is_answered_with_the_nearest():
    with pytest.raises(NotFoundError) as refusal:
        office.ground("H11")

    assert "H1" in refusal.value.hint


def test_a_proof_method_is_found_by_its_code_and_an_unknown_one_is_not():
    assert office.proof_method("One-Time-Code").code == "one_time_code"
    with pytest.raises(NotFoundError) as refusal:
        office.proof_method("mailbox")

    assert "mailbox_reply" in refusal.value.hint


def test_every_requester_who_speaks_for_another_has_a_way_to_show_it():
    shown = {role for method in office.proof_methods().values() for role in method.authority_for}

    assert shown == FOR_ANOTHER


@pytest.mark.parametrize(
    "method", office.proof_methods().values(), ids=list(office.proof_methods())
)
def test_a_proof_method_is_consistent(method):
    levels = office.proof_levels()
    assert 1 <= method.strength <= 5
    assert bool(method.proves) != bool(method.authority_for)
    assert not (method.bound and not method.proves)
    assert method.sensitive_only == (method.strength >= levels.sensitive)


@pytest.mark.parametrize(
    "method", office.proof_methods().values(), ids=list(office.proof_methods())
)
def test_nobody_is_asked_for_a_notarised_copy_or_a_password(method):
    asked = " ".join(method.ask.values()).lower()

    assert not any(word in asked for word in ("notar", "公证", "fingerprint", "指纹", "人脸"))


def test_identity_methods_come_the_mildest_first():
    strengths = [m.strength for m in office.proof_methods().values() if m.proves]

    assert strengths == sorted(strengths)


def test_every_type_of_identifier_can_be_proved():
    proved = {kind for method in office.proof_methods().values() for kind in method.proves}

    assert proved == set(IdentifierType)


@pytest.mark.parametrize(
    ("data_category", "code", "sensitive"),
    [
        ("user.contact.email", "identity", False),
        ("user.name", "identity", False),
        ("user.location.precise", "sensitive_location", True),
        ("user.locations", "relations_and_logs", False),
        ("user.behavior", "profile", False),
        ("user.behavior.browsing_history", "relations_and_logs", False),
        ("user.telecom", "third_party_supplied", False),
        ("user.device.ip_address", "relations_and_logs", False),
        ("user.financial.bank_account", "relations_and_logs", True),
        ("user.contacts", "relations_and_logs", False),
        ("something.else", "relations_and_logs", False),
        ("", "relations_and_logs", False),
    ],
)
def test_a_data_category_belongs_to_one_of_the_policys(data_category, code, sensitive):
    assert office.category_of(data_category).code == code
    assert office.is_sensitive(data_category) is sensitive


def test_the_policy_names_five_categories_and_no_prefix_stands_twice():
    every = office.categories().all
    prefixes = [prefix for category in every for prefix in category.prefixes]

    assert [category.code for category in every] == [
        "identity",
        "sensitive_location",
        "profile",
        "third_party_supplied",
        "relations_and_logs",
    ]
    assert len(prefixes) == len(set(prefixes))
    assert office.categories().otherwise in {category.code for category in every}


def test_the_company_is_the_one_of_the_policy():
    company = office.company()

    assert company.version == "2021-11-01"
    assert company.name["zh"] == "上海径硕网络科技有限公司"
    assert company.email == normalise(IdentifierType.EMAIL, company.email)
    assert normalise(IdentifierType.PHONE, company.phone) == "+864001040808"
    assert ZoneInfo(company.zone).key == "Asia/Shanghai"
    assert {f"5.{number}" for number in range(1, 9)} <= set(company.sections)


def test_an_organisation_says_only_what_differs(tmp_path):
    (tmp_path / "policy.toml").write_text(
        'phone = "+86 21 1234 5678"\n[name]\nzh = "某公司"\n', encoding="utf-8"
    )

    company = office.company(tmp_path)

    assert company.phone == "+86 21 1234 5678"
    assert company.name == {"en": office.company().name["en"], "zh": "某公司"}
    assert company.email == office.company().email


def test_a_folder_without_the_file_changes_nothing(tmp_path):
    assert office.company(tmp_path) == office.company()


def test_an_unknown_key_of_an_organisation_is_named_with_its_file(tmp_path):
    (tmp_path / "policy.toml").write_text('fone = "1"\n', encoding="utf-8")

    with pytest.raises(ConfigError) as refusal:
        office.company(tmp_path)

    assert "fone" in str(refusal.value)
    assert str(tmp_path) in str(refusal.value)


def test_every_case_of_the_statute_and_of_the_policy_opens_a_deletion():
    assert list(office.deletion_reasons()) == [
        "unlawful",
        "no_consent",
        "breach_of_agreement",
        "purpose_ended",
        "service_ended",
        "consent_withdrawn",
        "other_law",
    ]


def test_a_recipient_is_left_out_for_the_policys_two_reasons_or_because_nobody_is_there():
    assert list(office.recipient_exceptions()) == ["law", "own_authorisation", "unreachable"]


def test_every_rule_that_forbids_a_decision_says_what_it_rests_on():
    assert set(office.stops()) == set(Stop)
    assert all(rule.citation.strip() for rule in office.stops().values())


@pytest.mark.parametrize("code", [code for code in GROUNDS if code[0] in "KINT"])
def test_every_other_outcome_carries_the_duties_of_a_refusal(code):
    ground = office.ground(code)

    assert ground.approvers.count >= 1
    for texts in (ground.name, ground.tell, ground.cited):
        assert all(texts[language].strip() for language in LANGUAGES)
    if ground.grade is Grade.KEPT:
        assert ground.needs_citation
        assert set(ground.needs_until) == set(ground.kinds)


def test_a_repetition_has_an_interval_and_the_laws_that_say_more():
    rule = office.repetition()

    assert rule.days > 0
    assert set(rule.laws) <= set(book.law_codes())
    assert all("{day}" in text and "{reference}" in text for text in rule.told.values())
