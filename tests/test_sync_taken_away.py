"""A child who left is taken from the old posyandu's laptop when somebody has her, or when nobody ever will; then for good."""

import pytest

from sync import departures, devices, epochs, feed
from sync.errors import Unreachable
from sync.simulate.laptops import Seat
from sync.simulate.moving import Moving
from sync.simulate.oracle import Oracle
from tests.sync_app import CITRA, NOTE, POSYANDU, notebook
from tests.sync_world import Place, World, image_of, names, put_back_unsaid, says_no_story

pytestmark = pytest.mark.usefixtures("sync_database")
TWO_HOURS_S = 2 * 3600


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


@pytest.fixture
def mawar(world) -> Place:
    return world.laptop("mawar")


def moved(world, melati, *posyandu: str | None) -> str:
    """Aminah of Melati is moved by the office, perhaps several times; nobody has heard of it."""
    child = melati.writer.child("Aminah")
    melati.exchange()
    for each in posyandu:
        world.office.save({POSYANDU: each}, child, author=CITRA)
    return child


def waiting(world) -> list[tuple[str, str]]:
    """Return the departures that nobody has confirmed or given up."""
    sql = "select entity, area from placement where left_n is not null and gone_n is null"
    return [(row["entity"], row["area"]) for row in world.province.store.rows(sql)]


@pytest.mark.parametrize("then", ["kenanga", None])
def test_a_child_moved_on_to_where_no_laptop_is_leaves_both_laptops_that_had_or_awaited_her(
    world, melati, mawar, then
):
    moved(world, melati, "mawar", then)
    for place in (melati, mawar):
        place.exchange()
    assert (names(melati), names(mawar), waiting(world)) == ([], [], [])


@pytest.mark.parametrize("end", [devices.revoke, devices.close])
def test_a_child_leaves_when_the_only_laptop_that_was_to_have_her_is_at_work_no_more(
    world, melati, mawar, end
):
    moved(world, melati, "mawar")
    melati.exchange()
    awaited = names(melati)
    with world.province.store.write():
        end(world.province.store, mawar.lane, world.clock.now())
    melati.exchange()
    assert (awaited, names(melati)) == (["Aminah"], [])


def test_a_child_awaited_by_a_laptop_that_follows_on_the_one_closed_stays_until_it_has_her(
    world, melati, mawar
):
    moved(world, melati, "mawar")
    second = world.laptop("mawar")
    with world.province.store.write():
        devices.close(world.province.store, mawar.lane, world.clock.now())
    melati.exchange()
    awaited = names(melati)
    for place in (second, second, melati):
        place.exchange()
    assert (awaited, names(second), names(melati)) == (["Aminah"], ["Aminah"], [])


def test_a_child_stays_until_a_pc_has_her_that_receives_her_new_posyandu_without_being_enrolled_for_it(
    world, melati
):
    pc = world.laptop("puskesmas", "kenanga")
    pc.exchange()
    moved(world, melati, "kenanga")
    for _ in range(2):
        melati.exchange()
    awaited = names(melati)
    for place in (pc, pc, melati):
        place.exchange()
    assert (awaited, names(pc), names(melati)) == (["Aminah"], ["Aminah"], [])


def test_nobody_waits_for_a_laptop_enrolled_where_it_receives_nothing_any_more(world, melati, mawar):
    world.scopes[mawar.lane] = frozenset(["kenanga"])
    moved(world, melati, "mawar")
    melati.exchange()
    assert names(melati) == []


def test_what_left_an_area_that_no_laptop_receives_does_not_wait_for_ever(world, melati):
    child = world.office.child("Baiq", "anggrek")
    world.office.save({POSYANDU: "kenanga"}, child, author=CITRA)
    melati.exchange()
    of_nobody = waiting(world)
    moved(world, melati, "kenanga")
    melati.exchange()
    assert (of_nobody, waiting(world)) == ([(child, "anggrek")], [])


def test_an_exchange_where_nothing_waits_asks_for_no_laptop(world, melati, mawar):
    moved(world, melati)
    asked: list[str] = []

    def scope(store, lane):
        asked.append(lane)
        return world.scope(store, lane)

    departures.give_up(world.province.store, ["melati"], scope)
    assert asked == []


def test_of_many_laptops_those_enrolled_where_she_is_now_are_asked_first(world, melati, mawar):
    for _ in range(3):
        world.laptop("kenanga")
    moved(world, melati, "mawar")
    asked: list[str] = []

    def scope(store, lane):
        asked.append(lane)
        return world.scope(store, lane)

    departures.give_up(world.province.store, ["melati"], scope)
    assert (asked, len(waiting(world))) == ([mawar.lane], 1)


def test_of_many_laptops_a_pc_that_has_read_where_she_is_now_is_asked_first(world, melati):
    for _ in range(3):
        world.laptop("anggrek")
    pc = world.laptop("puskesmas", "kenanga")
    pc.exchange()
    world.clock.wait(TWO_HOURS_S)
    pc.exchange()  # says by its cursor which areas it has read, and is noted, for that is long ago
    moved(world, melati, "kenanga")
    asked: list[str] = []

    def scope(store, lane):
        asked.append(lane)
        return world.scope(store, lane)

    departures.give_up(world.province.store, ["melati"], scope)
    assert (asked, len(waiting(world))) == ([pc.lane], 1)


def test_a_laptop_that_loses_another_area_keeps_a_child_who_waits_for_her_new_posyandu(world, mawar):
    both = world.laptop("melati", "kenanga")
    moved(world, both, "mawar")
    world.scopes[both.lane] = frozenset(["melati"])
    both.exchange()
    awaited = names(both)
    for place in (mawar, mawar, both):
        place.exchange()
    assert (awaited, names(mawar), names(both)) == (["Aminah"], ["Aminah"], [])


def test_a_laptop_that_loses_the_area_of_a_child_who_waits_is_told_at_once_for_no_feed_will(world, mawar):
    both = world.laptop("melati", "kenanga")
    moved(world, both, "mawar")
    world.scopes[both.lane] = frozenset(["kenanga"])
    both.exchange()
    assert (names(both), len(waiting(world))) == ([], 1)


@pytest.mark.parametrize("to", ["kenanga", None])
def test_a_child_changed_while_the_word_to_forget_her_was_on_its_way_is_forgotten_all_the_same(
    world, melati, to
):
    child = moved(world, melati, to)

    def typing(number: int) -> bool:
        melati.road.lose_answer = lambda number: False
        melati.writer.save({NOTE: "of Melati"}, child)
        return False

    melati.road.lose_answer = typing
    melati.exchange()
    note = [row["note"] for row in notebook(world.province.store)]
    assert (names(melati), note) == ([], ["of Melati"])


def test_a_child_written_for_an_area_that_was_taken_away_before_its_laptop_ever_heard_of_it_leaves(world):
    melati, kenanga = world.laptop("melati", "kenanga"), world.laptop("kenanga")
    melati.writer.save({POSYANDU: "kenanga"}, melati.writer.child("Aminah"))
    melati.road.lose_answer = lambda number: True
    with pytest.raises(Unreachable):
        melati.exchange()
    world.scopes[melati.lane] = frozenset(["melati", "mawar"])
    melati.road.lose_answer = lambda number: False
    for place in (kenanga, kenanga, melati, melati):
        place.exchange()
    assert (names(kenanga), names(melati)) == (["Aminah"], [])


def forgets_what_it_told(world, mawar) -> None:
    """The province's machine is put back to before it told Mawar of six children."""
    image, keys = image_of(world.province.store), world.drawer.text
    for number in range(6):
        world.office.child(f"Mawar {number}", "mawar")
    mawar.exchange()
    put_back_unsaid(world, image, keys)


def test_a_cursor_past_the_end_of_a_province_put_back_twice_on_a_day_confirms_nothing(world, melati, mawar):
    child = moved(world, melati)
    mawar.exchange()
    forgets_what_it_told(world, mawar)
    mawar.exchange()  # believed: a new epoch begins
    forgets_what_it_told(world, mawar)
    world.office.save({POSYANDU: "mawar"}, child, author=CITRA)
    mawar.road.lose_answer = lambda number: True
    with pytest.raises(Exception, match="lost on the way back"):
        mawar.exchange()
    melati.exchange()
    assert (names(melati), "Aminah" in names(mawar)) == (["Aminah"], False)


def test_who_was_told_to_forget_before_anybody_noticed_that_the_province_was_put_back_waits_anew(
    world, melati, mawar
):
    child = moved(world, melati)
    mawar.exchange()
    forgets_what_it_told(world, mawar)
    world.office.save({POSYANDU: "mawar"}, child, author=CITRA)
    for number in range(8):
        world.office.child(f"Kenanga {number}", "kenanga")
    says_no_story(mawar)
    mawar.exchange()  # believed: its cursor lies within what was told since, to others
    before = names(mawar)
    with world.province.store.write():  # somebody notices
        epochs.begin(world.province.store, world.clock.now(), world.chance.token_bytes)
    melati.writer.save({NOTE: "sehat"}, child)
    melati.exchange()
    assert (before, names(melati)) == ([f"Mawar {number}" for number in range(6)], ["Aminah"])
    for place in (mawar, mawar, melati):
        place.exchange()
    assert ("Aminah" in names(mawar), names(melati), waiting(world)) == (True, [], [])


def test_the_simulator_sees_a_child_taken_away_before_a_pc_has_her_that_receives_her_new_posyandu(
    world, melati
):
    pc = world.laptop("puskesmas", "kenanga")
    seat = Seat(pc.writer, pc.laptop, pc.drawer, pc.road, pc.clock, pc.area, root=pc.lane)
    child, store, oracle = moved(world, melati, "kenanga"), world.province.store, Oracle()
    with store.write():
        feed.tell_gone(store, [(child, "melati")])
    Moving(oracle, [seat], set()).look(store, 0)
    assert oracle.violations == ["I10 a child is taken away before she was delivered []"]
