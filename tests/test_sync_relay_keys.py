"""A puskesmas PC says its own key, and a stolen one may say nonsense: its laptops give bundles away all the same."""

import pytest

from sync import certificates, courier, keys, postbox, relays, succession
from tests.sync_relay import hand_over, know_each_other, puskesmas_pc, with_relays
from tests.sync_world import Place, World, names

pytestmark = pytest.mark.usefixtures("sync_database")

NO_POINT = "00" * 32


@pytest.fixture
def world(sync_database) -> World:
    return with_relays()


@pytest.fixture
def pc(world) -> Place:
    return puskesmas_pc(world)


def hand_over_to_nonsense(world: World, pc: Place) -> str:
    """Let whoever has the PC's key go on in a new lane whose box key is none; return that lane."""
    old, new = pc.laptop.keys, keys.make(world.chance.token_bytes)
    asked = {"follows": old.sign_key, "sign_key": new.sign_key, "box_key": NO_POINT}
    over = "\n".join(asked.values()).encode()
    context = b"SIPosyandu handover 1\0"
    signed = {"handover": old.sign(context, over).hex(), "proof": new.sign(context, over).hex()}
    certificates.check_handover(asked | signed)
    succession.redeem(world.province, asked | signed | {"certificate": old.certificate.hex(), "why": ""})
    return new.lane


def test_a_relay_whose_key_is_none_is_told_to_no_laptop(world, pc):
    nonsense = hand_over_to_nonsense(world, pc)
    melati = world.laptop("melati")
    know_each_other(world, melati, pc)
    assert nonsense not in [each.lane for each in relays.known(melati.store)]


def test_a_laptop_that_was_told_such_a_key_gives_its_bundle_to_the_others(world, pc):
    melati = world.laptop("melati")
    know_each_other(world, melati, pc)
    told = f'[["{"ab" * 16}", "{NO_POINT}", ""], ["{pc.lane}", "{pc.laptop.keys.box_key}", ""]]'
    with melati.store.write():
        melati.store.run("update sync_upstream set relays = $1", told)
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    postbox.receive(world.province, courier.export(melati.laptop))
    assert (names(pc), names(world.office)) == (["Aminah"], ["Aminah"])
