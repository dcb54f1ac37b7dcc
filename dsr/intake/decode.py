"""Bytes that claim a character set, or none, to text; header values to text. Never raises."""

import binascii
import re
from functools import lru_cache

ALIASES = {
    "gb2312": "gb18030",
    "gb-2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "euc-cn": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "cp950",
    "big-5": "cp950",
    "x-big5": "cp950",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "unicode-1-1-utf-7": "utf-7",
    "uft-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "iso-2022-jp": "iso2022_jp_ext",
}
"""What a name in a mail stands for; mostly the superset that real mail uses under that name."""

UNTOLD = frozenset({"", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "unknown-8bit"})
"""Names that say nothing: programs write them without looking."""

SECOND = {"cp950": "big5hkscs", "cp932": "shift_jis_2004"}
"""What to try where the first reading fails."""

NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
"""Codecs under such a name that no mail uses; some take ages, or read escapes as letters."""

_NOT_A_CHARSET = re.compile(r"[^a-z0-9._:+-]")
_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
_COMMON_HAN = frozenset("的是我了不在有请請您你们們个個人这這要为為和信息資资料刪删除")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=)\s+(?==\?)")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f]+")
_WESTERN = ("cp1252", "latin-1")
_FEW = 50  # one bad byte in so many characters is a slip, not another character set


@lru_cache(maxsize=256)
def codec(charset: str) -> str | None:
    """Return the codec that a mail's name of a character set stands for, or None."""
    import codecs

    name = _NOT_A_CHARSET.sub("", charset.partition("*")[0].lower())  # a language may follow
    try:
        found = codecs.lookup(ALIASES.get(name, name)).name
        if found.replace("-", "_") in NO_CHARSETS:
            return None
        b"    ".decode(found)  # some codecs turn bytes into bytes
    except UnicodeDecodeError:
        return found  # it only wants other bytes
    except (LookupError, ValueError, TypeError):
        return None
    return found


def decode(raw: bytes, charset: str | None) -> tuple[str, str]:
    """Return bytes as text, and which step of the ladder read them.

    Args:
        raw: The bytes.
        charset: What the mail says they are; often wrong, often nothing.
    """
    told = (charset or "").strip().strip("\"'").lower()
    if told not in UNTOLD and (name := codec(told)):
        for attempt in (name, SECOND.get(name, "")):
            if attempt and (text := _strict(raw, attempt)) is not None:
                return text, attempt
    if raw.isascii():
        return raw.decode("ascii"), "ascii"
    return _guess(raw)


def misread(charset: str | None, step: str) -> str:
    """Return what is odd about how bytes were read; empty where they are what the mail says.

    Args:
        charset: What the mail says they are.
        step: Of the ladder, as `decode` tells it.
    """
    if step.endswith("errors"):
        return "some characters could not be read"
    told = (charset or "").strip().strip("\"'").lower()
    name = codec(told) if told else None
    if told not in UNTOLD and name is None:
        return f"its character set is unknown: read as {step}"
    if step in {"ascii", name, SECOND.get(name or "")} or (told in UNTOLD and step in _WESTERN):
        return ""
    if name is None:
        return f"no character set is named: read as {step}"
    return f"it is no {name}: read as {step}"


def _strict(raw: bytes, name: str) -> str | None:
    try:
        text = raw.decode(name)
        if not text.isascii():
            text.encode()  # some sets, as UTF-7, give halves of characters
    except (UnicodeError, ValueError):
        return None
    return text


def storable(text: str) -> str:
    """Return a text that can be written anywhere: without NUL and halves of characters."""
    if not text.isascii() and not _is_whole(text):
        return _UNSTORABLE.sub("", text)
    return text.replace("\0", "")


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _guess(raw: bytes) -> tuple[str, str]:
    """Read bytes of no, or of a wrong, character set: the likeliest first, any byte last."""
    if (text := _strict(raw, "utf-8")) is not None:
        return text, "utf-8"
    text = raw.decode("utf-8", "replace")
    if text.count("�") * _FEW < sum(not char.isascii() for char in text) + len(text) // 8:
        return text, "utf-8 with errors"
    if _looks_double(raw):
        readings = [(name, _strict(raw, name)) for name in ("gb18030", "cp950")]
        able = [(name, text) for name, text in readings if text is not None]
        if able:
            name, text = max(able, key=lambda pair: sum(c in _COMMON_HAN for c in pair[1]))
            return text, name
        return raw.decode("gb18030", "replace"), "gb18030 with errors"
    if (latin := _strict(raw, "cp1252")) is not None:
        return latin, "cp1252"
    return raw.decode("latin-1"), "latin-1"


def _looks_double(raw: bytes) -> bool:
    """Say whether high bytes stand in pairs, as in Chinese; in Western text they stand alone."""
    runs = _HIGH_RUNS.findall(raw[:20_000])
    return sum(len(run) for run in runs) >= 2 * len(runs)


def decode_header(value: str, limit: int = 4_000) -> str:
    """Return a header's value readable on one line: encoded words and undeclared bytes decoded.

    Args:
        value: As the parser keeps it, undeclared bytes as surrogates.
        limit: How many characters to return at most.
    """
    value = plain(value[: limit * 16])
    if "=?" in value:
        value = _decode_words(value)
    return _SPACES.sub(" ", value).strip()[:limit]


def plain(value: str) -> str:
    """Return a header's value without surrogates: its undeclared bytes read by the ladder."""
    if value.isascii():
        return value
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return _without_surrogates(value)
    return value


def _without_surrogates(value: str) -> str:
    """Read undeclared bytes by the ladder; half a character that is no byte becomes a mark."""
    try:
        return decode(value.encode("utf-8", "surrogateescape"), None)[0]
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()


def _decode_words(value: str) -> str:
    """Decode RFC 2047 words; neighbours of one character set are joined before decoding."""
    value = _BETWEEN_WORDS.sub(r"\1", value)
    pieces: list[str] = []
    waiting: list[tuple[str, str]] = []
    charset, end = "", 0
    for word in _WORD.finditer(value):
        if waiting and (word.start() != end or word[1].lower() != charset):
            pieces.append(decode(_bytes_of(waiting), charset)[0])
            waiting = []
        pieces.append(value[end : word.start()])
        waiting.append((word[2].lower(), word[3]))
        charset, end = word[1].lower(), word.end()
    if waiting:
        pieces.append(decode(_bytes_of(waiting), charset)[0])
    pieces.append(value[end:])
    return "".join(pieces)


def _bytes_of(words: list[tuple[str, str]]) -> bytes:
    """Return the bytes of neighbours; base64 that was cut anywhere goes on in the next."""
    done: list[bytes] = []
    rest = b""
    for encoding, text in words:
        data = text.encode("utf-8", "replace")
        if encoding == "q":
            done += [_base64(rest), binascii.a2b_qp(data, header=True)]
            rest = b""
            continue
        data = rest + _NOT_BASE64.sub(b"", data)
        whole = len(data) if "=" in text else len(data) // 4 * 4
        done.append(_base64(data[:whole]))
        rest = data[whole:]
    return b"".join([*done, _base64(rest)])


def _base64(data: bytes) -> bytes:
    if len(data) % 4 == 1:
        data = data[:-1]
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


def readable(text: str) -> str:
    """Return a part's text with one kind of line end, without control characters and NUL."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text).replace("\u00a0", " ")
