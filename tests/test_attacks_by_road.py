"""What an attacker tries on the roads: a stolen laptop, a false puskesmas PC, a stranger on the hotspot, crafted bytes."""

import json
import socket
import threading
from contextlib import closing
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from nacl.signing import SigningKey

from siposyandu import as_province
from sync import (
    arrivals,
    bundle,
    courier,
    devices,
    keys,
    postbox,
    relays,
    revocations,
    roads,
    satchel,
    stowing,
    succession,
    titipan,
    transport,
    upstream,
)
from sync.errors import Malformed, Refused, TooLarge
from sync.transport import HttpTransport
from tests.neighbours import Neighbours
from tests.sync_app import notebook
from tests.sync_world import Place, World, image_of

HANDOVER = b"SIPosyandu handover 1\0"
HOTSPOT = {"REMOTE_ADDR": "10.42.0.7"}


@pytest.fixture
def world() -> World:
    """A province that tells every laptop that the PC of the area "puskesmas" carries for it."""
    made = World()
    made.province = replace(made.province, relay_areas=lambda store, lane: frozenset(["puskesmas"]))
    return made


@pytest.fixture
def melati(world: World) -> Place:
    return world.laptop("melati")


@pytest.fixture
def pc(world: World) -> Place:
    place = world.laptop("puskesmas", "melati")
    place.exchange()
    return place


def handed_over(own: keys.Keys, certificate: bytes, number: int) -> dict[str, str]:
    """What a thief says who has a laptop's keys and wants a certificate for new ones."""
    new = SigningKey(bytes([number]) * 32)
    asked = {"follows": own.sign_key, "sign_key": bytes(new.verify_key).hex(), "box_key": own.box_key}
    over = "\n".join(asked.values()).encode()
    return asked | {
        "handover": own.sign(HANDOVER, over).hex(),
        "proof": new.sign(HANDOVER + over).signature.hex(),
        "certificate": certificate.hex(),
        "why": "fork",
    }


def thieves_word(place: Place, number: int) -> dict[str, str]:
    return handed_over(place.laptop.keys, upstream.state(place.store).certificate, number)


def key_id(world: World) -> bytes:
    return keys.key_id(world.province.keys.sign_key)


def receipt_for(world: World, place: Place) -> bytes:
    return b"".join(postbox.receive(world.province, courier.export(place.laptop)).receipts)


def test_a_shut_out_laptop_hands_over_to_no_new_key_though_the_province_was_put_back_to_before_it(world):
    image = image_of(world.province.store)
    thief = world.laptop("melati")
    devices.revoke(world.province.store, thief.lane, world.clock.now())
    named = revocations.write(world.province.store, world.province.keys)
    world.restore(image)
    postbox.receive(world.province, named)
    with pytest.raises(Refused, match="revoked"):
        succession.redeem(world.province, thieves_word(thief, 1))
    assert devices.everyone(world.province.store) == []


def test_a_list_that_comes_back_shuts_out_the_lane_to_which_the_thief_went_on_meanwhile_too(world):
    thief = world.laptop("melati")
    image = image_of(world.province.store)
    devices.revoke(world.province.store, thief.lane, world.clock.now())
    named = revocations.write(world.province.store, world.province.keys)
    world.restore(image)
    succession.redeem(world.province, thieves_word(thief, 1))
    postbox.receive(world.province, named)
    assert [bool(each.revoked_at) for each in devices.everyone(world.province.store)] == [True, True]


def test_a_key_from_which_a_thief_made_two_laptops_makes_no_third_once_both_are_shut_out(tmp_path):
    world = Neighbours.begin(tmp_path)
    one = world.laptop("one")
    with one.store() as store:
        certificate = upstream.state(store).certificate
    citra = world.browser(world.village.citra)
    with world.store() as store:
        province = as_province.ports(world.village.instance, store)
        for number in (1, 2):
            succession.redeem(province, handed_over(one.instance.ring.keys, certificate, number))
        made = [each.lane for each in devices.everyone(store) if each.succeeds]
        for lane in made:
            citra.post(f"/kelola/laptop/{lane}/cabut", data={"reason": "dicuri"})
        with pytest.raises(Refused, match="revoked"):
            succession.redeem(province, handed_over(one.instance.ring.keys, certificate, 3))
        shut_out = [bool(each.revoked_at) for each in devices.everyone(store)]
    assert (len(made), shut_out) == (2, [True, True, True])


def test_nothing_more_is_sealed_to_a_pc_that_the_province_named_as_stolen(world, melati, pc):
    melati.exchange()
    before = [each.lane for each in relays.known(melati.store)]
    devices.revoke(world.province.store, pc.lane, world.clock.now())
    mawar = world.laptop("melati")
    courier.take(melati.laptop, receipt_for(world, mawar))
    melati.writer.child("Aminah")
    (written,) = bundle.split(courier.export(melati.laptop))
    with pytest.raises(Refused, match="others"):
        bundle.open_push(written, pc.laptop.keys.box_seed)
    assert (before, relays.known(melati.store)) == ([pc.lane], [])


def test_a_shut_out_laptop_fetches_no_receipt_that_still_waits_for_it_at_the_pc(world, melati, pc):
    told = courier.export(melati.laptop)
    satchel.collect(pc.laptop, receipt_for(world, melati))
    waits = satchel.receipts_kept(pc.store)
    devices.revoke(world.province.store, melati.lane, world.clock.now())
    satchel.collect(pc.laptop, revocations.write(world.province.store, world.province.keys))
    kinds = [each.kind for each in bundle.split(satchel.answered(pc.laptop, told))]
    assert (waits, kinds) == (1, [bundle.NOTE, bundle.REVOKED])


def test_a_stranger_on_the_hotspot_fills_the_satchel_only_until_the_province_has_looked(
    world, melati, pc, monkeypatch
):
    monkeypatch.setattr(stowing, "MOST_UNREAD", 2)
    for number in (1, 2):
        label = bundle.Label(bundle.PUSH, key_id(world), "0a" * 16, number, number)
        satchel.collect(pc.laptop, bundle.plain(label, bytes(200)))
    melati.writer.child("Aminah")
    before = satchel.collect(pc.laptop, courier.export(melati.laptop))

    class Internet:
        def post(self, path: str, body: bytes) -> bytes:
            return titipan.answered(world.province, body)

    satchel.forward(pc.laptop, Internet())
    after = satchel.collect(pc.laptop, courier.export(melati.laptop))
    assert [each.refused for each in (*before, *after)] == ["full", ""]
    satchel.forward(pc.laptop, Internet())
    assert [row["name"] for row in notebook(world.province.store)] == ["Aminah"]


def test_whoever_may_read_a_bundle_cannot_seal_it_anew_to_push_a_later_one_out(world, melati, pc):
    melati.exchange()
    melati.writer.child("Aminah")
    early = courier.export(melati.laptop)
    melati.writer.child("Baiq")
    satchel.collect(pc.laptop, courier.export(melati.laptop))
    (found,) = bundle.split(early)
    items = bundle.open_push(found, pc.laptop.keys.box_seed)
    label = bundle.Label(bundle.PUSH, key_id(world), melati.lane, 0, 1 << 31)
    receivers = [world.province.keys.box_key, pc.laptop.keys.box_key]
    forged = bundle.seal(label, items, receivers, world.chance.token_bytes)
    assert [each.refused for each in satchel.collect(pc.laptop, forged)] == ["signature"]
    assert [each.last_seq for each in satchel.carried(pc.store)] == [2]


def test_a_bundle_repeated_in_one_file_costs_one_receipt(world, melati):
    melati.writer.child("Aminah")
    written, drawn = courier.export(melati.laptop), []

    def token_bytes(count: int) -> bytes:
        drawn.append(count)
        return world.chance.token_bytes(count)

    province = replace(world.province, token_bytes=token_bytes)
    postbox.receive(province, written)
    once = len(drawn)
    again = postbox.receive(province, written * 50)
    assert ([each.refused for each in again.remarks], len(drawn)) == ([""] * 50, 2 * once)


def test_a_push_in_which_no_laptop_speaks_is_refused_and_so_carried_no_longer(world, melati):
    label = bundle.Label(bundle.PUSH, key_id(world), melati.lane, 1, 1)
    items = [(b"?", b"nothing")]
    written = bundle.seal(label, items, [world.province.keys.box_key], world.chance.token_bytes)
    assert [each.refused for each in postbox.receive(world.province, written).remarks] == ["malformed"]


def test_a_post_of_thousands_of_tiny_bundles_gets_an_answer_of_bounded_size(world):
    labels = (bundle.Label(bundle.NOTE, key_id(world), "0a" * 16, 0, number) for number in range(20_000))
    posted = b"".join(bundle.plain(label, b"") for label in labels)
    (note, *_) = bundle.split(titipan.answered(world.province, posted))
    said = titipan.read_note(note)
    assert (len(said), said[-1].refused) == (bundle.MOST_BUNDLES + 1, "too_large")


def test_a_false_pc_that_answers_without_end_does_not_fill_the_laptops_memory(monkeypatch):
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 1024 * 1024)
    with socket.create_server(("127.0.0.1", 0)) as false:
        thread = threading.Thread(target=_pour, args=(false,), daemon=True)
        thread.start()
        with (
            closing(HttpTransport(f"http://127.0.0.1:{false.getsockname()[1]}")) as road,
            pytest.raises(TooLarge),
        ):
            road.post(titipan.PATH, b"x")
        thread.join(10)


def _pour(false: socket.socket) -> None:
    """Answer one request with 64 MB that claim to be more."""
    there, _ = false.accept()
    with there:
        there.recv(65536)
        there.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        try:
            for _ in range(1024):
                there.sendall(bytes(65536))
        except OSError:
            return  # hung up


def test_a_code_is_not_told_to_a_province_that_does_not_say_its_key(world):
    class Silent:
        def get(self, path: str) -> bytes:
            nonce = path.partition("=")[2]
            return json.dumps({"time": 1, "nonce": nonce, "signature": "00" * 64}).encode()

    letter = keys.fingerprint(world.province.keys.sign_key)
    with pytest.raises(Refused, match="not the province"):
        roads.recognise(Silent(), letter, world.chance)


@pytest.mark.parametrize("path", ["/laptop/pasang", "/laptop/pasang/berkas", "/laptop/pasang/berkas/minta"])
def test_nobody_on_the_hotspot_makes_a_new_laptop_join_his_own_province(client: FlaskClient, path: str):
    assert client.post(path, data={"code": "X"}, environ_overrides=HOTSPOT).status_code == 403


def test_a_shut_out_laptop_that_goes_on_sending_does_not_fill_the_provinces_disk(world, melati, monkeypatch):
    monkeypatch.setattr(arrivals, "MOST_QUARANTINED_BYTES", 400)
    devices.revoke(world.province.store, melati.lane, world.clock.now())
    told = []
    for name in ("Aminah", "Baiq", "Citra"):
        melati.writer.child(name)
        with pytest.raises(Refused, match="revoked") as refused:
            melati.exchange()
        told.append(refused.value.details["received"])
    sizes = [
        row["bytes"] for row in world.province.store.rows("select length(envelope) as bytes from quarantine")
    ]
    assert (told[0], told[-1], sum(sizes) <= 400) == (1, 0, True)


def test_a_laptop_that_gives_away_ever_other_pieces_of_its_lane_does_not_fill_the_pc(
    world, melati, pc, monkeypatch
):
    monkeypatch.setattr(stowing, "MOST_OF_A_LANE", 2)
    melati.exchange()
    codes = []
    for _ in range(4):
        melati.writer.child("Aminah")
        with melati.store.write():
            melati.store.run("update sync_upstream set ack = ack + 1 where id = 1")
        melati.writer.child("Baiq")
        codes += [each.refused for each in satchel.collect(pc.laptop, courier.export(melati.laptop))]
    assert codes == ["", "", "full", "full"]


@pytest.mark.parametrize("number", ["1e999", "NaN", "1" * 5000])
def test_a_number_that_is_none_in_an_unsigned_answer_is_malformed(world, number: str):
    label = bundle.Label(bundle.NOTE, key_id(world), "0a" * 16, 0, 1)
    (note,) = bundle.split(bundle.plain(label, f'[["", {number}, 1, ""]]'.encode()))

    class FalseProvince:
        def get(self, path: str) -> bytes:
            return f'{{"time": {number}, "nonce": "", "signature": ""}}'.encode()

    with pytest.raises(Malformed):
        titipan.read_note(note)
    with pytest.raises(Malformed):
        roads.recognise(FalseProvince(), "", world.chance)
