"""A database that stays open between two messages: the same one, until another file lies in its place."""

import shutil
from pathlib import Path

from siposyandu.migrations import migrate
from siposyandu.standing import StandingStores
from siposyandu.store import SqliteStore, open_store


def made(path: Path, area: str) -> Path:
    store = open_store(path)
    migrate(store)
    with store.write():
        store.run("insert into tally_due (posyandu, month) values ($1, '2026-08')", area)
    store.close()
    return path


def area(store: SqliteStore) -> str:
    return str(store.value("select posyandu from tally_due"))


def test_one_thread_keeps_its_database_open_from_one_message_to_the_next(tmp_path: Path) -> None:
    path = made(tmp_path / "province.db", "melati")
    standing = StandingStores(path, lambda: open_store(path))
    first = standing.store()
    assert (standing.store() is first, area(standing.store())) == (True, "melati")


def test_a_copy_put_in_its_place_is_opened_and_the_old_file_let_go(tmp_path: Path) -> None:
    path, other = made(tmp_path / "province.db", "melati"), made(tmp_path / "copy.db", "kenanga")
    standing = StandingStores(path, lambda: open_store(path))
    before = area(standing.store())
    shutil.move(other, path)
    assert (before, area(standing.store())) == ("melati", "kenanga")
