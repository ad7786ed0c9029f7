"""A province put back to an older day: laptops send again what it forgot, and give back what others had sent."""

from contextlib import suppress

import pytest

from sync import epochs, fold, log, notices
from sync.client import Outcome
from sync.errors import Unreachable
from sync.province import open_province
from sync.rings import Ring
from sync.status import status
from tests.sync_app import BAIQ, CITRA, NAME, NOTE, WEIGHT_G, notebook
from tests.sync_world import Place, World, image_of, opened

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


def names(store) -> list[str]:
    return sorted(row["name"] for row in notebook(store))


def uids(store) -> list[str]:
    return [row["uid"] for row in store.rows("select uid from edits order by uid")]


def test_edits_of_others_that_the_province_lost_come_back_from_a_laptop_that_holds_them(
    world, melati, second
):
    backup = image_of(world.province.store)
    child = melati.writer.child("Aminah")
    melati.writer.save({WEIGHT_G: 8200}, child)
    office = world.office.child("Baiq")
    for place in (melati, second):
        place.exchange()
    held = uids(second.store)
    world.restore(backup)
    second.exchange()
    assert (names(world.province.store), uids(world.province.store)) == (["Aminah", "Baiq"], held)
    given = {found.edit.uid: found.edit for found in log.of_entities(world.province.store, [child, office])}
    assert {edit.lane for edit in given.values()} == {second.lane}
    assert {edit.origin[0] for edit in given.values()} == {melati.lane, world.drawer_lane()}


def test_what_was_given_back_counts_once_whoever_brings_it_and_in_whatever_order(world, melati, second):
    third = world.laptop("melati")
    backup = image_of(world.province.store)
    child = melati.writer.child("Aminah")
    for place in (melati, second, third):
        place.exchange()
    second.writer.save({NAME: "Aminah Lestari"}, child, author=BAIQ)
    for place in (second, third, melati):
        place.exchange()
    before = [fold.values(third.store, child), uids(third.store)]
    world.restore(backup)
    for place in (third, melati, second, third, melati, second):
        place.exchange()
    stores = [place.store for place in (melati, second, third)] + [world.province.store]
    assert [[fold.values(store, child), uids(store)] for store in stores] == [before] * 4


def test_only_what_was_lost_is_given_back(world, melati, second):
    for number in range(20):
        melati.writer.child(f"Anak {number}")
    melati.exchange()
    second.exchange()
    backup = image_of(world.province.store)
    melati.writer.child("Dedi")
    melati.exchange()
    second.exchange()
    world.restore(backup)
    second.exchange()
    assert second.store.value("select count(*) from positions") == 1
    assert names(world.province.store).count("Dedi") == 1


def test_what_is_given_back_does_not_count_as_recorded_on_this_laptop(world, melati, second):
    backup = image_of(world.province.store)
    melati.writer.child("Aminah")
    melati.exchange()
    second.exchange()
    second.writer.child("Baiq")
    second.exchange()
    world.restore(backup)
    second.exchange()
    told = status(second.store)
    assert (told.recorded, told.acknowledged) == (1, 1)
    assert names(world.province.store) == ["Aminah", "Baiq"]


def test_the_lane_of_a_laptop_that_began_anew_comes_back_too(world, melati):
    backup = image_of(world.province.store)
    melati.writer.child("Aminah")
    melati.exchange()
    clone = melati.clone()
    melati.writer.child("Baiq")
    melati.exchange()
    clone.exchange()
    world.restore(backup)
    clone.exchange()
    assert names(world.province.store) == names(clone.store) == ["Aminah", "Baiq"]


def test_giving_back_is_taken_up_again_after_a_cut(world, melati, second):
    backup = image_of(world.province.store)
    with melati.store.write():
        for number in range(1500):
            melati.writer.child(f"Anak {number}")
    melati.exchange()
    second.exchange()
    world.restore(backup)
    second.road.lose_answer = lambda number: number % 2 == 0
    while names(world.province.store) != names(second.store):
        with suppress(Unreachable):
            second.exchange()
    assert len(uids(world.province.store)) == 1500


def test_a_province_that_is_started_from_an_older_copy_notices_it_by_itself(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    backup = image_of(world.province.store)
    start(world)
    melati.writer.child("Baiq")
    melati.exchange()
    before = epochs.current(world.province.store)
    world.use(opened(backup))
    start(world)
    assert epochs.current(world.province.store) != before
    assert [notice.kind for notice in notices.waiting(world.province.store)] == ["restored"]
    assert melati.exchange() == Outcome(acknowledged=1, received=0, requests=2)
    assert names(world.province.store) == ["Aminah", "Baiq"]


def start(world: World) -> None:
    """Switch the province on."""
    ring = Ring(world.drawer, world.chance.token_bytes)
    open_province(world.province.store, ring, world.clock, world.chance.token_bytes)


def test_a_province_that_is_started_again_goes_on_in_its_epoch(world):
    before = epochs.current(world.province.store)
    for _ in range(3):
        start(world)
    assert (epochs.current(world.province.store), notices.waiting(world.province.store)) == (before, [])


def test_a_whole_machine_put_back_keys_and_all_is_found_out_by_the_first_laptop_that_knows_more(
    world, melati, second
):
    backup = image_of(world.province.store)
    melati.writer.child("Aminah")
    melati.exchange()
    second.exchange()
    world.use(opened(backup))
    second.exchange()
    assert names(world.province.store) == ["Aminah"]
    assert [notice.kind for notice in notices.waiting(world.province.store)] == ["restored"]


def test_a_correction_of_a_child_that_only_another_laptop_holds_finds_its_child_again(world, melati, second):
    child = melati.writer.child("Aminah")
    backup = image_of(world.province.store)
    melati.exchange()
    second.exchange()
    world.restore(backup)
    second.writer.save({NOTE: "demam"}, child)
    second.exchange()
    assert fold.values(world.province.store, child)[NAME] == "Aminah"
    assert fold.values(world.province.store, child)[NOTE] == "demam"


def test_the_provinces_own_corrections_come_back_and_it_never_uses_a_number_twice(world, melati):
    child = melati.writer.child("Aminah")
    melati.exchange()
    backup = image_of(world.province.store)
    world.office.save({NAME: "Siti Aminah"}, child, author=CITRA)
    melati.exchange()
    world.restore(backup)
    world.office.save({NOTE: "baru"}, child, author=CITRA)
    melati.exchange()
    assert fold.values(world.province.store, child)[NAME] == "Siti Aminah"
    assert fold.values(melati.store, child) == fold.values(world.province.store, child)
