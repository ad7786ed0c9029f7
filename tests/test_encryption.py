"""The database file with a key: nothing can be read from it without the key, and everything works with it."""

from pathlib import Path

import pytest

import forms
from siposyandu import encryption, records
from siposyandu.access import Worker
from siposyandu.errors import Broken
from siposyandu.migrations import migrate
from siposyandu.records import Pen
from siposyandu.store import SqliteStore, open_store
from sync import lanes
from tests.conftest import NOW

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
NAME = "Baiq Zaskia Nurhaliza"


def begun(path: Path, key: bytes | None) -> SqliteStore:
    """A store on the disk with its tables and a lane."""
    store = open_store(path, key)
    migrate(store)
    lanes.open_own(store, "a" * 32, "b" * 32)
    return store


def write_child(store: SqliteStore) -> None:
    pen = Pen("a" * 32, Worker("0" * 32, "", "provinsi", "52"), NOW)
    records.save(store, pen, forms.BY_NAME["person"], {"name": NAME, "sex": "f", "birth_date": "2025-05-01"})


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize(("key", "readable"), [(None, True), (KEY, False)])
def test_a_name_stands_in_the_files_of_a_database_only_without_a_key(
    tmp_path: Path, key: bytes | None, readable: bool
) -> None:
    store = begun(tmp_path / "a.db", key)
    write_child(store)
    while_open = everything_in(tmp_path)
    found = store.search("person", ["zask"], 5)
    store.close()
    assert [row["name"] for row in found] == [NAME]
    assert (NAME.encode() in while_open, NAME.encode() in everything_in(tmp_path)) == (readable, readable)


@pytest.mark.parametrize("key", [OTHER_KEY, None])
def test_a_database_is_not_opened_by_another_key_or_none(tmp_path: Path, key: bytes | None) -> None:
    begun(tmp_path / "a.db", KEY).close()
    with pytest.raises(Broken):
        open_store(tmp_path / "a.db", key)


def test_a_plain_database_is_not_opened_by_a_key(tmp_path: Path) -> None:
    begun(tmp_path / "a.db", None).close()
    with pytest.raises(Broken):
        open_store(tmp_path / "a.db", KEY)


def test_a_key_is_of_32_bytes() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        open_store(":memory:", b"short")


@pytest.mark.parametrize("key", [None, KEY])
def test_a_fault_of_the_database_is_caught_by_one_name(tmp_path: Path, key: bytes | None) -> None:
    store = begun(tmp_path / "a.db", key)
    with pytest.raises(encryption.IntegrityError), store.write():
        store.many("insert into sync_upstream (id) values ($1)", [(1,), (1,)])
    with pytest.raises(encryption.OperationalError):
        store.rows("select nothing from nowhere")
    store.close()


def test_sqlite_utils_takes_the_same_driver(tmp_path: Path) -> None:
    store = begun(tmp_path / "a.db", KEY)
    with store.write():
        store.database.table("cup").insert({"name": "red"}, pk="name")
        store.database.table("cup").insert({"name": "blue", "tea": 1}, alter=True)
        store.database.table("cup").transform(rename={"tea": "coffee"})
    found = store.rows("select name, coffee from cup order by name")
    store.close()
    assert found == [{"name": "blue", "coffee": 1}, {"name": "red", "coffee": None}]
