"""The office's own terms: how long things wait and are kept. The laws' periods are in `book`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dsr.domain.vocabulary import IdentifierType, Kind, OfficerRole, Scope, TaskKind
from dsr.rules.reading import shipped


@dataclass(frozen=True, slots=True)
class Lapse:
    """How often and how long a person is asked for proof before a request may lapse."""

    reminders: int
    days: int
    citation: str


@dataclass(frozen=True, slots=True)
class Reply:
    """How many working days a reply leaves to the office, and how many the person has for it."""

    office_working_days: int
    person_working_days: int
    citation: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how many days something is kept."""

    keep_days: int
    citation: str


@dataclass(frozen=True, slots=True)
class Pace:
    """Within how many working days something is done."""

    working_days: int
    citation: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """After how many days something comes round: a backup, a look at what is kept."""

    days: int
    citation: str


@dataclass(frozen=True, slots=True)
class Questions:
    """The kinds that are never held up by a question back."""

    never_for: tuple[Kind, ...]
    citation: str


@dataclass(frozen=True, slots=True)
class View:
    """The rule by which data are seen only with leave."""

    citation: str


@dataclass(frozen=True, slots=True)
class OwnMarketing:
    """The rule by which what the company itself sends stops, whoever else is asked to stop."""

    citation: str


@dataclass(frozen=True, slots=True)
class Lift:
    """When a restriction is looked at again, and how long before its end the person is told.

    Attributes:
        settled_by: The kinds whose end may end a restriction beside them: it served while they ran.
    """

    days: int
    notice_working_days: int
    settled_by: tuple[Kind, ...]
    citation: str


@dataclass(frozen=True, slots=True)
class StopUse:
    """Where other use of what is not erased has to be stopped.

    Attributes:
        grounds: Refused under these, something is left; what is kept is, whatever its ground.
        in_use: Grounds that keep something for a use that goes on.
    """

    grounds: tuple[str, ...]
    in_use: tuple[str, ...]
    citation: str


@dataclass(frozen=True, slots=True)
class Day:
    """What belongs to an officer's day: how far it looks ahead, and back to mail after answers."""

    soon_working_days: int
    look_back_days: int
    citation: str


@dataclass(frozen=True, slots=True)
class AfterWithdrawal:
    """What an officer may say of data whose consent was withdrawn, and what some of it opens."""

    results: tuple[str, ...]
    opens: Mapping[str, Kind]
    citation: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that letters fill in."""

    policy_section: Mapping[str, str]
    law_and_policy: Mapping[str, str]
    reason_and_policy: Mapping[str, str]
    planned: Mapping[str, str]
    sha256_later: Mapping[str, str]
    under_way: Mapping[str, str]
    passphrase: Mapping[str, str]
    and_also: Mapping[str, str]
    decided_by: Mapping[str, str]
    roles_also: Mapping[str, str]
    erased: Mapping[str, str]
    anonymised: Mapping[str, str]
    erased_and_anonymised: Mapping[str, str]
    done_as_granted: Mapping[str, str]
    your: Mapping[str, str]
    of_the_person: Mapping[str, str]
    while_held: Mapping[str, str]
    quiet_ground: Mapping[str, str]
    quiet_citation: Mapping[str, str]
    decisions_note: Mapping[str, str]
    transfers_note: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Half:
    """One half of a ground that the law words as either/or: its name, and its paragraph."""

    name: Mapping[str, str]
    tell: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Halves:
    """The halves of a ground: for an item whose end is named, and for one without an end."""

    with_end: Half
    without_end: Half


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Which processing each scope of a withdrawal reaches, by legal basis."""

    bases: Mapping[Scope, tuple[str, ...]]
    citation: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Every term of the office.

    Attributes:
        bases: The names of legal bases, by the datamap's word; laws cite their articles for them.
        halves: The halves of grounds that are either/or, by a ground's code.
    """

    lapse: Lapse
    reply: Reply
    identity_papers: Keeping
    not_a_request: Keeping
    package: Keeping
    plan: Keeping
    retention: Cycle
    referral: Pace
    own_marketing: OwnMarketing
    marketing_stop: Pace
    assistance: Pace
    task: Pace
    freeze: Pace
    stop_use: StopUse
    improvement: Cycle
    after_withdrawal: AfterWithdrawal
    recipient: Pace
    backup: Cycle
    minors_view: View
    lift: Lift
    today: Day
    questions: Questions
    bases: Mapping[str, Mapping[str, str]]
    halves: Mapping[str, Halves]
    roles: Mapping[OfficerRole, Mapping[str, str]]
    identifiers: Mapping[IdentifierType, Mapping[str, str]]
    wording: Wording
    tasks: Mapping[TaskKind, Mapping[str, str]]
    withdrawal: Withdrawal


@cache
def terms() -> Terms:
    """Return the office's terms.

    Raises:
        ConfigError: The file is wrong.
    """
    return shipped(Terms, "terms.toml")
