"""One answer for a whole case: one letter with a part for each ticket that is ready."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dsr.domain.office import in_language
from dsr.domain.vocabulary import ENDED, Channel, LetterName, Outcome
from dsr.errors import NotAllowedError, NotFoundError
from dsr.letters.compose import Composed, compose, compose_part, language_for
from dsr.letters.enclosed import PackageFacts
from dsr.letters.facts import LetterFacts, TicketFacts
from dsr.rules import office
from dsr.services import mails
from dsr.services.answers import (
    Answered,
    answer,
    encrypted,
    end_with,
    may_answer,
    move,
    staging,
)
from dsr.services.case_letters import share
from dsr.services.desk import Desk, Step
from dsr.services.handling import after
from dsr.services.letter_facts import facts_for
from dsr.services.letters import (
    TO_OTHERS,
    LetterRequest,
    address_of,
    answer_letter,
    keep_letter,
)
from dsr.services.sending import Handing, check_way, mark, same_mail
from dsr.store.tables.letters import LetterRow
from dsr.store.tables.tickets import TicketRow
from dsr.store.tickets import of_case


@dataclass(frozen=True, slots=True)
class NotReady:
    """A ticket of the case that this letter does not answer, and why."""

    number: int
    why: str
    command: str


@dataclass(frozen=True, slots=True)
class CaseAnswered:
    """What the answer of a case left behind: each ticket, and those that it does not answer."""

    answered: tuple[Answered, ...]
    not_ready: tuple[NotReady, ...]


def answer_case(desk: Desk, case: int, handing: Handing, *, dry_run: bool = False) -> CaseAnswered:
    """Answer by one letter every ticket of a case that is ready; the others are named.

    Each part has what the ticket's own letter needs, and says what was decided and approved for it.
    All of them are answered in one transaction, or none is.

    Raises:
        NotFoundError: There is no such case.
        NotAllowedError: No ticket is ready, or a letter lacks a fact.
        ConflictError: The files cannot be written.
    """
    with desk.write(keep=False) as step:
        ready, others = _sorted(step, case, handing)
        alone = ready[0].number if len(ready) == 1 else None
    if alone is not None:  # one answer needs no letter around it
        return CaseAnswered((answer(desk, alone, handing, dry_run=dry_run),), tuple(others))
    folder = handing.folder or desk.office.workspace / f"case-{case}"
    with staging(folder) as stage, desk.write(keep=not dry_run) as step:
        ready, others = _sorted(step, case, handing)
        writing = _Writing(step, desk, ready, handing)
        if dry_run:
            text = writing.composed({}, others)
            return CaseAnswered(tuple(_looked_at(step, ready, text)), tuple(others))
        return CaseAnswered(_answered(writing, others, stage, folder), tuple(others))


def _sorted(step: Step, case: int, handing: Handing) -> tuple[list[TicketRow], list[NotReady]]:
    """Return the tickets that one letter can answer now, and the others that are open."""
    tickets = of_case(step.session, case)
    if not tickets:
        raise NotFoundError(f"there is no case {case}", hint="dsr list is:any")
    ready: list[TicketRow] = []
    others: list[NotReady] = []
    for ticket in tickets:
        if ticket.status in ENDED:
            continue
        try:
            may_answer(step, ticket, handing)
            name = answer_letter(ticket, ticket.outcome or Outcome.FULFILLED)
            check_way(step.session, ticket, name, handing)
            _check_goes_with(step, ready, ticket, handing)
        except NotAllowedError as error:
            others.append(NotReady(ticket.number, str(error), error.hint))
        else:
            ready.append(ticket)
    if not ready:
        if others:
            why = f"none is ready: {others[0].number}: {others[0].why}"
            raise NotAllowedError(f"of case {case} {why}", hint=others[0].command)
        raise NotAllowedError(
            f"every ticket of case {case} is answered", hint=f"dsr list case:{case} is:any"
        )
    return ready, others


def _check_goes_with(
    step: Step, ready: Sequence[TicketRow], ticket: TicketRow, handing: Handing
) -> None:
    """Refuse a ticket whose answer goes elsewhere than the letter's: it is answered alone."""
    own = f"dsr answer {ticket.number}"
    if _name_of(ticket) in TO_OTHERS:
        raise NotAllowedError("its answer goes to the client who instructed us", hint=own)
    if not ready:
        return
    if language_for(ticket.language) != language_for(ready[0].language):
        raise NotAllowedError("its answer is in another language", hint=own)
    places = [address_of(step.session, each, _name_of(each)) for each in (ready[0], ticket)]
    if handing.channel == Channel.EMAIL and places[0] != places[1]:
        raise NotAllowedError("its answer goes to another address", hint=own)


def _name_of(ticket: TicketRow) -> LetterName:
    return answer_letter(ticket, ticket.outcome or Outcome.FULFILLED)


@dataclass(frozen=True, slots=True)
class _Writing:
    """What the letter of a case is written from."""

    step: Step
    desk: Desk
    tickets: Sequence[TicketRow]
    handing: Handing

    @property
    def language(self) -> str:
        """The language that every part was decided in."""
        return self.handing.language or self.tickets[0].language

    def facts(self, ticket: TicketRow, package: PackageFacts | None) -> LetterFacts:
        """Return what a ticket's own letter would say."""
        request = LetterRequest(_name_of(ticket), language=self.handing.language, package=package)
        return facts_for(
            self.step.session, self.desk, ticket, request=request, today=self.step.today
        )

    def composed(
        self, packages: dict[int, PackageFacts | None], others: Sequence[NotReady]
    ) -> Composed:
        """Write the letter; its parts are composed one by one, each with its own needs."""
        language = language_for(self.language)
        every = [(t, self.facts(t, packages.get(t.number))) for t in self.tickets]
        parts = [compose_part(_name_of(t), language, facts) for t, facts in every]
        first = every[0][1]
        whole = replace(
            first,
            reference=", ".join(facts.reference for _, facts in every),
            tickets=tuple(
                TicketFacts(f.reference, f.kind_name, f.right_citation) for _, f in every
            ),
            remedies=tuple(dict.fromkeys(each for _, f in every for each in f.remedies)),
            owed=(),  # each part had what the laws demand of it
            told=tuple({each.code: each for _, f in every for each in f.told}.values()),
            linked=self._linked(others, language),
            draft=any(facts.draft for _, facts in every),
            parts=tuple(parts),
        )
        return compose(LetterName.CASE_ANSWER, language, whole)

    def _linked(self, others: Sequence[NotReady], language: str) -> tuple[str, ...]:
        """Return the matters of the case that are answered apart."""
        numbers = [other.number for other in others]
        rows = of_case(self.step.session, self.tickets[0].case_number)
        return tuple(
            f"DSR-{row.number}: {in_language(office.kind_rule(row.kind, row.scope).name, language)}"
            for row in rows
            if row.number in numbers
        )


def _looked_at(step: Step, ready: Sequence[TicketRow], text: Composed) -> list[Answered]:
    name = LetterName.CASE_ANSWER
    said = f"would be answered by the letter '{name}'"
    return [
        Answered(after(step, ticket, said), name.value, text.subject, text.text, (), None)
        for ticket in ready
    ]


def _answered(
    writing: _Writing, others: Sequence[NotReady], stage: Path, folder: Path
) -> tuple[Answered, ...]:
    step, handing = writing.step, writing.handing
    copies = {
        t.number: encrypted(step.session, t, stage, handing.language) for t in writing.tickets
    }
    packages = {number: facts for number, (facts, _) in copies.items()}
    text = writing.composed(packages, others)
    letter = _frozen(writing, text)
    first = writing.tickets[0]
    mails.lay_down(step.session, writing.desk, first, letter=letter, place=stage / "letter")
    views = []
    for ticket in writing.tickets:
        outcome = ticket.outcome or Outcome.FULFILLED
        end_with(step, ticket, outcome, handing)
        views.append(after(step, ticket, f"answered as {outcome} by the letter of the case"))
    files = move(stage, folder)
    return tuple(
        Answered(
            view,
            letter.name.value,
            letter.subject,
            letter.text,
            _own(files, view.number, packages),
            copies[view.number][1],
        )
        for view in views
    )


def _own(
    files: Sequence[str], number: int, packages: dict[int, PackageFacts | None]
) -> tuple[str, ...]:
    """Return the files of one ticket: the letter, and its own copy."""
    copies = {f"DSR-{each}.zip" for each in packages}
    mine = f"DSR-{number}.zip"
    return tuple(f for f in files if Path(f).name not in copies or Path(f).name == mine)


def _frozen(writing: _Writing, text: Composed) -> LetterRow:
    """Freeze the letter in the file of each ticket that it answers, and mark how it leaves."""
    step, first = writing.step, writing.tickets[0]
    request = LetterRequest(LetterName.CASE_ANSWER, language=writing.handing.language)
    letter = keep_letter(step, writing.desk, first, request=request, text=text)
    letter.recipient = address_of(step.session, first, _name_of(first))
    step.session.flush()
    share(step, letter, writing.tickets)
    for row in same_mail(step.session, letter):
        mark(step, row, writing.handing)
    return letter
