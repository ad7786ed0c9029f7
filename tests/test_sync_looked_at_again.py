"""A record that could not be read is tried again: what the machine lacks meanwhile is not said of the record."""

import pytest

from siposyandu.errors import DiskFull
from sync import log, reviews
from tests.sync_world import World

pytestmark = pytest.mark.usefixtures("sync_database")
AT = "2026-08-03T01:00:00Z"


def test_a_disk_that_is_full_while_a_record_is_tried_again_changes_nothing_of_it() -> None:
    world = World()
    store = world.province.store
    child = world.office.child("Dedi", "melati")
    (kept,) = log.of_entities(store, [child])
    with store.write():
        reviews.flag(store, [kept.edit], "KeyError: 'new_field'", AT)

    def full(_store: object, _edits: object) -> None:
        raise DiskFull("no room")

    with pytest.raises(DiskFull):
        reviews.again(store, child, full, AT)
    assert [each.problem for each in reviews.waiting(store)] == ["KeyError: 'new_field'"]


def test_a_problem_whose_words_no_database_holds_is_told_without_them() -> None:
    world = World()
    store = world.province.store
    child = world.office.child("Dedi", "melati")
    (kept,) = log.of_entities(store, [child])
    with store.write():
        reviews.flag(store, [kept.edit], "ValueError: not a day: '3\0 \ud800 Mei'", AT)
    (told,) = reviews.waiting(store)
    assert told.problem.startswith("ValueError: not a day: '3")
