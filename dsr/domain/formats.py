"""The formats in which other programs ask."""

from enum import StrEnum

PROTOCOL_LANGUAGE = "en"
"""In which both protocols are written: their requests name no language of the person's."""

FORMAT = "format"
"""Which field of a form says in which format another program wrote it; no table's column does."""


class StatusFormat(StrEnum):
    """A format in which another program asks, and is told how far its request is."""

    OPENDSR = "opendsr"
    DRP = "drp"
