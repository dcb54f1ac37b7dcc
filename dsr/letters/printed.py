"""A letter's page as a PDF to print. It fetches nothing: a page that asks for a file gets none."""

from functools import cache
from importlib import import_module

from dsr.errors import ConfigError

#: How the library that prints comes to be there.
INSTALL = 'pip install "dsr[pdf]"'


@cache
def lacking() -> str | None:
    """Return why no PDF can be made here, or None where one can."""
    try:
        import_module("weasyprint")
    except ModuleNotFoundError:
        return "WeasyPrint is not installed"
    except OSError:  # it is, and a library of the system that it needs is not
        return "WeasyPrint does not find Pango, a library of the system"
    return None


def pdf(html: bytes) -> bytes:
    """Return a page as a PDF.

    Raises:
        ConfigError: WeasyPrint is not there.
    """
    if (why := lacking()) is not None:
        raise ConfigError(f"no PDF can be made: {why}", hint=INSTALL)
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    nothing = URLFetcher(allowed_protocols=())  # whatever is asked for is refused
    made = HTML(string=html.decode(), url_fetcher=nothing, base_url=None).write_pdf()
    assert isinstance(made, bytes)
    return made
