"""Making a copy: once, into the place's own folder, and from there onto every shelf that is due.

What was done, and what could not be done, is noted in the table `copy_kept`, one row a shelf: the page tells from it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from siposyandu.copies import content, locks, sealed, shelves
from siposyandu.copies.content import Settings
from siposyandu.copies.locks import NoLock
from siposyandu.copies.sealed import Head
from siposyandu.copies.shelves import Shelf
from siposyandu.errors import Broken, SiposyanduError
from siposyandu.periods import instant_text, parse_instant
from siposyandu.store import SqliteStore, Store
from sync import lanes
from sync.status import status

GAPS = {
    shelves.LAPTOP: timedelta(hours=6),
    shelves.FLASH: timedelta(hours=1),
    shelves.FOLDER: timedelta(hours=1),
}
"""How long a shelf waits for its next copy while records come in; a flash disk without this laptop's newest gets it sooner."""
AGAIN = timedelta(minutes=10)
"""How long a shelf is left alone that could not take a copy; whoever presses the button tries at once."""


@dataclass(frozen=True)
class Place:
    """Whose database is copied, and by which lock: `vault` with `database_key`, else the recovery key `paper`."""

    title: str
    area: str
    settings: Settings
    app: str
    now: datetime
    token_bytes: Callable[[int], bytes]
    database_key: bytes | None = None
    vault: dict[str, Any] | None = None
    paper: str = ""

    def lock(self, key: bytes) -> locks.Lock:
        """Lock a copy's key. Refuses (NoLock) where nobody but a thief could open it."""
        if self.database_key is not None and self.vault is not None:
            return locks.by_vault(self.database_key, self.vault, key, self.token_bytes(24))
        if self.paper:
            return locks.by_paper(self.paper, key)
        raise NoLock("copies of this place would be open to anybody", "run: siposyandu backup --new-key")


def make(store: SqliteStore, place: Place, own: Shelf) -> Path:
    """Make a copy in the place's own folder; return its file. Raises NotKept, NoLock."""
    key = place.token_bytes(locks.KEY_BYTES)
    with store.snapshot():
        head = _head(store, place, key)

        def write(file: BinaryIO) -> bytes:
            return sealed.write(file, head, key, content.lines(store, place.app, place.settings))

        path = shelves.put(own, shelves.name_of(head), write)
    note(store, own, head, path.stat().st_size, path.name)
    if head.lock["kind"] == "paper":  # whose database lies open beside it: the proof needs no paper then
        with store.write():
            store.run("update copy_kept set content_key = $1 where shelf = $2", key.hex(), own.key)
    shelves.rotate(own, head.lane)
    return path


def carry(store: SqliteStore, copy: Path, onto: Iterable[Shelf], now: datetime) -> list[Shelf]:
    """Bring a copy onto shelves; return those that took it. What went wrong with the others is noted."""
    took = []
    head, size = sealed.check(copy), copy.stat().st_size
    for shelf in onto:
        try:
            path = shelves.bring(shelf, copy)
            shelves.rotate(shelf, head.lane)
        except SiposyanduError as refused:
            failed(store, shelf, refused, now)
            continue
        note(store, shelf, head, size, path.name)
        took.append(shelf)
    return took


def due(store: Store, shelf: Shelf, now: datetime, vault: dict[str, Any] | None) -> bool:
    """Return whether a shelf should get a copy: something was written since its last one, and that is long enough ago; or
    what opens the place, its `vault`, was changed since; or its last one is not there: two flash disks may have one name."""
    row = store.one("select * from copy_kept where shelf = $1", shelf.key)
    if row is None:
        return True
    if has_just_failed(row, now):
        return False
    if not is_behind(store, row):
        return not _is_good(vault, shelf, row)
    if row["lane"] != lanes.own(store):
        return True
    since = abs(now - parse_instant(row["made_at"]))  # a clock that leapt is no reason to wait
    return since >= GAPS[shelf.kind] or (shelf.kind == shelves.FLASH and not _is_there(store, shelf))


def has_just_failed(row: dict[str, Any], now: datetime, again: timedelta = AGAIN) -> bool:
    """Return whether the shelf of a row of `copy_kept` could not take a copy a short while ago."""
    return row["fault_at"] is not None and abs(now - parse_instant(row["fault_at"])) < again


def is_behind(store: Store, row: dict[str, Any]) -> bool:
    """Return whether something was written since the last copy of a row of `copy_kept`.

    Not by counting alone: a laptop lets go of edits of children that have left, and its own take their numbers.
    """
    own = lanes.get(store, lanes.own(store))
    return (row["lane"], row["last_seq"], row["edits"]) != (own.lane, own.last_seq, edits(store))


def _is_good(vault: dict[str, Any] | None, shelf: Shelf, row: dict[str, Any]) -> bool:
    """Return whether a copy is where it was laid and, if it can be read, opens with the passphrase and the papers that open
    the place now. A folder that is gone says nothing: its disk is out, and trying again and again would help nobody."""
    try:
        return sealed.read_head(shelf.folder / str(row["file"])).lock.get("vault") == vault
    except FileNotFoundError:
        return (shelf.kind == shelves.FOLDER and not shelf.folder.is_dir()) or _has_its_like(
            vault, shelf, row
        )
    except (OSError, Broken):
        return True


def _has_its_like(vault: dict[str, Any] | None, shelf: Shelf, row: dict[str, Any]) -> bool:
    """Return whether another copy there holds as much: of two flash disks of one name that are in at once, each would lack
    for ever what the other got last."""
    heads = (copy.head for copy in shelves.copies(shelf, row["lane"]))
    said = (row["last_seq"], row["edits"], vault)
    return any((head.last_seq, head.edits, head.lock.get("vault")) == said for head in heads)


def _is_there(store: Store, shelf: Shelf) -> bool:
    file = store.value("select file from copy_kept where shelf = $1", shelf.key)
    return (shelf.folder / str(file)).exists()


def edits(store: Store) -> int:
    """Return up to which number the database holds edits: so many, where none was let go."""
    return int(store.value("select coalesce(max(n), 0) from edits"))


def _head(store: SqliteStore, place: Place, key: bytes) -> Head:
    known, own = status(store), lanes.get(store, lanes.own(store))
    return Head(
        place=place.title,
        area=place.area,
        number=int(store.value("select coalesce(max(number), 0) from copy_kept")) + 1,
        made_at=instant_text(place.now),
        clock_offset_s=known.clock_offset_s,
        app=place.app,
        lane=own.lane,
        last_seq=own.last_seq,
        acknowledged=int(store.value("select coalesce(max(ack), 0) from sync_upstream")),
        edits=edits(store),
        lock=place.lock(key),
    )


def note(store: Store, shelf: Shelf, head: Head, size: int, file: str) -> None:
    """Note that a shelf has a copy."""
    with store.write():
        store.run(
            """insert into copy_kept (shelf, kind, name, elsewhere, file, number, made_at, lane, last_seq, edits, bytes)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (shelf) do update set
            elsewhere = excluded.elsewhere, file = excluded.file, number = excluded.number, made_at = excluded.made_at,
            lane = excluded.lane, last_seq = excluded.last_seq, edits = excluded.edits, bytes = excluded.bytes,
            fault = null, fault_at = null""",
            shelf.key, shelf.kind, shelf.name, int(shelf.elsewhere), file, head.number, head.made_at, head.lane,
            head.last_seq, head.edits, size,
        )  # fmt: skip


def failed(store: Store, shelf: Shelf, refused: Exception, now: datetime) -> None:
    """Note that a shelf could not take a copy, and why: the code of the error, or its name."""
    fault = str(getattr(refused, "code", type(refused).__name__.lower()))
    with store.write():
        store.run(
            """insert into copy_kept (shelf, kind, name, elsewhere, fault, fault_at) values ($1, $2, $3, $4, $5, $6)
            on conflict (shelf) do update set fault = excluded.fault, fault_at = excluded.fault_at""",
            shelf.key, shelf.kind, shelf.name, int(shelf.elsewhere), fault, instant_text(now),
        )  # fmt: skip
