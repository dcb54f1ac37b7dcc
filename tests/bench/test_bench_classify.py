"""What it costs to judge ordinary mail in all languages, beside cutting it into words."""

import re
from time import perf_counter

import pytest

from dsr.intake.classify import classify
from dsr.rules.phrases import load

WORD = re.compile(r"\w+")
ROUNDS = 60
ENGLISH = (
    "I have been a customer of your shop for years and the parcel of last week came two days late. "
    "The weather here was fine, so we went to the lake with friends from the university. They "
    "told me of the new book by the author whom you interviewed in spring, and I read it gladly. "
    "Could you tell me when the second volume is in stock again? A colleague bought the first "
    "edition and says that the map at the end is missing. If so, I would rather wait for it. "
) * 4
CHINESE = (
    "我从二零一九年开始就是你们商店的顾客，上个星期包裹晚到了两天，服务人员处理得很好。这里天气一直很好，"
    "我们带孩子去湖边玩，遇到了大学时候的朋友。他们说春天采访过的那位作者出了新书，我读了很高兴。"
    "请问第二卷什么时候再有货，平装本的插图和第一版是不是一样？同事买了英文版，说最后的地图没有了。"
) * 5
MAILS = {
    "english": (ENGLISH, 10),  # measured: 4 to 6 times the floor
    "chinese": (CHINESE, 60),  # 20 to 40: `\\w+` takes a whole sentence for a word
    "english with a right": (ENGLISH + "Please delete my account and all my data.", 32),  # 14 to 21
    "chinese with a right": (CHINESE + "请注销我的账号，并删除我的全部个人信息。", 120),  # 50 to 80
}


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_is_judged_in_a_small_multiple_of_cutting_it_into_words(benchmark, name):
    text, limit = MAILS[name]
    phrases = load(examples=False)
    floor: list[float] = []

    def cut() -> None:
        begun = perf_counter()
        WORD.findall(text.casefold())
        floor.append(perf_counter() - begun)

    benchmark.pedantic(
        classify,
        args=("Question", text, "", phrases),
        setup=cut,
        rounds=ROUNDS,
        warmup_rounds=3,
    )
    ratio = benchmark.stats.stats.median / sorted(floor)[ROUNDS // 2]
    benchmark.extra_info["times the floor"] = round(ratio, 1)
    benchmark.extra_info["ms"] = round(benchmark.stats.stats.median * 1000, 2)
    assert ratio < limit


def test_all_phrases_are_loaded_in_less_than_a_second(benchmark):
    load.__globals__["_load"].cache_clear()
    benchmark.pedantic(load, kwargs={"examples": False}, rounds=1)
    assert benchmark.stats.stats.min < 1  # measured: 0.25 to 0.45 s with ten languages
