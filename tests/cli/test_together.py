"""What belongs together: links, splits, access before deletion; and files and holds."""

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from dsr.domain.vocabulary import IdentifierType, Kind, MessageOutcome, RequesterRole, Scope
from dsr.errors import NotAllowedError
from dsr.services import attaching, holding, linking, splitting
from dsr.services.related import answer_first, linked_numbers, of_the_person
from dsr.services.steps import ticket_of
from dsr.store import blobs
from dsr.store.tables.messages import BlobRow, MessageRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, PlanRow

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
MEI = (IdentifierType.EMAIL, "mei@example.com")
NAME = (IdentifierType.NAME, "王梅")


def rows_of(database, query):
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def first_of(desk, number):
    with desk.read() as session:
        return answer_first(session, ticket_of(session, number))


def target_of(desk, number):
    with desk.read() as session:
        return ticket_of(session, number).target_on


def links(desk, number):
    with desk.read() as session:
        return linked_numbers(session, ticket_of(session, number))


def events_of(run, number, action):
    events = json.loads(run(f"log {number} -o json").stdout)
    return [event for event in events if event["action"] == action]


# -- linking


def test_a_link_is_told_on_both_and_made_once(run, opened, desk):
    opened()
    opened(Kind.DELETION, identifiers=((IdentifierType.PHONE, "19900000001"),), sender=None)

    run('link 2 1 --why "one person, two addresses"')
    again = run("link 1 2")

    assert "linked with 1 already" in again.stderr
    assert (links(desk, 1), links(desk, 2)) == ([2], [1])
    for number, other in ((1, 2), (2, 1)):
        (event,) = events_of(run, number, "link")
        assert event["facts"] == {"other": other, "undone": False}
    assert "two addresses" not in str(rows_of(desk.engine.url.database, "select body from event"))


def test_a_link_is_undone_and_only_where_there_is_one(run, opened, desk):
    opened()
    opened(Kind.DELETION)
    run("link 1 2")

    run("link 2 1 --undo")

    assert links(desk, 1) == []
    assert events_of(run, 1, "link")[-1]["facts"]["undone"] is True
    assert "are not linked" in run("link 2 1 --undo", exits=3).stderr


def test_a_ticket_is_not_linked_with_itself_and_the_others_are(run, opened, desk):
    opened()
    opened(Kind.DELETION)

    assert "with itself" in run("link 1 1", exits=2).stderr
    assert "1 done, 0 skipped, 2 failed" in run("link 1 1 2 9", exits=6).stderr
    assert links(desk, 1) == [2]


def test_tickets_of_one_letter_are_together_without_a_link(run, opened, desk):
    opened()
    run("split 1 deletion")

    assert "linked with 1 already" in run("link 1 2").stderr
    assert rows_of(desk.engine.url.database, "select * from link") == []


def test_a_dry_run_of_linking_changes_nothing(run, opened, database):
    opened()
    opened(Kind.DELETION)
    before = rows_of(database, "select count(*) from event")

    run("link 1 2 --dry-run")

    assert rows_of(database, "select count(*) from event") == before
    assert rows_of(database, "select * from link") == []


# -- splitting


def test_a_split_opens_tickets_of_the_same_letter_and_person(run, opened, desk):
    opened(Kind.COPY, laws=("CN", "EU"), place="DE", language="zh-Hans")

    run("split 1 deletion withdrawal --scope marketing")

    with desk.read() as session:
        old, *new = (ticket_of(session, number) for number in (1, 2, 3))
    assert [(each.kind, each.scope) for each in new] == [
        (Kind.DELETION, None),
        (Kind.WITHDRAWAL, Scope.MARKETING),
    ]
    for each in new:
        for name in (
            "case_number", "person", "requester_role", "language", "channel", "received_at",
            "received_on", "laws", "place", "who", "minor", "born_on",
        ):  # fmt: skip
            assert getattr(each, name) == getattr(old, name), name
        assert each.due_on is not None
    (event,) = events_of(run, 1, "split")
    assert event["facts"]["opened"] == [[2, "deletion", None], [3, "withdrawal", "marketing"]]
    assert [len(events_of(run, number, "open")) for number in (2, 3)] == [1, 1]
    assert json.loads(run("audit verify -o json").stdout)["ok"]


def test_a_kind_that_the_case_asks_for_already_is_not_opened_again(run, opened, desk):
    opened(Kind.COPY)
    run("split 1 withdrawal --scope marketing")

    assert (
        "ticket 2 of the same case" in run("split 1 withdrawal --scope marketing", exits=5).stderr
    )
    assert "ticket 1 of the same case" in run("split 2 copy deletion", exits=5).stderr
    assert "named twice" in run("split 1 deletion deletion", exits=2).stderr
    assert "needs a scope" in run("split 1 withdrawal", exits=2).stderr
    with desk.read() as session:
        assert session.get(TicketRow, 3) is None
    run("split 1 withdrawal --scope cookies")  # another thing is withdrawn


def test_what_has_ended_may_be_asked_for_again(run, opened):
    opened(Kind.COPY)
    run("split 1 deletion")
    run('close 2 --as withdrawn --why "by telephone"')

    run("split 1 deletion")


def test_a_proof_is_for_one_ticket_and_the_command_to_say_it_again_is_told(run, opened):
    opened(Kind.COPY)
    run("verify pass 1 --method video")

    (row,) = json.loads(run("split 1 deletion -o json").stdout)

    assert "dsr verify pass 2 --method video" in row["said"]
    assert json.loads(run("show 2 -o json").stdout)["identity"]["proofs"] == []
    run("verify pass 2 --method video")


def test_a_dry_run_of_splitting_gives_no_number_away(run, opened):
    opened(Kind.COPY)

    run("split 1 deletion --dry-run")

    (row,) = json.loads(run("split 1 deletion -o json").stdout)
    assert row["number"] == 2


# -- access before deletion, across letters


def test_an_access_of_another_letter_is_answered_before_the_deletion(desk, opened):
    access = opened(received_at=datetime(2026, 11, 2, 2, tzinfo=UTC))
    deletion = opened(Kind.DELETION)

    assert first_of(desk, deletion) == access
    assert first_of(desk, access) is None


def test_an_access_that_came_later_goes_first_too_and_takes_the_earlier_day(desk, opened, run):
    deletion = opened(Kind.DELETION, received_at=datetime(2026, 11, 2, 2, tzinfo=UTC))
    access = opened()
    run(f"verify pass {access} --method video")  # its dates are computed anew

    assert first_of(desk, deletion) == access
    assert target_of(desk, access) == target_of(desk, deletion)
    with desk.read() as session:  # the law's own day is another matter
        assert ticket_of(session, access).due_on > ticket_of(session, deletion).due_on


def test_within_a_letter_the_access_takes_the_earlier_day_from_the_beginning(desk, opened, run):
    own = target_of(desk, opened())
    run("split 1 deletion")

    assert target_of(desk, 1) == target_of(desk, 2) < own


def test_a_case_opened_by_hand_takes_the_earlier_day_too(run):
    opened = json.loads(
        run("open access deletion -o json --identifier email=-", input="a@b.cn").stdout
    )

    assert len({each["target_on"] for each in opened}) == 1
    assert len({each["due_on"] for each in opened}) == 2


def test_a_namesake_blocks_nothing(desk, opened):
    opened(identifiers=(NAME, MEI), sender=None)
    deletion = opened(
        Kind.DELETION, identifiers=(NAME, (IdentifierType.PHONE, "19900000009")), sender=None
    )

    assert first_of(desk, deletion) is None


def test_an_agents_own_address_makes_his_clients_no_one_person(desk, opened):
    for kind, phone in ((Kind.ACCESS, "19900000001"), (Kind.DELETION, "19900000002")):
        opened(
            kind,
            identifiers=((IdentifierType.PHONE, phone),),
            sender="agent@example.com",
            role=RequesterRole.AGENT,
        )
    own = opened(Kind.CANCELLATION, identifiers=(), sender="agent@example.com")

    assert first_of(desk, 2) is None
    assert first_of(desk, own) is None
    with desk.read() as session:
        assert of_the_person(session, ticket_of(session, own)) == []


def test_a_link_by_hand_makes_the_access_go_first(desk, opened, run):
    access = opened()
    deletion = opened(
        Kind.DELETION, identifiers=((IdentifierType.PHONE, "19900000001"),), sender=None
    )
    assert first_of(desk, deletion) is None

    run(f"link {access} {deletion}")

    assert first_of(desk, deletion) == access
    assert target_of(desk, access) == target_of(desk, deletion)


def test_what_is_answered_waived_or_ended_blocks_nothing(desk, opened, run):
    access, deletion = opened(), opened(Kind.DELETION)

    run(f'set {deletion} --waive-access "letter of 20 November"')
    assert first_of(desk, deletion) is None

    other = opened(Kind.CANCELLATION)
    assert first_of(desk, other) == access
    run(f'close {access} --as withdrawn --why "by telephone"')
    assert first_of(desk, other) is None


def test_a_deletion_is_not_approved_while_an_access_of_another_letter_is_open(walk):
    walk.verified("access")
    number = walk.found("deletion")
    walk(f"propose {number}")

    refused = walk(f"approve {number} --as wang", exits=4)

    assert "ticket 1 asks for the same data" in refused.stderr


# -- files


@pytest.fixture
def letter(tmp_path):
    """Return a file as somebody outside may have named it."""
    place = tmp_path / "answer\u202eof the\nbank.pdf"
    place.write_bytes(b"a confirmation of the bank" * 90_000)
    return place


def mine(run):
    run("assign 1 --to li")


def test_an_attached_file_comes_back_as_it_was(run, opened, desk, letter, tmp_path):
    opened()
    mine(run)
    whole = letter.read_bytes()

    run(f"attach 1 '{letter}' --what 'what the bank says'")
    (row,) = json.loads(run("attach 1 --list -o json").stdout)
    run(f"attach 1 --get 1 --dir {tmp_path / 'got'}")

    assert row["sha256"] == hashlib.sha256(whole).hexdigest()
    assert (row["size"], row["kept"], row["what"]) == (len(whole), True, "what the bank says")
    assert row["name"] == "answerof thebank.pdf"
    assert [event["facts"] for event in events_of(run, 1, "read")][:2] == [
        {"attachments": 1, "revealed": False},
        {"attachment": row["sha256"], "revealed": False},
    ]
    (place,) = (tmp_path / "got").iterdir()
    assert (place.name, place.read_bytes()) == (row["name"], whole)
    assert place.stat().st_mode & 0o777 == 0o600


def test_the_trail_of_a_file_has_its_hash_and_not_its_name(run, opened, desk, tmp_path):
    opened()
    place = tmp_path / "王梅.pdf"
    place.write_bytes(b"x")

    run(f"attach 1 {place} --what 王梅的信")

    (event,) = events_of(run, 1, "attach")
    assert event["facts"] == {"sha256": hashlib.sha256(b"x").hexdigest(), "size": 1, "kept": True}
    assert "王梅" not in str(rows_of(desk.engine.url.database, "select body from event"))


def test_of_an_identity_paper_nothing_is_kept_but_its_hash(run, opened, desk, tmp_path):
    opened()
    mine(run)
    place = tmp_path / "card.jpg"
    place.write_bytes(b"an identity card")

    run(f"attach 1 {place} --paper")

    (row,) = json.loads(run("attach 1 --list -o json").stdout)
    assert (row["kept"], row["sha256"]) == (False, hashlib.sha256(b"an identity card").hexdigest())
    with desk.read() as session:
        assert not session.exec(select(BlobRow)).all()
    assert "not kept" in run(f"attach 1 --get 1 --dir {tmp_path / 'got'}", exits=3).stderr
    assert list((tmp_path / "got").iterdir()) == []


@pytest.fixture
def card(run, opened, tmp_path):
    """Return an identity paper that was attached to two tickets by mistake."""
    opened()
    opened(identifiers=((IdentifierType.EMAIL, "bo@example.com"),), sender="bo@example.com")
    place = tmp_path / "card.jpg"
    place.write_bytes(b"an identity card")
    run(f"attach 1 {place}")
    run(f"attach 2 {place}")
    return place


def kept_of(desk):
    """Return how many things are kept, and of each attachment whether it is."""
    with desk.read() as session:
        kept = [row.kept for number in (1, 2) for row in attaching.rows_of(session, number)]
        return len(session.exec(select(BlobRow)).all()), kept


def test_a_paper_that_was_kept_by_mistake_is_destroyed_once_no_other_ticket_has_it(run, desk, card):
    assert "ticket 2 holds them too" in run(f"attach 1 {card} --paper").stdout
    assert kept_of(desk) == (1, [False, True])
    assert run(f"attach 1 {card} --paper").stdout.count("attached already") == 1

    assert "only the hash is kept" in run(f"attach 2 {card} --paper").stdout
    assert kept_of(desk) == (0, [False, False])
    told = [event["facts"] for event in events_of(run, 1, "attach")]
    assert [each.get("bytes_stay", False) for each in told] == [False, True]


@pytest.mark.parametrize("held", [1, 2])
def test_what_a_legal_hold_keeps_is_no_papers_to_destroy(run, desk, card, held):
    run(f"attach {3 - held} {card} --paper")
    run(f"hold {held} --why lawsuit")
    assert "under a legal hold" in run(f"attach {held} {card} --paper").stdout
    assert kept_of(desk) == (1, [False, False])

    run(f"hold {held} --lift --why over")
    assert "only the hash is kept" in run(f"attach {held} {card} --paper").stdout
    assert kept_of(desk) == (0, [False, False])


@pytest.mark.parametrize("what", [MessageRow, PlanRow, PackageRow])
def test_what_else_refers_to_the_bytes_of_a_paper_keeps_them(run, desk, card, what):
    run(f"attach 2 {card} --paper")
    key = hashlib.sha256(card.read_bytes()).hexdigest()
    with desk.write() as step:
        day, made = date(2027, 1, 1), {"ticket": 1, "sha256": key, "made_at": step.now}
        if what is MessageRow:
            lists = {"suggested": [], "identifiers": [], "reasons": []}
            words = {"source": "mail", "sha256": "x", "content_key": "x", "blob": key}
            outcome = MessageOutcome.OPENED
            row = MessageRow(id=99, arrived_at=step.now, outcome=outcome, **words, **lists)
        elif what is PlanRow:
            lists = {"by_hand": [], "found": [], "undecided": []}
            row = PlanRow(items_hash="x", officer="li", destroy_on=day, **made, **lists)
        else:
            row = PackageRow(size=1, manifest=[], destroy_on=day, **made)
        step.session.add(row)

    assert "holds them too" in run(f"attach 1 {card} --paper").stdout
    assert kept_of(desk) == (1, [False, False])


def test_the_same_file_twice_is_one(run, opened, letter):
    opened()
    run(f"attach 1 '{letter}'")

    assert "attached already" in run(f"attach 1 '{letter}'").stdout
    assert len(json.loads(run("attach 1 --list -o json").stdout)) == 1
    assert len(events_of(run, 1, "attach")) == 1


def test_a_file_may_come_from_standard_input_with_a_name(run, opened, tmp_path):
    opened()
    mine(run)

    assert "--name" in run("attach 1 -", exits=2, input=b"x").stderr
    run("attach 1 - --name ../../../etc/passwd", input=b"x")

    (row,) = json.loads(run("attach 1 --list -o json").stdout)
    assert row["name"] == "passwd"
    run(f"attach 1 --get 1 --dir {tmp_path / 'got'}")
    assert [place.name for place in (tmp_path / "got").iterdir()] == ["passwd"]


@pytest.mark.parametrize(
    ("line", "exits", "said"),
    [
        ("attach 1 nowhere.pdf", 3, "is not there"),
        ("attach 1 {folder}", 6, "cannot be read"),
        ("attach 1 {empty}", 6, "is empty"),
        ("attach 9 {file}", 3, "no ticket 9"),
        ("attach 1", 2, "one of FILE"),
        ("attach 1 {file} --list", 2, "one of FILE"),
        ("attach 1 --get 1", 2, "say where"),
        ("attach 1 --get 1 --dir {folder}", 3, "no attachment 1"),
    ],
)
def test_what_cannot_be_attached_or_got_is_said(run, opened, tmp_path, line, exits, said):
    opened()
    (tmp_path / "empty").touch()
    (tmp_path / "file").write_bytes(b"x")
    words = {"folder": tmp_path, "empty": tmp_path / "empty", "file": tmp_path / "file"}

    assert said in run(line.format(**words), exits=exits).stderr


def test_what_is_too_large_is_refused_and_leaves_nothing(run, opened, tmp_path):
    opened()
    (tmp_path / "file").touch()
    os.truncate(tmp_path / "file", attaching.MOST_BYTES + 1)  # a hole: it takes no room

    assert "larger than 50000000 bytes" in run(f"attach 1 {tmp_path / 'file'}", exits=6).stderr
    assert json.loads(run("attach 1 --list -o json").stdout) == []
    assert list((tmp_path / "out").iterdir()) == []


def test_standard_input_is_read_for_one_thing_alone(run, opened):
    opened()

    refused = run("attach 1 - --name a.txt --what -", exits=2, input=b"x").stderr
    assert "standard input is read for what it is already" in refused
    assert json.loads(run("attach 1 --list -o json").stdout) == []


def test_what_cannot_be_given_back_says_what_to_type(run, opened, desk, tmp_path, letter):
    opened()
    mine(run)
    run(f"attach 1 '{letter}' --paper")
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    gone = run(f"attach 1 --get 1 --dir {tmp_path / 'got'}", exits=3)
    assert "dsr attach 1 --list" in gone.stderr
    assert "--dir DIR" in run(f"attach 1 --get 1 --dir {tmp_path / 'taken'}", exits=7).stderr
    missing = run("attach 1 out/WangMei.pdf", exits=3).stderr
    assert "the file to attach (W***.pdf) is not there" in missing
    assert "dsr attach 1 FILE" in missing
    assert "WangMei" not in missing


def test_only_its_officer_sees_a_file_and_others_say_why(run, opened, letter, tmp_path):
    opened()
    run(f"attach 1 '{letter}'")
    got = tmp_path / "got"

    (row,) = json.loads(run("attach 1 --list -o json").stdout)
    assert (row["name"], row["what"]) == (None, None)
    assert "--reveal" in run(f"attach 1 --get 1 --dir {got}", exits=4).stderr
    assert "a reason" in run(f"attach 1 --get 1 --dir {got} --reveal ' '", exits=4).stderr
    assert not got.exists()

    run(f'attach 1 --get 1 --dir {got} --reveal "the bank called"')
    facts = events_of(run, 1, "read")[-1]["facts"]
    assert facts == {"attachment": row["sha256"], "revealed": True}
    assert "is there already" in run(f"attach 1 --get 1 --dir {got} --reveal x", exits=5).stderr


# -- holds


def test_a_hold_is_set_listed_and_lifted_with_its_reasons_sealed(run, opened, database):
    opened(Kind.DELETION)
    opened()

    run('hold 1 --why "claim of the person"')

    assert run("list held:yes --ids").stdout.split() == ["1"]
    assert [each["number"] for each in json.loads(run("hold -o json").stdout)] == [1]
    assert run("list not:held:yes --ids").stdout.split() == ["2"]
    assert "held already" in run("hold 1 --why again").stdout
    run("hold 1 --lift --why settled")
    assert "not held" in run("hold 1 --lift --why settled").stdout
    assert json.loads(run("hold -o json").stdout) == []
    assert [len(events_of(run, 1, action)) for action in ("hold", "release")] == [1, 1]
    assert "claim of" not in str(rows_of(database, "select body from event"))


def test_a_hold_needs_a_reason(run, opened):
    opened()

    assert "no reason" in run("hold 1 --why ' '", exits=4).stderr
    assert "which tickets" in run("hold --why x", exits=2).stderr
    assert json.loads(run("hold -o json").stdout) == []


def test_a_hold_outlives_the_end_of_its_ticket(run, opened):
    opened()
    run("hold 1 --why claim")
    run('close 1 --as withdrawn --why "by telephone"')

    assert [each["number"] for each in json.loads(run("hold -o json").stdout)] == [1]


@pytest.mark.parametrize(
    ("roles", "may_hold", "may_lift"),
    [
        ("handler", False, False),
        ("approver", True, False),
        ("legal", True, True),
        ("admin", True, True),
    ],
)
def test_who_may_hold_and_who_may_lift(run, opened, roles, may_hold, may_lift):
    opened()
    run(f"officer add zhao --roles {roles}")

    run("hold 1 --why claim --as zhao", exits=0 if may_hold else 4)
    run("hold 1 --why claim")
    run("hold 1 --lift --why settled --as zhao", exits=0 if may_lift else 4)


def test_what_a_held_ticket_keeps_is_not_destroyed(run, opened, desk, tmp_path):
    opened(Kind.DELETION)
    opened(Kind.DELETION)
    day = date(2026, 11, 20)
    for number, content in ((1, b"held"), (2, b"free")):
        (tmp_path / "file").write_bytes(content)
        run(f"attach {number} {tmp_path / 'file'}")
    with desk.write() as step:
        blobs.keep(step.session, b"an identity card", destroy_on=day)
        for content in (b"held", b"free"):
            blobs.set_destruction(step.session, hashlib.sha256(content).hexdigest(), day)
    run("hold 1 --why claim")

    before = run("doctor -o json", exits=10).stdout
    run("doctor --fix -o json")
    with desk.read() as session:
        kept = b"".join(blobs.read(session, hashlib.sha256(b"held").hexdigest()))
        assert len(session.exec(select(BlobRow)).all()) == 1
    checks = {one["check"]: one for one in json.loads(run("doctor -o json").stdout)}
    run("hold 1 --lift --why settled")
    after = {one["check"]: one for one in json.loads(run("doctor -o json", exits=10).stdout)}

    assert "2 kept files are past" in before
    assert kept == b"held"
    assert (checks["destruction"]["result"], checks["destruction"]["text"]) == (
        "ok",
        "1 kept files stay for a legal hold",
    )
    assert after["destruction"]["result"] == "wrong"


def test_packages_plans_and_messages_of_a_held_ticket_are_spared(run, desk, tmp_path):
    for text in ("call", "other"):
        (tmp_path / f"{text}.txt").write_text(f"please delete: {text}", "utf-8")
        line = f"open deletion --text @{tmp_path / text}.txt --identifier email=-"
        run(line, input=f"{text}@example.com")
    day = {"made_at": NOW, "destroy_on": date(2026, 11, 20)}
    with desk.write() as step:
        for number in (1, 2):
            plan = {
                "items_hash": "x",
                "officer": "li",
                "by_hand": [],
                "found": [],
                "undecided": [],
                **day,
            }
            step.session.add(PlanRow(ticket=number, sha256=f"plan {number}", **plan))
            package = PackageRow(ticket=number, sha256=f"copy {number}", size=1, manifest=[], **day)
            step.session.add(package)
    blob = "select blob from message where case_number = 1"
    ((message,),) = rows_of(desk.engine.url.database, blob)

    run("hold 1 --why claim")

    with desk.read() as session:
        assert holding.spared(session) == {"plan 1", "copy 1", message}
    run("hold 1 --lift --why settled")
    with desk.read() as session:
        assert holding.spared(session) == frozenset()


def test_the_services_refuse_what_the_commands_refuse(desk, opened):
    number = opened()

    with pytest.raises(NotAllowedError):
        holding.hold(desk, number, " ")
    (view,) = splitting.split(desk, number, [(Kind.DELETION, None)])
    assert view.number == number + 1
    assert linking.link(desk, number, view.number) is None
