"""Letters as they are read, before or after they are frozen: shown, or laid down for reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dsr.errors import ConfigError
from dsr.letters.forms import Form, forms_here, in_form
from dsr.services import letters
from dsr.services.desk import Desk
from dsr.services.laying import lay
from dsr.services.letters import LetterRequest


@dataclass(frozen=True, slots=True)
class Read:
    """A letter that is read.

    Attributes:
        stem: The name of its files, without an ending.
    """

    stem: str
    subject: str
    text: str
    language: str
    sha256: str

    def words(self) -> dict[str, str]:
        """Return it as it is shown."""
        return {
            "subject": self.subject,
            "text": self.text,
            "language": self.language,
            "sha256": self.sha256,
        }


def previewed(desk: Desk, number: int, request: LetterRequest) -> list[Read]:
    """Return a letter as it would be today; nothing is stored.

    Raises:
        NotAllowedError: A fact that the letter cannot do without is missing; it is named.
        NotFoundError: There is no such ticket.
    """
    text = letters.preview(desk, number, request)
    language = letters.language_of(desk, number, request.language)
    stem = f"DSR-{number}-{request.name}-preview"
    return [Read(stem, text.subject, text.text, language, text.sha256)]


def frozen(desk: Desk, number: int, request: LetterRequest) -> list[Read]:
    """Return the last frozen letter of a name; of a letter to recipients, each one's.

    Raises:
        NotFoundError: The ticket has no such letter yet.
    """
    rows = letters.frozen(desk, number, request.name)
    return [
        Read(f"DSR-{number}-{row.name}-{row.id}", row.subject, row.text, row.language, row.sha256)
        for row in rows
    ]


def in_form_of(read: Read, form: Form) -> bytes:
    """Return a letter in a form.

    Raises:
        ConfigError: It is to be a PDF, and none can be made here.
    """
    words = (read.subject, read.text)
    return in_form(form, words, language=read.language, sha256=read.sha256)


def lay_read(found: Sequence[Read], form: Form | None, folder: Path) -> list[Path]:
    """Lay letters down for reading, in one form or in every one that can be made here.

    Raises:
        ConfigError: The folder cannot be written, or no PDF can be made here.
        ConflictError: What is there in the place of one is no file of ours.
    """
    files = []
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for read in found:
            for each in (form,) if form else forms_here():
                files.append(folder / f"{read.stem}{each.ending}")
                lay(files[-1], in_form_of(read, each))
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written: {error.strerror}") from None
    return files
