"""What a laptop shares with the province in a lane that it has left comes back to a province that was put back unseen."""

import pytest

from sync.errors import Unreachable
from tests.sync_app import NOTE, notebook
from tests.sync_sticks import export, receive, take
from tests.sync_world import Place, World, image_of, names, opened

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


def days(world: World, *places: Place, count: int = 4) -> None:
    for _ in range(count):
        for place in places:
            place.clock.wait(86_401)
            place.exchange()
        world.clock.wait(86_401)


def left_its_lane(world: World, *, is_cut: bool) -> tuple[Place, str, object]:
    """Return a laptop that goes on in a new lane because a copy of it was heard, a child that stays in the old lane, and a backup
    of the province from before that child. `is_cut`: the road is cut behind the refusal."""
    melati = world.laptop("melati")
    for _ in range(2):
        melati.exchange()
    backup = image_of(world.province.store)
    child = melati.writer.child("Aminah")
    copy = melati.clone()
    copy.writer.child("Baiq")
    copy.exchange()  # Aminah and Baiq; the copy is scrapped
    melati.writer.child("Citra")
    if is_cut:
        old = melati.lane
        melati.road.lose_request = lambda number: melati.lane != old
        with pytest.raises(Unreachable):
            melati.exchange()  # 'fork': both have Aminah
        melati.road.lose_request = lambda said: False
    else:
        melati.exchange()
    return melati, child, backup


def by_stick(world: World, place: Place) -> None:
    """Carry a bundle to the province and its receipt home."""
    take(place, *receive(world, export(place)).receipts)


def held(world: World) -> tuple[list[object], int]:
    """Return the names at the province, and how many edits wait for one that they replace."""
    rows = notebook(world.province.store)
    return sorted(str(row["name"]) for row in rows), len(world.province.store.rows("select uid from awaited"))


@pytest.mark.parametrize("is_cut", [False, True])
@pytest.mark.parametrize("is_announced", [True, False])
def test_a_child_of_an_old_lane_comes_back_to_a_province_that_was_put_back(world, is_cut, is_announced):
    melati, child, backup = left_its_lane(world, is_cut=is_cut)
    put_back(world, backup, is_announced=is_announced)
    days(world, melati)
    melati.writer.save({NOTE: "still here"}, child)
    days(world, melati, count=40)
    assert ("Aminah" in names(melati), held(world)[0][0], held(world)[1]) == (True, "Aminah", 0)


def put_back(world: World, backup: object, *, is_announced: bool) -> None:
    if is_announced:
        world.restore(backup)
    else:
        world.use(opened(backup))


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_child_of_an_old_lane_comes_back_where_only_sticks_go_and_nothing_was_cut(world, is_announced):
    world.office.child("Dewi", "melati")
    melati = world.laptop("melati")
    for _ in range(2):
        by_stick(world, melati)
    backup = image_of(world.province.store)
    child = melati.writer.child("Aminah")
    copy = melati.clone()
    copy.writer.child("Baiq")
    receive(world, export(copy))  # the copy is scrapped
    old = melati.lane
    melati.writer.child("Citra")
    by_stick(world, melati)
    assert melati.lane != old  # it was told of the fork, and that both have Aminah
    before = held(world)[0]
    put_back(world, backup, is_announced=is_announced)
    for _ in range(30):
        world.clock.wait(86_401)
        melati.clock.wait(86_401)
        by_stick(world, melati)
    melati.writer.save({NOTE: "still here"}, child)
    days(world, melati, count=10)
    assert ("Aminah" in before, "Aminah" in names(melati), "Aminah" in held(world)[0], held(world)[1]) == (
        True,
        True,
        True,
        0,
    )


@pytest.mark.parametrize("is_announced", [True, False])
def test_what_a_laptop_put_back_shares_in_its_old_lane_comes_back_too(world, is_announced):
    melati = world.laptop("melati")
    for _ in range(2):
        melati.exchange()
    backup = image_of(world.province.store)
    melati.writer.child("Aminah")
    melati.exchange()
    copy = melati.image()
    melati.open()
    home = melati.from_image(copy)
    old = home.lane
    home.open()
    assert home.lane != old
    put_back(world, backup, is_announced=is_announced)
    days(world, home)
    assert (names(home), held(world)) == (["Aminah"], (["Aminah"], 0))


def test_a_reading_in_a_new_lane_ends_where_only_sticks_go_and_the_feed_is_shorter_now(world):
    world.office.child("Dewi", "melati")
    melati = world.laptop("melati")
    for _ in range(2):
        by_stick(world, melati)
    backup = image_of(world.province.store)
    for number in range(6):
        world.office.child(f"of the office {number}", "melati")
    melati.writer.child("Aminah")
    for _ in range(2):
        by_stick(world, melati)
    copy = melati.clone()
    copy.writer.child("Baiq")
    receive(world, export(copy))  # the copy is scrapped
    melati.writer.child("Citra")
    by_stick(world, melati)
    put_back(world, backup, is_announced=False)
    for _ in range(10):
        world.clock.wait(86_401)
        melati.clock.wait(86_401)
        by_stick(world, melati)
    assert ("Aminah" in held(world)[0], melati.store.value("select giving from sync_upstream")) == (True, 0)
