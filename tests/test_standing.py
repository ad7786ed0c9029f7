"""A database that stays open between two messages or pages: the same one, until another file lies in its place."""

import shutil
from pathlib import Path

import pytest

from siposyandu.encryption import DatabaseError
from siposyandu.migrations import migrate
from siposyandu.standing import KeptOpen, StandingStores
from siposyandu.store import Store, open_store
from tests import conftest, locked
from tests.conftest import Village


def made(path: Path, area: str) -> Path:
    store = open_store(path)
    migrate(store)
    with store.write():
        store.run("insert into tally_due (posyandu, month) values ($1, '2026-08')", area)
    store.close()
    return path


def area(store: Store) -> str:
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


@pytest.fixture
def laptop(tmp_path: Path) -> Village:
    """Melati's laptop on a file."""
    return conftest.found(tmp_path / "melati", upstream="http://127.0.0.1:9")


def lent(kept: KeptOpen) -> Store:
    store = kept.lend()
    assert store is not None
    return store


def test_one_connection_goes_from_page_to_page_and_a_second_page_at_the_same_time_gets_none(
    laptop: Village,
) -> None:
    kept = KeptOpen(laptop.instance)
    first = lent(kept)
    meanwhile = kept.lend()
    kept.give_back(first)
    assert (meanwhile, kept.lend() is first) == (None, True)


def test_another_pages_own_connection_is_closed_when_it_is_given_back(laptop: Village) -> None:
    kept, own = KeptOpen(laptop.instance), laptop.instance.open_store()
    first = lent(kept)
    kept.give_back(own)
    with pytest.raises(DatabaseError):
        own.value("select 1")
    assert (first.value("select 1"), kept.lend()) == (1, None)


@pytest.mark.parametrize("sound", [True, False])
def test_what_a_page_left_half_done_is_undone_and_its_connection_not_lent_again(
    laptop: Village, sound: bool
) -> None:
    kept = KeptOpen(laptop.instance)
    broken = lent(kept)
    broken.value("begin immediate")  # as a page would that failed within the transaction and hid it
    broken.run("insert into tally_due (posyandu, month) values ('half', '2026-08')")
    kept.give_back(broken, sound=sound)
    after = lent(kept)
    assert (after is broken, after.value("select count(*) from tally_due")) == (False, 0)


def test_a_closed_place_lends_nothing_and_what_was_lent_ends_with_its_page(tmp_path: Path) -> None:
    place = locked.found(tmp_path / "melati").instance
    kept = KeptOpen(place)
    closed = kept.lend()
    place.unlock(locked.PASSPHRASE)
    store = lent(kept)
    place.lock()
    locked_again = kept.lend()
    kept.give_back(store)
    with pytest.raises(DatabaseError):
        store.value("select 1")
    assert (closed, locked_again) == (None, None)


def test_a_page_after_a_copy_was_put_in_the_files_place_reads_the_copy(
    laptop: Village, tmp_path: Path
) -> None:
    kept = KeptOpen(laptop.instance)
    first = lent(kept)
    before = first.value("select count(*) from tally_due")
    kept.give_back(first)
    shutil.move(made(tmp_path / "copy.db", "kenanga"), laptop.instance.config.database_path)
    assert (before, area(lent(kept))) == (0, "kenanga")
