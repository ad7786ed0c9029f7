"""What the province could not apply its laptop is told in the end: after a lost answer, by stick, and of very many."""

from dataclasses import dataclass, replace

import pytest

from sync import edits, reviews
from sync.errors import Unreachable
from sync.simulate.notebook import POISON
from tests.sync_app import NOTE
from tests.sync_sticks import export, receive, take
from tests.sync_world import Place, World

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    place = world.laptop("melati")
    place.exchange()
    return place


def poisoned(place: Place) -> str:
    """Return a child about whom stands what this laptop's program can read and the province's cannot."""
    child = place.writer.child("Aminah")
    with place.store.write():
        edits.record(
            place.store, place.lane, kind="set", entity=child, values={NOTE: POISON}, author=place.writer.author,
            device_time="2026-08-04T04:00:00Z",
        )  # fmt: skip
    return child


def told(store) -> list[str]:
    return sorted({each.entity for each in reviews.waiting(store, 1000)})


def test_though_the_first_answer_was_lost(world, melati):
    child = poisoned(melati)
    melati.road.lose_answer = lambda number: True
    with pytest.raises(Unreachable):
        melati.exchange()
    melati.road.lose_answer = lambda number: False
    world.clock.wait(60)
    melati.exchange()
    assert (told(world.province.store), told(melati.store)) == ([child], [child])


@dataclass
class Ticking:
    """A clock that goes on while a file of many bundles is taken in."""

    world: World

    def now(self) -> str:
        self.world.clock.wait(1)
        return self.world.clock.now()


def by_stick(world: World, place: Place) -> list[bytes]:
    return list(receive(world, export(place)).receipts)


def test_by_stick_too(world, melati):
    child = poisoned(melati)
    world.province = replace(world.province, clock=Ticking(world))
    take(melati, *by_stick(world, melati))
    assert (told(world.province.store), told(melati.store)) == ([child], [child])


def test_of_very_many(world, melati):
    many = sorted(poisoned(melati) for _ in range(60))
    melati.exchange()
    assert (told(world.province.store), told(melati.store)) == (many, many)
