"""A shut-out laptop gives its bundle to a puskesmas PC that has not heard of it: nothing of it goes round the quarantine."""

import pytest

from sync import (
    courier,
    devices,
    edits,
    fold,
    giving,
    ids,
    joining,
    postbox,
    releasing,
    reviews,
    revocations,
    satchel,
    upstream,
    vouching,
)
from sync.errors import Malformed, Refused
from sync.simulate.notebook import POISON
from tests.sync_app import BAIQ, NAME, NOON, NOTE, notebook
from tests.sync_relay import Internet, forward, hand_over, know_each_other, puskesmas_pc, with_relays
from tests.sync_sticks import codes, export, receive
from tests.sync_world import Place, World, image_of

pytestmark = pytest.mark.usefixtures("sync_database")


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


def names(store) -> list[str]:
    return sorted(row["name"] for row in notebook(store))


def shut_out(world: World, place: Place) -> None:
    devices.revoke(world.province.store, place.lane, world.clock.now())


def tell_the_list(world: World, pc: Place) -> None:
    """Let the PC read the list of those no longer believed behind the receipt of some other laptop."""
    other = world.laptop("kenanga")
    receipts = postbox.receive(world.province, courier.export(other.laptop)).receipts
    satchel.collect(pc.laptop, b"".join(receipts))


def in_quarantine(world: World) -> int:
    return int(world.province.store.value("select count(*) from quarantine"))


def test_what_it_sealed_to_the_pc_alone_is_withdrawn_with_the_next_answer_of_the_province(
    world, pc, melati, monkeypatch
):
    shut_out(world, melati)
    melati.writer.child("Palsu")
    monkeypatch.setattr(upstream, "server_box_key", lambda store: pc.laptop.keys.box_key)
    hand_over(melati, pc)
    before = names(pc.store)
    refused = forward(world, pc)
    pc.exchange()
    assert (before, refused, names(pc.store), names(world.province.store)) == (
        ["Palsu"],
        ["not_for_us"],
        [],
        [],
    )


def test_what_it_wrote_is_withdrawn_from_the_pc_that_reads_the_list(world, pc, melati):
    shut_out(world, melati)
    melati.writer.child("Palsu")
    hand_over(melati, pc)
    before = names(pc.store)
    assert forward(world, pc) == ["revoked"]
    assert (before, names(pc.store), vouching.early_count(pc.store)) == (["Palsu"], [], 0)
    assert (names(world.province.store), in_quarantine(world)) == ([], 1)


def test_a_pc_that_has_nothing_more_to_pass_on_hears_of_it_in_an_ordinary_exchange(world, pc, melati):
    melati.writer.child("Palsu")
    hand_over(melati, pc)
    with pc.store.write():
        pc.store.run(
            "delete from satchel"
        )  # as when it was refused and the list behind that was changed on the way
    shut_out(world, melati)
    before = names(pc.store)
    pc.exchange()
    assert (before, names(pc.store), vouching.remark(pc.store)) == (["Palsu"], [], {})


def test_a_pc_asks_about_the_lane_that_wrote_and_the_one_that_vouches_for_it(world, pc, melati):
    copy = melati.image()
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    forward(world, pc)
    pc.exchange()
    restored = melati.from_image(copy)
    restored.open()
    restored.writer.lane = restored.lane
    restored.writer.child("Baiq")
    hand_over(restored, pc)
    asked = sorted(ids.full(lane) for lane in vouching.remark(pc.store)["believe"])
    assert asked == sorted((melati.lane, restored.lane))


def test_of_very_many_laptops_a_pc_asks_about_others_each_day(world, pc, melati, monkeypatch):
    monkeypatch.setattr(vouching, "ASKED_AT_ONCE", 1)
    melati.writer.child("Aminah")
    other = world.laptop("mawar")
    know_each_other(world, other, pc)
    other.writer.child("Baiq")
    for place in (melati, other):
        hand_over(place, pc)
    asked = set()
    for day in range(20):
        with pc.store.write():
            pc.store.run("update sync_upstream set checked_at = $1", f"2026-08-{day + 1:02}T00:00:00Z")
        asked.update(vouching.remark(pc.store)["believe"])
    assert asked == {ids.short(place.lane) for place in (melati, other)}


def test_the_province_names_of_whom_it_is_asked_only_those_no_longer_believed(world, melati):
    other, unknown = world.laptop("mawar"), "0" * 32
    shut_out(world, melati)
    asked = [ids.short(lane) for lane in (unknown, other.lane, melati.lane)]
    store = world.province.store
    assert [revocations.told(store, said) for said in (None, asked, asked[:2])] == [
        {},
        {"unbelieved": [ids.short(melati.lane)]},
        {},
    ]
    for said in (7, [7], "x"):
        with pytest.raises(Malformed):
            revocations.told(store, said)


def test_the_pc_does_not_give_it_back_to_a_province_that_was_put_back(world, pc, melati):
    shut_out(world, melati)
    melati.writer.child("Palsu")
    hand_over(melati, pc)
    forward(world, pc)
    world.restore(image_of(world.province.store))
    for _ in range(2):
        pc.exchange()
    assert (names(world.province.store), in_quarantine(world)) == ([], 1)


def test_the_pc_does_not_give_back_what_an_older_program_left_there_when_the_list_was_read(world, pc, melati):
    shut_out(world, melati)
    melati.writer.child("Palsu")
    hand_over(melati, pc)
    with pc.store.write():
        pc.store.run("update early set vouched_by = null")
        pc.store.run("insert into unbelieved (lane, named_at) values ($1, '')", melati.lane)
        giving.begin(pc.store, world.clock.now(), pc.laptop.apply)
    for _ in range(2):
        pc.exchange()
    assert (names(world.province.store), names(pc.store)) == ([], [])


def test_what_the_province_had_told_of_it_is_given_back_all_the_same(world, pc, melati):
    backup = image_of(world.province.store)
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    forward(world, pc)
    pc.exchange()
    shut_out(world, melati)
    tell_the_list(world, pc)
    world.restore(backup)
    for _ in range(2):
        pc.exchange()
    assert (names(pc.store), names(world.province.store)) == (["Aminah"], ["Aminah"])


def test_a_record_that_it_changed_stands_at_the_pc_as_before(world, pc, melati):
    mawar = world.laptop("melati")
    child = mawar.writer.child("Aminah")
    for place in (mawar, pc, melati):
        place.exchange()
    before = (notebook(pc.store), fold.history(pc.store, child))
    melati.writer.save({NAME: "Palsu"}, child, author=BAIQ)
    shut_out(world, melati)
    hand_over(melati, pc)
    changed = names(pc.store)
    forward(world, pc)
    assert (changed, (notebook(pc.store), fold.history(pc.store, child))) == (["Palsu"], before)
    mawar.writer.save({NAME: "Aminah Lestari"}, child)
    for place in (mawar, pc):
        place.exchange()
    assert (names(pc.store), fold.conflicts(pc.store, child)) == (["Aminah Lestari"], [])


def test_it_is_withdrawn_also_from_a_record_that_the_program_cannot_show_without_it(world, pc, melati):
    mawar = world.laptop("melati")
    child = mawar.writer.child("Aminah")
    for place in (mawar, pc):
        place.exchange()
    with mawar.store.write():
        bad = edits.record(
            mawar.store, mawar.writer.lane, kind="set", entity=child, values={NOTE: POISON}, author=BAIQ, device_time=NOON,
        )  # fmt: skip
    for place in (mawar, pc, melati):
        place.exchange()
    before = [review.uid for review in reviews.waiting(pc.store)]
    melati.writer.save({NAME: "Palsu", NOTE: "sound"}, child, author=BAIQ)
    shut_out(world, melati)
    hand_over(melati, pc)
    with pc.store.write():
        reviews.settle(pc.store, child, NOON)
    forward(world, pc)
    after = [review.uid for review in reviews.waiting(pc.store)]
    assert (before, after, vouching.early_count(pc.store)) == ([bad.uid], [bad.uid], 0)
    assert fold.values(pc.store, child)[NOTE] == POISON


def test_what_was_written_at_the_pc_about_such_a_record_stays(world, pc, melati):
    child = melati.writer.child("Palsu")
    shut_out(world, melati)
    hand_over(melati, pc)
    pc.writer.save({NAME: "Diperiksa"}, child)
    forward(world, pc)
    pc.exchange()
    assert [line.edit.values for line in fold.history(pc.store, child)] == [{NAME: "Diperiksa"}]
    assert fold.values(world.province.store, child) == fold.values(pc.store, child) == {NAME: "Diperiksa"}


def test_a_lane_to_which_its_key_handed_over_is_withdrawn_with_it(world, pc, melati):
    copy = melati.image()
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    restored = melati.from_image(copy)
    restored.open()
    restored.writer.lane = restored.lane
    restored.writer.child("Palsu")
    hand_over(restored, pc)
    shut_out(world, melati)
    before = names(pc.store)
    tell_the_list(world, pc)
    assert (before, names(pc.store)) == (["Aminah", "Palsu"], [])


def test_what_an_administrator_releases_comes_to_the_pc_again(world, pc, melati):
    shut_out(world, melati)
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    forward(world, pc)
    number = world.province.store.value("select quarantine_no from quarantine")
    releasing.release(world.province, number)
    pc.exchange()
    assert (names(pc.store), names(world.province.store)) == (["Aminah"], ["Aminah"])


@pytest.mark.parametrize("by_file", [False, True])
def test_a_province_put_back_to_before_the_shutting_out_reads_the_list_before_the_bundle(
    world, pc, melati, by_file
):
    backup = image_of(world.province.store)
    shut_out(world, melati)
    melati.writer.child("Palsu")
    hand_over(melati, pc)
    tell_the_list(world, pc)
    world.restore(backup)
    if by_file:
        postbox.receive(world.province, satchel.for_province(pc.laptop))
    else:
        satchel.forward(pc.laptop, Internet(world))
    assert (names(world.province.store), in_quarantine(world)) == ([], 1)


def test_a_lane_that_was_shut_out_does_not_come_back_by_the_key_of_the_lane_before_it(world):
    melati = world.laptop("melati")
    copy = melati.image()
    melati.writer.child("Aminah")
    melati.exchange()
    image = image_of(world.province.store)
    restored = melati.from_image(copy)
    restored.writer.lane = restored.lane
    restored.open()
    receive(world, export(restored))  # it never hears the answer
    shut_out(world, restored)
    listed = revocations.write(world.province.store, world.province.keys)
    restored.writer.child("Palsu")
    stick = export(restored)
    world.restore(image)
    receive(world, listed)
    refused = codes(receive(world, stick))
    assert (refused, names(world.province.store), in_quarantine(world)) == (["revoked"], ["Aminah"], 1)


def test_who_was_shut_out_does_not_come_back_by_the_letter_of_that_day_when_the_province_was_put_back(world):
    thief, code = world.new_laptop("melati"), world.code()
    image = image_of(world.province.store)
    joining.enrol(thief.laptop, code)
    shut_out(world, thief)
    listed = revocations.write(world.province.store, world.province.keys)
    world.restore(image)
    receive(world, listed)
    joining.enrol(thief.laptop, code)
    thief.writer.child("Palsu")
    with pytest.raises(Refused, match="revoked"):
        thief.exchange()
    assert (names(world.province.store), in_quarantine(world)) == ([], 1)


def test_the_pc_takes_nothing_more_of_it_once_it_has_read_the_list(world, pc, melati):
    shut_out(world, melati)
    tell_the_list(world, pc)
    melati.writer.child("Palsu")
    with pytest.raises(Refused, match="revoked"):
        hand_over(melati, pc)
    assert names(pc.store) == []
