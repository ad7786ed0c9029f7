"""Old, genuine receipts that somebody repeats take no newer one out of a puskesmas PC's satchel."""

import pytest

from sync import bundle, satchel, upstream
from sync.bundle import Bundle
from tests.sync_relay import forward, hand_over, puskesmas_pc, with_relays
from tests.sync_world import Place, World

pytestmark = pytest.mark.usefixtures("sync_database")

DAY_S = 86400


@pytest.fixture
def world(sync_database) -> World:
    return with_relays()


@pytest.fixture
def pc(world) -> Place:
    return puskesmas_pc(world)


def days(world: World, pc: Place, melati: Place, count: int, old: bytes = b"") -> list[bytes]:
    """Each day the laptop gives its bundle over the hotspot, the PC passes it on, and a stranger posts `old` to the hotspot."""
    seen = []
    for number in range(count):
        for place in (world, pc, melati):
            place.clock.wait(DAY_S)
        melati.writer.child(f"child {number}")
        hand_over(melati, pc)
        pc.exchange()
        assert set(forward(world, pc)) == {""}
        seen.append(receipts(satchel.for_laptops(pc.laptop))[-1])
        if old:
            satchel.answered(pc.laptop, old)
    return seen


def receipts(data: bytes) -> list[bytes]:
    found = [each for each in bundle.split(data) if isinstance(each, Bundle)]
    return [each.data for each in found if each.kind == bundle.RECEIPT]


@pytest.mark.parametrize("repeated", [0, 2, 3])
def test_a_laptop_is_answered_though_somebody_repeats_old_receipts(world, pc, repeated):
    melati = world.laptop("melati")
    melati.exchange()
    heard = days(world, pc, melati, 4)
    hand_over(melati, pc)
    assert upstream.state(melati.store).ack == 4
    days(world, pc, melati, 10, b"".join(heard[:repeated]))
    hand_over(melati, pc)
    assert upstream.state(melati.store).ack == 14


def test_a_stick_on_which_old_files_of_receipts_still_lie_takes_no_answer_away(world, pc):
    """No attacker: the carrier's stick has the files of the last days beside the newest, and the PC reads all of them by name."""
    melati = world.laptop("melati")
    melati.exchange()
    heard = days(world, pc, melati, 4)
    hand_over(melati, pc)
    newest = days(world, pc, melati, 1)
    for name in (newest[0], *heard[1:]):  # the newest file was named first
        satchel.collect(pc.laptop, name)
    hand_over(melati, pc)
    assert upstream.state(melati.store).ack == 5
