"""A puskesmas PC's satchel through the months: it fills with nothing that was answered, and no clock keeps an answer back."""

import json

import pytest

from sync import (
    body,
    bundle,
    certificates,
    courier,
    keys,
    messages,
    outbox,
    postbox,
    satchel,
    stowing,
    upstream,
)
from sync.body import Edit
from sync.bundle import ENVELOPE, HANDOVER, Bundle, Label
from sync.errors import TooLarge
from sync.messages import Request
from sync.packing import pack_push
from tests.sync_relay import Internet, forward, hand_over, know_each_other, puskesmas_pc, with_relays
from tests.sync_world import Place, World, image_of, names

pytestmark = pytest.mark.usefixtures("sync_database")

WEEK_S = 7 * 86400


@pytest.fixture
def world(sync_database) -> World:
    """A province that tells laptops of no PC: none can look into what it carries."""
    return World()


@pytest.fixture
def pc(world) -> Place:
    return puskesmas_pc(world)


@pytest.fixture
def melati(world, pc) -> Place:
    place = world.laptop("melati")
    place.exchange()
    return place


def wait(seconds: int, *those: Place | World) -> None:
    for each in those:
        each.clock.wait(seconds)


def carried(pc: Place) -> list[int]:
    return sorted(each.last_seq for each in satchel.carried(pc.store))


def a_week(world: World, pc: Place, melati: Place) -> None:
    """Let a laptop give twice, and a stick go to the province and come back with its answers."""
    wait(WEEK_S, world, pc, melati)
    for day in ("Aminah", "Baiq"):
        melati.writer.child(day)
        hand_over(melati, pc)
    postbox.receive(world.province, satchel.for_province(pc.laptop))
    satchel.collect(pc.laptop, b"".join(outbox.receipts_waiting(world.province)))
    courier.take(melati.laptop, satchel.for_laptops(pc.laptop))


def test_what_went_on_a_month_ago_and_is_answered_goes_though_a_stick_goes_every_week(world, pc, melati):
    for _ in range(12):
        a_week(world, pc, melati)
    assert carried(pc) == [
        15,
        17,
        19,
        21,
        23,
    ]  # the province's answer names the newest of each week by itself


def test_a_clock_that_once_stood_far_ahead_keeps_no_later_answer_back(world, pc, melati):
    now = pc.clock.time
    for pc.clock.time, child in [*(("2099-01-01T00:00:00Z", "Aminah"),) * 3, (now, "Baiq")]:
        melati.writer.child(child)
        hand_over(melati, pc)
        forward(world, pc)
    hand_over(melati, pc)
    assert upstream.state(melati.store).ack == 4


class CutShort(Internet):
    """An internet over which only the note comes through; what came behind it goes another way."""

    late = b""

    def post(self, path: str, body: bytes) -> bytes:
        """Carry bundles to the province and only its note back."""
        note, *rest = bundle.split(super().post(path, body))
        assert isinstance(note, Bundle)
        self.late = b"".join(each.data for each in rest if isinstance(each, Bundle))
        return note.data


def test_what_an_earlier_life_of_the_province_had_is_carried_to_the_present_one(world, pc, melati):
    backup = image_of(world.province.store)
    melati.writer.child("Aminah")
    hand_over(melati, pc)
    wire = CutShort(world)
    satchel.forward(pc.laptop, wire)
    world.restore(backup)
    pc.exchange()
    satchel.collect(pc.laptop, wire.late)
    forward(world, pc)
    assert names(world.office) == ["Aminah"]


def lie(world: World, thief: Place, pc: Place, number: int) -> bytes:
    """Return a bundle with one child in a new lane to which a laptop's key hands over."""
    old, new = thief.laptop.keys, keys.make(world.chance.token_bytes)
    key_id = keys.key_id(world.province.keys.sign_key)
    asked = {"follows": old.sign_key, "sign_key": new.sign_key, "box_key": new.box_key}
    over, context = "\n".join(asked.values()).encode(), b"SIPosyandu handover 1\0"
    word = asked | {"handover": old.sign(context, over).hex(), "proof": new.sign(context, over).hex()}
    certificates.check_handover(word)
    word |= {"certificate": old.certificate.hex(), "why": ""}
    values = {0: 1, 11: f"Lie {number}", 13: "melati"}
    edit, _, fingerprint = body.named(
        Edit("", new.lane, 1, "create", "", 1, "", 1, "2026-08-04T00:00:00Z", values, {})
    )
    first = body.first_link(new.lane)
    chains = first[:8].hex(), body.next_link(first, fingerprint)[:8].hex()
    batch = pack_push([edit], new.lane, {})
    request = Request(1, 1, *chains, "", 0, "0.1.0", "", 32, {"spell": 1, "spelled": 1}, batch)
    items = [(HANDOVER, json.dumps(word).encode()), (ENVELOPE, messages.seal_request(request, new, key_id))]
    receivers = [world.province.keys.box_key, pc.laptop.keys.box_key]
    label = Label(bundle.PUSH, key_id, new.lane, 1, 1)
    return bundle.seal(label, items, receivers, world.chance.token_bytes)


def test_lanes_without_end_to_which_one_key_hands_over_fill_no_pc(world, pc, melati, monkeypatch):
    monkeypatch.setattr(stowing, "MOST_OF_A_LANE", 5)
    given = [satchel.collect(pc.laptop, lie(world, melati, pc, number)) for number in range(8)]
    assert [said.refused for (said,) in given] == [""] * 5 + ["full"] * 3
    assert (len(carried(pc)), len(names(pc))) == (5, 5)


def test_a_laptop_that_hands_over_to_one_lane_is_carried_beside_others(sync_database, monkeypatch):
    world = with_relays()
    pc = puskesmas_pc(world)
    monkeypatch.setattr(stowing, "MOST_OF_A_LANE", 1)
    melati, mawar = world.laptop("melati"), world.laptop("mawar")
    for place, child in ((melati, "Aminah"), (mawar, "Baiq")):
        know_each_other(world, place, pc)
        place.writer.child(child)
        hand_over(place, pc)
    assert names(pc) == ["Aminah", "Baiq"]


class Narrow(Internet):
    """An internet whose other end sends no more than a file of bundles may have."""

    def post(self, path: str, body: bytes) -> bytes:
        """Carry bundles to the province and its answer back, unless that is too large to be taken."""
        reply = super().post(path, body)
        if len(reply) > bundle.LARGEST_FILE:
            raise TooLarge("an answer that does not end")
        return reply


def test_answers_that_fit_no_file_together_come_one_day_after_the_other(world, pc, monkeypatch):
    laptops = [world.laptop("melati") for _ in range(6)]
    for each in laptops:
        each.exchange()
        each.writer.child(world.chance.token_bytes(1000).hex())
        each.exchange()
        each.writer.child("Aminah")
        hand_over(each, pc)
    monkeypatch.setattr(bundle, "LARGEST_FILE", 20_000)
    for _ in range(3):
        satchel.forward(pc.laptop, Narrow(world))
        wait(86_401, pc)
    assert (carried(pc), satchel.receipts_kept(pc.store)) == ([], 6)


def test_a_stranger_who_names_many_laptops_is_told_no_more_than_a_file_holds(world, pc, monkeypatch):
    key_id = keys.key_id(world.province.keys.sign_key)
    for name in ("Aminah", "Baiq", "Citra"):
        place = world.laptop("melati")
        place.writer.child(name)
        hand_over(place, pc)
    named = [bundle.plain(Label(bundle.PUSH, key_id, lane, 1, 1), b"junk") for lane in lanes_of(pc)]
    forward(world, pc)
    whole = len(satchel.answered(pc.laptop, b"".join(named)))
    monkeypatch.setattr(bundle, "LARGEST_FILE", whole - 100)
    assert 0 < len(satchel.answered(pc.laptop, b"".join(named))) < whole - 100


def lanes_of(pc: Place) -> list[str]:
    return sorted(each.lane for each in satchel.carried(pc.store))


def test_one_laptop_fills_no_file_so_that_what_cannot_be_read_goes_too(sync_database, monkeypatch):
    world = with_relays()
    pc = puskesmas_pc(world)
    thief, stranger = world.laptop("melati"), world.laptop("mawar")
    know_each_other(world, thief, pc)
    monkeypatch.setattr(bundle, "LARGEST_FILE", 30_000)
    for _ in range(8):
        thief.writer.child(world.chance.token_bytes(5000).hex())
        satchel.collect(pc.laptop, courier.export(thief.laptop))
        thief.exchange()
    given = courier.export(stranger.laptop)
    satchel.collect(pc.laptop, given)
    sticks = []
    for _ in range(8):
        wait(86_400, pc)
        sticks.append(satchel.for_province(pc.laptop))
    assert given in sticks[0]
    assert all(any(each.data in stick for stick in sticks) for each in carried_whole(pc))


def carried_whole(pc: Place) -> list[Bundle]:
    rows = pc.store.rows("select bundle from satchel where kind = $1", bundle.PUSH)
    return [each for row in rows for each in bundle.split(bytes(row["bundle"])) if isinstance(each, Bundle)]
