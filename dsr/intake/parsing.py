"""The standard library's parser, held within limits, and what is looked at before it."""

from email.message import Message as Part
from email.parser import BytesParser
from email.policy import compat32

from dsr.domain.limits import Limits
from dsr.intake import quick
from dsr.intake.arrival import Arrival
from dsr.intake.decode import plain
from dsr.intake.parts import TooMuchError

Headers = dict[str, list[str]]

_MARKS = 20_000
_STRUCTURED = 4_000  # characters of a Content- header: taking it apart has its price


def mail_of(raw: bytes, limits: Limits) -> Part:
    """Return a mail with its parts.

    Raises:
        TooMuchError: It has more parts or headers than a mail may have.
    """
    mail = quick.parsed(raw, _Factory(limits, made=0))
    if mail is None:
        mail = BytesParser(_Factory(limits), policy=compat32).parsebytes(raw)
    return mail


def head_of(raw: bytes, limits: Limits) -> Part:
    """Return a mail with nothing but its headers, of a long block the first ones.

    Raises:
        TooMuchError: It has more headers than a mail may have.
    """
    head = head_block(raw, limits)[: limits.header_bytes]
    return BytesParser(_Factory(limits), policy=compat32).parsebytes(head, headersonly=True)


def by_name(mail: Part) -> Headers:
    """Return the raw values of a part's headers by lower-case name, the topmost first."""
    headers: Headers = {}
    for name, value in mail.raw_items():
        headers.setdefault(name.lower(), []).append(value)
    return headers


def beyond(arrival: Arrival, limits: Limits) -> str | None:
    """Return which limit a mail breaks before it is parsed, or None."""
    raw = arrival.raw
    if arrival.cut or len(raw) > limits.raw_bytes:
        what = f"the mail is longer than {limits.raw_bytes} bytes"
        return f"{what}: it is kept, and its beginning alone is read" if arrival.cut else what
    if not raw or raw.isspace():
        return "the mail is empty"
    if len(raw) > limits.header_bytes and len(head_block(raw, limits)) > limits.header_bytes:
        return f"its headers are longer than {limits.header_bytes} bytes"
    if len(raw) > _MARKS and raw.count(b"\n--") > max(_MARKS, limits.parts):
        return "it has too many marks between parts"
    if len(raw) > limits.lines and raw.count(b"\n") > limits.lines:
        return f"it has more than {limits.lines} lines"
    return None


def head_block(raw: bytes, limits: Limits) -> bytes:
    """Return the header block, or one byte more of it than is allowed."""
    start = raw[: limits.header_bytes + 4]
    ends = [end for end in (start.find(b"\n\n"), start.find(b"\n\r\n")) if end >= 0]
    return start[: min(ends)] if ends else start[: limits.header_bytes + 1]


class _Part(Part):
    """A part that refuses more headers than anybody needs, and cuts those that never end."""

    limits = Limits()

    def set_raw(self, name: str, value: str) -> None:
        """Keep a header as the parser found it."""
        limits = self.limits
        if len(self) >= limits.headers:
            raise TooMuchError(f"a part has more than {limits.headers} headers")
        longest = limits.header_chars
        if name[:8].lower() == "content-":  # names of files may be undeclared bytes
            longest, value = _STRUCTURED, plain(value[:_STRUCTURED])
        super().set_raw(name, value[:longest])


class _Factory:
    """Makes parts while a mail is parsed, and stops at too many."""

    def __init__(self, limits: Limits, made: int = -1) -> None:
        self.limits = limits
        self.made = made  # the library's parser makes one only to see how it is made

    def __call__(self, policy: object = compat32) -> _Part:
        self.made += 1
        if self.made > self.limits.parts:
            raise TooMuchError(f"it has more than {self.limits.parts} parts")
        part = _Part(policy)  # type: ignore[arg-type]  # the parser hands its own policy back
        part.limits = self.limits
        return part
