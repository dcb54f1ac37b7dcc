"""Killed at any statement of `apply`: nothing half erased, nothing erased twice, nothing lost."""

from dsr.services.applying import apply
from dsr.services.evidence import verify


def test_killed_at_any_statement_apply_goes_on_where_it_was(desk, company, killed, die_at):
    systems, number = company.systems, company.number
    before = {place: company.dump(place) for place in systems}
    apply(desk, number)
    desk.engine.dispose()
    after = {place: company.dump(place) for place in systems}
    assert all(before[place] != after[place] for place in systems)
    halfway, moment, died = set(), 0, True
    while died:
        company.as_before()
        died = killed(desk, lambda own: apply(own, number), die_at(moment, reads=False))
        for place in systems:
            assert company.dump(place) in (before[place], after[place]), moment
        halfway.add(sum(company.dump(place) == after[place] for place in systems))
        apply(desk, number)
        assert {place: company.dump(place) for place in systems} == after, moment
        assert len(company.done()) == len(systems), moment
        assert verify(desk).ok
        desk.engine.dispose()
        moment += 1
    assert halfway == {0, 1, 2}
    assert moment > 20
