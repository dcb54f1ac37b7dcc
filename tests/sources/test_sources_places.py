"""Keys that a walk keeps: each is asked for once, the subject's before those of others."""

from dsr.sources.datamap import Address
from dsr.sources.graph import Edge
from dsr.sources.places import Way
from dsr.sources.results import Cut

HERE, THERE = Address("s", "here"), Address("s", "there")


def way():
    return Way(Edge(HERE, ("id",), THERE, ("here_id",), THERE))


def test_a_key_that_many_rows_give_is_asked_for_once():
    one = way()
    for value in (1, 1, "1", 1.0, 2):
        one.give({"id": value}, own=True)
    assert one.take(own=True) == [(1,), (2,)]
    assert one.take(own=True) == []
    assert one.given == 5


def test_a_key_of_others_that_is_the_subjects_too_is_not_asked_for_again():
    one = way()
    one.give({"id": 1}, own=False)
    one.give({"id": 2}, own=False)
    one.give({"id": 1}, own=True)
    assert one.take(own=True) == [(1,)]
    assert one.take(own=False) == [(2,)]
    assert one.given == 1


def test_no_value_and_a_cut_value_are_no_keys():
    one = way()
    one.give({"id": None}, own=True)
    one.give({"id": Cut("x")}, own=True)
    one.give({"id": ""}, own=True)
    one.give({"id": " \t"}, own=True)
    assert one.take(own=True) == []


def test_a_row_points_elsewhere_by_a_whole_key_only():
    one = way()
    one.give({"id": 1}, own=True)
    assert not one.points_elsewhere({"here_id": "1"})
    assert not one.points_elsewhere({"here_id": None})
    assert not one.points_elsewhere({"here_id": ""})
    assert one.points_elsewhere({"here_id": 2})
