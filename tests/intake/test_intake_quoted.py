"""Replies as mail programs write them: what is new is told from what is quoted."""

import pytest

from dsr.intake.quoted import separate

NEW = "Here is what I wanted to say."
OLD = "We have received your request."

REPLIES = {
    "Gmail, English": "On Tue, Nov 3, 2026 at 8:15 AM Desk <desk@example.com> wrote:\n> OLD",
    "Gmail, English, wrapped": (
        "On Tue, Nov 3, 2026 at 8:15 AM The Desk of Personal Information\n"
        "<desk@example.com> wrote:\n\n> OLD"
    ),
    "Gmail, simplified Chinese": "办公室 <desk@example.com> 于2026年11月3日周二 08:15写道：\nOLD",
    "Gmail, traditional Chinese": (
        "辦公室 <desk@example.com> 於 2026年11月3日 週二 上午8:15寫道：\nOLD"
    ),
    "Gmail, German": "Am Di., 3. Nov. 2026 um 08:15 Uhr schrieb Desk <desk@example.com>:\nOLD",
    "Gmail, French": "Le mar. 3 nov. 2026 à 08:15, Desk <desk@example.com> a écrit :\nOLD",
    "Gmail, Spanish": "El mar, 3 nov 2026 a las 8:15, Desk (<desk@example.com>) escribió:\nOLD",
    "Gmail, Portuguese": (
        "Em ter., 3 de nov. de 2026 às 08:15, Desk <desk@example.com> escreveu:\nOLD"
    ),
    "Gmail, Italian": (
        "Il giorno mar 3 nov 2026 alle ore 08:15 Desk <desk@example.com> ha scritto:\nOLD"
    ),
    "Gmail, Dutch": "Op di 3 nov 2026 om 08:15 schreef Desk <desk@example.com>:\nOLD",
    "Gmail, Japanese": "2026年11月3日(火) 8:15 Desk <desk@example.com>:\nOLD",
    "Gmail, Korean": "2026년 11월 3일 (화) 오전 8:15, Desk <desk@example.com>님이 작성:\nOLD",
    "Apple, Dutch": (
        "Op 3 nov. 2026 om 08:15 heeft Desk <desk@example.com> het volgende geschreven:\nOLD"
    ),
    "Apple, Japanese": "2026/11/03 8:15、Desk <desk@example.com>のメール:\nOLD",
    "Apple, Swedish": "3 nov. 2026 kl. 08:15 skrev Desk <desk@example.com>:\nOLD",
    "QQ": (
        "------------------ 原始邮件 ------------------\n"
        '发件人: "desk" <desk@example.com>;\n发送时间: 2026年11月3日(星期二) 上午8:15\nOLD'
    ),
    "163": '在 2026-11-03 08:15:00，"desk" <desk@example.com> 写道：\nOLD',
    "163, English": 'At 2026-11-03 08:15:00, "desk" <desk@example.com> wrote:\nOLD',
    "Foxmail": (
        "发件人： desk@example.com\n发送时间： 2026-11-03 08:15\n收件人： mei\n主题： 回复\nOLD"
    ),
    "Outlook, English": (
        "From: Desk <desk@example.com>\nSent: Tuesday, November 3, 2026 8:15 AM\n"
        "To: Mei\nSubject: Your request\n\nOLD"
    ),
    "Outlook, German": (
        "Von: Desk <desk@example.com>\nGesendet: Dienstag, 3. November 2026 08:15\n"
        "An: Mei\nBetreff: Ihr Antrag\n\nOLD"
    ),
    "Outlook, French": (
        "De : Desk <desk@example.com>\nEnvoyé : mardi 3 novembre 2026 08:15\n"
        "À : Mei\nObjet : votre demande\n\nOLD"
    ),
    "Outlook, Spanish": (
        "De: Desk <desk@example.com>\nEnviado el: martes, 3 de noviembre de 2026 8:15\n"
        "Para: Mei\nAsunto: su solicitud\n\nOLD"
    ),
    "Outlook, Japanese": (
        "差出人: Desk <desk@example.com>\n送信日時: 2026年11月3日 8:15\n"
        "宛先: Mei\n件名: 請求\n\nOLD"
    ),
    "Outlook, Korean": (
        "보낸 사람: Desk <desk@example.com>\n보낸 날짜: 2026년 11월 3일\n"
        "받는 사람: Mei\n제목: 요청\n\nOLD"
    ),
    "Outlook, traditional Chinese": (
        "寄件者: Desk <desk@example.com>\n寄件日期: 2026年11月3日\n收件者: Mei\n主旨: 請求\n\nOLD"
    ),
    "Outlook on a phone": "________________________________\nFrom: Desk <desk@example.com>\nOLD",
    "a divider": "-----Original Message-----\nFrom: Desk\n\nOLD",
    "a divider, Korean": "-----원본 메시지-----\nOLD",
    "a divider, Polish": "----- Wiadomość oryginalna -----\nOLD",
    "forwarded": "Begin forwarded message:\n\nFrom: Desk\nOLD",
    "bold headers": (
        "*From:* Desk <desk@example.com>\n*Sent:* Tuesday\n*To:* Mei\n*Subject:* Hello\n\nOLD"
    ),
    "marks alone": "> OLD",
}


@pytest.mark.parametrize("program", REPLIES)
def test_what_is_quoted_is_told_from_what_is_new(program):
    new, quoted = separate(f"{NEW}\n\n{REPLIES[program].replace('OLD', OLD)}\n")
    assert new == NEW or (program.endswith("wrapped") and OLD not in new)
    assert OLD in quoted


@pytest.mark.parametrize(
    "text",
    [
        "My sister wrote:\nplease delete it all.",
        "I want to say this: delete my data.\nFrom: now on\nwrite to me.",
        "电话写道：没有日期。",
        "My details:\nName: Ann\nPhone: 1\nDate: today",
        "----------\nplease delete my data",
        "a: 1\nb: 2\nc: 3",
    ],
)
def test_what_only_looks_like_a_quotation_is_read(text):
    assert separate(text) == (text, "")


def test_new_text_below_and_between_quotations_is_read():
    text = f"On 3 Nov 2026, Desk wrote:\n> {OLD}\n{NEW}\n> {OLD}\nBye."
    assert separate(text)[0] == f"{NEW}\nBye."
