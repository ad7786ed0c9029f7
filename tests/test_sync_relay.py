"""A puskesmas PC carries for laptops that never see a network: what it keeps, what it may read, and what comes back."""

from dataclasses import replace

import pytest

from sync import bundle, courier, devices, postbox, relays, satchel, stowing, titipan, vouching
from sync.errors import Malformed, Refused, Unreachable
from sync.status import status
from tests.sync_app import CITRA, NAME, notebook
from tests.sync_relay import Hotspot, forward, hand_over, know_each_other, puskesmas_pc, with_relays
from tests.sync_world import Place, World, image_of, names

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world(sync_database) -> World:
    return with_relays()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


@pytest.fixture
def pc(world) -> Place:
    return puskesmas_pc(world)


def test_records_reach_the_province_over_the_hotspot_and_the_receipt_comes_back(world, melati, pc):
    child = melati.writer.child("Aminah")
    hand_over(melati, pc)
    before = status(melati.store)
    assert forward(world, pc) == [""]
    world.office.save({NAME: "Baiq"}, child, author=CITRA)
    melati.writer.child("Citra")
    hand_over(melati, pc)
    assert ((before.acknowledged, before.entrusted, before.entrusted_to), status(melati.store).acknowledged) == (
        (0, 1, "Puskesmas"), 1
    )  # fmt: skip
    forward(world, pc)
    hand_over(melati, pc)
    assert notebook(melati.store) == notebook(world.province.store)
    assert (status(melati.store).acknowledged, melati.road.messages) == (2, [])


def test_a_relay_never_moves_an_acknowledgement(melati, pc):
    melati.writer.child("Aminah")
    brought = hand_over(melati, pc)
    told = status(melati.store)
    assert (brought.acknowledged, told.acknowledged, told.entrusted) == (0, 0, 1)


def test_a_pc_that_the_laptop_does_not_know_carries_and_cannot_read(world, melati, pc):
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    assert (notebook(pc.store), [each.label for each in satchel.carried(pc.store)]) == ([], [""])
    forward(world, pc)
    assert [row["name"] for row in notebook(world.province.store)] == ["Aminah"]


def test_a_supervisor_without_internet_sees_the_records_at_once_marked_as_early(world, melati, pc):
    know_each_other(world, melati, pc)
    child = melati.writer.child("Aminah")
    hand_over(melati, pc)
    assert notebook(pc.store) == notebook(melati.store)
    assert (vouching.early(pc.store, [child]), vouching.early_count(pc.store)) == ({child}, 1)


def test_the_feed_brings_the_same_records_later_without_a_second_effect(world, melati, pc):
    know_each_other(world, melati, pc)
    child = melati.writer.child("Aminah")
    hand_over(melati, pc)
    edits = pc.store.value("select count(*) from edits")
    forward(world, pc)
    pc.exchange()
    assert pc.store.value("select count(*) from edits") == edits
    assert (vouching.early(pc.store, [child]), notebook(pc.store)) == (set(), notebook(world.province.store))


def test_a_folder_of_sticks_and_one_file_on_to_the_province_and_back(world, melati, pc):
    mawar = world.laptop("mawar")
    sticks = []
    for place, name in ((melati, "Aminah"), (mawar, "Dedi")):
        place.writer.child(name, place.area)
        sticks.append(courier.export(place.laptop))
    satchel.collect(pc.laptop, b"".join(sticks))
    delivered = postbox.receive(world.province, satchel.for_province(pc.laptop))
    satchel.collect(pc.laptop, b"".join(delivered.receipts))
    home = satchel.for_laptops(pc.laptop)
    acknowledged = [courier.take(place.laptop, home).acknowledged for place in (melati, mawar)]
    assert (acknowledged, satchel.carried(pc.store)) == ([1, 1], [])


def test_a_bundle_stays_in_the_satchel_until_its_receipt_is_there(world, melati, pc):
    melati.writer.child("Aminah")
    satchel.collect(pc.laptop, courier.export(melati.laptop))
    first, second = (satchel.for_province(pc.laptop) for _ in range(2))
    assert len(list(bundle.split(first))) == len(list(bundle.split(second))) == 2
    satchel.collect(pc.laptop, b"".join(postbox.receive(world.province, second).receipts))
    assert satchel.carried(pc.store) == []


def test_a_later_bundle_takes_the_place_of_an_earlier_one_that_was_read(world, melati, pc):
    know_each_other(world, melati, pc)
    for name in ("Aminah", "Baiq"):
        melati.writer.child(name)
        hand_over(melati, pc)
    assert [(each.first_seq, each.last_seq) for each in satchel.carried(pc.store)] == [(1, 2)]


def test_the_same_stick_twice_is_kept_once(melati, pc):
    stick = courier.export(melati.laptop)
    satchel.collect(pc.laptop, stick + stick)
    assert len(satchel.carried(pc.store)) == 1


def test_a_relay_refuses_the_bundles_of_a_laptop_that_is_no_longer_believed(world, melati, pc):
    devices.revoke(world.province.store, melati.lane, world.clock.now())
    mawar = world.laptop("mawar")
    hand_over(mawar, pc)
    forward(world, pc)
    with pytest.raises(Refused, match="revoked"):
        hand_over(melati, pc)
    with pytest.raises(Refused, match="revoked"):
        courier.export(melati.laptop)


def test_a_bundle_of_another_province_is_not_carried(pc):
    foreign = World(seed=9).laptop("melati")
    foreign.writer.child("Dedi")
    assert [each.refused for each in satchel.collect(pc.laptop, courier.export(foreign.laptop))] == [
        "unknown_key"
    ]
    assert satchel.carried(pc.store) == []


def test_a_receipt_that_the_province_did_not_sign_is_not_carried(world, melati, pc):
    (receipt,) = postbox.receive(world.province, courier.export(melati.laptop)).receipts
    (found,) = bundle.split(receipt)
    forged = found.said_openly, found.body[:-1] + bytes([found.body[-1] ^ 1])
    written = replace(found, said_openly=forged[0], body=forged[1]).data
    assert [each.refused for each in satchel.collect(pc.laptop, written)] == ["signature"]
    assert satchel.receipts_kept(pc.store) == 0


def test_a_bundle_that_the_province_refuses_is_shown_and_not_sent_again(world, melati, pc):
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    devices.revoke(world.province.store, melati.lane, world.clock.now())
    assert forward(world, pc) == ["revoked"]
    assert (forward(world, pc), [each.refused for each in satchel.carried(pc.store)]) == ([], ["revoked"])


def test_nobody_on_the_hotspot_leaves_everything_as_it_was(melati, pc):
    melati.writer.child("Aminah")
    with pytest.raises(Unreachable):
        titipan.hand_over(melati.laptop, Hotspot(pc, silent=True), "Puskesmas")
    assert status(melati.store).entrusted == 0


def test_a_login_page_in_place_of_a_pc_is_refused(melati):
    class Portal:
        def post(self, path: str, body: bytes) -> bytes:
            return b"<html>Selamat datang"

    with pytest.raises(Malformed):
        titipan.hand_over(melati.laptop, Portal(), "Puskesmas")


def test_a_pc_without_internet_of_its_own_goes_by_stick_too(world, melati, pc):
    pc.writer.child("Eka", "puskesmas")
    delivered = postbox.receive(world.province, satchel.for_province(pc.laptop))
    satchel.collect(pc.laptop, b"".join(delivered.receipts))
    assert (status(pc.store).acknowledged, [row["name"] for row in notebook(world.province.store)]) == (
        1,
        ["Eka"],
    )


def test_a_pc_gives_back_what_a_province_put_back_has_lost(world, melati, pc):
    image = image_of(world.province.store)
    know_each_other(world, melati, pc)
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    forward(world, pc)
    pc.exchange()
    world.restore(image)
    pc.exchange()
    assert [row["name"] for row in notebook(world.province.store)] == ["Aminah"]
    melati.exchange()
    assert world.province.store.value("select count(*) from edits") == 1


def test_a_restored_laptop_in_a_new_lane_is_known_to_the_pc_by_the_word_of_its_old_key(world, melati, pc):
    know_each_other(world, melati, pc)
    copy = melati.image()
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    restored = melati.from_image(copy)
    restored.open()
    restored.writer.lane = restored.lane
    restored.writer.child("Baiq")
    hand_over(restored, pc)
    assert sorted(row["name"] for row in notebook(pc.store)) == ["Aminah", "Baiq"]


def test_a_receipt_for_a_copy_of_a_laptop_takes_no_bundle_out_that_was_never_passed_on(world, melati, pc):
    know_each_other(world, melati, pc)
    twin = melati.clone()
    melati.writer.child("Baiq")
    hand_over(melati, pc)
    twin.writer.child("Citra")
    receipt = postbox.receive(world.province, courier.export(twin.laptop)).receipts[0]
    satchel.collect(pc.laptop, receipt)
    refused = forward(world, pc)
    pc.exchange()
    assert (refused, names(world.province), names(pc)) == (["fork"], ["Baiq", "Citra"], ["Baiq", "Citra"])


def test_a_laptop_that_goes_on_in_a_new_lane_shows_nothing_as_entrusted_that_it_did_not_give(
    world, melati, pc
):
    know_each_other(world, melati, pc)
    for number in range(5):
        melati.writer.child(f"lama {number}")
    melati.exchange()
    copy = melati.clone()
    copy.writer.child("salinan")
    copy.exchange()
    melati.writer.child("satu")
    hand_over(melati, pc)
    forward(world, pc)
    melati.writer.child("dua")
    hand_over(melati, pc)  # the answer that waits there begins a new lane
    melati.writer.lane = melati.lane
    for number in range(3):
        melati.writer.child(f"baru {number}")
    shown = status(melati.store)
    assert (shown.recorded, shown.acknowledged, shown.entrusted) == (10, 5, 0)


def test_a_satchel_full_of_what_nobody_can_read_takes_no_more(melati, pc, monkeypatch):
    monkeypatch.setattr(stowing, "MOST_UNREAD", 1)
    satchel.collect(pc.laptop, courier.export(melati.laptop))
    melati.writer.child("Aminah")
    assert [each.refused for each in satchel.collect(pc.laptop, courier.export(melati.laptop))] == ["full"]


def test_a_laptop_hears_which_pc_carries_for_it_at_first_and_when_it_is_another(world, melati, pc):
    melati.exchange()
    first = [each.lane for each in relays.known(melati.store)]
    devices.revoke(world.province.store, pc.lane, world.clock.now())
    other = world.laptop("puskesmas", "melati")
    melati.exchange()
    same_day = [each.lane for each in relays.known(melati.store)]
    melati.clock.wait(2 * 86400)
    melati.exchange()
    second = [each.lane for each in relays.known(melati.store)]
    assert (first, same_day, second) == ([pc.lane], [pc.lane], [other.lane])


def test_asking_for_the_pc_costs_few_bytes_and_nothing_when_it_is_known(world, melati, pc):
    melati.exchange()
    melati.exchange()
    usual = len(melati.road.messages[-1]) + len(melati.road.answers[-1].body)
    melati.clock.wait(2 * 86400)
    melati.exchange()
    daily = len(melati.road.messages[-1]) + len(melati.road.answers[-1].body)
    assert daily - usual <= 50
