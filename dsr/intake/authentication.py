"""What the office's own mail server wrote down about a sender (RFC 8601); no other is believed."""

import ipaddress
import re
from collections.abc import Iterable
from enum import StrEnum

from dsr.intake.decode import plain

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_ASIDE = re.compile(r'\([^()]{0,500}\)|"(?:[^"\\]|\\.){0,500}+"')  # neither says a result
#: At the start of a result; further on stand values that senders choose.
_RESULT = re.compile(r"\s{0,20}(dmarc|dkim|arc)(?:\s?/\s?\d)?\s{0,5}=\s{0,5}([a-z]{1,20})")
_PROPERTY = re.compile(r"\sheader\.(d|i|from)\s{0,5}=\s{0,5}(\S{1,320})")
_BY = re.compile(r"(?:^|\s)by\s{1,20}\[?([a-z0-9.:-]{1,253})")
_FROM = re.compile(r"\s*from\s{1,20}\S{1,300}")
_IP = re.compile(r"[0-9a-f:.]{2,45}")
_INNER = tuple(
    map(
        ipaddress.ip_network,
        (
            "127.0.0.0/8",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "::1/128",
            "fc00::/7",
            "fe80::/10",
        ),
    )
)
#: Such as com.cn: strangers stand beside us there.
_REGISTRY = re.compile(
    r"(?:[a-z]{2,3}|info|firm|name|asso|gouv|priv|store|arts|sch|school)\.[a-z]{2}"
)
_LONGEST = 4_000  # characters of one header
_HEADERS = 10  # of one name, from the top


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
        name, _, results = _bare(plain(value[:_LONGEST]).lower()).partition(";")
        if name.split()[:1] != [server.lower()]:
            break
        said = _said(results, sender.rpartition("@")[2].lower(), told)
        if said is Authenticated.FAILED:
            return said
        found = said if said is Authenticated.AUTHENTICATED else found
        told.update(result[1] for part in results.split(";") if (result := _RESULT.match(part)))
    return found


def found_out(headers: list[tuple[str, str]], server: str, sender: str | None) -> tuple[str, str]:
    """Return what our server found out about a sender (empty where it has no name), and its trace.

    Many servers write below their own trace, where nobody can be believed who says well of
    himself; but nobody writes there that he lies.

    Args:
        headers: Names and raw values, the topmost first.
        server: Our server's name.
        sender: The address in From, as it was read.
    """
    results, trace = of_our_server(headers, server)
    if not server:
        return "", trace
    everywhere = [value for name, value in headers if name.lower() == "authentication-results"]
    alone = [verdict([value], server, sender) for value in everywhere[:_HEADERS]]
    if Authenticated.FAILED in alone:
        return Authenticated.FAILED.value, trace
    return verdict(results, server, sender).value, trace


def of_our_server(headers: Iterable[tuple[str, str]], server: str) -> tuple[list[str], str]:
    """Return the Authentication-Results that can be our server's, and its topmost trace.

    Our border writes what it found out above its own trace. What stands below that trace the
    sender may have written, and a mail without one never came through our border.

    Args:
        headers: Names and raw values, the topmost first.
        server: Our server's name; where it is empty, the topmost trace is ours.
    """
    ours: list[str] = []
    above: list[str] = []  # what the next trace of ours confirms
    topmost = ""
    for name, value in headers:
        lower = name.lower()
        if lower == "authentication-results":
            above.append(value)
        elif lower == "received":
            if not server:
                return [], value
            trace = plain(value[:_LONGEST]).lower()
            taken = _FROM.match(trace)  # a hop within a host takes from none
            if taken and not _is_ours(_BY.search(_bare(trace[taken.end() :])), server):
                break
            topmost = topmost or value
            if taken:
                ours, above = [*ours, *above], []
                if not _is_inner(trace):
                    break
    return ours, topmost


def _bare(value: str) -> str:
    """Return a value without its comments, one in another too, and without what it quotes."""
    value = _ASIDE.sub(" ", value)
    return _COMMENT.sub(" ", _COMMENT.sub(" ", value))


def _is_inner(trace: str) -> bool:
    """Tell whether a hop is one of our own: from addresses that nobody outside can have.

    The name that a sender greets with is his own choice, so none is believed.
    """
    source = _BY.split(trace, maxsplit=1)[0]
    seen = " ".join(_COMMENT.findall(source))
    return bool(_addresses(seen)) and all(map(_is_private, _addresses(source)))


def _addresses(text: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    found = []
    for word in _IP.findall(text.replace("ipv6:", " ")):
        try:
            found.append(ipaddress.ip_address(word.strip(".")))
        except ValueError:
            continue
    return found


def _is_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(address in network for network in _INNER)


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
        result = _RESULT.match(part)
        if result is None or result[1] in told:
            continue
        method, word = result[1], result[2]
        named = _named(part)
        if method == "dmarc" and word == "fail":
            return Authenticated.FAILED
        if method == "dmarc" and word == "pass":
            known = all(_aligned(one, domain) for one in named["from"])
            return Authenticated.AUTHENTICATED if known else Authenticated.UNVERIFIED
        signers = named["d"] or named["i"]
        aligned = bool(signers) and all(_aligned(one, domain) for one in signers)
        signed = signed or (method == "dkim" and word == "pass" and aligned)
    return Authenticated.AUTHENTICATED if signed else Authenticated.UNVERIFIED


def _named(part: str) -> dict[str, list[str]]:
    """Return the domains in the properties of a result: what stands before an @ says nothing."""
    found: dict[str, list[str]] = {"d": [], "i": [], "from": []}
    for name, value in _PROPERTY.findall(part):
        found[name].append(value.rpartition("@")[2].strip(".,<>"))
    return found


def _aligned(signer: str, domain: str) -> bool:
    """Tell whether a signer is the sender's domain, or one that it stands below."""
    return "." in signer and (domain == signer or domain.endswith("." + signer))
