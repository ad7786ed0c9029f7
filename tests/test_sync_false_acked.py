"""A laptop that says no number for what was acknowledged to it is refused before anything of it is taken."""

import pytest

from sync import keys, lanes, log, messages, postbox, province
from sync.messages import Request
from sync.packing import pack_push
from tests.sync_world import Place, World, names
from tests.test_sync_no_room import given_by

pytestmark = pytest.mark.usefixtures("sync_database")


def said(world: World, place: Place, acked: object, cursor: int) -> bytes:
    own = lanes.get(place.store, place.lane)
    edits = log.stretch(place.store, own.lane, 1, 10)
    chains = log.chain8(place.store, own, 0), log.chain8(place.store, own, len(edits))
    more, batch = {"spelled": 1, "spell": 1, "acked": acked}, pack_push(edits, own.lane, {})
    request = Request(1, len(edits), *chains, world.epoch(), cursor, "0.1.0", "", 60, more, batch)
    return messages.seal_request(request, place.laptop.keys, keys.key_id(world.province.keys.sign_key))


@pytest.mark.parametrize("cursor", [0, 10**6])
@pytest.mark.parametrize("acked", ["x", -1, True, [1], 2**60, None])
def test_nothing_is_taken_by_either_road(acked, cursor):
    world = World()
    melati = world.laptop("melati")
    melati.exchange()
    melati.writer.child("Aminah")
    message = said(world, melati, acked, cursor)
    by_stick = postbox.receive(world.province, given_by(world, melati, 0, message)).remarks[0].refused
    by_road = province.receive(world.province, message).refused
    assert (by_stick, by_road, names(world.province)) == ("malformed", "malformed", [])
