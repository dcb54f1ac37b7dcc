"""The suppression list: who is put on it, who follows, who leaves it, and who asks whether."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dsr.domain.people import normalise
from dsr.domain.vocabulary import Action, ContactType, IdentifierType, Kind, Outcome, Scope
from dsr.errors import InputError, NotAllowedError, UsageError
from dsr.services.addresses import Line, batches
from dsr.services.desk import Desk, Step, keyed
from dsr.services.keys import read_key
from dsr.services.proving import identifiers_of
from dsr.services.steps import take
from dsr.services.views import StepView
from dsr.store.suppressions import Entry, Point, holding, of_ticket, put
from dsr.store.tables.tickets import TicketRow

CONTACTS = frozenset(IdentifierType(each.value) for each in ContactType)
#: Lines that are looked up at once.
_LINES = 500


def suppress(step: Step, ticket: TicketRow) -> int:
    """Put every contact point of a withdrawal that stands on the list, proved or not.

    Returns how many were not on it. A withdrawal that is refused, and any other kind, put none.
    """
    if ticket.kind is not Kind.WITHDRAWAL or ticket.scope is None:
        return 0
    if ticket.outcome in {Outcome.REFUSED, Outcome.REFERRED}:
        return 0
    named = identifiers_of(step.session, ticket)
    entries = [
        Entry((row.type, row.lookup), ticket.scope, ticket.number)
        for row in named
        if row.type in CONTACTS
    ]
    if not entries:
        return 0
    added = put(step.session, entries, step.now)
    if added:
        facts = {"suppressed": added, "scope": ticket.scope.value}
        take(step, ticket, Action.NOTE, facts=facts)
    return added


def follow(
    step: Step, desk: Desk, ticket: TicketRow, changes: Sequence[tuple[IdentifierType, str, str]]
) -> int:
    """Let suppressions follow contact points that were corrected; the old ones hold too.

    Args:
        step: The transaction.
        desk: The desk.
        ticket: The correction.
        changes: Type, old value and new value of each contact point.

    Returns how many contact points were put on the list.
    """
    key = read_key(desk.office.key_file, may_make=False)
    added = 0
    for kind, old, new in changes:
        before, after = _point(key, kind, old), _point(key, kind, new)
        if kind not in CONTACTS or before is None or after is None or before == after:
            continue
        entries = [
            Entry(after, row.scope, row.ticket, follows=row.lookup)
            for row in holding(step.session, [before])
        ]
        added += put(step.session, entries, step.now)
    if added:
        take(step, ticket, Action.NOTE, facts={"suppressions_followed": added})
    return added


def end(desk: Desk, number: int, wish: str, *, dry_run: bool = False) -> StepView:
    """End what a withdrawal put on the list, because the person consents again.

    Args:
        desk: The desk.
        number: The withdrawal.
        wish: What the person said, and when: without a wish of his own nothing ends.
        dry_run: Look at it only.

    Raises:
        NotAllowedError: It is no withdrawal, or nothing of it is on the list.
        UsageError: No wish is recorded.
    """
    from dsr.services.handling import one_step

    def work(step: Step, ticket: TicketRow) -> str:
        if ticket.kind is not Kind.WITHDRAWAL:
            raise NotAllowedError(
                f"ticket {number} is a {ticket.kind}: it put nobody on the list",
                hint="dsr list kind:withdrawal is:any",
            )
        rows = of_ticket(step.session, ticket)
        if not rows:
            raise NotAllowedError(
                f"nothing of ticket {number} is on the list", hint=f"dsr log {number}"
            )
        for row in rows:
            row.ended_at = step.now
            step.session.add(row)
        scope = ticket.scope.value if ticket.scope else None
        facts = {"suppressions_ended": len(rows), "scope": scope}
        take(step, ticket, Action.NOTE, facts=facts, sealed={"why": wish})
        return f"{len(rows)} entries of the list have ended: consent was given again"

    if not wish.strip():
        raise UsageError("only the person's own wish ends it", hint='--why "she wrote on ..."')
    return one_step(desk, number, work, dry_run=dry_run)


def _point(key: bytes, kind: IdentifierType, value: str) -> Point | None:
    try:
        return kind, keyed(key, kind, normalise(kind, value))
    except InputError:
        return None


@dataclass(frozen=True, slots=True)
class SuppressedView:
    """Whether the contact point of a line is on the list, since when, and by which ticket."""

    line: int
    suppressed: bool
    scope: str
    since: datetime | None
    ticket: int | None


@dataclass(slots=True)
class Asked:
    """A running question: which lines of a column are on the list.

    Attributes:
        bad: The numbers of lines that hold no address.
        counts: How many lines were on the list (True) and how many were not (False).
    """

    desk: Desk
    lines: Iterable[Line]
    scope: Scope
    bad: list[int] = field(default_factory=list)
    counts: Counter[bool] = field(default_factory=Counter)

    def answers(self) -> Iterator[tuple[Line, SuppressedView]]:
        """Give each line with its answer; what is no address has none."""
        key = self._key()
        for batch in batches(self.lines, _LINES):
            good = [line for line in batch if line.type is not None]
            self.bad += [line.number for line in batch if line.type is None]
            points = [line.point(key) for line in good]
            with self.desk.read() as session:
                found = {
                    (row.type, row.lookup): row for row in holding(session, points, self.scope)
                }
            for line, point in zip(good, points, strict=True):
                row = found.get(point)
                self.counts[row is not None] += 1
                view = SuppressedView(
                    line=line.number,
                    suppressed=row is not None,
                    scope=self.scope.value,
                    since=row.at if row else None,
                    ticket=row.ticket if row else None,
                )
                yield line, view

    def _key(self) -> bytes:
        """Return the key; an office that knows nobody yet has none, and nobody is on its list."""
        from dsr.store.suppressions import is_empty

        with self.desk.read() as session:
            unused = is_empty(session)
        place = self.desk.office.key_file
        return b"" if unused and not place.exists() else read_key(place, may_make=False)
