"""Importing a mailbox whole - read, classified, kept - keeps pace with reading it."""

import base64
import random
import resource
import subprocess
import sys
from pathlib import Path

import pytest

MAILS = 10_000
LEAST_RATE = 500  # mails a second, whole
LEAST_SHARE = 0.15  # of the rate of parsing alone
MOST_MEMORY_MB = 150
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


def mail(number: int, chance: random.Random) -> bytes:
    """Return an ordinary mail of about 3 KB; two thirds ask for something."""
    asks = chance.random() < 0.66
    text = chance.choice(REQUESTS if asks else BUSINESS)
    filler = " ".join(
        chance.choice(("report", "budget", "渠道", "数据", "team")) for _ in range(250)
    )
    body = base64.encodebytes(f"{text}\n\n{filler}\n".encode()).decode()
    trace = "".join(
        f"Received: from mx{hop}.example.net (mx{hop}.example.net [192.0.2.{hop}])\n"
        f"\tby mail.example.com with ESMTPS id {number:06}{hop}; Tue, 3 Nov 2026 08:1{hop}:00 +0800\n"
        for hop in range(6)
    )
    return (
        f"From sender{number}@example.org Tue Nov  3 08:15:00 2026\n{trace}"
        f"From: Sender {number} <sender{number}@example.org>\nTo: desk@example.com\n"
        f"Subject: message {number}\nMessage-ID: <{number}.bench@example.org>\n"
        "Date: Tue, 3 Nov 2026 08:15:00 +0800\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        f"{body}\n"
    ).encode()


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory) -> Path:
    """Write a mailbox of 10,000 mails."""
    path = tmp_path_factory.mktemp("mail") / "desk.mbox"
    chance = random.Random(7)
    with path.open("wb") as file:
        file.writelines(mail(number, chance) for number in range(MAILS))
    return path


def test_an_import_keeps_pace_with_reading_the_mailbox(against, benchmark, mailbox, tmp_path):
    database = tmp_path / "dsr.sqlite3"
    key = tmp_path / "dsr.key"
    script = (
        f"rm -f {database}* ; DSR_KEY_FILE={key} exec {sys.executable} -c "
        f"'from dsr.cli.main import main; main()' --db {database} import {mailbox}"
    )
    times = against(["sh", "-c", script], [sys.executable, str(ALONE), str(mailbox)], rounds=3)
    rate = MAILS / benchmark.stats.stats.median
    benchmark.extra_info["mails a second"] = round(rate)
    assert rate >= LEAST_RATE
    assert 1 / times >= LEAST_SHARE


def test_an_import_takes_no_more_memory_for_a_larger_mailbox(mailbox, tmp_path):
    command = [*PROGRAM, "--db", str(tmp_path / "dsr.sqlite3"), "import", str(mailbox)]
    subprocess.run(
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": "", "DSR_KEY_FILE": str(tmp_path / "dsr.key"), "HOME": str(tmp_path)},
    )
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert peak_mb < MOST_MEMORY_MB
