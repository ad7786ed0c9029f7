"""A damaged database is found when the place is opened, whatever was damaged, and is never used."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Event

import pytest

from siposyandu import encryption, health
from siposyandu.encryption import DatabaseError
from siposyandu.health import Damaged
from siposyandu.store import SqliteStore, open_store

KEY = bytes(range(32))
PAGE_BYTES = 4096
SEED = 20_261_127
Opened = Callable[[Path], SqliteStore]


def filled(path: Path, key: bytes | None) -> SqliteStore:
    """A database of some hundred pages, its write-ahead file already copied into it."""
    store = open_store(path, key)
    with store.write():
        store.run(
            "create table weighing (id integer primary key, child text not null, weight_g integer) strict"
        )
        store.run("create index weighing_by_child on weighing (child)")
        store.many(
            "insert into weighing (child, weight_g) values ($1, $2)",
            [(f"{n:032x}", 3000 + n) for n in range(9000)],
        )
    store.rows("pragma wal_checkpoint(truncate)")
    return store


def pages_of(path: Path, key: bytes | None, name: str) -> list[int]:
    """The pages of a table or an index, as an undamaged store tells."""
    store = open_store(path, key)
    try:
        root = store.value("select rootpage from sqlite_master where name = $1", name)
        count = store.value("pragma page_count")
    finally:
        store.close()
    return list(range(root + 1, min(root + 40, count)))


def flip(path: Path, at: int) -> None:
    """Turn one byte round."""
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 0xFF]))


def what_is_wrong(path: Path, key: bytes | None) -> str:
    try:
        health.look(path, key, expected=True)
    except Damaged as damaged:
        return damaged.what
    return ""


def test_a_whole_database_is_well_and_a_new_place_has_none(tmp_path: Path) -> None:
    path = tmp_path / "siposyandu.db"
    health.look(path, KEY, expected=False)
    filled(path, KEY).close()
    assert what_is_wrong(path, KEY) == ""


def test_any_byte_turned_in_an_encrypted_database_is_found(tmp_path: Path) -> None:
    path, chance, missed = tmp_path / "siposyandu.db", Random(SEED), []
    filled(path, KEY).close()
    for _ in range(60):
        at = chance.randrange(path.stat().st_size)
        flip(path, at)
        if not what_is_wrong(path, KEY):
            missed.append(at)
        flip(path, at)
    assert missed == []
    assert what_is_wrong(path, KEY) == ""


@pytest.mark.parametrize("part", ["weighing", "weighing_by_child"])
def test_a_page_of_a_table_or_an_index_that_is_overwritten_is_found_without_a_key_too(
    tmp_path: Path, part: str
) -> None:
    path = tmp_path / "siposyandu.db"
    filled(path, None).close()
    whole, missed = path.read_bytes(), []
    for page in pages_of(path, None, part)[:10]:
        at = (page - 1) * PAGE_BYTES
        path.write_bytes(whole[:at] + bytes(range(256)) * 16 + whole[at + PAGE_BYTES :])
        if not what_is_wrong(path, None):
            missed.append(page)
    assert missed == []


@pytest.mark.parametrize("key", [None, KEY])
def test_pages_that_a_power_cut_left_by_half_are_whole_in_the_write_ahead_file_and_no_damage(
    tmp_path: Path, key: bytes | None
) -> None:
    path, cut = tmp_path / "siposyandu.db", tmp_path / "cut.db"
    store = filled(path, key)
    before = path.read_bytes()
    with store.write():
        store.run("update weighing set weight_g = weight_g + 1")
    ahead = path.with_name("siposyandu.db-wal").read_bytes()
    store.rows("pragma wal_checkpoint(truncate)")
    after = path.read_bytes()
    halves = range(0, len(after), PAGE_BYTES)
    half = PAGE_BYTES // 2
    cut.write_bytes(b"".join(after[at : at + half] + before[at + half : at + PAGE_BYTES] for at in halves))
    cut.with_name("cut.db-wal").write_bytes(ahead)
    assert what_is_wrong(cut, key) == ""
    kept = open_store(cut, key)
    assert kept.value("select sum(weight_g) from weighing") == store.value(
        "select sum(weight_g) from weighing"
    )
    for each in (kept, store):
        each.close()


@pytest.mark.parametrize("key", [None, KEY])
def test_a_file_that_is_gone_cut_or_without_its_head_is_found(tmp_path: Path, key: bytes | None) -> None:
    path, found = tmp_path / "siposyandu.db", {}
    filled(path, key).close()
    whole = path.read_bytes()
    for name, changed in {
        "head": bytes(100) + whole[100:],
        "half": whole[: len(whole) // 2 // PAGE_BYTES * PAGE_BYTES],
        "odd": whole[: len(whole) // 3],
        "empty": b"",
    }.items():
        path.write_bytes(changed)
        found[name] = bool(what_is_wrong(path, key))
    path.unlink()
    found["gone"] = what_is_wrong(path, key) == "gone"
    assert found == dict.fromkeys(found, True)


def switched_off(path: Path, key: bytes | None, folder: Path) -> Path:
    """The database as the power left it: ten transactions in the write-ahead file only."""
    store = filled(path, key)
    for number in range(10):
        with store.write():
            store.run("update weighing set weight_g = $1 where id = $2", number, 900 * number + 1)
    left = folder / "left"
    left.mkdir()
    for suffix in ("", "-wal"):
        (left / f"siposyandu.db{suffix}").write_bytes(path.with_name(path.name + suffix).read_bytes())
    store.close()
    return left / "siposyandu.db"


@pytest.mark.parametrize("key", [None, KEY])
def test_a_write_ahead_file_is_whole_after_the_power_went(tmp_path: Path, key: bytes | None) -> None:
    path = switched_off(tmp_path / "siposyandu.db", key, tmp_path)
    assert what_is_wrong(path, key) == ""
    store = open_store(path, key)
    assert store.value("select weight_g from weighing where id = 8101") == 9
    store.close()


@pytest.mark.parametrize("key", [None, KEY])
def test_a_byte_turned_in_the_write_ahead_file_is_found_before_later_transactions_are_dropped(
    tmp_path: Path, key: bytes | None
) -> None:
    path = switched_off(tmp_path / "siposyandu.db", key, tmp_path)
    wal, database = path.with_name(path.name + "-wal"), path.read_bytes()
    whole, chance, missed = wal.read_bytes(), Random(SEED), []
    last = len(whole) - 2 * (PAGE_BYTES + 24)  # the last transaction cannot be told from one that never ended
    for at in [0, 5, 20, *(chance.randrange(32, last) for _ in range(30))]:
        path.write_bytes(database)
        wal.write_bytes(whole)
        path.with_name(path.name + "-shm").unlink(missing_ok=True)
        flip(wal, at)
        if not what_is_wrong(path, key):
            missed.append(at)
    assert missed == []


def test_a_last_transaction_that_never_ended_is_no_damage(tmp_path: Path) -> None:
    path = switched_off(tmp_path / "siposyandu.db", KEY, tmp_path)
    wal = path.with_name(path.name + "-wal")
    wal.write_bytes(wal.read_bytes()[:-100])
    assert what_is_wrong(path, KEY) == ""


def test_a_database_in_which_others_write_all_the_while_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "laptop.db"
    filled(path, None).close()
    enough = Event()
    with ThreadPoolExecutor(2) as pool:
        writing = [pool.submit(write_until, path, enough) for _ in range(2)]
        try:
            for _ in range(60):
                health.look(path, None, expected=True)
        finally:
            enough.set()
        assert all(writer.result() > 0 for writer in writing)


def write_until(path: Path, enough: Event) -> int:
    """Write one small transaction after the other until it is enough; returns how many."""
    store = open_store(path, None)
    done = 0
    while not enough.is_set():
        with store.write():
            store.run("update weighing set weight_g = weight_g + 1 where id = $1", done % 9000 + 1)
        done += 1
    store.close()
    return done


def test_a_database_that_is_only_in_use_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "siposyandu.db"
    filled(path, KEY).close()
    monkeypatch.setattr(encryption, "BUSY_SECONDS", 0)
    taken = encryption.connect(path, KEY)
    taken.execute("pragma locking_mode = exclusive")
    taken.execute("begin exclusive")
    with pytest.raises(DatabaseError) as fault:
        health.look(path, KEY, expected=True)
    taken.close()
    assert "locked" in str(fault.value)
    assert what_is_wrong(path, KEY) == ""
