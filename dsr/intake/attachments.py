"""What came with a mail: listed under a safe name, never opened, unpacked or run."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from email.message import Message as Part

from dsr.intake.decode import decode_header

_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff<>:\"|?*]"
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?=\.|$)")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}$")
_IDENTITY = re.compile(
    r"身份证|身分證|身份証|护照|護照|户口|戶口|驾驶证|驾照|駕照|居住证|居留證|通行证|通行證|出生证|出生證"
    r"|passport|\bid[ _-]?(card|proof|scan|copy|photo|front|back)"
    r"|identity[ _-]?(card|paper|document|proof)|proof of identity|birth certificate"
    r"|driv(er|ing)'?s?[ _-]?licen[cs]e|residence permit|national[ _-]id|personalausweis"
    r"|reisepass|carte d'identité|passeport"
    r"|\bdni\b|\bnie\b|マイナンバー|運転免許証|パスポート|주민등록증|여권"
)
_PICTURES = ("image/", "application/pdf", "application/octet-stream")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment, as it is listed.

    Attributes:
        name: Its name, made safe to show and to write.
        media_type: What the mail says it is.
        size: Bytes, decoded.
        sha256: Of those bytes.
        identity_paper: Its name, or the mail's text, suggests a copy of an identity paper.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    identity_paper: bool


def attachment(part: Part, name: str, number: int) -> Attachment:
    """Return what is listed of one part.

    Args:
        part: The part; its bytes are decoded to be measured and are not kept.
        name: As the mail gives it, undecoded; empty if it gives none.
        number: Which attachment of the mail it is, for one without a name.
    """
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    shown = safe_name(name) or f"attachment-{number}"
    return Attachment(
        name=shown,
        media_type=_UNSAFE.sub("", part.get_content_type())[:_LONGEST],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        identity_paper=speaks_of_identity(shown),
    )


def speaks_of_identity(text: str) -> bool:
    """Say whether a text names a kind of identity paper."""
    return bool(_IDENTITY.search(text.lower()))


def is_picture(media_type: str) -> bool:
    """Say whether an attachment could be a scan."""
    return media_type.startswith(_PICTURES)


def safe_name(name: str) -> str:
    """Return a file name that hides nothing and leads nowhere: no path, no control, no device."""
    name = unicodedata.normalize("NFC", decode_header(_CONTROLS.sub("", name), 2_000))
    name = _UNSAFE.sub("", name.replace("\\", "/")).rpartition("/")[2]
    return _fit(_DEVICE.sub(r"_\1", name.strip(" .")))


def _fit(name: str) -> str:
    """Cut a name to 120 bytes and keep its last extension."""
    if len(name.encode()) <= _LONGEST:
        return name
    found = _EXTENSION.search(name)
    extension = found[0] if found else ""
    stem = name[: len(name) - len(extension)].encode()[: _LONGEST - len(extension)]
    return stem.decode("utf-8", "ignore") + extension
