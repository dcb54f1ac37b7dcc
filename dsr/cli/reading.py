"""Texts and values from -, @file or an editor, bounded and in UTF-8. Nothing here prompts."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dsr.errors import ConfigError, InputError, NotFoundError, UsageError

#: How a text is given in a file, wherever that cannot be read.
AT_FILE = "name a file that can be read after @, or give its text on standard input: - < FILE"
MOST_BYTES = 1_000_000  # of a letter's body or a value; a mailbox is a source, not a text


def read_named(value: str, what: str) -> str:
    """Return a text: `-` is standard input, `@file` a file, anything else the text itself.

    Args:
        value: What was typed.
        what: What it is, for errors.

    Raises:
        NotFoundError: There is no such file.
        InputError: It cannot be read, is too long, or is not UTF-8.
    """
    if value == "-":
        return _decoded(sys.stdin.buffer, what)
    if not value.startswith("@"):
        return value
    with open_file(value[1:], f"the file for {what}") as stream:
        return _decoded(stream, what)


@contextmanager
def open_file(value: str, name: str, *, hint: str = "") -> Iterator[BinaryIO]:
    """Give the bytes of a file, or of standard input where the value is `-`.

    Args:
        value: Its path.
        name: What the file is called in errors; its path may be somebody's name.
        hint: What to type where it cannot be read.

    Raises:
        NotFoundError: There is no such file.
        InputError: It is a folder, or cannot be read.
    """
    if value == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(value).expanduser().open("rb")
    except FileNotFoundError:
        raise NotFoundError(f"{name} is not there", hint=hint or AT_FILE) from None
    except OSError as error:
        why = f"{name} cannot be read ({error.strerror})"
        raise InputError(why, hint=hint or AT_FILE) from None
    with stream:
        yield stream


def is_named(value: str) -> bool:
    """Tell whether a value names where its text is, so that the text is not in the arguments."""
    return value == "-" or value.startswith("@")


def edit(what: str, start: str, workspace: Path) -> str:
    """Return what the user's editor leaves of a text; the file is private and does not stay.

    Args:
        what: What is written, for errors.
        start: What the editor shows at first.
        workspace: The private folder for files in the making; it is made if need be.

    Raises:
        ConfigError: $VISUAL and $EDITOR name nothing that runs.
        UsageError: The editor failed, or left nothing.
    """
    import tempfile

    workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Its mode is 0700, whatever the umask; `doctor` knows the prefix.
    with tempfile.TemporaryDirectory(prefix=".text-", dir=workspace) as folder:
        path = Path(folder) / "text.txt"
        path.write_text(start, encoding="utf-8")
        _run_editor(path)
        with path.open("rb") as stream:
            text = _decoded(stream, what)
    if not text.strip():
        raise UsageError(f"{what} is empty: nothing was done")
    return text


def _run_editor(path: Path) -> None:
    import shlex

    from dsr import programs

    words = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    try:
        code = programs.run([*words, str(path)])
    except OSError as error:
        hint = "set EDITOR, or give the text as - or @file"
        raise ConfigError(f"the editor does not run ({error.strerror})", hint=hint) from None
    if code != 0:
        raise UsageError(f"the editor ended with {code}: nothing was done")


def _decoded(stream: BinaryIO, what: str) -> str:
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise InputError(f"{what} is longer than {MOST_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{what} is not UTF-8 (byte {error.start + 1})") from None
    return text.replace("\r\n", "\n").removesuffix("\n")
