"""A folder on a mail server, as a URL names it. Nothing here asks a server."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from dsr.errors import UsageError
from dsr.intake.imap_line import Wire

SCHEMES = ("imaps://", "imap://")
FORM = "imaps://USER@HOST[:PORT]/FOLDER, %40 for an @ in USER"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder on a server, as a URL names it.

    Attributes:
        wire: How the line to it is protected.
    """

    user: str
    host: str
    port: int
    folder: str
    wire: Wire

    @property
    def account(self) -> str:
        """Whose mailbox it is: the user and the server."""
        return f"{self.user}@{self.host}:{self.port}"

    @property
    def name(self) -> str:
        """The folder as results and errors name it: without the user."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 993 if self.wire is Wire.TLS else 143
        port = "" if self.port == usual else f":{self.port}"
        return f"{'imaps' if self.wire is Wire.TLS else 'imap'}://{host}{port}/{self.folder}"


def is_url(source: str) -> bool:
    """Say whether a source is a mail server's."""
    return source.lower().startswith(SCHEMES)


def place_of(url: str, *, plain: bool = False) -> Place:
    """Return the folder that a URL names; without one, INBOX.

    Args:
        url: As `FORM` says; the folder may be written as people read it.
        plain: Whether ``imap://`` stays in plain text, which this machine alone may be asked for.

    Raises:
        UsageError: It is no such URL, or has a password in it.
    """
    try:
        parts = urlsplit(url)
        user, host, port = unquote(parts.username or ""), parts.hostname or "", parts.port
        folder = unquote(parts.path[1:], errors="strict") or "INBOX"
    except ValueError:
        raise UsageError("the mailbox's URL cannot be read", hint=FORM) from None
    if parts.password is not None:
        hint = "take it out: --password-file FILE, or the setting imap_password"
        raise UsageError("a password has no place in a command line", hint=hint)
    if not user or not host or re.search(r"[\x00-\x1f\x7f]", user + host + folder):
        raise UsageError("the mailbox's URL names no user or no server", hint=FORM)
    if parts.query or parts.fragment:
        raise UsageError("the mailbox's URL has more than a folder", hint=f"{FORM}; %3F for a ?")
    secure = parts.scheme.lower() == "imaps"
    wire = Wire.TLS if secure else Wire.PLAIN if plain else Wire.STARTTLS
    return Place(user, host, port or (993 if secure else 143), folder, wire)
