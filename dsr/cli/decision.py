"""Commands that decide: propose, refuse, approve, return, refer."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dsr.cli.desk import open_desk
from dsr.cli.options import DryRun, References, day
from dsr.cli.pairs import listed, pairs
from dsr.cli.show import App, app_of
from dsr.cli.tickets import STEPS, Ticket, Why, each_step, one_number
from dsr.domain.decisions import Grain
from dsr.domain.vocabulary import Proposal
from dsr.errors import UsageError

if TYPE_CHECKING:
    from dsr.services.giving import Less
    from dsr.services.items import Change

KeptItems = Annotated[
    str, typer.Option("--keep", metavar="N,...", help="Items kept, not erased; N.field for a part.")
]
Restricted = Annotated[
    str, typer.Option("--restrict", metavar="N,...", help="The same: restricted instead.")
]
ListedBy = Annotated[
    Grain | None, typer.Option("--by", help="List the items anew, as fine as this.")
]
KeptWhy = Annotated[
    str, typer.Option("--ground", metavar="CODE", help="Why they are kept; else a law keeps them.")
]
Granted = Annotated[
    str, typer.Option("--grant", metavar="N,...|all", help="Items granted after all.")
]
Only = Annotated[str, typer.Option("--items", "--item", metavar="N,...", help="Else all items.")]
Changed = Annotated[
    str | None, typer.Option("--changes", metavar="@file|-", help='Lines "field: old -> new".')
]
Say = Annotated[
    list[str] | None,
    typer.Option(metavar="WHAT=TEXT", help="Words the answer owes: answer finding reason ..."),
]
Code = Annotated[str, typer.Argument(metavar="GROUND", help="Its code, as H7 or S1.")]
Reason = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="What the person is told: text, @file or -."),
]
Internal = Annotated[str, typer.Option("--internal", metavar="TEXT", help="For the file only.")]
Citation = Annotated[str, typer.Option(metavar="TEXT", help="The law's article.")]
Evidence = Annotated[
    list[str] | None, typer.Option(metavar="TEXT", help="What shows the facts relied on.")
]
Until = Annotated[datetime | None, day("Until when.")]
UntilWhen = Annotated[str, typer.Option(metavar="TEXT", help="The same in words.")]
Alternative = Annotated[str, typer.Option(metavar="TEXT", help="What is offered instead.")]
Draft = Annotated[bool, typer.Option("--draft", help="Prepare the items only.")]


def propose(
    ctx: typer.Context,
    references: References,
    keep: KeptItems = "",
    ground: KeptWhy = "",
    changes: Changed = None,
    say: Say = None,
    reason: Reason = None,
    internal: Internal = "",
    citation: Citation = "",
    evidence: Evidence = None,
    until: Until = None,
    until_when: UntilWhen = "",
    alternative: Alternative = "",
    grant: Granted = "",
    restrict: Restricted = "",
    by: ListedBy = None,
    draft: Draft = False,
    dry_run: DryRun = False,
) -> None:
    """Propose what to grant, refuse or keep.

    Everything is granted that is not said otherwise; what a client decides on and what a law keeps
    is filled in from the search. Where no second officer is due, the decision stands at once.
    An item is a collection, or with --by a field, a category of the policy, or a source; 2.mobile
    is the field mobile of item 2. What is decided stays so when items are listed anew, and what
    refuses the whole until --grant all takes it back.

    Examples:
        dsr propose 42
        dsr propose 42 --keep 3 --citation "E-commerce Law Art. 31" --until 2029-11-30
        dsr propose 42 --by field --draft
        dsr propose 42 --grant all
        dsr propose 42 --restrict 2.mobile --ground K3 --citation "a law" --until 2029-11-30
        dsr propose 42 --changes @changes.txt
        dsr propose 42 --say answer=@explanation.txt
    """
    from dsr.services import decisions, items

    app = app_of(ctx)
    desk = open_desk(app)
    less: tuple[Less, ...] = ()
    said = _Said(internal, citation, evidence, until, until_when, alternative)
    if kept := (*_items(keep), *_items(restrict)):
        told = app.read_text(reason, "the reason", option="--reason") if reason else ""
        less = (said.less(Proposal.KEEP, ground, kept, reason=told),)
    elif ground or reason or said.anything:
        raise UsageError("no item is named that is kept like this", hint="--keep N,...")
    decision = items.Decision(
        less=less,
        grants=(items.ALL,) if grant.strip() == items.ALL else _items(grant),
        changes=_changes(app, changes),
        statements=_statements(app, say),
        draft=draft,
        by=by,
    )
    each_step(
        app, desk, references, lambda n: decisions.propose(desk, n, decision, dry_run=dry_run)
    )


def refuse(
    ctx: typer.Context,
    reference: Ticket,
    ground: Code,
    reason: Reason = None,
    internal: Internal = "",
    citation: Citation = "",
    evidence: Evidence = None,
    alternative: Alternative = "",
    until: Until = None,
    until_when: UntilWhen = "",
    only: Only = "",
    draft: Draft = False,
    dry_run: DryRun = False,
) -> None:
    """Propose a refusal on a legal ground.

    The grounds, what each owes and who approves it: dsr law grounds. A refusal without a reason
    to the person cannot be recorded. A field (3.formula) is left out of the copy and of the
    deletion; S1 finds the earlier answer by itself.

    Examples:
        dsr refuse 42 H7 --items 2,3.formula --reason @reason.txt --internal @memo.txt
        dsr refuse 42 S1 --reason @reason.txt --evidence DSR-12 --alternative "ask again in May"
    """
    from dsr.services import decisions, items

    app = app_of(ctx)
    desk = open_desk(app)
    number = one_number(app, desk, reference)
    told = app.read_text(reason, "the reason", option="--reason")
    if not told.strip():
        raise UsageError("a refusal tells the person why", hint="--reason TEXT")
    said = _Said(internal, citation, evidence, until, until_when, alternative)
    less = said.less(Proposal.REFUSE, ground, _items(only), reason=told)
    decision = items.Decision(less=(less,), draft=draft)
    app.rows([decisions.propose(desk, number, decision, dry_run=dry_run)], STEPS)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the options say of items that are given less than was asked."""

    internal: str
    citation: str
    evidence: list[str] | None
    until: datetime | None
    until_when: str
    alternative: str = ""

    @property
    def anything(self) -> bool:
        """Whether one of the options is there."""
        texts = (self.internal, self.citation, self.evidence, self.until_when, self.alternative)
        return any(texts) or self.until is not None

    def less(
        self, proposal: Proposal, ground: str, numbers: tuple[str, ...], *, reason: str
    ) -> "Less":
        """Return it for some items; none are all."""
        from dsr.services.giving import Less

        return Less(
            proposal,
            ground,
            numbers,
            reason=reason,
            internal_reason=self.internal,
            citation=self.citation,
            evidence=tuple(self.evidence or ()),
            until_on=self.until.date() if self.until else None,
            until_when=self.until_when,
            alternative=self.alternative,
        )


def approve(
    ctx: typer.Context,
    references: References,
    expected: Annotated[
        str | None, typer.Option("--hash", metavar="HASH", help="Only if it is still this one.")
    ] = None,
    to_view: Annotated[
        str | None,
        typer.Option("--to-view", metavar="OFFICER", help="Let him see a minor's file instead."),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Approve another officer's proposal.

    Exactly the decision, package and letter that were proposed are approved. Nobody approves his
    own, but in an office that says it has one officer alone. A minor's data are searched and shown
    only to an officer who has leave before.

    Examples:
        dsr approve 42 --as wang
        dsr approve 43 --to-view li --as wang
        dsr list status:approval --ids | dsr approve - --as wang
    """
    from dsr.services import approvals, permitting

    app = app_of(ctx)
    desk = open_desk(app)
    if to_view is not None:
        permit = permitting.permit
        each_step(app, desk, references, lambda n: permit(desk, n, to_view, dry_run=dry_run))
        return
    each_step(
        app, desk, references, lambda n: approvals.approve(desk, n, expected, dry_run=dry_run)
    )


def return_(
    ctx: typer.Context, references: References, why: Why = None, dry_run: DryRun = False
) -> None:
    """Return a proposal with a comment.

    Examples:
        dsr return 42 --why "the invoices are kept by law: say so" --as wang
        dsr return 42 --why @comment.txt
    """
    from dsr.services import approvals

    app = app_of(ctx)
    desk = open_desk(app)
    words = app.read_text(why, "the comment (--why)", option="--why")
    each_step(app, desk, references, lambda n: approvals.send_back(desk, n, words, dry_run=dry_run))


def refer(
    ctx: typer.Context,
    references: References,
    to: Annotated[str, typer.Option("--to", metavar="CLIENT", help="Who decides; a client's key.")],
    part: Annotated[
        bool, typer.Option("--part", help="Only a part, in a ticket of its own: the rest is ours.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Refer a request to the client it concerns.

    Both are told by letter; a task to assist the client stays open. What the client then instructs
    is worked in the same ticket: dsr task instruct.

    Examples:
        dsr refer 42 --to harbour
        dsr refer 42 --to harbour --part
    """
    from dsr.services.referring import refer

    app = app_of(ctx)
    desk = open_desk(app)
    each_step(app, desk, references, lambda n: refer(desk, n, to, part=part, dry_run=dry_run))


def _items(words: str) -> tuple[str, ...]:
    """Return items by their numbers, or parts of them by number and path, as 2.mobile."""
    named = listed(words)
    if not all(name.partition(".")[0].isdecimal() for name in named):
        raise UsageError("items are named by their numbers", hint="--items 2,3 or --items 2.mobile")
    return tuple(named)


def _changes(app: App, value: str | None) -> "tuple[Change, ...]":
    from dsr.cli.values import changes

    return changes(app, value) if value is not None else ()


def _statements(app: App, words: list[str] | None) -> dict[str, object]:
    from dsr.services.statements import statement

    said = pairs(words or [], "--say")
    return {
        name: statement(name, app.read_text(value, name, option=f"--say {name}="))
        for name, value in said.items()
    }
