"""A receipt that comes home late changes nothing that the laptop has settled with the province meanwhile."""

import random

import pytest

from sync import courier, departures, devices, giving, lanes, log, postbox, relays, upstream
from sync.errors import Unreachable
from tests.sync_app import AMINAH, BAIQ, CITRA, NOTE, POSYANDU, notebook
from tests.sync_relay import know_each_other, puskesmas_pc, with_relays
from tests.sync_world import BEGIN, Place, World, image_of, names

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


def uids(place, child: str) -> set[str]:
    return {kept.edit.uid for kept in log.of_entities(place.store, [child])}


def receipts_for(world: World, place: Place) -> bytes:
    """Return what the province answers to the stick of a laptop."""
    return b"".join(postbox.receive(world.province, courier.export(place.laptop)).receipts)


def one_request_only(place: Place) -> None:
    """Let a laptop make one request of an exchange before the road is cut; the next exchange has the road again."""
    post = place.road.post
    made: list[str] = []

    def cut_after_one(path: str, body: bytes) -> bytes:
        made.append(path)
        if len(made) > 1:
            raise Unreachable("cut")
        return bytes(post(path, body))

    place.road.post = cut_after_one
    with pytest.raises(Unreachable):
        place.exchange()
    place.road.post = post


def test_a_receipt_that_tells_nothing_new_makes_a_laptop_forget_no_child_who_is_its_own_again(world):
    both = world.laptop("melati", "mawar")
    child = both.writer.child("Aminah", "mawar")
    for _ in range(2):
        both.exchange()
    world.scopes[both.lane] = frozenset(["melati"])
    one_request_only(both)  # it hears its areas, and not yet what it is to forget
    late = receipts_for(world, both)  # forget her
    both.writer.save({POSYANDU: "melati"}, child)
    both.exchange()
    courier.take(both.laptop, late)
    both.exchange()
    assert notebook(both.store) == notebook(world.province.store)
    assert names(both) == ["Aminah"]


def test_a_receipt_from_before_a_child_was_changed_here_makes_nobody_forget_her(world, melati):
    child = melati.writer.child("Aminah")
    for _ in range(2):
        melati.exchange()
    for number in range(8):
        note = random.Random(number).randbytes(12_000).hex()
        world.office.save({NOTE: note}, world.office.child(f"Melati {number}", "melati"))
    world.office.save({POSYANDU: "kenanga"}, child, author=AMINAH)
    late = receipts_for(world, melati)  # all of that, and: forget her
    melati.writer.save({POSYANDU: "melati"}, child, author=BAIQ)
    one_request_only(melati)  # she is fetched back, and the rest is not read yet
    courier.take(melati.laptop, late)
    settled = "Aminah" in names(melati), upstream.state(melati.store).ack
    melati.exchange()
    assert (settled, notebook(melati.store)) == ((True, 2), notebook(world.province.store))


def test_a_receipt_that_told_nothing_sets_no_cursor_back(world, melati):
    for number in range(3):
        world.office.child(f"child {number}", "melati")
    for _ in range(2):
        melati.exchange()
    late = receipts_for(world, melati)
    world.office.child("one more", "melati")
    melati.exchange()
    read = upstream.state(melati.store).cursor
    courier.take(melati.laptop, late)
    assert upstream.state(melati.store).cursor == read


def test_a_receipt_from_before_a_pc_was_retired_does_not_bring_it_back():
    world = with_relays()
    pc, melati = puskesmas_pc(world), world.laptop("melati")
    late = receipts_for(world, melati)
    know_each_other(world, melati, pc)
    with world.province.store.write():
        devices.close(world.province.store, pc.lane, world.clock.now())
    world.office.child("Aminah", "melati")
    melati.clock.wait(86400)
    melati.exchange()
    retired = relays.known(melati.store)
    courier.take(melati.laptop, late)
    assert (retired, relays.known(melati.store)) == ([], [])


def test_a_receipt_from_before_a_province_was_put_back_deletes_no_last_copy_of_an_edit(world, melati):
    child = melati.writer.child("Aminah")
    for _ in range(2):
        melati.exchange()
    before = image_of(world.province.store)
    world.office.save({NOTE: "of the puskesmas"}, child, author=CITRA)
    melati.exchange()
    written = uids(world.province, child)
    world.office.save({POSYANDU: "kenanga"}, child, author=CITRA)  # no laptop is there
    courier.take(melati.laptop, receipts_for(world, melati))
    gone = names(melati)
    late = receipts_for(world, melati)  # it holds all that Melati would delete
    world.restore(before)
    courier.take(melati.laptop, late)
    for _ in range(3):
        melati.exchange()
    assert (gone, len(written), written - uids(world.province, child)) == ([], 2, set())


def test_a_laptop_that_only_sticks_reach_blanks_a_child_who_has_left_and_keeps_the_edits(world, melati):
    child = melati.writer.child("Aminah")
    courier.take(melati.laptop, receipts_for(world, melati))
    world.office.save({NOTE: "of the puskesmas"}, child, author=CITRA)
    courier.take(melati.laptop, receipts_for(world, melati))
    world.office.save({POSYANDU: "kenanga"}, child, author=CITRA)
    for _ in range(3):
        courier.take(melati.laptop, receipts_for(world, melati))
    assert (names(melati), len(uids(melati, child)), departures.forgotten(melati.store, [child])) == (
        [],
        2,
        {child},
    )


def test_a_receipt_of_a_province_that_was_put_back_hides_from_no_laptop_which_areas_it_has_now(world):
    both = world.laptop("melati", "kenanga")
    for posyandu in ("melati", "kenanga"):
        both.writer.child(f"a child of {posyandu}", posyandu)
    for _ in range(2):
        both.exchange()
    before = image_of(world.province.store)
    world.scopes[both.lane] = frozenset(["melati", "kenanga", "mawar"])
    both.exchange()
    stick = courier.export(both.laptop)  # written while it served three
    world.scopes[both.lane] = frozenset(["melati", "kenanga"])
    both.exchange()
    world.scopes[both.lane] = frozenset(["melati"])
    world.restore(before)
    courier.take(both.laptop, b"".join(postbox.receive(world.province, stick).receipts))
    for _ in range(3):
        both.exchange()
    assert (names(both), upstream.scope(both.store)) == (["a child of melati"], {"melati"})


def test_a_receipt_from_before_a_laptop_began_to_read_anew_ends_no_reading(world, melati):
    world.office.child("first", "melati")
    late = receipts_for(world, melati)
    courier.take(melati.laptop, late)
    for number in range(5):
        world.office.child(f"child {number}", "melati")
    courier.take(melati.laptop, receipts_for(world, melati))
    with melati.store.write():
        giving.begin(melati.store, BEGIN, melati.laptop.apply)  # as after a check-up that did not agree
    courier.take(melati.laptop, late)
    begun = melati.store.value("select giving from sync_upstream")
    for _ in range(2):
        courier.take(melati.laptop, receipts_for(world, melati))
    ended = melati.store.value("select giving from sync_upstream")
    given = lanes.get(melati.store, melati.lane).last_seq
    assert (begun, ended, given, len(names(melati))) == (giving.GIVES, 0, 0, 6)
