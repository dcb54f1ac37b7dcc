"""The program with commands that stand in for the real ones; also a script."""

from typing import ClassVar

import typer

from dsr.cli import main as program
from dsr.cli.lazy import Entry

NAMES = (
    "fail", "bug", "rows", "record", "settings", "each", "sure", "ask", "read", "wait", "work",
    "close",
)  # fmt: skip


class Standin(program.Root):
    entries: ClassVar = {
        **{name: Entry(f"Do {name}.", f"standin_commands:{name}") for name in NAMES},
        "gone": Entry("Not there.", "standin_nowhere:gone"),
        "group": Entry(
            "Hold commands.",
            entries={"rows": Entry("Show rows.", "standin_commands:rows")},
            section="Groups",
        ),
    }


app = typer.Typer(cls=Standin, rich_markup_mode=None, pretty_exceptions_enable=False)
app.callback()(program.root)

if __name__ == "__main__":
    program.app = app
    program.main()
