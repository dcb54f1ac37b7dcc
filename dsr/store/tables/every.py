"""Imports every table, so that the metadata is whole: for migrations and for writing."""

from sqlmodel import SQLModel

from dsr.store.tables import cases, letters, messages, people, registers, tickets, trail, work

METADATA = SQLModel.metadata
MODULES = (cases, letters, messages, people, registers, tickets, trail, work)
