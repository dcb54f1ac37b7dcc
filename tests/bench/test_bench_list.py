"""A list of 10,000 tickets costs little more than the bare libraries."""

import sys
from pathlib import Path

MOST = 1.15  # times a bare script that selects and prints 50 rows of one table
BARE = Path(__file__).with_name("bare_list.py")


def test_a_list_costs_little_more_than_the_bare_libraries(against, large_office):
    program = [sys.executable, "-c", "from dsr.cli.main import main; main()"]
    command = [*program, "--db", str(large_office), "list"]
    assert against(command, [sys.executable, str(BARE), str(large_office)], rounds=15) <= MOST
