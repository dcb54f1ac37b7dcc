"""What must hold before a step: the facts that are looked at, and the guards over them.

Each guard says why not, and names the command that mends it. The table is in `workflow`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dsr.domain.vocabulary import Outcome

#: What a ticket may be closed as without a decision of its own.
CLOSINGS = frozenset({Outcome.WITHDRAWN, Outcome.LAPSED, Outcome.DUPLICATE, Outcome.NOT_A_REQUEST})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards look at. `services.facts` alone makes them, from the database and the rules.

    An attribute that ends in `objection` is the reason why not, or None; `answer_first` is the
    number of an access or copy that must be answered before anything is erased, or None; `holder`
    that of the ticket, this one or another, whose legal hold forbids a change.
    """

    needs_proof: bool = True
    proof_objection: str | None = "the identity of the person is not verified"
    authority_objection: str | None = None
    likely_method: str = "known_facts"
    searches: bool = False
    searched: bool = False
    sources_failed: int = 0
    packages: bool = False
    packaged: bool = False
    copy_objection: str | None = None
    items: int = 0
    item_objection: str | None = None
    approval_due: bool = False
    decided: bool = False
    approved: bool = False
    changes_systems: bool = False
    planned: bool = False
    plan_objection: str | None = None
    applied: bool = False
    half_applied: bool = False
    hold_objection: str | None = None
    holder: int | None = None
    approver_objection: str | None = None
    unchanged: bool = True
    answer_first: int | None = None
    live_tasks: int = 0
    open_tasks: int = 0
    clarification_objection: str | None = None
    extension_objection: str | None = None
    lapse_objection: str | None = None
    closing_as: Outcome | None = None
    client_named: bool = False
    reason_given: bool = True
    irreversible_done: bool = False
    reviewer_objection: str | None = None
    view_objection: str | None = None
    viewer: str = "OFFICER"
    sources: bool = False
    stops_marketing: bool = False

    @property
    def to_plan(self) -> bool:
        """Whether a plan of the work in the systems comes before the decision."""
        return self.sources and self.changes_systems and not self.planned


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition of a step: why it does not hold (or None), and the command that mends it."""

    objection: Callable[[Facts], str | None]
    command: str

    def mended_by(self, facts: Facts, number: int | str) -> str:
        """Return the command that mends it."""
        return self.command.format(
            number=number,
            first=facts.answer_first,
            viewer=facts.viewer,
            holder=facts.holder or number,
        )


def _unless(holds: Callable[[Facts], bool], text: str, command: str) -> Guard:
    return Guard(lambda facts: None if holds(facts) else text, command)


NO_PROOF_NEEDED = _unless(
    lambda f: not f.needs_proof,
    "this kind of request needs proof of identity first",
    "dsr verify ask {number}",
)
PROOF_IS_NEEDED = _unless(
    lambda f: f.needs_proof or f.authority_objection is not None,
    "this kind of request needs no proof: asking for it would hinder the person",
    "dsr show {number}",
)
PROVED = Guard(
    lambda f: f.proof_objection if f.needs_proof else f.authority_objection,
    "dsr verify ask {number}",
)
MAY_VIEW = Guard(
    lambda f: f.view_objection, "dsr approve {number} --to-view {viewer} --as APPROVER"
)
SEARCHED = _unless(
    lambda f: f.searched or not f.searches,
    "the company's systems have not been searched",
    "dsr find {number}",
)
EVERY_SOURCE_ANSWERED = Guard(
    lambda f: f"{f.sources_failed} searches failed" if f.sources_failed else None,
    "dsr find {number}",
)
PACKAGED = _unless(
    lambda f: f.packaged or not f.packages,
    "the data to hand over has not been put together",
    "dsr export {number}",
)
COPY_FITS = Guard(lambda f: f.copy_objection, "dsr export {number}")
COPY_STILL_FITS = Guard(
    lambda f: f.copy_objection, 'dsr return {number} --why "the copy was made for other items"'
)
ITEMS_ARE_LAWFUL = Guard(lambda f: f.item_objection, "dsr show {number}")
APPROVAL_IS_DUE = _unless(
    lambda f: f.approval_due, "this decision needs no second officer", "dsr propose {number}"
)
NO_APPROVAL_IS_DUE = _unless(
    lambda f: not f.approval_due, "this decision needs a second officer", "dsr propose {number}"
)
DECIDED = _unless(lambda f: f.decided, "nothing has been decided yet", "dsr propose {number}")
APPROVED = _unless(
    lambda f: f.approved,
    "a second officer has not approved the decision",
    "dsr approve {number} --as OFFICER",
)
MAY_APPROVE = Guard(lambda f: f.approver_objection, "dsr approve {number} --as OFFICER")
CHANGES_SYSTEMS = _unless(
    lambda f: f.changes_systems,
    "this kind of request changes nothing in the company's systems",
    "dsr show {number}",
)
PLAN_FITS = Guard(lambda f: f.plan_objection, "dsr plan {number}")
PLANNED = _unless(
    lambda f: f.planned,
    "no plan was made before the decision: the work in the systems is done by hand",
    "dsr task list {number}",
)
NOT_HALF_APPLIED = _unless(
    lambda f: not f.half_applied,
    "the work in a source was interrupted: whether it was done is seen first",
    "dsr apply {number}",
)
NOT_HELD = Guard(lambda f: f.hold_objection, "dsr hold {holder} --lift --why TEXT")
UNCHANGED = _unless(
    lambda f: f.unchanged,
    "decision, plan, package or letter changed after it was proposed",
    'dsr return {number} --why "changed since"',
)
STILL_DECIDED = _unless(
    lambda f: f.unchanged,
    "the ticket, the plan or the package changed after it was decided",
    "dsr propose {number}",
)
ACCESS_ANSWERED = Guard(
    lambda f: (
        f"ticket {f.answer_first} asks for the same data and is not answered: erasing first would "
        "defeat it, unless the person waives that in writing (dsr set REF --waive-access WHY)"
        if f.answer_first is not None
        else None
    ),
    "dsr show {first}",
)
WORK_TO_DO = _unless(
    lambda f: f.live_tasks > 0, "there is no task to carry out", "dsr answer {number}"
)
LIVE_TASKS_DONE = Guard(
    lambda f: f"{f.live_tasks} tasks are not done" if f.live_tasks else None,
    "dsr task list {number}",
)
ALL_TASKS_DONE = Guard(
    lambda f: f"{f.open_tasks} follow-ups are open" if f.open_tasks else None,
    "dsr task list {number}",
)
MAY_ASK_BACK = Guard(lambda f: f.clarification_objection, "dsr find {number}")
MAY_EXTEND = Guard(lambda f: f.extension_objection, "dsr due {number} --explain")
MAY_LAPSE = Guard(
    lambda f: f.lapse_objection if f.closing_as is Outcome.LAPSED else None,
    "dsr verify ask {number}",
)
MAY_END_SO = _unless(
    lambda f: f.closing_as in CLOSINGS,
    "without a decision only what was withdrawn, lapsed, double or no request is closed",
    "dsr propose {number}",
)
NOTHING_IRREVERSIBLE = _unless(
    lambda f: not f.irreversible_done,
    "something irreversible is already done",
    "dsr answer {number}",
)
CLIENT_NAMED = _unless(
    lambda f: f.client_named, "no client is named", "dsr refer {number} --to CLIENT"
)
REASON_GIVEN = _unless(lambda f: f.reason_given, "no reason is given", "dsr show {number}")
ANOTHER_REVIEWER = Guard(lambda f: f.reviewer_objection, "dsr assign {number} --to OFFICER")
