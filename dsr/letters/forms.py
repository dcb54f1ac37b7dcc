"""The forms in which a letter is read: the same words each time."""

from enum import StrEnum


class Form(StrEnum):
    """How a letter is laid down or shown; its value is the file's ending."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"

    @property
    def ending(self) -> str:
        """The end of the file's name."""
        return ".txt" if self is Form.TEXT else f".{self}"


def in_form(form: Form, letter: tuple[str, str], *, language: str, sha256: str) -> bytes:
    """Return a letter in a form, in UTF-8 or as a PDF.

    Args:
        form: Which.
        letter: Its subject and its text, as frozen.
        language: Of the letter, `en` or `zh`.
        sha256: Of the letter; it stands in the page's head.

    Raises:
        ConfigError: It is to be a PDF, and none can be made here.
    """
    from dsr.letters.page import page
    from dsr.letters.printed import pdf

    subject, text = letter
    if form is Form.TEXT:
        return f"{subject}\n\n{text}".encode()
    html = page(subject, text, language=language, sha256=sha256)
    return pdf(html) if form is Form.PDF else html


def forms_here() -> tuple[Form, ...]:
    """Return the forms that can be made here: a PDF where the library for it is."""
    from dsr.letters.printed import lacking

    return tuple(form for form in Form if form is not Form.PDF or lacking() is None)
