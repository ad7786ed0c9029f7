"""What every test needs and takes a while, made once a run: tables, the hash of a PIN, compiled templates, secrets proven."""

from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from types import CodeType

from jinja2.bccache import Bucket, BytecodeCache
from nacl import pwhash
from nacl.pwhash import argon2id

from siposyandu import credentials
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


def prove_once() -> None:
    """Let it be found once a run that a secret is the one of a hash, and what a passphrase stretches to with one salt.

    A wrong secret, another salt or another cost is looked at each time, at its whole cost.
    """
    pwhash.verify = cache(pwhash.verify)
    argon2id.kdf = cache(argon2id.kdf)


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
