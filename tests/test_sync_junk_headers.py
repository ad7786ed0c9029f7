"""Anybody may write a laptop's lane and numbers before bytes of her own: nothing is done to the laptop by that name."""

import pytest

from sync import bundle, keys, satchel, upstream, vouching
from sync.bundle import Label
from tests.sync_relay import forward, hand_over, know_each_other, puskesmas_pc, with_relays
from tests.sync_world import Place, World, names

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world(sync_database) -> World:
    return with_relays()


@pytest.fixture
def pc(world) -> Place:
    return puskesmas_pc(world)


@pytest.fixture
def melati(world, pc) -> Place:
    """A laptop that has given a child to the PC, which could read her."""
    place = world.laptop("melati")
    know_each_other(world, place, pc)
    place.writer.child("Aminah")
    hand_over(place, pc)
    return place


def known_early(pc: Place) -> tuple[list[str], int]:
    return names(pc), vouching.early_count(pc.store)


def test_junk_under_a_laptops_header_takes_nothing_of_it_out_of_the_pc(world, pc, melati):
    key_id = keys.key_id(upstream.state(pc.store).server_key)
    label = Label(bundle.PUSH, key_id, melati.lane, 1, 999)
    satchel.answered(pc.laptop, bundle.plain(label, bytes([1]) + bytes(200)))
    before = known_early(pc)
    assert forward(world, pc) == ["", "not_for_us"]
    assert (before, known_early(pc)) == ((["Aminah"], 1), (["Aminah"], 1))
