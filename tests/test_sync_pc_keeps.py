"""What a puskesmas PC keeps of the bundles that it carries: nothing goes from its satchel that the province may not have."""

import json

import pytest

from sync import (
    bundle,
    courier,
    devices,
    keys,
    lanes,
    messages,
    outbox,
    postbox,
    revocations,
    satchel,
    stowing,
    titipan,
    upstream,
    vouching,
)
from sync.bundle import ENVELOPE, Label
from sync.errors import Malformed, Refused, Unreachable
from tests.sync_app import CHILD, FORM, NAME
from tests.sync_relay import Internet, forward, hand_over, know_each_other, puskesmas_pc, with_relays
from tests.sync_world import Place, World, image_of, names

pytestmark = pytest.mark.usefixtures("sync_database")

MONTH_S = 31 * 86400


@pytest.fixture
def world(sync_database) -> World:
    return with_relays()


@pytest.fixture
def pc(world) -> Place:
    return puskesmas_pc(world)


@pytest.fixture
def melati(world, pc) -> Place:
    """A laptop whose bundles the PC can read."""
    place = world.laptop("melati")
    know_each_other(world, place, pc)
    return place


def numbers(pc: Place) -> list[tuple[int, int]]:
    return [(each.first_seq, each.last_seq) for each in satchel.carried(pc.store)]


class Counting(Internet):
    """The PC's internet; how many bundles went over it with each post."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.posts: list[int] = []

    def post(self, path: str, body: bytes) -> bytes:
        """Carry bundles."""
        self.posts.append(len(list(bundle.split(body))))
        return super().post(path, body)


class Cut(Internet):
    """An internet that brings no answer."""

    def post(self, path: str, body: bytes) -> bytes:
        """Carry bundles there."""
        super().post(path, body)
        raise Unreachable("lost on the way back")


def days(world: World, pc: Place, count: int = 3) -> None:
    """Let days pass on which the PC has internet."""
    for _ in range(count):
        for clock in (world.clock, pc.clock):
            clock.wait(86400)
        forward(world, pc)
        pc.exchange()


def test_bundles_of_two_copies_with_the_same_numbers_both_reach_the_province(world, pc, melati):
    copy = melati.clone()
    melati.writer.child("Satu", "anggrek")
    copy.writer.child("Dua")
    hand_over(melati, pc)
    hand_over(copy, pc)
    carried = numbers(pc)
    days(world, pc)
    assert (carried, names(world.province), names(pc), satchel.carried(pc.store)) == (
        [(1, 1), (1, 1)],
        ["Dua", "Satu"],
        ["Dua"],
        [],
    )


def test_a_later_bundle_takes_the_place_of_those_that_it_tells_again(pc, melati):
    melati.writer.child("Satu")
    hand_over(melati, pc)
    melati.writer.child("Dua")
    hand_over(melati, pc)
    assert numbers(pc) == [(1, 2)]


def test_a_bundle_whose_stick_was_lost_stays_when_a_copy_is_answered(world, pc):
    unread = world.laptop("melati")
    copy = unread.clone()
    unread.writer.child("Satu")
    copy.writer.child("Dua")
    satchel.collect(pc.laptop, courier.export(unread.laptop))
    satchel.for_province(pc.laptop)  # onto a stick that is lost
    postbox.receive(world.province, courier.export(copy.laptop))
    satchel.collect(pc.laptop, b"".join(outbox.receipts_waiting(world.province)))
    kept = numbers(pc)
    forward(world, pc)
    assert (kept, names(world.province)) == ([(1, 1)], ["Dua", "Satu"])


def test_a_receipt_of_an_earlier_life_of_the_province_takes_nothing_out(world, pc, melati):
    melati.writer.child("Satu")
    melati.exchange()
    backup = image_of(world.province.store)
    melati.writer.child("Dua")
    hand_over(melati, pc)
    with pytest.raises(Unreachable):
        satchel.forward(pc.laptop, Cut(world))
    stick = b"".join(outbox.receipts_waiting(world.province))
    world.restore(backup)  # and the laptop is lost
    pc.exchange()
    satchel.collect(pc.laptop, stick)
    forward(world, pc)
    assert names(world.province) == ["Dua", "Satu"]


def test_a_receipt_by_stick_takes_out_the_bundle_that_it_answers_and_no_other(world, pc, melati):
    for name in ("Satu", "Dua"):
        melati.writer.child(name)
        satchel.collect(pc.laptop, courier.export(melati.laptop))
    postbox.receive(world.province, satchel.for_province(pc.laptop))
    satchel.collect(pc.laptop, b"".join(outbox.receipts_waiting(world.province)))
    pc.exchange()
    satchel.collect(pc.laptop, b"".join(outbox.receipts_waiting(world.province)))
    assert satchel.carried(pc.store) == []


def test_a_bundle_that_follows_on_what_is_lost_is_posted_once_a_day_and_kept_when_it_comes_again(
    world, pc, melati
):
    melati.writer.child("Satu")
    melati.exchange()
    backup = image_of(world.province.store)
    melati.writer.child("Dua")
    melati.exchange()
    melati.writer.child("Tiga")
    hand_over(melati, pc)
    world.restore(backup)  # and the laptop is lost: 3 follows on 2, which nobody has
    road, shown = Counting(world), []
    for _ in range(3):
        for _ in range(4):
            satchel.forward(pc.laptop, road)
        shown.append(names(world.province))
        for clock in (pc.clock, world.clock):
            clock.wait(86400)
    assert (road.posts, shown) == ([1, 1, 1], [["Satu"], ["Satu", "Tiga"], ["Satu", "Tiga"]])


def test_a_pc_that_is_shut_out_still_gives_away_what_laptops_gave_it(world, pc, melati):
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    devices.revoke(world.province.store, pc.lane, world.clock.now())
    satchel.collect(pc.laptop, revocations.write(world.province.store, world.province.keys))
    postbox.receive(world.province, satchel.for_province(pc.laptop))
    assert names(world.province) == ["Aminah"]


def test_a_bundle_of_a_later_program_is_tried_again_each_day_until_the_province_can_read_it(
    world, pc, melati, monkeypatch
):
    melati.writer.child("Aminah")
    with monkeypatch.context() as later:
        later.setattr(messages, "VERSION", 2)
        satchel.collect(pc.laptop, courier.export(melati.laptop))
    refused = [forward(world, pc), forward(world, pc)]
    pc.clock.wait(86400)
    monkeypatch.setattr(messages, "VERSION", 2)
    assert (refused, forward(world, pc), names(world.province)) == (
        [["wire_version"], []],
        [""],
        ["Aminah"],
    )


def test_what_is_known_early_is_given_back_by_its_bundle_and_never_by_the_pcs_own_word(world, pc, melati):
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    world.restore(image_of(world.province.store))
    pc.exchange()
    before = names(world.province)
    forward(world, pc)
    edits = world.province.store.rows("select l.lane from edits e join lanes l using (lane_no)")
    assert (before, names(world.province), edits) == ([], ["Aminah"], [{"lane": melati.lane}])


@pytest.mark.parametrize("by_stick", [False, True])
def test_what_a_copys_bundle_told_goes_again_to_a_province_that_was_put_back_since(
    world, pc, melati, by_stick
):
    before, copy = image_of(world.province.store), melati.clone()
    copy.writer.child("Aminah")
    hand_over(copy, pc)
    melati.writer.child("Baiq")
    melati.exchange()
    refused = forward(world, pc)
    world.restore(before)
    pc.exchange()
    if by_stick:
        postbox.receive(world.province, satchel.for_province(pc.laptop))
    else:
        days(world, pc)
    melati.exchange()
    assert (refused, names(world.province)) == (["fork"], ["Aminah", "Baiq"])


def test_children_of_no_posyandu_whom_a_pc_knows_early_cost_no_second_request_a_day(world, pc, melati):
    for number in range(6):
        melati.writer.save({FORM: CHILD, NAME: f"Anak {number}"})
    hand_over(melati, pc)
    days(world, pc, 1)
    early, requests = vouching.early_count(pc.store), []
    for _ in range(5):
        pc.clock.wait(86400)
        requests.append(pc.exchange().requests)
    assert (early, requests) == (6, [1] * 5)


def test_what_was_refused_for_what_it_is_does_not_stay_at_the_pc(world, pc, melati, monkeypatch):
    melati.writer.child("Hantu")
    monkeypatch.setattr(upstream, "server_box_key", lambda store: pc.laptop.keys.box_key)
    hand_over(melati, pc)
    before = names(pc)
    assert (before, forward(world, pc), names(pc)) == (["Hantu"], ["not_for_us"], [])


def part(place: Place) -> tuple[bytes, bytes]:
    """Return what a laptop would say in a bundle."""
    state = upstream.state(place.store)
    request, _ = courier._request(place.laptop, state, lanes.get(place.store, place.lane), state.ack)
    server = keys.key_id(state.server_key)
    return ENVELOPE, messages.seal_request(request, place.laptop.keys, server, state.certificate)


def sealed(place: Place, pc: Place, parts: list[tuple[bytes, bytes]], first: int, last: int) -> bytes:
    state = upstream.state(place.store)
    label = Label(bundle.PUSH, keys.key_id(state.server_key), place.lane, first, last)
    receivers = [upstream.server_box_key(place.store), pc.laptop.keys.box_key]
    return bundle.seal(label, parts, receivers, place.laptop.random.token_bytes)


def test_a_bundle_that_tells_one_number_twice_is_refused_and_the_good_one_behind_it_kept(world, pc, melati):
    honest, copy = world.laptop("mawar"), melati.clone()
    for place, name in ((honest, "Jujur"), (melati, "A"), (copy, "B")):
        place.writer.child(name)
    file = sealed(melati, pc, [part(melati), part(copy)], 1, 1) + courier.export(honest.laptop)
    assert [each.refused for each in satchel.collect(pc.laptop, file)] == ["signature", ""]


def test_a_bundle_in_the_pcs_own_lane_is_carried_and_not_taken_into_its_log(world, pc):
    copy = pc.clone()
    copy.writer.child("Salinan")
    satchel.collect(pc.laptop, sealed(copy, pc, [part(copy)], 1, 1))
    pc.writer.child("Asli")
    forward(world, pc)
    for _ in range(3):
        pc.exchange()
    assert (names(world.province), names(pc)) == (["Asli", "Salinan"], ["Asli", "Salinan"])


def test_a_pcs_own_file_that_comes_back_to_it_is_posted_once_and_let_go(world, pc):
    pc.writer.child("Eka")
    satchel.collect(pc.laptop, satchel.for_province(pc.laptop))
    road = Counting(world)
    for _ in range(3):
        satchel.forward(pc.laptop, road)
    assert (road.posts, satchel.carried(pc.store)) == ([1], [])


def test_what_nobody_answers_makes_room_a_month_after_it_went_on(world, pc, monkeypatch):
    monkeypatch.setattr(stowing, "MOST_UNREAD", 3)
    key_id = keys.key_id(world.province.keys.sign_key)
    junk = [bundle.plain(Label(bundle.PUSH, key_id, f"{n:032x}", 1, 1), bytes([n]) * 60) for n in range(3)]
    satchel.collect(pc.laptop, b"".join(junk))
    satchel.for_province(pc.laptop)
    unread = world.laptop("melati")
    unread.writer.child("Aminah")
    full = [each.refused for each in satchel.collect(pc.laptop, courier.export(unread.laptop))]
    pc.clock.wait(MONTH_S)
    later = [each.refused for each in satchel.collect(pc.laptop, courier.export(unread.laptop))]
    assert (full, later) == (["full"], [""])


def test_a_province_put_back_hears_of_those_shut_out_from_a_pc_that_carries_nothing(world, pc):
    melati = world.laptop("melati")
    melati.exchange()
    backup = image_of(world.province.store)
    devices.revoke(world.province.store, melati.lane, world.clock.now())
    titipan.hand_over(pc.laptop, Internet(world), "province")
    world.restore(backup)
    titipan.hand_over(pc.laptop, Internet(world), "province")
    melati.writer.child("Palsu")
    with pytest.raises(Refused) as refusal:
        melati.exchange()
    assert (refusal.value.code, names(world.province)) == ("revoked", [])


@pytest.mark.parametrize("code", ["\ud800", "malformed!", 7, None, "x" * 50])
def test_a_note_with_a_code_that_nobody_writes_is_no_note(world, code):
    found = next(bundle.split(bundle.plain(Label(bundle.NOTE, b"ab", "0" * 32, 0, 1), said(code))))
    with pytest.raises(Malformed):
        titipan.read_note(found)


def said(code: object) -> bytes:
    return json.dumps([["0" * 32, 1, 1, code]]).encode()
