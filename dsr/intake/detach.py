"""Takes copies of identity papers out of a mail: what is kept of it is the fact, not the paper."""

import hashlib
import re
from collections.abc import Collection, Iterator
from email.message import Message as Part
from email.parser import BytesParser
from email.policy import Compat32


class _AsItWas(Compat32):
    """Writes what was read: no header folded or judged anew, no "From" marked in a text."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{self.linesep}".encode("ascii", "surrogateescape")


_AS_IT_WAS = _AsItWas(mangle_from_=False)
_TAKEN_OUT = re.compile(rb"taken out on arrival; SHA-256 [0-9a-f]{64}\s{0,2}")


def detach(raw: bytes, hashes: Collection[str]) -> tuple[bytes, list[bytes]]:
    """Return a mail without some attachments, and those attachments.

    Args:
        raw: The mail.
        hashes: The SHA-256 of the decoded attachments to take out.
    """
    mail = BytesParser(policy=_AS_IT_WAS).parsebytes(raw)
    papers = []
    for part in _leaves(mail):
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes) or not payload or _TAKEN_OUT.fullmatch(payload):
            continue
        digest = hashlib.sha256(payload).hexdigest()
        if digest in hashes:
            papers.append(payload)
            part.set_payload(f"taken out on arrival; SHA-256 {digest}\n")
            del part["Content-Transfer-Encoding"]
            part["Content-Transfer-Encoding"] = "7bit"
    return (mail.as_bytes() if papers else raw), papers


def _leaves(mail: Part) -> Iterator[Part]:
    """Give the parts that hold no parts."""
    return (part for part in _parts(mail) if not part.is_multipart())


def _parts(mail: Part) -> Iterator[Part]:
    """Give all parts as they stand, without recursion: a mail may nest a thousand deep."""
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        yield part
        inner = part.get_payload() if part.is_multipart() else None
        if isinstance(inner, list):
            waiting += [each for each in reversed(inner) if isinstance(each, Part)]
