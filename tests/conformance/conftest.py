"""Databases and datamaps for the cases of this folder."""

import sqlite3
from contextlib import closing

import pytest

from dsr.sources.datamap import read_datamap
from dsr.sources.search import search


class Rows:
    """Keeps what a search hands over."""

    def __init__(self):
        self.taken = []

    def row(self, source, collection, values, foreign):
        self.taken.append((f"{source}.{collection}", dict(values), sorted(foreign)))

    def of(self, name):
        return [values for place, values, _ in self.taken if place == name]

    def foreign_of(self, name):
        return [foreign for place, _, foreign in self.taken if place == name and foreign]

    def order(self):
        return list(dict.fromkeys(place for place, _, _ in self.taken))


@pytest.fixture
def run_case(tmp_path):
    def run(case):
        connect = {}
        for key, script in case["sources"].items():
            path = tmp_path / f"{key}.sqlite"
            with closing(sqlite3.connect(path)) as connection, connection:
                connection.executescript(f"pragma synchronous = off; begin; {script}")
            connection.close()
            connect[key] = f"sqlite:///{path}"
        datamap = tmp_path / "datamap.yml"
        datamap.write_text(case["datamap"], encoding="utf-8")
        identities = {name: tuple(values) for name, values in case["identities"].items()}
        rows = Rows()
        report = search(
            read_datamap(datamap), connect, identities, only=case.get("only"), sink=rows
        )
        return report, rows

    return run
