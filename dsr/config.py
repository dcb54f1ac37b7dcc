"""Settings with their origin: option, environment, file, default. Nothing here opens a database."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dsr.errors import ConfigError, nearest

FILE_NAME = "config.toml"
MOST_BYTES = 65_536  # of a configuration file, and of a secret


@dataclass(frozen=True, slots=True)
class Definition:
    """What one setting is called, what it may be, and what it is for.

    Attributes:
        name: The key in the file; with `DSR_` and in capitals the variable.
        meaning: One line for `dsr config`.
        default: What stands if nobody says anything; None where a folder of the user decides.
        choices: The words that are allowed; any where empty.
    """

    name: str
    meaning: str
    default: str | None = ""
    choices: tuple[str, ...] = ()


DEFINITIONS: tuple[Definition, ...] = (
    Definition("database_url", "The office's database: a path, URL, env:NAME or file:PATH.", None),
    Definition("officer", "Who works here; without it the operating-system user."),
    Definition("zone", "The office's time zone, an IANA name.", "Asia/Shanghai"),
    Definition("laws", "The laws that are switched on, by comma.", "CN"),
    Definition("rules_folder", "A folder of the office's own rules."),
    Definition("output", "What results look like.", "table", ("table", "json", "jsonl", "csv")),
    Definition("workspace", "The private folder for letters and packages.", None),
    Definition("key_file", "The key of keyed hashes, outside the database.", None),
    Definition("head_file", "Where each new head of the trail is kept besides."),
    Definition(
        "four_eyes",
        "What makes two officers two: user (of the system), name, or alone (an office of one).",
        "alone",
        ("user", "name", "alone"),
    ),
    Definition("retention_months", "How long a closed ticket is kept, in months.", "36"),
    Definition("imap_password", "A mailbox's: env:NAME, file:PATH or command:WORDS."),
    Definition("mail_server", "Our mail server, as it names itself in Authentication-Results."),
    Definition("mail_limits", "What one mail may cost, as raw_mb=50 parts=500 seconds=2."),
)
KNOWN = {definition.name: definition for definition in DEFINITIONS}


@dataclass(frozen=True, slots=True)
class Setting:
    """A value as it was said, and where."""

    value: str
    origin: str

    @property
    def shown(self) -> str:
        """The value as anybody may see it: without the password of a URL."""
        return masked(self.value)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of this run, resolved once; `said` has each with its origin."""

    said: Mapping[str, Setting]
    file: Path | None

    @property
    def database_url(self) -> str:
        """The database as SQLAlchemy's URL; its password is in it.

        Raises:
            ConfigError: The reference to the URL leads nowhere.
        """
        setting = self.said["database_url"]
        value = setting.value
        if value.startswith(("env:", "file:")):
            value = secret(value)
        return value if "://" in value else f"sqlite:///{self._placed(setting, value)}"

    @property
    def officer(self) -> str:
        """The officer's name as said; empty if nobody said one."""
        return self.said["officer"].value

    @property
    def zone(self) -> str:
        """The IANA name of the office's time zone."""
        return self.said["zone"].value

    @property
    def laws(self) -> tuple[str, ...]:
        """The keys of the laws that are switched on, in capitals."""
        words = self.said["laws"].value.split(",")
        return tuple(dict.fromkeys(word.strip().upper() for word in words if word.strip()))

    @property
    def rules_folder(self) -> Path | None:
        """The folder of the office's own rules, if there is one."""
        return self._path("rules_folder") if self.said["rules_folder"].value else None

    @property
    def output(self) -> str:
        """One of table, json, jsonl, csv."""
        return self.said["output"].value

    @property
    def workspace(self) -> Path:
        """The folder, mode 0700, for letters and packages; whoever writes there makes it."""
        return self._path("workspace")

    @property
    def key_file(self) -> Path:
        """The file with the key of keyed hashes."""
        return self._path("key_file")

    @property
    def head_file(self) -> Path | None:
        """Where each new head of the trail is appended besides, if anywhere."""
        return self._path("head_file") if self.said["head_file"].value else None

    @property
    def four_eyes(self) -> str:
        """One of user, name, alone."""
        return self.said["four_eyes"].value

    @property
    def retention_months(self) -> int:
        """How long a closed ticket is kept, in months."""
        return int(self.said["retention_months"].value)

    def _path(self, name: str) -> Path:
        return self._placed(self.said[name], self.said[name].value)

    def _placed(self, setting: Setting, value: str) -> Path:
        """Return a path; a relative one counts from the file that says it, else from here."""
        path = _from_home(value)
        if self.file is not None and setting.origin == str(self.file):
            return self.file.parent / path
        return path.absolute()


def load(flags: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """Return every setting: an option stands above the environment, the file and the default.

    Args:
        flags: What options said, by setting; `config` names another file or folder.
        environment: The process's variables; a variable that is set but empty counts as unset.

    Raises:
        ConfigError: The file cannot be read, has a key that is no setting, or a value is wrong.
    """
    file = _file(flags.get("config") or environment.get("DSR_CONFIG"))
    written = _read(file) if file else {}
    said = {}
    for name, definition in KNOWN.items():
        candidates = (
            (flags.get(name), "option"),
            (environment.get(variable := f"DSR_{name.upper()}"), variable),
            (written.get(name), str(file)),
            (_default(name), "default"),
        )
        said[name] = next(
            (Setting(value, origin) for value, origin in candidates if value),
            Setting("", "default"),
        )
        _check(definition, said[name])
    return Settings(said, file)


def secret(reference: str) -> str:
    """Return the secret that a setting refers to: `env:NAME` or `file:PATH`.

    Raises:
        ConfigError: It is no reference, or leads nowhere; what was written is not repeated.
    """
    kind, _, name = reference.partition(":")
    match kind:
        case "env":
            if value := os.environ.get(name):
                return value
            raise ConfigError(f"the environment has no {name}", hint=f"set {name} and try again")
        case "file":
            if value := _content(_from_home(name)).rstrip("\r\n"):
                return value
            raise ConfigError(f"{name} is empty, but a setting expects its secret there")
    raise ConfigError("a secret stands in a setting itself", hint="write env:NAME or file:PATH")


def masked(value: str) -> str:
    """Return a value without the password that a URL in it may have."""
    import re

    value = re.sub(r"(://[^/@\s]*?:)[^/\s]*(?=@)", r"\1***", value)
    return re.sub(r"(?i)([?&](?:password|passwd|token|sslpassword|key)=)[^&\s]+", r"\1***", value)


def file_place(named: str | None = None) -> Path:
    """Return where the configuration file is or would be: as named, or the user's; never here's."""
    if not named:
        return _user_folder("config") / FILE_NAME
    path = _from_home(named).absolute()
    try:
        is_folder = path.is_dir()
    except PermissionError:  # a folder that may not be entered does not even say so
        is_folder = False
    return path / FILE_NAME if is_folder else path


def _file(named: str | None) -> Path | None:
    """Return the configuration file: the one named, or the user's if it is there."""
    path = file_place(named)
    return path if named or path.is_file() else None


def _user_folder(kind: str) -> Path:
    import platformdirs

    return Path(getattr(platformdirs.PlatformDirs("dsr", appauthor=False), f"user_{kind}_dir"))


def _default(name: str) -> str:
    """Return a default; the key lies apart from the data, lest a copy of the one have both."""
    default = KNOWN[name].default
    if default is not None:
        return default
    kind, file = {
        "database_url": ("data", "dsr.sqlite3"),
        "key_file": ("config", "dsr.key"),
        "workspace": ("data", "workspace"),
    }[name]
    return str(_user_folder(kind) / file)


def _read(file: Path) -> dict[str, str]:
    import tomli

    try:
        tables = tomli.loads(_content(file))
    except tomli.TOMLDecodeError as error:
        raise ConfigError(f"{file}: {error}", hint="correct the file at that line") from None
    for key in tables:
        if key not in KNOWN:
            raise ConfigError(f"{file}: unknown setting {key}", hint=nearest(key, list(KNOWN)))
    return {key: _as_text(file, key, value) for key, value in tables.items()}


def _as_text(file: Path, key: str, value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ",".join(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise ConfigError(f"{file}: {key} is no text, number or list of texts")


def _content(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ConfigError(f"{file}: larger than {MOST_BYTES} bytes")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: is not UTF-8") from None


def _check(definition: Definition, setting: Setting) -> None:
    if definition.choices and setting.value not in definition.choices:
        known = f"one of {', '.join(definition.choices)}"
        raise ConfigError(f"{definition.name} ({setting.origin}) is none of its values", hint=known)
    if definition.name == "retention_months" and not setting.value.isdecimal():
        raise ConfigError(f"retention_months ({setting.origin}) is no number of months")
    if definition.name == "zone" and setting.origin != "default":
        _check_zone(setting)


def _check_zone(setting: Setting) -> None:
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(setting.value)
    except (KeyError, ValueError, OSError):  # unknown, no key at all, a folder of zones
        hint = nearest(setting.value, sorted(available_timezones()))
        hint = hint if hint.startswith("did") else "write a name such as Europe/Berlin"
        raise ConfigError(f"zone ({setting.origin}) is no time zone", hint=hint) from None


def _from_home(path: str) -> Path:
    return Path(path).expanduser()
