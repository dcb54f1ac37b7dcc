"""Imports every table, so that the metadata is whole: for migrations and for writing."""

from sqlmodel import SQLModel

from dsr.store.tables import cases, messages, people, registers, tickets, trail, work

METADATA = SQLModel.metadata
MODULES = (cases, messages, people, registers, tickets, trail, work)
