"""What killed commands left in the workspace: private folders that hold plain personal data."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

#: How the folders of a copy, an answer and an editor's text begin.
NAMES = ("copy-*", ".answer-*", ".text-*")
#: A folder that was written to in this time may belong to a command that still runs.
IN_USE = timedelta(hours=1)


def stale(workspace: Path, now: datetime) -> list[Path]:
    """Return the folders that no command can still be using."""
    return [
        place
        for pattern in NAMES
        for place in sorted(workspace.glob(pattern))
        if place.is_dir() and not place.is_symlink() and now - _last_written(place) > IN_USE
    ]


def remove(folder: Path) -> int:
    """Remove one folder with all that is in it; return how many folders are gone by that."""
    shutil.rmtree(folder, ignore_errors=True)
    return int(not folder.exists())


def _last_written(folder: Path) -> datetime:
    times = [place.lstat().st_mtime for place in (folder, *folder.rglob("*"))]
    return datetime.fromtimestamp(max(times), UTC)
