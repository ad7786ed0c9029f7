"""PostgreSQL behind the same Store: the province's database when it has outgrown one file.

Many may read at once; who writes waits for the one lock of `write()`, as on SQLite. Read committed under that lock
is as good as serialisable: whoever holds it sees everything that was written before, and nobody else writes. It is
also what keeps the feed's numbers without a gap and visible in their order: a later number is taken only after the
transaction of the earlier one has ended. SERIALIZABLE would not do that, and would make every second laptop try again.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from psycopg import Cursor, Error, OperationalError

from siposyandu import names, postgres_bulk
from siposyandu.errors import NoDatabase
from siposyandu.postgres_pool import Link, give_back, take
from siposyandu.store import Dialect, Store, Value, Within, only, values_of

WRITE_LOCK = 0x51905
"""The number of the one lock in this database under which rows change."""
JOBS_LOCK = 0x51906
"""The number of the lock that the one program holds which runs the timetable."""
OVER_A_LIMIT = "54"
"""The class of SQL states that say a limit of the server was passed (PostgreSQL, appendix A)."""
_BEGIN = f"begin; select pg_advisory_xact_lock({WRITE_LOCK})"


class PostgresStore:
    """A Store in a PostgreSQL database: one connection of this process's pool, taken when first needed; one thread."""

    dialect: Dialect = "postgresql"

    def __init__(self, address: str) -> None:
        self.address = address
        self._taken: Link | None = None
        self._kept: Cursor[dict[str, Any]] | None = None
        self._depth = 0

    @property
    def _connection(self) -> Link:
        if self._taken is None:
            self._taken = take(self.address)
        return self._taken

    @property
    def _cursor(self) -> Cursor[dict[str, Any]]:
        """The one cursor for all that is said singly: to make one takes longer than to ask a short question."""
        if self._kept is None:
            self._kept = self._connection.cursor()
        return self._kept

    def rows(self, sql: str, *values: Value) -> list[dict[str, Any]]:
        """Return all rows of a question, each as column -> value."""
        return self._cursor.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Value) -> dict[str, Any] | None:
        """Return the first row, or None."""
        return self._cursor.execute(sql, values).fetchone()

    def value(self, sql: str, *values: Value) -> Any:
        """Return the first column of the first row, or None."""
        row = self._cursor.execute(sql, values).fetchone()
        return None if row is None else next(iter(row.values()))

    def run(self, sql: str, *values: Value) -> int:
        """Change rows inside `write()`; returns how many."""
        self._must_be_writing()
        return self._cursor.execute(sql, values or None).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one change for each row of values, inside `write()`: sent together, none waits for the answer of another."""
        self._must_be_writing()
        waiting = list(rows)
        insert = postgres_bulk.read(sql) if len(waiting) >= postgres_bulk.FEWEST else None
        if insert is not None and not insert.tail:
            self._copy(insert.copy, waiting)
        elif insert is not None and insert.may_be_joined(waiting):
            for statement, values in insert.statements(waiting):
                self._each(statement, values)
        elif waiting:
            self._each(sql, waiting)

    def _each(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        # One statement at a time: psycopg prepares it before the first row. Prepared among others of which one has failed, it
        # would count as prepared and not be, and every later use of it on this connection would fail.
        with self._connection.cursor() as cursor:
            cursor.executemany(sql, rows)

    def _copy(self, copy: str, rows: Sequence[Sequence[Value]]) -> None:
        with self._connection.cursor() as cursor, cursor.copy(copy) as into:
            for row in rows:
                into.write_row(row)

    def search(
        self, index: str, words: Sequence[str], limit: int, within: Within = None
    ) -> list[dict[str, Any]]:
        """Return rows of a full-text index's table in which every word begins some word: found by name first, then by name.

        `index` is the table's name; its index is the table `<table>_search` (see migrations).
        """
        asked = names.question(words)
        best, named = _tsquery(asked.best, "A"), _tsquery(asked.enough, "A")
        sql = f"""select {index}.* from {index}_search join {index} using (search_row)
            where {index}_search.words @@ $1::tsquery {only(index, within, 5)}
            order by case when {index}_search.words @@ $2::tsquery then 0 when {index}_search.words @@ $3::tsquery
                then 1 else 2 end, {index}.name, {index}.id limit $4"""
        values: tuple[Value, ...] = (_tsquery(asked.enough, ""), best, named, limit, *values_of(within))
        return self.rows(sql, *values) if asked.enough else []

    @contextmanager
    def write(self) -> Iterator["Store"]:
        """Open the one transaction in which rows may change; a nested one is a savepoint."""
        begin, end, undo = _words_of(self._depth)
        self._depth += 1
        try:
            self._cursor.execute(begin, prepare=False)
            yield self
            self._end(end)
        except BaseException as fault:
            # Of a lost connection the server undoes by itself, and the first error tells.
            with suppress(Error):
                self._cursor.execute(undo, prepare=False)
            if isinstance(fault, OperationalError) and not _is_about_the_words(fault):
                # Not about what was being written: whoever catches faults of records must let this one pass.
                raise NoDatabase(f"the database cannot go on: {fault}", "try again later") from fault
            raise
        finally:
            self._depth -= 1

    def _end(self, word: str) -> None:
        # After a failed statement PostgreSQL answers "commit" with "rollback", and no error: somebody has hidden one.
        said = self._cursor.execute(word, prepare=False).statusmessage
        if word == "commit" and said != "COMMIT":
            raise RuntimeError("a statement failed inside write() and nobody undid it")

    def close(self) -> None:
        """Give the connection back."""
        if self._taken is not None:
            give_back(self.address, self._taken)
            self._taken = self._kept = None

    def _must_be_writing(self) -> None:
        if not self._depth:
            raise RuntimeError("a change outside write()")


class Turn:
    """The right to be the only one of several programs that does something; it ends with the program, or its connection."""

    def __init__(self, address: str, number: int = JOBS_LOCK) -> None:
        self._address, self._number = address, number
        self._holding: Link | None = None

    def is_mine(self) -> bool:
        """Return whether this program has the turn; takes it when nobody has. Never waits."""
        if self._holding is not None:
            try:
                self._holding.execute("select 1")
            except Error:
                self.give_up()
        if self._holding is None:
            self._take()
        return self._holding is not None

    def _take(self) -> None:
        link = take(self._address)
        row = link.execute("select pg_try_advisory_lock($1) as taken", [self._number]).fetchone()
        if row and row["taken"]:
            self._holding = link
        else:
            give_back(self._address, link)

    def give_up(self) -> None:
        """Let another program have the turn."""
        if self._holding is not None:
            with suppress(Error):  # of a lost connection: the server has taken the turn back already
                self._holding.execute("select pg_advisory_unlock($1)", [self._number])
            give_back(self._address, self._holding)
            self._holding = None


def _is_about_the_words(fault: OperationalError) -> bool:
    """Whether only what was said is at fault, as a text too long for an index: the next statement may go well.

    psycopg files the server's own limits, class 54 of the SQL states, under what goes wrong with the machine. The classes
    beside it there are of the connection, the lock, the disk, the memory or functions that nobody calls here.
    """
    return (fault.sqlstate or "").startswith(OVER_A_LIMIT)


def _words_of(depth: int) -> tuple[str, str, str]:
    """Return what begins, ends and undoes a transaction inside so many others."""
    if depth == 0:
        return _BEGIN, "commit", "rollback"
    name = f"nested_{depth}"
    return f"savepoint {name}", f"release {name}", f"rollback to {name}; release {name}"


def _tsquery(ways: Sequence[names.Way], weight: str) -> str:
    """Write what is looked for as PostgreSQL reads it; a weight is the column in which alone it may stand."""
    return " | ".join(f"({' & '.join(_lexemes(part, weight) for part in way)})" for way in ways)


def _lexemes(part: names.Part, weight: str) -> str:
    ending = weight if part.whole else f"*{weight}"
    found = [f"'{names.MARK}{key}'" for key in part.keys]
    found += [f"'{part.text}'"] if part.text else []
    return f"({' | '.join(word + (f':{ending}' if ending else '') for word in found)})"


def open_store(address: str) -> PostgresStore:
    """Open a PostgreSQL database by its address, `postgresql://...`; the tables are made by `migrate`."""
    return PostgresStore(address)
