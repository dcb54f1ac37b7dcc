"""Registers of the office: officers, sources, recipients, clients."""

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel


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
