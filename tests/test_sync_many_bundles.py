"""A file with many bundles of one laptop costs one receipt, that of the newest, in whatever order they lie in it."""

from dataclasses import replace
from typing import Any

import pytest

from sync import bundle, courier, postbox
from sync.bundle import Bundle
from tests.sync_world import Place, World

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world(sync_database) -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    place = world.laptop("melati")
    place.exchange()
    return place


def answering(world: World, file: bytes) -> list[tuple[int, int]]:
    """Return of each receipt for a file what it acknowledges, and which bundle it says that it answers."""
    found = [each for part in postbox.receive(world.province, file).receipts for each in bundle.split(part)]
    return [(each.last_seq, each.first_seq) for each in found if isinstance(each, Bundle)]


def mark(world: World, data: bytes) -> int:
    (found,) = bundle.split(data)
    assert isinstance(found, Bundle)
    return bundle.mark(found.fingerprint, world.epoch())


@pytest.mark.parametrize("turned", [False, True])
def test_the_receipt_answers_the_newest_bundle_wherever_it_lies(world, melati, turned):
    melati.writer.child("Aminah")
    older = courier.export(melati.laptop)
    melati.writer.child("Baiq")
    newer = courier.export(melati.laptop)
    file = newer + older if turned else older + newer
    assert answering(world, file) == [(2, mark(world, newer))]


def test_a_hundred_bundles_of_one_laptop_cost_one_receipt(world, melati):
    asked: list[str] = []

    def counted(store: Any, lane: str) -> frozenset[str]:
        asked.append(lane)
        return frozenset()

    melati.writer.child("Aminah")
    file = b"".join(courier.export(melati.laptop) for _ in range(100))
    world.province = replace(world.province, relay_areas=counted)
    assert (len(answering(world, file)), asked) == (1, [melati.lane])
