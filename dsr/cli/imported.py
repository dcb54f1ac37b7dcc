"""Shows an import: each thing as it is kept, how far it is, and the count at the end."""

import gc
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dsr.cli.arrived import why_of
from dsr.cli.batches import Tally
from dsr.cli.progress import Pace
from dsr.cli.show import App
from dsr.domain.vocabulary import MessageOutcome
from dsr.output.render import Column

if TYPE_CHECKING:
    from dsr.services.arrived_views import ImportedView
    from dsr.services.intake import Imported
    from dsr.services.mailboxes import Mailboxes


def _numbers(tickets: Any) -> str:
    return ", ".join(str(each["number"]) for each in tickets)


OBJECTS_PER_COLLECTION = 200_000  # a long run makes much rubbish: it is looked for more often
IMPORTED = (
    Column("source", "Source"),
    Column("message_id"),
    Column("sha256"),
    Column("outcome", "Outcome"),
    Column("tickets", "Tickets", _numbers),
    Column("language", "Language"),
    Column("requester_role"),
    Column("identifiers"),
    Column("reasons", "Why", why_of),
    Column("suggested"),
    Column("sort"),
    Column("urgent"),
    Column("warnings"),
    Column("ticket"),
    Column("number"),
)
#: What each outcome means, and what to type next on it.
MEANINGS = {
    MessageOutcome.OPENED: ("became tickets", "dsr today"),
    MessageOutcome.JOINED: ("answers to tickets", "dsr today"),
    MessageOutcome.DUPLICATE: ("came before: nothing changed", ""),
    MessageOutcome.TRIAGE: ("unsure: you decide", "dsr triage"),
    MessageOutcome.IGNORED: ("asks for no right", "dsr inbox outcome:ignored"),
    MessageOutcome.QUARANTINED: ("kept, set aside: you look", "dsr inbox outcome:quarantined"),
}


def show_import(app: App, work: "Imported", fields: str | None, servers: "Mailboxes") -> None:
    """Run an import and show what became of everything.

    Raises:
        InputError: Something could not be read or kept; the rest is.
        DsrError: See `Imported.views`.
    """
    gc.set_threshold(OBJECTS_PER_COLLECTION)
    pace = Pace()
    with app.progress(_bytes_in(work.sources), "importing", pace) as advance:

        def told(things: int, size: int) -> None:
            pace.done += things
            advance(size)

        if app.is_for_people:
            work.telling = told
        views = map(_with_warnings, work.views()) if app.is_for_people else work.views()
        if not work.wishes.dry_run:  # once more, all of it would be known
            app.rest = "dsr inbox --limit all"
        app.rows(views, IMPORTED, fields=fields)
        servers.finish(work.skipped)
    for note in (*servers.notes, *work.notes):
        app.say(note)
    for problem in (*work.problems, *work.wrong):
        app.problem(problem)
    if app.is_for_people:
        _say_count(app, work, pace)
    wrong = len(work.wrong)
    done = Tally(
        done=work.counts.total() - wrong, skipped=work.skipped, failed=len(work.problems) + wrong
    )
    if done.failed:
        app.end(done)


def _with_warnings(view: "ImportedView") -> "ImportedView":
    """Return it with what is odd beside what decided: a table has no column more."""
    if not view.warnings:
        return view
    return replace(view, reasons=(*view.reasons, *view.warnings))


def _bytes_in(sources: Any) -> int | None:
    """Return how many bytes there are to read; None where that is not known beforehand."""
    paths = [Path(source) for source in sources]
    try:
        return sum(path.stat().st_size for path in paths) if all(map(_is_file, paths)) else None
    except OSError:
        return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _say_count(app: App, work: "Imported", pace: Pace) -> None:
    """Say how many were seen, and what became of them: the lines below come to the first."""
    would = "; nothing was kept (--dry-run)" if work.wishes.dry_run else ""
    would += "; a test: never counted, never answered" if work.wishes.test else ""
    if not work.seen:
        app.say("nothing to import")
        return
    pace.done = work.seen
    lines = [(work.seen, "seen", f"in {pace.seconds:.1f} s, {pace}{would}", "")]
    lines += [(work.counts[one], one.value, *MEANINGS[one]) for one in MessageOutcome]
    lines.append((work.skipped, "skipped", "received before --since: not stored", ""))
    lines.append((len(work.problems), "failed", "named above: the rest is kept", ""))
    for count, word, meaning, command in lines:
        if count or word == "seen":
            app.say(f"{count:>9,}  {word:<12} {meaning:<29} {command}".rstrip())
