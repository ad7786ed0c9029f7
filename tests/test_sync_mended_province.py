"""A fault in the province's program refuses an honest bundle; once it is mended the bundle goes again, its laptop lost or not."""

from dataclasses import replace
from typing import Any

import pytest

from sync import satchel
from tests.sync_relay import forward, hand_over, know_each_other, puskesmas_pc, with_relays
from tests.sync_world import World, names

pytestmark = pytest.mark.usefixtures("sync_database")


def faulty(store: Any, user: str, since: str | None) -> int | None:
    """Fail, as a later version of the application may."""
    raise KeyError(user)


def test_what_the_province_could_not_read_goes_again_the_next_day(sync_database):
    world: World = with_relays()
    pc, melati = puskesmas_pc(world), world.laptop("melati")
    know_each_other(world, melati, pc)
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    province = world.province
    world.province = replace(province, rank_of=faulty)
    refused = forward(world, pc)
    world.province = province
    at_once = forward(world, pc)
    pc.clock.wait(86_401)
    assert (refused, at_once, forward(world, pc)) == (["malformed"], [], [""])
    pc.exchange()
    forward(world, pc)
    assert (names(world.office), names(pc), satchel.carried(pc.store)) == (["Aminah"], ["Aminah"], [])
