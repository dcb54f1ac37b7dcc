"""What came with a mail: listed under a safe name, never opened, unpacked or run."""

import binascii
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from email.message import Message as Part

from dsr.intake.decode import decode_header
from dsr.rules.folding import fold
from dsr.rules.naming import identity_paper

_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff<>:\"|?*]"
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?=\.|$)")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}$")
_PICTURES = ("image/", "application/pdf", "application/octet-stream")
_LONGEST = 120  # bytes of a name in UTF-8
_LARGE = 1 << 20  # beyond, a part is measured in pieces of so many characters


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
    size, digest = _measured(part)
    shown = safe_name(name) or f"attachment-{number}"
    return Attachment(
        name=shown,
        media_type=_UNSAFE.sub("", part.get_content_type())[:_LONGEST],
        size=size,
        sha256=digest,
        identity_paper=speaks_of_identity(shown),
    )


def _measured(part: Part) -> tuple[int, str]:
    """Return how many bytes a part has, and their SHA-256."""
    text = _base64_of(part)
    if len(text) > _LARGE and (found := _in_pieces(text)):
        return found
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    return len(data), hashlib.sha256(data).hexdigest()


def _base64_of(part: Part) -> str:
    """Return the letters of base64 as they stand; none where it is something else."""
    if str(part["content-transfer-encoding"]).strip().lower() != "base64":
        return ""
    try:
        text = part.get_payload()
    except ValueError:  # its charset is no name: "\0"
        return ""
    return text if isinstance(text, str) else ""


def _in_pieces(text: str) -> tuple[int, str] | None:
    """Measure flawless base64 without ever holding all of it; None where it is something else."""
    digest, size, rest = hashlib.sha256(), 0, ""
    for start in range(0, len(text), _LARGE):
        if rest.endswith("="):
            return None
        piece = rest + text[start : start + _LARGE].replace("\n", "").replace("\r", "")
        cut = max(0, (len(piece) - 1) // 4 * 4)  # the last four may end in a filler
        try:
            data = binascii.a2b_base64(piece[:cut], strict_mode=True)
        except ValueError:
            return None
        if "=" in piece[:cut]:
            return None
        digest.update(data)
        size, rest = size + len(data), piece[cut:]
    try:
        data = binascii.a2b_base64(rest, strict_mode=True)
    except ValueError:
        return None
    digest.update(data)
    return size + len(data), digest.hexdigest()


def speaks_of_identity(text: str) -> bool:
    """Say whether a text names a kind of identity paper."""
    return bool(identity_paper().search(fold(text)))


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
