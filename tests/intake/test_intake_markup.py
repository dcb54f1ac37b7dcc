"""Mark-up that was made to take long costs no more than other mark-up, and is read all the same."""

import time
from itertools import product
from string import ascii_lowercase

import pytest

from dsr.intake.markup import text_of

NAMES = ["".join(each) for each in product(ascii_lowercase + "0123456789", repeat=3)]
NAMES = [name for name in NAMES if name[0].isalpha()]
WISH = "please delete my data"
MOST = 262_144  # characters of mark-up that are read
SECONDS = 0.4  # of a processor, for what takes up to 15 unguarded


def tags(name: str, each: int, many: int) -> str:
    return "".join(
        f"<{name} " + " ".join(NAMES[at * each : at * each + each]) + ">" for at in range(many)
    )


SLOW = {
    "no blanks": "<a " + "".join(f'{name}=""' for name in NAMES[:30_000]) + ">",
    "strokes": "<a " + "/".join(NAMES[:30_000]) + ">",
    "blanks": "<a " + "\t".join(NAMES[:30_000]) + ">",
    "brackets in values": "<a " + " ".join(f"{name}='>'" for name in NAMES[:30_000]) + ">",
    "tags in values": "<a "
    + " ".join(f"{name}='<'" if at % 50 == 0 else name for at, name in enumerate(NAMES[:30_000]))
    + ">",
    "tags in names": "<a "
    + "<".join(" ".join(NAMES[at : at + 500]) + " " for at in range(0, 30_000, 500))
    + ">",
    "behind a comment": '<!-- <a b=" --><a ' + " ".join(NAMES[:30_000]) + '>"',
    "many bodies": tags("body", 8, 6_500),
    "large bodies": tags("BODY", 900, 40),
    "many roots": tags("html", 8, 6_500),
    "letters": "".join(f"<b id={at}><p>" for at in range(3_900)),
    "letters with brackets": "".join(f"<i id='>{at}'><p>" for at in range(3_900)),
    "letters with tags": "".join(f"<i id='<{at}'><p>" for at in range(2_600)),
    "letters in blocks": (
        "".join(f"<b id={at}>" for at in range(2_000)) + "<div>" * 2_000 + "</b>" * 3_900
    ),
    "sheets in sheets": "<svg>" + "<style>a{top:-999px}" * 3_900 + "</style>" * 3_900 + "</svg>",
    "open strings": "<style>" + "'\\" * 120_000 + "</style>",
    "one rule": "<style>" + "a," * 120_000 + "b{display:none}</style>",
    "many rules": "<style>" + ("a," * 40 + "b{display:none}") * 2_500 + "</style>",
    "begun again": "<a " * 990 + "=' " * 80_000,
    "begun at once": "<a" * 7_900 + "y" * 240_000 + ">",
    "blanks behind": "<a " * 990 + " " * 240_000 + ">",
}


@pytest.mark.parametrize("html", [pytest.param(html, id=name) for name, html in SLOW.items()])
def test_no_mark_up_takes_long(html):
    begun = time.process_time()
    text_of(html + WISH, MOST)
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize("name", ["no blanks", "letters", "many bodies", "sheets in sheets"])
def test_mark_up_that_was_made_to_take_long_is_read_all_the_same(name):
    assert text_of(SLOW[name] + WISH, MOST)[0].endswith(WISH)


LARGE = {
    "a long letter": "<p>" + "one word more " * 10_000 + "</p>",
    "many cells": "<table>" + "<tr><td style='color:#111'><b>1</b></td></tr>" * 900 + "</table>",
    "letters of some kinds": "".join(
        f"<p><font size={at % 9} face='A, B'>x</font></p>" for at in range(1_500)
    ),
    "many links": "".join(f"<a href='https://a.example/?a={at}&b=<c>'>x</a> " for at in range(900)),
    "answers to answers": "<html><body style='color:black' bgcolor=white><p>x</p>" * 40,
    "a picture in it": "<img src='data:image/png;base64," + "A+/=" * 50_000 + "'>",
    "a rule with an apostrophe": "<style>p{font-family:'A B'} .x{display:none}</style>",
}


@pytest.mark.parametrize("html", [pytest.param(html, id=name) for name, html in LARGE.items()])
def test_large_mark_up_is_not_strange(html):
    text, warnings = text_of(f"{html}<p class=y style='color:red'>{WISH}</p>", MOST)
    assert text.endswith(WISH)
    assert not [one for one in warnings if "strange" in one]
