"""Why a source did not take a change, in words: the driver's own text may quote values."""

import re
import sqlite3
from collections.abc import Mapping, Sequence

from sqlalchemy.exc import DBAPIError

from dsr.errors import SourceError
from dsr.sources.sql import error_name, failure_of

FAILURES: Mapping[str, str] = {
    "SQLITE_READONLY_DIRECTORY": "the database's folder may not be written",
    "SQLITE_READONLY": "the database may not be written",
    "SQLITE_CANTOPEN": "the database's folder may not be written",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the database file cannot be written",
    "SQLITE_TOOBIG": "a value is too long",
}
CONSTRAINTS: Mapping[str, str] = {
    "SQLITE_CONSTRAINT_NOTNULL": "the table forbids an empty value there",
    "SQLITE_CONSTRAINT_UNIQUE": "the table wants a value there that no other row has",
    "SQLITE_CONSTRAINT_PRIMARYKEY": "the table wants a key that no other row has",
    "SQLITE_CONSTRAINT_CHECK": "the table checks its values and does not take this one",
    "SQLITE_CONSTRAINT_FOREIGNKEY": "another row points there, or the row pointed to is not there",
    "SQLITE_CONSTRAINT_TRIGGER": "a trigger of the table forbids it",
}
PRIMARY = 0xFF  # the part of an error code that says the kind
REFUSALS = (sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH)
LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED")
OTHERWISE = (
    "say otherwise in the datamap (masking_strategy_override), then dsr return, dsr plan and"
    " dsr propose"
)
CHECK = "dsr source check"


def refused(error: DBAPIError, place: str, fields: Sequence[str] = ()) -> SourceError:
    """Return a failure in words.

    Args:
        error: What the driver says.
        place: The source, or the table in it.
        fields: The fields that were written; those that the driver names are named, else all.
    """
    name = error_name(error)
    if getattr(error.orig, "sqlite_errorcode", 0) & PRIMARY in REFUSALS:
        what = CONSTRAINTS.get(name, "the table does not take this value")
        where = ".".join(filter(None, (place, "/".join(_named(error, fields)))))
        return SourceError(f"{where}: {what}; nothing was changed", hint=OTHERWISE)
    known = (words for prefix, words in FAILURES.items() if name.startswith(prefix))
    what = next(known, "") or failure_of(error).replace("the question", "the change")
    hint = "try again when that program is done" if name.startswith(LOCKED) else CHECK
    return SourceError(f"{place}: {what}; nothing was changed", hint=hint)


def _named(error: DBAPIError, fields: Sequence[str]) -> list[str]:
    said = str(error.orig)
    named = [field for field in fields if re.search(rf"(?<!\w){re.escape(field)}(?!\w)", said)]
    return named or list(fields)
