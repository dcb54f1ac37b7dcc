"""Whether one ticket repeats another: the same right, asked for by the same person."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlmodel import Session, col, select

from dsr.domain.guards import CLOSINGS
from dsr.domain.office import Means, in_language
from dsr.domain.vocabulary import ENDED, IdentifierType, Outcome, SearchResult, Status
from dsr.errors import NotAllowedError
from dsr.letters.compose import language_for
from dsr.package.words import words_of
from dsr.rules import office
from dsr.services import proving
from dsr.services.giving import Less
from dsr.services.related import of_the_person
from dsr.services.steps import ticket_of
from dsr.store.tables.people import IdentifierRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import SearchRow

#: Ends of a ticket under which nobody got what he asked for: a new request repeats nothing.
_GIVEN_UP = frozenset({Outcome.WITHDRAWN, Outcome.LAPSED, Outcome.DUPLICATE})
_UNANSWERED = CLOSINGS | {Outcome.REFERRED}
#: Answers that gave what was asked, or part of it: who got nothing repeats nothing.
_GAVE = frozenset({Outcome.FULFILLED, Outcome.PARTLY_REFUSED, Outcome.NO_DATA})
_REFERENCE = re.compile(r"DSR-(\d{1,9})", re.ASCII | re.IGNORECASE)


def check_duplicate(session: Session, ticket: TicketRow, earlier: TicketRow) -> None:
    """Let a ticket be a duplicate of another one that is worked or was answered.

    Raises:
        NotAllowedError: The other asks for something else, is another person's, or was given up.
    """
    objection = _objection(session, ticket, earlier)
    if objection is None and earlier.outcome in _GIVEN_UP:
        objection = f"ended as {earlier.outcome}: nobody answers it"
    if objection:
        raise NotAllowedError(
            f"ticket {ticket.number} does not repeat ticket {earlier.number}, which {objection}",
            hint=f"dsr show {earlier.number}",
        )


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer that the same person got to the same right.

    Attributes:
        changed: What is different since, in words for the officer; empty where nothing is.
        gave: It gave what was asked, or part of it.
        refusal_objection: Why it does not let the new request be refused as repetitive, or None.
    """

    number: int
    answered_on: date
    outcome: str
    changed: str
    gave: bool
    refusal_objection: str | None

    @property
    def said(self) -> str:
        """Return it in one sentence for the officer."""
        since = self.changed or "nothing differs since in what was searched"
        return (
            f"DSR-{self.number} answered the same person the same right on {self.answered_on} "
            f"({self.outcome}; {since})"
        )


def earlier_answers(session: Session, ticket: TicketRow) -> list[Earlier]:
    """Return the answers that the same person got to the same right, the last one first."""
    persons = select(IdentifierRow.person).where(
        col(IdentifierRow.lookup).in_(_named(session, ticket)),
        col(IdentifierRow.type) != IdentifierType.NAME,
    )
    query = select(TicketRow).where(
        col(TicketRow.person).in_(persons),
        TicketRow.kind == ticket.kind,
        col(TicketRow.number) != ticket.number,
        col(TicketRow.answered_at).is_not(None),
        col(TicketRow.received_at) <= ticket.received_at,
    )
    found = session.exec(query.order_by(col(TicketRow.answered_at).desc())).all()
    same = [each for each in found if each.scope == ticket.scope and _unanswered(each) is None]
    gave = [each for each in same if _gave_nothing(each) is None]
    return [_earlier(session, ticket, each, gave) for each in same]


def asked_again(session: Session, ticket: TicketRow) -> TicketRow | None:
    """Return another ticket in which the same person asks the same, or got it; else None.

    Only of what may be refused as repetitive.
    """
    if not office.kind_rule(ticket.kind, ticket.scope).soft_refusal:
        return None
    for other in of_the_person(session, ticket):
        same = (other.kind, other.scope) == (ticket.kind, ticket.scope)
        if same and not (other.status in ENDED and other.outcome in CLOSINGS):
            return other
    return None


def as_duplicate(ticket: TicketRow, other: TicketRow) -> str:
    """Return the command that closes the later one of two tickets as a duplicate."""
    first, last = sorted((ticket.number, other.number))
    return f"dsr close {last} --as duplicate --of {first} --why TEXT"


def _earlier(
    session: Session, ticket: TicketRow, earlier: TicketRow, answered: Sequence[TicketRow]
) -> Earlier:
    assert earlier.answered_at is not None
    changed = _gave_nothing(earlier) or _changed(session, ticket, earlier)
    return Earlier(
        number=earlier.number,
        answered_on=earlier.answered_at.date(),
        outcome=earlier.outcome.value if earlier.outcome else "",
        changed=changed,
        gave=_gave_nothing(earlier) is None,
        refusal_objection=changed or _too_early(ticket, earlier, answered),
    )


def _changed(session: Session, ticket: TicketRow, earlier: TicketRow) -> str:
    """Return what is different since an earlier answer, or that nobody knows."""
    if not office.kind_rule(ticket.kind, ticket.scope).searches:
        is_same = ticket.policy_version == earlier.policy_version
        return "" if is_same else "the privacy policy has changed since"
    now, then = _results(session, ticket), _results(session, earlier)
    if not now or not then:
        return f"what changed since is not known before dsr find {ticket.number}"
    places = [place for place in sorted({*now, *then}) if now.get(place) != then.get(place)]
    return f"{', '.join(places)} differs since" if places else ""


def _results(session: Session, ticket: TicketRow) -> dict[str, tuple[SearchResult, int]]:
    rows = session.exec(select(SearchRow).where(col(SearchRow.ticket) == ticket.number))
    return {f"{row.source}.{row.collection}": (row.result, row.rows) for row in rows}


def _too_early(ticket: TicketRow, earlier: TicketRow, answered: Sequence[TicketRow]) -> str | None:
    """Return under which law the same may be asked again already, or None."""
    said = (_allowed_by(code, ticket, earlier, answered) for code in ticket.laws)
    return next((why for why in said if why), None)


def _allowed_by(
    code: str, ticket: TicketRow, earlier: TicketRow, answered: Sequence[TicketRow]
) -> str | None:
    rule = office.repetition()
    allowed = rule.laws.get(code)
    if allowed is None or ticket.kind not in allowed.kinds:
        assert earlier.answered_at is not None
        days = (ticket.received_on - earlier.answered_at.date()).days
        too_long = f"it was answered {days} days before, more than {rule.days} ({rule.citation})"
        return too_long if days > rule.days else None
    since = ticket.received_on - relativedelta(months=allowed.months)
    if sum(each.received_on > since for each in answered) >= allowed.times:
        return None
    return (
        f"under {code} it may be asked {allowed.times} times within {allowed.months} months "
        f"({allowed.citation})"
    )


def shown_by(session: Session, ticket: TicketRow, less: Less) -> Less:
    """Let a refusal as repetitive name the answers that show it, found by themselves or by hand.

    The reason to the person names the last of them, with its day and reference.

    Raises:
        NotAllowedError: A ticket among the evidence answered somebody else, or something else.
        NotFoundError: There is no ticket of that number.
    """
    known = earlier_answers(session, ticket)
    named = _checked(session, ticket, less.evidence)
    gave = [each for each in known if each.gave]
    shown = [each for each in gave if each.number in named] if named else gave[:1]
    if not shown:
        return less
    language = language_for(ticket.language)
    reference = f"DSR-{shown[0].number}"
    day = words_of(language).day(shown[0].answered_on)
    told = in_language(office.repetition().told, language).format(day=day, reference=reference)
    reason = less.reason or in_language(office.ground(less.ground).tell, language)
    found = () if named else (reference,)
    return replace(less, evidence=(*less.evidence, *found), reason=_with(told, reason, reference))


def _with(told: str, reason: str, reference: str) -> str:
    """Return a reason that names the earlier answer, once."""
    return reason if reference in reason else f"{reason} {told}"


def check_repeated(session: Session, ticket: TicketRow, rows: Iterable[Any]) -> None:
    """Refuse a decision that calls repetitive what no answer of ours shows to be so.

    Raises:
        NotAllowedError: No earlier answer is named, data changed since, or it is too long ago.
    """
    repeated = office.ground_for(Means.REPEATED)
    for row in rows:
        why = _unrepeated(session, ticket, row.evidence) if row.ground == repeated.code else None
        if why:
            raise NotAllowedError(
                f"item {row.number}: {repeated.code} needs the same scope, no change and a short "
                f"interval: {why} ({repeated.citation})",
                hint=f"answer it: dsr propose {ticket.number} --grant {row.number}",
            )


def _unrepeated(session: Session, ticket: TicketRow, evidence: Iterable[str]) -> str | None:
    named = _checked(session, ticket, evidence)
    shown = [each for each in earlier_answers(session, ticket) if each.number in named]
    if not shown:
        return "no answer to the same person is named (--evidence DSR-NUMBER)"
    return next((each.refusal_objection for each in shown if each.refusal_objection), None)


def _checked(session: Session, ticket: TicketRow, evidence: Iterable[str]) -> set[int]:
    """Return the tickets that evidence names.

    Raises:
        NotAllowedError: One of them does not show a repetition.
        NotFoundError: There is no ticket of that number.
    """
    numbers = set()
    for reference in evidence:
        if found := _REFERENCE.fullmatch(reference.strip()):
            earlier = ticket_of(session, int(found[1]))
            objection = _objection(session, ticket, earlier) or _unanswered(earlier)
            objection = objection or _gave_nothing(earlier)
            if objection:
                raise NotAllowedError(
                    f"DSR-{earlier.number} shows no repetition: it {objection}",
                    hint="--evidence DSR-NUMBER of a ticket that answered the same person",
                )
            numbers.add(earlier.number)
    return numbers


def _objection(session: Session, ticket: TicketRow, earlier: TicketRow) -> str | None:
    if earlier.number == ticket.number:
        return "is this ticket itself"
    if (earlier.kind, earlier.scope) != (ticket.kind, ticket.scope):
        return "asks for something else"
    if _named(session, ticket).isdisjoint(_named(session, earlier)):
        return "shares no identifier with this one"
    return None


def _unanswered(earlier: TicketRow) -> str | None:
    if earlier.status in {Status.ANSWERED, Status.CLOSED} and earlier.outcome not in _UNANSWERED:
        return None
    return "is not answered"


def _gave_nothing(earlier: TicketRow) -> str | None:
    """Return that an answer gave nothing of what was asked: asking again repeats nothing."""
    if earlier.outcome in _GAVE:
        return None
    return "gave nothing, and who asks again repeats no answer"


def _named(session: Session, ticket: TicketRow) -> set[str]:
    """Return by what a data subject is looked up; two people may have one name."""
    rows = proving.identifiers_of(session, ticket)
    return {row.lookup for row in rows if row.type is not IdentifierType.NAME}
