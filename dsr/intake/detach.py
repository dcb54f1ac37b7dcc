"""Takes copies of identity papers out of a mail: what is kept of it is the fact, not the paper."""

import hashlib
from collections.abc import Collection, Iterator
from email.message import Message as Part
from email.parser import BytesParser
from email.policy import compat32


def detach(raw: bytes, hashes: Collection[str]) -> tuple[bytes, list[bytes]]:
    """Return a mail without some attachments, and those attachments.

    Args:
        raw: The mail.
        hashes: The SHA-256 of the decoded attachments to take out.
    """
    mail = BytesParser(policy=compat32).parsebytes(raw)
    papers = []
    for part in _leaves(mail):
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and hashlib.sha256(payload).hexdigest() in hashes:
            papers.append(payload)
            digest = hashlib.sha256(payload).hexdigest()
            part.set_payload(f"taken out on arrival; SHA-256 {digest}\n")
            del part["Content-Transfer-Encoding"]
            part["Content-Transfer-Encoding"] = "7bit"
    return (mail.as_bytes() if papers else raw), papers


def _leaves(mail: Part) -> Iterator[Part]:
    """Give the parts that hold no parts, without recursion: a mail may nest a thousand deep."""
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        inner = part.get_payload()
        if part.is_multipart() and isinstance(inner, list):
            waiting += [each for each in inner if isinstance(each, Part)]
        else:
            yield part
