import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _a_desk_of_its_own(monkeypatch, tmp_path):
    """No setting of the machine, no folder of the user, and the stand-in commands in reach."""
    for name in [name for name in os.environ if name.startswith(("DSR_", "_DSR_", "VISUAL"))]:
        monkeypatch.delenv(name)
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("COLUMNS", "80")
    paths = [str(HERE), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    monkeypatch.syspath_prepend(str(HERE))


@pytest.fixture
def run():
    """Run a line with the stand-in commands, as a user types it, and insist on its exit code."""
    from standin_program import app

    def _run(line, *, exits=0, stdin=None):
        words = line if isinstance(line, list) else shlex.split(line)
        result = CliRunner().invoke(app, words, input=stdin, prog_name="dsr")
        assert isinstance(result.exception, SystemExit | None), result.exception
        assert result.exit_code == exits, f"dsr {line}\n{result.stdout}\n{result.stderr}"
        return result

    return _run


@pytest.fixture
def process():
    """Start lines with the stand-in commands, each as a process of its own."""
    started = []

    def _process(line, **options):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        program = [sys.executable, str(HERE / "standin_program.py")]
        begun = subprocess.Popen([*program, *shlex.split(line)], **{**pipes, **options})
        started.append(begun)
        return begun

    yield _process
    for begun in started:
        begun.kill()
        with begun:
            pass
