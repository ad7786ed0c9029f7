"""Keys and database change together, though the power may go at any moment and two programs may be open."""

import pytest

from sync import lanes, notices, opening, renewal
from sync.errors import Refused
from sync.renewal import Cause
from sync.rings import KeyFile, Ring
from tests.sync_app import new_store, writer
from tests.sync_world import Chance, Drawer

NOW = "2026-08-04T00:00:00Z"


class PowerCut(Exception):
    """The power is gone."""


class Switch:
    """A drawer, and a store, that lose their power before the n-th write, or right after it."""

    def __init__(self, drawer: Drawer, cut: int, *, after: bool) -> None:
        self.drawer, self.left, self.after = drawer, cut, after

    def read(self) -> str | None:
        return self.drawer.read()

    def write(self, text: str) -> None:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise PowerCut
        self.drawer.write(text)
        if self.left == 0:
            raise PowerCut


def laptop(drawer: Drawer):
    """Return a laptop's store with one edit, and its ring."""
    home = writer("melati", store=new_store())
    with home.store.write():
        for table in ("sync_self", "lanes"):
            home.store.run(f"delete from {table}")
    ring = Ring(drawer, Chance(5).token_bytes)
    opening.open_laptop(home.store, ring, NOW)
    home.lane = ring.keys.lane
    home.child("Aminah")
    return home.store, ring


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("cut", [1, 2])
def test_a_cut_while_the_sentinel_is_renewed_is_no_alarm(cut, after):
    drawer = Drawer()
    store, ring = laptop(drawer)
    with pytest.raises(PowerCut):
        opening.guard(store, Ring(Switch(drawer, cut, after=after), Chance(6).token_bytes))
    again = Ring(drawer, Chance(7).token_bytes)
    opening.open_laptop(store, again, NOW)
    opening.guard(store, again)
    assert (again.keys.lane, lanes.own(store), notices.waiting(store)) == (ring.keys.lane, ring.keys.lane, [])


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("cut", [1, 2])
def test_a_cut_while_a_new_lane_begins_leaves_the_old_lane_or_the_new_one(cut, after):
    drawer = Drawer()
    store, ring = laptop(drawer)
    broken = Ring(Switch(drawer, cut, after=after), Chance(6).token_bytes)
    with pytest.raises(PowerCut):
        with store.write():
            renewal.begin(store, broken, Cause("fork", 0, NOW))
        opening.settle(store, broken)
    again = Ring(drawer, Chance(7).token_bytes)
    opening.open_laptop(store, again, NOW)
    began = cut == 2
    assert lanes.own(store) == again.keys.lane
    assert (again.keys.lane != ring.keys.lane) is began
    assert (bool(again.keys.former_seed), len(notices.waiting(store))) == (began, int(began))


def test_two_programs_on_one_laptop_renew_the_sentinel_in_turn_without_alarm():
    drawer = Drawer()
    store, ring = laptop(drawer)
    other = Ring(drawer, Chance(8).token_bytes)
    for each in (ring, other, other, ring, other):
        opening.open_laptop(store, each, NOW)
        opening.guard(store, each, always=True)
    assert (lanes.own(store), notices.waiting(store)) == (ring.keys.lane, [])


def test_the_sentinel_is_renewed_only_when_something_new_leaves():
    drawer = Drawer()
    store, ring = laptop(drawer)
    opening.guard(store, ring)
    first = drawer.text
    opening.guard(store, ring)
    assert drawer.text == first


def test_a_file_of_keys_from_before_the_ring_is_read(tmp_path):
    path = tmp_path / "device.json"
    path.write_text(f'{{"sign": "{"11" * 32}", "box": "{"22" * 32}", "sentinel": "abc"}}')
    ring = Ring(KeyFile(path), Chance(1).token_bytes)
    assert (ring.keys.sign_seed, ring.keys.sentinel, ring.keys.former_seed) == (b"\x11" * 32, "abc", b"")


def test_a_file_of_keys_survives_a_cut_before_its_new_text_has_its_name(tmp_path):
    path = tmp_path / "device.json"
    ring = Ring(KeyFile(path), Chance(1).token_bytes)
    path.with_name("device.json.new").write_text("half a")
    assert Ring(KeyFile(path), Chance(2).token_bytes).keys == ring.keys
    ring.propose(ring.renewed())
    assert Ring(KeyFile(path), Chance(2).token_bytes).keys == ring.keys


def test_a_database_changed_back_under_a_program_that_renews_is_refused_not_adopted():
    drawer = Drawer()
    store, ring = laptop(drawer)
    with store.write():
        store.run("update sync_self set sentinel = 'older'")
    with pytest.raises(Refused):
        opening.guard(store, ring)
