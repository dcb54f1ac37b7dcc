"""The formats in which other programs ask."""

from enum import StrEnum


class StatusFormat(StrEnum):
    """A format in which another program asks, and is told how far its request is."""

    OPENDSR = "opendsr"
    DRP = "drp"
