"""The desk: who may work at it, when its time is read, and where its head is kept."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from dsr.clock import day_of
from dsr.domain.vocabulary import OfficerRole
from dsr.errors import ConfigError, NotAllowedError, NotFoundError
from dsr.services.desk import keyed
from dsr.services.evidence import verify
from dsr.store.log import Entry
from dsr.store.tables.registers import OfficerRow
from dsr.store.tables.trail import EventRow


@dataclass(slots=True)
class MovingClock:
    """A clock that goes on by an hour whenever it is read."""

    instant: datetime
    zone: str
    read: int = field(default=0)

    def now(self):
        self.read += 1
        self.instant += timedelta(hours=1)
        return self.instant

    def today(self):
        return day_of(self.now(), self.zone)


def officers(desk):
    with desk.read() as session:
        return {row.name: row for row in session.exec(select(OfficerRow))}


def register(desk, name, **values):
    with desk.write() as step:
        step.session.add(OfficerRow(name=name, **({"roles": ["handler"]} | values)))


def test_whoever_writes_first_is_an_office_of_one(desk):
    with desk.write() as step:
        assert step.roles == frozenset(OfficerRole) - {OfficerRole.AUDITOR}
    row = officers(desk)["li"]

    assert (row.os_user, row.active) == ("li-system", True)
    with desk.read() as session:
        assert session.exec(select(EventRow.action)).all() == ["officer_added"]


def test_whoever_only_reads_is_registered_nowhere(desk):
    with desk.read():
        pass
    assert officers(desk) == {}


def test_an_unknown_officer_is_offered_the_nearest(desk):
    register(desk, "wang")
    with (
        pytest.raises(NotFoundError, match="no officer 'wnag'") as caught,
        replace(desk, officer="wnag").write(),
    ):
        pytest.fail("nobody may work under that name")
    assert caught.value.hint == "did you mean wang?"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"active": False}, "no longer active"),
        ({"roles": ["auditor"]}, "who only reads"),
        ({"roles": []}, "who only reads"),
    ],
)
def test_who_may_not_work_writes_nothing(desk, values, says):
    register(desk, "zhao", **values)
    with pytest.raises(NotAllowedError, match=says), replace(desk, officer="zhao").write():
        pytest.fail("he may not write")


def test_a_role_that_is_lacking_is_named_with_what_gives_it(desk):
    register(desk, "wang")
    with replace(desk, officer="wang").write() as step:
        step.require(OfficerRole.ADMIN, OfficerRole.HANDLER)
        with pytest.raises(NotAllowedError, match="is no approver or legal") as caught:
            step.require(OfficerRole.APPROVER, OfficerRole.LEGAL)
    assert caught.value.hint == "dsr officer set wang --roles approver"


def test_the_time_is_read_once_a_step(desk):
    """Else a step at midnight would have an instant of one day and the date of the next."""
    clock = MovingClock(datetime(2026, 11, 23, 14, 59, tzinfo=UTC), desk.office.zone)
    with replace(desk, clock=clock).write() as step:
        step.trail.append(Entry("test"))
    with desk.read() as session:
        moments = session.exec(select(EventRow.at)).all()

    assert clock.read == 1
    assert (step.now, step.today) == (
        datetime(2026, 11, 23, 15, 59, tzinfo=UTC),
        date(2026, 11, 23),
    )
    assert set(moments) == {step.now}


def test_the_day_is_the_offices(desk):
    late = MovingClock(datetime(2026, 11, 23, 15, 30, tzinfo=UTC), "UTC")
    with replace(desk, clock=late).write() as step:
        assert step.today == date(2026, 11, 24)


def test_what_is_only_looked_at_leaves_nothing(desk):
    register(desk, "wang")
    events = verify(desk).events
    with desk.write(keep=False) as step:
        step.session.add(OfficerRow(name="nobody", roles=["admin"]))
        step.trail.append(Entry("test"))

    assert set(officers(desk)) == {"li", "wang"}
    assert verify(desk).events == events


def test_each_head_is_kept_elsewhere_in_order(desk, tmp_path):
    place = tmp_path / "heads.txt"
    kept = replace(desk, office=replace(desk.office, head_file=place))
    for _ in range(3):
        with kept.write() as step:
            step.trail.append(Entry("test"))
    with kept.write(keep=False) as step:
        step.trail.append(Entry("test"))
    with kept.write():
        pass
    with desk.read() as session:
        digests = session.exec(select(EventRow.digest).order_by(EventRow.id)).all()

    assert place.read_text().split() == digests[1:]  # the first officer and the first test are one
    assert verify(kept).heads == 3


def test_where_a_head_cannot_be_kept_nothing_is_done(desk, tmp_path):
    place = tmp_path / "gone" / "heads.txt"
    kept = replace(desk, office=replace(desk.office, head_file=place))
    with pytest.raises(ConfigError, match="nothing was changed") as caught:
        register(kept, "wang")

    assert str(place) in str(caught.value)
    assert "wang" not in officers(desk)


def test_a_keyed_hash_keeps_its_parts_apart():
    assert keyed(b"k", "email", "a") == keyed(b"k", "email", "a")
    assert keyed(b"k", "email", "a") != keyed(b"k", "emai", "la")
    assert keyed(b"k", "email", "a") != keyed(b"l", "email", "a")
