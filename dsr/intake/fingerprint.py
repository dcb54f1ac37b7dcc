"""When two mails are the same mail, though a server wrote different headers or line ends."""

import hashlib
import re

_KEYED = frozenset(
    {b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to", b"references"}
)
_FOLD = re.compile(rb"\n[ \t]+")
_BLANKS = re.compile(rb"[ \t]+")
_DEEP = 6
_QUOTED_FROM = re.compile(rb"^>+(?=From )", re.MULTILINE)


def content_key(raw: bytes) -> str:
    """Return the key that all copies of one mail share, as 64 hexadecimal digits.

    It covers From, To, Cc, Subject, Date, Message-ID, In-Reply-To, References and the body, but
    not line ends, folding, the marks of a mailbox file, or what servers added on the way. So a
    stolen Message-ID does not hide another mail. Where a mail has neither Date nor Message-ID, the
    servers' trace is all that tells it from the same words sent again, and counts.
    """
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    end = raw.find(b"\n\n")
    head, start = (raw[:end], end + 2) if end >= 0 else (raw, len(raw))
    kept: list[bytes] = []
    trace: list[bytes] = []
    for line in _FOLD.sub(b" ", head).split(b"\n"):
        name, colon, value = line.partition(b":")
        word = name.strip().lower()
        if colon and word in _KEYED:
            kept.append(word + b":" + _single_spaced(value))
        elif word == b"received":
            trace.append(value)
    if not any(line.startswith((b"date:", b"message-id:")) for line in kept):
        kept += map(_single_spaced, trace)
    kept.sort()
    digest = hashlib.sha256(b"\n".join(kept))
    digest.update(b"\n\n")
    if raw.find(b">From ", start) >= 0:
        digest.update(_unquoted(raw[start - 1 :]).rstrip())
    else:  # where it stands: it may be large
        digest.update(memoryview(raw)[start : max(start, len(raw.rstrip()))])
    return digest.hexdigest()


def _unquoted(body: bytes) -> bytes:
    """Return a body, behind the line end before it, without marks before ``From ``."""
    for _ in range(_DEEP):  # deeper ones are few; to take each by itself costs far more
        body = body.replace(b"\n>From ", b"\nFrom ")
    return _QUOTED_FROM.sub(b"", body)[1:]


def _single_spaced(value: bytes) -> bytes:
    if b"\t" in value or b"  " in value:  # most values need no change, which takes long to see
        value = _BLANKS.sub(b" ", value)
    return value.strip()
