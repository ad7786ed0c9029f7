"""The monthly proof: the newest copy is really restored on this laptop, counted and folded again, then thrown away.

A copy that was never restored is a hope. The proof reads the file from its medium, opens its lock, fills an encrypted
database beside the real one, checks every page and index, compares rows and fingerprints of all tables with those in the
copy, and folds every record again from the log: nothing may change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from siposyandu import records
from siposyandu.copies import content, making, sealed
from siposyandu.copies.content import Copied
from siposyandu.copies.shelves import Copy
from siposyandu.errors import Broken
from siposyandu.migrations import migrate
from siposyandu.periods import instant_text, parse_instant
from siposyandu.store import SqliteStore, Store, open_store
from siposyandu.vault.converting import PROOF

EVERY = timedelta(days=30)
OLD = timedelta(days=45)
SUFFIXES = ("", "-wal", "-shm")


@dataclass(frozen=True)
class Proof:
    """When a copy was last restored here to see whether it can be: which, and what was wrong (empty: nothing)."""

    proved_at: str
    shelf: str
    file: str
    made_at: str
    edits: int
    fault: str


def fill(path: Path, database_key: bytes | None, copy: Path, key: bytes) -> Copied:
    """Make a database file from a copy; return what the copy held. Broken when the copy is not whole."""
    if path.exists():
        raise Broken(f"{path} is there already", "choose another folder")
    sealed.check(copy)
    store = open_store(path, database_key)
    try:
        return content.restore(store, sealed.lines(copy, key))
    finally:
        store.close()


def prove(
    copy: Copy, key: bytes, beside: Path, database_key: bytes | None, say: Callable[[int, int], None]
) -> None:
    """Restore a copy into a file beside the database, check it whole, remove it again. Broken says what is wrong."""
    path = beside.with_name(PROOF)
    remove(path)
    try:
        copied = fill(path, database_key, copy.path, key)
        store = open_store(path, database_key)
        try:
            _compare(store, copied.tables, copy.head.edits, say)
        finally:
            store.close()
    finally:
        remove(path)


def _compare(store: SqliteStore, copied: content.Digest, edits: int, say: Callable[[int, int], None]) -> None:
    faults = [row["integrity_check"] for row in store.rows("pragma integrity_check")]
    if faults != ["ok"]:
        raise Broken(f"the restored database is damaged: {faults[0]}")
    if content.digest(store) != copied or making.edits(store) != edits:
        raise Broken("the restored database does not hold what the copy held")
    migrate(store)  # a copy made before an update is brought up to date, as a restore would
    if changed := records.recount(store, say):
        raise Broken(f"folded again, these tables differ: {', '.join(changed)}")


def remove(path: Path) -> None:
    """Remove a database file and those beside it."""
    for suffix in SUFFIXES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def due(store: Store, now: datetime) -> bool:
    """Return whether it is time to prove a copy again. A clock that leapt back is no reason to wait."""
    last = latest(store)
    return last is None or abs(now - parse_instant(last.proved_at)) >= EVERY


def latest(store: Store, *, good: bool = False) -> Proof | None:
    """Return the last proof or, of the good ones, the last."""
    row = store.one(
        """select proved_at, shelf, file, made_at, edits, fault from copy_proof
        where fault = '' or $1 = 0 order by proof_no desc limit 1""",
        int(good),
    )
    return Proof(**row) if row else None


def note(store: Store, copy: Copy, shelf: str, fault: str, now: datetime) -> None:
    """Note a proof and what it found."""
    with store.write():
        store.run(
            "insert into copy_proof (proved_at, shelf, file, made_at, edits, fault) values ($1, $2, $3, $4, $5, $6)",
            instant_text(now), shelf, copy.path.name, copy.head.made_at, copy.head.edits, fault[:300],
        )  # fmt: skip
