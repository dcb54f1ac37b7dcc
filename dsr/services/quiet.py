"""Tickets about which nobody is written to: what was imported as a test, and what is silent."""

from dsr.domain.vocabulary import LetterName
from dsr.errors import NotAllowedError
from dsr.store.tables.tickets import TicketRow


def check_no_test(ticket: TicketRow) -> None:
    """Refuse what reaches others for a ticket that was imported as a test.

    Raises:
        NotAllowedError: It is one.
    """
    if ticket.test:
        raise NotAllowedError(
            f"ticket {ticket.number} is a test: nobody is written to, and nothing is changed",
            hint=f"dsr close {ticket.number} --as not_a_request --no-letter test --why test",
        )


def check_may_be_written(ticket: TicketRow, name: LetterName) -> None:
    """Refuse a letter that a ticket does not send.

    Raises:
        NotAllowedError: The ticket is a test, or silent and the letter confirms its receipt.
    """
    check_no_test(ticket)
    if ticket.silent and name is LetterName.ACKNOWLEDGEMENT:
        raise NotAllowedError(
            f"ticket {ticket.number} is silent: its receipt is not confirmed, it came before the"
            " day of --silent-before",
            hint=f"dsr show {ticket.number}",
        )
