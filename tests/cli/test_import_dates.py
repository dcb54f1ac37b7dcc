"""When a form's request was received: as the form writes it, in the office's time."""

import json

import pytest

ASKED = "Please delete all my personal data."


@pytest.fixture
def imported(run, tmp_path):
    def of(*dates: str, heading: str = "Timestamp", **said):
        path = tmp_path / "form.csv"
        lines = "".join(f'"{date}",a{n}@x.example,{ASKED}\n' for n, date in enumerate(dates))
        path.write_text(f"{heading},Email Address,Your message\n{lines}", encoding="utf-8")
        result = run(f"import {path} -o jsonl", **said)
        return [json.loads(line) for line in result.stdout.splitlines()], result.stderr

    return of


def received(walk):
    return walk.rows("select received_on from ticket order by number")


def test_an_export_of_a_form_opens_a_ticket_for_each_row(imported, walk):
    views, said = imported("11/20/2026 14:03:22", "11/03/2026 9:00:00", "2/28/2026 23:30:00")
    assert [view["outcome"] for view in views] == ["opened"] * 3
    assert received(walk) == ["2026-11-20", "2026-11-03", "2026-02-28"]
    assert "kept unread" not in said


def test_a_forms_time_is_the_offices_time(imported, walk):
    imported("2026-11-20 23:30")  # read as UTC it would be the next day in Shanghai
    assert received(walk) == ["2026-11-20"]


def test_a_date_that_stays_unclear_opens_its_ticket_now_and_says_so(imported, walk):
    (view,), _ = imported("03/04/2026 10:00")
    assert (view["outcome"], received(walk)) == ("opened", ["2026-11-23"])
    (warning,) = view["warnings"]
    assert warning.startswith("Timestamp could be several dates")
    walk('set 1 --received 2026-04-03 --why "the form says so"')
    assert received(walk) == ["2026-04-03"]


def test_a_date_to_come_is_now_and_says_so(imported, walk):
    views, _ = imported("2026-11-23", "2027-11-20 10:00")
    assert [view["outcome"] for view in views] == ["opened"] * 2
    assert received(walk) == ["2026-11-23"] * 2
    later = "received on a day to come, it says: received now"
    assert [view["warnings"] for view in views] == [[], [later]]


def test_columns_that_stay_unread_are_named_once_for_a_file(imported):
    views, said = imported("x", "y", heading="Shop")
    assert [view["outcome"] for view in views] == ["opened"] * 2
    assert said.count("kept unread: Shop") == 1
