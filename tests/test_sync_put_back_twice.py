"""A province put back more than once, and copies of laptops beside it: what is given back twice leaves no hole anywhere."""

from contextlib import suppress

import pytest

from sync import bundle, courier, devices, postbox, revocations
from sync.errors import Refused, Unreachable
from tests.sync_app import notebook
from tests.sync_world import Place, World, image_of

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


@pytest.fixture
def second(world) -> Place:
    """A second laptop of the same posyandu."""
    return world.laptop("melati")


def names(place) -> list[str]:
    return sorted(row["name"] for row in notebook(place.store))


def own_places(place) -> list[int]:
    """Return the numbers of a laptop's own lane under which an edit stands."""
    sql = """select seq from edits where lane_no = (select lane_no from sync_self)
        union all select seq from positions where lane_no = (select lane_no from sync_self) order by seq"""
    return [row["seq"] for row in place.store.rows(sql)]


def days(world, *places: Place, count: int = 3) -> list[str]:
    """Let days pass on which every laptop tries its exchange; return what was refused."""
    refused = []
    for _ in range(count):
        for place in places:
            place.clock.wait(86400)
            try:
                place.exchange()
            except Refused as refusal:
                refused.append(refusal.code)
        world.clock.wait(86400)
    return refused


def give_back_unheard(place: Place) -> None:
    """Let a laptop read everything again and write what was lost into its own lane; the province does not hear of that."""
    sent = []

    def is_lost(number: int) -> bool:
        sent.append(number)
        return len(sent) > 1 and place.store.value("select giving from sync_upstream") == 0

    place.road.lose_request = is_lost
    with suppress(Unreachable):
        place.exchange()
    place.road.lose_request = lambda number: False


def test_a_laptop_keeps_its_place_for_an_edit_whose_other_place_is_needed(world, melati, second):
    lost = world.laptop("melati")
    for place in (lost, melati, second):
        place.exchange()
    empty = image_of(world.province.store)
    lost.writer.child("Aminah")
    for place in (lost, melati, second):
        place.exchange()
    older, key = second.image(), second.drawer.text
    world.restore(empty)
    give_back_unheard(melati)
    second.exchange()  # gives Aminah back sooner
    melati.exchange()
    world.restore(empty)
    second.drawer.text = key
    second = second.from_image(older)
    second.writer.child("Baiq")  # under the number at which it gave Aminah back
    second.exchange()
    days(world, melati, second)
    melati.writer.child("Citra")
    refused = days(world, melati)
    assert (refused, own_places(melati), names(world.province)) == ([], [1, 2], ["Aminah", "Baiq", "Citra"])


def test_a_list_that_was_kept_but_not_followed_before_the_power_went_is_followed_when_it_comes_again(
    world, melati
):
    melati.exchange()
    older = image_of(world.province.store)
    devices.revoke(world.province.store, melati.lane, world.clock.now())
    listed = revocations.write(world.province.store, world.province.keys)
    world.restore(older)
    (found,) = bundle.split(listed)
    revocations.take(
        world.province.store, found, world.province.keys.sign_key, world.clock.now()
    )  # and then the cut
    postbox.receive(world.province, listed)
    melati.writer.child("Aminah")
    refused = days(world, melati, count=1)
    assert (refused, names(world.province), revocations.write(world.province.store, world.province.keys)) == (
        ["revoked"],
        [],
        listed,
    )


def test_what_a_laptop_and_its_copy_tell_under_one_number_too_early_is_kept_of_both(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    older = image_of(world.province.store)
    melati.writer.child("Baiq")
    melati.exchange()
    copy = melati.clone()
    melati.writer.child("Citra")
    copy.writer.child("Dedi")
    sent = courier.export(melati.laptop) + courier.export(copy.laptop)
    world.restore(older)
    refused = [remark.refused for remark in postbox.receive(world.province, sent + sent).remarks]
    held = world.province.store.rows("select first_seq, last_seq from held")
    copy.exchange()  # the other one is lost
    quarantined = world.province.store.rows("select reason from quarantine")
    assert (refused, held) == (["", "", "", ""], [{"first_seq": 3, "last_seq": 3}] * 2)
    assert (names(world.province), quarantined) == (["Aminah", "Baiq", "Citra", "Dedi"], [])


def test_what_follows_on_the_story_that_lost_is_kept_too(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    older = image_of(world.province.store)
    melati.writer.child("Baiq")
    missing = courier.export(melati.laptop)
    melati.exchange()
    copy = melati.clone()
    melati.writer.child("Citra")
    third = courier.export(melati.laptop)
    melati.exchange()
    melati.writer.child("Eka")
    copy.writer.child("Dedi")
    fourth, other_third = courier.export(melati.laptop), courier.export(copy.laptop)
    world.restore(older)
    for sent in (other_third, third, fourth, missing):
        world.clock.wait(60)
        postbox.receive(world.province, sent)
    store = world.province.store
    waiting = [store.rows("select reason from quarantine"), store.rows("select first_seq from held")]
    assert (names(world.province), waiting) == (["Aminah", "Baiq", "Citra", "Dedi", "Eka"], [[], []])
