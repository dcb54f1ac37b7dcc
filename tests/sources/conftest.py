"""Databases, datamaps and a sink for the tests of sources."""

import sqlite3
from contextlib import closing

import pytest


class Rows:
    """Keeps what a search hands over."""

    def __init__(self):
        self.taken = []

    def row(self, source, collection, values, foreign):
        self.taken.append((f"{source}.{collection}", dict(values), set(foreign)))

    @property
    def values(self):
        return [values for _, values, _ in self.taken]


@pytest.fixture
def rows():
    return Rows()


@pytest.fixture
def database(tmp_path):
    def make(script, name="shop"):
        path = tmp_path / f"{name}.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"pragma synchronous = off; begin; {script}; commit")
        return path

    return make


@pytest.fixture
def datamap(tmp_path):
    def write(text, name="datamap"):
        path = tmp_path / f"{name}.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
