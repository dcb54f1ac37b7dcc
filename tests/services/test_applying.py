"""Two officers at once, and a legal hold that comes while a plan is carried out."""

import os
import resource
import signal
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace

import pytest

from dsr.errors import ConflictError, DsrError, NotAllowedError
from dsr.services.applying import apply
from dsr.services.evidence import verify
from dsr.services.holding import hold, lift
from dsr.store.engine import make_engine

RUNS = 4


def apart(desk, work):
    """Do some work in a process of its own; return its number."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work(replace(desk, engine=make_engine(desk.engine.url.render_as_string())))
            code = 0
        except DsrError as error:
            code = error.exit_code
        finally:
            os._exit(code)
    return child


def test_officers_who_apply_at_once_do_it_once(desk, company):
    children = [apart(desk, lambda own: apply(own, company.number)) for _ in range(RUNS)]
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert set(codes) <= {0, 5, 8}  # one does it; another sees it done, or waits in vain
    assert 0 in codes
    apply(desk, company.number)
    assert len(company.done()) == len(company.systems)
    assert set(company.own("SELECT state FROM plan_part")) == {"done"}
    assert verify(desk).ok


def test_a_legal_hold_that_comes_meanwhile_stops_what_is_not_done(desk, company):
    second, first = company.systems
    assert company.own("SELECT source FROM plan_part ORDER BY position") == [
        first.stem,
        second.stem,
    ]
    before = company.dump(second)
    failed = []

    def work():
        try:
            apply(desk, company.number)
        except DsrError as error:
            failed.append(error)

    with closing(sqlite3.connect(second, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")  # the second system makes the officer wait
        running = threading.Thread(target=work)
        running.start()
        begun = f"SELECT 1 FROM plan_part WHERE source = '{second.stem}' AND state = 'begun'"
        moment = threading.Event()
        while not company.own(begun):
            moment.wait(0.01)
        hold(desk, company.number, "a court asked for it")
        other.rollback()
        running.join()
    assert [type(error) for error in failed] == [NotAllowedError]
    assert "legal hold" in str(failed[0])
    assert company.dump(second) == before
    assert company.own("SELECT source FROM plan_part WHERE state = 'done'") == [first.stem]
    lift(desk, company.number, "the court has decided")
    apply(desk, company.number)
    assert company.dump(second) != before
    assert len(company.done()) == len(company.systems)


def test_a_row_that_changed_is_seen_before_the_first_system_is_changed(desk, company):
    second = company.systems[0]
    with closing(sqlite3.connect(second)) as other, other:
        other.execute("UPDATE note SET text = 'rang' WHERE id = 1")
    before = {place: company.dump(place) for place in company.systems}
    with pytest.raises(ConflictError, match="changed since"):
        apply(desk, company.number)
    assert {place: company.dump(place) for place in company.systems} == before
    assert set(company.own("SELECT state FROM plan_part")) == {"planned"}


def test_a_full_disk_never_makes_forget_what_was_changed(desk, company):
    """Whatever write fails, ours or the system's: what is changed there is known to be begun."""
    before = {place.stem: company.dump(place) for place in company.systems}
    seen = set()
    for limit in range(8_192, 262_144, 8_192):
        company.as_before()
        child = apart(desk, lambda own, limit=limit: starved(own, company.number, limit))
        os.waitpid(child, 0)
        states = dict(
            zip(
                company.own("SELECT source FROM plan_part ORDER BY position"),
                company.own("SELECT state FROM plan_part ORDER BY position"),
                strict=True,
            )
        )
        changed = {p.stem for p in company.systems if company.dump(p) != before[p.stem]}
        assert all(states[name] != "planned" for name in changed), limit
        seen.add((len(changed), *sorted(states.values())))
        apply(desk, company.number)
        assert len(company.done()) == len(company.systems), limit
        desk.engine.dispose()
    assert len(seen) > 1


def starved(desk, number, limit):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    apply(desk, number)
