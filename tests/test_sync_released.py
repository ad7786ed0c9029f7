"""Envelopes that wait for a person may be released in any order: none of them is lost by it."""

from contextlib import suppress

import pytest

from sync import courier, devices, lanes, log, messages, postbox, releasing
from sync.errors import Refused
from tests.sync_world import Place, World, names

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world(sync_database) -> World:
    return World()


def send(place: Place) -> None:
    with suppress(Refused):
        place.exchange()


def waiting(world: World) -> list[tuple[int, str]]:
    sql = "select quarantine_no, reason from quarantine where released_at is null and put_aside_at is null order by 1"
    return [(row["quarantine_no"], row["reason"]) for row in world.province.store.rows(sql)]


def test_one_that_was_held_and_turns_out_to_follow_on_another_story_waits_again(world):
    melati = world.laptop("melati")
    melati.exchange()
    copy = melati.clone()
    devices.revoke(world.province.store, melati.lane, world.clock.now())
    melati.writer.child("Aminah")
    send(melati)
    baiq = copy.writer.child("Baiq")
    with copy.store.write():  # it was acknowledged, by a province that has forgotten it
        copy.store.run("update sync_upstream set ack = 1")
    copy.writer.save({11: "Baiq Hidayah"}, baiq)
    send(copy)
    for number in (2, 1):
        releasing.release(world.province, number)
    assert (waiting(world), names(world.office)) == ([(2, "unknown_reference")], ["Aminah"])


def test_what_a_copy_told_under_used_numbers_is_kept_with_the_envelope_that_was_signed(world):
    melati = world.laptop("melati")
    melati.exchange()
    copy = melati.clone()
    for place, child in ((melati, "Aminah"), (copy, "Baiq")):
        place.writer.child(child)
        postbox.receive(world.province, courier.export(place.laptop))
    said = [
        messages.read_request(messages.open_envelope(row["envelope"])).end_chain
        for row in world.province.store.rows("select envelope from evidence order by evidence_no")
    ]
    theirs = [log.chain8(each.store, lanes.get(each.store, melati.lane), 1) for each in (melati, copy)]
    assert (said, names(world.office)) == (theirs, ["Aminah", "Baiq"])
