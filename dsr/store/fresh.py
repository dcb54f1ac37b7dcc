"""Makes the tables of an empty database; those of an old one are brought up by `upgrade`."""

from sqlalchemy import Engine

from dsr.store.engine import HEAD, plain_errors
from dsr.store.log import TRIGGERS
from dsr.store.tables import every

#: As Alembic makes it, which goes on from there.
_VERSION = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)


def create(engine: Engine) -> None:
    """Make in one transaction what the migrations would make; whoever comes second finds it done.

    Raises:
        ConflictError: Another process holds the database too long, or the disk is full.
    """
    writing = engine.execution_options(dsr_write=True)
    with plain_errors(), writing.connect() as connection, connection.begin():
        if connection.dialect.has_table(connection, "alembic_version"):
            return
        every.METADATA.create_all(connection, checkfirst=False)
        for trigger in TRIGGERS:
            connection.exec_driver_sql(trigger)
        connection.exec_driver_sql(_VERSION)
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (HEAD,))
