"""What an officer is told beside a decision: what to look at, and what stands. Decides nothing."""

import re

from sqlmodel import Session

from dsr.domain.office import KindRule
from dsr.domain.vocabulary import Outcome, Proposal
from dsr.letters.compose import language_for
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services.desk import Step
from dsr.services.extents import refused_whole
from dsr.services.items import Decision
from dsr.services.repeats import as_duplicate, asked_again, earlier_answers
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, PlanRow

_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")


def remarks(step: Step, ticket: TicketRow, rule: KindRule, decision: Decision) -> str:
    """Return what is said of a decision that was put forward."""
    return "".join(
        (
            _stands(step.session, ticket, decision),
            _covered(step.session, ticket),
            _by_hand(step.session, ticket, rule),
            other_language(step.session, ticket),
            asked_before(step.session, ticket),
            _besides(ticket),
        )
    )


def _besides(ticket: TicketRow) -> str:
    """Say what the laws ask of the office besides the letter."""
    from dsr.services.letter_duties import besides
    from dsr.services.letters import answer_letter

    assert ticket.outcome is not None
    asked = besides(ticket, answer_letter(ticket, ticket.outcome))
    return f"; the law asks besides: {' '.join(asked)}" if asked else ""


def asked_before(session: Session, ticket: TicketRow) -> str:
    """Say that the same person asked the same: what was answered, or what is still open."""
    if office.kind_rule(ticket.kind, ticket.scope).stops_marketing:
        return ""  # it may be said as often as one likes
    earlier = next(iter(earlier_answers(session, ticket)), None)
    said = f"; {earlier.said}" if earlier is not None else ""
    other = asked_again(session, ticket)
    if other is not None and other.answered_at is None:
        command = as_duplicate(ticket, other)
        said += f"; ticket {other.number} asks for the same and is open: {command}"
    return said


def other_language(session: Session, ticket: TicketRow) -> str:
    """Say that a reason is written in another language than the letter that gives it."""
    letter = language_for(ticket.language)
    for row in ticket_facts.items_of(session, ticket.number):
        if row.proposal is Proposal.GRANT or row.reason in office.ground(row.ground).tell.values():
            continue
        language = _language_of(row.reason)
        if language and language != letter.partition("-")[0]:
            return f"; language of the reason: {language}; the letter is {letter}"
    return ""


def _language_of(text: str) -> str:
    """Return which of the letters' languages a reason is in, by its script; empty for neither."""
    if _HAN.search(text):
        return "zh"
    return "en" if _LATIN.search(text) else ""


def _stands(session: Session, ticket: TicketRow, decision: Decision) -> str:
    """Say that nothing new was said: the whole is refused, as it was."""
    stands = refused_whole(ticket_facts.items_of(session, ticket.number))
    nothing_given = ticket.outcome in {Outcome.NO_DATA, Outcome.LAPSED}
    if stands is None or nothing_given or decision.less:
        return ""
    return (
        f"; the whole is refused as it stood ({stands.ground}): "
        f"dsr return {ticket.number} --why TEXT, then dsr propose {ticket.number} --grant all "
        "takes that back"
    )


def _covered(session: Session, ticket: TicketRow) -> str:
    """Say that rows of the copy tell of somebody else: whose they are is looked at."""
    row = session.get(PackageRow, ticket.number)
    if row is None or not row.redacted:
        return ""
    return f"; {row.redacted} values of others are covered: dsr export {ticket.number} --review DIR"


def _by_hand(session: Session, ticket: TicketRow, rule: KindRule) -> str:
    """Say that the work in the systems is left to people, where nobody made a plan of it."""
    granted = ticket.outcome not in {Outcome.REFUSED, Outcome.NO_DATA, Outcome.NOT_APPLICABLE}
    planned = session.get(PlanRow, ticket.number) is not None
    if planned or not granted or not rule.changes_systems:
        return ""
    return "; no plan was made: the work in the systems is done by hand"
