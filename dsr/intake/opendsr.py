"""Reads requests of the OpenDSR (OpenGDPR) specification. Nobody is called back.

The sender is a company that decides on the data and asks those who process for it.
"""

from collections.abc import Mapping
from typing import Any

from dsr.domain.formats import FORMAT, PROTOCOL_LANGUAGE, StatusFormat
from dsr.domain.vocabulary import RequesterRole
from dsr.rules.status_formats import asked, law_of

_RAW = "raw"
_MOST = 50  # identities of one request
_IDENTITIES = {
    "email": "email",
    "phone": "phone",
    "phone_number": "phone",
    "mobile_number": "phone",
    "controller_customer_id": "account",
    "customer_id": "account",
    "customerid": "account",
    "account": "account",
}


def is_request(values: Mapping[str, Any]) -> bool:
    """Say whether an object is such a request, by its shape."""
    return "subject_request_id" in values and "subject_request_type" in values


def form_of(values: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return a request as the fields of a form, and what is odd about it.

    An identity that is not plain (a hash, a device's number) names nobody here: it is kept with
    the ticket, and somebody has to look.
    """
    word = _text(values["subject_request_type"])
    found = asked(StatusFormat.OPENDSR, word)
    form = {
        "id": _text(values["subject_request_id"]),
        "language": PROTOCOL_LANGUAGE,
        FORMAT: StatusFormat.OPENDSR.value,
        "requester_role": RequesterRole.CLIENT.value,
        "text": f"OpenDSR: {word}",
        "law": law_of(_text(values.get("regulation"))) or "",
        "submitted_time": _text(values.get("submitted_time")),
    }
    warnings: list[str] = []
    if found and found.kind:
        form["kind"] = found.kind.value
    else:
        warnings.append("a request type that is not known")
    warnings += _name(values.get("subject_identities"), form)
    for key in ("api_version", "controller_id", "regulation"):
        form[key] = _text(values.get(key))
    if values.get("status_callback_urls"):
        warnings.append("wants to be called back: nobody is called")
    return {key: value for key, value in form.items() if value}, tuple(warnings)


def _name(identities: Any, form: dict[str, str]) -> list[str]:
    """Write down whom a request names; return what is odd about that."""
    warnings: list[str] = []
    others: list[str] = []
    listed = identities if isinstance(identities, list) else []
    for one in listed[:_MOST]:
        if not isinstance(one, dict):
            continue
        kind, value = _text(one.get("identity_type")), _text(one.get("identity_value"))
        key = _IDENTITIES.get(kind.lower())
        plain = _text(one.get("identity_format") or _RAW).lower() == _RAW
        if key and plain and key not in form:
            form[key] = value
        else:
            others.append(f"{kind} ({_text(one.get('identity_format'))}): {value}")
    if others:
        form["other_identities"] = "; ".join(others)
        warnings.append("names somebody by a value that cannot be read")
    if len(listed) > _MOST:
        warnings.append(f"more than {_MOST} identities")
    if others and not form.keys() & {"email", "phone", "account"}:
        form["account"] = others[0].rpartition(": ")[2]
        form.pop("kind", None)  # whom it is about has to be found out first
    return warnings


def _text(value: Any) -> str:
    return value[:1000] if isinstance(value, str) else "" if value is None else str(value)[:1000]
