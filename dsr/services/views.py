"""What use cases return: frozen, already masked; the fields are the keys of the JSON, in order."""

from dataclasses import dataclass
from datetime import date, datetime

from dsr.services.arrived_views import MessageView
from dsr.services.lines import MilestoneView, TicketView


@dataclass(frozen=True, slots=True)
class NextView(TicketView):
    """The most urgent ticket, why it is, and what to type."""

    why: str
    command: str


@dataclass(frozen=True, slots=True)
class IdentityView:
    """Whether it is proved who asks, and by what."""

    verified: bool
    objection: str | None
    identifiers: tuple[dict[str, str], ...]
    proofs: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class ClockView:
    """One law's dates."""

    law: str
    mode: str
    start_on: date
    due_nominal_on: date
    due_legal_on: date
    target_on: date
    act_by_on: date | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """One thing that is decided on."""

    number: int
    label: str
    category: str
    source: str
    proposal: str
    ground: str | None
    reason: str | None
    citation: str | None
    until: str | None
    change: str | None
    field: str | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class MissingView:
    """One thing that is missing before the next step, and the command for it."""

    what: str
    command: str


@dataclass(frozen=True, slots=True)
class TaskView:
    """A piece of work outside the ticket."""

    ticket: int
    number: int
    kind: str
    target: str
    label: str
    state: str
    follow_up: bool
    due_on: date | None
    done_on: date | None
    result: str | None


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter of the ticket, as it stands; `proved` is whether something shows that it left."""

    name: str
    language: str
    state: str
    written_at: datetime
    sent_at: datetime | None
    channel: str
    sha256: str
    proved: bool | None


@dataclass(frozen=True, slots=True)
class EventView:
    """One event of the trail."""

    id: int
    at: datetime
    officer: str
    action: str
    ticket: int | None
    before: str | None
    after: str | None
    facts: dict[str, object]
    why: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class OtherView:
    """Another ticket that belongs to one, and by what: `case`, `link` or `person`."""

    number: int
    kind: str
    status: str
    by: str


@dataclass(frozen=True, slots=True)
class PlanStateView:
    """A ticket's plan in short, and how far each source's part is carried out."""

    sha256: str
    cells: int
    rows: int
    left: int
    by_hand: tuple[str, ...]
    parts: dict[str, str]


@dataclass(frozen=True, slots=True)
class WaitingCopyView:
    """The copy that waits, plain, for its answer."""

    sha256: str
    rows: int
    size: int
    destroy_on: date


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that was put to a ticket; its name only where it may be seen."""

    number: int
    name: str | None
    size: int
    kept: bool


@dataclass(frozen=True, slots=True)
class PermitView:
    """An approver's leave for an officer to see a minor's data."""

    officer: str
    approver: str


@dataclass(frozen=True, slots=True)
class ShownTicket(TicketView):
    """Everything about a ticket, what decides first."""

    identity: IdentityView
    clocks: tuple[ClockView, ...]
    items: tuple[ItemView, ...]
    missing: tuple[MissingView, ...]
    next_command: str | None
    messages: tuple[MessageView, ...]
    tasks: tuple[TaskView, ...]
    letters: tuple[LetterView, ...]
    events: tuple[EventView, ...]
    scope: str | None
    channel: str
    minor: bool
    policy_version: str
    held: str | None
    links: tuple[OtherView, ...]
    plan: PlanStateView | None
    package: WaitingCopyView | None
    attachments: tuple[FileView, ...]
    permits: tuple[PermitView, ...]
    earlier: tuple[str, ...]
    hints: tuple[MissingView, ...]
    prompts: tuple[MissingView, ...]
    breached_at: datetime | None
    milestone: MilestoneView | None
    silent: bool
    test: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """What a step did to a ticket: where it stands now and what to type next."""

    number: int
    kind: str
    status: str
    outcome: str | None
    due_on: date | None
    said: str
    next_command: str | None


@dataclass(frozen=True, slots=True)
class FoundView:
    """What the search of one collection gave."""

    source: str
    collection: str
    result: str
    rows: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One change of a plan, or one thing that it leaves.

    Attributes:
        result: `set` or `delete`; else why it is left: kept, read_only, others, shared, blocked,
            by_hand.
        key: What tells the row, by field.
        how: The masking strategy, `correct`, or the measure.
        after: The value to be; of a correction `...`, which only its items tell.
        rows: How many rows are left so.
    """

    source: str | None
    collection: str | None
    result: str
    field: str | None
    key: dict[str, object] | None
    how: str | None
    after: object
    rows: int | None
    reason: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan: its hash, its counts, its lines."""

    ticket: int
    sha256: str
    cells: int
    rows: int
    left: int
    lines: tuple[PlanLine, ...]


@dataclass(frozen=True, slots=True)
class AppliedView:
    """What was done in one source."""

    ticket: int
    source: str
    result: str
    cells: int
    rows: int
