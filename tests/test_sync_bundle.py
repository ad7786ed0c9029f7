"""Bundles and receipts: what a laptop without a network sends by stick arrives once, whole, from nobody else."""

import random
import zlib
from hashlib import sha256

import pytest

from sync import bundle, courier, devices, fold, log, outbox, postbox, revocations, upstream
from sync.courier import Brought
from sync.errors import NotEnrolled, Refused
from sync.keys import key_id
from sync.ports import Author
from sync.postbox import Delivered
from sync.status import status
from tests.sync_app import CHILD, CITRA, FORM, NAME, POSYANDU, WEIGHT_G, notebook
from tests.sync_world import Place, World, image_of

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world(sync_database) -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


def export(place: Place) -> bytes:
    return courier.export(place.laptop)


def receive(world: World, *data: bytes) -> Delivered:
    return postbox.receive(world.province, b"".join(data))


def take(place: Place, *data: bytes) -> Brought:
    return courier.take(place.laptop, b"".join(data))


def codes(found: Delivered | Brought) -> list[str]:
    return [remark.refused for remark in found.remarks]


def state_of(store) -> list[list[dict[str, object]]]:
    """Everything that an import could change."""
    tables = (
        "edits",
        "positions",
        "lanes",
        "heads",
        "feed",
        "placement",
        "held",
        "reviews",
        "notebook",
        "conflicts",
    )
    return [store.rows(f"select * from {table} order by 1, 2") for table in tables]


def test_a_laptop_that_never_sees_a_network_sends_and_hears_back_by_stick(world, melati):
    child = melati.writer.child("Aminah")
    delivered = receive(world, export(melati))
    world.office.save({NAME: "Aminah binti Saleh"}, child, author=CITRA)
    waiting = outbox.receipts_waiting(world.province)
    brought = take(melati, *waiting)
    assert (codes(delivered), codes(brought), brought.acknowledged, brought.received) == ([""], [""], 1, 1)
    assert notebook(melati.store) == notebook(world.province.store)
    assert (status(melati.store).acknowledged, melati.road.messages) == (1, [])


def test_a_bundle_imported_twice_changes_nothing_the_second_time(world, melati):
    melati.writer.child("Aminah")
    written = export(melati)
    receive(world, written)
    before = state_of(world.province.store)
    assert (codes(receive(world, written, written)), state_of(world.province.store)) == (["", ""], before)


def test_a_later_stick_brings_what_a_lost_one_held(world, melati):
    melati.writer.child("Aminah")
    export(melati)
    melati.writer.child("Baiq")
    receive(world, export(melati))
    assert sorted(row["name"] for row in notebook(world.province.store)) == ["Aminah", "Baiq"]


def test_sticks_in_the_wrong_order_and_months_late_are_harmless(world, melati):
    sticks = []
    for name in ("Aminah", "Baiq", "Citra"):
        melati.writer.child(name)
        sticks.append(export(melati))
    receive(world, sticks[2])
    after = state_of(world.province.store)
    world.clock.wait(200 * 86400)
    assert codes(receive(world, sticks[1], sticks[0])) == ["", ""]
    assert state_of(world.province.store) == after


def test_the_same_records_by_signal_and_by_stick_count_once(world, melati):
    melati.writer.child("Aminah")
    stick = export(melati)
    melati.exchange()
    before = state_of(world.province.store)
    receive(world, stick)
    assert state_of(world.province.store) == before


def test_more_than_one_batch_goes_into_one_bundle(world, melati):
    with melati.store.write():
        for number in range(2300):
            melati.writer.child(f"Anak {number}")
    delivered = receive(world, export(melati))
    assert (len(delivered.receipts), len(notebook(world.province.store))) == (1, 2300)
    assert take(melati, *delivered.receipts).acknowledged == 2300


def test_a_new_laptop_reads_a_whole_posyandu_from_one_receipt(world, melati):
    with melati.store.write():
        for number in range(1200):
            melati.writer.child(f"Anak {number}")
    melati.exchange()
    other = world.laptop("melati")
    brought = take(other, *receive(world, export(other)).receipts)
    assert (brought.received, notebook(other.store)) == (1200, notebook(melati.store))


def test_an_older_receipt_never_takes_back_what_is_shown_as_stored(world, melati):
    melati.writer.child("Aminah")
    older = receive(world, export(melati)).receipts
    melati.writer.child("Baiq")
    newer = receive(world, export(melati)).receipts
    take(melati, *newer)
    assert (take(melati, *older).acknowledged, status(melati.store).acknowledged) == (0, 2)


def test_a_receipt_that_comes_after_an_exchange_changes_nothing(world, melati):
    melati.writer.child("Aminah")
    receipts = receive(world, export(melati)).receipts
    world.office.child("Baiq")
    melati.exchange()
    before = (state_of(melati.store), upstream.state(melati.store))
    take(melati, *receipts)
    assert (state_of(melati.store), upstream.state(melati.store)) == before


def test_a_receipt_of_an_older_life_of_the_province_is_refused_by_name(world, melati):
    melati.exchange()
    image = image_of(world.province.store)
    melati.writer.child("Aminah")
    older = receive(world, export(melati)).receipts
    world.restore(image)
    take(melati, *receive(world, export(melati)).receipts)
    melati.exchange()
    assert codes(take(melati, *older)) == ["older_epoch"]
    assert status(melati.store).acknowledged == 1


def test_a_province_put_back_is_fed_again_by_stick(world, melati):
    melati.exchange()
    image = image_of(world.province.store)
    melati.writer.child("Aminah")
    take(melati, *receive(world, export(melati)).receipts)
    world.restore(image)
    take(melati, *receive(world, export(melati)).receipts)
    take(melati, *receive(world, export(melati)).receipts)
    assert (status(melati.store).acknowledged, notebook(world.province.store)) == (1, notebook(melati.store))


def test_a_province_put_back_to_before_the_enrolment_learns_the_laptop_from_its_bundle(world):
    image = image_of(world.province.store)
    melati = world.laptop("melati")
    melati.writer.child("Aminah")
    stick = export(melati)
    world.restore(image)
    receive(world, stick)
    assert notebook(world.province.store) == notebook(melati.store)


def test_a_laptop_restored_from_a_copy_heals_by_stick(world, melati):
    melati.writer.child("Aminah")
    copy = melati.image()
    melati.writer.child("Baiq")
    take(melati, *receive(world, export(melati)).receipts)
    restored = melati.from_image(copy)
    restored.writer.lane = restored.lane
    restored.open()
    restored.writer.child("Citra")
    take(restored, *receive(world, export(restored)).receipts)
    assert sorted(row["name"] for row in notebook(restored.store)) == ["Aminah", "Baiq", "Citra"]
    assert notebook(world.province.store) == notebook(restored.store)
    assert status(restored.store).enrolled


def test_a_cloned_laptop_heals_by_stick(world, melati):
    melati.writer.child("Aminah")
    twin = melati.clone()
    melati.writer.child("Baiq")
    twin.writer.child("Citra")
    take(melati, *receive(world, export(melati)).receipts)
    assert codes(take(twin, *receive(world, export(twin)).receipts)) == ["fork"]
    twin.writer.lane = twin.lane
    take(twin, *receive(world, export(twin)).receipts)
    take(melati, *receive(world, export(melati)).receipts)
    assert notebook(twin.store) == notebook(world.province.store) == notebook(melati.store)


def test_what_a_copy_of_a_laptop_gave_away_is_kept_though_nobody_ever_hears_that_copy_again(world, melati):
    lost = melati.clone()
    lost.writer.child("Aminah")
    child = lost.writer.child("Baiq")
    lost.writer.save({NAME: "Baiq Rohani"}, child)
    stick = courier.export(lost.laptop)
    melati.writer.child("Citra")
    melati.exchange()
    delivered = postbox.receive(world.province, stick)
    again = postbox.receive(world.province, stick)
    melati.exchange()
    refused = [remark.refused for each in (delivered, again) for remark in each.remarks]
    shown = [sorted(row["name"] for row in notebook(place.store)) for place in (world.province, melati)]
    assert (refused, shown) == (["fork", "fork"], [["Aminah", "Baiq Rohani", "Citra"]] * 2)


def test_what_is_kept_of_a_copy_never_passes_for_the_provinces_own_word(world, melati):
    copy = melati.clone()
    child = copy.writer.child("Aminah")
    stick = courier.export(copy.laptop)
    melati.writer.child("Citra")
    melati.exchange()
    postbox.receive(world.province, stick)
    melati.exchange()
    kept = [log.by_uid(place.store, [child])[child] for place in (world.province, melati)]
    assert [(each.edit.lane, each.edit.origin, each.authority) for each in kept] == [
        (world.office.lane, (melati.writer.lane, 1), 1)
    ] * 2
    assert [fold.written_at_the_province(each) for each in kept] == [False, False]


def test_all_parts_of_a_copys_bundle_are_kept(world, melati, monkeypatch):
    monkeypatch.setattr(courier, "PART_BYTES", 250)
    copy = melati.clone()
    for number in range(30):
        copy.writer.child(f"child {number:02}")
    stick = courier.export(copy.laptop)
    melati.writer.child("Citra")
    melati.exchange()
    postbox.receive(world.province, stick)
    expected = sorted(["Citra", *(f"child {number:02}" for number in range(30))])
    assert sorted(row["name"] for row in notebook(world.province.store)) == expected


def test_what_an_unknown_author_wrote_on_a_copy_weighs_no_more_than_its_laptop_when_she_is_known(
    world, melati
):
    stranger = Author("d4" * 16, 3)
    humble = world.laptop("melati")
    world.certified(humble, ceiling=1)
    copy = humble.clone()
    child = copy.writer.save({FORM: CHILD, NAME: "Aminah", POSYANDU: "melati"}, author=stranger)
    stick = courier.export(copy.laptop)
    humble.writer.child("Citra")
    humble.exchange()
    postbox.receive(world.province, stick)
    before = log.by_uid(world.province.store, [child])[child].authority
    world.ranks[stranger.user] = 3
    melati.writer.child("Dewi")
    melati.exchange()
    after = log.by_uid(world.province.store, [child])[child].authority
    assert (before, after) == (0, 1)


def test_a_word_about_a_copy_of_this_laptop_does_not_end_a_lane_that_has_gone_on(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    copy = melati.clone()
    copy.writer.child("Baiq")
    stick = courier.export(copy.laptop)
    melati.writer.child("Citra")
    melati.exchange()
    delivered = postbox.receive(world.province, stick)
    before = melati.lane, status(melati.store).acknowledged
    courier.take(melati.laptop, b"".join(delivered.receipts))
    assert ((melati.lane, status(melati.store).acknowledged), before[1]) == (before, 2)


def test_a_receipt_for_another_laptop_changes_nothing(world, melati):
    mawar = world.laptop("melati")
    mawar.writer.child("Aminah")
    receipts = receive(world, export(mawar)).receipts
    before = state_of(melati.store)
    assert (codes(take(melati, *receipts)), state_of(melati.store)) == (["other_lane"], before)


def test_a_bundle_for_another_province_is_refused_and_the_good_one_behind_it_taken(world, melati):
    foreign = World(seed=9).laptop("melati")
    foreign.writer.child("Dedi")
    melati.writer.child("Aminah")
    assert codes(receive(world, export(foreign), export(melati))) == ["unknown_key", ""]
    assert notebook(world.province.store) == notebook(melati.store)


def test_a_bundle_that_a_stranger_sealed_to_the_province_is_refused(world, melati):
    thief = World(seed=9).laptop("melati")
    thief.writer.child("Dedi")
    with thief.store.write():
        thief.store.run(
            "update sync_upstream set server_sign_key = $1, server_box_key = $2",
            world.province.keys.sign_key, world.province.keys.box_key,
        )  # fmt: skip
    before = state_of(world.province.store)
    delivered = receive(world, export(thief))
    assert (delivered.receipts, codes(delivered)) == ((), ["signature"])
    assert state_of(world.province.store) == before


def test_wrong_files_are_refused_by_name(world, melati):
    melati.writer.child("Aminah")
    written = export(melati)
    receipts = receive(world, written).receipts
    assert codes(receive(world, b"")) == ["not_a_bundle"]
    assert codes(receive(world, b"PK\x03\x04 a picture")) == ["not_a_bundle"]
    assert codes(receive(world, written[:-1])) == ["cut_short"]
    assert codes(receive(world, written[:30])) == ["cut_short"]
    assert codes(receive(world, written[:4] + b"\x02" + written[5:])) == ["wire_version"]
    assert codes(receive(world, *receipts)) == ["a_receipt"]
    assert codes(take(melati, written)) == ["a_push"]
    assert codes(receive(world, b"x" * (bundle.LARGEST_FILE + 1))) == ["too_large"]


def test_every_single_bit_flip_of_a_bundle_of_sixty_is_refused(world, melati):
    with melati.store.write():
        for number in range(60):
            melati.writer.child(f"Anak {number}", note=str(number))
    written = export(melati)
    taken = [at for at in range(len(written) * 8) if not refused(world, flipped(written, at))]
    assert taken == []


def test_every_single_bit_flip_is_refused_though_the_forger_writes_the_checksum_anew(world, melati):
    with melati.store.write():
        for number in range(60):
            melati.writer.child(f"Anak {number}", note=str(number))
    written, head = export(melati), bundle.HEADER_BYTES
    bits = [at for at in range(len(written) * 8) if not 8 * (head - 32) <= at < 8 * head]
    taken = []
    for at in bits:
        forged = flipped(written, at)
        forged = forged[: head - 32] + sha256(forged[head:]).digest() + forged[head:]
        if not refused(world, forged):
            taken.append(at)
    assert taken == []


def flipped(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at // 8] ^= 1 << at % 8
    return bytes(changed)


def refused(world: World, data: bytes) -> bool:
    """Whether no part of a file can be opened as a push for this province."""
    for found in bundle.split(data):
        if not isinstance(found, bundle.Bundle) or found.kind != bundle.PUSH:
            continue
        try:
            bundle.open_push(found, world.province.keys.box_seed)
        except Exception:
            continue
        return False
    return True


def test_every_single_bit_flip_of_a_receipt_is_refused(world, melati):
    melati.writer.child("Aminah")
    (receipt,) = receive(world, export(melati)).receipts
    before = (state_of(melati.store), upstream.state(melati.store))
    for at in range(0, len(receipt) * 8, 7):
        assert codes(take(melati, flipped(receipt, at)))[0]
    assert (state_of(melati.store), upstream.state(melati.store)) == before


def test_a_bundle_adds_at_most_200_bytes_to_its_envelope(world, melati):
    melati.writer.child("Aminah")
    written = export(melati)
    (found,) = bundle.split(written)
    ((_, envelope),) = bundle.open_push(found, world.province.keys.box_seed)
    assert len(written) - len(envelope) <= 200


def test_a_bundle_says_openly_only_who_and_how_many(world, melati):
    melati.writer.child("Aminah binti Saleh")
    written = export(melati)
    (found,) = bundle.split(written)
    assert (found.lane, found.first_seq, found.last_seq) == (melati.lane, 1, 1)
    assert [word for word in (b"Aminah", b"melati") if word in written] == []


def test_a_bomb_under_a_good_seal_is_refused_before_it_inflates(world, melati):
    label = bundle.Label(bundle.PUSH, upstream_key(world), melati.lane, 1, 1)
    bomb = melati.laptop.keys.lane.encode() + zlib.compress(b"0" * 10_000_000)
    items = [(bundle.ENVELOPE, b"\1\0" + upstream_key(world) + bytes.fromhex(melati.lane) + bomb + bytes(64))]
    written = bundle.seal(label, items, [world.province.keys.box_key], world.chance.token_bytes)
    assert codes(receive(world, written)) == ["signature"]


def upstream_key(world: World) -> bytes:
    return key_id(world.province.keys.sign_key)


def test_a_revoked_laptop_learns_it_from_its_receipt_and_stops(world, melati):
    melati.writer.child("Aminah")
    take(melati, *receive(world, export(melati)).receipts)
    devices.revoke(world.province.store, melati.lane, world.clock.now())
    melati.writer.child("Dedi")
    delivered = receive(world, export(melati))
    assert codes(delivered) == ["revoked"]
    assert "revoked" in codes(take(melati, *delivered.receipts))
    with pytest.raises(Refused, match="revoked"):
        export(melati)
    assert [row["name"] for row in notebook(world.province.store)] == ["Aminah"]
    assert world.province.store.value("select count(*) from quarantine") == 1


def test_the_receipt_of_one_laptop_names_the_others_that_are_no_longer_believed(world, melati):
    mawar = world.laptop("melati")
    devices.revoke(world.province.store, mawar.lane, world.clock.now())
    take(melati, *receive(world, export(melati)).receipts)
    assert revocations.names(melati.store, mawar.lane)
    assert not revocations.names(melati.store, melati.lane)


def test_a_province_put_back_to_before_a_revocation_is_told_it_again(world, melati):
    mawar = world.laptop("melati")
    image = image_of(world.province.store)
    devices.revoke(world.province.store, mawar.lane, world.clock.now())
    take(melati, *receive(world, export(melati)).receipts)
    world.restore(image)
    receive(world, revocations.passed_on(melati.store))
    assert devices.find(world.province.store, mawar.lane).revoked_at is not None


def test_a_laptop_without_a_certificate_writes_no_bundle(world):
    with pytest.raises(NotEnrolled):
        export(world.new_laptop("melati"))


def test_a_correction_of_the_province_comes_home_with_the_receipt(world, melati):
    child = melati.writer.child("Aminah")
    receive(world, export(melati))
    melati.writer.save({WEIGHT_G: 8200}, child)
    stick = export(melati)
    world.office.save({NAME: "Baiq"}, child, author=CITRA)
    take(melati, *receive(world, stick).receipts)
    assert notebook(melati.store) == notebook(world.province.store)
    assert [(row["name"], row["weight_g"]) for row in notebook(melati.store)] == [("Baiq", 8200)]


def test_a_laptop_that_lost_an_area_forgets_it_by_stick(world, melati):
    world.scopes[melati.lane] = frozenset(["melati", "mawar"])
    world.office.child("Dedi", "mawar")
    world.office.child("Aminah", "melati")
    take(melati, *receive(world, export(melati)).receipts)
    before = sorted(row["name"] for row in notebook(melati.store))
    world.scopes[melati.lane] = frozenset(["melati"])
    for _ in range(2):
        take(melati, *receive(world, export(melati)).receipts)
    after = [row["name"] for row in notebook(melati.store)]
    assert (before, after, upstream.scope(melati.store)) == (["Aminah", "Dedi"], ["Aminah"], {"melati"})


def test_receipts_in_any_order_and_some_of_them_twice_end_the_same(world, melati):
    receipts = []
    for number in range(6):
        child = melati.writer.child(f"Anak {number}")
        receipts += receive(world, export(melati)).receipts
        world.office.save({WEIGHT_G: 8000 + number}, child, author=CITRA)
    receipts += outbox.receipts_waiting(world.province)
    image, chance = melati.image(), random.Random(7)
    ends = []
    for _ in range(12):
        chance.shuffle(receipts)
        twin = melati.from_image(image)
        shown = []
        for receipt in [*receipts, chance.choice(receipts), receipts[0]]:
            take(twin, receipt)
            shown.append(status(twin.store).acknowledged)
        assert shown == sorted(shown)
        take(twin, *receive(world, export(twin)).receipts)
        ends.append(notebook(twin.store))
    assert ends == [notebook(world.province.store)] * 12


def test_a_bundle_of_thousands_of_envelopes_is_refused_before_any_is_looked_at(world, melati):
    label = bundle.Label(bundle.PUSH, upstream_key(world), melati.lane, 1, 1)
    items = [(bundle.ENVELOPE, bytes(84))] * 2000
    written = bundle.seal(label, items, [world.province.keys.box_key], world.chance.token_bytes)
    assert codes(receive(world, written)) == ["too_large"]
