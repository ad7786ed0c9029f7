"""Where records are kept: one Store, a SQLite file on every laptop, PostgreSQL at a large province (postgres.py).

The same SQL text runs on both: `$1, $2` placeholders, dates and ids as text, measurements as integers.
`write()` is the only transaction: it takes the write lock first, so that what was read stays true.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal, Protocol

from siposyandu import encryption, names
from siposyandu.encryption import Connection, Database, OperationalError, raise_if_full
from siposyandu.vocabulary import Vocabulary
from sync.chunks import holes

Value = int | str | bytes | float | None
SERVER_CACHE_KIB = 16_000
FAR_AHEAD_PAGES, AHEAD_AT_MOST_PAGES = 1000, 4000
"""From so many pages on the write-ahead file is brought into the database beside the work (4 MB); where nobody has done that,
a commit does it, and whoever saved waits (16 MB)."""
Dialect = Literal["sqlite", "postgresql"]
Within = tuple[str, Sequence[str]] | None


class Store(Protocol):
    """Records and the log behind them. SQL is lower case with `$1, $2` placeholders.

    Values come back as whole numbers, text, bytes, fractions or None, on every store: never true, never a date.
    """

    @property
    def dialect(self) -> Dialect:
        """Which database this is: for the tables' history and the doctor, never for a page."""

    def rows(self, sql: str, *values: Value) -> list[dict[str, Any]]:
        """Return all rows of a question, each as column -> value."""

    def one(self, sql: str, *values: Value) -> dict[str, Any] | None:
        """Return the first row, or None."""

    def value(self, sql: str, *values: Value) -> Any:
        """Return the first column of the first row, or None."""

    def run(self, sql: str, *values: Value) -> int:
        """Change rows inside `write()`; returns how many."""

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one change for each row of values, inside `write()`."""

    def search(
        self, index: str, words: Sequence[str], limit: int, within: Within = None
    ) -> list[dict[str, Any]]:
        """Return rows of a full-text index's table in which every word begins some word: found by name first, then by name."""

    def write(self) -> AbstractContextManager["Store"]:
        """Open the one transaction in which rows may change; a nested one is a savepoint."""

    def close(self) -> None:
        """Let go of the database."""


class SqliteStore:
    """A Store in one SQLite file, one connection, one thread."""

    dialect: Dialect = "sqlite"

    def __init__(self, connection: Connection) -> None:
        self.database = Database(connection, execute_plugins=False)
        self._connection = connection
        self._depth = 0  # of write() in write()
        connection.row_factory = None  # looking a column up by its name takes three times as long as `_dicts`

    def rows(self, sql: str, *values: Value) -> list[dict[str, Any]]:
        """Return all rows of a question, each as column -> value."""
        return _dicts(self._connection.execute(_numbered(sql), values))

    def one(self, sql: str, *values: Value) -> dict[str, Any] | None:
        """Return the first row, or None."""
        cursor = self._connection.execute(_numbered(sql), values)
        row = cursor.fetchone()
        return None if row is None else dict(zip(_columns(cursor), row, strict=True))

    def value(self, sql: str, *values: Value) -> Any:
        """Return the first column of the first row, or None."""
        row = self._connection.execute(_numbered(sql), values).fetchone()
        return None if row is None else row[0]

    def run(self, sql: str, *values: Value) -> int:
        """Change rows inside `write()`; returns how many."""
        self._must_be_writing()
        try:
            return int(self._connection.execute(_numbered(sql), values).rowcount)
        except OperationalError as fault:
            raise_if_full(fault)
            raise

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one change for each row of values, inside `write()`."""
        self._must_be_writing()
        try:
            self._connection.executemany(_numbered(sql), rows)
        except OperationalError as fault:
            raise_if_full(fault)
            raise

    def search(
        self, index: str, words: Sequence[str], limit: int, within: Within = None
    ) -> list[dict[str, Any]]:
        """Return rows of a full-text index's table in which every word begins some word: found by name first, then by name.

        `index` is the table's name; its index is named `<table>_search` (see migrations). `within` is a column and the
        values that it may have.
        """
        asked = names.question(words)
        if not asked.enough:
            return []
        written = Vocabulary(self._terms(index))
        best, enough = written.match(asked.best), written.match(asked.enough)
        sql = f"""select {index}.* from {index}_search join {index} on {index}.search_row = {index}_search.rowid
            where {index}_search match $1 {only(index, within, 5)}
            order by ({index}.search_row not in (select rowid from {index}_search where {index}_search match $2))
                + ({index}.search_row not in (select rowid from {index}_search where {index}_search match $3)),
                {index}.name, {index}.id limit $4"""
        return self.rows(
            sql, enough, f"{{name}} : ({best})", f"{{name}} : ({enough})", limit, *values_of(within)
        )

    def _terms(self, index: str) -> list[str]:
        """Return every word that the index holds, numbers apart."""
        self._connection.execute(
            f"create virtual table if not exists temp.{index}_terms using fts5vocab(main, {index}_search, row)"
        )
        return [
            row[0]
            for row in self._connection.execute(f"select term from temp.{index}_terms where term >= 'a'")
        ]

    @contextmanager
    def write(self) -> Iterator["Store"]:
        """Open the one transaction in which rows may change; a nested one is a savepoint."""
        begin, end, undo = _words_of(self._depth)
        if self._depth:
            self._must_be_writing()
        self._connection.execute(begin)
        self._depth += 1
        try:
            yield self
            self._connection.execute(end)
        except BaseException as fault:
            if (
                self._connection.in_transaction
            ):  # of a full disk SQLite undoes the whole transaction by itself
                for word in undo:
                    self._connection.execute(word)
            raise_if_full(fault)
            raise
        finally:
            self._depth -= 1

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read the database as it is at one moment, whoever writes meanwhile; nothing may be changed inside."""
        self._connection.execute("begin")
        try:
            yield
        finally:
            self._connection.rollback()

    def each(self, sql: str, *values: Value) -> Iterator[Sequence[Any]]:
        """Give the rows of a question one by one, as their values, without holding all of them in memory."""
        return iter(self._connection.execute(_numbered(sql), values))

    def take_in_much(self) -> None:
        """Hold more of the file in memory: for a server's connection."""
        self._connection.execute(f"pragma cache_size=-{SERVER_CACHE_KIB}")

    @property
    def is_far_ahead(self) -> bool:
        """Whether so much waits in the write-ahead file that it should be brought into the database."""
        _, written, brought_in = self._connection.execute("pragma wal_checkpoint(noop)").fetchone()
        return bool(written - brought_in >= FAR_AHEAD_PAGES)

    def bring_in(self) -> None:
        """Copy what was written ahead into the database, as far as nobody reads an older state. Nobody's save waits for it."""
        self._connection.execute("pragma wal_checkpoint(passive)").fetchone()

    @property
    def is_at_rest(self) -> bool:
        """Whether no transaction is under way."""
        return not self._connection.in_transaction

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _must_be_writing(self) -> None:
        if not self._connection.in_transaction:
            raise RuntimeError("a change outside write()")


def _words_of(depth: int) -> tuple[str, str, tuple[str, ...]]:
    """Return what begins, ends and undoes a transaction inside so many others."""
    if depth == 0:
        return "begin immediate", "commit", ("rollback",)
    name = f"nested_{depth}"
    return f"savepoint {name}", f"release {name}", (f"rollback to {name}", f"release {name}")


@lru_cache(maxsize=1024)
def _numbered(sql: str) -> str:
    """Return the text as SQLite takes values by their position: `$1` is a name to it, `?1` the first value."""
    return re.sub(r"\$(\d+)", r"?\1", sql)


def only(index: str, within: Within, first: int) -> str:
    """Write what keeps a search within some values of a column; they are `values_of`, numbered from the first."""
    if within is None:
        return ""
    column, values = within
    return f"and {index}.{column} in ({holes(values, first - 1)})" if values else "and 1 = 0"


def values_of(within: Within) -> Sequence[str]:
    """Return the values within which a search is kept."""
    return within[1] if within else ()


def _dicts(cursor: Any) -> list[dict[str, Any]]:
    # Not `strict`, which takes half as long again: a row has a value for each column.
    named = partial(zip, _columns(cursor))
    return [dict(named(row)) for row in cursor]


def _columns(cursor: Any) -> list[str]:
    return [column[0] for column in cursor.description]


def open_store(path: Path | str, key: bytes | None = None, *, any_thread: bool = False) -> SqliteStore:
    """Open (or make) the database file; ":memory:" for tests. A commit is on the disk when it returns.

    With a key of 32 bytes the file is encrypted; Broken when it is not this key's; `Instance.open_store` knows the key.
    A new file is for its owner's eyes only; SQLite gives the files beside it the same rights.
    """
    if path != ":memory:":
        # Only a new file is opened here: closing any descriptor of an open database lets go of SQLite's locks on it
        # (sqlite.org/howtocorrupt.html, 2.2), and another program then writes between ours.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = encryption.connect(path, key, any_thread=any_thread)
    connection.execute("pragma synchronous=full")
    connection.execute(f"pragma wal_autocheckpoint={AHEAD_AT_MOST_PAGES}")
    connection.execute("pragma foreign_keys=on")
    return SqliteStore(connection)
