"""A laptop goes on in a new lane while a keeper waits for the lock: what she decides is meant for that lane too."""

from pathlib import Path

import pytest

from siposyandu import keeping
from siposyandu.keeping import laptops
from tests.neighbours import Laptop, Neighbours
from tests.test_sync_between import Contended
from tests.test_web_differences import child_of, meet
from tests.test_web_keep_laptops import _put_back, lanes

AT = "2026-08-03T01:00:00Z"


@pytest.fixture
def world(tmp_path: Path, database: str) -> Neighbours:
    return Neighbours.begin(tmp_path, database)


@pytest.fixture
def one(world: Neighbours, tmp_path: Path) -> Laptop:
    """A laptop that was put back to an older day: its next contact begins a new lane."""
    made = world.laptop("one")
    child_of(made)
    image = (tmp_path / "one" / "siposyandu.db").read_bytes()
    child_of(made)
    meet(made)
    _put_back(made, tmp_path / "one", image)
    return made


def test_a_lane_begun_meanwhile_is_shut_out_too(world: Neighbours, one: Laptop) -> None:
    (before,) = lanes(world)
    with world.store() as store:
        register = keeping.register(store, world.village.citra)
        found = laptops.find(store, register, before, AT)
        contended = Contended(store, 1, one.exchange)
        goes_on_in = laptops.shut_out(contended, register, found, ("dicuri", AT))
    after = lanes(world)
    assert (after.keys() - {before}, [bool(device.revoked_at) for device in after.values()]) == (
        {goes_on_in},
        [True, True],
    )


def test_a_lane_begun_meanwhile_ends_with_the_laptop_that_is_replaced(world: Neighbours, one: Laptop) -> None:
    (before,) = lanes(world)
    with world.store() as store:
        register = keeping.register(store, world.village.citra)
        found = laptops.find(store, register, before, AT)
        laptops.replace(Contended(store, 1, one.exchange), register, found, AT)
    assert [bool(device.closed_at) for device in lanes(world).values()] == [True, True]
