"""Letters in languages without a phrase file: who asks for deletion there comes to a person."""

import pytest

from dsr.intake.classify import classify
from dsr.rules.phrases import load

ASKING = [
    (
        "uk",
        (
            "Доброго дня! Прошу стерти всю інформацію про мене, яку ви "
            "зберігаєте, включно з номером телефону."
        ),
    ),
    (
        "uk",
        (
            "Вимагаю знищити мої персональні дані відповідно до статті 8 Закону "
            "України «Про захист персональних даних»."
        ),
    ),
    ("uk", "Більше не надсилайте мені рекламу і видаліть мене з бази."),
    ("da", "Hej, jeg vil gerne have slettet alt, hvad I har registreret om mig."),
    (
        "da",
        (
            "I henhold til artikel 17 i databeskyttelsesforordningen anmoder jeg "
            "om sletning af mine personoplysninger."
        ),
    ),
    ("da", "fjern mit navn og telefonnummer fra jeres system tak"),
    ("no", "Hei, jeg ønsker at dere sletter alt dere har lagret om meg."),
    (
        "no",
        (
            "Med hjemmel i personvernforordningen artikkel 17 krever jeg at mine "
            "personopplysninger slettes."
        ),
    ),
    ("no", "kan dere fjerne navnet og nummeret mitt fra registeret deres?"),
    ("fi", "Hei, pyydän että poistatte kaikki minua koskevat tiedot järjestelmistänne."),
    (
        "fi",
        (
            "Tietosuoja-asetuksen 17 artiklan nojalla vaadin henkilötietojeni "
            "poistamista viipymättä."
        ),
    ),
    ("fi", "poistakaa numeroni ja sähköpostini rekisteristänne"),
    ("hu", "Kérem, töröljenek minden rólam tárolt adatot a rendszerükből."),
    ("hu", "A GDPR 17. cikke alapján kérem személyes adataim haladéktalan törlését."),
    ("hu", "töröljék a telefonszámomat és az e-mail címemet légyszi"),
    ("sk", "Dobrý deň, prosím, vymažte všetko, čo o mne vo vašej databáze máte."),
    (
        "sk",
        ("Podľa článku 17 nariadenia GDPR žiadam o bezodkladné vymazanie mojich osobných údajov."),
    ),
    ("sk", "odstráňte moje číslo a meno z vášho systému"),
    ("ar", "السلام عليكم، أرجو حذف جميع بياناتي الشخصية من أنظمتكم."),
    ("ar", "بموجب نظام حماية البيانات الشخصية أطلب إتلاف كل المعلومات المتعلقة بي لديكم."),
    ("ar", "امسحوا رقمي واسمي من عندكم لو سمحتم"),
    ("he", "שלום, אני מבקש למחוק את כל המידע האישי שלי מהמערכות שלכם."),
    ("he", "בהתאם לחוק הגנת הפרטיות אני דורשת את מחיקת הנתונים האישיים שלי."),
    ("he", "תמחקו את הטלפון והשם שלי מהמאגר שלכם"),
    ("hi", "कृपया मेरी सारी व्यक्तिगत जानकारी अपने सिस्टम से हटा दें।"),
    (
        "hi",
        ("डिजिटल व्यक्तिगत डेटा संरक्षण अधिनियम की धारा 12 के तहत मैं अपना डेटा मिटाने का अनुरोध करता हूँ।"),
    ),
    ("hi", "मेरा नंबर और नाम अपने रिकॉर्ड से डिलीट कर दो"),
    ("th", "สวัสดีครับ ขอให้ลบข้อมูลส่วนบุคคลทั้งหมดของผมออกจากระบบของท่าน"),
    ("th", "ตามมาตรา 33 แห่ง พ.ร.บ. คุ้มครองข้อมูลส่วนบุคคล ดิฉันขอให้ทำลายข้อมูลของดิฉัน"),
    ("th", "ช่วยลบชื่อกับเบอร์โทรของฉันออกจากฐานข้อมูลด้วยค่ะ"),
    ("vi", "Xin chào, đề nghị công ty xóa toàn bộ thông tin của tôi khỏi hệ thống."),
    ("vi", "Căn cứ Nghị định 13/2023/NĐ-CP, tôi yêu cầu hủy dữ liệu cá nhân của tôi."),
    ("vi", "xoa so dien thoai va ten cua toi khoi danh sach di"),
    ("id", "Selamat siang, mohon semua informasi tentang saya dihapus dari sistem Anda."),
    (
        "id",
        (
            "Berdasarkan Undang-Undang Pelindungan Data Pribadi, saya meminta "
            "penghapusan data pribadi saya."
        ),
    ),
    ("id", "tolong hapus nomor dan nama saya dari daftar kalian"),
]
ORDINARY = [
    ("uk", "Добрий день, надсилаємо рахунок за липень, просимо оплатити до п'ятниці."),
    ("uk", "Коли буде доставлено моє замовлення номер 5512?"),
    ("uk", "Не можу увійти в застосунок, забув пароль. Допоможіть, будь ласка."),
    ("da", "Hermed fremsendes faktura for juli måned med betalingsfrist 14 dage."),
    ("da", "Hvornår kommer min pakke? Jeg har bestilt for to uger siden."),
    ("da", "Mødet på torsdag er flyttet til fredag kl. 10."),
    ("no", "Vedlagt følger faktura for juli, forfall om 14 dager."),
    ("no", "Når kommer pakken min? Den ble bestilt for to uker siden."),
    ("no", "Møtet på torsdag er flyttet til fredag klokka ti."),
    ("fi", "Liitteenä lasku heinäkuulta, eräpäivä 14 päivän kuluttua."),
    ("fi", "Milloin pakettini saapuu? Tilasin sen kaksi viikkoa sitten."),
    ("fi", "Torstain kokous on siirretty perjantaille kello kymmeneksi."),
    ("hu", "Mellékelten küldjük a júliusi számlát, fizetési határidő 14 nap."),
    ("hu", "Mikor érkezik meg a csomagom? Két hete rendeltem."),
    ("hu", "A csütörtöki értekezlet péntek tíz órára kerül át."),
    ("sk", "V prílohe posielame faktúru za júl so splatnosťou 14 dní."),
    ("sk", "Kedy príde môj balík? Objednal som si ho pred dvoma týždňami."),
    ("sk", "Štvrtkové stretnutie sa presúva na piatok o desiatej."),
    ("ar", "نرفق لكم فاتورة شهر يوليو، ونرجو السداد خلال أربعة عشر يوما."),
    ("ar", "متى يصل طلبي رقم 5512؟ مر أسبوعان."),
    ("ar", "تم تأجيل اجتماع الخميس إلى يوم الجمعة الساعة العاشرة."),
    ("he", "מצורפת חשבונית לחודש יולי, לתשלום תוך 14 יום."),
    ("he", "מתי תגיע ההזמנה שלי? עברו כבר שבועיים."),
    ("he", "הפגישה ביום חמישי נדחתה ליום שישי בעשר."),
    ("hi", "जुलाई माह का बिल संलग्न है, कृपया 14 दिन में भुगतान करें।"),
    ("hi", "मेरा ऑर्डर 5512 कब पहुँचेगा? दो हफ्ते हो गए।"),
    ("hi", "गुरुवार की बैठक अब शुक्रवार को दस बजे होगी।"),
    ("th", "แนบใบแจ้งหนี้ประจำเดือนกรกฎาคม กรุณาชำระภายใน 14 วัน"),
    ("th", "สินค้าที่สั่งไว้จะมาถึงเมื่อไรคะ สั่งไปสองอาทิตย์แล้ว"),
    ("th", "การประชุมวันพฤหัสบดีเลื่อนเป็นวันศุกร์เวลาสิบโมง"),
    ("vi", "Chúng tôi gửi kèm hóa đơn tháng 7, hạn thanh toán 14 ngày."),
    ("vi", "Khi nào đơn hàng 5512 của tôi được giao? Đã hai tuần rồi."),
    ("vi", "Cuộc họp thứ Năm dời sang thứ Sáu lúc mười giờ."),
    ("id", "Terlampir faktur bulan Juli, mohon dibayar dalam 14 hari."),
    ("id", "Kapan pesanan saya nomor 5512 sampai? Sudah dua minggu."),
    ("id", "Rapat hari Kamis dipindah ke hari Jumat pukul sepuluh."),
]


@pytest.mark.parametrize(("language", "text"), ASKING)
def test_who_asks_for_deletion_comes_to_a_person(language, text):
    found = classify("", text, "", load())
    assert found.kinds or found.smells, language


@pytest.mark.parametrize(("language", "text"), ORDINARY)
def test_ordinary_business_mail_comes_to_nobody(language, text):
    found = classify("", text, "", load())
    assert not found.kinds, language
    assert not found.smells, language
