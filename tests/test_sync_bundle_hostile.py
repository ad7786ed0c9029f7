"""Bundles that are foreign, forged, damaged or without end: refused by name, and nothing else is changed."""

import zlib
from hashlib import sha256

import pytest

from sync import bundle, upstream
from sync.keys import key_id
from tests.sync_app import notebook
from tests.sync_sticks import codes, export, receive, state_of, take
from tests.sync_world import Place, World

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world(sync_database) -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


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


def test_a_bundle_of_thousands_of_envelopes_is_refused_before_any_is_looked_at(world, melati):
    label = bundle.Label(bundle.PUSH, upstream_key(world), melati.lane, 1, 1)
    items = [(bundle.ENVELOPE, bytes(84))] * 2000
    written = bundle.seal(label, items, [world.province.keys.box_key], world.chance.token_bytes)
    assert codes(receive(world, written)) == ["too_large"]
