"""A child whom a laptop has forgotten stays forgotten, and comes back when she is of its posyandu again."""

from dataclasses import replace

import pytest

from sync import lanes
from tests.sync_app import CITRA, POSYANDU, notebook
from tests.sync_world import Place, World, image_of

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


@pytest.fixture
def mawar(world) -> Place:
    return world.laptop("mawar")


def names(place) -> list[str]:
    return [row["name"] for row in notebook(place.store)]


def recorded(place) -> int:
    """Return how many edits stand in a laptop's own lane."""
    return lanes.get(place.store, lanes.own(place.store)).last_seq


def after_days(world: World, days: int, *places: Place) -> None:
    for _ in range(days):
        world.clock.wait(86400)
        for place in places:
            place.clock.wait(86400)
            place.exchange()


def test_a_program_too_old_to_receive_reads_everything_anew_only_once_it_is_updated(world, melati):
    child = melati.writer.child("Aminah")
    for number in range(5):
        world.office.child(f"of the puskesmas {number}", "melati")
    for _ in range(2):
        melati.exchange()
    before = image_of(world.province.store)
    world.office.save({POSYANDU: "kenanga"}, child, author=CITRA)
    for _ in range(2):
        melati.exchange()
    gone = "Aminah" not in names(melati)
    world.restore(before)
    world.province = replace(world.province, min_version="0.2.0")
    after_days(world, 2, melati)
    given_unread = recorded(melati) - 1
    melati.laptop = replace(melati.laptop, app="0.2.0")
    after_days(world, 1, melati)
    assert (gone, given_unread, recorded(melati)) == (True, 0, 1)
    assert notebook(melati.store) == notebook(world.province.store)
