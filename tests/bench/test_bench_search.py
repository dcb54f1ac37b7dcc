"""What a search costs beside reading the same rows bare; a ratio, so any machine will do."""

import sqlite3
import time
from contextlib import closing

from dsr.sources.datamap import Address, Collection, Dataset, Field, Reference
from dsr.sources.search import search

ROWS = 20_000
TIMES_BARE = 40  # measured: 13 to 18 on two cores

SHOP = Dataset(
    "shop",
    collections=(
        Collection("account", fields=(Field("id"), Field("email", identity="email"))),
        Collection(
            "visit",
            fields=(
                Field("id"),
                Field(
                    "account_id", references=(Reference(Address("shop", "account"), "id", "from"),)
                ),
                Field("page"),
            ),
        ),
    ),
)


def test_a_search_costs_a_known_multiple_of_reading(benchmark, tmp_path):
    path = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table account (id integer primary key, email text)")
        connection.execute("insert into account values (1, 'ada@example.org')")
        connection.execute("create table visit (id integer primary key, account_id int, page text)")
        connection.executemany(
            "insert into visit values (?, 1, 'somewhere')", ((i,) for i in range(ROWS))
        )
        connection.commit()
        bare = []
        for _ in range(5):
            start = time.perf_counter()
            assert sum(1 for _ in connection.execute("select * from visit")) == ROWS
            bare.append(time.perf_counter() - start)
    connect, who = {"shop": f"sqlite:///{path}"}, {"email": ("ada@example.org",)}
    report = benchmark.pedantic(search, ([SHOP], connect, who), rounds=5, warmup_rounds=1)
    assert report.rows == ROWS + 1
    assert benchmark.stats.stats.min / min(bare) < TIMES_BARE
