"""Which identifiers a correction puts in doubt: no proof is ever bound to one of them."""

import pytest

from dsr.domain.vocabulary import IdentifierType, Proposal
from dsr.services.corrected import corrected
from dsr.store.tables.cases import ItemRow

PHONE = (IdentifierType.PHONE, "+8619900000001")
MAIL = (IdentifierType.EMAIL, "wang.fang@mail.example.com")


def change(old, new, category="user.contact.phone_number"):
    return ItemRow(
        ticket=1, number=1, label="", proposal=Proposal.GRANT, category=category, old=old, new=new
    )


@pytest.mark.parametrize("written", ["+8619900000001", "19900000001", "199-0000-0001"])
def test_old_and_new_value_are_both_in_doubt_however_they_are_written(written):
    assert corrected([PHONE, MAIL], [change(written, "+8619900000999")]) == [PHONE]
    assert corrected([PHONE, MAIL], [change("+8619900000999", written)]) == [PHONE]


def test_the_other_of_two_numbers_is_not_in_doubt():
    other = (IdentifierType.PHONE, "+8619900000002")
    assert corrected([PHONE, other], [change(PHONE[1], "+8619900000999")]) == [PHONE]


def test_without_the_old_value_every_identifier_of_the_kind_is_in_doubt():
    assert corrected([PHONE, MAIL], [change("", "+8619900000999")]) == [PHONE]
    assert corrected([PHONE, MAIL], [change("", "x@example.com", "user.contact.email")]) == [MAIL]
    assert corrected([PHONE, MAIL], [change("", "晨曦", "user.workplace")]) == []
