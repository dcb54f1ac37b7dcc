"""Who answers, and what is answered: the company and the tickets, as letters name them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """Who answers, in the letter's language.

    Attributes:
        name: The company's registered name.
        phone: With the country's code.
        email: The address for requests.
        address: The postal address, on one line.
        court: The court of the policy's section 8.
        authority: The authority that takes complaints about us.
        contact_role: Who is responsible, as "personal information protection officer".
        policy_title: The policy's title, without quotation marks.
        policy_version: The policy's version, as its date in words.
    """

    name: str
    phone: str
    email: str
    address: str
    court: str
    authority: str
    contact_role: str
    policy_title: str
    policy_version: str


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """One ticket of the case that a letter answers or acknowledges.

    Attributes:
        act_by_on: The day by which the processing stops, where that comes before the answer.
        ended: Whether it is answered or closed already.
    """

    reference: str
    kind_name: str
    right_citation: str = ""
    due_on: date | None = None
    act_by_on: date | None = None
    ended: bool = False
