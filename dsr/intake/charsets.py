"""The character set of a table that does not say it: a ladder that ends with one for any bytes."""

import codecs
from collections import Counter
from typing import BinaryIO

WINDOW = 1 << 20  # bytes that are looked at
_TELLING = 64 << 10  # enough to tell scripts apart
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON = {
    "gb18030": "的一是不了在人有我他这个们中来上大为和国到以说时要会也你对能而那得于着之信息删除请",
    "cp950": "的一是不了在人有我他這個們中來上大為和國到以說時要會也你對能而那得於著之資料刪除請",
    "cp932": "のにはをたがでてとしれさいるすまこなおくださ個人情報削除請求",
    "cp949": "이다는을의에가하고한지를로기사리어자보수해주세요개인정삭제",
}
#: Lead bytes of the characters that are in daily use, in the order of each standard's tables.
_DAILY = {
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "cp950": ("big5", 0xA4, 0xC6),
    "cp932": ("shift_jis", 0x82, 0x97),
    "cp949": ("euc_kr", 0xB0, 0xC8),
}
_LIKELY = 0.5  # of the 2 that `_commonness` gives at most
_HIGH = 0x80


def charset_of(stream: BinaryIO) -> str:
    """Return the name of the codec that reads a stream; the stream is left at its beginning.

    The order: its mark, the NULs that UTF-16 leaves in Western text, UTF-8 if all of it is, then
    whichever of the usual sets gives the commonest characters, and Windows' Western set last.

    Args:
        stream: A file, or something that can look ahead (`peek`).
    """
    first = _window(stream)
    for mark, name in _MARKS:
        if first.startswith(mark):
            return name
    if wide := _wide(first[:_TELLING]):
        return wide
    if _is_utf8(stream, first):
        return "utf-8"
    return _likeliest(_where_it_matters(first))


def _window(stream: BinaryIO) -> bytes:
    if stream.seekable():
        first = stream.read(WINDOW)
        stream.seek(0)
        return first
    peek = getattr(stream, "peek", None)
    return peek(WINDOW)[:WINDOW] if peek else b""


def _wide(first: bytes) -> str | None:
    """Return UTF-16 without a mark: every second byte of its line ends, commas and Latin is 0."""
    even, odd = first[0::2].count(0), first[1::2].count(0)
    many = max(4, len(first) // 40)
    if odd >= many and odd > 8 * even:
        return "utf-16-le"
    if even >= many and even > 8 * odd:
        return "utf-16-be"
    return None


def _is_utf8(stream: BinaryIO, first: bytes) -> bool:
    """Say whether all that can be looked at is UTF-8; a file is looked at to its end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        if not stream.seekable():
            decoder.decode(first)
            return True
        while chunk := stream.read(WINDOW):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        if stream.seekable():
            stream.seek(0)
    return True


def _where_it_matters(first: bytes) -> bytes:
    """Return the lines that hold more than ASCII: the others say nothing about the set."""
    lines = [line for line in first.split(b"\n") if not line.isascii()]
    return b"\n".join(lines)[:_TELLING]


def _likeliest(sample: bytes) -> str:
    scores = {name: _commonness(sample, name) for name in _COMMON}
    best = max(scores, key=lambda name: scores[name])
    if _western(sample) or scores[best] < _LIKELY:
        return "cp1252"
    return best


def _western(sample: bytes) -> bool:
    """Say whether high bytes stand alone between letters, as accents do."""
    alone = together = 0
    length = 0
    for byte in (*sample, 0):
        if byte >= _HIGH:
            length += 1
            continue
        alone += length == 1
        together += length if length > 1 else 0
        length = 0
    return alone > 2 * together


def _commonness(sample: bytes, name: str) -> float:
    """Return how usual the characters are that a set makes of the bytes: 0 to 2."""
    text = codecs.getincrementaldecoder(name)("replace").decode(sample)
    counts = Counter(char for char in text if not char.isascii())
    total = sum(counts.values())
    if not total:
        return 0.0
    base, lowest, highest = _DAILY[name]
    daily = sum(n for char, n in counts.items() if _is_daily(char, base, (lowest, highest)))
    common = sum(counts[char] for char in _COMMON[name])
    return daily / total + min(1.0, 4 * common / total)


def _is_daily(char: str, base: str, leads: tuple[int, int]) -> bool:
    raw = char.encode(base, "ignore")
    return len(raw) > 1 and (leads[0] <= raw[0] <= leads[1] or char in "，。！？、：；（）「」")
