"""Reads again what was kept of an arrival: a mail, an Outlook file, or a row of a form."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO

from dsr.domain.limits import Limits
from dsr.errors import InputError
from dsr.intake import objects, outlook
from dsr.intake.arrival import Arrival, Wrong


def arrival_again(
    source: str, raw: bytes, received_at: datetime | None = None, limits: Limits | None = None
) -> Arrival:
    """Return the arrival whose bytes were kept.

    Args:
        source: Where it lay.
        raw: Its bytes.
        received_at: When it arrived, where that is known.
        limits: What one mail may cost in the office.
    """
    plain = Arrival(source, raw, received_at)
    if raw.startswith(outlook.MAGIC):
        try:
            outlook.check_installed(source)
        except InputError as error:
            return replace(plain, problem=f"{error}: {error.hint}")
        found = outlook.arrival_of(raw, source, limits or Limits())
        return replace(found, received_at=received_at)
    if raw.startswith(b"{") or objects.is_envelope(raw):
        first = next(objects.read_lines(BytesIO(raw), source), None)
        if isinstance(first, Wrong):  # what stands in it may still be read
            first = first.arrival
        if isinstance(first, Arrival):
            return replace(first, source=source, raw=raw, received_at=received_at)
    return plain
