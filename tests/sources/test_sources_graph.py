"""Ways between collections: composite keys, directions, order."""

from dsr.sources.datamap import Address, Collection, Dataset, Field, Reference
from dsr.sources.graph import build, plan, rings


def at(name):
    return Address("s", name)


def field(name, *to, identity="", key=False):
    references = tuple(
        Reference(at(where), what, direction)
        for where, what, direction in (one.split(".") for one in to)
    )
    return Field(name, identity=identity, primary_key=key, references=references)


def graph(**collections):
    made = tuple(Collection(name, fields=tuple(fields)) for name, fields in collections.items())
    return build([Dataset("s", collections=made)])


def ways(made):
    return {(str(one.start), one.start_fields, str(one.end), one.end_fields) for one in made.edges}


def test_references_to_one_collection_that_belong_together_are_one_way():
    made = graph(
        doc=[field("tenant", "member.tenant.from"), field("who", "member.id.from")],
        member=[field("tenant", key=True), field("id", key=True)],
    )
    assert ways(made) == {("s.member", ("tenant", "id"), "s.doc", ("tenant", "who"))}


def test_a_key_that_needs_no_tenant_is_still_joined_with_it():
    made = graph(
        doc=[field("tenant", "member.tenant.from"), field("who", "member.id.from")],
        member=[field("tenant"), field("id", key=True)],
    )
    assert ways(made) == {("s.member", ("tenant", "id"), "s.doc", ("tenant", "who"))}


def test_references_in_two_directions_do_not_belong_together():
    made = graph(
        doc=[field("a", "member.x.from"), field("b", "member.y.to")],
        member=[field("x"), field("y")],
    )
    assert ways(made) == {
        ("s.member", ("x",), "s.doc", ("a",)),
        ("s.doc", ("b",), "s.member", ("y",)),
    }


def test_one_field_that_refers_to_two_is_two_ways():
    made = graph(
        doc=[field("a", "member.x.from", "member.y.from"), field("b", "member.z.from")],
        member=[field("x"), field("y"), field("z")],
    )
    assert len(ways(made)) == 3


def test_both_sides_may_tell_of_the_same_way():
    made = graph(
        a=[field("id", "b.a_id.to")],
        b=[field("a_id", "a.id.from")],
    )
    assert len(made.edges) == 1


def test_a_free_reference_takes_the_direction_in_which_it_is_first_walked():
    made = graph(
        a=[field("id", identity="email"), field("b", "b.id.")],
        b=[field("id"), field("c", "c.id.")],
        c=[field("id"), field("a", "a.id.")],
    )
    order, edges = plan(made, [at("a")])
    assert [(one.start.collection, one.end.collection) for one in edges] == [
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
    ]
    assert order == (at("a"), at("b"), at("c"))


def test_what_feeds_a_collection_is_read_before_it():
    made = graph(
        late=[field("x", "start.x.from", "middle.x.from")],
        middle=[field("x", "start.x.from")],
        start=[field("x", identity="email")],
    )
    assert plan(made, [at("start")]).order == (at("start"), at("middle"), at("late"))


def test_what_no_start_leads_to_is_not_read():
    made = graph(a=[field("x", "b.x.to")], b=[field("x")])
    assert plan(made, [at("b")]).order == (at("b"),)
    assert plan(made, []).order == ()


def test_a_ring_of_waiting_is_found_with_what_waits_for_it():
    after = {at("a"): [at("b")], at("b"): [at("a")], at("c"): [at("a")], at("d"): []}
    assert rings(after) == [at("a"), at("b"), at("c")]
