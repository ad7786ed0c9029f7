"""Copies of a running place: made when due, made now, proved by a restore, and what would be lost if it were stolen now.

A job looks every minute. While the place is closed (its vault is), no job runs; the copy waits for the morning.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from siposyandu import places
from siposyandu.config import portable
from siposyandu.copies import locks, making, proving, sealed, shelves
from siposyandu.copies.proving import Proof
from siposyandu.copies.shelves import Copy, Shelf
from siposyandu.errors import NotFound, Refused, SiposyanduError
from siposyandu.instance import Instance
from siposyandu.machine import Chance, taking_turns
from siposyandu.periods import parse_instant
from siposyandu.store import SqliteStore, Store
from siposyandu.vault.safe import FILE_NAME as VAULT_FILE
from sync import lanes

TURNS_NAME = "copies.lock"


@dataclass(frozen=True)
class Report:
    """What making a copy came to: its file's name and size, the shelves that took it."""

    file: str
    bytes: int
    took: tuple[Shelf, ...]


@dataclass(frozen=True)
class State:
    """What a person should know of the copies of this place.

    `rows` are the shelves with their last copy, newest first; `at_risk` counts the records that are neither at the
    province nor in a copy elsewhere; `proof_is_old` warns.
    """

    rows: tuple[dict[str, Any], ...]
    proof: Proof | None
    last_try: Proof | None
    at_risk: int
    proof_is_old: bool


def run_due(instance: Instance) -> Report | None:
    """Make a copy for every shelf that is due; None when none is, or when none can be made here (noted)."""
    with instance.store_for_job() as store:
        if not _in_a_file(store):
            return None  # PostgreSQL: pg_dump, see the run book
        vault, now = _vault(instance), instance.now()
        waiting = [shelf for shelf in shelves_of(instance) if making.due(store, shelf, now, vault)]
        if not waiting:
            return None
        try:
            return _make(instance, sqlite(store), waiting)
        except (SiposyanduError, OSError) as refused:
            making.failed(store, own_shelf(instance), refused, instance.now())
            return None


def make_now(instance: Instance) -> Report:
    """Make a copy for every shelf that is there. Raises NotKept; Refused where no copy may be made."""
    with instance.store_for_job() as store:
        return _make(instance, sqlite(store), list(shelves_of(instance)))


def make_asked(instance: Instance) -> None:
    """Make a copy because a person pressed the button; what goes wrong is noted for the page she looks at."""
    try:
        make_now(instance)
    except (SiposyanduError, OSError) as refused:
        with instance.store_for_job() as store:
            making.failed(store, own_shelf(instance), refused, instance.now())


def _make(instance: Instance, store: SqliteStore, onto: list[Shelf]) -> Report:
    own = own_shelf(instance)
    with taking_turns(_turns(instance)):
        path = making.make(store, _place(instance, store), own)
        took = making.carry(store, path, [shelf for shelf in onto if shelf != own], instance.now())
        return Report(path.name, path.stat().st_size, (own, *took))


def _turns(instance: Instance) -> Path:
    """Return the file by which `siposyandu backup` and the job wait for each other: both would give one number to two copies,
    and the copies' drafts and the proof's database have one name."""
    return instance.config.folder / TURNS_NAME


def own_shelf(instance: Instance) -> Shelf:
    """Return the shelf in this place's own folder."""
    return shelves.own(instance.config.folder)


def shelves_of(instance: Instance) -> Iterator[Shelf]:
    """Give the shelves that are there now."""
    config = instance.config
    yield own_shelf(instance)
    yield from shelves.others(config.database_path, config.copies, config.flash_disks)


def at_hand(instance: Instance, wanted: Callable[[Copy], bool]) -> Iterator[Copy]:
    """Give the wanted copies on all shelves that are there now, newest first, one of each; only those that are whole.

    Each is read whole only when it is asked for: a flash disk may hold the copies of many posyandu.
    """
    found = [copy for shelf in shelves_of(instance) for copy in shelves.copies(shelf)]
    given = set[str]()
    for copy in _newest_first(found):
        if copy.path.name not in given and wanted(copy) and _whole(copy):
            given.add(copy.path.name)
            yield copy


def _newest_first(found: Iterable[Copy]) -> list[Copy]:
    """Put copies in order: a laptop's own by their number, for its clock may be wrong; laptops by the clock of their newest."""
    by_number = sorted(found, key=lambda copy: (copy.head.number, copy.head.made_at), reverse=True)
    made_at = {copy.head.lane: copy.head.made_at for copy in reversed(by_number)}
    return sorted(by_number, key=lambda copy: (made_at[copy.head.lane], copy.head.lane), reverse=True)


def _whole(copy: Copy) -> bool:
    try:
        sealed.check(copy.path)
    except (OSError, SiposyanduError):
        return False
    return True


def prove_due(instance: Instance) -> bool | None:
    """Prove the newest copy when a month has passed; None when it is not due or there is nothing to prove yet."""
    with instance.store_for_job() as store:
        if not _in_a_file(store) or not proving.due(store, instance.now()):
            return None
    return prove_now(instance) if any(True for _ in _provable(instance)) else None


def prove_now(instance: Instance) -> bool:
    """Restore the newest copy that can be read back and compare it whole; older ones are tried after it. Noted.

    NotFound when there is no copy of this place on any shelf that is there.
    """
    with taking_turns(_turns(instance)):
        found = list(_provable(instance))
        if not found:
            raise NotFound("there is no copy to prove", "run: siposyandu backup")
        return any(_proved(instance, shelf, copy) for shelf, copy in found)


def _provable(instance: Instance) -> Iterator[tuple[Shelf, Copy]]:
    with instance.store_for_job() as store:
        lane = lanes.own(store)
    found = [(shelf, copy) for shelf in shelves_of(instance) for copy in shelves.copies(shelf, lane)]
    newest = sorted(found, key=lambda each: (each[1].head.number, each[0].elsewhere), reverse=True)
    yield from newest[:4]


def _proved(instance: Instance, shelf: Shelf, copy: Copy) -> bool:
    fault = ""
    try:
        key = _key_of(instance, copy)
        proving.prove(copy, key, instance.config.database_path, instance.database_key, lambda done, of: None)
    except (SiposyanduError, OSError) as refused:
        fault = str(refused)
    with instance.store_for_job() as store:
        proving.note(store, copy, shelf.key, fault, instance.now())
    return not fault


def _key_of(instance: Instance, copy: Copy) -> bytes:
    if instance.database_key is not None:
        return locks.open_by_database_key(copy.head.lock, instance.database_key)
    with instance.store_for_job() as store:
        kept = store.one("select number, content_key from copy_kept where shelf = $1", shelves.LAPTOP)
    if kept is None or kept["content_key"] is None or kept["number"] != copy.head.number:
        raise Refused("only the recovery paper opens this copy", "prove the newest one")
    return bytes.fromhex(kept["content_key"])


def state(instance: Instance, store: Store) -> State:
    """Return what a person should know of the copies of this place."""
    good = proving.latest(store, good=True)
    return State(
        rows=tuple(store.rows("select * from copy_kept order by made_at desc, shelf")),
        proof=good,
        last_try=proving.latest(store),
        at_risk=at_risk(store),
        proof_is_old=_is_old(store, good, instance.now()),
    )


def at_risk(store: Store) -> int:
    """Return how many records written here are neither at the province nor in a copy that lies elsewhere."""
    own = lanes.get(store, lanes.own(store))
    safe = store.value(
        """select max(upto) from (
            select coalesce(max(ack), 0) as upto from sync_upstream
            union all select coalesce(max(last_seq), 0) from copy_kept where elsewhere = 1 and lane = $1) as safe""",
        own.lane,
    )
    return max(0, own.last_seq - int(safe))


def _is_old(store: Store, good: Proof | None, now: datetime) -> bool:
    if good is None:
        first = store.value("select min(received_at) from edits")
        return first is not None and abs(now - parse_instant(first)) > proving.OLD
    return abs(now - parse_instant(good.proved_at)) > proving.OLD


def _in_a_file(store: Store) -> bool:
    return isinstance(store, SqliteStore)


def sqlite(store: Store) -> SqliteStore:
    """Return the store as one over a SQLite file. Refused for PostgreSQL, which has its own way."""
    if not isinstance(store, SqliteStore):
        raise Refused(
            "this place keeps its records in PostgreSQL", "copy it with pg_dump: see the run book, section 11"
        )
    return store


def _place(instance: Instance, store: Store) -> making.Place:
    return making.Place(
        title=_title(instance, store),
        area=instance.config.area,
        settings=portable(instance.config),
        app=version("siposyandu"),
        now=instance.now(),
        token_bytes=Chance().token_bytes,
        database_key=instance.database_key,
        vault=_vault(instance),
        paper=instance.config.copy_key,
    )


def _vault(instance: Instance) -> dict[str, Any] | None:
    vault = instance.config.folder / VAULT_FILE
    return dict(json.loads(vault.read_text("utf-8"))) if vault.is_file() else None


def _title(instance: Instance, store: Store) -> str:
    try:
        return places.title(store, instance.config.area)
    except Refused:
        return ""  # a laptop that has not heard of its posyandu yet
