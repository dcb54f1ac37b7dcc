"""Reads again what was kept of an arrival: a mail, an Outlook file, or a row of a form."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO

from dsr.errors import InputError
from dsr.intake import objects, outlook
from dsr.intake.arrival import Arrival, Limits


def arrival_again(source: str, raw: bytes, received_at: datetime | None = None) -> Arrival:
    """Return the arrival whose bytes were kept.

    Args:
        source: Where it lay.
        raw: Its bytes.
        received_at: When it arrived, where that is known.
    """
    plain = Arrival(source, raw, received_at)
    if raw.startswith(outlook.MAGIC):
        try:
            outlook.check_installed(source)
        except InputError as error:
            return replace(plain, problem=f"{error}: {error.hint}")
        return replace(outlook.arrival_of(raw, source, Limits()), received_at=received_at)
    if raw.startswith(b"{") or objects.is_envelope(raw):
        found = next(objects.read_lines(BytesIO(raw), source), None)
        if isinstance(found, Arrival):
            return replace(found, source=source, raw=raw, received_at=received_at)
    return plain
