"""Reads requests of the Data Rights Protocol, as an authorised agent sends them.

The signature before the message is not verified: no key of the agent's is known here.
"""

import json
from collections.abc import Mapping
from typing import Any

from dsr.domain.formats import FORMAT, PROTOCOL_LANGUAGE, StatusFormat
from dsr.domain.vocabulary import RequesterRole
from dsr.rules.status_formats import asked, law_of

_IDENTITIES = {
    "email": "email",
    "phone_number": "phone",
    "telephone": "phone",
    "phone": "phone",
    "name": "name",
}
_KEPT = ("agent-id", "business-id", "expires-at", "issued-at", "regime", "drp.version")
_CLAIMS = (
    "email_verified",
    "phone_number_verified",
    "address_verified",
    "power_of_attorney",
    "relationships",
)
_META = "meta"


def is_request(values: Mapping[str, Any]) -> bool:
    """Say whether an object is such a request, by its shape."""
    return "exercise" in values and bool(
        {"agent-id", "business-id", "regime", "drp.version", _META} & values.keys()
    )


def form_of(values: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return a request as the fields of a form, and what is odd about it."""
    meta = values.get(_META)
    everything = {**meta, **values} if isinstance(meta, dict) else dict(values)
    if "version" in everything and isinstance(meta, dict):
        everything.setdefault("drp.version", everything["version"])
    word = _text(everything["exercise"])
    found = asked(StatusFormat.DRP, word)
    number = _text(everything.get("agent-request-id") or everything.get("request_id"))
    form = {
        "id": number,
        "language": PROTOCOL_LANGUAGE,
        FORMAT: StatusFormat.DRP.value,
        "requester_role": RequesterRole.AGENT.value,
        "text": f"Data Rights Protocol: {word}",
        "law": law_of(_text(everything.get("regime"))) or "",
    }
    warnings = ["its signature is not verified"]
    if found and found.kind:
        form["kind"] = found.kind.value
        form["scope"] = found.scope.value if found.scope else ""
    else:
        warnings.append("asks for no right that is known")
    for name, key in _IDENTITIES.items():
        if key not in form and (value := _text(everything.get(name))):
            form[key] = value
    if "name" not in form:
        parts = (_text(everything.get(key)) for key in ("given_name", "family_name"))
        form["name"] = " ".join(filter(None, parts))
    for name in (*_KEPT, *_CLAIMS):
        form[name] = _text(everything.get(name))
    if any(everything.get(name) for name in _CLAIMS[:3]):
        warnings.append("says that the person is verified: a claim of the agent's")
    if everything.get("status_callback"):
        warnings.append("wants to be called back: nobody is called")
    return {key: value for key, value in form.items() if value}, tuple(warnings)


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:1000]
