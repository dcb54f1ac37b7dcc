"""Checks of the office's set-up: fine, doubtful or wrong, with the command that mends it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE, S_IRGRP, S_IRWXG, S_IRWXO, S_IWGRP

from dsr.errors import DsrError
from dsr.rules import book
from dsr.services import connecting, evidence, holding, leftovers, own_laws
from dsr.services.desk import Desk, FourEyes
from dsr.services.registers import approvers
from dsr.services.shared import shared_with
from dsr.store import blobs, health, log
from dsr.store.engine import HEAD
from dsr.store.log import Entry

KEY_FILE = "key file"
FINE, WARNING, WRONG = "ok", "warning", "wrong"
LITTLE_ROOM = 1 << 30
NO_ROOM = 100 << 20
MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found, and the command that mends it."""

    check: str
    result: str
    text: str
    command: str | None = None


def examine(desk: Desk, *, fix: bool = False) -> list[Check]:
    """Check everything; what cannot be checked is wrong, and the rest goes on.

    Args:
        desk: The desk.
        fix: Destroy what is past its day of destruction or was left by killed commands, and make
            lost triggers again.

    Raises:
        NotAllowedError: Something is to be mended by somebody who may only read.
    """
    if fix:
        _fix(desk)
    found: list[Check] = []
    for name, check in CHECKS:
        try:
            found += check(desk)
        except DsrError as error:
            found.append(Check(name, WRONG, str(error), error.hint or None))
    return found


def without_desk(error: DsrError) -> list[Check]:
    """Return what to say where the database cannot even be opened."""
    return [Check("database", WRONG, str(error), error.hint or None)]


def _fix(desk: Desk) -> None:
    with desk.write() as step:
        gone = health.missing_triggers(step.session)
        health.make_triggers(step.session)
        spared = holding.spared(step.session)
        destroyed = blobs.destroy_due(step.session, step.today, spared)
        folders = leftovers.stale(desk.office.workspace, step.now)
        removed = sum(leftovers.remove(folder) for folder in folders)
        if gone or destroyed or removed:
            facts = {"blobs_destroyed": destroyed, "triggers_made": gone, "leftovers": removed}
            step.trail.append(Entry("mended", facts=facts))


def _files(desk: Desk) -> Iterator[Check]:
    place = health.file_of(str(desk.engine.url))
    if place is not None:
        yield _mode("database file", place)
    key = desk.office.key_file
    if key.exists():
        yield _mode(KEY_FILE, key)
        return
    with desk.read() as session:
        needed = health.has_identifiers(session)
    text = f"{key} is not there"
    if needed:
        yield Check("key file", WRONG, f"{text}, and identifiers need it", "put its backup back")
    else:
        yield Check("key file", WARNING, f"{text} yet", "dsr init")


def _mode(name: str, place: Path) -> Check:
    mode = S_IMODE(place.stat().st_mode)
    if mode & S_IRWXO:
        return Check(name, WRONG, f"anybody can open it (mode {mode:04o})", f"chmod 600 {place}")
    if (shared := shared_with(place.parent)) is not None:
        return _mode_shared(name, place, shared)
    if mode & S_IRWXG:
        text = f"its group can open it (mode {mode:04o})"
        return Check(name, WARNING, text, f"chmod 600 {place}")
    return Check(name, FINE, f"{place}, mode {mode:04o}")


def _mode_shared(name: str, place: Path, group: str) -> Check:
    """Check a file of an office of several: its group reads it, and writes the database."""
    mode = S_IMODE(place.stat().st_mode)
    due = S_IRGRP if name == KEY_FILE else S_IRGRP | S_IWGRP
    if place.stat().st_gid != place.parent.stat().st_gid:
        text = f"it belongs to another group than its folder ({group})"
        return Check(name, WRONG, text, f"chgrp {group} {place}")
    if mode & due != due:
        text = f"the other officers cannot use it (mode {mode:04o})"
        return Check(name, WRONG, text, f"chmod {mode | due:04o} {place}")
    return Check(name, FINE, f"{place}, mode {mode:04o}, shared by the group {group}")


def _schema(desk: Desk) -> Iterator[Check]:
    with desk.read() as session:
        revision, journal = health.schema(session), health.journal(session)
    fits = revision == HEAD
    yield Check("schema", FINE if fits else WRONG, f"revision {revision}, this program's {HEAD}")
    if journal == "wal":
        yield Check("journal", FINE, "write-ahead log")
    else:
        text = f"{journal}: readers wait for the writer"
        yield Check("journal", WARNING, text, "keep the database on a local disk")


def _integrity(desk: Desk) -> Iterator[Check]:
    with desk.read() as session:
        faults, lost = health.faults(session), health.lost_rows(session)
        triggers = health.missing_triggers(session)
    if faults:
        text = f"the database finds {len(faults)} faults: {faults[0]}"
        yield Check("integrity", WRONG, text, "put a backup back")
    else:
        yield Check("integrity", FINE, "the database finds no fault")
    if lost:
        yield Check("references", WRONG, f"{lost} rows point nowhere", "put a backup back")
    else:
        yield Check("references", FINE, "every row points to one that is there")
    if triggers:
        text = f"the trail can be rewritten: {', '.join(triggers)} is gone"
        yield Check("triggers", WRONG, text, "dsr doctor --fix")
    else:
        yield Check("triggers", FINE, "the trail is append-only")


def _trail(desk: Desk) -> Iterator[Check]:
    found = evidence.verify(desk)
    if found.ok:
        yield Check("trail", FINE, f"{found.events} events hold")
    else:
        broken = f"broken at event {found.first_broken}: " if found.first_broken else ""
        yield Check("trail", WRONG, f"{broken}{found.why}", "dsr audit verify")
    if found.ok and (lost := evidence.lost_seals(desk)):
        text = f"{lost} texts that events committed to are gone, and the trail tells no reason"
        yield Check("sealed texts", WARNING, text, "compare with a backup")
    place = desk.office.head_file
    if place is None:
        text = "the trail's head is kept nowhere else: cut-off events could not be proved"
        yield Check("head file", WARNING, text, "set head_file, or keep: dsr audit head")
        return
    heads = evidence.heads_of(desk)
    if (heads[-1:] or [log.GENESIS]) == [found.head]:
        yield Check("head file", FINE, f"{place} ends with the trail's head")
    else:
        text = f"{place} does not end with the trail's head"
        yield Check("head file", WARNING, text, f"dsr audit verify; dsr audit head >> {place}")


def _disk(desk: Desk) -> Iterator[Check]:
    place = health.file_of(str(desk.engine.url))
    if place is None:
        return
    free = shutil.disk_usage(place.parent).free
    text = f"{free >> 20} MiB are free beside the database"
    result = WRONG if free < NO_ROOM else WARNING if free < LITTLE_ROOM else FINE
    yield Check("disk", result, text, None if result == FINE else f"make room in {place.parent}")


def _sources(desk: Desk) -> Iterator[Check]:
    findings = connecting.check_sources(desk)
    if not findings:
        command = "dsr source add DATAMAP --url KEY=PATH"
        yield Check("sources", WARNING, "no source is registered: nothing can be found", command)
    for source in dict.fromkeys(one.source for one in findings):
        of_source = [one for one in findings if one.source == source]
        bad = [one for one in of_source if one.result != FINE]
        result = WRONG if any(one.result == WRONG for one in bad) else WARNING if bad else FINE
        text = f"{len(of_source)} collections agree with the datamap"
        if bad:
            first = ".".join(filter(None, (source, bad[0].collection)))
            text = f"{first}: {bad[0].text}" + (f" (and {len(bad) - 1} more)" * (len(bad) > 1))
        yield Check(f"source {source}", result, text, f"dsr source check {source}" if bad else None)


def _calendars(desk: Desk) -> Iterator[Check]:
    with desk.read() as session:
        span, moving = health.open_span(session), health.provisional(session)
    calendars = map(book.calendar, book.SCHEDULED.intersection(desk.office.laws))
    years = [
        str(days.year)
        for calendar in calendars
        if calendar and span
        for days in calendar.unpublished(*span)
    ]
    if not years and not moving:
        yield Check("calendars", FINE, "every date of an open ticket is certain")
        return
    named = ", ".join(map(str, moving[:MOST_NAMED])) + (" ..." * (len(moving) > MOST_NAMED))
    text = f"the schedule of {', '.join(years) or 'a year'} is not known"
    text += f"; provisional dates: tickets {named}" if moving else "; no date depends on it yet"
    yield Check("calendars", WARNING, text, "dsr calendar add FILE")


def _laws(desk: Desk) -> Iterator[Check]:
    own, wrong = [*own_laws.own_packs()], own_laws.faults(desk)
    with desk.read() as session:
        lost = [*own_laws.lost_pins(session)]
    if wrong or lost:
        first = [*wrong, *lost][0]
        more = f" (and {len(wrong) + len(lost) - 1} more)" * (len(wrong) + len(lost) > 1)
        yield Check("laws", WRONG, first + more, "dsr law lint" if wrong else "dsr law list")
    elif old := [*own_laws.outdated()]:
        yield Check("laws", WARNING, "; ".join(old), "dsr law list")
    else:
        named = f"own packs: {', '.join(own)}" if own else "the shipped packs"
        yield Check("laws", FINE, f"{named}; every version that a ticket pins is there")


def _destruction(desk: Desk) -> Iterator[Check]:
    with desk.read() as session:
        overdue = health.overdue_blobs(session, desk.today())
        held = overdue & holding.spared(session)
    if len(overdue) > len(held):
        text = f"{len(overdue) - len(held)} kept files are past their day of destruction"
        yield Check("destruction", WRONG, text, "dsr doctor --fix")
    elif held:
        text = f"{len(held)} kept files stay for a legal hold"
        yield Check("destruction", FINE, text)
    else:
        yield Check("destruction", FINE, "nothing is kept longer than it may be")


def _leftovers(desk: Desk) -> Iterator[Check]:
    count = len(leftovers.stale(desk.office.workspace, desk.clock.now()))
    if count:
        text = f"{count} folders of commands that were killed may hold plain copies"
        yield Check("workspace", WRONG, text, "dsr doctor --fix")
    else:
        yield Check("workspace", FINE, "no command that was killed left anything")


def _four_eyes(desk: Desk) -> Iterator[Check]:
    with desk.read() as session:
        names = approvers(session)
    if desk.office.four_eyes is not FourEyes.ALONE:
        yield Check("four eyes", FINE, f"two officers differ by {desk.office.four_eyes}")
    elif len(names) > 1:
        text = f"{', '.join(names)} may approve, but the office says it is one officer's"
        yield Check("four eyes", WARNING, text, 'set four_eyes = "user" in the configuration')
    else:
        yield Check("four eyes", FINE, "an office of one; each approval says so")


CHECKS: tuple[tuple[str, Callable[[Desk], Iterator[Check]]], ...] = (
    ("files", _files),
    ("schema", _schema),
    ("integrity", _integrity),
    ("trail", _trail),
    ("disk", _disk),
    ("sources", _sources),
    ("calendars", _calendars),
    ("laws", _laws),
    ("destruction", _destruction),
    ("workspace", _leftovers),
    ("four eyes", _four_eyes),
)
