"""A guarded line to a mail server: encrypted, bounded in bytes and in time. It reads no mail."""

import imaplib
import re
import ssl
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from time import monotonic
from typing import Any, NoReturn

from dsr.errors import SourceError, UsageError

MOST_LINE = 1_000_000  # bytes of one line
MOST_TALK = 4 << 20  # bytes of an answer that holds no mail
_CHUNK = 1 << 16  # bytes at a time
_FAREWELL = 2.0  # seconds
_MOST_LINES = 250_000  # of one answer: each has its price in memory
_PATIENCE = 5  # times the timeout, and once more for each MiB: how long an answer may drip

#: What a refusal may be told by (RFC 5530); a server's own words could quote what it was sent.
_CODES = (
    *("UNAVAILABLE", "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED"),
    *("CONTACTADMIN", "NOPERM", "INUSE", "LIMIT", "OVERQUOTA", "NONEXISTENT", "TRYCREATE"),
)
_TRUST = "have its certificate renewed, or name the office's own authority: SSL_CERT_FILE=FILE"
_AGAIN = "what was kept stays kept; run it again"
_LOGIN = "look at the user and the password; Microsoft and Google want --oauth, or a password of "
_LOGIN += "their own for programs"


class Wire(StrEnum):
    """How the line is protected: from its first byte, before the login, or not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks, and by what; neither is ever shown.

    Attributes:
        user: The user's name on the server.
        secret: The password, or the token of OAuth.
        oauth: Whether it is a token.
    """

    user: str
    secret: str
    oauth: bool = False

    def __repr__(self) -> str:
        return "Login(***)"


class Line(imaplib.IMAP4):
    """A connection that reads no more than it was told to expect, and not for ever."""

    def __init__(self, host: str, port: int, *, timeout: float, **named: Any) -> None:
        self.where = f"{host}:{port}"
        self._seconds = timeout
        self._held = bytearray()
        self._of: object = None
        self.allow(MOST_TALK)
        super().__init__(host, port, timeout=timeout, **named)

    def allow(self, size: int, *, line: int = MOST_LINE) -> None:
        """Say how many bytes the next answer may have, and each of its lines."""
        self.untagged_responses = {}  # else what nobody asked for would pile up
        self._room, self._longest, self._lines = size, line, 0
        self._until = monotonic() + (_PATIENCE + size / (1 << 20)) * self._seconds

    def leave(self) -> None:
        """Say goodbye, and wait for no long answer."""
        self.sock.settimeout(_FAREWELL)
        self.allow(MOST_TALK)
        self._until = monotonic() + _FAREWELL
        self.logout()

    def read(self, size: int) -> bytes:
        """Read a literal whole, or fail: half of one is no mail."""
        if size > self._room:
            self._fail("sends more than was asked for")
        self._drop_what_came_open()
        parts: list[bytes] = []
        while size:
            if not self._held:
                self._receive()
            part = bytes(self._held[:size])
            del self._held[: len(part)]
            self._room -= len(part)
            size -= len(part)
            parts.append(part)
        return b"".join(parts)

    def readline(self) -> bytes:
        """Read a line, which is never longer than a line may be."""
        self._drop_what_came_open()
        self._lines += 1
        if self._lines > _MOST_LINES:
            self._fail("sends more than was asked for")
        looked, longest = 0, min(self._longest, self._room)
        while (end := self._held.find(b"\n", looked)) < 0:
            looked = len(self._held)
            if looked > longest:
                break
            self._receive()
        if max(end, looked) >= longest:
            self._fail("sends a line that is too long")
        line = bytes(self._held[: end + 1])
        del self._held[: end + 1]
        self._room -= len(line)
        return line

    def _drop_what_came_open(self) -> None:
        """Forget what came before the line was encrypted: it is nobody's word."""
        if self._of is not self.sock:
            self._held.clear()
            self._of = self.sock

    def _receive(self) -> None:
        if monotonic() > self._until:
            self._fail("answers too slowly")
        received = self.sock.recv(_CHUNK)
        if not received:
            self._fail("ended the connection in the middle of its answer")
        self._held += received

    def _fail(self, what: str) -> NoReturn:
        raise SourceError(f"{self.where} {what}", hint=_AGAIN)


class _Encrypted(Line, imaplib.IMAP4_SSL):
    """A line that is encrypted from its first byte."""


def connect(host: str, port: int, wire: Wire, timeout: float) -> Line:
    """Return a line to a server whose certificate is trusted; nobody is logged in yet.

    Raises:
        SourceError: It does not answer, is no IMAP server, or is not the one it should be.
        UsageError: The line would carry the password in the open.
    """
    where = f"{host}:{port}"
    with plain_errors(where):
        context = ssl.create_default_context()
        if wire is Wire.TLS:
            line: Line = _Encrypted(host, port, ssl_context=context, timeout=timeout)
        else:
            line = Line(host, port, timeout=timeout)
        try:
            if wire is Wire.STARTTLS:
                _encrypt(line, context)
            elif wire is Wire.PLAIN:
                _stay_here(line)
        except BaseException:
            close(line)
            raise
    return line


def _stay_here(line: Line) -> None:
    if not ip_address(line.sock.getpeername()[0]).is_loopback:
        what = "a line in plain text is for this machine only"
        raise UsageError(what, hint="write imaps://")


def _encrypt(line: Line, context: ssl.SSLContext) -> None:
    if "STARTTLS" not in line.capabilities:
        raise SourceError(f"{line.where} offers no encryption", hint="try imaps://")
    line.starttls(context)


def log_in(line: Line, login: Login) -> frozenset[str]:
    """Log in and return what the server can do for this user, in capitals.

    Raises:
        SourceError: The login is refused; nothing of it is repeated.
    """
    line.allow(MOST_TALK)
    user, secret = login.user, login.secret
    with plain_errors(line.where):
        try:
            if login.oauth:
                token = f"user={user}\1auth=Bearer {secret}\1\1".encode()
                answers = iter((token,))  # what comes next is why not; an empty answer ends it
                line.authenticate("XOAUTH2", lambda _: next(answers, b""))
            elif (user + secret).isascii() and "LOGINDISABLED" not in line.capabilities:
                line.login(_quoted(user), secret)
            else:
                line.authenticate("PLAIN", lambda _: f"\0{user}\0{secret}".encode())
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            what = f"{line.where} refuses the login{code_in(error)}"
            raise SourceError(what, hint=_LOGIN) from None
        told = [each for each in line.capability()[1] if each]
        able = frozenset(b" ".join(told).decode("ascii", "replace").upper().split())
        if "ID" in able:  # 163.com and its sisters open no folder for a program without a name
            with suppress(imaplib.IMAP4.error):
                line.xatom("ID", '("name" "dsr")')
    return able


def close(line: Line) -> None:
    """End a session; a server that is gone already is no news."""
    with suppress(imaplib.IMAP4.error, OSError, SourceError, ValueError):
        line.leave()
    with suppress(OSError, ValueError):
        line.shutdown()


@contextmanager
def plain_errors(where: str) -> Iterator[None]:
    """Turn what goes wrong on a line into our errors, without the words of the server."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        what = f"{where}: its certificate is not trusted ({error.verify_message})"
        raise SourceError(what, hint=_TRUST) from None
    except ssl.SSLError:
        what = f"{where}: no encrypted line could be had"
        raise SourceError(what, hint="is this the port for imaps?") from None
    except TimeoutError:
        raise SourceError(f"{where} does not answer in time", hint=_AGAIN) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise SourceError(f"{where} cannot be reached ({why})", hint=_AGAIN) from None
    except imaplib.IMAP4.abort:
        raise SourceError(f"{where} ended the session, or speaks no IMAP", hint=_AGAIN) from None
    except imaplib.IMAP4.error as error:
        what = f"{where} does not do what was asked{code_in(error)}"
        raise SourceError(what, hint=_AGAIN) from None
    except (UnicodeError, LookupError, ValueError):
        raise SourceError(f"{where} answers what cannot be read", hint=_AGAIN) from None


def code_in(answer: object) -> str:
    """Return the known code of a refusal, in brackets, or nothing."""
    found = re.search(r"\[([A-Z-]+)[ \]]", str(answer))
    return f" ({found[1]})" if found and found[1] in _CODES else ""


def wire_name(folder: str) -> str:
    """Return a folder's name as it is sent: in modified UTF-7 (RFC 3501 §5.1.3), in quotes."""
    parts = re.split(r"([^ -~]+)", folder)
    for odd in range(0, len(parts), 2):
        parts[odd] = parts[odd].replace("&", "&-")
    for odd in range(1, len(parts), 2):
        parts[odd] = _shifted(parts[odd])
    return _quoted("".join(parts))


def _shifted(text: str) -> str:
    coded = b64encode(text.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
    return f"&{coded.decode('ascii')}-"


def read_name(sent: str) -> str:
    """Return a folder's name as people read it; what is no modified UTF-7 stays as it is."""
    try:
        return re.sub(r"&([^-]*)-", _unshifted, sent)
    except ValueError:
        return sent


def _unshifted(found: re.Match[str]) -> str:
    coded = found[1].replace(",", "/")
    coded += "=" * (-len(coded) % 4)
    return b64decode(coded, validate=True).decode("utf-16-be") if coded else "&"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
