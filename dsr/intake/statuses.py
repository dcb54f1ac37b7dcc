"""Reads where other programs say that a request stands, in the words of their format.

Such a status names nobody and asks for nothing: it belongs to the ticket of its request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dsr.domain.formats import FORMAT, PROTOCOL_LANGUAGE, StatusFormat
from dsr.domain.vocabulary import ENDED
from dsr.intake.columns import IDENTIFIERS, SAYS, keys_of_object
from dsr.rules.status_formats import understood

_STATUS = "request_status"
_REASON = "status_reason"
_AGENTS = "agent_request_id"
#: Of a Data Rights Protocol status, which has no key of its own: nothing else may stand in it.
_OF_DRP = frozenset(
    {"request_id", _AGENTS, "received_at", "expected_by", "processing_details"}
    | {"status", "reason", "user_verification_url", "expires_at", "results_url"}
)
_LONGEST = 200  # characters of a number or a word

#: The format of a request, its number, and whether that is ours; else the other program gave it.
Request = tuple[StatusFormat, str, bool]


@dataclass(frozen=True, slots=True)
class Said:
    """Where another program says that a request stands.

    Attributes:
        requests: Its format and number: theirs, and ours where it may be either.
        reason: The same in our words, as a reason of the ledger; no personal value.
        ends: It stands there as ended.
    """

    requests: tuple[Request, ...]
    reason: str
    ends: bool


def form_of(
    values: Mapping[str, Any], told: Mapping[str, str] | None = None
) -> dict[str, str] | None:
    """Return a status object as the fields of a form, by its shape; None for anything else.

    Args:
        values: The object.
        told: Which name in it is which key, where somebody said it.
    """
    agents = ""
    if {"subject_request_id", _STATUS} <= values.keys() and not _asks(values, told or {}):
        name, number, word = StatusFormat.OPENDSR, values["subject_request_id"], values[_STATUS]
    elif {"request_id", "status"} <= values.keys() <= _OF_DRP:
        agents = _text(values.get(_AGENTS))
        name, number, word = StatusFormat.DRP, agents or values["request_id"], values["status"]
    else:
        return None
    form = {
        "id": _text(number),
        _AGENTS: agents,
        FORMAT: name.value,
        "language": PROTOCOL_LANGUAGE,
        "text": f"{name.value}: {_text(word)}",
        _STATUS: _text(word),
        _REASON: _text(values.get("reason")),
    }
    return {key: value for key, value in form.items() if value}


def names_of(form: Mapping[str, str] | None, ticket: int) -> tuple[Request, ...]:
    """Return by what a status may name the ticket that another program's request opened."""
    name = _format_of(form)
    if form is None or name is None:
        return ()
    ours = (name, str(ticket), True)
    return ((name, form["id"], False), ours) if form.get("id") else (ours,)


def said_in(form: Mapping[str, str] | None) -> Said | None:
    """Return where a form says that a request stands; None where it says nothing of it.

    A number that goes with the agent's own, and any of OpenDSR, is the sender's. One alone may be
    ours, as it stands in the status that we told.
    """
    name = _format_of(form)
    if form is None or name is None or _STATUS not in form or not form.get("id"):
        return None
    number, word = form["id"], form[_STATUS]
    alone = name is StatusFormat.DRP and _AGENTS not in form
    requests = tuple((name, number, ours) for ours in ((False, True) if alone else (False,)))
    meant = understood(name, word, form.get(_REASON))
    if meant is None:
        return Said(requests, f"{name.value}: a status that is not known", ends=False)
    stands = meant.outcome.value if meant.outcome else meant.status.value
    return Said(requests, f"{name.value}: {word}: {stands}", ends=meant.status in ENDED)


def _format_of(form: Mapping[str, str] | None) -> StatusFormat | None:
    """Return the format of another program's request or status; None for others."""
    word = (form or {}).get(FORMAT)
    return StatusFormat(word) if word in list(StatusFormat) else None


def _asks(values: Mapping[str, Any], told: Mapping[str, str]) -> bool:
    """Say whether an object names somebody or asks for something, which no status does."""
    keys = keys_of_object([*values], told)
    return any(values[name] for name, key in keys.items() if key in {*IDENTIFIERS, *SAYS})


def _text(value: Any) -> str:
    return "" if value is None else str(value)[:_LONGEST]
