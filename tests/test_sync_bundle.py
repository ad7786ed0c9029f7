"""Bundles and receipts: what a laptop without a network sends by stick arrives once, whole."""

import random

import pytest

from sync import bundle, devices, outbox, revocations, upstream
from sync.errors import NotEnrolled, Refused
from sync.status import status
from tests.sync_app import CITRA, NAME, WEIGHT_G, notebook
from tests.sync_sticks import codes, export, receive, state_of, take
from tests.sync_world import Place, World, image_of

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world(sync_database) -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


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


def test_a_bundle_adds_at_most_200_bytes_to_its_envelope(world, melati):
    melati.writer.child("Aminah")
    written = export(melati)
    (found,) = bundle.split(written)
    ((_, envelope),) = bundle.open_push(found, world.province.keys.box_seed)
    assert len(written) - len(envelope) <= 200


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
