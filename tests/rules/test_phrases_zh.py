"""Letters in Chinese, none of them in the phrase file: what the rules make of them."""

import pytest

from dsr.intake.classify import LOW, classify
from dsr.rules.phrases import load


def opened(text, subject=""):
    return {str(one.kind) for one in classify(subject, text, "", load()).opens}


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("以后别发了", "marketing"),
        ("唔好再打嚟啦", "marketing"),
        ("请把本人号码列入免打扰名单。", "marketing"),
        ("那份同意书现在作废，请登记。", "consent"),
        ("请关闭我的刷脸支付。", "consent"),
        ("请把个性化推荐给我关了。", "objection"),
        ("我不接受把我的数据传到境外。", "objection"),
    ],
)
def test_a_withdrawal_has_its_scope(text, scope):
    (found,) = classify("", text, "", load()).opens
    assert found.scope == scope


@pytest.mark.parametrize(
    ("simplified", "traditional", "kind"),
    [
        ("请删除头像", "請刪除頭像", "deletion"),
        ("请把我的证件复印件销毁", "請將我的證件影本銷毀", "deletion"),
        ("帮我销号", "幫我銷號", "cancellation"),
        ("我的性别勾错了", "我的性別勾錯了", "correction"),
        ("请发一份我的病历复印件", "請寄一份我的病歷影本", "copy"),
        ("你们哪里拿到我的电话", "你們哪裡拿到我的電話", "access"),
        ("我要求人工复审", "我要求專人覆審", "review"),
    ],
)
def test_both_scripts_ask_for_the_same(simplified, traditional, kind):
    assert opened(simplified) == opened(traditional) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "客户要求删除他的录音，这样可以拒绝吗？",
        "本周共收到用户注销请求四件，均按时完成。",
        "建议增加批量删除聊天记录的功能。",
        "请问怎么取消自动续费？",
        "请删除附件中重复的记录。",
        "离职后我的工作账号请同事当日停用。",
        "请回复本所。",
    ],
)
def test_what_others_ask_for_and_what_is_business_opens_nothing(text):
    assert not opened(text)


def test_a_space_ends_what_was_denied_as_a_comma_does():
    assert opened("我那个账户不要了 给注销") == {"cancellation"}
    assert opened("我那个账户不要了，给注销") == {"cancellation"}


def test_what_is_held_and_to_be_deleted_is_not_asked_for():
    assert opened("請協助移除我在貴平台留下的所有個人資訊") == {"deletion"}


def test_a_change_that_is_why_an_account_is_to_be_closed_is_not_to_be_mended():
    assert opened("手机号换了，想让你们后台直接给注销") == {"cancellation"}
    assert opened("先把账户里的身份证号改对，再帮我注销") == {"correction", "cancellation"}


def test_consent_withdrawn_before_a_deletion_is_a_right_of_its_own():
    assert opened("我撤回一切同意，并要求把已经采集的数据删除掉。") == {"withdrawal", "deletion"}


def test_what_is_unsure_in_a_clause_does_not_hide_what_the_clause_before_names():
    assert opened("你们有我的照片？赶紧给我删干净！") == {"deletion"}


def test_a_long_line_is_no_heading():
    assert not opened("好的，已经看到了注销的那条短信，谢谢你们，耐心又负责。")
    assert opened("注销") == {"cancellation"}


@pytest.mark.parametrize(
    "text", ["请问你们泄露了多少人的号码？", "你们存着我家几口人的信息？", "请尽快删除。"]
)
def test_what_may_be_a_right_is_left_to_a_person(text):
    found = classify("", text, "", load())
    assert {one.confidence for one in found.kinds} == {LOW}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("最近在写论文，比较被遗忘权与删除权。", set()),
        ("我要行使被遗忘权。", {"deletion"}),
        ("本人依法行使可携带权。", {"copy"}),
    ],
)
def test_a_right_by_name_counts_where_it_is_exercised(text, kinds):
    assert opened(text) == kinds


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("我的收件地址变了，请更新为文三路8号。", {"correction"}),
        ("我搬家了，新地址是解放路12号。", {"correction"}),
        ("麻烦给我的账号换绑手机号。", {"correction"}),
        ("麻烦帮我解绑银行卡。", {"deletion"}),
        ("不再同意你们使用我的照片。", {"withdrawal"}),
        ("退订，不要再发短信了。", {"withdrawal"}),
        ("请帮我退订贵店邮件。", {"withdrawal"}),
        ("我想要一份昨天我和客服通话的录音。", {"copy"}),
    ],
)
def test_an_ordinary_wish_is_noticed_whatever_its_words(text, asked):
    assert opened(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "我八月份就要求删除信息，到现在没有人理我，再不处理我就投诉。",
        "两个星期前就申请注销账号了，怎么还没处理？",
        "早就要求你们删除我的资料，一直没人管。",
    ],
)
def test_who_asked_before_and_heard_nothing_reminds(text):
    assert classify("", text, "", load()).follow_up


@pytest.mark.parametrize("text", ["三个月前我注册了账号，现在请删除。", "请删除我去年登记的资料。"])
def test_a_time_that_passed_is_no_reminder_by_itself(text):
    assert not classify("", text, "", load()).follow_up


@pytest.mark.parametrize(
    "text",
    [
        "我的收货地址变了，昨天的订单能改一下吗？",
        "订单的收货地址写错了，帮我改一下。",
        "请把会议室的投影仪换掉。",
        "请帮我退订酒店。",
        "公司搬家了，新地址是科技路8号，请更新供应商资料。",
    ],
)
def test_the_address_of_an_order_and_a_thing_replaced_open_nothing(text):
    assert not opened(text)


@pytest.mark.parametrize(
    ("wish", "kind"),
    [
        ("请把我的{}清除干净。", "deletion"),
        ("我的{}不应该再留在你们系统里。", "deletion"),
        ("请把我的{}发我一份。", "copy"),
        ("请问谁看过我的{}？", "access"),
    ],
)
@pytest.mark.parametrize(
    "thing",
    [
        "居住证复印件",
        "監視錄影",
        "通話清單",
        "月经记录",
        "病歷摘要",
        "薪资单",
        "背调报告",
        "考卷",
        "试驾信息",
    ],
)
def test_whatever_is_held_about_a_person_is_known(wish, kind, thing):
    assert opened(wish.format(thing)) == {kind}


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("请删除我的证书。", "请删除证书。"),
        ("我的职位写错了，请更正。", "职位写错了，请更正。"),
        ("麻烦把我的签名撤下。", "帮我把文章撤下。"),
        ("我的成绩单请寄给我。", "我的成绩什么时候公布？"),
    ],
)
def test_what_need_not_be_personal_counts_where_it_is_called_ones_own(own, other):
    assert opened(own)
    assert not opened(other)


@pytest.mark.parametrize(
    "text",
    [
        "我的账号被封停了，怎么申诉解封？",
        "请派人看一下路由器，灯不亮。",
        "请寄一份样品到我的地址。",
        "登录的时候一直说密码错误。",
        "我们的测试账号不用了，请下架。",
    ],
)
def test_ordinary_mail_with_such_words_opens_nothing(text):
    assert not opened(text)


@pytest.mark.parametrize(
    "text",
    [
        "拜託把我的留言跟名字從那篇文章底下拿掉，公司同事都看到了。",
        "我的圖紋請塗銷，謝謝你們的幫忙。",
    ],
)
def test_words_that_both_scripts_write_alike_tell_no_script(text):
    assert classify("", text, "", load()).language == "zh-Hant"
