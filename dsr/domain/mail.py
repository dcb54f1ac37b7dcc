"""The words for what arrives by mail."""

from enum import StrEnum


class MailSort(StrEnum):
    """What a mail is besides what it asks: who or what wrote it."""

    PLAIN = "plain"
    OWN = "own"
    BOUNCE = "bounce"
    AUTO = "auto"
    RECEIPT = "receipt"
    CALENDAR = "calendar"
    LIST = "list"
    FLOOD = "flood"
    AUTHORITY = "authority"
    FORM = "form"
