"""Receipts of today, for laptops that live on flash disks: they answer what the newest bundle asked, and come to an end."""

import random

import pytest

from sync import bundle, courier, devices, outbox, postbox
from tests.sync_app import CITRA, NOTE, POSYANDU
from tests.sync_world import Place, World, image_of, names

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


def sticks(world, place, count: int = 1) -> None:
    """Each day a bundle goes to the province and a receipt of today comes back."""
    for _ in range(count):
        postbox.receive(world.province, courier.export(place.laptop))
        world.clock.wait(86400)
        place.clock.wait(86400)
        courier.take(place.laptop, b"".join(outbox.receipts_waiting(world.province)))


def one_has_left(world, melati) -> None:
    """A child of Melati was moved away and is forgotten on its laptop."""
    child = melati.writer.child("Aminah")
    sticks(world, melati, 2)
    world.office.save({POSYANDU: "kenanga"}, child, author=CITRA)
    sticks(world, melati, 3)


def test_a_laptop_that_has_forgotten_a_child_reads_on_after_the_province_was_put_back(world, melati):
    one_has_left(world, melati)
    world.restore(image_of(world.province.store))
    world.office.child("Baiq")
    sticks(world, melati, 4)
    world.office.child("Citra")
    sticks(world, melati, 2)
    assert names(melati) == ["Baiq", "Citra"]


def test_a_laptop_that_has_forgotten_a_child_gives_back_by_stick_what_was_lost(world, melati):
    one_has_left(world, melati)
    older = image_of(world.province.store)
    world.office.child("Dewi")
    sticks(world, melati, 2)
    world.restore(older)
    sticks(world, melati, 4)
    assert (names(melati), names(world.province)) == (["Dewi"], ["Aminah", "Dewi"])


def test_a_laptop_that_lost_an_area_forgets_its_children_by_the_receipts_of_today(world):
    melati, mawar = world.laptop("melati", "mawar"), world.laptop("mawar")
    mawar.writer.child("Aminah", "mawar")
    mawar.exchange()
    sticks(world, melati, 3)
    before = names(melati)
    world.scopes[melati.lane] = frozenset(["melati"])
    sticks(world, melati, 4)
    assert (before, names(melati)) == (["Aminah"], [])


def test_what_the_first_part_of_a_large_bundle_asks_is_answered(world):
    melati, mawar = world.laptop("melati", "mawar"), world.laptop("mawar")
    mawar.writer.child("Aminah", "mawar")
    mawar.exchange()
    sticks(world, melati, 3)
    world.scopes[melati.lane] = frozenset(["melati"])
    sticks(world, melati)  # it hears of its areas
    child = melati.writer.child("Baiq")
    for number in range(8):
        melati.writer.save({NOTE: random.Random(number).randbytes(12_000).hex()}, child)
    sent = courier.export(melati.laptop)
    receipts = postbox.receive(world.province, sent).receipts
    courier.take(melati.laptop, b"".join(receipts))
    parts = bundle.open_push(next(bundle.split(sent)), world.province.keys.box_seed)
    assert (len(list(parts)) > 1, names(melati)) == (True, ["Baiq"])


def kinds(waiting) -> list[int]:
    return [found.kind for found in bundle.split(b"".join(waiting))]


def lanes(waiting) -> list[str]:
    return waiting and [
        found.lane for found in bundle.split(b"".join(waiting)) if found.kind == bundle.RECEIPT
    ]


def test_the_list_of_those_no_longer_believed_stands_once_in_a_file(world, melati):
    second, stolen = world.laptop("melati"), world.laptop("kenanga")
    devices.revoke(world.province.store, stolen.lane, world.clock.now())
    sent = courier.export(melati.laptop) + courier.export(second.laptop)
    delivered = postbox.receive(world.province, sent).receipts
    waiting = outbox.receipts_waiting(world.province)
    once = [bundle.REVOKED, bundle.RECEIPT, bundle.RECEIPT]
    assert (kinds(delivered), kinds(waiting)) == (once, once)


def test_a_laptop_unheard_for_half_a_year_gets_a_receipt_with_its_next_bundle_only(world, melati):
    postbox.receive(world.province, courier.export(melati.laptop))
    waiting = []
    for days in (180, 1):
        world.clock.wait(days * 86400)
        waiting.append(lanes(outbox.receipts_waiting(world.province)))
    postbox.receive(world.province, courier.export(melati.laptop))
    assert [*waiting, lanes(outbox.receipts_waiting(world.province))] == [[melati.lane], [], [melati.lane]]


def test_a_lane_from_which_two_copies_went_on_gets_no_more_receipts(world, melati):
    old = melati.lane
    postbox.receive(world.province, courier.export(melati.laptop))
    copy = melati.clone()
    melati.writer.child("Aminah")
    copy.writer.child("Baiq")
    sticks(world, melati)
    sticks(world, copy)
    in_the_old_lane = [melati.lane == old, copy.lane == old]
    sticks(world, copy, 2)  # it was told to go on, and is heard in its new lane
    between = lanes(outbox.receipts_waiting(world.province))
    sticks(world, melati, 3)  # the other one learns it from the receipt to its next bundle
    after = lanes(outbox.receipts_waiting(world.province))
    assert (in_the_old_lane, between, sorted(after)) == (
        [True, False],
        [copy.lane],
        sorted([melati.lane, copy.lane]),
    )
    assert (old in after, names(world.province)) == (False, ["Aminah", "Baiq"])
