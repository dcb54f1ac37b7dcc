"""What a decision still owes: every hard stop and every word, named at once with one command."""

import re
from collections.abc import Collection, Iterable, Sequence

from sqlmodel import Session, col, select

from dsr.domain.stops import Stop
from dsr.domain.vocabulary import Kind, Proposal
from dsr.errors import NotAllowedError
from dsr.rules import office
from dsr.services import facts as ticket_facts
from dsr.services.complaints import UPHELD, result_of
from dsr.services.desk import Step
from dsr.services.extents import refused_whole
from dsr.services.giving import ground_of, typed_of
from dsr.services.items import Decision
from dsr.services.reviewing import REVIEWED, is_reviewed
from dsr.services.statements import CHOICES, IN_GENERAL, WORDS
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import SearchRow

#: What an objection to an item says -> the option that meets it.
_OPTIONS = {
    "citation": "--citation",
    "needs evidence": "--evidence",
    "needs an alternative": "--alternative",
    "until when": "--until",
    "which is over": "--until",
    "no reason to the person": "--reason",
    "needs a reason": "--reason",
    "no internal reason": "--internal",
}
#: Where another proposal would do under the same ground.
_TO_KEEP = "not refused but kept"


def lasting(step: Step, ticket: TicketRow) -> frozenset[str]:
    """Return the hard stops that nothing said later would lift, as the items stand."""
    items = ticket_facts.items_of(step.session, ticket.number)
    return frozenset(ticket_facts.item_objections(ticket, items, step.today, draft=True))


def check_items(
    step: Step,
    ticket: TicketRow,
    decision: Decision,
    *,
    given: Collection[int],
    before: Collection[str] = (),
) -> None:
    """Refuse a decision that meets a hard stop, or a draft that meets one that will stay.

    Args:
        step: The transaction.
        ticket: The ticket, with its items prepared.
        decision: What was typed.
        given: The numbers of the items that it gives less.
        before: What objected to a draft before; it is no fault of this one.

    Raises:
        NotAllowedError: All that the first such item lacks is named, with the command.
    """
    items = ticket_facts.items_of(step.session, ticket.number)
    found = list(ticket_facts.item_objections(ticket, items, step.today, draft=decision.draft))
    if decision.draft:
        new = [each for each in found if each not in before or _number(each) in given]
        found = new if decision.less else []
    found += _uncited(items, decision, given)
    if found:
        raise _refused(ticket, items, decision, found)


def _uncited(items: Sequence[ItemRow], decision: Decision, given: Collection[int]) -> Iterable[str]:
    """Give the objection to a citation that was typed and names no law with its article."""
    patterns, article = office.citing().patterns, office.articles()[Stop.CITATION]
    for less in decision.less:
        code = ground_of(less).code
        said = less.citation.strip()
        if said and not any(re.search(pattern, said) for pattern in patterns):
            number = next(row.number for row in items if row.number in given and row.ground == code)
            yield f"item {number}: {code}: the citation names no law with its article ({article})"


def _number(objection: str) -> int:
    return int(objection.partition(":")[0].removeprefix("item "))


def _refused(
    ticket: TicketRow, items: Sequence[ItemRow], decision: Decision, found: Sequence[str]
) -> NotAllowedError:
    row = next(row for row in items if row.number == _number(found[0]))
    mine = [each.partition(": ")[2] for each in found if _number(each) == row.number]
    others = len({_number(each) for each in found}) - 1
    more = f"; and {others} more items" if others else ""
    alike = [each for each in items if (each.ground, each.proposal) == (row.ground, row.proposal)]
    objected = {_number(each) for each in found}
    rows = [each for each in alike if each.number in objected]
    return NotAllowedError(
        f"item {row.number}: {'; '.join(mine)}{more}",
        hint=_hint(ticket, rows, decision, mine, whole=refused_whole(items) is not None),
    )


def _hint(
    ticket: TicketRow,
    rows: Sequence[ItemRow],
    decision: Decision,
    objections: Iterable[str],
    *,
    whole: bool,
) -> str:
    """Return the complete command; where no option would do, another ground is chosen."""
    lacking = set()
    proposal = rows[0].proposal
    for objection in objections:
        said = objection.partition(" (")[0]
        option = next((option for words, option in _OPTIONS.items() if words in said), None)
        if _TO_KEEP in said:
            proposal = Proposal.KEEP
        elif option is None:
            item = "all" if whole else ",".join(str(row.number) for row in rows)
            grant = f"dsr propose {ticket.number} --grant {item}"
            return f"choose another ground, or grant it: {grant}{' --draft' * decision.draft}"
        else:
            lacking.add(option)
    return _again(ticket, rows, decision, (proposal, lacking), whole=whole)


def _again(
    ticket: TicketRow,
    rows: Sequence[ItemRow],
    decision: Decision,
    owed: tuple[Proposal, Collection[str]],
    *,
    whole: bool,
) -> str:
    """Return the command that gives these items less, with all that was typed and is lacking."""
    (proposal, lacking), row = owed, rows[0]
    ground = office.ground(row.ground)
    numbers = ",".join(str(each.number) for each in rows)
    if proposal is Proposal.REFUSE:
        head = f"dsr refuse {ticket.number} {row.ground}" + f" --items {numbers}" * (not whole)
    else:
        head = f"dsr propose {ticket.number} --keep {numbers} --ground {row.ground}"
    own_reason = row.reason not in {"", *ground.tell.values()}
    said = {
        "--reason TEXT": own_reason or proposal is Proposal.REFUSE,
        "--internal TEXT": any(less.internal_reason for less in decision.less),
        "--citation TEXT": typed_of(row.citation, ground, ticket),
        "--evidence TEXT": row.evidence,
        "--alternative TEXT": row.alternative,
        "--until DATE": row.until_on,
        "--until-when TEXT": row.until_when,
    }
    options = [each for each, is_said in said.items() if is_said or each.split()[0] in lacking]
    return " ".join([head, *options, *["--draft"] * decision.draft])


def check_words(session: Session, ticket: TicketRow, decision: Decision) -> None:
    """Refuse a decision whose answer owes words that only an officer can say.

    Raises:
        NotAllowedError: All of them are named, with a command that has what was typed besides.
    """
    owed = _words_owed(session, ticket)
    if not owed:
        return
    named = "; ".join(f"{name} ({why})" for name, why in owed.items())
    said = [f"--say {name}={_value(name)}" for name in (*decision.statements, *owed)]
    propose = f"dsr propose {ticket.number}"
    refused = [less for less in decision.less if less.proposal is Proposal.REFUSE]
    hint = " ".join([propose, *_typed(decision), *said])
    if refused:
        again = f"type it again with --draft, then {propose}"
        hint = " ".join([again, *said])
    raise NotAllowedError(f"the answer owes words: {named}", hint=hint)


def _typed(decision: Decision) -> Iterable[str]:
    """Give the other options of a proposal, so that the command loses nothing."""
    if decision.changes:
        yield "--changes @file"
    if decision.grants:
        yield f"--grant {','.join(map(str, decision.grants))}"
    for less in decision.less:
        yield f"--keep {','.join(map(str, less.items))}"
        yield from (f"--ground {less.ground}",) if less.ground else ()
        texts = {
            "reason": less.reason,
            "internal": less.internal_reason,
            "citation": less.citation,
            "evidence": less.evidence,
            "alternative": less.alternative,
            "until-when": less.until_when,
        }
        yield from (f"--{name} TEXT" for name, value in texts.items() if value)
        yield from (f"--until {less.until_on}",) if less.until_on else ()


def _value(name: str) -> str:
    return "|".join(CHOICES[name]) if name in CHOICES else "TEXT"


def _words_owed(session: Session, ticket: TicketRow) -> dict[str, str]:
    """Return the words that an answer owes and nobody has said, each with where it stands."""
    from dsr.services.letter_duties import needs_under
    from dsr.services.letters import answer_letter

    assert ticket.outcome is not None
    stated = ticket.statements or {}
    owed: dict[str, str] = {}
    said = {name for name, value in stated.items() if value} | IN_GENERAL
    if is_reviewed(ticket):
        citation = office.kind_rule(ticket.kind, ticket.scope).citation
        weighs = "whether the decision affects the person's rights significantly"
        owed = {"significant": f"{weighs}; {citation}", "significance": f"why so; {citation}"}
        said |= REVIEWED
    if ticket.kind is Kind.COMPLAINT and result_of(ticket) in UPHELD:
        owed["measures"] = "a complaint that is upheld says what is done about it"
    if session.exec(select(SearchRow.at).where(col(SearchRow.ticket) == ticket.number)).first():
        said.add("holdings")
    needs = needs_under(ticket, answer_letter(ticket, ticket.outcome))
    for need, source in needs.items():
        names = need.split("|")
        word = next((name for name in names if name in WORDS), None)
        if word is not None and said.isdisjoint(names):
            owed[word] = source
    return {name: why for name, why in owed.items() if name not in said}
