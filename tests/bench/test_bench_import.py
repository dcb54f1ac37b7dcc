"""Importing a mailbox whole - read, classified, kept - keeps pace with reading it."""

import base64
import random
import shlex
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

MAILS = 10_000
LEAST_SHARE = 0.2  # of the rate of parsing alone
LEAST_GAIN = 1.4  # of two that read over one
LEAST_KNOWN = 10_000  # mails a second, where all are known
MOST_MEMORY_MB = 150
MOST_MEMORY_OF_A_LARGE_MAIL_MB = 400
LARGE = Path(__file__).with_name("large_mailbox.py")
PEAK = Path(__file__).with_name("peak_memory.py")
ALONE = Path(__file__).with_name("parse_alone.py")
PROGRAM = [sys.executable, "-c", "from dsr.cli.main import main; main()"]

REQUESTS = (
    "Please send me a copy of my personal data in a common format.",
    "I want you to delete all my personal data from your systems.",
    "Please stop sending me marketing emails and texts.",
    "您好，请删除你们收集的我的全部个人信息，并书面回复。",
    "请注销我的账号，谢谢。",
    "我想查阅你们处理了我的哪些个人信息，以及提供给了谁。",
)
BUSINESS = (
    "Attached is the agenda of Thursday's meeting; please delete item 3 from your list.",
    "The invoice for October is correct now. The account manager will call you.",
    "本周例会改到周四下午，请准备上个月的投放数据，会议室在十八楼。",
)

SENTENCES = (
    "I have been with you since the spring and spoke to your team several times.",
    "Our address is unchanged, and the phone number on my card still works.",
    "Please answer by e-mail, since I am travelling until the end of the month.",
    "It took me a while to find out whom to write to.",
    "The last newsletter came on Monday, the one before it a week earlier.",
    "我是去年参加展会时留下联系方式的，当时填写了一张表格。",
    "麻烦尽快处理，有问题可以直接打电话给我，工作日都方便。",
    "之前和你们的客服沟通过两次，对方说会转给相关部门。",
    "Kind regards, and thank you for your help.",
    "附上之前的往来记录，供你们参考。",
)


def letter(chance: random.Random) -> str:
    """Return a text as people write it: a wish, and some sentences around it."""
    asks = chance.random() < 0.66
    wish = chance.choice(REQUESTS if asks else BUSINESS)
    lines = [chance.choice(SENTENCES) for _ in range(12)]
    lines.insert(chance.randrange(4), wish)
    return "\n".join(lines)


def signature(chance: random.Random) -> str:
    """Return a seal as mail gateways add them."""
    digest = base64.b64encode(chance.randbytes(256)).decode()
    return "\n\t".join(digest[start : start + 70] for start in range(0, len(digest), 70))


def mail(number: int, chance: random.Random) -> bytes:
    """Return a mail as it is delivered today: traces, seals, text and mark-up; about 10 KB."""
    message = EmailMessage()
    for hop in range(6):
        message["Received"] = (
            f"from mx{hop}.example.net (mx{hop}.example.net [192.0.2.{hop}]) by mail.example.com "
            f"with ESMTPS id {number:06}{hop}; Tue, 3 Nov 2026 08:1{hop}:00 +0800"
        )
    message["From"] = f"Sender {number} <sender{number}@example.org>"
    message["To"] = "desk@example.com"
    message["Subject"] = f"message {number}"
    message["Message-ID"] = f"<{number}.bench@example.org>"
    message["Date"] = "Tue, 3 Nov 2026 08:15:00 +0800"
    text = letter(chance)
    message.set_content(text, cte="base64")
    rows = "".join(
        f"<tr><td style='padding:4px'><p>{line}</p></td></tr>" for line in text.split("\n")
    )
    message.add_alternative(f"<html><body><table>{rows}</table></body></html>", subtype="html")
    seals = "".join(
        f"{name}: a=rsa-sha256; d=example.org; s=k{index};\n\tb={signature(chance)}\n"
        for index, name in enumerate(("DKIM-Signature", "ARC-Seal", "ARC-Message-Signature"))
    )
    stamp = f"From sender{number}@example.org Tue Nov  3 08:15:00 2026\n{seals}"
    return stamp.encode() + bytes(message).replace(b"\nFrom ", b"\n>From ") + b"\n"


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory) -> Path:
    """Write a mailbox of 10,000 mails."""
    path = tmp_path_factory.mktemp("mail") / "desk.mbox"
    chance = random.Random(7)
    with path.open("wb") as file:
        file.writelines(mail(number, chance) for number in range(MAILS))
    return path


def importing(mailbox: Path, folder: Path, *more: str, anew: bool = True) -> list[str]:
    """Return a command that imports a mailbox, into a new database or the one that is there."""
    database = folder / "dsr.sqlite3"
    key = f"DSR_KEY_FILE={folder / 'dsr.key'}"
    words = [*PROGRAM, "--db", str(database), "import", str(mailbox), *more]
    script = f"{f'rm -f {database}*; ' if anew else ''}{key} exec {shlex.join(words)}"
    return ["sh", "-c", script]


def test_an_import_keeps_pace_with_reading_the_mailbox(against, benchmark, mailbox, tmp_path):
    floor = [sys.executable, str(ALONE), str(mailbox)]
    times = against(importing(mailbox, tmp_path), floor, rounds=3)
    rate = MAILS / benchmark.stats.stats.median
    benchmark.extra_info["mails a second"] = round(rate)
    assert 1 / times >= LEAST_SHARE


def test_two_that_read_are_faster_than_one(against, mailbox, tmp_path):
    two = importing(mailbox, tmp_path, "--jobs", "2")
    times = against(two, importing(mailbox, tmp_path), rounds=3, warm=False)
    assert 1 / times >= LEAST_GAIN


def test_a_known_mailbox_is_passed_over_quickly(against, benchmark, mailbox, tmp_path):
    subprocess.run(importing(mailbox, tmp_path, "--jobs", "2"), check=True, capture_output=True)
    start = [*PROGRAM, "--version"]
    against(importing(mailbox, tmp_path, anew=False), start, rounds=3)
    rate = MAILS / benchmark.stats.stats.median
    benchmark.extra_info["mails a second"] = round(rate)
    assert rate >= LEAST_KNOWN


def most_memory(folder: Path, source: str, stdin=None) -> float:
    """Return the most memory in MB that an import into a new database held."""
    command = [*PROGRAM, "--db", str(folder / "dsr.sqlite3"), "import", source]
    measured = subprocess.run(
        [sys.executable, str(PEAK), *command],
        check=True,
        capture_output=True,
        text=True,
        stdin=stdin,
        env={"PATH": "", "DSR_KEY_FILE": str(folder / "dsr.key"), "HOME": str(folder)},
    )
    return float(measured.stdout)


def test_an_import_takes_no_more_memory_for_a_larger_mailbox(mailbox, tmp_path):
    assert most_memory(tmp_path, str(mailbox)) < MOST_MEMORY_MB


@pytest.mark.parametrize(
    ("count", "megabytes", "most"),
    [(1_024, 1, MOST_MEMORY_MB), (1, 50, MOST_MEMORY_OF_A_LARGE_MAIL_MB)],
    ids=["1 GB", "a mail of 50 MB"],
)
def test_what_is_large_is_never_in_memory_as_often_as_it_is_looked_at(
    tmp_path, count, megabytes, most
):
    write = [sys.executable, str(LARGE), str(count), str(megabytes)]
    with subprocess.Popen(write, stdout=subprocess.PIPE) as writer:
        assert most_memory(tmp_path, "-", writer.stdout) < most
