"""Words that an answer owes and that only an officer can say, by the letter's own names."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dsr.errors import UsageError, nearest
from dsr.letters.facts import ConsentFacts
from dsr.store.tables.tickets import TicketRow

#: Words that answers owe, by the letter's own names; those in the plural are lists, a line each.
STATEMENTS = (
    "answer",
    "finding",
    "reason",
    "review_result",
    "complaint_result",
    "measures",
    "significant",
    "significance",
    "decision_logic",
    "decision_effects",
    "data_used",
    "continuing",
    "ending",
    "transfers",
    "no_automated_decision",
    "no_transfers",
    "consents",
)
#: Those of them that nobody but an officer knows.
WORDS = frozenset(
    {
        "answer",
        "finding",
        "reason",
        "review_result",
        "complaint_result",
        "decision_logic",
        "decision_effects",
        "data_used",
        "no_automated_decision",
        "transfers",
        "no_transfers",
    }
)
#: What the published policy says of some of them, where no law of a ticket wants it said exactly.
IN_GENERAL = frozenset({"decisions_note", "transfers_note"})
#: What is recorded with the decision and stands in no letter: the test of a right, and its reason.
INTERNAL = frozenset({"significant", "significance"})
_LISTS = frozenset(
    {
        *("measures", "decision_logic", "decision_effects", "data_used"),
        *("continuing", "ending", "transfers"),
    }
)
#: What a line of `consents` says, its parts parted by a stroke; only the purpose must be there.
CONSENT = ("purpose", "recipient", "version", "given_on")
#: Words of which one of a few is said.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "review_result": ("upheld", "changed"),
    "complaint_result": ("upheld", "partly_upheld", "rejected"),
    "significant": ("yes", "no"),
    "no_automated_decision": ("yes",),
    "no_transfers": ("yes",),
}


def results_of(ticket: TicketRow) -> dict[str, str]:
    """Return what was said in one of a few words, as the trail keeps it."""
    said = ticket.statements or {}
    return {name: said[name] for name in CHOICES if said.get(name)}


def told(ticket: TicketRow) -> dict[str, Any]:
    """Return what letters say of a ticket in an officer's own words."""
    said = {k: v for k, v in (ticket.statements or {}).items() if v and k not in INTERNAL}
    if "consents" in said:
        said["consents"] = tuple(_as_fact(each) for each in said["consents"])
    return said


def _as_fact(said: Mapping[str, str]) -> ConsentFacts:
    given_on = date.fromisoformat(said["given_on"]) if said["given_on"] else None
    return ConsentFacts(said["purpose"], said["recipient"], said["version"], given_on)


def _consent(line: str) -> dict[str, str]:
    """Return a consent that ends: its purpose, and as far as known recipient, version and day."""
    parts = [part.strip() for part in line.split("|")]
    said = dict(zip(CONSENT, [*parts, "", "", ""], strict=False))
    if not said["purpose"] or len(parts) > len(CONSENT):
        raise UsageError("a consent is a line of its own", hint=" | ".join(CONSENT))
    if said["given_on"]:
        try:
            date.fromisoformat(said["given_on"])
        except ValueError:
            raise UsageError("a day is written as 2026-11-23", hint=" | ".join(CONSENT)) from None
    return said


def statement(name: str, text: str) -> str | list[str] | list[dict[str, str]]:
    """Return words that an answer owes, as the letter takes them.

    Raises:
        UsageError: No letter has such words, or one of a few is to be said.
    """
    if name not in STATEMENTS:
        raise UsageError(f"no letter says {name!r}", hint=nearest(name, list(STATEMENTS)))
    if name in _LISTS:
        return [line.strip() for line in text.splitlines() if line.strip()]
    if name == "consents":
        return [_consent(line) for line in text.splitlines() if line.strip()]
    known, word = CHOICES.get(name), text.strip()
    if known is not None and word not in known:
        raise UsageError(f"{name} is one of a few words", hint=f"{name}={'|'.join(known)}")
    return word
