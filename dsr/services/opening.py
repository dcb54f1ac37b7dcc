"""Opening cases and their tickets, one or a thousand, by the workflow's first row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import SQLModel

from dsr.clock import day_of
from dsr.domain.clocks import ClockFacts
from dsr.domain.guards import Facts
from dsr.domain.people import as_kept, mask
from dsr.domain.vocabulary import (
    Action,
    Channel,
    IdentifierType,
    Kind,
    RequesterRole,
    Scope,
    Status,
)
from dsr.domain.workflow import step_for
from dsr.rules import office
from dsr.services.bringing_forward import bring_forward
from dsr.services.dates import Asked, Dates, clock_rows, clocks_for
from dsr.services.desk import Office, Step, keyed
from dsr.services.lawful import in_force
from dsr.services.lines import TEST
from dsr.services.related import earlier_target, erases, reads
from dsr.store.log import Entry
from dsr.store.numbers import Numbers
from dsr.store.tables.cases import CaseRow, ClockRow
from dsr.store.tables.people import IdentifierRow, PersonRow
from dsr.store.tables.tickets import TicketRow

#: What a ticket is listed by, the most telling first.
_TELLING = (
    IdentifierType.EMAIL,
    IdentifierType.PHONE,
    IdentifierType.ACCOUNT,
    IdentifierType.OPEN_ID,
    IdentifierType.NAME,
    IdentifierType.ORDER,
)

Right = tuple[Kind, Scope | None]
"""What is asked for, and what a withdrawal withdraws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What one letter or call asks, as far as it is known.

    Attributes:
        rights: The kinds asked for, with their scopes; each becomes a ticket.
        identifiers: What names the data subject: type and value as written.
        sender: The address that wrote, which is a claim; None where nobody wrote by mail.
    """

    rights: tuple[Right, ...]
    identifiers: tuple[tuple[IdentifierType, str], ...] = ()
    sender: str | None = None
    role: RequesterRole = RequesterRole.UNKNOWN
    language: str = "en"
    received_at: datetime
    channel: Channel
    laws: tuple[str, ...] = ()
    place: str | None = None
    minor: bool = False
    born_on: date | None = None
    extra: dict[str, Any] | None = None
    test: bool = False
    silent: bool = False

    @classmethod
    def like(cls, ticket: TicketRow, rights: Sequence[Right]) -> "Request":
        """Return further rights that the letter of a ticket asks for: all else is as there."""
        return cls(
            rights=tuple(rights),
            role=ticket.requester_role,
            language=ticket.language,
            received_at=ticket.received_at,
            channel=ticket.channel,
            place=ticket.place,
            minor=ticket.minor,
            born_on=ticket.born_on,
            extra=ticket.extra,
            test=ticket.test,
            silent=ticket.silent,
        )


@dataclass(slots=True)
class Opening:
    """Collects the rows of cases that are opened in one transaction, and writes them at once."""

    step: Step
    office: Office
    key: bytes
    rows: dict[type[SQLModel], list[dict[str, Any]]] = field(default_factory=dict)
    numbers: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = Numbers(self.step.session)

    def open(self, request: Request) -> tuple[int, list[tuple[int, Kind]]]:
        """Open a case with a ticket for each right; return its number and theirs.

        Raises:
            InputError: An identifier is none of its type.
            NotFoundError: A law has no pack.
        """
        named = [(kind, as_kept(kind, value), value) for kind, value in request.identifiers]
        sender = as_kept(IdentifierType.EMAIL, request.sender) if request.sender else None
        if sender is not None:
            named.append((IdentifierType.EMAIL, sender, sender))
        laws = self._laws(request)
        case = self.numbers.draw("case")[0]
        person = self.numbers.draw("person")[0]
        numbers = self.numbers.draw("ticket", len(request.rights))
        token = keyed(self.key, "case", str(case))[:8]
        self._add(CaseRow, number=case, opened_at=self.step.now, token=token)
        self._add(PersonRow, id=person)
        for kind, value in dict.fromkeys((kind, value) for kind, value, _ in named):
            self._add(
                IdentifierRow,
                person=person,
                type=kind,
                value=value,
                lookup=keyed(self.key, kind, value),
                of_sender=value == sender,
            )
        who = _who([(kind, value) for kind, value, _ in named])
        if request.test:
            who = f"{TEST} {who}"
        rows = [
            self._ticket(request, number, right, case=case, person=person, laws=laws, who=who)
            for number, right in zip(numbers, request.rights, strict=True)
        ]
        erasing = [row["target_on"] for row in rows if erases(row["kind"])]
        for row in rows:
            row["target_on"] = earlier_target(row["kind"], row["target_on"], erasing)
        return case, [
            (number, kind) for number, (kind, _) in zip(numbers, request.rights, strict=True)
        ]

    def further(self, ticket: TicketRow, request: Request) -> list[int]:
        """Open further tickets in the case of one, for the same person; return their numbers."""
        numbers = self.numbers.draw("ticket", len(request.rights))
        for number, right in zip(numbers, request.rights, strict=True):
            self._ticket(
                request,
                number,
                right,
                case=ticket.case_number,
                person=ticket.person,
                laws=dict(ticket.laws),
                who=ticket.who,
            )
        return list(numbers)

    def flush(self) -> None:
        """Write the collected rows, one statement a table; they may bring other dates forward."""
        opened = {row["number"] for row in self.rows.get(TicketRow, ()) if _counts(row["kind"])}
        self.numbers.flush()
        connection = self.step.session.connection()
        for table in (CaseRow, PersonRow, IdentifierRow, TicketRow, ClockRow):
            if rows := self.rows.pop(table, None):
                connection.execute(insert(table), rows)
        bring_forward(self.step.session, opened)

    def _laws(self, request: Request) -> dict[str, str]:
        """Return the laws that were named, else those switched on; what is not in force is none."""
        received_on = day_of(request.received_at, self.office.zone)
        codes = request.laws or self.office.laws
        return in_force(codes, received_on, strictly=bool(request.laws))

    def _ticket(
        self,
        request: Request,
        number: int,
        right: Right,
        *,
        case: int,
        person: int,
        laws: dict[str, str],
        who: str,
    ) -> dict[str, Any]:
        kind, scope = right
        received_on = day_of(request.received_at, self.office.zone)
        facts = ClockFacts(received_on=received_on)
        asked = Asked({**laws}, kind, scope, request.place, request.received_at)
        clocks = clocks_for(asked, facts)
        dates = Dates.of(clocks)
        status = step_for(Status.NONE, Action.OPEN, Facts()).target
        row = self._add(
            TicketRow,
            number=number,
            case_number=case,
            kind=kind,
            scope=scope,
            status=status,
            who=who,
            laws=laws,
            place=request.place,
            received_at=request.received_at,
            received_on=received_on,
            **{each.name: getattr(dates, each.name) for each in fields(dates)},
            requester_role=request.role,
            language=request.language,
            channel=request.channel,
            policy_version=office.company(self.office.rules_folder).version,
            person=person,
            minor=request.minor,
            born_on=request.born_on,
            decided=False,
            statements=None,
            extra=request.extra,
            test=request.test,
            silent=request.silent,
        )
        self.rows.setdefault(ClockRow, []).extend(clock_rows(number, clocks))
        self.step.trail.append(_opened(row))
        return row

    def _add(self, table: type[SQLModel], **values: Any) -> dict[str, Any]:
        self.rows.setdefault(table, []).append(values)
        return values


def _counts(kind: Kind) -> bool:
    """Tell whether a ticket goes before an erasure, or is one."""
    return reads(kind) or erases(kind)


def _opened(row: Mapping[str, Any]) -> Entry:
    """Return the event of a ticket that was opened with the values of a row."""
    scope: Scope | None = row["scope"]
    facts = {
        "kind": row["kind"].value,
        "scope": scope.value if scope else None,
        "channel": row["channel"].value,
        "laws": row["laws"],
        "received_on": row["received_on"].isoformat(),
        "due_on": row["due_on"].isoformat(),
    }
    before, after = Status.NONE.value, row["status"].value
    return Entry(Action.OPEN.value, row["number"], row["case_number"], before, after, facts)


def _who(named: Sequence[tuple[IdentifierType, str]]) -> str:
    """Return the masked identifier that lists show."""
    known = dict(reversed(named))
    return next((mask(kind, known[kind]) for kind in _TELLING if kind in known), "unknown")
