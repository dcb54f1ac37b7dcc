"""What became of a granted item of a request to erase: erased or anonymised, by its plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from dsr.domain.office import in_language
from dsr.errors import NotAllowedError, NotFoundError
from dsr.rules import office
from dsr.rules.terms import terms
from dsr.services.plans import stored_plan
from dsr.services.restricting import stopping_measures
from dsr.sources.plan import Change, Work
from dsr.store.tables.cases import ItemRow
from dsr.store.tables.tickets import TicketRow


@dataclass(frozen=True, slots=True)
class Results:
    """What a ticket's plan does to rows and cells; nothing is known where people did the work.

    Attributes:
        erases: Whether the ticket is one that erases.
    """

    erases: bool
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, session: Session, ticket: TicketRow) -> "Results":
        """Read the plan of a ticket that erases, if it has one whose text is still there."""
        if not office.kind_rule(ticket.kind, ticket.scope).erases:
            return cls(erases=False, changes=())
        try:
            return cls(erases=True, changes=stored_plan(session, ticket.number).changes)
        except (NotFoundError, NotAllowedError):
            return cls(erases=True, changes=())

    def said(self, row: ItemRow, done_on: date | None, language: str) -> str:
        """Return what was done about an item, in words; nothing where it is not done."""
        if not self.erases or done_on is None:
            return ""
        wording = terms().wording
        found = {_is_erased(each) for each in self._of(row)}
        if not found:
            return in_language(wording.done_as_granted, language)
        if len(found) > 1:
            return in_language(wording.erased_and_anonymised, language)
        return in_language(wording.erased if found.pop() else wording.anonymised, language)

    def _of(self, row: ItemRow) -> Iterable[Change]:
        """Give the changes in an item's place: its field, its collection, or its source."""
        measures = stopping_measures()
        for each in self.changes:
            is_here = row.source == each.source and row.collection in {"", each.collection}
            if (
                is_here
                and each.how not in measures
                and (not row.field or each.field in {"", row.field})
            ):
                yield each


def _is_erased(change: Change) -> bool:
    """Tell whether nothing is left: the row goes, or the cell becomes empty."""
    return change.work is Work.DELETE or change.after is None
