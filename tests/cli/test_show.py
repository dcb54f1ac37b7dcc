"""The screen of a ticket: what decides first, and nothing wider than the terminal."""

import re

import pytest

from dsr.cli.screens import screen
from dsr.output.visible import cell_width
from dsr.services.showing import show


@pytest.fixture
def crowded(walk):
    """Return a deletion with a plan, a hold, a link, a file, and letters on their way."""
    walk.open("complaint --language en", "xu.min@mail.example.com")
    number = walk.verified("deletion")
    walk(f"find {number}")
    walk(f"plan {number} --with-shared crm.households --why alone")
    walk(f"link {number} 1")
    walk(f"hold {number} --why court --as zhao")
    place = walk.folder / "补充材料：关于本人账户信息的说明.txt"
    place.write_text("hello", encoding="utf-8")
    walk(f"attach {number} '{place}'")
    walk(f"propose {number}")
    walk(f"approve {number} --as wang")
    walk(f"assign {number} --to li")
    return number


def test_one_screen_shows_what_stands_around_a_ticket(walk, crowded, golden):
    shown = re.sub("; [0-9a-f]{12}$", "; HASH", walk(f"show {crowded}").stdout, flags=re.MULTILINE)
    golden("screens/show_crowded.txt", shown)
    shown = walk.show(crowded)
    keys = list(shown)
    around = ["held", "links", "plan", "package", "attachments", "permits"]
    assert keys[keys.index("held") :][:6] == around
    last = ["earlier", "hints", "prompts", "breached_at", "milestone", "silent", "test"]
    assert keys[-7:] == last
    assert shown["held"] == f"ticket {crowded} is under a legal hold"
    assert [each["by"] for each in shown["links"]] == ["link"]
    assert set(shown["plan"]["parts"].values()) == {"planned"}


def test_the_name_of_a_file_is_shown_where_values_are(walk, crowded):
    assert walk.json(f"show {crowded} --as wang")["attachments"][0]["name"] is None
    assert walk.show(crowded)["attachments"][0]["name"].startswith("补充材料")


def test_the_copy_that_waits_and_its_approver_are_shown(walk, golden):
    number = walk.found("copy")
    walk(f"export {number}")
    walk(f"propose {number}")
    golden("screens/show_approval.txt", walk(f"show {number}").stdout)
    assert walk.show(number)["package"]["rows"] > 0


def test_the_way_to_prove_is_shown_besides_the_way_to_ask(walk, golden):
    number = walk.open("copy --language en")[0]
    walk(f"verify ask {number}")
    golden("screens/show_verifying.txt", walk(f"show {number}").stdout)


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_but_a_command_is_wider_than_the_terminal(walk, crowded, desk, width):
    drawn = screen(show(desk, crowded, "to look"), "Asia/Shanghai", width).splitlines()
    said = [line for line in drawn if not line.lstrip().startswith("dsr ")]
    assert max(map(cell_width, said)) <= width
    assert max(map(cell_width, said)) > width - 20  # the room there is, is used


def test_the_day_is_one_screen(walk, crowded, golden):
    walk.open("withdrawal --scope marketing")
    walk("assign 3 --to li")
    golden("screens/today.txt", walk.later(21)("today").stdout)
