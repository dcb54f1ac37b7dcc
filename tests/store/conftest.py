"""What tests of the store may ask for: an engine on a database of the test's own."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from dsr.store.engine import make_engine


@pytest.fixture
def engine(database) -> Iterator[Engine]:
    """Return an engine on an empty database that is up to date."""
    made = make_engine(f"sqlite:///{database}")
    yield made
    made.dispose()
