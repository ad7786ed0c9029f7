"""The connections of one process to a PostgreSQL database: opened when first needed, shared, given back.

A process that was forked from another (gunicorn's workers) opens its own: a connection that two processes
speak on at once is lost. Values come back as SQLite gives them, so that nothing above can tell the two apart.
"""

import os
import threading
from typing import Any

from psycopg import Connection, RawCursor
from psycopg.adapt import Buffer, Dumper, Loader
from psycopg.rows import dict_row
from psycopg.types.numeric import Int8Dumper
from psycopg_pool import ConnectionPool, PoolTimeout

from siposyandu.errors import NoDatabase

MOST_CONNECTIONS = 16
"""Of one process: its threads, twice, because a page may hold one while a job it starts takes another."""
WAIT_SECONDS = 10
"""Longer, and every thread of a server without a database would stand and wait."""
LOCK_SECONDS = 30

Link = Connection[dict[str, Any]]

_pools: dict[tuple[int, str], ConnectionPool[Link]] = {}
_opening = threading.Lock()


def pool_of(address: str) -> ConnectionPool[Link]:
    """Return this process's connections to a database; the first call opens them."""
    key = (os.getpid(), address)
    with _opening:
        if key not in _pools:
            _pools[key] = _new_pool(address)
        return _pools[key]


def take(address: str) -> Link:
    """Return a connection. Raises NoDatabase when the server gives none."""
    try:
        return pool_of(address).getconn(WAIT_SECONDS)
    except PoolTimeout as error:
        raise NoDatabase(
            f"PostgreSQL gave no connection for {WAIT_SECONDS} s", "does it run? systemctl status postgresql"
        ) from error


def give_back(address: str, link: Link) -> None:
    """Give a connection back to those it came from; one whose pool was closed meanwhile is closed too."""
    with _opening:
        pool = _pools.get((os.getpid(), address))
    if pool is not None and link._pool is pool:
        pool.putconn(link)
    else:
        link.close()


def close_pools() -> None:
    """Close all connections of this process, before it forks or ends."""
    with _opening:
        for key in [key for key in _pools if key[0] == os.getpid()]:
            _pools.pop(key).close()


def _new_pool(address: str) -> ConnectionPool[Link]:
    return ConnectionPool(
        address,
        connection_class=Connection[dict[str, Any]],
        kwargs={"autocommit": True, "cursor_factory": RawCursor, "row_factory": dict_row},
        min_size=0,
        max_size=MOST_CONNECTIONS,
        configure=_configure,
        check=ConnectionPool.check_connection,  # a server that was started again has left dead ones behind
        open=True,
        name=f"siposyandu-{os.getpid()}",
    )


def _configure(connection: Link) -> None:
    """Make a new connection durable, patient for so long, and speak in SQLite's types."""
    connection.execute(
        f"""set application_name = 'siposyandu'; set synchronous_commit = on; set lock_timeout = '{LOCK_SECONDS}s';
        set default_transaction_isolation = 'read committed'; set client_min_messages = warning""",
        prepare=False,
    )
    # Every whole number as the columns' own type: else the same question is planned anew for small and large ones.
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.adapters.register_dumper(bool, _FlagDumper)
    connection.adapters.register_loader("bool", _FlagLoader)
    connection.adapters.register_loader("numeric", _SumLoader)


class _FlagDumper(Dumper):
    oid = Int8Dumper.oid

    def dump(self, obj: bool) -> bytes:
        return b"1" if obj else b"0"


class _FlagLoader(Loader):
    def load(self, data: Buffer) -> int:
        return int(bytes(data) == b"t")


class _SumLoader(Loader):
    """A sum of whole numbers is one; what has a fraction is an average."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text else int(text)
