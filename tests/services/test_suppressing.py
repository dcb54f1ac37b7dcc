"""The suppression list, and the stop of marketing that fills it: whole, or to be gone on with."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dsr.domain.vocabulary import (
    Channel,
    IdentifierType,
    Kind,
    Outcome,
    RequesterRole,
    Scope,
)
from dsr.errors import NotAllowedError, UsageError
from dsr.services import identity, stopping, stopping_many, suppressing
from dsr.services.addresses import LONGEST_LINE, lines_of, read_column
from dsr.services.connecting import add_sources
from dsr.services.decisions import propose
from dsr.services.desk import keyed
from dsr.services.evidence import verify
from dsr.services.holding import hold
from dsr.services.items import Decision
from dsr.services.keys import read_key
from dsr.services.steps import ticket_of
from dsr.sources import planning
from dsr.store.engine import open_store

COMPANY = Path(__file__).parents[2] / "fixtures" / "company"
MEI, BO, DAN = "mei@example.com", "bo@example.com", "dan@example.com"
STRIDE = 67  # statements between two kills; each costs a third of a second
EMAIL, PHONE = IdentifierType.EMAIL, IdentifierType.PHONE


#: Two systems, each with a measure of its own.
DATAMAP = """
dataset:
  - fides_key: crm
    collections:
      - {name: person, fields: &fields [
          {name: id, fides_meta: {primary_key: true}},
          {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}},
          {name: mailing, data_categories: [user.privacy_preferences]}]}
    meta: {dsr: {collections: {person: &measured {
      basis: consent, measures: {stop_marketing: {set: {mailing: 0}, where: {mailing: [1]}}}}}}}
  - fides_key: shop
    collections: [{name: buyer, fields: *fields}]
    meta: {dsr: {collections: {buyer: *measured}}}
"""


def rows(database, query):
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def dump(place):
    with closing(sqlite3.connect(place)) as connection:
        return list(connection.iterdump())


def lookup(desk, kind, value):
    return keyed(read_key(desk.office.key_file, may_make=False), kind, value)


def listed(database):
    query = "select type, lookup, scope, ticket, follows, ended_at from suppression order by 1, 2"
    return rows(database, query)


def column(desk, *addresses, **said):
    """Stop a column of addresses and return what became of each line."""
    lines = read_column([f"{each}\n".encode() for each in addresses])
    work = stopping_many.Column(desk, lines, stopping_many.Wishes(**said))
    return [(view.ticket, view.outcome) for view in work.views()]


@pytest.fixture
def systems(desk, tmp_path):
    """Return the folder of the sample company's systems, registered at the desk."""
    folder = tmp_path / "systems"
    folder.mkdir()
    places = {}
    for name in ("crm", "platform", "billing"):
        places[name] = str(folder / f"{name}.db")
        with closing(sqlite3.connect(places[name])) as connection:
            connection.executescript((COMPANY / f"{name}.sql").read_text(encoding="utf-8"))
    add_sources(desk, [COMPANY / "datamap.yaml"], places)
    return folder


def test_a_withdrawal_suppresses_every_contact_point_and_no_name(desk, database, opened):
    named = ((EMAIL, MEI), (PHONE, "+8619900000001"), (IdentifierType.NAME, "Mei"))
    number = opened(Kind.WITHDRAWAL, Scope.CONSENT, identifiers=named, sender=None)
    propose(desk, number, Decision())
    found = {(kind, scope): value for kind, value, scope, *_ in listed(database)}
    assert found == {
        ("email", "consent"): lookup(desk, EMAIL, MEI),
        ("phone", "consent"): lookup(desk, PHONE, "+8619900000001"),
    }
    events = [json.loads(body)["facts"] for (body,) in rows(database, "select body from event")]
    assert {"suppressed": 2, "scope": "consent"} in events


def test_an_agent_s_own_address_is_not_suppressed(desk, database, opened):
    number = opened(
        Kind.WITHDRAWAL,
        Scope.MARKETING,
        identifiers=((EMAIL, MEI),),
        sender=BO,
        role=RequesterRole.AGENT,
    )
    propose(desk, number, Decision())
    assert [row[1] for row in listed(database)] == [lookup(desk, EMAIL, MEI)]


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.REFERRED])
def test_a_withdrawal_that_does_not_stand_suppresses_nobody(desk, database, opened, outcome):
    number = opened(Kind.WITHDRAWAL, Scope.CONSENT)
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        ticket.outcome = outcome
        assert suppressing.suppress(step, ticket) == 0
    assert listed(database) == []


def test_no_other_right_suppresses_anybody(desk, database, opened):
    propose(desk, opened(Kind.EXPLANATION), Decision(statements={"answer": "so"}))
    assert listed(database) == []


def test_a_suppression_keeps_its_first_ticket(desk, database, opened):
    numbers = [opened(Kind.WITHDRAWAL, Scope.MARKETING) for _ in range(2)]
    for number in numbers:
        propose(desk, number, Decision())
    assert [row[3] for row in listed(database)] == [numbers[0]]


def test_a_suppression_follows_a_corrected_address_and_keeps_the_old_one(desk, database, opened):
    first = opened(Kind.WITHDRAWAL, Scope.MARKETING)
    propose(desk, first, Decision())
    correction = opened(Kind.CORRECTION)
    changes = [
        (EMAIL, MEI.upper(), BO),
        (EMAIL, DAN, "x@example.com"),  # was never on the list
        (EMAIL, MEI, "no address"),
        (IdentifierType.NAME, "Mei", "May"),
    ]
    with desk.write() as step:
        ticket = ticket_of(step.session, correction)
        assert suppressing.follow(step, desk, ticket, changes) == 1
        assert suppressing.follow(step, desk, ticket, changes) == 0
    old, new = lookup(desk, EMAIL, MEI), lookup(desk, EMAIL, BO)
    assert {row[1:5] for row in listed(database)} == {
        (old, "marketing", first, None),
        (new, "marketing", first, old),
    }


def test_only_a_recorded_wish_ends_a_suppression_and_all_that_followed(desk, database, opened):
    number = opened(Kind.WITHDRAWAL, Scope.MARKETING)
    propose(desk, number, Decision())
    with desk.write() as step:
        suppressing.follow(step, desk, ticket_of(step.session, number), [(EMAIL, MEI, BO)])
    with pytest.raises(UsageError):
        suppressing.end(desk, number, "  ")
    assert [row[5] for row in listed(database)] == [None, None]
    suppressing.end(desk, number, "she signed up again on paper")
    assert None not in [row[5] for row in listed(database)]
    assert verify(desk).ok
    with pytest.raises(NotAllowedError):
        suppressing.end(desk, number, "again")


def test_a_marketing_stop_outlives_the_end_of_another_scope(desk, database, opened):
    marketing = opened(Kind.WITHDRAWAL, Scope.MARKETING)
    objection = opened(Kind.WITHDRAWAL, Scope.OBJECTION)
    for number in (marketing, objection):
        propose(desk, number, Decision())
    suppressing.end(desk, objection, "he thought better of it")
    holding = {row[2] for row in listed(database) if row[5] is None}
    assert holding == {"marketing"}


def test_whoever_withdraws_again_is_suppressed_again(desk, database, opened):
    first = opened(Kind.WITHDRAWAL, Scope.MARKETING)
    stopping.stop(desk, first)
    suppressing.end(desk, first, "signed up")
    second = opened(Kind.WITHDRAWAL, Scope.MARKETING)
    stopping.stop(desk, second)
    assert [(row[3], row[5]) for row in listed(database)] == [(second, None)]
    suppressing.end(desk, second, "signed up again")
    assert column(desk, MEI) == [(3, "stopped")]


def test_a_refused_stop_is_not_carried_out(desk, opened):
    number = opened(Kind.WITHDRAWAL, Scope.MARKETING)
    with desk.write() as step:
        ticket = ticket_of(step.session, number)
        ticket.decided, ticket.outcome = True, Outcome.REFUSED
        step.session.add(ticket)
    with pytest.raises(NotAllowedError, match="refused"):
        stopping.stop(desk, number)


def test_a_stop_that_lacks_something_suppresses_all_the_same(desk, database, opened):
    number = opened(Kind.WITHDRAWAL, Scope.MARKETING)
    identity.fail(desk, number, "known_facts", "he knew nothing")
    with pytest.raises(NotAllowedError):
        stopping.stop(desk, number)
    assert [row[3] for row in listed(database)] == [number]


# Many at once.


def told(database, tickets):
    """Return what is kept of tickets, without what every ticket has for itself."""
    found = []
    for number in tickets:
        numbers = re.compile(rf"(?<=DSR-){number}\b|(?<=\.){number}(?=@)|[0-9a-f]{{24,64}}")
        case = rows(database, f"select case_number from ticket where number = {number}")[0][0]
        events = []
        for (body,) in rows(database, f"select body from event where ticket = {number}"):
            event = json.loads(body)
            assert event["case"] == case
            facts = {k: v for k, v in event["facts"].items() if k not in {"hash", "sha256", "plan"}}
            told_apart = list(event["sealed"])  # each has a salt of its own
            events.append([event[k] for k in ("action", "before", "after")] + [told_apart, facts])
        columns = (
            "kind, scope, status, outcome, laws, received_at, due_on, target_on, act_by_on, "
            "decided, proposed_by, approvals_due, answered_at, closed_at, language, channel"
        )
        found.append(
            {
                "events": events,
                "ticket": rows(database, f"select {columns} from ticket where number = {number}"),
                "items": [
                    r[1:] for r in rows(database, f"select * from item where ticket={number}")
                ],
                "tasks": rows(
                    database,
                    "select number, kind, target, label, state, due_on, done_on, officer "
                    f"from task where ticket = {number}",
                ),
                "clock": [
                    r[1:] for r in rows(database, f"select * from clock where ticket={number}")
                ],
                "letters": [
                    tuple(numbers.sub("N", str(cell)) for cell in row)
                    for row in rows(
                        database,
                        "select name, language, subject, text, template_sha256, message_id, "
                        f"channel, state, written_at, officer from letter where ticket = {number}",
                    )
                ],
            }
        )
    return found


def test_a_ticket_of_many_is_as_one_that_was_stopped_alone(desk, database, systems):
    column(desk, MEI)
    column(desk, BO, DAN, "x@example.com")
    alone, *many = told(database, [1, 2, 3, 4])
    assert [action for action, *_ in alone["events"]] == [
        "open",
        "accept",
        "decide",
        "note",
        "fulfil",
        "work_task",
        "work_task",
        "write",
        "answer",
        "finish",
    ]
    assert many == [alone] * 3
    recipients = rows(database, "select ticket, recipient from letter order by ticket")
    assert recipients == [(1, MEI), (2, BO), (3, DAN), (4, "x@example.com")]


def test_each_of_many_has_its_own_hashes(desk, database, systems):
    column(desk, MEI, BO, DAN)
    hashes = rows(database, "select proposed_hash from ticket")
    assert len({value for (value,) in hashes}) == 3
    for number, text, sha256, reference in rows(
        database, "select ticket, subject || char(10,10) || text, sha256, message_id from letter"
    ):
        assert f"DSR-{number}" in text
        assert f".{number}@" in reference
        events = f"select body from event where ticket = {number} and action in ('decide', 'write')"
        decided, written = (json.loads(body)["facts"] for (body,) in rows(database, events))
        assert written["sha256"] == sha256
        assert [(decided["hash"],)] == rows(
            database, f"select proposed_hash from ticket where number = {number}"
        )
    from dsr.services.decisions import decision_hash

    with desk.read() as session:
        for number in (1, 2, 3):
            ticket = ticket_of(session, number)
            assert decision_hash(session, ticket) == ticket.proposed_hash


def test_the_same_column_again_does_nothing(desk, database, systems):
    assert column(desk, MEI, BO, MEI) == [(1, "stopped"), (2, "stopped"), (1, "skipped")]
    before = rows(database, "select count(*) from event")
    assert column(desk, BO, MEI) == [(2, "skipped"), (1, "skipped")]
    assert rows(database, "select count(*) from event") == before


def test_a_ticket_that_waits_already_is_the_one_that_is_carried_out(desk, database, opened):
    number = opened(Kind.WITHDRAWAL, Scope.MARKETING)
    assert column(desk, MEI) == [(number, "stopped")]
    assert rows(database, "select status from ticket") == [("closed",)]


def test_an_agent_s_open_ticket_is_not_taken_for_the_agent_s_own(desk, opened):
    opened(
        Kind.WITHDRAWAL,
        Scope.MARKETING,
        identifiers=((EMAIL, MEI),),
        sender=BO,
        role=RequesterRole.AGENT,
    )
    assert column(desk, BO) == [(2, "stopped")]


def test_what_only_one_ticket_of_many_may_say_is_worked_for_each(desk, database, systems):
    """Notices to recipients are written to each by itself, whatever the rules ask for."""
    from dsr.services.alike import for_each
    from dsr.services.decisions import put_forward

    with desk.write() as step:
        from dsr.services.opening import Opening, Request

        opening = Opening(step, desk.office, read_key(desk.office.key_file, may_make=True))
        for address in (MEI, BO):
            opening.open(
                Request(
                    rights=((Kind.WITHDRAWAL, Scope.CONSENT),),
                    identifiers=((EMAIL, address),),
                    received_at=step.now,
                    channel=Channel.FORM,
                )
            )
        opening.flush()
        from dsr.store.tables.registers import RecipientRow

        step.session.add(
            RecipientRow(
                key="sms_gateway",
                names={"en": "S"},
                type="entrusted",
                contact="s@x.org",
                sources=[],
            )
        )
        for_each(step, desk, [1, 2], lambda s, t: put_forward(s, desk, t, Decision()))
    notices = rows(database, "select ticket, text from letter where name = 'recipient_notice'")
    assert [ticket for ticket, _ in notices] == [1, 2]
    assert MEI in notices[0][1]
    assert BO in notices[1][1]
    assert MEI not in notices[1][1]


def test_what_a_failing_source_leads_to_is_not_taken_for_done(desk, database, tmp_path):
    places = {name: f"{tmp_path / name}.db" for name in ("crm", "shop")}
    for place, table in zip(places.values(), ("person", "buyer"), strict=True):
        with closing(sqlite3.connect(place)) as connection, connection:
            connection.execute(f"create table {table} (id integer primary key, email, mailing)")
            connection.execute(f"insert into {table} values (1, '{MEI}', 1), (2, '{BO}', 1)")
    (tmp_path / "datamap.yaml").write_text(DATAMAP, encoding="utf-8")
    add_sources(desk, [tmp_path / "datamap.yaml"], places)
    Path(places["crm"]).rename(tmp_path / "away")
    assert column(desk, MEI, BO) == [(1, "failed"), (2, "failed")]
    assert rows(places["shop"], "select distinct mailing from buyer") == [(0,)]
    states = "select target, state, count(*) from task group by 1, 2"
    assert rows(database, states) == [("crm", "failed", 2), ("shop", "open", 2)]
    (tmp_path / "away").rename(places["crm"])
    assert column(desk, MEI, BO) == [(1, "stopped"), (2, "stopped")]
    assert rows(places["crm"], "select distinct mailing from person") == [(0,)]
    assert rows(database, states) == [("crm", "done", 2), ("shop", "done", 2)]


def test_many_at_once_change_in_the_systems_what_each_alone_would(desk, systems, tmp_path):
    query = "select email from contacts where household_id is not null union all "
    query += "select mobile from contacts where guardian_mobile is not null union all "
    query += "select guardian_mobile from contacts where guardian_mobile is not null"
    addresses = [value for (value,) in rows(systems / "crm.db", query)][:8]
    shutil.copytree(systems, tmp_path / "kept")
    column(desk, *addresses)
    together = {place.name: dump(place) for place in sorted(systems.glob("*.db"))}
    for place in (tmp_path / "kept").iterdir():
        shutil.copyfile(place, systems / place.name)
    other = tmp_path / "other.sqlite3"
    office = replace(desk.office, key_file=tmp_path / "other.key")
    alone = replace(desk, engine=open_store(f"sqlite:///{other}"), office=office)
    places = {name: f"{systems / name}.db" for name in ("crm", "platform", "billing")}
    add_sources(alone, [COMPANY / "datamap.yaml"], places)
    for address in addresses:
        column(alone, address)
    alone.engine.dispose()
    assert {place.name: dump(place) for place in sorted(systems.glob("*.db"))} == together


@pytest.mark.parametrize("count", [1, 3])
def test_a_hold_that_comes_after_the_plan_is_heeded_at_the_commit(
    desk, database, systems, monkeypatch, count
):
    query = "select c.email from contacts c join consents s on s.contact_id = c.id "
    query += "where s.purpose = 'marketing_email' and s.given = 1 order by c.id limit 3"
    known = [each for (each,) in rows(systems / "crm.db", query)][:count]
    made = planning.make_plan

    def and_then_a_hold(*said, **more):
        planned = made(*said, **more)
        hold(desk, count, "a court asked for it")
        return planned

    monkeypatch.setattr(planning, "make_plan", and_then_a_hold)
    given = "select distinct c.email from contacts c join consents s on s.contact_id = c.id "
    given += "where s.purpose = 'marketing_email' and s.given = 1"
    wanted = [(number, "stopped") for number in range(1, count)] + [(count, "failed")]
    assert column(desk, *known) == wanted
    still = {each for (each,) in rows(systems / "crm.db", given)}
    assert still & set(known) == {known[-1]}
    assert len(listed(database)) == count
    state = f"select state, result from task where ticket = {count} and target = 'crm'"
    assert rows(database, state) == [("open", f"ticket {count} is under a legal hold")]


def test_killed_at_any_statement_the_next_run_does_what_is_left(
    desk, database, systems, killed, die_at, tmp_path
):
    with closing(sqlite3.connect(systems / "crm.db")) as connection:
        query = "select c.email from contacts c join consents s on s.contact_id = c.id "
        query += "where s.purpose = 'marketing_email' and s.given = 1 limit 2"
        known = [row[0] for row in connection.execute(query)]
    addresses = [*known, "+8619900000199"]
    desk.engine.dispose()
    kept = tmp_path / "kept"
    shutil.copytree(systems, kept / "systems")
    shutil.copyfile(database, kept / "dsr.sqlite3")
    seen = set()
    for moment in range(0, 3000, STRIDE):
        for name in ("crm", "platform", "billing"):
            shutil.copyfile(kept / "systems" / f"{name}.db", systems / f"{name}.db")
        for suffix in ("-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(kept / "dsr.sqlite3", database)
        died = killed(desk, lambda own: column(own, *addresses), die_at(moment))
        half = rows(database, "select count(*) from ticket")[0][0]
        assert rows(database, "select count(*) from suppression") == [(half,)]
        seen.add((half, *rows(database, "select distinct status from ticket")))
        outcomes = column(desk, *addresses)
        assert {ticket for ticket, _ in outcomes} == {1, 2, 3}
        assert rows(database, "select status, count(*) from ticket") == [("closed", 3)]
        assert rows(database, "select count(*) from letter") == [(3,)]
        left = "select count(*) from consents s join contacts c on c.id = s.contact_id "
        left += f"where c.email in ('{known[0]}', '{known[1]}') and given = 1 "
        left += "and purpose in ('marketing_email', 'marketing_sms', 'wechat_push')"
        assert rows(systems / "crm.db", left) == [(0,)]
        audit = verify(desk)
        assert (audit.ok, audit.why) == (True, None)
        desk.engine.dispose()
        if not died:
            break
    assert not died
    assert {status for _, *found in seen for (status,) in found} >= {"fulfilling", "closed"}


# Reading a column.


def cells(*lines, type_=None):
    read = read_column(
        [line if isinstance(line, bytes) else line.encode() for line in lines], type_
    )
    return [(line.number, line.type, line.value) for line in read]


def test_addresses_are_told_by_their_shape():
    assert cells(" Mei@Example.com \n", "199 0000 0001\n", "nonsense@\r\n", "12") == [
        (1, EMAIL, MEI),
        (2, PHONE, "+8619900000001"),
        (3, None, ""),
        (4, None, ""),
    ]


def test_of_several_columns_the_first_counts_and_remarks_do_not():
    lines = (
        "e-mail;name\n",
        "# by Li\n",
        "\n",
        "mei@example.com;Mei, Ms\n",
        '"bo@example.com",x\n',
    )
    assert cells(*lines) == [(4, EMAIL, MEI), (5, EMAIL, BO)]


def test_a_broken_address_is_not_taken_for_a_heading():
    assert cells("mei.example.com\n", "bo@example.com\n")[0] == (1, None, "")
    assert cells("mei@@example.com\n")[0] == (1, None, "")


def test_only_the_first_line_is_a_heading():
    told = []
    read = list(read_column([b"address\n", b"address\n"], heading=told.append))
    assert told == [1]
    assert [(line.number, line.type) for line in read] == [(2, None)]


@pytest.mark.parametrize(
    "line",
    [
        b"mei@example.com,\x1b[2J\n",
        "mei@example.com\u202e\n".encode(),
        b"\xff\xfem\x00",
        b"mei@example.com,\xff\n",
        b"a" * (LONGEST_LINE + 5),
    ],
    ids=["escape", "bidi", "utf-16", "not utf-8", "long"],
)
def test_what_cannot_be_trusted_is_no_address(line):
    read = list(read_column([b"bo@example.com\n", line]))
    assert (read[1].type, read[1].value) == (None, "")
    assert read[1].text.isprintable()


def test_a_quote_that_is_not_closed_takes_no_other_line_with_it():
    assert cells('"mei@example.com\n', "bo@example.com\n") == [(1, EMAIL, MEI), (2, EMAIL, BO)]


def test_a_line_without_an_end_is_one_line(tmp_path):
    place = tmp_path / "long.txt"
    place.write_bytes(b"x" * 3 * LONGEST_LINE + b"\nmei@example.com")
    with place.open("rb") as stream:
        assert [number for number, kind, _ in cells(*lines_of(stream)) if kind] == [2]


def test_a_byte_order_mark_is_no_part_of_an_address():
    assert cells(b"\xef\xbb\xbfmei@example.com\n") == [(1, EMAIL, MEI)]


def test_a_type_that_is_said_stands_for_all():
    assert cells("mei_88\n", type_=IdentifierType.ACCOUNT) == [
        (1, IdentifierType.ACCOUNT, "mei_88")
    ]
