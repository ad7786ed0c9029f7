"""A child is taken from no laptop before somebody of her new posyandu has her, by whatever way she left."""

import pytest

from sync import bringing, departures, feed
from sync.errors import Unreachable
from tests.sync_app import AMINAH, CITRA, NAME, NOTE, POSYANDU
from tests.sync_sticks import export, receive
from tests.sync_world import Place, World, image_of, names

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def kenanga(world) -> Place:
    return enrolled(world, "kenanga")


def enrolled(world: World, *areas: str) -> Place:
    """Return a laptop that has heard its areas."""
    place = world.laptop(*areas)
    place.exchange()
    return place


def unheard(place: Place) -> None:
    """Let a laptop ask, and not hear the answer."""
    place.road.lose_answer = lambda number: True
    with pytest.raises(Unreachable):
        place.exchange()
    place.road.lose_answer = lambda number: False


def only_first(place: Place) -> None:
    """Let a laptop make one request; all others are lost."""
    made = len(place.road.messages)
    place.road.lose_request = lambda number: number > made + 1
    with pytest.raises(Unreachable):
        place.exchange()
    place.road.lose_request = lambda number: False


def in_the_end(old: Place, new: Place) -> list[list[str]]:
    """Return whom the old laptop and the new one show before the new one asks, and when all have asked."""
    before = [names(old), names(new)]
    for place in (new, new, old):
        place.exchange()
    return [*before, names(old), names(new)]


WAITS, THEN_LEAVES = [["Aminah"], []], [[], ["Aminah"]]


def test_a_child_who_went_on_from_the_second_area_of_a_laptop_waits_there_too(world, kenanga):
    both = enrolled(world, "melati", "mawar")
    child = world.office.child("Aminah", "melati")
    both.exchange()
    world.office.save({POSYANDU: "mawar"}, child, author=CITRA)
    both.exchange()
    unheard(both)  # Melati may forget her, for Mawar has her: the same laptop
    world.office.save({POSYANDU: "kenanga"}, child, author=CITRA)
    both.exchange()
    assert in_the_end(both, kenanga) == WAITS + THEN_LEAVES


def test_a_pc_that_writes_about_a_child_who_has_just_left_keeps_her_until_the_new_posyandu_has_her(
    world, kenanga
):
    pc = enrolled(world, "puskesmas", "melati")
    child = world.office.child("Aminah", "melati")
    pc.exchange()
    world.office.save({POSYANDU: "kenanga"}, child, author=CITRA)
    pc.writer.save({NOTE: "of the puskesmas"}, child)
    for _ in range(2):
        pc.exchange()
    assert in_the_end(pc, kenanga) == WAITS + THEN_LEAVES
    told_in = world.province.store.rows("select distinct area from feed where gone = 1")
    assert told_in == [{"area": "melati"}]


@pytest.mark.parametrize("moved", [False, True])
def test_a_child_registered_for_another_posyandu_stays_until_its_laptop_has_her(world, kenanga, moved):
    melati = enrolled(world, "melati")
    child = melati.writer.child("Aminah", "melati" if moved else "kenanga")
    if moved:
        melati.writer.save({POSYANDU: "kenanga"}, child)
    for _ in range(2):
        melati.exchange()
    assert in_the_end(melati, kenanga) == WAITS + THEN_LEAVES


def test_a_child_registered_for_a_posyandu_without_a_laptop_leaves_at_once(world):
    melati = enrolled(world, "melati")
    child = melati.writer.child("Aminah", "kenanga")
    melati.exchange()
    assert (names(melati), departures.forgotten(melati.store, [child])) == ([], {child})
    assert feed.placed(world.province.store, [child]).keys() == {child}


def test_a_child_who_is_nowhere_any_more_leaves_a_laptop_of_which_a_restored_province_forgot_that_it_had_her(
    world,
):
    melati = enrolled(world, "melati")
    child = world.office.child("Aminah", "mawar")
    before = image_of(world.province.store)
    world.office.save({POSYANDU: "melati"}, child, author=AMINAH)
    melati.exchange()
    shown = names(melati)
    world.restore(before)
    world.office.save({POSYANDU: None}, child, author=CITRA)
    for _ in range(3):
        melati.exchange()
    assert (shown, names(melati)) == (["Aminah"], [])


def test_a_child_moved_on_by_who_was_just_told_to_forget_her_waits_for_her_next_posyandu(world, kenanga):
    old = enrolled(world, "melati")
    child = old.writer.child("Aminah")
    old.writer.save({POSYANDU: "anggrek"}, child)  # where no laptop is
    unheard(old)
    old.writer.save({POSYANDU: "kenanga"}, child)
    old.exchange()
    assert in_the_end(old, kenanga) == WAITS + THEN_LEAVES


def test_a_child_registered_for_nowhere_stays_until_the_posyandu_that_she_gets_later_has_her(world, kenanga):
    old = enrolled(world, "melati")
    child = old.writer.save({NAME: "Aminah", POSYANDU: None})
    for _ in range(2):
        old.exchange()
    nowhere = names(old)
    world.office.save({POSYANDU: "kenanga"}, child, author=CITRA)
    old.exchange()
    assert [nowhere, *in_the_end(old, kenanga)] == [["Aminah"], *WAITS, *THEN_LEAVES]


@pytest.mark.parametrize("has_heard", [True, False])
def test_a_child_registered_for_nowhere_leaves_a_laptop_that_serves_another_posyandu_by_then(
    world, kenanga, has_heard
):
    old = world.laptop("kenanga")
    if has_heard:
        old.exchange()
    child = old.writer.save({NAME: "Aminah", POSYANDU: None})
    old.exchange() if has_heard else unheard(old)
    world.scopes[old.lane] = frozenset(["melati"])
    for _ in range(2):
        old.exchange()
    world.office.save({POSYANDU: "kenanga"}, child, author=CITRA)
    old.exchange()
    assert in_the_end(old, kenanga) == WAITS + THEN_LEAVES


def test_a_child_registered_for_nowhere_and_then_for_her_own_posyandu_stays(world, kenanga):
    old = enrolled(world, "melati")
    child = old.writer.save({NAME: "Aminah", POSYANDU: None})
    old.exchange()
    old.writer.save({POSYANDU: "melati"}, child)
    for _ in range(3):
        old.exchange()
    assert names(old) == ["Aminah"]


def test_a_laptop_that_loses_an_area_is_not_told_to_forget_who_was_never_placed_anywhere(world, kenanga):
    old = enrolled(world, "melati", "mawar")
    old.writer.save({NAME: "Aminah", POSYANDU: None})
    old.exchange()
    world.scopes[old.lane] = frozenset(["melati"])
    for _ in range(3):
        old.exchange()
    assert names(old) == ["Aminah"]


@pytest.mark.parametrize("then", [["kenanga", "melati"], ["kenanga"]])
def test_a_child_brought_while_a_laptop_had_an_area_that_it_never_heard_of_leaves_it(world, then):
    old, mawar = enrolled(world, "kenanga"), enrolled(world, "mawar")
    old.exchange()
    child = old.writer.child("Aminah", "kenanga")
    old.writer.save({POSYANDU: "mawar"}, child)
    world.scopes[old.lane] = frozenset(["mawar", "melati"])
    unheard(old)
    world.scopes[old.lane] = frozenset(then)
    old.exchange()
    assert in_the_end(old, mawar)[2:] == THEN_LEAVES


def test_a_child_brought_for_an_area_that_its_laptop_is_given_with_the_answer_stays(world):
    old = enrolled(world, "kenanga")
    old.exchange()
    old.writer.child("Aminah", "mawar")
    world.scopes[old.lane] = frozenset(["mawar", "melati"])
    for _ in range(3):
        old.exchange()
    assert names(old) == ["Aminah"]


def test_a_child_in_an_old_bundle_leaves_a_laptop_that_has_asked_about_her_before_it_came(world, kenanga):
    old = enrolled(world, "kenanga")
    before = image_of(world.province.store)
    old.writer.child("Aminah", "kenanga")
    bundle = export(old)
    world.scopes[old.lane] = frozenset(["melati"])
    only_first(old)  # hears that it has Melati now, and asks about Aminah in vain
    world.restore(before)
    only_first(old)  # asks a province that does not know of her
    receive(world, bundle)
    old.exchange()
    assert in_the_end(old, kenanga)[2:] == THEN_LEAVES


def test_who_asks_about_records_that_are_not_here_or_are_placed_is_noted_for_none_of_them(world, kenanga):
    old = enrolled(world, "melati")
    placed, invented = world.office.child("Aminah", "kenanga"), "ab" * 16
    bringing.note_holder(world.province.store, [placed, invented], ["melati"], "melati")
    assert (names(old), world.province.store.rows("select entity, area from placement")) == (
        [],
        [{"entity": placed, "area": "kenanga"}],
    )
