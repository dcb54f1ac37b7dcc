"""Persons, what names them, and what was proved for one ticket."""

from datetime import date, datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from dsr.domain.vocabulary import IdentifierType, ProofResult
from dsr.store.columns import Instant, word


class PersonRow(SQLModel, table=True):
    """Somebody. Two letters of one sender are two persons until an officer merges them."""

    __tablename__ = "person"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class IdentifierRow(SQLModel, table=True):
    """What is claimed to name a person: as written, normalised, and as a keyed hash to look up."""

    __tablename__ = "identifier"

    person: int = Field(foreign_key="person.id", primary_key=True)
    type: IdentifierType = Field(sa_column=Column(word(IdentifierType), primary_key=True))
    value: str = Field(primary_key=True)
    lookup: str = Field(index=True)
    of_sender: bool = False


class ProofRow(SQLModel, table=True):
    """What was asked or shown to prove identity or authority for ONE ticket; never a copy.

    `covers` are the identifiers that it proved, as they were then: what is added later is not.
    """

    __tablename__ = "proof"

    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(foreign_key="ticket.number", index=True)
    method: str
    result: ProofResult = Field(sa_column=Column(word(ProofResult), nullable=False))
    identifier_type: IdentifierType | None = Field(
        default=None, sa_column=Column(word(IdentifierType))
    )
    identifier: str | None = None
    covers: list[list[str]] = Field(sa_column=Column(JSON, nullable=False))
    comment: str = ""
    officer: str
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    on: date
