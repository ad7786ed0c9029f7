"""A file with many bundles of one laptop costs one receipt, that of the newest, in whatever order they lie in it."""

from dataclasses import replace
from typing import Any

import pytest

from sync import bundle, courier, feed, keys, lanes, log, messages, outbox, postbox, upstream
from sync.bundle import ENVELOPE, Bundle, Label
from sync.messages import Request
from tests.sync_world import Place, World, names

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


def asked(place: Place, first_seq: int, unsent: int, cursor: int) -> bytes:
    """Return a bundle that whoever has the laptop's key may write: a question with these numbers."""
    state, own = upstream.state(place.store), place.laptop.keys
    key_id = keys.key_id(state.server_key)
    begins = log.chain8(place.store, lanes.get(place.store, place.lane), 0) or ""
    more = {"spell": 1, "spelled": 1, "acked": 0}
    request = Request(
        first_seq, unsent, begins, begins, state.epoch, cursor, "0.1.0", state.scope_hash, 60, more
    )
    items = [(ENVELOPE, messages.seal_request(request, own, key_id))]
    label = Label(bundle.PUSH, key_id, own.lane, 1, 0)
    return bundle.seal(label, items, [upstream.server_box_key(place.store)], place.laptop.random.token_bytes)


@pytest.mark.parametrize(("first_seq", "unsent"), [(1, 2**52), (2**52, 0), (2**52, 2**52)])
def test_whoever_says_that_she_has_recorded_without_end_keeps_no_news_from_the_laptop(
    world, melati, first_seq, unsent
):
    neighbour = world.laptop("melati")
    neighbour.writer.child("Baiq")
    neighbour.exchange()
    postbox.receive(world.province, asked(melati, first_seq, unsent, feed.end(world.province.store)))
    melati.writer.child("Aminah")
    postbox.receive(world.province, courier.export(melati.laptop))
    courier.take(melati.laptop, b"".join(outbox.receipts_waiting(world.province)))
    assert names(melati) == ["Aminah", "Baiq"]
