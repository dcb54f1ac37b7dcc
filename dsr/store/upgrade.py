"""Brings the database to this program's schema. Not imported while it is up to date."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from dsr.errors import ConflictError, TrailError
from dsr.store.engine import HEAD, create_private, plain_errors, sqlite_path
from dsr.store.log import TRIGGERS

SCRIPTS = "dsr.store:migrations"


def upgrade(
    engine: Engine, revision: str | None, *, scripts: str = SCRIPTS, head: str = HEAD
) -> None:
    """Back up, migrate and check in one transaction; whoever comes second finds the work done.

    Args:
        engine: The database.
        revision: Its schema as it was seen before; None for an empty database.
        scripts: Where the migrations are, as Alembic says it.
        head: The schema to reach.

    Raises:
        TrailError: The database is newer than this program, or rows would point nowhere.
        ConflictError: Another process upgrades it at this moment and takes too long, or the backup
            cannot be written.
    """
    config = Config()
    config.set_main_option("script_location", scripts)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise TrailError(
            f"the database is newer than this program (schema {revision}, known {head})",
            hint="install the newer dsr",
        )
    with plain_errors(), engine.execution_options(dsr_write=True).connect() as connection:
        driver: Any = connection.connection.driver_connection
        # It cannot be switched inside a transaction, and a rebuilt table would cascade.
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                _migrate(connection, config, head)
        finally:
            connection.invalidate()  # never back into the pool with foreign keys off


def _migrate(connection: Connection, config: Config, head: str) -> None:
    before = _revision(connection)
    if before == head:
        return
    path = sqlite_path(str(connection.engine.url))
    if before is not None and path is not None:
        _back_up(path, before)
    config.attributes["connection"] = connection
    command.upgrade(config, head)
    for trigger in TRIGGERS:
        connection.exec_driver_sql(trigger)
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise TrailError(f"after the upgrade {len(broken)} rows would point nowhere; undone")


def _revision(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def _back_up(path: Path, before: str) -> None:
    """Copy the database beside itself; reads the last commit while we hold the write lock."""
    target = path.with_name(f"{path.name}.{before}.bak")
    create_private(target)
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    except sqlite3.Error as error:
        raise ConflictError(
            f"{target} cannot be written ({error.sqlite_errorname}); nothing was changed",
            hint="make room first, or take that file away",
        ) from None
