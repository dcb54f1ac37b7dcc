"""Mails as bytes, and what a test says of them."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from dsr.errors import Problem
from dsr.intake.arrival import Arrival
from dsr.intake.message import Message, parse
from dsr.intake.read import arrivals
from dsr.rules.phrases import load

MARCH = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)


def a_mail(body: bytes = b"Hello\n", **headers: str) -> bytes:
    """Return a mail with usual headers; one set to an empty text is left out."""
    usual = {
        "From": "Ann <ann@example.org>",
        "To": "privacy@office.example",
        "Subject": "Hello",
        "Date": "Thu, 5 Mar 2026 10:00:00 +0800",
        "Message-ID": "<1@example.org>",
    }
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    known = {name.lower() for name in named}
    usual = {name: value for name, value in usual.items() if name.lower() not in known}
    lines = [f"{name}: {value}" for name, value in {**usual, **named}.items() if value]
    return "\n".join(lines).encode("utf-8", "surrogateescape") + b"\n\n" + body


@pytest.fixture
def mail() -> Callable[..., bytes]:
    return a_mail


@pytest.fixture
def message() -> Callable[..., Message]:
    def read(body: bytes = b"Hello\n", **headers: str) -> Message:
        return parse(Arrival("a.eml", a_mail(body, **headers)))

    return read


@pytest.fixture
def read() -> Callable[..., tuple[list[Arrival], list[Problem]]]:
    def read_all(source, stdin: bytes = b"", **keywords):
        found = list(arrivals(str(source), io.BytesIO(stdin), **keywords))
        return (
            [one for one in found if isinstance(one, Arrival)],
            [one for one in found if isinstance(one, Problem)],
        )

    return read_all


@pytest.fixture(scope="session")
def phrases():
    return load()
