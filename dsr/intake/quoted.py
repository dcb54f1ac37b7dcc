"""Tells what somebody wrote now from what he quotes; marks, never deletes."""

import re

_WROTE = (
    "wrote:",
    "writes:",
    "a écrit :",
    "a écrit:",
    "escribió:",
    "escreveu:",
    "ha scritto:",
    "写道:",
    "寫道:",
    "님이 작성:",
)
_DATED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日.{0,200}[<\[].{1,120}@.{1,120}[>\]]\s*:?$")
_DIVIDER = re.compile(
    r"[-_*=\s]{2,40}\s*(original message|forwarded message|begin forwarded message"
    r"|原始邮件|原始郵件|原邮件|转发的邮件|轉寄的郵件|转发邮件"
    r"|ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|message transféré"
    r"|mensaje original|mensagem original|元のメッセージ|원본 메시지"
    r")\s*[-_*=\s]{2,40}:?$|_{20,80}$|begin forwarded message:$"
)
_HEADER_WORDS = (
    "from sent to subject date cc",
    "发件人 发送时间 收件人 主题 抄送 日期 时间",
    "寄件者 寄件人 傳送時間 收件者 主旨 副本 日期",
    "von gesendet an betreff datum",
    "de envoyé date à objet",
    "de enviado fecha para asunto assunto data",
    "差出人 送信日時 宛先 件名",
    "보낸 사람 날짜 받는 사람 제목",
)
_KNOWN_WORDS = frozenset(" ".join(_HEADER_WORDS).split()) | {"보낸 사람", "받는 사람"}
_HEADER = re.compile(r"\s*\**([^\s:*]{1,12}(?: ?[^\s:*]{1,6})?)\s?\**\s?:")
_MARKS = (">", ":", "：", "--", "__", "**", "==")
_ENOUGH = 3
_LINES = 20_000


def separate(text: str) -> tuple[str, str]:
    """Return the new text and the quoted text of a mail.

    Args:
        text: The whole text, its lines ended by a line feed.
    """
    if not any(mark in text for mark in _MARKS):
        return text, ""
    lines = text.split("\n", _LINES)
    new: list[str] = []
    quoted: list[str] = []
    for number, line in enumerate(lines):
        if line.startswith(">"):
            quoted.append(line.lstrip("> "))
        elif _introduces(lines, number, line):
            if _quote_follows(lines, number):
                quoted.append(line)
                continue
            quoted.extend(lines[number:])
            break
        else:
            new.append(line)
    return "\n".join(new).strip(), "\n".join(quoted).strip()


def _introduces(lines: list[str], number: int, line: str) -> bool:
    """Say whether a line begins a quotation."""
    end = line.rstrip()[-1:]
    if not end or (end not in ":：-_*=>" and ":" not in line and "：" not in line):
        return False
    small = line.strip().lower().replace("：", ":")[-400:]
    if small.endswith(_WROTE) or (small.endswith(":") and " schrieb " in small):
        return _is_attribution(lines, number, small)
    if _DATED.search(small) or (end in "-_*=:：" and _DIVIDER.match(small)):
        return True
    return _starts_header_block(lines, number)


def _is_attribution(lines: list[str], number: int, small: str) -> bool:
    """Say whether "... wrote:" names a date or an address; the line before may hold them."""
    before = lines[number - 1] if number else ""
    return any(char.isdigit() or char == "@" for char in small + before[-200:])


def _quote_follows(lines: list[str], number: int) -> bool:
    """Say whether the quotation has ``>`` marks: then new text may stand below it."""
    following = (line for line in lines[number + 1 : number + 4] if line.strip())
    return next(following, "").startswith(">")


def _starts_header_block(lines: list[str], number: int) -> bool:
    """Say whether three headers of a quoted mail stand here."""
    found = 0
    for line in lines[number : number + 8]:
        if not line.strip():
            continue
        match = _HEADER.match(line[:80].replace("：", ":"))
        if not match or match[1].strip().lower() not in _KNOWN_WORDS:
            break
        found += 1
    return found >= _ENOUGH
