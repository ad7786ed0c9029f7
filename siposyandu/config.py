"""The settings of one place: whose records live here, where to send them, and in which database.

A posyandu's laptop, a puskesmas PC and the province run the same program; they differ by these settings.
They are read once, from `siposyandu.toml` in the place's folder; an environment variable
SIPOSYANDU_<NAME> (upper case) overrides one.
"""

import json
import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from siposyandu.errors import BadConfig
from sync.rings import KeyFile

FILE_NAME = "siposyandu.toml"
POSTGRESQL = ("postgresql://", "postgres://")
COOKIE_KEY = "cookie.key"


@dataclass(frozen=True)
class Config:
    """The settings of one place; each field's `help` is shown by `siposyandu init --help` and in the README."""

    folder: Path = field(metadata={"help": "the folder that holds everything of this place"})
    area: str = field(metadata={"help": "whose records live here: a posyandu's id, a puskesmas' id or 52"})
    upstream: str = field(default="", metadata={"help": "address to send to; empty at the province"})
    relay: str = field(
        default="",
        metadata={"help": "address of the puskesmas PC that carries for a laptop without internet"},
    )
    database: str = field(
        default="siposyandu.db",
        metadata={"help": "SQLite file, relative to the folder; at the province also `postgresql://...`"},
    )
    host: str = field(default="127.0.0.1", metadata={"help": "address the pages are served on"})
    port: int = field(default=8520, metadata={"help": "port the pages are served on"})
    language: str = field(default="id", metadata={"help": "language of the pages: id or en"})
    sync_minutes: int = field(
        default=10,
        metadata={"help": "minutes between two looks at what is new; what was written here is sent at once"},
    )
    copies: str = field(
        default="", metadata={"help": "a folder for copies besides this laptop's own, as on a second disk"}
    )
    flash_disks: str = field(
        default="/media/*/*, /run/media/*/*, /mnt/*",
        metadata={
            "help": "where flash disks appear; each gets copies while it is in; a drive on Windows as E:\\; empty: none"
        },
    )
    copy_to: str = field(
        default="",
        metadata={"help": "address of a puskesmas' PC that keeps copies too, as http://192.168.1.2:8520"},
    )
    copy_key: str = field(
        default="",
        metadata={
            "help": "public half of the recovery key for copies of a place without a vault (siposyandu backup --new-key)"
        },
    )
    encrypted: bool = field(
        default=False,
        metadata={"help": "true where a passphrase opens the database; `siposyandu init --upstream` says so"},
    )
    lock_hours: int = field(
        default=12, metadata={"help": "an encrypted place closes by itself after so many hours without use"}
    )
    secure_cookies: bool = field(default=False, metadata={"help": "true where the pages are served over TLS"})

    @property
    def is_province(self) -> bool:
        """Whether this is the end of the road: nothing is sent further from here."""
        return not self.upstream

    @property
    def is_practice(self) -> bool:
        """Whether this is a practice posyandu (practice/), whose children are ghosts."""
        return False

    @property
    def is_on_postgresql(self) -> bool:
        """Whether the database is PostgreSQL's: a server's, not a file in the folder."""
        return self.database.startswith(POSTGRESQL)

    @property
    def database_path(self) -> Path:
        """Where the database file lies. BadConfig where there is none, because it is PostgreSQL's."""
        if self.is_on_postgresql:
            raise BadConfig(
                "the database is PostgreSQL's, not a file", "deploy/README.md says how it is copied"
            )
        return self.folder / self.database

    @property
    def keys_folder(self) -> Path:
        """Where private keys lie: outside the database and outside its copies."""
        return self.folder / "keys"


def load(folder: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """Read a place's settings. BadConfig names the setting that cannot be used."""
    path = folder / FILE_NAME
    if not path.is_file():
        raise BadConfig(f"{path} is missing", "run: siposyandu init")
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise BadConfig(f"{path}: {fault}") from fault
    _must_hold_no_password(path, str(written.get("database", "")))
    return _checked(folder, {**written, **_from_environment(environment)})


def _must_hold_no_password(path: Path, database: str) -> None:
    """Refuse a PostgreSQL address with a password in a file that is copied with the backup and read by whoever looks on."""
    if _holds_password(database):
        raise BadConfig(f"{path}: `database` holds a password", "deploy/README.md says where it belongs")


def _holds_password(database: str) -> bool:
    address = urlsplit(database) if database.startswith(POSTGRESQL) else urlsplit("")
    return bool(address.password) or "password" in parse_qs(address.query)


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    names = [
        setting.name for setting in fields(Config) if setting.name != "folder"
    ]  # that is where we are already
    found = {name: environment.get(f"SIPOSYANDU_{name.upper()}") for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _checked(folder: Path, written: Mapping[str, object]) -> Config:
    known = {setting.name: setting for setting in fields(Config) if setting.name != "folder"}
    unknown = set(written) - set(known)
    if unknown or "area" not in written:
        raise BadConfig(
            f"unknown settings: {sorted(unknown)}" if unknown else "the setting `area` is missing"
        )
    values = {name: _typed(name, str(known[name].type), value) for name, value in written.items()}
    config = Config(folder=folder, **values)  # type: ignore[arg-type]
    if config.is_on_postgresql and not config.is_province:
        raise BadConfig("PostgreSQL is for the province; a place that sends further keeps a file of its own")
    return config


def _typed(name: str, kind: str, value: object) -> object:
    makers: dict[str, Callable[[str], object]] = {
        "<class 'int'>": int, "<class 'bool'>": _flag, "<class 'str'>": str,
    }  # fmt: skip
    try:
        return makers[kind](str(value))
    except ValueError as fault:
        raise BadConfig(f"the setting `{name}` cannot be {value!r}") from fault


def _flag(text: str) -> bool:
    if text.lower() not in {"true", "false", "1", "0"}:
        raise ValueError(text)
    return text.lower() in {"true", "1"}


def save(config: Config) -> None:
    """Write a place's settings file; settings that equal their default are left out, and so is what holds a password.

    BadConfig, and the file stays as it was, where it would not be read back as it is now: a place must start again.
    """
    kept = {}
    for setting in fields(Config):
        value = getattr(config, setting.name)
        if setting.name != "folder" and value != setting.default and not _holds_password(str(value)):
            kept[setting.name] = value
    text = "".join(f"{name} = {_as_toml(value)}\n" for name, value in kept.items())
    _must_say(text, kept)
    config.folder.mkdir(parents=True, exist_ok=True)
    KeyFile(config.folder / FILE_NAME).write(text)  # whole, whenever the power goes


def _as_toml(value: str | int | bool) -> str:
    # As JSON, whose escapes are TOML's too; only the sign DEL must be escaped in TOML and is not in JSON.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _must_say(text: str, kept: Mapping[str, object]) -> None:
    try:
        said = tomllib.loads(str(text.encode("utf-8"), "utf-8"))
    except ValueError as fault:  # no TOML, or no UTF-8
        raise BadConfig(f"these settings cannot be written: {fault}") from fault
    if said != kept:
        raise BadConfig("these settings would not be read as they are")


_OF_THE_MACHINE = {"folder", "database", "host", "port"}


def portable(config: Config) -> dict[str, str | int | bool]:
    """Return the settings with which a place goes on on another machine."""
    return {
        each.name: getattr(config, each.name) for each in fields(Config) if each.name not in _OF_THE_MACHINE
    }


def of_copy(folder: Path, port: int, carried: Mapping[str, object]) -> Config:
    """Return the settings of a place that goes on in another folder; those that this version does not know are left out."""
    known = {each.name for each in fields(Config)} - _OF_THE_MACHINE
    return _checked(
        folder, {"port": port, **{name: value for name, value in carried.items() if name in known}}
    )


def cookie_secret(config: Config) -> bytes:
    """Return the key that signs this place's cookies; made at the first start, never a default."""
    path = config.keys_folder / COOKIE_KEY
    if not path.is_file() or not path.stat().st_size:
        config.keys_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        KeyFile(path).write(secrets.token_hex(16))  # whole, whenever the power goes
    return path.read_bytes()
