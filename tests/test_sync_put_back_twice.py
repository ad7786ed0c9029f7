"""A province put back more than once, and copies of laptops beside it: what is given back twice leaves no hole anywhere."""

from contextlib import suppress

import pytest

from sync import bundle, courier, devices, lanes, postbox, releasing, relog, revocations, succession, vouching
from sync.errors import Refused, Unreachable
from tests.sync_relay import forward, hand_over, know_each_other, puskesmas_pc, with_relays
from tests.sync_world import Place, World, image_of, names

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


@pytest.fixture
def second(world) -> Place:
    """A second laptop of the same posyandu."""
    return world.laptop("melati")


def own_places(place) -> list[int]:
    """Return the numbers of a laptop's own lane under which an edit stands."""
    sql = """select seq from edits where lane_no = (select lane_no from sync_self)
        union all select seq from positions where lane_no = (select lane_no from sync_self) order by seq"""
    return [row["seq"] for row in place.store.rows(sql)]


def days(world, *places: Place, count: int = 3) -> list[str]:
    """Let days pass on which every laptop tries its exchange; return what was refused."""
    refused = []
    for _ in range(count):
        for place in places:
            place.clock.wait(86400)
            try:
                place.exchange()
            except Refused as refusal:
                refused.append(refusal.code)
        world.clock.wait(86400)
    return refused


def give_back_unheard(place: Place) -> None:
    """Let a laptop read everything again and write what was lost into its own lane; the province does not hear of that."""
    sent = []

    def is_lost(number: int) -> bool:
        sent.append(number)
        return len(sent) > 1 and place.store.value("select giving from sync_upstream") == 0

    place.road.lose_request = is_lost
    with suppress(Unreachable):
        place.exchange()
    place.road.lose_request = lambda number: False


def test_a_laptop_keeps_its_place_for_an_edit_whose_other_place_is_needed(world, melati, second):
    lost = world.laptop("melati")
    for place in (lost, melati, second):
        place.exchange()
    empty = image_of(world.province.store)
    lost.writer.child("Aminah")
    for place in (lost, melati, second):
        place.exchange()
    older, key = second.image(), second.drawer.text
    world.restore(empty)
    give_back_unheard(melati)
    second.exchange()  # gives Aminah back sooner
    melati.exchange()
    world.restore(empty)
    second.drawer.text = key
    second = second.from_image(older)
    second.writer.child("Baiq")  # under the number at which it gave Aminah back
    second.exchange()
    days(world, melati, second)
    melati.writer.child("Citra")
    refused = days(world, melati)
    assert (refused, own_places(melati), names(world.province)) == ([], [1, 2], ["Aminah", "Baiq", "Citra"])


def test_what_a_laptop_shared_with_a_province_before_its_first_answer_is_given_back(world, melati):
    empty = image_of(world.province.store)
    melati.writer.child("Aminah")
    twin = melati.clone()
    twin.writer.child("Baiq")
    postbox.receive(world.province, courier.export(twin.laptop))
    melati.writer.child(
        "Citra"
    )  # under the number of Baiq: what the province says first is that it is a copy
    melati.road.lose_request = lambda number: number > 2
    with suppress(Unreachable):
        melati.exchange()
    melati.road.lose_request = lambda number: False
    world.restore(empty)
    refused = days(world, melati)
    assert (refused, names(world.province)) == ([], ["Aminah", "Citra"])


def test_a_list_that_was_kept_but_not_followed_before_the_power_went_is_followed_when_it_comes_again(
    world, melati
):
    melati.exchange()
    older = image_of(world.province.store)
    devices.revoke(world.province.store, melati.lane, world.clock.now())
    listed = revocations.write(world.province.store, world.province.keys)
    world.restore(older)
    (found,) = bundle.split(listed)
    revocations.take(
        world.province.store, found, world.province.keys.sign_key, world.clock.now()
    )  # and then the cut
    postbox.receive(world.province, listed)
    melati.writer.child("Aminah")
    refused = days(world, melati, count=1)
    assert (refused, names(world.province), revocations.write(world.province.store, world.province.keys)) == (
        ["revoked"],
        [],
        listed,
    )


def test_what_a_laptop_and_its_copy_tell_under_one_number_too_early_is_kept_of_both(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    older = image_of(world.province.store)
    melati.writer.child("Baiq")
    melati.exchange()
    copy = melati.clone()
    melati.writer.child("Citra")
    copy.writer.child("Dedi")
    sent = courier.export(melati.laptop) + courier.export(copy.laptop)
    world.restore(older)
    refused = [remark.refused for remark in postbox.receive(world.province, sent + sent).remarks]
    held = world.province.store.rows("select first_seq, last_seq from held")
    copy.exchange()  # the other one is lost
    quarantined = world.province.store.rows("select reason from quarantine")
    assert (refused, held) == (["", "", "", ""], [{"first_seq": 3, "last_seq": 3}] * 2)
    assert (names(world.province), quarantined) == (["Aminah", "Baiq", "Citra", "Dedi"], [])


def test_what_follows_on_the_story_that_lost_is_kept_too(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    older = image_of(world.province.store)
    melati.writer.child("Baiq")
    missing = courier.export(melati.laptop)
    melati.exchange()
    copy = melati.clone()
    melati.writer.child("Citra")
    third = courier.export(melati.laptop)
    melati.exchange()
    melati.writer.child("Eka")
    copy.writer.child("Dedi")
    fourth, other_third = courier.export(melati.laptop), courier.export(copy.laptop)
    world.restore(older)
    for sent in (other_third, third, fourth, missing):
        world.clock.wait(60)
        postbox.receive(world.province, sent)
    store = world.province.store
    waiting = [store.rows("select reason from quarantine"), store.rows("select first_seq from held")]
    assert (names(world.province), waiting) == (["Aminah", "Baiq", "Citra", "Dedi", "Eka"], [[], []])


def went_on(melati, count: int = 1) -> list[Place]:
    """Return copies of a laptop put back to an older day, each of which went on in a new lane and wrote a child there."""
    melati.exchange()
    older = melati.image()
    melati.writer.child("Aminah")
    melati.exchange()
    copies = []
    for number in range(count):
        copy = melati.from_image(older)
        copy.open()
        copy.writer.lane = copy.lane
        copy.writer.child(f"Baiq {number}")
        copies.append(copy)
    return copies


def carry_by_stick(world, place) -> list[str]:
    """Let a bundle go to the province, and its receipt come home; return what was refused."""
    delivered = postbox.receive(world.province, courier.export(place.laptop))
    courier.take(place.laptop, b"".join(delivered.receipts))
    return [remark.refused for remark in delivered.remarks]


def test_what_a_shut_out_laptop_wrote_in_a_new_lane_waits_in_quarantine_and_can_be_released(world, melati):
    (copy,) = went_on(melati)
    store = world.province.store
    devices.revoke(store, melati.lane, world.clock.now())
    refused, before = carry_by_stick(world, copy), names(world.province)
    (waiting,) = store.rows("select quarantine_no, reason from quarantine")
    releasing.release(world.province, waiting["quarantine_no"])
    entered = devices.find(store, copy.lane)
    assert (refused, before, waiting["reason"]) == (["revoked"], ["Aminah"], "revoked")
    assert (names(world.province), copy.laptop.keys.certificate) == (["Aminah", "Baiq 0"], b"")
    assert (entered.succeeds, entered.revoked_at is not None) == (melati.lane, True)


def test_a_stolen_key_that_was_shut_out_begins_no_lanes_without_end(world, melati, monkeypatch):
    monkeypatch.setattr(succession, "MOST_A_DAY", 2)
    copies = went_on(melati, 4)
    devices.revoke(world.province.store, melati.lane, world.clock.now())
    refused = []
    for copy in copies:
        refused += carry_by_stick(world, copy)
        world.clock.wait(2 * 86400)
    kept = world.province.store.rows("select distinct lane_no from quarantine")
    assert (refused, len(kept)) == (["revoked"] * 4, 2)


def test_a_new_lane_of_one_whom_a_restored_province_knows_only_from_the_list_is_shut_out_too(world, melati):
    empty = image_of(world.province.store)
    (copy,) = went_on(melati)
    devices.revoke(world.province.store, melati.lane, world.clock.now())
    listed = revocations.write(world.province.store, world.province.keys)
    world.restore(empty)
    postbox.receive(world.province, listed)
    refused = carry_by_stick(world, copy)
    believed = [each.lane for each in devices.everyone(world.province.store) if each.revoked_at is None]
    reasons = world.province.store.rows("select reason from quarantine")
    assert (refused, believed, reasons) == (["revoked"], [], [{"reason": "revoked"}])


def test_what_a_pc_wrote_again_after_a_fork_is_no_longer_known_early_there():
    world = with_relays()
    pc, melati = puskesmas_pc(world), world.laptop("melati")
    know_each_other(world, melati, pc)
    copy = melati.clone()
    melati.writer.child("Aminah", "anggrek")
    hand_over(melati, pc)
    copy.writer.child("Baiq")
    copy.exchange()
    before = vouching.early_count(pc.store)
    days(world, pc, melati, copy)
    forward(world, pc)
    days(world, pc)
    assert (before, vouching.early_count(pc.store), names(world.province)) == (1, 0, ["Aminah", "Baiq"])


def test_an_edit_whose_body_the_law_had_erased_is_not_given_back_and_holds_up_no_other(world, melati):
    erased, child = world.office.child("Baiq"), world.office.child("Aminah")
    melati.exchange()
    store = melati.store
    with store.write():
        store.run("update edits set body = null where uid = $1", erased)
        relog.carry(store, lanes.get(store, melati.lane), [erased, child])
    given = store.rows("select seq, uid from positions")
    refused = days(world, melati)
    assert (given, lanes.get(store, melati.lane).last_seq, refused) == ([{"seq": 1, "uid": child}], 1, [])
