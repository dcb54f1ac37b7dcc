"""What the office's own mail server wrote down about a sender (RFC 8601); no other is believed."""

import re
from collections.abc import Iterable
from enum import StrEnum

from dsr.intake.decode import plain

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"\b(dmarc|dkim|arc)\s{0,5}=\s{0,5}([a-z]{1,20})")
_DOMAIN = re.compile(r"\bheader\.(?:d|i)\s{0,5}=\s{0,5}@?([a-z0-9.-]{1,253})")
_BY = re.compile(r"\bby\s{1,20}\[?([a-z0-9.:-]{1,253})")
_FROM = re.compile(r"\s*from\s{1,20}\[?([a-z0-9._:-]{1,253})")
_REGISTRY = re.compile(r"[a-z]{2,3}\.[a-z]{2}")  # such as com.cn: strangers stand beside us there
_LONGEST = 4_000
_HEADERS = 10


class Authenticated(StrEnum):
    """What is known of a sender: that his mailbox wrote it, that it did not, or nothing."""

    AUTHENTICATED = "authenticated"
    FAILED = "failed"
    UNVERIFIED = "unverified"


def verdict(values: list[str], server: str, sender: str | None) -> Authenticated:
    """Return what the office's server wrote down about the sender of a mail.

    Anybody can add such a header: only those count that stand on top and name our server. A pass
    proves the mailbox, never the person.

    Args:
        values: The raw Authentication-Results headers, the topmost first.
        server: The name under which our server writes them (authserv-id); empty believes nobody.
        sender: The address in From, as it was read.
    """
    if not server or sender is None:
        return Authenticated.UNVERIFIED
    found = Authenticated.UNVERIFIED
    told: set[str] = set()  # what an upper header told, no lower one tells otherwise
    for value in values[:_HEADERS]:
        name, _, results = _COMMENT.sub(" ", plain(value[:_LONGEST]).lower()).partition(";")
        if name.split()[:1] != [server.lower()]:
            break
        said = _said(results, sender.rpartition("@")[2].lower(), told)
        if said is Authenticated.FAILED:
            return said
        found = said if said is Authenticated.AUTHENTICATED else found
        told.update(method for method, _ in _RESULT.findall(results))
    return found


def of_our_server(headers: Iterable[tuple[str, str]], server: str) -> tuple[list[str], str]:
    """Return the Authentication-Results that can be our server's, and its topmost trace.

    Whoever sends a mail writes what stands below the trace of our border: nothing there counts.

    Args:
        headers: Names and raw values, the topmost first.
        server: Our server's name; where it is empty, the topmost trace is ours.
    """
    results: list[str] = []
    trace, border = "", False
    for name, value in headers:
        lower = name.lower()
        if lower == "authentication-results":
            results.append(value)
        elif lower == "received":
            if not server:
                return [], value
            told = _COMMENT.sub(" ", plain(value[:_LONGEST]).lower())
            origin = _FROM.match(told)  # a hop within a host names none
            if border or (origin and not _is_ours(_BY.search(told), server)):
                break
            trace = trace or value
            border = origin is not None and not _is_ours(origin, server)
    return results, trace


def _is_ours(host: re.Match[str] | None, server: str) -> bool:
    """Tell whether a host is our server or stands beside it."""
    if host is None:
        return False
    name, own = host[1].strip("."), server.lower()
    above = own.partition(".")[2]
    domain = above if "." in above and not _REGISTRY.fullmatch(above) else own
    return name in {own, "localhost"} or name.endswith("." + domain)


def _said(results: str, domain: str, told: set[str]) -> Authenticated:
    """Return what one header says: DMARC first, else a DKIM signature of the sender's domain."""
    signed = False
    for part in results.split(";"):
        result = _RESULT.search(part)
        if result is None or result[1] in told:
            continue
        method, word = result[1], result[2]
        if method == "dmarc" and word in {"pass", "fail"}:
            passed = word == "pass"
            return Authenticated.AUTHENTICATED if passed else Authenticated.FAILED
        by = _DOMAIN.search(part)
        aligned = by is not None and _aligned(by[1].strip("."), domain)
        signed = signed or (method == "dkim" and word == "pass" and aligned)
    return Authenticated.AUTHENTICATED if signed else Authenticated.UNVERIFIED


def _aligned(signer: str, domain: str) -> bool:
    """Tell whether a signer is the sender's domain, or one that it stands below."""
    return "." in signer and (domain == signer or domain.endswith("." + signer))
