"""Which laws a ticket is worked by, and the version that it pins."""

from collections.abc import Iterable
from datetime import date

from dsr.errors import NotAllowedError
from dsr.rules import book


def in_force(codes: Iterable[str], on: date, *, strictly: bool = False) -> dict[str, str]:
    """Return the laws that are in force on a day, each with its present version.

    Args:
        codes: The laws that are asked for.
        on: The day of receipt.
        strictly: Whether a law that is not in force yet is an error; else it is left out.

    Raises:
        NotFoundError: A law has no pack.
        NotAllowedError: A law is not in force, or none is left.
    """
    laws = [book.law(code) for code in codes]
    later = [law for law in laws if law.in_force is not None and on < law.in_force.on]
    if later and (strictly or len(later) == len(laws)):
        start = later[0].in_force
        assert start is not None
        raise NotAllowedError(
            f"{later[0].code} is in force from {start.on} ({start.citation}), and this was "
            f"received on {on}",
            hint=f"dsr law show {later[0].code}",
        )
    return {law.code: law.version for law in laws if law not in later}
