"""What an answer would tell of: work and a copy that wait for the decision. Stores nothing."""

from collections import Counter
from datetime import date

from sqlmodel import Session

from dsr.domain.office import in_language
from dsr.domain.vocabulary import LetterName, Proposal, Status
from dsr.letters.enclosed import PackageFacts
from dsr.rules import office
from dsr.rules.terms import terms
from dsr.services import facts as ticket_facts
from dsr.services.dates import working_calendar
from dsr.services.tasking import due_of, new_tasks
from dsr.store.tables.tickets import TicketRow
from dsr.store.tables.work import PackageRow, TaskRow

#: Programs that open an AES-256 ZIP; Info-ZIP's unzip does not.
TOOLS = ("7-Zip", "Keka", "WinZip", "Bandizip")

#: Where nothing has been carried out yet.
_BEFORE = frozenset(
    {Status.RECEIVED, Status.VERIFYING, Status.WORKING, Status.WAITING, Status.APPROVAL}
)


def tasks(session: Session, ticket: TicketRow, name: LetterName, today: date) -> list[TaskRow]:
    """Return the tasks that would be opened today, where the letter is the one that tells of them.

    They have no number, and belong to no session.
    """
    rule = office.kind_rule(ticket.kind, ticket.scope)
    if name is not rule.letter or ticket.status not in _BEFORE or not _grants(session, ticket):
        return []
    calendar = working_calendar(ticket)
    opened = new_tasks(session, ticket)
    for task in opened:
        task.due_on = task.due_on or due_of(task, today, calendar, ticket)
    return opened


def package(
    session: Session, ticket: TicketRow, name: LetterName, language: str
) -> PackageFacts | None:
    """Return the copy that waits for the answer, as a preview names it, if there is one."""
    row = session.get(PackageRow, ticket.number)
    if name not in {LetterName.ACCESS, LetterName.COPY} or not row or not _grants(session, ticket):
        return None
    later = in_language(terms().wording.sha256_later, language)
    return package_facts(row, sha256=later, size=row.size, language=language)


def package_facts(row: PackageRow, *, sha256: str, size: int, language: str) -> PackageFacts:
    """Return what a letter says of a copy; its size is in bytes."""
    return PackageFacts(
        file_name=f"DSR-{row.ticket}.zip",
        sha256=sha256,
        size=size,
        files=_listed(row),
        tools=TOOLS,
        passphrase_channel=in_language(terms().wording.passphrase, language),
        rows=row.rows,
        redacted=row.redacted,
        available_until_on=row.destroy_on,
    )


def _listed(row: PackageRow) -> tuple[str, ...]:
    """Return the files as a letter lists them: those in a folder by the folder and their number."""
    names = [str(file["name"]) for file in row.manifest]
    folders = Counter(name.split("/")[0] for name in names if "/" in name)
    alone = [name for name in names if "/" not in name]
    return (*alone, *(f"{folder}/ ({count})" for folder, count in folders.items()))


def _grants(session: Session, ticket: TicketRow) -> bool:
    items = ticket_facts.items_of(session, ticket.number)
    return not items or any(item.proposal is Proposal.GRANT for item in items)
