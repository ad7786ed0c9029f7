"""The database file on the disk: unreadable without its key where there is one. The only file that knows SQLCipher.

One driver serves both kinds of file, so there is one tree of errors: whoever catches a fault of SQLite catches
`DatabaseError` (or a narrower one) from here, never one of the standard library's `sqlite3`.
sqlite-utils is told by its own hook to use this driver too; so it is imported here, and elsewhere taken from here.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

import sqlcipher3
from sqlcipher3 import dbapi2

from siposyandu.errors import Broken, DiskFull

sys.modules["pysqlite3"], sys.modules["pysqlite3.dbapi2"] = sqlcipher3, dbapi2
from sqlite_utils import Database, Migrations  # noqa: E402 - it takes the driver that it finds when it is imported

__all__ = (
    "Connection",
    "Database",
    "DatabaseError",
    "IntegrityError",
    "Migrations",
    "OperationalError",
    "connect",
    "export",
    "raise_if_full",
)

Connection = Any  # the driver comes without types
DatabaseError: type[Exception] = dbapi2.DatabaseError
IntegrityError: type[Exception] = dbapi2.IntegrityError
OperationalError: type[Exception] = dbapi2.OperationalError
Row = dbapi2.Row
KEY_BYTES = 32
_DIGITS = b"0123456789abcdef"
BESIDE_BYTES = 256 * 1024
BUSY_SECONDS = 30
KEPT_STATEMENTS = (
    512  # sync alone asks some 260 different questions; the driver's 128 would be read anew all the time
)
CACHE_KIB, ENCRYPTED_CACHE_KIB = 2000, 4000
"""What one connection may hold in memory; an encrypted page is dearer to read again. The driver's own 8 MB are much for 2 GB."""


def connect(path: Path | str, key: bytes | None, *, any_thread: bool = False) -> Connection:
    """Open (or make) a database file; with a key of 32 bytes it is encrypted, page by page, the files beside it too.

    Refuses (Broken) a file that this key does not open: another key, none where one is needed, or a damaged file.
    Raises DiskFull when there is no room for the files beside it.
    """
    connection = dbapi2.connect(
        str(path),
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=not any_thread,
        cached_statements=KEPT_STATEMENTS,
    )
    connection.row_factory = Row
    try:
        if key is not None:
            _give(connection, key)
        connection.execute(f"pragma cache_size=-{CACHE_KIB if key is None else ENCRYPTED_CACHE_KIB}")
        connection.execute("pragma temp_store=memory")  # what is sorted never lies on the disk in plain words
        connection.execute("pragma journal_mode=wal")
    except DatabaseError as fault:
        connection.close()
        if "not a database" in str(fault):
            raise Broken(f"{path} is not opened by this key, or is damaged", "see the run book") from None
        if "disk I/O" in str(fault) and _no_room(path):
            raise DiskFull(f"{path} cannot be opened: the disk has no room left") from fault
        raise
    return connection


def raise_if_full(fault: BaseException) -> None:
    """Call a full disk by its name, whatever it was that the database could not write."""
    if isinstance(fault, OperationalError) and "disk is full" in str(fault):
        raise DiskFull("the disk has no room left") from fault


def _no_room(path: Path | str) -> bool:
    """Whether the file that SQLite keeps beside an open database finds no room."""
    return shutil.disk_usage(Path(path).parent).free < BESIDE_BYTES


def _give(connection: Connection, key: bytes) -> None:
    """Give a connection its key without leaving it in texts that Python throws away unwiped, as a statement would."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    said = bytearray(b"x'" + bytes(2 * KEY_BYTES) + b"'")
    for place, byte in enumerate(key):
        said[2 + 2 * place], said[3 + 2 * place] = _DIGITS[byte >> 4], _DIGITS[byte & 15]
    connection.set_key(said)
    said[:] = bytes(len(said))


def export(connection: Connection, path: Path, key: bytes) -> None:
    """Write a whole database into a new file under another key; the connection must be the only one."""
    connection.execute("attach $1 as copy key $2", {"1": str(path), "2": _raw(key)})
    connection.execute("select sqlcipher_export('copy')")
    version = int(connection.execute("pragma user_version").fetchone()[0])
    connection.execute(f"pragma copy.user_version = {version}")
    connection.execute("detach copy")


def _raw(key: bytes) -> str:
    """Return a key as SQLCipher takes one that needs no stretching."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return f"x'{key.hex()}'"
