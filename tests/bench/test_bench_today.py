"""The day on 10,000 open tickets costs little more than the bare libraries asking the same."""

import sys
from pathlib import Path

MOST = 1.3  # times a bare script with the same queries and the same libraries
BARE = Path(__file__).with_name("bare_today.py")


def test_a_day_costs_little_more_than_the_bare_libraries(against, large_office):
    program = [sys.executable, "-c", "from dsr.cli.main import main; main()"]
    command = [*program, "--db", str(large_office), "--as", "li", "today"]
    assert against(command, [sys.executable, str(BARE), str(large_office)], rounds=15) <= MOST
