"""Facts of a whole case, in both languages. DSR_UPDATE_GOLDEN=1 writes the golden letters anew."""

import os
from datetime import date
from pathlib import Path

import pytest

from dsr.domain.vocabulary import ClockMode, SearchResult, TaskState
from dsr.letters.enclosed import AnswerFacts, PackageFacts, ToldFacts
from dsr.letters.facts import (
    ActionFacts,
    ChangeFacts,
    CompanyFacts,
    ConsentFacts,
    HoldingFacts,
    IdentifierFacts,
    ItemFacts,
    LetterFacts,
    RecipientFacts,
    TicketFacts,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "letters"

ENGLISH_COMPANY = CompanyFacts(
    name="Example Digital Co., Ltd.",
    phone="+86 400 000 0000",
    email="privacy@example.com",
    address="1 Example Road, Jing'an District, Shanghai, China",
    court="the Shanghai Jing'an District People's Court",
    authority="the Cyberspace Administration of Shanghai",
    contact_role="Personal information protection officer",
    policy_title="Privacy Policy",
    policy_version="1 November 2021",
)
CHINESE_COMPANY = CompanyFacts(
    name="示例数字科技有限公司",
    phone="+86 400 000 0000",
    email="privacy@example.com",
    address="中国上海市静安区示例路1号",
    court="上海市静安区人民法院",
    authority="上海市互联网信息办公室",
    contact_role="个人信息保护负责人",
    policy_title="隐私政策",
    policy_version="2021年11月1日",
)


def _shared(company):
    return {
        "reference": "DSR-42",
        "written_on": date(2026, 11, 23),
        "company": company,
        "received_on": date(2026, 11, 12),
        "due_on": date(2026, 12, 3),
        "reply_by_on": date(2026, 12, 12),
        "asked_on": date(2026, 11, 13),
        "clock_mode": ClockMode.SUSPEND,
        "answer_latest_on": date(2027, 1, 12),
        "as_of_on": date(2026, 11, 18),
        "new_due_on": date(2027, 2, 12),
        "stop_on": date(2026, 11, 20),
        "lifted_on": date(2026, 11, 26),
        "until_on": date(2027, 1, 31),
        "backup_on": date(2026, 12, 31),
        "record_until_on": date(2029, 11, 23),
        "earlier_reference": "DSR-17",
        "earlier_on": date(2026, 10, 8),
        "withdrawn_on": date(2026, 11, 20),
        "forwarded_on": date(2026, 11, 16),
        "review_result": "changed",
        "complaint_result": "partly_upheld",
        "judged_apart": True,
        "minor": True,
        "provisional": True,
    }


def _english():
    return LetterFacts(
        **_shared(ENGLISH_COMPANY),
        kind_name="access",
        right_citation="PIPL Art. 45; section 5.1 of our Privacy Policy",
        remedies=(
            "You may complain to a department in charge of personal information (PIPL Art. 65).",
            "You may bring a lawsuit in a people's court (PIPL Art. 50(2)).",
        ),
        salutation="Ms Li",
        on_behalf_of="Li Xiaoming",
        decided_by="Personal information protection officer, with the legal department",
        tickets=(
            TicketFacts("DSR-42", "access", "PIPL Art. 45", date(2026, 12, 12)),
            TicketFacts("DSR-43", "deletion", "PIPL Art. 47", date(2026, 11, 20)),
            TicketFacts(
                "DSR-45",
                "stop of marketing",
                "PIPL Art. 24(2)",
                date(2026, 12, 3),
                act_by_on=date(2026, 11, 24),
            ),
            TicketFacts("DSR-46", "explanation", "PIPL Art. 48", date(2026, 12, 3), ended=True),
        ),
        linked=("DSR-44: withdrawal of consent to marketing",),
        items=(
            ItemFacts("Contact details", "granted", result="erased", done_on=date(2026, 11, 20)),
            ItemFacts(
                "Invoices",
                "kept",
                reason="Accounting records must be kept for the statutory period.",
                ground_name="a duty under law",
                policy_section="5.8(a)",
                citation="Accounting Law Art. 23",
                until_on=date(2036, 12, 31),
                to_stop=True,
                stopped_on=date(2026, 11, 20),
            ),
            ItemFacts(
                "Call recordings of 2019",
                "refused",
                reason="They lie on tapes that can no longer be read without a new system.",
                ground_name="too much technology is needed",
                policy_section="5.8",
                citation="GB/T 35273-2020 8.7 d)",
                alternative="a list of the calls with date and length",
                soft=True,
            ),
        ),
        holdings=(
            HoldingFacts(
                "Customer relations",
                "Contacts",
                category="identity",
                purpose="answering enquiries",
                basis="consent (PIPL Art. 13(1)(1))",
                retention="two years after the last contact",
                origin="the form that you filled in on 3 May 2025",
                rows=1,
                recipients=("Example SMS Ltd.", "Example Live Ltd."),
                method="stored and looked up by our staff",
            ),
            HoldingFacts("Shop", "Orders", result=SearchResult.NONE),
            HoldingFacts("Archive", "Recordings", result=SearchResult.FAILED),
            HoldingFacts("Events", "Guests", result=SearchResult.NOT_ASKED),
        ),
        recipients=(
            RecipientFacts(
                "Example SMS Ltd.", "dpo@sms.example", date(2026, 11, 20), TaskState.DONE
            ),
            RecipientFacts("Example Live Ltd.", "", date(2026, 11, 19), TaskState.REMINDED),
            RecipientFacts("Example Post Ltd."),
            RecipientFacts(
                "Example Bank",
                result=TaskState.EXCEPTED,
                exception="it has its own authorisation (section 5.3 of our Privacy Policy)",
            ),
        ),
        actions=(
            ActionFacts("Newsletter list", date(2026, 11, 19), "the address was removed"),
            ActionFacts("Account closed", date(2026, 11, 20)),
        ),
        changes=(
            ChangeFacts("Telephone", "+86 138 0000 0000", "+86 139 0000 0000", "your statement"),
            ChangeFacts("Department", "", "Purchasing"),
        ),
        consents=(
            ConsentFacts("newsletter", "Example SMS Ltd.", "2025-01", date(2025, 5, 3)),
            ConsentFacts("event invitations"),
        ),
        package=PackageFacts(
            file_name="DSR-42.zip",
            sha256="0" * 63 + "1",
            size=12_400_000,
            files=("index.html: for reading", "data.json and CSV: for other programs"),
            tools=("7-Zip", "WinZip", "Keka"),
            passphrase_channel="by SMS to the number that you confirmed",
            rows=318,
            redacted=2,
            available_until_on=date(2026, 12, 23),
        ),
        authority_asked=("a power of attorney", "the guardian's document"),
        proofs_asked=(
            "the code that we send to your telephone",
            "two facts from your account, for example its opening month",
        ),
        safe_channel="the reply link in this message",
        question="Do you mean the account of your company,\n\nor your own login?",
        reason="The search covers many systems,\nand some of them hold scanned paper.",
        answer="We use your contact details to answer you.\n\nWe do not sell them.",
        measures=("The system was added to the search.",),
        finding="The deletion had missed one system.\n\nIt has been carried out now.",
        scope_name="use of your information for marketing",
        continuing=("your account", "invoices"),
        ending=("recommendations, which are computed from the information",),
        consequences=("Open vouchers expire.",),
        account="li.x*****",
        decision_logic=("pages visited in the last 90 days", "industry of the company"),
        decision_effects=("You see other offers than others; nothing else follows from it.",),
        data_used=("browsing records", "company name"),
        told=(ToldFacts("once", "You may ask once a year, free of charge."),),
        decisions_note="Our policy says where decisions are made by automated means.",
        transfers_note="Our policy says where information is stored.",
        transfers=("Singapore, under the standard contract filed with the authority.",),
        searched_by=("e-mail address", "telephone number"),
        client_name="Example Retail Co., Ltd.",
        client_contact="privacy@retail.example",
        recipient_name="Example SMS Ltd.",
        identifiers=(IdentifierFacts("E-mail", "li@example.org"),),
        to_correct=(
            ChangeFacts("Mobile number", "+86 136 0000 0000", "+86 137 0000 0000"),
            ChangeFacts("Job title", "", "Buyer"),
        ),
        to_erase=("Contact details", "Campaign events"),
        not_to_erase=("Invoices",),
        concerned=("Browsing records",),
        transfer_to="Example Cloud Ltd., portability@cloud.example",
        parts=(
            AnswerFacts("Answer to your request for access (DSR-42)", "We hold one contact."),
            AnswerFacts(
                "Your withdrawal has taken effect (DSR-45)",
                "It took effect on 20 November 2026.\n\nYour services go on.",
            ),
        ),
    )


def _chinese():
    return LetterFacts(
        **_shared(CHINESE_COMPANY),
        kind_name="查阅",
        right_citation="《个人信息保护法》第四十五条；本公司《隐私政策》第5.1条",
        remedies=(
            "您可以向履行个人信息保护职责的部门投诉、举报（《个人信息保护法》第六十五条）。",
            "您可以依法向人民法院提起诉讼（《个人信息保护法》第五十条第二款）。",
        ),
        salutation="李女士",
        on_behalf_of="李小明",
        decided_by="个人信息保护负责人会同法务部门",
        tickets=(
            TicketFacts("DSR-42", "查阅", "《个人信息保护法》第四十五条", date(2026, 12, 12)),
            TicketFacts("DSR-43", "删除", "《个人信息保护法》第四十七条", date(2026, 11, 20)),
            TicketFacts(
                "DSR-45",
                "拒绝信息推送、商业营销",
                "《个人信息保护法》第二十四条第二款",
                date(2026, 12, 3),
                act_by_on=date(2026, 11, 24),
            ),
            TicketFacts(
                "DSR-46",
                "解释说明",
                "《个人信息保护法》第四十八条",
                date(2026, 12, 3),
                ended=True,
            ),
        ),
        linked=("DSR-44：撤回对商业营销的同意",),
        items=(
            ItemFacts("联系方式", "granted", result="已删除", done_on=date(2026, 11, 20)),
            ItemFacts(
                "发票",
                "kept",
                reason="会计资料须在法定期限内保存。",
                ground_name="与履行法律法规规定的义务相关",
                policy_section="5.8(a)",
                citation="《会计法》第二十三条",
                until_on=date(2036, 12, 31),
                to_stop=True,
                stopped_on=date(2026, 11, 20),
            ),
            ItemFacts(
                "2019年的通话录音",
                "refused",
                reason="录音存于磁带，不开发新系统已无法读取。",
                ground_name="需要过多技术手段",
                policy_section="5.8",
                citation="GB/T 35273-2020第8.7条d)项",
                alternative="提供载有日期和时长的通话清单",
                soft=True,
            ),
        ),
        holdings=(
            HoldingFacts(
                "客户关系系统",
                "联系人",
                category="个人身份信息",
                purpose="答复咨询",
                basis="同意（《个人信息保护法》第十三条第一款第一项）",
                retention="最后一次联系后两年",
                origin="您于2025年5月3日填写的表单",
                rows=1,
                recipients=("示例短信有限公司", "示例直播有限公司"),
                method="由我们的员工存储和查询",
            ),
            HoldingFacts("商城", "订单", result=SearchResult.NONE),
            HoldingFacts("档案", "录音", result=SearchResult.FAILED),
            HoldingFacts("活动", "来宾", result=SearchResult.NOT_ASKED),
        ),
        recipients=(
            RecipientFacts(
                "示例短信有限公司", "dpo@sms.example", date(2026, 11, 20), TaskState.DONE
            ),
            RecipientFacts("示例直播有限公司", "", date(2026, 11, 19), TaskState.REMINDED),
            RecipientFacts("示例邮递有限公司"),
            RecipientFacts(
                "示例银行",
                result=TaskState.EXCEPTED,
                exception="该机构已获得相关个人的独立授权（本公司《隐私政策》第5.3条）",
            ),
        ),
        actions=(
            ActionFacts("通讯名单", date(2026, 11, 19), "已移除该邮箱地址"),
            ActionFacts("账号已关闭", date(2026, 11, 20)),
        ),
        changes=(
            ChangeFacts("电话", "+86 138 0000 0000", "+86 139 0000 0000", "您的说明"),
            ChangeFacts("部门", "", "采购部"),
        ),
        consents=(
            ConsentFacts("发送资讯", "示例短信有限公司", "2025-01", date(2025, 5, 3)),
            ConsentFacts("活动邀请"),
        ),
        package=PackageFacts(
            file_name="DSR-42.zip",
            sha256="0" * 63 + "1",
            size=12_400_000,
            files=("index.html：供阅读", "data.json和CSV：供其他软件读取"),
            tools=("7-Zip", "Bandizip", "Keka"),
            passphrase_channel="以短信发送至您已确认的号码",
            rows=318,
            redacted=2,
            available_until_on=date(2026, 12, 23),
        ),
        authority_asked=("授权委托书", "监护关系证明"),
        proofs_asked=("我们发送至您手机的验证码", "您账号中的两项信息，例如注册月份"),
        safe_channel="本函件中的回复链接",
        question="您指的是贵公司的账号，\n\n还是您本人的登录账号？",
        reason="查找涉及多个系统，\n其中部分为纸质扫描件。",
        answer="我们使用您的联系方式答复您的咨询。\n\n我们不出售您的联系方式。",
        measures=("已将该系统纳入查找范围。",),
        finding="此前的删除遗漏了一个系统。\n\n现已完成删除。",
        scope_name="停止将您的个人信息用于商业营销",
        continuing=("您的账号", "发票服务"),
        ending=("根据您的信息计算的推荐功能",),
        consequences=("未使用的优惠券失效。",),
        account="li.x*****",
        decision_logic=("最近90天浏览的页面", "公司所属行业"),
        decision_effects=("您看到的优惠信息与他人不同，不产生其他后果。",),
        data_used=("浏览记录", "公司名称"),
        told=(ToldFacts("once", "您每年可以免费请求一次。"),),
        decisions_note="我们的隐私政策说明了自动化决策的情形。",
        transfers_note="我们的隐私政策说明了个人信息的存储地点。",
        transfers=("新加坡，已订立标准合同并向主管部门备案。",),
        searched_by=("电子邮箱", "电话号码"),
        client_name="示例零售有限公司",
        client_contact="privacy@retail.example",
        recipient_name="示例短信有限公司",
        identifiers=(IdentifierFacts("电子邮箱", "li@example.org"),),
        to_correct=(
            ChangeFacts("手机号码", "+86 136 0000 0000", "+86 137 0000 0000"),
            ChangeFacts("职务", "", "采购员"),
        ),
        to_erase=("联系方式", "活动记录"),
        not_to_erase=("发票",),
        concerned=("浏览记录",),
        transfer_to="示例云有限公司，portability@cloud.example",
        parts=(
            AnswerFacts("关于您查阅个人信息请求的答复（DSR-42）", "我们持有您的一条联系人记录。"),
            AnswerFacts(
                "关于您撤回同意请求的答复（DSR-45）",
                "您的请求已于2026年11月20日生效。\n\n您的服务不受影响。",
            ),
        ),
    )


@pytest.fixture(scope="session")
def full_facts():
    """Facts in which every field is filled, by language."""
    return {"en": _english(), "zh": _chinese()}


@pytest.fixture(scope="session")
def matches_golden():
    """Compare a letter with the stored one, or store it where the environment asks for it."""

    def compare(language, name, composed):
        place = GOLDEN / language / f"{name}.txt"
        whole = f"{composed.subject}\n\n{composed.text}"
        if os.environ.get("DSR_UPDATE_GOLDEN") == "1":
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(whole, encoding="utf-8")
        return place.read_text(encoding="utf-8") == whole

    return compare
