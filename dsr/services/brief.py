"""The command to type next for each of many tickets, from what is stored of them. Judges no step.

A list of the day cannot gather every fact of every ticket: no law is read here, no item judged. So
the command may be one that then says what is missing; which one comes when is the workflow's table.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from dsr.domain.guards import Facts
from dsr.domain.workflow import next_step
from dsr.rules import office
from dsr.store import brief as queries

_NO_LEAVE = "there is no leave to see a minor's data"
_UNDECIDED = "the plan leaves rows that are not the person's alone"


def commands(session: Session, rows: Sequence[Any], officer: str) -> dict[int, str]:
    """Return what to type next, by the ticket's number.

    Args:
        session: A transaction.
        rows: Tickets: number, kind, scope, status, minor, decided, approvals_due and the
            `approvals` that were given.
        officer: Who would type it.
    """
    known = queries.brief(session, sorted({row.number for row in rows}), officer)
    sources = queries.has_sources(session)
    return {
        row.number: _command(
            row, known.get(row.number, queries.NOTHING), sources=sources, officer=officer
        )
        for row in rows
    }


def _command(row: Any, known: Mapping[str, Any], *, sources: bool, officer: str) -> str:
    rule, due = office.kind_rule(row.kind, row.scope), row.approvals_due or 0
    closed = row.minor and not known["searched"] and not known["permits"]
    facts = Facts(
        needs_proof=rule.needs_proof,
        proof_objection=None if known["verified"] else Facts().proof_objection,
        likely_method=known["asked"] or Facts().likely_method,
        searches=rule.searches,
        searched=known["searched"] > 0,
        sources_failed=known["failed"],
        packages=rule.package and known["found"] > 0,
        packaged=known["packaged"] > 0,
        approval_due=due > 0,
        decided=row.decided,
        approved=0 < due <= row.approvals,
        changes_systems=rule.changes_systems,
        stops_marketing=rule.stops_marketing,
        sources=sources,
        planned=known["planned"] > 0,
        plan_objection=_UNDECIDED if known["undecided"] else None,
        applied=known["parts"] == known["parts_done"],
        live_tasks=known["live"],
        open_tasks=known["open"],
        view_objection=_NO_LEAVE if closed else None,
        viewer=officer,
    )
    _, command = next_step(row.status, facts, row.number)
    return command or f"dsr show {row.number}"
