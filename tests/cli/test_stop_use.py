"""What is kept is used for nothing else: by a measure of the datamap, else by hand."""

import pytest

from dsr.domain.vocabulary import Kind, LetterName, Proposal
from dsr.services.restricting import is_measured, stopped_places, to_measure
from dsr.sources.plan import Change, Left, Plan, Remainder, Work
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow

ASKED = TicketRow(kind=Kind.DELETION, scope=None)


def kept(source, collection, ground="K1", proposal=Proposal.KEEP, **more):
    row = {"label": collection, "source": source, "collection": collection, "evidence": []}
    return ItemRow(ticket=1, number=1, proposal=proposal, ground=ground, **row, **more)


def restricts(source, collection):
    return Change(source, collection, {"id": 1}, Work.SET, "stopped_at", "restrict", "x", "now")


def test_one_task_stops_other_use_in_each_system_that_keeps_something():
    rows = [kept("crm", "a"), kept("crm", "b"), kept("billing", "c"), kept("x", "y", "H4")]
    granted = ItemRow(ticket=1, number=2, label="x", proposal=Proposal.GRANT, source="platform")
    assert stopped_places(ASKED, [*rows, granted]) == ["billing", "crm"]


@pytest.mark.parametrize(
    ("kind", "proposal", "ground", "stops"),
    [
        (Kind.DELETION, Proposal.REFUSE, "H1", True),
        (Kind.CANCELLATION, Proposal.REFUSE, "R1", True),
        (Kind.DELETION, Proposal.REFUSE, "N8", False),
        (Kind.CANCELLATION, Proposal.KEEP, "K2", True),
        (Kind.CORRECTION, Proposal.REFUSE, "S2", False),
        (Kind.WITHDRAWAL, Proposal.KEEP, "H1", False),
        (Kind.RESTRICTION, Proposal.REFUSE, "H1", False),
    ],
)
def test_other_use_stops_of_what_a_request_to_erase_leaves_alone(kind, proposal, ground, stops):
    ticket = TicketRow(kind=kind, scope=None)
    assert bool(stopped_places(ticket, [kept("crm", "a", ground, proposal)])) is stops


def test_what_is_still_used_for_its_reason_is_not_frozen_by_a_measure():
    rows = [kept("crm", "a"), kept("crm", "b", "K2"), kept("crm", "c", "H1", Proposal.REFUSE)]
    assert list(to_measure(ASKED, rows)) == [("crm", "a")]


def test_a_plan_stops_other_use_by_itself_only_where_it_reaches_all_that_is_left():
    rows = [kept("crm", "a"), kept("crm", "b"), kept("billing", "c")]
    changes = (restricts("crm", "a"), restricts("crm", "b"))
    assert is_measured(ASKED, rows, Plan(changes), "crm")
    assert not is_measured(ASKED, rows, Plan(changes[:1]), "crm")
    assert not is_measured(ASKED, rows, Plan(changes), "billing")
    left = Remainder("crm", "b", Left.OTHERS, 1, "restrict: the row points to somebody else too")
    assert not is_measured(ASKED, rows, Plan(changes, (left,)), "crm")


def test_the_datamaps_restriction_is_set_where_a_kept_collection_has_one(walk, systems):
    number = walk.found("deletion --language en")
    walk(f"propose {number} --draft")
    items = walk.show(number)["items"]
    contacts = next(i["number"] for i in items if i["source"] == "crm.contacts")
    walk(
        f"propose {number} --keep {contacts} --ground K1 --citation 'Archives Law Art. 13' "
        "--until 2030-01-01 --draft"
    )
    walk(f"plan {number} --with-shared crm.households --why both")
    set_there = {
        (line["collection"], line["field"], line["how"])
        for line in walk.json(f"plan {number} --stored")
        if line["how"] == "restrict"
    }
    assert set_there == {("contacts", "restricted_at", "restrict")}
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"apply {number} --yes")
    row = "select full_name, restricted_at is not null from contacts where id = 1"
    assert systems.rows("crm", row) == [("王芳", 1)]
    erased = walk.rows("select distinct collection from erasure")
    assert "contacts" not in {each[0] if isinstance(each, tuple) else each for each in erased}
    walk(f"answer {number}", exits=4)  # other collections there have no such measure: people look
    walk.work(number, "stop_use")
    walk(f"answer {number}")
    letter = walk.letter(number, LetterName.DELETION)
    assert letter.count("Other use: stopped on 23 November 2026") == sum(
        line.endswith(": kept") for line in letter.splitlines()
    )
    assert "granted; erased (23 November 2026)" in letter
    assert "anonymised" in letter
    assert "expected to end on" in letter
