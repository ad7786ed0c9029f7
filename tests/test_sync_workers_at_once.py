"""Several workers of the province act at once: whoever waited for the lock looks again at what it decided before."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sync import bundle, courier, devices, overdue, postbox, releasing
from sync.errors import Unreachable
from sync.province import receive
from tests.sync_app import POSYANDU, WEIGHT_G
from tests.sync_world import Place, World, image_of, names, opened
from tests.test_sync_between import Contended

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


def message_of(place: Place) -> bytes:
    """Return the message that a laptop sends now, and that is lost on its way."""
    place.road.lose_request = lambda number: True
    with pytest.raises(Unreachable):
        place.exchange()
    place.road.lose_request = lambda number: False
    return place.road.messages[-1]


def receive_behind(world: World, message: bytes, other: Callable[[], object]) -> None:
    """Let a message arrive at a worker before whom another one gets the lock once."""
    receive(replace(world.province, store=Contended(world.province.store, 1, other)), message)


def test_a_child_who_went_on_meanwhile_waits_for_whoever_has_her_now(world):
    melati, mawar, kenanga = (world.laptop(area) for area in ("melati", "mawar", "kenanga"))
    child = melati.writer.child("Aminah")
    melati.exchange()
    kenanga.exchange()
    world.office.save({POSYANDU: "mawar"}, child)
    mawar.exchange()

    def goes_on() -> None:
        world.office.save({POSYANDU: "melati"}, child)
        world.office.save({POSYANDU: "kenanga"}, child)

    receive_behind(world, message_of(mawar), goes_on)  # its cursor is past the delivery
    for _ in range(2):
        melati.exchange()
    assert names(melati) == ["Aminah"]  # Kenanga was not heard since


def test_a_province_put_back_unseen_begins_one_life_however_many_tell_it_at_once(world):
    melati, mawar = (world.laptop(area) for area in ("melati", "mawar"))
    for place in (melati, mawar):
        place.exchange()
    backup = image_of(world.province.store)
    for place in (melati, mawar):
        place.writer.child(f"Anak {place.area}", place.area)
        place.exchange()
    world.use(opened(backup))
    lives = "select count(*) from epochs"
    before = world.province.store.value(lives)
    first, second = message_of(melati), message_of(mawar)
    receive_behind(world, first, lambda: receive(world.province, second))
    assert world.province.store.value(lives) - before == 1


def came_before_its_parent(world: World) -> Place:
    """Return a laptop whose stick is held, for it came before what it follows on."""
    place = world.laptop("melati")
    place.exchange()
    child = place.writer.child("Aminah")
    backup = image_of(world.province.store)
    place.exchange()
    world.restore(backup)
    place.writer.save({WEIGHT_G: 8200}, child)
    postbox.receive(world.province, courier.export(place.laptop))
    assert world.province.store.value("select count(*) from held") == 1
    return place


def waiting(world: World) -> list[str]:
    sql = "select reason from quarantine where released_at is null and put_aside_at is null"
    return [row["reason"] for row in world.province.store.rows(sql)]


def test_an_envelope_that_was_put_aside_does_not_come_back(world):
    place, store = came_before_its_parent(world), world.province.store
    devices.revoke(store, place.lane, world.clock.now())
    world.clock.wait(bundle.ON_ITS_WAY_S + 1)

    def quicker() -> None:
        overdue.settle(world.province)
        with store.write():
            for row in store.rows("select quarantine_no from quarantine"):
                releasing.put_aside(store, row["quarantine_no"], world.clock.now())

    overdue.settle(replace(world.province, store=Contended(store, 1, quicker)))
    assert waiting(world) == []


def test_what_its_laptop_brought_meanwhile_waits_for_nobody(world):
    place, store = came_before_its_parent(world), world.province.store
    world.clock.wait(bundle.ON_ITS_WAY_S + 1)
    overdue.settle(replace(world.province, store=Contended(store, 1, place.exchange)))
    counts = [store.value(f"select count(*) from {table}") for table in ("held", "edits")]
    assert (counts, waiting(world)) == ([0, 2], [])
