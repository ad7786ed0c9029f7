"""Where a lane's quarantine is full too, what finds no room is not called taken: the PC that brought it keeps it."""

import pytest

from sync import arrivals, bundle, courier, keys, lanes, log, messages, overdue, postbox, releasing, satchel
from sync.bundle import ENVELOPE, Bundle, Label
from sync.messages import Request
from sync.packing import pack_push
from tests.sync_app import NOTE
from tests.sync_relay import forward, puskesmas_pc
from tests.sync_world import Place, World, names

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world(sync_database) -> World:
    """A province that tells laptops of no PC: none can look into what it carries."""
    return World()


@pytest.fixture
def pc(world) -> Place:
    return puskesmas_pc(world)


def envelope(world: World, place: Place, after: int, count: int, known_to: int) -> bytes:
    """Return a message with some edits of a laptop whose program names those up to `known_to` by their places."""
    own = lanes.get(place.store, place.lane)
    edits = log.stretch(place.store, own.lane, after + 1, count)
    known = {edit.uid: (edit.lane, edit.seq) for edit in log.stretch(place.store, own.lane, 1, known_to)}
    batch = pack_push(edits, own.lane, known)
    chains = log.chain8(place.store, own, after), log.chain8(place.store, own, after + len(edits))
    more = {"spell": 1, "spelled": 1}
    request = Request(after + 1, len(edits), *chains, world.epoch(), 0, "0.1.0", "", 60, more, batch)
    return messages.seal_request(request, place.laptop.keys, keys.key_id(world.province.keys.sign_key))


def given_by(world: World, place: Place, after: int, *envelopes: bytes) -> bytes:
    """Return these messages of a laptop as its bundle of everything from a number on."""
    last_seq = lanes.get(place.store, place.lane).last_seq
    label = Label(bundle.PUSH, keys.key_id(world.province.keys.sign_key), place.lane, after + 1, last_seq)
    items = [(ENVELOPE, each) for each in envelopes]
    return bundle.seal(label, items, [world.province.keys.box_key], world.chance.token_bytes)


def bundle_not_spelled(world: World, place: Place, after: int) -> bytes:
    """Return a bundle that cannot be read alone, though it says `spelled`."""
    return given_by(world, place, after, envelope(world, place, after, 100, after))


def quarantined(world: World) -> int:
    return int(world.province.store.value("select count(*) from quarantine"))


def two_copies(world: World) -> tuple[Place, bytes]:
    """Return a laptop that went on, and the bundle of its copy with another story under the same number."""
    melati = world.laptop("melati")
    child = melati.writer.child("Aminah")
    melati.exchange()
    copy = melati.clone()
    melati.writer.child("Baiq")
    melati.exchange()
    copy.writer.save({NOTE: "the only copy"}, child)
    return melati, bundle_not_spelled(world, copy, 1)


@pytest.mark.parametrize("most", [32 * 1024 * 1024, 100])
def test_a_forked_bundle_that_quarantine_drops_stays_with_the_pc(world, pc, monkeypatch, most):
    _, given = two_copies(world)
    monkeypatch.setattr(arrivals, "MOST_QUARANTINED_BYTES", most)  # 100: full
    satchel.collect(pc.laptop, given)
    forward(world, pc)
    kept_somewhere = quarantined(world) + len(satchel.carried(pc.store))
    assert kept_somewhere > 0


def test_a_receipt_gives_no_mark_to_a_bundle_that_quarantine_drops(world, monkeypatch):
    _, given = two_copies(world)
    monkeypatch.setattr(arrivals, "MOST_QUARANTINED_BYTES", 100)
    (receipt,) = [
        each
        for each in bundle.split(b"".join(postbox.receive(world.province, given).receipts))
        if isinstance(each, Bundle) and each.kind == bundle.RECEIPT
    ]
    (found,) = bundle.split(given)
    assert (quarantined(world), receipt.first_seq == bundle.mark(found.fingerprint, world.epoch())) == (
        0,
        False,
    )


def test_a_bundle_of_which_one_part_is_kept_and_another_finds_no_room_stays_with_the_pc(
    world, pc, monkeypatch
):
    melati = world.laptop("melati")
    child = melati.writer.child("Aminah")
    melati.exchange()
    copy = melati.clone()
    melati.writer.child("Baiq")
    melati.exchange()
    copy.writer.child("of the copy")
    copy.writer.save({NOTE: "the only copy"}, child)
    monkeypatch.setattr(arrivals, "MOST_QUARANTINED_BYTES", 100)
    parts = envelope(world, copy, 1, 1, 0), envelope(world, copy, 2, 1, 1)
    satchel.collect(pc.laptop, given_by(world, copy, 1, *parts))
    assert forward(world, pc) == ["too_early"]
    assert (names(world.province), len(satchel.carried(pc.store))) == (["Aminah", "Baiq", "of the copy"], 1)


@pytest.mark.parametrize("most", [32 * 1024 * 1024, 100])
def test_a_held_batch_that_cannot_follow_and_finds_quarantine_full_is_kept(world, pc, monkeypatch, most):
    melati = world.laptop("melati")
    child = melati.writer.child("Aminah")
    melati.exchange()
    copy = melati.clone()
    for number in (2, 3):
        melati.writer.child(f"child {number}")
    copy.writer.child("Copied")
    copy.writer.save({NOTE: "the only copy"}, child)
    given = bundle_not_spelled(world, copy, 2)  # number 3; its 2 was on a stick that was lost
    monkeypatch.setattr(arrivals, "MOST_QUARANTINED_BYTES", most)
    satchel.collect(pc.laptop, given)
    assert forward(world, pc) == [""]  # held
    assert world.province.store.value("select count(*) from held") == 1
    melati.exchange()  # the lane goes on otherwise: what was held cannot follow
    satchel.collect(
        pc.laptop, b"".join(postbox.receive(world.province, courier.export(melati.laptop)).receipts)
    )
    held = int(world.province.store.value("select count(*) from held"))
    assert held + quarantined(world) + len(satchel.carried(pc.store)) > 0


@pytest.mark.parametrize("most", [4 * 1024 * 1024, 1])
def test_a_held_batch_that_makes_room_for_one_nearer_to_the_gap_stays_with_the_pc(
    world, pc, monkeypatch, most
):
    """Nothing here is unreadable: a copy's bundle is held, then let go for another, and then its lane goes on otherwise."""
    melati = world.laptop("melati")
    melati.writer.child("Aminah")
    melati.exchange()
    copy = melati.clone()
    for number in (2, 3, 4):
        melati.writer.child(f"child {number}")
        copy.writer.child(f"of the copy {number}")
    given, nearer = bundle_not_spelled(world, copy, 3), bundle_not_spelled(world, melati, 2)
    (found,) = bundle.split(nearer)
    room = len(bundle.open_push(found, world.province.keys.box_seed)[0][1]) + 50
    monkeypatch.setattr(arrivals, "MOST_HELD_BYTES", max(most, room))
    satchel.collect(pc.laptop, given)
    assert forward(world, pc) == [""]  # held, and so said
    postbox.receive(world.province, nearer)  # held; the copy's makes room
    melati.exchange()
    satchel.collect(
        pc.laptop, b"".join(postbox.receive(world.province, courier.export(melati.laptop)).receipts)
    )
    held = int(world.province.store.value("select count(*) from held"))
    carried = [each for each in satchel.carried(pc.store) if each.lane == found.lane]
    assert "of the copy 4" in names(world.province) or held + quarantined(world) + len(carried) > 0


def test_what_was_to_come_again_for_a_month_stays_with_the_pc(world, pc, monkeypatch):
    _, given = two_copies(world)
    monkeypatch.setattr(arrivals, "MOST_QUARANTINED_BYTES", 100)
    satchel.collect(pc.laptop, given)
    said = set[str]()
    for _ in range(33):
        said.update(forward(world, pc))
        for place in (world, pc):
            place.clock.wait(86_401)
    assert (said, len(satchel.carried(pc.store))) == ({"too_early"}, 1)


def test_an_envelope_that_is_in_quarantine_already_needs_no_room_when_it_comes_again(world, monkeypatch):
    _, given = two_copies(world)
    first = postbox.receive(world.province, given)
    full = world.province.store.value("select sum(length(envelope)) from quarantine")
    monkeypatch.setattr(arrivals, "MOST_QUARANTINED_BYTES", full)
    again = postbox.receive(world.province, given)
    assert [[each.refused for each in found.remarks] for found in (first, again)] == [["fork"], ["fork"]]


def test_what_was_put_aside_makes_room(world, monkeypatch):
    melati, given = two_copies(world)
    postbox.receive(world.province, given)
    store = world.province.store
    full = store.value("select sum(length(envelope)) from quarantine")
    monkeypatch.setattr(arrivals, "MOST_QUARANTINED_BYTES", full)
    copy = melati.clone()
    melati.writer.child("Citra")
    melati.exchange()
    child = next(row["entity"] for row in store.rows("select entity from edits order by n limit 1"))
    copy.writer.save({NOTE: "of another copy"}, child)
    other = bundle_not_spelled(world, copy, 2)
    before = [each.refused for each in postbox.receive(world.province, other).remarks]
    with store.write():
        for row in store.rows("select quarantine_no from quarantine"):
            releasing.put_aside(store, row["quarantine_no"], world.clock.now())
    after = [each.refused for each in postbox.receive(world.province, other).remarks]
    assert (before, after) == (["too_early"], ["fork"])


def test_batches_that_can_be_kept_nowhere_keep_no_others_from_being_settled(world, monkeypatch):
    stuck, honest = world.laptop("melati"), world.laptop("mawar")
    for place in (stuck, honest):
        place.exchange()
    child = stuck.writer.child("Aminah")
    for number in range(overdue.AT_ONCE + 1):
        stuck.writer.save({NOTE: f"{number}"}, child)
    for number in range(overdue.AT_ONCE):  # each names a place that only its laptop knows
        part = envelope(world, stuck, number + 1, 1, number + 1)
        postbox.receive(world.province, given_by(world, stuck, number + 1, part))
    for name in ("first", "second"):
        honest.writer.child(name, "mawar")
    world.clock.wait(5)
    postbox.receive(world.province, given_by(world, honest, 1, envelope(world, honest, 1, 1, 0)))
    monkeypatch.setattr(arrivals, "MOST_QUARANTINED_BYTES", 100)
    for _ in range(2):
        world.clock.wait(bundle.ON_ITS_WAY_S + 1)
        overdue.settle(world.province)
    assert names(world.province) == ["second"]
