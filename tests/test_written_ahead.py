"""The write-ahead file: no save waits for it to be brought into the database, it stays small, and nothing in it is lost."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from siposyandu.app import BRINGING_IN
from siposyandu.store import AHEAD_AT_MOST_PAGES, FAR_AHEAD_PAGES, SqliteStore, open_store
from tests import conftest, locked
from tests.conftest import Village, app_of

KEY = bytes(range(32))
PAGE_BYTES, FRAME_BYTES = 4096, 4096 + 24
ROWS_A_COMMIT = 250


@pytest.fixture
def laptop(tmp_path: Path) -> Village:
    """Melati's laptop on a file."""
    return conftest.found(tmp_path / "melati", upstream="http://127.0.0.1:9")


@pytest.fixture(params=[None, KEY], ids=["plain", "encrypted"])
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], SqliteStore]:
    """Opens one database file again and again."""
    return lambda: open_store(tmp_path / "cups.db", request.param)


@pytest.fixture
def cups(another: Callable[[], SqliteStore]) -> Iterator[SqliteStore]:
    """The file, open, with a table of cups."""
    store = another()
    yield with_cups(store)
    store.close()


def with_cups(store: SqliteStore) -> SqliteStore:
    with store.write():
        store.run("create table cup (tea text)")
    return store


def write_pages(store: SqliteStore, pages: int) -> None:
    """Commit again and again until so many pages were written."""
    for _ in range(0, pages, ROWS_A_COMMIT):
        with store.write():
            store.many("insert into cup (tea) values ($1)", [("x" * 3500,)] * ROWS_A_COMMIT)


def size(folder: Path, name: str) -> int:
    return (folder / name).stat().st_size


def test_no_commit_brings_in_what_was_written_ahead_and_somebody_beside_the_work_does(
    cups: SqliteStore, tmp_path: Path
) -> None:
    before = cups.is_far_ahead, size(tmp_path, "cups.db")
    write_pages(cups, FAR_AHEAD_PAGES)
    ahead = cups.is_far_ahead, size(tmp_path, "cups.db")
    cups.bring_in()
    assert (before[0], ahead) == (False, (True, before[1]))
    assert not cups.is_far_ahead
    assert size(tmp_path, "cups.db") > FAR_AHEAD_PAGES * PAGE_BYTES


def test_what_is_brought_in_makes_room_for_what_is_written_next(cups: SqliteStore, tmp_path: Path) -> None:
    for _ in range(4):
        write_pages(cups, FAR_AHEAD_PAGES)
        cups.bring_in()
    assert size(tmp_path, "cups.db-wal") < 2 * FAR_AHEAD_PAGES * FRAME_BYTES


def test_the_write_ahead_file_stays_small_though_nobody_brings_it_in(
    cups: SqliteStore, tmp_path: Path
) -> None:
    write_pages(cups, 3 * AHEAD_AT_MOST_PAGES)
    assert size(tmp_path, "cups.db-wal") < (AHEAD_AT_MOST_PAGES + 4 * ROWS_A_COMMIT) * FRAME_BYTES


def test_who_reads_an_older_state_goes_on_seeing_it_and_nobody_waits_for_her(
    cups: SqliteStore, another: Callable[[], SqliteStore]
) -> None:
    write_pages(cups, FAR_AHEAD_PAGES)
    reader = another()
    with reader.snapshot():
        before = reader.value("select count(*) from cup")
        write_pages(cups, FAR_AHEAD_PAGES)
        cups.bring_in()
        seen = reader.value("select count(*) from cup")
    after = reader.value("select count(*) from cup")
    reader.close()
    assert (before, seen, after) == (1000, 1000, 2000)


def test_after_a_page_was_answered_what_was_written_ahead_is_brought_in(laptop: Village) -> None:
    store = laptop.instance.open_store()
    assert isinstance(store, SqliteStore)
    write_pages(with_cups(store), FAR_AHEAD_PAGES)
    with app_of(laptop).test_client().get("/masuk") as answer:
        before = store.is_far_ahead
    for thread in threading.enumerate():
        if thread.name == BRINGING_IN:
            thread.join()
    assert (answer.status_code, before, store.is_far_ahead) == (200, True, False)
    store.close()


def test_a_place_that_was_closed_meanwhile_brings_nothing_in_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    locked.found(tmp_path / "melati").instance.bring_in()
    assert [record.getMessage() for record in caplog.records if record.name == "siposyandu.instance"] == [
        "nothing was brought into the database: this laptop is closed"
    ]
