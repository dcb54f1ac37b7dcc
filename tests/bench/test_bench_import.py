"""Importing a mailbox whole - read, classified, kept - keeps pace with reading it."""

import base64
import random
import shlex
import subprocess
import sys
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

MAILS = 10_000
LEAST_SHARE = 0.18  # of the rate of parsing alone
LEAST_SHARE_OF_ORDINARY = 0.06  # the same where one part is all there is to parse
ASKS = 0.1  # of ordinary mail
COMES_AGAIN = 0.33  # of its lines: greetings, signatures, what a company writes below
LEAST_GAIN = 1.4  # of two that read over one
MOST_OF_KNOWN = 0.55  # of parsing alone, start-up included, where all are known
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

WORK = {
    "en": (
        "The meeting with the supplier is on Thursday at three, on the second floor.",
        "Could you look at the figures before Friday and tell me what is still missing?",
        "The delivery was two days late, so we changed the order of the work in the hall.",
        "Please find the minutes below; item four was added after the call with Hamburg.",
        "We agreed on the price, but the terms of payment are with the lawyers for now.",
        "The printer on the third floor is out of order, a technician comes on Monday.",
        "Thanks for the quick answer, that helps us a lot with the offer for the spring.",
        "Best regards from the office, and see you at the fair in November.",
    ),
    "zh": (
        "本周的排期有变化，周三的评审改到周五下午两点，请相关同事准时参加。",
        "上个月的报销单还缺两张发票，请尽快补齐后交给财务。",
        "供应商已经确认了交货时间，最晚下周二可以到仓库。",
        "新版本的测试昨天完成，主要问题都修好了，剩下的下周处理。",
        "会议纪要见下文，第四项是和汉堡那边通话之后加上的。",
        "价格已经谈好，付款条件还在法务那里，有消息再告诉大家。",
        "三楼的打印机又坏了，维修人员周一过来，先用二楼的。",
        "谢谢这么快回复，对我们春季的报价很有帮助。",
    ),
}


def told_apart(lines: list[str], chance: random.Random) -> list[str]:
    """Return lines two of three of which stand in no other mail, as those of letters do."""
    figures = (
        f" {chance.randrange(10**6)}" if chance.random() > COMES_AGAIN else "" for _ in lines
    )
    return [f"{line[:-1]}{own}{line[-1]}" for line, own in zip(lines, figures, strict=True)]


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


def addressed(number: int, hops: int) -> EmailMessage:
    """Return a mail without a text, and with the traces of the servers that it passed."""
    message = EmailMessage()
    for hop in range(hops):
        message["Received"] = (
            f"from mx{hop}.example.net (mx{hop}.example.net [192.0.2.{hop}]) by mail.example.com "
            f"with ESMTPS id {number:06}{hop}; Tue, 3 Nov 2026 08:1{hop}:00 +0800"
        )
    message["From"] = f"Sender {number} <sender{number}@example.org>"
    message["To"] = "desk@example.com"
    message["Subject"] = f"message {number}"
    message["Message-ID"] = f"<{number}.bench@example.org>"
    message["Date"] = "Tue, 3 Nov 2026 08:15:00 +0800"
    return message


def delivered(number: int, message: EmailMessage, chance: random.Random, *seals: str) -> bytes:
    """Return a mail as it stands in a mailbox, under the seals of gateways."""
    sealed = "".join(
        f"{name}: a=rsa-sha256; d=example.org; s=k{index};\n\tb={signature(chance)}\n"
        for index, name in enumerate(seals)
    )
    stamp = f"From sender{number}@example.org Tue Nov  3 08:15:00 2026\n{sealed}"
    return stamp.encode() + bytes(message).replace(b"\nFrom ", b"\n>From ") + b"\n"


def mail(number: int, chance: random.Random) -> bytes:
    """Return a mail as it is delivered today: traces, seals, text and mark-up; about 10 KB."""
    message = addressed(number, hops=6)
    text = letter(chance)
    message.set_content(text, cte="base64")
    rows = "".join(
        f"<tr><td style='padding:4px'><p>{line}</p></td></tr>" for line in text.split("\n")
    )
    message.add_alternative(f"<html><body><table>{rows}</table></body></html>", subtype="html")
    seals = ("DKIM-Signature", "ARC-Seal", "ARC-Message-Signature")
    return delivered(number, message, chance, *seals)


def ordinary(number: int, chance: random.Random) -> bytes:
    """Return a mail as an office has them: one plain text about its work; about 4 KB."""
    message = addressed(number, hops=3)
    lines = told_apart(chance.choices(WORK["en" if number % 2 else "zh"], k=36), chance)
    if chance.random() < ASKS:
        lines.insert(chance.randrange(4), chance.choice(REQUESTS))
    message.set_content("\n".join(lines), cte="8bit")
    return delivered(number, message, chance, "DKIM-Signature")


def filled(path: Path, make: Callable[[int, random.Random], bytes], seed: int) -> Path:
    """Write a mailbox of 10,000 mails, the same for the same seed."""
    chance = random.Random(seed)
    with path.open("wb") as file:
        file.writelines(make(number, chance) for number in range(MAILS))
    return path


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory) -> Path:
    """Return a mailbox of mails as they are delivered today."""
    return filled(tmp_path_factory.mktemp("mail") / "desk.mbox", mail, seed=7)


@pytest.fixture(scope="module")
def ordinary_mailbox(tmp_path_factory) -> Path:
    """Return a mailbox of ordinary mails."""
    return filled(tmp_path_factory.mktemp("ordinary") / "office.mbox", ordinary, seed=11)


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


def test_an_import_of_ordinary_mail_keeps_pace_with_reading_it(
    against, benchmark, ordinary_mailbox, tmp_path
):
    floor = [sys.executable, str(ALONE), str(ordinary_mailbox)]
    times = against(importing(ordinary_mailbox, tmp_path), floor, rounds=1, warm=False)
    rate = MAILS / benchmark.stats.stats.median
    benchmark.extra_info["mails a second"] = round(rate)
    assert 1 / times >= LEAST_SHARE_OF_ORDINARY


def test_two_that_read_are_faster_than_one(against, mailbox, tmp_path):
    two = importing(mailbox, tmp_path, "--jobs", "2")
    times = against(two, importing(mailbox, tmp_path), rounds=2, warm=False)
    assert 1 / times >= LEAST_GAIN


def test_a_known_mailbox_is_passed_over_quickly(against, benchmark, mailbox, tmp_path):
    subprocess.run(importing(mailbox, tmp_path, "--jobs", "2"), check=True, capture_output=True)
    floor = [sys.executable, str(ALONE), str(mailbox)]
    times = against(importing(mailbox, tmp_path, anew=False), floor, rounds=3, warm=False)
    benchmark.extra_info["mails a second"] = round(MAILS / benchmark.stats.stats.median)
    assert times <= MOST_OF_KNOWN


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
    [
        (1_024, 1, MOST_MEMORY_MB),
        (1, 50, MOST_MEMORY_OF_A_LARGE_MAIL_MB),
        (1, 300, MOST_MEMORY_OF_A_LARGE_MAIL_MB),
    ],
    ids=["1 GB", "a mail of 50 MB", "a mail of 300 MB"],
)
def test_what_is_large_is_never_in_memory_as_often_as_it_is_looked_at(
    tmp_path, count, megabytes, most
):
    write = [sys.executable, str(LARGE), str(count), str(megabytes)]
    with subprocess.Popen(write, stdout=subprocess.PIPE) as writer:
        assert most_memory(tmp_path, "-", writer.stdout) < most
