"""A child whom a laptop has forgotten stays forgotten, and comes back when she is of its posyandu again."""

from dataclasses import replace

import pytest

from sync import checkup, departures, devices, lanes, upstream
from sync.errors import Malformed
from sync.messages import Request
from tests.sync_app import AMINAH, BAIQ, CITRA, NOTE, POSYANDU, notebook
from tests.sync_world import Place, World, image_of, names, put_back_unsaid, says_no_story

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


def left_for_mawar(world: World, melati: Place, mawar: Place) -> str:
    """Aminah's child of Melati has moved to Mawar, which has her, and Melati has forgotten her."""
    child = melati.writer.child("Aminah")
    for place in (melati, mawar):
        place.exchange()
    world.office.save({POSYANDU: "mawar"}, child, author=AMINAH)
    for place in (melati, mawar, mawar, melati):
        place.exchange()
    return child


def test_a_child_changed_on_a_page_that_was_open_since_before_she_left_is_forgotten_again(
    world, melati, mawar
):
    child = left_for_mawar(world, melati, mawar)
    gone = names(melati)
    melati.writer.save({NOTE: "of Melati"}, child)
    changed = names(melati)
    for place in (melati, mawar):
        place.exchange()
    assert (gone, changed, names(melati)) == ([], ["Aminah"], [])
    assert notebook(mawar.store) == notebook(world.province.store)
    assert [row["note"] for row in notebook(mawar.store)] == ["of Melati"]


def test_a_child_changed_so_stays_while_the_province_does_not_have_that_yet(world, melati, mawar):
    child = left_for_mawar(world, melati, mawar)
    melati.writer.save({NOTE: "of Melati"}, child)
    melati.road.lose_answer = lambda number: True
    with pytest.raises(Exception, match="lost on the way back"):
        melati.exchange()
    unsure = names(melati)
    melati.road.lose_answer = lambda number: False
    melati.exchange()
    assert (unsure, names(melati)) == (["Aminah"], [])


def test_a_child_fetched_back_on_a_page_that_was_open_since_before_she_left_comes_back_whole(
    world, melati, mawar
):
    child = left_for_mawar(world, melati, mawar)
    mawar.writer.save({NOTE: "of Mawar"}, child)
    mawar.exchange()
    melati.writer.save({POSYANDU: "melati"}, child, author=BAIQ)
    for place in (melati, melati, mawar, mawar):
        place.exchange()
    assert notebook(melati.store) == notebook(world.province.store)
    assert [names(melati), names(mawar)] == [["Aminah"], []]


def test_a_child_of_this_laptop_alone_who_was_fetched_back_so_comes_back_whole_too(world, melati):
    child = melati.writer.child("Aminah")
    melati.writer.save({NOTE: "of Melati"}, child)
    melati.writer.save({POSYANDU: "kenanga"}, child)
    for _ in range(2):
        melati.exchange()
    gone = names(melati)
    melati.writer.save({POSYANDU: "melati"}, child, author=BAIQ)
    for _ in range(2):
        melati.exchange()
    assert notebook(melati.store) == notebook(world.province.store)
    assert (gone, [row["note"] for row in notebook(melati.store)]) == ([], ["of Melati"])


def test_a_child_changed_again_while_she_waits_to_be_forgotten_again_is_asked_about_once_more(
    world, melati, mawar
):
    child = left_for_mawar(world, melati, mawar)
    with melati.store.write():
        departures.note(melati.store, [child], 1)  # as while something else waited to be sent
    melati.writer.save({POSYANDU: "melati"}, child, author=BAIQ)
    still = departures.forgotten(melati.store, [child])
    for place in (melati, melati, mawar):
        place.exchange()
    assert (still, names(melati)) == ({child}, ["Aminah"])
    assert notebook(melati.store) == notebook(world.province.store)


def forgotten_by_an_unseen_put_back(world: World, melati: Place, mawar: Place, children: int) -> None:
    """Children all of whose edits are Melati's own move away, and the province that was put back unseen knows nothing of it."""
    moving = [melati.writer.child(f"child {number}") for number in range(children)]
    for place in (melati, melati, mawar):
        place.exchange()
    image, keys = image_of(world.province.store), world.drawer.text
    for child in moving:
        world.office.save({POSYANDU: "kenanga"}, child, author=CITRA)
    for _ in range(2):
        melati.exchange()
    assert names(melati) == []
    put_back_unsaid(world, image, keys)
    for number in range(4 * children + 2):  # the feed is past what Melati has read: nobody notices
        mawar.writer.child(f"of Mawar {number}", "mawar")
    mawar.exchange()
    says_no_story(melati)


def test_a_child_is_shown_again_when_a_province_put_back_unseen_has_forgotten_that_she_moved(
    world, melati, mawar
):
    forgotten_by_an_unseen_put_back(world, melati, mawar, 1)
    after_days(world, 2, melati)
    assert (names(melati), recorded(melati)) == (["child 0"], 1)


def test_of_many_forgotten_children_others_are_named_each_day(world, melati, mawar, monkeypatch):
    monkeypatch.setattr(checkup, "AWAY_AT_ONCE", 1)
    forgotten_by_an_unseen_put_back(world, melati, mawar, 3)
    child = melati.writer.child("moved and gone")
    melati.exchange()
    world.office.save({POSYANDU: "kenanga"}, child, author=CITRA)
    after_days(world, 12, melati)
    assert sorted(names(melati)) == ["child 0", "child 1", "child 2"]


def test_naming_the_forgotten_each_day_asks_for_nothing_more_while_they_stay_away(world, melati, mawar):
    left_for_mawar(world, melati, mawar)
    for _ in range(3):
        world.clock.wait(86400)
        melati.clock.wait(86400)
        assert melati.exchange().requests == 1


@pytest.mark.parametrize("said", [7, ["x"], [7], "x"])
def test_a_check_up_that_names_nothing_is_refused(world, melati, said):
    melati.exchange()
    province, lane = world.province.store, melati.lane
    state = upstream.state(melati.store)
    request = Request(
        1, 0, "", "", state.epoch, state.cursor, "", state.scope_hash, 60, {"sum": [0, 0], "away": said}
    )
    device = devices.find(province, lane)
    assert device is not None
    with pytest.raises(Malformed):
        checkup.doubt(province, device, request, frozenset(["melati"]))
