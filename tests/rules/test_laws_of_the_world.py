"""What is peculiar to the laws of Brazil, Singapore, Japan, Korea, Hong Kong and four others."""

import re
import tomllib
from datetime import UTC, date, datetime

import pytest

from dsr.domain.clocks import ClockFacts, Pause, PauseReason, compute, extension_objection
from dsr.domain.law import Certainty, Duty, Period, Unit
from dsr.domain.vocabulary import ClockMode, Kind, LetterName, Scope
from dsr.errors import NotAllowedError
from dsr.rules import book, packs
from dsr.rules.soundness import of_type
from dsr.services.dates import facts_under
from dsr.services.lawful import in_force
from dsr.services.letter_duties import demanded
from dsr.store.tables.tickets import TicketRow

CODES = ("BR", "SG", "JP", "KR", "HK", "AU", "CA", "CH", "IN")
GENERAL = {"BR": 15, "SG": 30, "JP": 14, "KR": 10, "HK": 40, "AU": 30, "CA": 30, "CH": 30, "IN": 90}
OF_THEIR_OWN = {("KR", Kind.REVIEW): 30}
MORE_TIME = {
    "SG": {Kind.ACCESS, Kind.COPY, Kind.CORRECTION},
    "KR": {Kind.ACCESS, Kind.COPY},
    "HK": {Kind.ACCESS, Kind.COPY, Kind.CORRECTION},
    "AU": {Kind.ACCESS, Kind.COPY, Kind.CORRECTION},
    "CA": {Kind.ACCESS, Kind.COPY, Kind.CORRECTION, Kind.EXPLANATION},
    "CH": {Kind.ACCESS, Kind.COPY},
}


def on(text):
    return date.fromisoformat(text)


def dates_of(code, kind, received, scope=None, **happened):
    law = book.law(code)
    facts = ClockFacts(
        on(received),
        **{key: on(day) if isinstance(day, str) else day for key, day in happened.items()},
    )
    return compute(law, kind, scope, facts, calendar=book.calendar_for(law, None))


def owed_under(code, kind, letter):
    """Return a letter's duties under one law: the facts it needs, the sentences it says."""
    ticket = TicketRow(kind=kind, laws={code: book.law(code).version})
    found = demanded(ticket, letter, (), language="en")
    return {owed.need for owed in found["owed"]}, {told.code: told.text for told in found["told"]}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.WITHDRAWAL])
@pytest.mark.parametrize("code", CODES)
def test_a_law_has_one_general_period_in_days_and_few_others(code, kind):
    rule = book.law(code).clock(kind)

    assert rule.period.unit is Unit.DAYS
    assert rule.period.amount == OF_THEIR_OWN.get((code, kind), GENERAL[code])


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("code", CODES)
def test_a_withdrawal_is_obeyed_before_it_is_answered(code, scope):
    rule = book.law(code).clock(Kind.WITHDRAWAL, scope)
    answer = (10, Unit.WORKING_DAYS) if code == "SG" else (GENERAL[code], Unit.DAYS)

    assert (rule.period.amount, rule.period.unit) == answer
    assert (rule.act_by.amount, rule.act_by.unit) == (
        1 if scope is Scope.MARKETING else 2,
        Unit.WORKING_DAYS,
    )
    assert rule.act_by.certainty is Certainty.DESIGN
    assert not (rule.extendable and book.law(code).extension)


@pytest.mark.parametrize("code", CODES)
def test_no_last_day_rolls_and_no_wait_for_proof_gives_time(code):
    law = book.law(code)

    assert law.roll is None
    assert law.calendar == code
    for rule in law.clocks:
        assert PauseReason.PROOF not in (*rule.pauses_for, *rule.restarts_for)
        assert rule.mode in {ClockMode.NO_PAUSE, ClockMode.RESTART}


def test_in_hong_kong_a_fortieth_day_that_is_a_sunday_stays_a_sunday():
    dates = dates_of("HK", Kind.ACCESS, "2026-01-20")

    assert (dates.due_nominal_on, dates.due_legal_on) == (on("2026-03-01"), on("2026-03-01"))
    assert dates.due_legal_on.weekday() == 6
    assert dates.target_on < dates.due_legal_on


def test_in_india_nothing_has_a_clock_before_the_day_of_entry_into_force():
    with pytest.raises(NotAllowedError, match="IN is in force from 2027-05-14") as refused:
        dates_of("IN", Kind.COMPLAINT, "2027-05-13")

    assert "DPDP Rules 2025" in str(refused.value)
    assert dates_of("IN", Kind.COMPLAINT, "2027-05-14").due_legal_on == on("2027-08-12")


def test_india_is_left_out_of_what_arrives_earlier_and_refused_where_it_is_asked_for():
    assert in_force(["CN", "IN"], on("2026-11-23")).keys() == {"CN"}
    assert in_force(["CN", "IN"], on("2027-05-14")).keys() == {"CN", "IN"}
    with pytest.raises(NotAllowedError, match="IN is in force from 2027-05-14"):
        in_force(["CN", "IN"], on("2027-05-13"), strictly=True)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("code", CODES)
def test_more_time_can_be_taken_only_where_the_law_itself_gives_it(code, kind):
    law, scope = book.law(code), Scope.CONSENT if kind is Kind.WITHDRAWAL else None
    facts = ClockFacts(on("2027-06-01"))
    calendar = book.calendar_for(law, None)
    objection = extension_objection(
        law, kind, facts, today=on("2027-06-02"), calendar=calendar, scope=scope
    )

    assert (objection is None) == (kind in MORE_TIME.get(code, set()))
    assert (law.extension is None) == (code not in MORE_TIME)


def test_canada_gives_thirty_days_more_from_receipt_and_nothing_after_a_late_notice():
    first = dates_of("CA", Kind.ACCESS, "2026-01-30")
    longer = dates_of("CA", Kind.ACCESS, "2026-01-30", extended_on="2026-03-01")
    late = dates_of("CA", Kind.ACCESS, "2026-01-30", extended_on="2026-03-02")

    assert first.due_legal_on == on("2026-03-01")
    assert longer.due_legal_on == on("2026-03-31")
    assert (longer.due_legal_on - on("2026-01-30")).days == 60
    assert late.due_legal_on == first.due_legal_on


@pytest.mark.parametrize("code", sorted(MORE_TIME.keys() - {"CA"}))
def test_elsewhere_the_notice_names_the_new_date(code):
    law = book.law(code)
    told = dates_of(
        code, Kind.ACCESS, "2026-02-02", extended_on="2026-02-05", extended_to_on="2026-05-20"
    )

    assert law.extension.period is None
    assert law.extension.conditions.text["zh"].strip()
    assert law.extension.notice.text["zh"].strip()
    assert told.due_legal_on == on("2026-05-20")


def test_korea_postpones_access_but_no_correction():
    postponed = {"extended_on": "2026-09-23", "extended_to_on": "2026-10-12"}

    access = dates_of("KR", Kind.ACCESS, "2026-09-15", **postponed)
    correction = dates_of("KR", Kind.CORRECTION, "2026-09-15", **postponed)

    assert access.due_legal_on == on("2026-10-12")
    assert correction.due_legal_on == on("2026-09-25")
    assert dates_of("KR", Kind.REVIEW, "2026-09-15").due_legal_on == on("2026-10-15")


def test_ten_working_days_of_singapore_pass_over_its_new_year():
    dates = dates_of("SG", Kind.WITHDRAWAL, "2026-02-10", Scope.CONSENT)

    assert dates.due_legal_on == on("2026-02-26")
    assert dates.act_by_on == on("2026-02-12")


def test_switzerland_counts_anew_from_a_yes_to_the_costs_and_never_from_proof():
    costs = (Pause(on("2026-02-04"), on("2026-02-11"), PauseReason.FEE),)
    proof = {"proof_asked_on": "2026-02-04", "verified_on": "2026-02-11"}

    assert dates_of("CH", Kind.ACCESS, "2026-02-02", pauses=costs).due_legal_on == on("2026-03-13")
    assert dates_of("CH", Kind.ACCESS, "2026-02-02", **proof).due_legal_on == on("2026-03-04")
    assert dates_of("CH", Kind.DELETION, "2026-02-02", pauses=costs).due_legal_on == on(
        "2026-03-04"
    )


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("BR", "2026-03-01"),
        ("CA", "2026-03-01"),
        ("CH", "2026-03-01"),
        ("IN", "2026-03-01"),
        ("SG", "2026-03-02"),
        ("HK", "2026-03-02"),
        ("AU", "2026-03-02"),
        ("JP", "2026-03-02"),
        ("KR", "2026-03-02"),
    ],
)
def test_receipt_at_night_in_shanghai_is_on_the_day_before_further_west(code, day):
    at = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)  # half past one in Shanghai, the next day

    seen = facts_under(book.law(code), ClockFacts(on("2026-03-02")), at)

    assert seen.received_on == on(day)


@pytest.mark.parametrize(
    ("code", "at", "day"),
    [
        ("BR", datetime(2026, 3, 2, 4, 30, tzinfo=UTC), "2026-03-01"),  # half past one in São Paulo
        ("CA", datetime(2026, 3, 2, 7, 30, tzinfo=UTC), "2026-03-01"),  # past two in Toronto
        ("AU", datetime(2026, 3, 1, 15, 30, tzinfo=UTC), "2026-03-01"),  # past two in Sydney
    ],
)
def test_of_several_zones_the_westernmost_is_taken(code, at, day):
    assert facts_under(book.law(code), ClockFacts(on("2026-03-02")), at).received_on == on(day)


@pytest.mark.parametrize("code", CODES)
def test_records_are_kept_three_years_and_refusals_of_hong_kong_four(code):
    law = book.law(code)

    assert (law.record_term.amount, law.record_term.unit) == (36, Unit.MONTHS)
    if code == "HK":
        term = law.refused_record_term
        assert (term.amount, term.unit, term.certainty) == (48, Unit.MONTHS, Certainty.VERIFIED)
    else:
        assert law.refused_record_term is None


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        ("SG", Kind.ACCESS, {"keep_refused_data": "at least thirty days"}),
        ("SG", Kind.CORRECTION, {"annotate_correction": "note it at the data"}),
        ("KR", Kind.DELETION, {"appeal_route": "raise an objection"}),
        ("AU", Kind.CORRECTION, {"associate_statement": "attach to the information a statement"}),
        ("CA", Kind.ACCESS, {"keep_requested_data": "every recourse"}),
        (
            "CA",
            Kind.CORRECTION,
            {"keep_requested_data": "every recourse", "record_challenge": "what you challenge"},
        ),
        ("AU", Kind.ACCESS, {"other_means": "another way of giving you access"}),
        ("HK", Kind.CORRECTION, {"opinion_note": "a copy of the note is attached"}),
        ("CH", Kind.CORRECTION, {"dispute_note": "a note of the dispute"}),
        ("US-CA", Kind.CORRECTION, {"health_statement": "up to 250 words"}),
        ("BR", Kind.ACCESS, {}),
        ("JP", Kind.CORRECTION, {}),
        ("HK", Kind.ACCESS, {}),
        ("CH", Kind.ACCESS, {}),
        ("IN", Kind.ACCESS, {}),
    ],
)
def test_a_refusal_says_what_the_law_wants_said_to_whoever_asked_for_that(code, kind, says):
    needs, told = owed_under(code, kind, LetterName.REFUSAL)

    assert {"items.reason", "remedies"} <= needs
    assert told.keys() == says.keys()
    assert all(words in told[duty] for duty, words in says.items())


def test_what_each_law_asks_of_a_refusal_besides_reasons_and_remedies():
    common = {"reasons", "complaint_route", "court"}
    own = {code: {duty.code for duty in book.law(code).refusal_duties} - common for code in CODES}

    assert own == {
        "BR": {"who_is_agent"},
        "SG": {"keep_refused_data", "annotate_correction"},
        "JP": {"notice_without_delay"},
        "KR": {"appeal_route"},
        "HK": {"in_writing", "other_data_user", "opinion_note", "refusal_log"},
        "AU": {"in_writing", "associate_statement", "other_means"},
        "CA": {"in_writing", "recourse", "keep_requested_data", "record_challenge"},
        "CH": {"dispute_note"},
        "IN": {"grievance_route"},
    }


def test_whoever_withdraws_in_singapore_is_told_what_is_likely_to_follow():
    _, told = owed_under("SG", Kind.WITHDRAWAL, LetterName.WITHDRAWAL)

    assert "likely to follow from your withdrawal" in told["tell_consequences"]
    assert owed_under("SG", Kind.ACCESS, LetterName.ACCESS)[1] == {}


#: What the office does and no letter can show.
INSTRUCTIONS = {"refusal_log"}


@pytest.mark.parametrize("code", book.law_codes())
def test_a_duty_binds_a_letter_or_is_known_to_be_the_office_s(code):
    law = book.law(code)
    duties = (*law.refusal_duties, *law.letter_duties)

    assert {duty.code for duty in duties if not (duty.needs or duty.tell)} <= INSTRUCTIONS


def test_in_switzerland_an_unconfirmed_request_that_costs_is_deemed_withdrawn():
    for words in (book.law("CH").fee.text, book.law("CH").receipt.text):
        assert "deemed withdrawn, at no cost" in words["en"]
        assert "视为撤回请求，您无需承担任何费用" in words["zh"]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("CA", {"extension_complaint": "make a complaint to the Privacy Commissioner of Canada"}),
        ("KR", {"postponement_appeal": "raise an objection against this postponement"}),
        ("HK", {"part_now": "within forty days"}),
        ("SG", {}),
        ("AU", {}),
        ("CH", {}),
    ],
)
def test_a_notice_of_more_time_names_the_day_and_what_the_law_wants_said(code, says):
    needs, told = owed_under(code, Kind.ACCESS, LetterName.EXTENSION)

    assert "new_due_on" in needs
    assert ("reason" in needs) == (code != "SG")
    assert told.keys() == says.keys()
    assert all(words in told[duty] for duty, words in says.items())


@pytest.mark.parametrize("code", ["BR", "HK"])
def test_a_referral_names_whoever_decides(code):
    needs, _ = owed_under(code, Kind.ACCESS, LetterName.REFERRAL)

    assert "client_name" in needs


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [
        ("BR", ["ANPD", "court"], ["国家数据保护局", "法院"]),
        ("SG", ["Personal Data Protection Commission", "court"], ["个人资料保护委员会", "法院"]),
        ("JP", ["Information Protection Commission", "court"], ["个人信息保护委员会", "法院"]),
        ("KR", ["Information Protection Commission", "court"], ["个人信息保护委员会", "法院"]),
        ("HK", ["Privacy Commissioner", "District Court"], ["个人资料私隐专员", "区域法院"]),
        ("AU", ["Information Commissioner", "Federal Court"], ["信息专员", "联邦法院"]),
        ("CA", ["Privacy Commissioner", "Federal Court"], ["隐私专员", "联邦法院"]),
        ("CH", ["FDPIC", "court"], ["数据保护和信息专员", "法院"]),
        ("IN", ["Data Protection Board", "Appellate Tribunal"], ["数据保护委员会", "上诉法庭"]),
    ],
)
def test_remedies_name_the_authority_and_the_court_of_the_country(code, english, chinese):
    text = book.law(code).remedies.text

    assert all(name in text["en"] for name in english)
    assert all(name in text["zh"] for name in chinese)


def test_which_soft_and_hard_grounds_a_law_does_not_know():
    assert {code: set(book.law(code).unknown_grounds) for code in CODES} == {
        "BR": {"S1", "S2"},
        "SG": set(),
        "JP": set(),
        "KR": {"S1", "S2", "S4"},
        "HK": {"H5", "H7", "S2"},
        "AU": {"S4"},
        "CA": {"H5", "S1", "S2", "S4"},
        "CH": {"S4"},
        "IN": {"H6", "H7", "S1", "S2", "S4"},
    }


READ_IN_THE_OFFICIAL_TEXT = {
    "BR": {"LGPD Art. 19, II"},
    "SG": {"PDPA s. 22A; PDP Regulations 2021, reg. 8", "PDP Regulations 2021, reg"},
    "JP": set(),
    "KR": {"PIPA Art. 36; Enforcement Decree, Art. 43"},
    "HK": {"PDPO s. 19(1)", "PDPO s. 21(1)", "PDPO s. 25(2)", "PDPO s. 27"},
    "AU": {"APP 13.4"},
    "CA": {"PIPEDA s. 8"},
    "CH": {"FADP Art. 25(7)", "FADP Art. 26(4)"},
    "IN": set(),
}


@pytest.mark.parametrize("code", CODES)
def test_only_what_was_read_in_the_official_text_is_called_verified(code):
    law = book.law(code)
    cited = [
        part.citation
        for _, part in of_type(law, object)
        if getattr(part, "certainty", None) is Certainty.VERIFIED
    ]
    known = READ_IN_THE_OFFICIAL_TEXT[code]

    assert all(citation.startswith(tuple(known)) for citation in cited)
    assert all(any(citation.startswith(each) for citation in cited) for each in known)


@pytest.mark.parametrize("code", CODES)
def test_what_is_taken_by_analogy_or_from_the_house_is_said_to_be_its_choice(code):
    law = book.law(code)
    stated = [part for _, part in of_type(law, (Period, Duty))]
    house = [part for part in stated if re.search("by analogy|house", part.citation)]

    assert len(house) > 3
    assert all(part.certainty is Certainty.DESIGN for part in house)
    assert law.acknowledge in house


def chinese(value):
    if isinstance(value, dict):
        own = [value["zh"]] if isinstance(value.get("zh"), str) else []
        return own + [text for inner in value.values() for text in chinese(inner)]
    return [text for inner in value for text in chinese(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("code", book.law_codes())
def test_chinese_texts_cite_in_chinese(code):
    place = packs.LAWS / f"{code.lower()}.toml"
    texts = chinese(tomllib.loads(place.read_text(encoding="utf-8")))

    assert len(texts) > 20
    for text in texts:
        assert not re.search(r"\b(Art|Arts|Article|Articles|section|sections|s\.)\b", text)
        assert not re.search(r"[(),;:]", re.sub(r"\([0-9a-z.]+\)", "", text))
