"""What letters say is so: their days, what they ask for, the laws they cite, whom we have told."""

import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from dsr.clock import FixedClock
from dsr.domain.vocabulary import (
    Channel,
    ClockMode,
    IdentifierType,
    Kind,
    LetterName,
    Outcome,
    Proposal,
    RequesterRole,
    Scope,
    SearchResult,
    Status,
    TaskKind,
    TaskState,
)
from dsr.rules import book, office
from dsr.rules.terms import terms
from dsr.services import closing, extending, identity, letters, proving
from dsr.services.closing import Closing
from dsr.services.dates import working_calendar
from dsr.services.identity import Shown
from dsr.services.keys import read_key
from dsr.services.letter_facts import facts_for
from dsr.services.letters import LetterRequest
from dsr.services.opening import Opening, Request
from dsr.services.steps import ticket_of
from dsr.services.waiting import reply_by
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.registers import OfficerRow, RecipientRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, SearchRow, TaskRow

CLOCK = FixedClock(datetime(2026, 11, 23, 2, tzinfo=UTC), "Asia/Shanghai")
COMPANY = Path(__file__).parents[2] / "fixtures" / "company"
SYSTEMS = ("crm", "platform", "billing")
SPEAKERS = [
    RequesterRole.SUBJECT,
    RequesterRole.GUARDIAN,
    RequesterRole.AGENT,
    RequesterRole.NEAR_RELATIVE,
    RequesterRole.CLIENT,
]


def at(desk, days):
    """Return the same desk some days later."""
    later = FixedClock(desk.clock.instant + timedelta(days=days), desk.clock.zone)
    return replace(desk, clock=later)


def told(desk, number, name, **said):
    """Return the facts of a letter as it would be written today."""
    with desk.read() as session:
        request = LetterRequest(name, **said)
        ticket = ticket_of(session, number)
        return facts_for(session, desk, ticket, request=request, today=desk.today())


def previewed(desk, number, name, **said):
    """Return the text of a letter as it would go out today."""
    return letters.preview(desk, number, LetterRequest(name, **said)).text


def add(desk, *rows):
    with desk.write() as step:
        step.session.add_all(rows)


@pytest.fixture
def case(desk):
    """Return what opens a case of several rights and gives the numbers of its tickets."""

    def open_case(*rights):
        with desk.write() as step:
            opening = Opening(step, desk.office, read_key(desk.office.key_file, may_make=True))
            request = Request(
                rights=rights,
                identifiers=((IdentifierType.EMAIL, "mei@example.com"),),
                received_at=desk.clock.instant,
                channel=Channel.EMAIL,
                laws=("CN",),
            )
            _, tickets = opening.open(request)
            opening.flush()
        return [number for number, _ in tickets]

    return open_case


def ticket_due(target_on):
    return TicketRow(laws={"CN": book.law("CN").version}, place=None, target_on=target_on)


@pytest.mark.parametrize("days_left", range(60))
def test_a_reply_leaves_time_to_the_office_and_never_less_than_its_days_to_the_person(days_left):
    today = date(2026, 11, 23)
    calendar, rule = working_calendar(ticket_due(today)), terms().reply
    ticket = ticket_due(calendar.last_working_not_after(today + timedelta(days=days_left)))
    by = reply_by(ticket, today)
    for_person = calendar.working_days_between(today, by)
    for_office = calendar.working_days_between(by, ticket.target_on)
    assert for_person >= rule.person_working_days
    assert by <= today + timedelta(days=terms().lapse.days)
    assert for_office >= rule.office_working_days or for_person == rule.person_working_days


@pytest.mark.parametrize("name", [LetterName.IDENTITY_REQUEST, LetterName.CLIENT_NOTICE])
def test_a_reply_is_never_asked_for_today_or_on_the_day_of_the_answer(desk, opened, name):
    number = opened(Kind.DELETION, laws=("CN",))
    said = told(at(desk, 40), number, name)
    assert said.reply_by_on > said.written_on
    assert told(desk, number, name).reply_by_on < told(desk, number, name).due_on


@pytest.mark.parametrize(("asked_after", "moves"), [(0, True), (10, False)])
@pytest.mark.parametrize("laws", [("CN",), ("EU",)])
@pytest.mark.parametrize("stored", [True, False])
def test_a_letter_says_that_the_period_runs_on_where_proof_was_asked_for_late(
    desk, opened, laws, asked_after, moves, stored
):
    number = opened(laws=laws, received_at=desk.clock.instant)
    later = at(desk, asked_after)
    if stored:
        identity.ask(later, number)
    said = told(later, number, LetterName.IDENTITY_REQUEST)
    assert (said.clock_mode is not ClockMode.NO_PAUSE) is moves
    text = previewed(later, number, LetterName.IDENTITY_REQUEST)
    assert ("runs on while we wait" in text) is not moves


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.DELETION, LetterName.IDENTITY_REQUEST),  # China's date is the earlier one
        (Kind.ACCESS, LetterName.CLARIFICATION),  # both are on one day
    ],
)
def test_a_period_runs_on_where_only_the_other_law_would_wait(desk, opened, kind, name):
    moved = opened(kind, laws=("EU",), received_at=desk.clock.instant)
    assert told(desk, moved, name).clock_mode is ClockMode.SUSPEND
    number = opened(kind, laws=("EU", "CN"), received_at=desk.clock.instant)
    assert told(desk, number, name).clock_mode is ClockMode.NO_PAUSE


def test_a_british_question_stops_the_period_that_a_british_proof_starts_anew(desk, opened):
    number = opened(Kind.ACCESS, laws=("UK",), received_at=desk.clock.instant)

    assert told(desk, number, LetterName.CLARIFICATION).clock_mode is ClockMode.SUSPEND
    assert told(desk, number, LetterName.IDENTITY_REQUEST).clock_mode is ClockMode.RESTART


def suffices(desk, number):
    with desk.read() as session:
        ticket = ticket_of(session, number)
        rule = office.kind_rule(ticket.kind, ticket.scope)
        return proving.proof_objection(session, ticket, rule) is None


ASKS = [
    (role, kind)
    for role in SPEAKERS
    for kind in (Kind.ACCESS, Kind.DELETION, Kind.CANCELLATION)
    if role in office.kind_rule(kind).askers
]


@pytest.mark.parametrize(("role", "kind"), ASKS)
def test_what_the_letter_asks_for_suffices_and_half_of_it_does_not(desk, opened, role, kind):
    for turn in range(len(_asked(desk, opened(kind, role=role))[1])):
        number = opened(kind, role=role)
        owed, ways = _asked(desk, number)
        assert bool(owed) is (role is not RequesterRole.SUBJECT)
        for code in owed:
            identity.accept(desk, number, Shown(code))
            assert not suffices(desk, number)
        assert not told(desk, number, LetterName.IDENTITY_REQUEST).authority_asked
        way = office.proof_method(ways[turn])
        bound = (IdentifierType.EMAIL, "mei@example.com") if way.bound else None
        identity.accept(desk, number, Shown(way.code, bound))
        assert suffices(desk, number), way.code


def _asked(desk, number):
    """Ask for proof; return what is needed by the letter, and the ways of which one is enough."""
    identity.ask(desk, number)
    said = told(desk, number, LetterName.IDENTITY_REQUEST)
    methods = office.proof_methods().values()
    owed = [m.code for m in methods if m.ask["en"] in said.authority_asked]
    ways = [m.code for m in methods if m.ask["en"] in said.proofs_asked]
    assert ways
    return owed, ways


def test_the_agent_of_a_minor_needs_both_papers(desk, opened):
    number = opened(role=RequesterRole.AGENT, minor=True)
    identity.ask(desk, number)
    assert len(told(desk, number, LetterName.IDENTITY_REQUEST).authority_asked) == 2
    text = previewed(desk, number, LetterName.IDENTITY_REQUEST)
    assert "all of these are needed" in text
    assert "And to show who you are" in text


def test_an_identity_request_names_only_what_waits_for_proof(desk, case):
    access, marketing, deletion = case(
        (Kind.ACCESS, None), (Kind.WITHDRAWAL, Scope.MARKETING), (Kind.DELETION, None)
    )
    named = told(desk, access, LetterName.IDENTITY_REQUEST).tickets
    assert [each.reference for each in named] == [f"DSR-{access}", f"DSR-{deletion}"]
    identity.ask(desk, deletion)
    identity.accept(desk, deletion, Shown("known_facts"))
    assert told(desk, access, LetterName.IDENTITY_REQUEST).tickets == ()
    acknowledged = told(desk, access, LetterName.ACKNOWLEDGEMENT).tickets
    assert [each.reference for each in acknowledged][1] == f"DSR-{marketing}"


@pytest.mark.parametrize("alone", [True, False])
def test_an_acknowledgement_tells_when_marketing_stops_and_apologises_for_what_is_late(
    desk, case, alone
):
    rights = ((Kind.WITHDRAWAL, Scope.MARKETING), (Kind.DELETION, None))
    number = case(*rights[: 1 if alone else 2])[0]
    text = previewed(desk, number, LetterName.ACKNOWLEDGEMENT).lower()
    assert "the processing stops by 24 november 2026" in text
    late = previewed(at(desk, 60), number, LetterName.ACKNOWLEDGEMENT).lower()
    assert "the processing stops by" not in late
    assert late.count("the period for our answer ended on") == (1 if alone else 2)
    assert "you will have our answer by" not in late
    chinese = previewed(at(desk, 60), number, LetterName.ACKNOWLEDGEMENT, language="zh")
    assert chinese.count("深表歉意") == (2 if alone else 3)


@pytest.mark.parametrize(
    ("laws", "cited"),
    [
        (("CN",), ["Personal Information Protection Law of the PRC"]),
        (("EU",), ["GDPR, Article 17"]),
        (("EU", "CN"), ["GDPR, Article 17", "Personal Information Protection Law"]),
        (("CN", "EU"), ["Personal Information Protection Law", "GDPR, Article 17"]),
    ],
)
def test_a_letter_cites_the_right_under_every_law_of_the_ticket_in_its_order(
    desk, opened, laws, cited
):
    number = opened(Kind.DELETION, laws=laws)
    with desk.read() as session:
        of_the_ticket = list(ticket_of(session, number).laws)
    citation = told(desk, number, LetterName.ACKNOWLEDGEMENT).right_citation
    places = [citation.index(each) for each in cited]
    assert places == sorted(places)
    assert ("GDPR" in citation) is ("EU" in of_the_ticket)


def test_the_records_that_a_letter_shows_are_those_of_its_last_search(desk, opened):
    number = opened(laws=("CN",))
    assert told(desk, number, LetterName.ACCESS).as_of_on is None
    evening = at(desk, 2).clock.instant.replace(hour=17)  # past midnight in Shanghai
    for name, instant in (("a", desk.clock.instant), ("b", evening)):
        row = {"ticket": number, "source": "crm", "collection": name, "at": instant}
        found = {"result": SearchResult.FOUND, "warnings": [], "categories": []}
        add(desk, SearchRow(**row, **found))
    assert told(desk, number, LetterName.ACCESS).as_of_on == date(2026, 11, 26)


def test_a_duplicate_names_the_day_of_the_earlier_request(desk, opened):
    earlier = opened(laws=("CN",), received_at=desk.clock.instant - timedelta(days=9))
    number = opened(laws=("CN",))
    closing.close(desk, number, Closing(Outcome.DUPLICATE, why="the same", of=earlier))
    with desk.read() as session:
        due_on = ticket_of(session, earlier).due_on
        assert due_on < ticket_of(session, number).due_on
    text = letters.frozen(desk, number, LetterName.DUPLICATE)[-1].text
    assert f"by {due_on.day} {due_on:%B %Y}" in text


@pytest.mark.parametrize("officers", [1, 2])
def test_a_complaint_names_another_reviewer_only_where_there_is_one(desk, opened, officers):
    number = opened(Kind.COMPLAINT, laws=("CN",))
    if officers == 2:
        add(desk, OfficerRow(name="wang", roles=["approver"], active=True))
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        ticket.statements = {"finding": "You were right.", "complaint_result": "upheld"}
        step.session.add(ticket)
    text = previewed(desk, number, LetterName.COMPLAINT)
    assert "by somebody who did not take" not in text  # it is about no decision
    assert ("Somebody who did not take the decision" in text) is (officers == 2)


@pytest.mark.parametrize("state", [TaskState.OPEN, TaskState.REMINDED, TaskState.DONE])
def test_a_recipient_counts_as_told_only_when_the_notice_has_left(desk, opened, state):
    number = opened(Kind.DELETION, laws=("CN",))
    for key in ("ads", "sms"):
        recipient = {"names": {"en": key, "zh": key}, "type": "entrusted", "sources": []}
        add(desk, RecipientRow(key=key, contact=f"{key}@example.net", **recipient))
    for day, key in enumerate(("ads", "sms")):
        _notice(at(desk, day), number, key)
    add(
        desk,
        TaskRow(
            ticket=number, number=1, kind=TaskKind.RECIPIENT, target="ads", label="", state=state
        ),
    )
    (recipient,) = told(desk, number, LetterName.DELETION).recipients
    assert recipient.told_on == (None if state is TaskState.OPEN else date(2026, 11, 23))


def _notice(desk, number, key):
    texts = dict.fromkeys(("subject", "text", "sha256", "template_sha256", "message_id"), key)
    who = {"recipient": f"{key}@example.net", "officer": "li", "language": "en"}
    name, at = LetterName.RECIPIENT_NOTICE, desk.clock.now()
    add(desk, LetterRow(case_number=1, ticket=number, name=name, written_at=at, **texts, **who))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("until", ["", "the invoices' term has ended"])
def test_what_is_kept_is_told_by_the_half_of_the_ground_that_holds(desk, opened, language, until):
    number = opened(Kind.DELETION, laws=("CN",), language=language)
    ground = office.ground("K1")
    item = {"proposal": Proposal.KEEP, "ground": "K1", "evidence": [], "citation": "a law"}
    reason = ground.tell[language]
    row = ItemRow(
        ticket=number, number=1, label="invoices", reason=reason, until_when=until, **item
    )
    add(desk, row)
    (kept,) = told(desk, number, LetterName.DELETION).items
    words = f"{kept.ground_name} {kept.reason}"
    assert ("technically" in words or "技术上" in words) is not until
    assert ("period" in words or "保存期限" in words) is bool(until)


def test_a_reason_that_an_officer_wrote_stays_as_it_is(desk, opened):
    number = opened(Kind.DELETION, laws=("CN",))
    item = {"proposal": Proposal.KEEP, "ground": "K1", "evidence": [], "citation": "a law"}
    add(desk, ItemRow(ticket=number, number=1, label="tapes", reason="They are on tape.", **item))
    assert told(desk, number, LetterName.DELETION).items[0].reason == "They are on tape."


@pytest.fixture(scope="module")
def company_database(empty_database, tmp_path_factory):
    """A database with the sample company's sources and recipients, and its key."""
    from typer.testing import CliRunner

    from dsr.cli.main import app
    from dsr.cli.show import App

    folder = tmp_path_factory.mktemp("truth")
    database = folder / "dsr.sqlite3"
    shutil.copyfile(empty_database, database)
    variables = {"HOME": str(folder), "DSR_DATABASE_URL": str(database), "DSR_OFFICER": "li"}
    variables["DSR_KEY_FILE"] = str(folder / "dsr.key")
    urls = []
    for name in SYSTEMS:
        connection = sqlite3.connect(folder / f"{name}.db")
        connection.executescript((COMPANY / f"{name}.sql").read_text(encoding="utf-8"))
        connection.close()
        urls += ["--url", f"{name}={folder / name}.db"]
    for words in (
        ["source", "add", str(COMPANY / "datamap.yaml"), *urls],
        ["recipient", "add", "--from", str(COMPANY / "registers.toml")],
    ):
        obj = App()
        obj.clock = CLOCK
        with obj.ends:
            result = CliRunner(env=variables).invoke(app, words, obj=obj)
        assert result.exit_code == 0, result.stderr
    return database


@pytest.fixture
def company(company_database, database):
    """Lay the sample company's office in the place of the empty one, before a desk opens it."""
    shutil.copyfile(company_database, database)


@pytest.fixture
def searched(company, desk, opened):
    """Return what opens a ticket in the sample company's office as if its search was done."""

    def open_searched(kind, laws=("CN",)):
        scope = Scope.MARKETING if kind is Kind.WITHDRAWAL else None
        number = opened(kind, scope, laws=laws)
        place = {"ticket": number, "source": "crm", "collection": "contacts"}
        found = {"result": SearchResult.FOUND, "rows": 1, "at": desk.clock.instant}
        add(
            desk,
            SearchRow(**place, **found, warnings=[], categories=["user.contact.email"]),
            ItemRow(**place, number=1, label="contacts", proposal=Proposal.GRANT, evidence=[]),
        )
        with desk.write() as step:
            ticket = ticket_of(step.session, number)
            ticket.status = Status.APPROVAL
            step.session.add(ticket)
        return number

    return open_searched


def counted(desk):
    with desk.read() as session:
        return len(session.exec(select(col(TaskRow.number))).all()), len(
            session.exec(select(col(LetterRow.id))).all()
        )


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", [Kind.DELETION, Kind.CANCELLATION, Kind.WITHDRAWAL])
def test_an_approver_reads_the_answer_before_its_tasks_exist(searched, desk, kind, language):
    number = searched(kind)
    before = counted(desk)
    name = office.kind_rule(kind).letter
    said = told(desk, number, name)
    assert said.actions
    assert all(each.done_on is None for each in said.actions)
    text = previewed(desk, number, name, language=language)
    assert ("DRAFT" if language == "en" else "草稿") in text
    assert terms().wording.planned[language] in text
    if kind is Kind.DELETION:
        assert said.backup_on > said.written_on
        assert said.recipients
        assert ("will be notified" if language == "en" else "将予通知") in text
    assert counted(desk) == before


@pytest.mark.parametrize(
    ("laws", "cited"),
    [
        (("CN",), ["Personal Information Protection Law"]),
        (("EU",), ["GDPR"]),
        (("EU", "CN"), ["GDPR", "Personal Information Protection Law"]),
    ],
)
def test_a_legal_basis_is_named_under_every_law_of_the_ticket(searched, desk, laws, cited):
    basis = told(desk, searched(Kind.ACCESS, laws), LetterName.ACCESS).holdings[0].basis
    places = [basis.index(each) for each in cited]
    assert places == sorted(places)
    assert ("GDPR" in basis) is ("EU" in laws)


def test_a_request_that_is_refused_plans_nothing(searched, desk):
    number = searched(Kind.CANCELLATION)
    with desk.write() as step:
        item = step.session.get(ItemRow, (number, 1))
        item.proposal, item.ground, item.reason, item.citation = Proposal.KEEP, "K1", "kept", "law"
        step.session.add(item)
    assert told(desk, number, LetterName.CANCELLATION).actions == ()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", [Kind.COPY, Kind.ACCESS])
def test_an_approver_reads_of_the_copy_that_waits(searched, desk, kind, language):
    number = searched(kind)
    file = {"name": "index.html", "size": 10, "sha256": "0" * 64}
    add(
        desk,
        PackageRow(
            ticket=number,
            sha256="1" * 64,
            size=10,
            manifest=[file],
            rows=7,
            made_at=desk.clock.instant,
            destroy_on=desk.today(),
        ),
    )
    text = previewed(desk, number, office.kind_rule(kind).letter, language=language)
    assert f"DSR-{number}.zip" in text
    assert "index.html" in text
    assert "1" * 64 not in text  # the plain copy's sum is not the one that is handed over
    assert terms().wording.sha256_later[language] in text
    assert ("DRAFT" if language == "en" else "草稿") in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_extension_names_the_first_date_and_the_one_that_its_notice_sets(desk, opened, language):
    number = opened(laws=("SG",), received_at=desk.clock.instant, language=language)
    first = told(desk, number, LetterName.EXTENSION).due_on
    named = first + timedelta(days=20)
    extending.extend(desk, number, "The search covers paper.", until=named)
    said = told(desk, number, LetterName.EXTENSION)
    assert (said.due_on, said.new_due_on) == (first, named)
    letter = letters.frozen(desk, number, LetterName.EXTENSION)[-1]
    assert "The search covers paper." in letter.text
    assert str(named.day) in letter.text


def test_an_acknowledgement_says_what_the_law_of_california_wants_said(desk, opened):
    number = opened(Kind.DELETION, laws=("US-CA", "CN"))
    (said,) = told(desk, number, LetterName.ACKNOWLEDGEMENT).told
    assert said.code == "verification_explained"
    assert said.text in previewed(desk, number, LetterName.ACKNOWLEDGEMENT)


@pytest.mark.parametrize(
    ("kind", "wanted"), [(Kind.DELETION, True), (Kind.ACCESS, False), (Kind.CANCELLATION, True)]
)
def test_a_refusal_carries_the_duties_of_the_letter_in_whose_place_it_stands(
    desk, opened, kind, wanted
):
    number = opened(kind, laws=("US-CA",))
    row = {"label": "all", "proposal": Proposal.REFUSE, "evidence": [], "ground": "H1"}
    add(desk, ItemRow(ticket=number, number=1, reason="why", citation="a law", **row))
    codes = {each.code for each in told(desk, number, LetterName.REFUSAL).told}
    assert ("opt_out_offer" in codes) is wanted
    owed = {each.need for each in told(desk, number, LetterName.REFUSAL).owed}
    assert "items.citation" in owed


@pytest.mark.parametrize("name", [LetterName.NO_DATA, LetterName.LAPSE, LetterName.REFERRAL])
def test_every_end_that_gives_less_owes_what_a_refusal_owes(desk, opened, name):
    number = opened(laws=("EU", "UK"))
    owed = {(each.need, each.law) for each in told(desk, number, name).owed}
    assert {("remedies", "EU"), ("remedies", "UK")} <= owed
    assert told(desk, number, LetterName.ACKNOWLEDGEMENT).owed == ()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("code", ["H2", "H4"])
def test_an_access_answer_tells_nothing_of_what_a_quiet_ground_withholds(
    searched, desk, code, language
):
    number = searched(Kind.ACCESS)
    place = {"ticket": number, "source": "billing", "collection": "invoices"}
    found = {"result": SearchResult.FOUND, "rows": 7, "at": desk.clock.instant}
    row = {"label": "records", "proposal": Proposal.REFUSE, "evidence": [], "ground": code}
    add(
        desk,
        SearchRow(**place, **found, warnings=[], categories=["user.financial"]),
        ItemRow(**place, **row, number=2, reason="a reason", citation="Article 77 of a law"),
    )
    said = told(desk, number, LetterName.ACCESS, language=language)
    assert [(each.source, each.rows) for each in said.holdings] == [(said.holdings[0].source, 1)]
    assert said.recipients
    text = previewed(desk, number, LetterName.ACCESS, language=language)
    for word in ("Tax authority", "税务机关", "invoice", "发票", "Article 77", "a reason"):
        assert word not in text
