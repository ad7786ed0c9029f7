"""The daily count finds what was not told also while many children wait for a posyandu whose laptop does not come."""

import pytest

from sync import checkup
from tests.sync_app import CITRA, NOTE, POSYANDU, notebook
from tests.sync_world import Place, World

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


def many_wait(world, melati) -> str:
    """More children than are counted one by one have left for a laptop that is never heard; return one who stays."""
    world.laptop("mawar")
    children = [melati.writer.child(f"child {number}") for number in range(checkup.MOST_UNSETTLED + 1)]
    stays = melati.writer.child("Baiq")
    melati.exchange()
    for child in children:
        world.office.save({POSYANDU: "mawar"}, child, author=CITRA)
    melati.exchange()
    return stays


def days(world, melati) -> list[int]:
    """Return how many requests a laptop makes on each of four days."""
    made = []
    for _ in range(4):
        for clock in (world.clock, melati.clock):
            clock.wait(86400)
        made.append(melati.exchange().requests)
    return made


def test_what_was_not_told_is_found(world, melati):
    stays = many_wait(world, melati)
    world.office.save({NOTE: "read past"}, stays, author=CITRA)
    with melati.store.write():  # as after a restore unseen
        melati.store.run("update sync_upstream set cursor_n = cursor_n + 1")
    made = days(world, melati)
    notes = [row["note"] for row in notebook(melati.store) if row["name"] == "Baiq"]
    assert (notes, made[1:]) == (["read past"], [1, 1, 1])


def test_nothing_is_read_again_where_all_agrees(world, melati):
    many_wait(world, melati)
    assert (days(world, melati), len(notebook(melati.store))) == ([1, 1, 1, 1], checkup.MOST_UNSETTLED + 2)


def test_a_laptop_that_holds_all_but_one_of_them_reads_everything_again_once(world, melati):
    many_wait(world, melati)
    child = world.office.child("Citra", "melati")
    world.office.save({POSYANDU: "mawar"}, child, author=CITRA)  # Melati has never heard of her
    made = days(world, melati)
    assert (made[0], made[1] > 1, made[2:]) == (1, True, [1, 1])
