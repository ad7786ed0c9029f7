"""What every test needs and takes a while, made once a run: tables, the hash of a PIN, compiled templates, addresses read."""

from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from types import CodeType
from typing import Any, ClassVar

from jinja2.bccache import Bucket, BytecodeCache
from nacl import pwhash
from nacl.pwhash import argon2id

from siposyandu import app, credentials
from siposyandu.app import Address
from siposyandu.migrations import migrate
from siposyandu.store import SqliteStore, open_store

ANY_DAY = datetime(2026, 8, 3, tzinfo=UTC)


@cache
def tables() -> SqliteStore:
    """A database with all its tables and no rows: made once a run, for the steps to them take a while."""
    made = open_store(":memory:")
    migrate(made)
    return made


def put_tables(store: SqliteStore) -> None:
    """Give a database all its tables; PostgreSQL's have theirs (tests/postgresql.py)."""
    tables().database.conn.backup(store.database.conn)


@cache
def kept_of(secret: str) -> str:
    """What a place keeps of a PIN or a password: made once a run, for making it takes a while on purpose."""
    with closing(open_store(":memory:")) as store:
        put_tables(store)
        keep = credentials.set_pin if secret.isdigit() else credentials.set_password
        keep(store, "0" * 32, secret, ANY_DAY)
        return str(store.value("select secret_hash from credential"))


def read_addresses_once() -> None:
    """Let the addresses of pages be read once a run."""
    app.Address = AddressOnce


def prove_once() -> None:
    """Let it be found once a run that a secret is the one of a hash, and what a passphrase stretches to with one salt.

    A wrong secret, another salt or another cost is looked at each time, at its whole cost.
    """
    pwhash.verify = cache(pwhash.verify)
    argon2id.kdf = cache(argon2id.kdf)


class AddressOnce(Address):
    """A page's address, read once a run: each test's application has the same two hundred."""

    read: ClassVar[dict[tuple[str, str | None], dict[str, Any]]] = {}

    def compile(self) -> None:
        """Take what was read of an address of the same words; one with words of its own choice is read anew."""
        found = self.read.get((self.rule, self.subdomain))
        if self.defaults or found is None:
            super().compile()
            if not self.defaults:
                self.read[self.rule, self.subdomain] = self._what_was_read()
            return
        self.arguments |= found["arguments"]
        self._parts, self._trace, self._converters = found["parts"], found["trace"], found["converters"]
        self._build, self._build_unknown = (each.__get__(self, None) for each in found["builders"])

    def _what_was_read(self) -> dict[str, Any]:
        return {
            "arguments": set(self.arguments),
            "parts": self._parts,
            "trace": self._trace,
            "converters": self._converters,
            "builders": [self._build.__func__, self._build_unknown.__func__],
        }


class CompiledOnce(BytecodeCache):
    """The templates, compiled once a run: each test's application would compile every page it shows anew."""

    def __init__(self) -> None:
        self.compiled: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled of a template as it stands in its file."""
        bucket.code = self.compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.compiled[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = CompiledOnce()
