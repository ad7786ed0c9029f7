"""What the province could not apply its laptop is told in the end: after a lost answer, by stick, and of very many."""

from dataclasses import dataclass, replace

import pytest

from sync import bundle, edits, outbox, receipts, reviews
from sync.bundle import PAGE, Bundle
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


def test_what_was_looked_at_here_is_not_opened_again_by_a_receipt_of_another_day(world, melati):
    child = poisoned(melati)
    take(melati, *by_stick(world, melati))
    with melati.store.write():
        reviews.settle(melati.store, child, "2026-08-05T00:00:00Z")
    world.clock.wait(86_400)
    take(melati, *outbox.receipts_waiting(world.province))
    assert (told(world.province.store), told(melati.store)) == ([child], [])


def test_only_the_first_page_of_a_receipt_tells_it(world, melati):
    other = world.laptop("melati")
    for number in range(1500):
        other.writer.child(f"{number} {number * 7919 % 3571}")
    for _ in range(2):
        other.exchange()
    poisoned(melati)
    (found,) = (
        each
        for each in bundle.split(b"".join(by_stick(world, melati)))
        if isinstance(each, Bundle) and each.kind == bundle.RECEIPT
    )
    items = bundle.open_receipt(found, world.province.keys.sign_key, melati.laptop.keys.box_seed)
    pages = [receipts.read(part).answer for tag, part in items if tag == PAGE]
    assert (len(pages) > 1, ["review" in page.more for page in pages].count(True)) == (True, 1)


def test_of_a_thousand_that_each_fail_otherwise_the_answer_stays_small(world, melati):
    def fail(store, some) -> None:
        raise ValueError(f"{some[0].uid} is wrong")

    world.province = replace(world.province, apply=fail)
    for number in range(1000):
        melati.writer.child(f"{number}")
    melati.exchange()
    assert len(reviews.waiting(melati.store, 2000)) == 1000
    assert max(len(answer.body) for answer in melati.road.answers) < 6000
