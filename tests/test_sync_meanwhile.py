"""Somebody else writes while a message is put together or answered: what was looked at before is looked at again."""

from collections.abc import Callable

import pytest

from sync import batches, bringing, checkup, devices, feed, lanes, upstream
from sync.messages import Request
from sync.pushes import push
from tests.sync_app import POSYANDU
from tests.sync_world import Place, World
from tests.test_sync_between import Contended

pytestmark = pytest.mark.usefixtures("sync_database")


class Meanwhile:
    """A store beside which somebody writes once, just behind a question."""

    def __init__(self, store, act: Callable[[], object], *, behind: str) -> None:
        self._store, self._act, self._behind = store, act, behind

    def __getattr__(self, name: str):
        return getattr(self._store, name)

    def rows(self, sql, *values):
        found = self._store.rows(sql, *values)
        if self._behind in sql:
            act, self._act = self._act, lambda: None
            act()
        return found


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    place = world.laptop("melati")
    place.exchange()
    return place


def test_what_is_saved_while_a_message_is_put_together_goes_with_the_next(melati):
    melati.writer.child("Aminah")
    own = lanes.get(melati.store, melati.lane)
    melati.writer.child("Baiq")
    told = [
        [edit.seq for edit in push(melati.store, own, after, batches.LARGEST_COUNT, spell=False)[0]]
        for after in (0, 1, 2)
    ]
    assert told == [[1], [], []]


def of_nowhere(world: World, melati: Place) -> str:
    """Return a child whom a laptop brought, whom nobody has placed, and whom it is not known to hold."""
    uid = melati.writer.child("Siti", None)
    melati.exchange()
    with world.province.store.write():
        world.province.store.run("delete from placement where entity = $1", uid)
    return uid


def placed(world: World, uid: str) -> list[tuple[object, ...]]:
    rows = world.province.store.rows("select area, left_n, gone_n from placement where entity = $1", uid)
    return [(row["area"], row["left_n"] is None, row["gone_n"]) for row in rows]


def test_a_child_who_is_placed_while_it_is_looked_who_holds_her_is_not_noted_as_of_nowhere(world, melati):
    uid, store = of_nowhere(world, melati), world.province.store

    def place() -> None:
        with store.write():
            feed.place(store, uid, ["mawar"])

    bringing.note_holder(Contended(store, 1, place), [uid], {"melati"}, "melati")
    assert placed(world, uid) == [("mawar", True, None)]


def test_two_laptops_that_say_at_once_that_they_hold_a_child_are_both_heard(world, melati):
    uid, store = of_nowhere(world, melati), world.province.store
    said = store, [uid], {"melati"}, "melati"
    bringing.note_holder(Contended(store, 1, lambda: bringing.note_holder(*said)), *said[1:])
    assert placed(world, uid) == [("melati", False, feed.OF_NOWHERE)]


def test_a_child_who_is_moved_while_a_check_up_is_counted_is_no_reason_to_doubt(world, melati):
    other, store = world.laptop("melati"), world.province.store
    uid = other.writer.child("Siti")
    other.exchange()
    melati.exchange()
    state = upstream.state(melati.store)
    said = checkup.remark(melati.store, "2026-09-01T00:00:00Z")
    request = Request(
        1, 0, "", "", state.epoch, state.cursor, "0.1.0", state.scope_hash, 32, {"sum": [*said["sum"]]}
    )

    def move() -> None:
        with store.write():
            feed.place(store, uid, ["mawar"])

    moving = Meanwhile(store, move, behind="f.gone = 0")
    assert checkup.doubt(moving, devices.find(store, melati.lane), request, frozenset(["melati"])) == {}
    assert [area for area, is_there, _ in placed(world, uid) if is_there] == ["mawar"]


def test_a_record_that_a_pc_has_by_another_of_its_areas_is_surely_held(world, melati):
    world.laptop("kenanga").exchange()
    gone = world.office.child("Gone before", "melati")
    children = [world.office.child(f"{number}", "melati") for number in range(checkup.MOST_UNSETTLED + 2)]
    melati.exchange()
    world.office.save({POSYANDU: "kenanga"}, gone)
    pc = world.laptop("melati", "mawar")
    pc.exchange()
    for child in children:
        world.office.save({POSYANDU: "mawar"}, child)
    pc.exchange()
    said = checkup.remark(pc.store, "2026-09-01T00:00:00Z")
    state, device = upstream.state(pc.store), devices.find(world.province.store, pc.lane)
    request = Request(
        1, 0, "", "", state.epoch, state.cursor, "0.1.0", state.scope_hash, 32, {"sum": [*said["sum"]]}
    )
    areas = frozenset(["melati", "mawar"])
    assert checkup.doubt(world.province.store, device, request, areas) == {}
