"""Registers of the office: officers, sources, recipients, clients, and who gets no marketing."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from dsr.domain.vocabulary import IdentifierType, Scope
from dsr.store.columns import Instant, word


class OfficerRow(SQLModel, table=True):
    """Somebody who works tickets."""

    __tablename__ = "officer"

    name: str = Field(primary_key=True)
    full_name: str = ""
    os_user: str | None = None
    roles: list[str] = Field(sa_column=Column(JSON, nullable=False))
    active: bool = True


class SourceRow(SQLModel, table=True):
    """A system of the company: a dataset of a datamap, and the database it describes."""

    __tablename__ = "source"

    key: str = Field(primary_key=True)
    label: str = ""
    url: str
    datamap: str
    active: bool = True
    read_only: bool = False


class RecipientRow(SQLModel, table=True):
    """An outside party that got personal information."""

    __tablename__ = "recipient"

    key: str = Field(primary_key=True)
    names: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    type: str
    contact: str = ""
    sources: list[str] = Field(sa_column=Column(JSON, nullable=False))
    active: bool = True


class ClientRow(SQLModel, table=True):
    """A customer for whom the company processes."""

    __tablename__ = "client"

    key: str = Field(primary_key=True)
    names: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    contact: str = ""
    active: bool = True


class SuppressionRow(SQLModel, table=True):
    """A contact point that gets no marketing, or is not processed further, by its keyed hash.

    `follows` is the keyed hash of the one in whose place a correction put it; both hold.
    """

    __tablename__ = "suppression"

    type: IdentifierType = Field(sa_column=Column(word(IdentifierType), primary_key=True))
    lookup: str = Field(primary_key=True)
    scope: Scope = Field(sa_column=Column(word(Scope), primary_key=True))
    ticket: int = Field(foreign_key="ticket.number", index=True)
    follows: str | None = None
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant))
