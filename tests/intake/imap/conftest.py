"""Two mail servers on this machine: a real Dovecot, and one that fails as it is told."""

import grp
import imaplib
import os
import pwd
import re
import shutil
import socket
import socketserver
import ssl
import subprocess
import tempfile
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dsr.intake.imap import Folder, open_folder
from dsr.intake.imap_line import Login, close
from dsr.intake.imap_place import place_of

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
SECRET = "pässwörd-8131"
ASKS = "Please delete all personal data that you hold about me."


def a_letter(number: int, text: str = ASKS, size: int = 0) -> bytes:
    """Return a mail that asks for something, with the line ends of a mail server."""
    lines = [
        f"From: Ann <ann{number}@example.org>",
        "To: privacy@office.example",
        f"Subject: My data {number}",
        "Date: Thu, 5 Mar 2026 10:00:00 +0800",
        f"Message-ID: <{number}@example.org>",
        "",
        f"{text} My number is {number}.",
        "x" * size,
    ]
    return "\r\n".join(lines).encode()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate of an authority of the tests' own."""

    authority: Path
    chain: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """Return what a server speaks TLS by."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.chain, self.key)
        return made


def _sign(subject: str, key: Any, issuer: tuple[str, Any], extensions: list[Any]) -> bytes:
    name, signer = issuer
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _usage(*, signs: bool) -> x509.KeyUsage:
    names = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    others = dict.fromkeys((*names, "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, **others)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> Certificate:
    folder = tmp_path_factory.mktemp("certificate")
    root, leaf = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca = x509.BasicConstraints(ca=True, path_length=None)
    made = Certificate(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    made.authority.write_bytes(
        _sign("tests", root, ("tests", root), [(ca, True), (_usage(signs=True), True)])
    )
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    made.chain.write_bytes(
        _sign("localhost", leaf, ("tests", root), [(names, False), (_usage(signs=False), True)])
    )
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    made.key.write_bytes(leaf.private_bytes(serialization.Encoding.PEM, *private))
    return made


@pytest.fixture
def trusted(certificate, monkeypatch, run) -> Certificate:
    """Trust the authority of the tests, in this process and in every run."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
    run.variables["SSL_CERT_FILE"] = str(certificate.authority)
    return certificate


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox of its own on the Dovecot of the tests."""

    user: str
    port: int
    open_port: int
    authority: Path

    def url(self, folder: str = "INBOX", scheme: str = "imaps") -> str:
        port = self.port if scheme == "imaps" else self.open_port
        return f"{scheme}://{self.user.replace('@', '%40')}@localhost:{port}/{folder}"

    @contextmanager
    def session(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.open_port) as line:
            line.authenticate("PLAIN", lambda _: f"\0{self.user}\0{SECRET}".encode())
            yield line

    def put(self, *mails: bytes, folder: str = "INBOX", at: str | None = None) -> None:
        with self.session() as line:
            for mail in mails:
                assert line.append(f'"{folder}"', "", at, mail)[0] == "OK"

    def make(self, folder: str) -> None:
        with self.session() as line:
            assert line.create(f'"{folder}"')[0] == "OK"

    def flags(self, folder: str = "INBOX") -> dict[int, str]:
        """Return the marks of each mail by UID."""
        with self.session() as line:
            assert line.select(f'"{folder}"', readonly=True)[0] == "OK"
            rows = line.uid("FETCH", "1:*", "(FLAGS)")[1]
        found = (re.search(rb"UID (\d+) FLAGS \((.*?)\)", row) for row in rows if row)
        return {int(each[1]): each[2].decode().replace(r"\Recent", "").strip() for each in found}


def _configuration(folder: Path, certificate: Certificate, ports: tuple[int, int]) -> str:
    number = os.getuid() or pwd.getpwnam("nobody").pw_uid
    who = pwd.getpwuid(number)
    group = grp.getgrgid(who.pw_gid).gr_name
    home = f"home={folder}/mail/%u"
    return f"""
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate.chain}
ssl_key = <{certificate.key}
disable_plaintext_auth = no
auth_mechanisms = plain login
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
default_internal_user = {who.pw_name}
default_login_user = {who.pw_name}
default_internal_group = {group}
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
auth_failure_delay = 0 secs
mail_uid = {number}
mail_gid = {who.pw_gid}
first_valid_uid = 1
last_valid_uid = 0
passdb {{
  driver = static
  args = password={SECRET}
}}
userdb {{
  driver = static
  args = uid={number} gid={who.pw_gid} {home}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {ports[0]}
  }}
  inet_listener imaps {{
    port = {ports[1]}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


@pytest.fixture(scope="session")
def dovecot(certificate) -> Iterator[Callable[[], Account]]:
    """Start a Dovecot and return what gives an empty mailbox on it."""
    if not Path(DOVECOT).exists():
        pytest.skip("there is no Dovecot here: apt-get install dovecot-imapd")
    folder = Path(tempfile.mkdtemp(prefix="dsr-dovecot-"))
    folder.chmod(0o755)
    (folder / "mail").mkdir(mode=0o777)
    (folder / "mail").chmod(0o777)
    ports = _free_port(), _free_port()
    place = folder / "dovecot.conf"
    place.write_text(_configuration(folder, certificate, ports))
    server = subprocess.Popen([DOVECOT, "-F", "-c", str(place)], stderr=subprocess.DEVNULL)
    try:
        _wait_for(ports[1], server, folder / "log")
        numbers = count(1)
        yield lambda: Account(
            f"desk{next(numbers)}@office.example", ports[1], ports[0], certificate.authority
        )
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(200):
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
            return
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.05)
            break
    pytest.fail(f"Dovecot did not start:\n{log.read_text() if log.exists() else ''}")


@pytest.fixture
def account(dovecot, trusted) -> Account:
    """Return an empty mailbox of the test's own on the Dovecot."""
    return dovecot()


@dataclass
class Faulty:
    """What a server holds and how it fails; a test changes either at any time.

    Attributes:
        mails: The mails of its folder by UID.
        sizes: What it says of a mail's size, where that is a lie.
        says: What it says of its other numbers: validity, next, exist, search, uid.
        news: How many lines nobody asked for come with each list of sizes.
        able: What it says it can do.
        faults: Words that its handler knows.
        asked: Every command it was given.
    """

    mails: dict[int, bytes] = field(default_factory=dict)
    sizes: dict[int, int | str | None] = field(default_factory=dict)
    news: int = 0
    says: dict[str, str] = field(default_factory=dict)
    able: str = "IMAP4rev1 UIDPLUS MOVE AUTH=PLAIN"
    validity: int = 7
    faults: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    deleted: set[int] = field(default_factory=set)
    moved: list[bytes] = field(default_factory=list)
    secret: str = SECRET
    context: ssl.SSLContext | None = None
    port: int = 0

    def url(self, scheme: str = "imaps") -> str:
        return f"{scheme}://desk@localhost:{self.port}/INBOX"


class _EndedError(Exception):
    """The server ends the connection."""


class Session(socketserver.StreamRequestHandler):
    """One connection; it answers what the reader asks, and no more of IMAP than that."""

    server: Any
    folder = ""

    def handle(self) -> None:
        self.state: Faulty = self.server.state
        with suppress(_EndedError, OSError, ValueError):
            if self.state.context and not self.state.faults & {"no tls", "injects"}:
                self._encrypt()
            if "silent" in self.state.faults:
                self.rfile.read(1)
                return
            self.say("* BYE busy" if "busy" in self.state.faults else "* OK ready")
            while line := self.rfile.readline().decode():
                tag, name, *rest = line.split(None, 2)
                self.answer(tag, name.upper(), rest[0].strip() if rest else "")

    def _encrypt(self) -> None:
        assert self.state.context
        self.connection = self.state.context.wrap_socket(self.connection, server_side=True)
        self.setup()

    def setup(self) -> None:
        if not hasattr(self, "state"):
            self.connection = self.request
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)

    def finish(self) -> None:
        with suppress(OSError):
            self.connection.close()
        super().finish()

    def say(self, text: str | bytes) -> None:
        raw = text.encode() if isinstance(text, str) else text
        self.wfile.write(raw + b"\r\n")

    def answer(self, tag: str, name: str, words: str) -> None:
        self.state.asked.append(f"{name} {words}".strip())
        if name == "UID":
            name, _, words = words.partition(" ")
            name = f"uid_{name}"
        done = getattr(self, f"do_{name.lower()}", lambda _: None)(words)
        self.say(f"{tag} {done or 'OK done'}")
        if name == "LOGOUT":
            raise _EndedError
        if done and done.startswith("OK begin"):
            self._encrypt()

    def do_capability(self, _words: str) -> None:
        self.say(f"* CAPABILITY {self.state.able}")

    def do_login(self, words: str) -> str | None:
        if "echo" in self.state.faults:
            return f"NO [AUTHENTICATIONFAILED] {words} is wrong"
        return None

    def do_starttls(self, _words: str) -> str:
        evil = "\r\n* CAPABILITY IMAP4rev1 EVIL\r\nx OK" if "injects" in self.state.faults else ""
        return f"OK begin{evil}"

    def do_authenticate(self, words: str) -> str | None:
        self.say("+ ")
        said = b64decode(self.rfile.readline()).decode()
        if words == "XOAUTH2" and said != "user=desk\1auth=Bearer token\1\1":
            self.say("+ e30=")
            assert self.rfile.readline() == b"\r\n"
            return "NO no"
        if words == "PLAIN" and said != f"\0desk\0{self.state.secret}":
            return f"NO [AUTHENTICATIONFAILED] {said!r} is wrong"
        return None

    def do_select(self, words: str) -> str | None:
        if "INBOX" not in words and "Done" not in words:
            return "NO [NONEXISTENT] no such folder"
        self.folder = words.strip('"')
        says = self.state.says
        self.say(f"* {says.get('exist', len(self.state.mails))} EXISTS")
        self.say(f"* OK [UIDVALIDITY {says.get('validity', self.state.validity)}] valid")
        if "no uidnext" not in self.state.faults:
            following = max(self.state.mails, default=0) + 1
            self.say(f"* OK [UIDNEXT {says.get('next', following)}] next")
        return None

    do_examine = do_select

    def do_list(self, _words: str) -> None:
        self.say('* LIST () "/" INBOX')
        self.say('* LIST () "/" "&V4NXPpCuTvY-"')

    @property
    def mails(self) -> dict[int, bytes]:
        """Return what the open folder holds."""
        return dict(enumerate(self.state.moved, 1)) if self.folder == "Done" else self.state.mails

    def _chosen(self, words: str) -> list[int]:
        chosen: set[int] = set()
        for each in words.split(maxsplit=1)[0].split(","):
            low, _, high = each.partition(":")
            if low == "*":
                chosen |= {max(self.mails)}
                continue
            chosen |= {uid for uid in self.mails if int(low) <= uid <= int(high or low)}
        return sorted(chosen)

    def do_uid_search(self, words: str) -> None:
        if "drips" in self.state.faults:
            while not self.server.gone.wait(0.005):
                self.wfile.write(b"*")
        if sizes := re.fullmatch(r"LARGER (\d+) SMALLER (\d+)", words):
            least, most = map(int, sizes.groups())
            found = {uid for uid, raw in self.mails.items() if least < len(raw) < most}
        else:
            found = set(self._chosen(words.removeprefix("UID ")))
        if "UNDELETED" in words:
            found -= self.state.deleted
        if "long line" in self.state.faults:
            self.say("* SEARCH" + " 1" * 2_200_000)
        self.say("* SEARCH " + self.state.says.get("search", " ".join(map(str, found))))

    def do_uid_fetch(self, words: str) -> str | None:
        uids = self._chosen(words)
        if "unordered" in self.state.faults:
            uids.reverse()
            self.say("* 3 FETCH (FLAGS (\\Seen))")
            self.say("* 77 RECENT")
        if "BODY.PEEK" not in words:
            for uid in uids:
                size = self.state.sizes.get(uid, len(self.mails[uid]))
                said = f"RFC822.SIZE {size} " if size is not None else ""
                self.say(
                    f"* {uid} FETCH ({said}UID {self.state.says.get('uid', uid)} "
                    f'INTERNALDATE " 5-Mar-2026 10:00:00 +0800")'
                )
            self.wfile.write(b"* 5 NEWS of nobody\r\n" * self.state.news)
            return None
        found = re.search(r"<(\d+)\.(\d+)>", words)
        assert found
        start, size = int(found[1]), int(found[2])
        for uid in uids:
            self._give(uid, self.mails[uid][start : start + size])
        if "renumbered" in self.state.faults:
            self.say("* OK [UIDVALIDITY 99] valid")
        return "NO cannot" if "withheld" in self.state.faults else None

    def _give(self, uid: int, raw: bytes) -> None:
        faults = self.state.faults
        if "withheld" in faults or f"withheld {uid}" in faults:
            return
        if f"half {uid}" in faults:
            self.wfile.write(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n".encode())
            self.wfile.write(raw[: len(raw) // 2])
            raise _EndedError
        if f"bye {uid}" in faults:
            self.say("* BYE going down")
            raise _EndedError
        if f"too much {uid}" in faults:
            self.say(f"* 1 FETCH (UID {uid} BODY[]<0> {{{1 << 40}}}")
            raise _EndedError
        if f"no size {uid}" in faults:
            self.say(f"* 1 FETCH (UID {uid} BODY[]<0> {{{'9' * 6000}}}")
            raise _EndedError
        if f"short {uid}" in faults and len(raw) == len(self.mails[uid]):
            raw = raw[: len(raw) // 3]
        if "quoted" in faults:
            text = raw.split(b"\r\n")[0]
            self.say(b'* 1 FETCH (BODY[]<0> "' + text + b'" UID %d)' % uid)
            return
        self.wfile.write(f"* 1 FETCH (BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw)
        self.say(f" UID {uid})")

    def do_status(self, words: str) -> str | None:
        return None if "Done" in words else "NO no such folder"

    def do_uid_move(self, words: str) -> str | None:
        return self.do_uid_copy(words) or self._drop(words)

    def do_uid_copy(self, words: str) -> str | None:
        if "no move" in self.state.faults:
            return "NO [OVERQUOTA] full"
        self.state.moved += [self.state.mails[uid] for uid in self._chosen(words)]
        return None

    def do_uid_store(self, words: str) -> None:
        if "dies after copy" in self.state.faults:
            raise _EndedError
        self.state.deleted |= set(self._chosen(words))

    def do_uid_expunge(self, words: str) -> None:
        self._drop(words)

    def _drop(self, words: str) -> None:
        for uid in self._chosen(words):
            del self.state.mails[uid]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, state: Faulty) -> None:
        self.state, self.gone = state, threading.Event()
        super().__init__(("127.0.0.1", 0), Session)


@pytest.fixture
def faulty(trusted) -> Iterator[Faulty]:
    """Return a server that fails as the test says."""
    state = Faulty(context=trusted.context())
    with _Server(state) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        server.gone.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def opens() -> Iterator[Callable[..., Folder]]:
    """Return what opens a folder by its URL; it is closed after the test."""
    opened: list[Folder] = []

    def open_one(url: str, secret: str = SECRET, **said: Any) -> Folder:
        place = place_of(url, plain=said.pop("plain", False))
        login = Login(place.user, secret, said.pop("oauth", False))
        words = {"timeout": 5.0, "writable": False} | said
        opened.append(open_folder(place, login, **words))
        return opened[-1]

    yield open_one
    for folder in opened:
        close(folder.line)


@pytest.fixture
def letter() -> Callable[..., bytes]:
    return a_letter


@pytest.fixture
def secret_file(tmp_path, run) -> Path:
    """Write the password down and let the setting name its file."""
    place = tmp_path / "password"
    place.write_text(f"{SECRET}\n", encoding="utf-8")
    run.variables["DSR_IMAP_PASSWORD"] = f"file:{place}"
    return place
