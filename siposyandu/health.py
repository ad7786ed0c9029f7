"""Is the database whole? Asked each time the place is opened, before anything in it is believed, and once a month.

1. It is there, if it was there before. 2. Its key opens it. 3. An encrypted one: every page bears its own seal (SQLCipher
authenticates each page, so that any changed bit is found). 4. Every table and index is whole (SQLite's integrity check).
5. Nothing that was committed is missing from the write-ahead file: SQLite drops a damaged end of that file without a word.

What cannot be seen: in a database that is not encrypted, a bit changed inside a value that is still a value; and a last
transaction that was damaged looks like one that never ended.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from siposyandu import encryption
from siposyandu.encryption import Connection, DatabaseError
from siposyandu.errors import Broken

GONE, LOCKED_OR_TORN, PAGES, INDEX, LOST_END = "gone", "unreadable", "pages", "tables", "write-ahead"
LARGEST_KEPT, LARGE = 64 * 1024 * 1024, 200 * 1024 * 1024
_PASSING = ("is locked", "disk is full", "unable to open", "readonly")
_WAL_HEADER, _FRAME_HEADER = 32, 24
_WAL_MAGIC = (0x377F0682, 0x377F0683)


class Damaged(Broken):
    """The database is damaged: it is not opened; `what` is a word for the doctor, for which the page has a sentence."""

    def __init__(self, what: str, detail: str = "") -> None:
        said = f"the database is damaged: {what}" + (f" ({detail})" if detail else "")
        super().__init__(said, "put the newest copy back: siposyandu restore FILE, or on the place's page")
        self.what = what


def look(path: Path, key: bytes | None, *, expected: bool, deep: bool = False) -> None:
    """Raise Damaged when the database is not whole; `expected`: it has been there before. A new place has none yet.

    Of a file over 200 MB, at a large province, indexes are compared with their tables only when `deep`: it takes minutes.
    """
    if not path.exists() or path.stat().st_size == 0:
        if expected:
            raise Damaged(GONE)
        return
    with _kept_when_damaged(_ahead(path)):
        written = _written(path)
        try:
            connection = encryption.connect(path, key)
        except (Broken, DatabaseError) as fault:
            _raise_if_passing(fault)
            raise Damaged(LOCKED_OR_TORN, str(fault)) from fault
        try:
            _look_at_end(connection, path, written)
            _look_inside(connection, encrypted=key is not None, deep=deep or path.stat().st_size < LARGE)
        except DatabaseError as fault:
            encryption.raise_if_full(fault)
            _raise_if_passing(fault)
            raise Damaged(PAGES, str(fault)) from fault
        finally:
            connection.close()


def _raise_if_passing(fault: Exception) -> None:
    """Raise as it is what says nothing of the database itself: it is in use, or the disk has no room."""
    if any(word in str(fault) for word in _PASSING):
        raise fault


@contextmanager
def _kept_when_damaged(wal: Path) -> Iterator[None]:
    """Keep the write-ahead file as it was found when the database turns out damaged: SQLite removes it when it closes."""
    small = wal.exists() and wal.stat().st_size <= LARGEST_KEPT
    before = wal.read_bytes() if small else b""
    try:
        yield
    except Damaged:
        if before:
            wal.with_name(wal.name + ".found").write_bytes(before)
        raise


def _ahead(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _look_inside(connection: Connection, *, encrypted: bool, deep: bool) -> None:
    if encrypted and (bad := connection.execute("pragma cipher_integrity_check").fetchall()):
        raise Damaged(PAGES, str(bad[0][0]))
    said = connection.execute("pragma integrity_check(1)" if deep else "pragma quick_check(1)").fetchone()[0]
    if said != "ok":
        raise Damaged(INDEX, str(said))


class _Frame(NamedTuple):
    """A frame of the write-ahead file: whether it ends a transaction, and to which life of the file it belongs."""

    commits: bool
    salts: bytes


def _written(path: Path) -> bytes:
    """Return the header of the write-ahead file, empty when there is none. Damaged when it is there but no header."""
    wal = _ahead(path)
    if not wal.exists() or wal.stat().st_size < _WAL_HEADER:
        return b""
    with wal.open("rb") as file:
        header = file.read(_WAL_HEADER)
    if not _is_header(header) and any(True for _ in _frames(wal)):
        raise Damaged(LOST_END, "its header cannot be read")
    return header


def _look_at_end(connection: Connection, path: Path, written: bytes) -> None:
    """Bring what was written ahead into the database. Refuse a file in which transactions stand behind the last readable one.

    A power cut in the middle of bringing it in leaves half a page, of which the write-ahead file still holds the whole:
    so this comes first, and only then are the pages looked at.
    """
    # First the file, then SQLite: whoever writes meanwhile only makes SQLite know more than was seen.
    seen = list(_frames(_ahead(path))) if written else []
    _, read, _ = connection.execute("pragma wal_checkpoint(passive)").fetchone()
    if read < 0 or written != _written(path):
        return  # another connection brings it in at this moment, or began the file anew: so SQLite had read it to its end
    behind = [frame for frame in seen[read:] if frame.salts == written[16:24]]
    # A transaction is durable before the next one begins: a frame behind a finished one proves that it was.
    if any(frame.commits for frame in behind[:-1]):
        raise Damaged(LOST_END, f"transactions behind frame {read} cannot be read")


def _frames(wal: Path) -> Iterator[_Frame]:
    with wal.open("rb") as file:
        page_bytes = struct.unpack(">I", file.read(_WAL_HEADER)[8:12])[0]
        page_bytes = page_bytes if page_bytes in {1 << bits for bits in range(9, 17)} else 4096
        while len(header := file.read(_FRAME_HEADER)) == _FRAME_HEADER:
            yield _Frame(header[4:8] != bytes(4), header[8:16])
            file.seek(page_bytes, 1)


def _is_header(header: bytes) -> bool:
    """Whether the 32 bytes are what SQLite wrote: their own checksum says so (sqlite.org/fileformat2.html, 4.1)."""
    magic = struct.unpack(">I", header[:4])[0]
    order = ">" if magic & 1 else "<"
    one = other = 0
    for first, second in struct.iter_unpack(f"{order}II", header[:24]):
        one = one + first + other & 0xFFFFFFFF
        other = other + second + one & 0xFFFFFFFF
    return magic in _WAL_MAGIC and struct.unpack(">II", header[24:32]) == (one, other)
