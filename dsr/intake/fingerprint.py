"""When two mails are the same mail, though a server wrote different headers or line ends."""

import hashlib
import re

_KEYED = frozenset(
    {b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to", b"references"}
)
_FOLD = re.compile(rb"\n[ \t]+")
_BLANKS = re.compile(rb"[ \t]+")
_QUOTED_FROM = re.compile(rb"^>+(?=From )", re.MULTILINE)


def content_key(raw: bytes) -> str:
    """Return the key that all copies of one mail share, as 64 hexadecimal digits.

    It covers From, To, Cc, Subject, Date, Message-ID, In-Reply-To, References and the body, but
    not line ends, folding, the marks of a mailbox file, or what servers added on the way. So a
    stolen Message-ID does not hide another mail.
    """
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    head, _, body = raw.partition(b"\n\n")
    kept: list[bytes] = []
    for line in _FOLD.sub(b" ", head).split(b"\n"):
        name, colon, value = line.partition(b":")
        if colon and name.strip().lower() in _KEYED:
            kept.append(name.strip().lower() + b":" + _BLANKS.sub(b" ", value).strip())
    if b"From " in body:
        body = _QUOTED_FROM.sub(b"", body)
    kept.sort()
    digest = hashlib.sha256(b"\n".join(kept))
    digest.update(b"\n\n")
    digest.update(body.rstrip())
    return digest.hexdigest()
