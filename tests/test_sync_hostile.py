"""What a stranger or a stolen laptop may send: it is refused by name, alone, and everybody else goes on."""

import json
import zlib
from dataclasses import replace
from typing import Any

import pytest

from sync import bundle, courier, ids, keys, lanes, log, messages, notices, postbox, upstream
from sync.bundle import ENVELOPE, HANDOVER, Label
from sync.messages import Request
from sync.province import receive
from tests.sync_app import notebook
from tests.sync_world import Chance, Place, World, image_of, opened

pytestmark = pytest.mark.usefixtures("sync_database")
DAY_S = 24 * 3600


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def thief(world) -> Place:
    """An enrolled laptop in the wrong hands."""
    place = world.laptop("melati")
    place.exchange()
    return place


@pytest.fixture
def honest(world) -> Place:
    place = world.laptop("mawar")
    place.writer.child("Aminah", "mawar")
    return place


def asked(place: Place, **otherwise: Any) -> Request:
    """Return what a laptop asks that has nothing to send, but for what is otherwise."""
    state, own = upstream.state(place.store), lanes.get(place.store, place.lane)
    chain = log.chain8(place.store, own, state.ack) or ""
    said = Request(
        state.ack + 1, 0, chain, chain, state.epoch, state.cursor, "0.1.0", state.scope_hash, 32
    )  # fmt: skip
    return replace(said, **otherwise)


def sealed(place: Place, request: Request) -> bytes:
    state = upstream.state(place.store)
    return messages.seal_request(request, place.laptop.keys, keys.key_id(state.server_key), state.certificate)


def by_hand(place: Place, **otherwise: Any) -> bytes:
    """Return a request in which text is escaped, as our own program never writes it."""
    whole = messages.open_envelope(sealed(place, asked(place)))
    said = json.loads(zlib.decompress(whole.payload))
    said[7] = otherwise.get("app", said[7])
    payload = zlib.compress(json.dumps([*said[:10], otherwise.get("more", {})]).encode())
    signed = whole.signed[: -len(whole.payload)] + payload
    return signed + place.laptop.keys.sign(b"SIPosyandu push 1\0", signed)


def by_stick(world: World, lane: str, *items: tuple[bytes, bytes]) -> bytes:
    label = Label(bundle.PUSH, keys.key_id(world.province.keys.sign_key), lane, 1, 0)
    return bundle.seal(label, items, [world.province.keys.box_key], Chance(99).token_bytes)


def from_nowhere(number: int) -> list[Any]:
    """A batch of one child that says to come from a place of that number in some other lane."""
    return [
        1, [ids.short("ab" * 16)], [], [1, [0, None], [0, 0]], [0, 0],
        [["create", 1, 1, [[0, [0, 1]]], [0, 0], [0, "2026-08-04T04:00:00Z"], 0, 0, [1, [[2, number]]]]],
    ]  # fmt: skip


REFUSED = {
    "a clock off by more than all time": lambda place: sealed(place, asked(place, more={"off": 10**30})),
    "a clock off by yes": lambda place: sealed(place, asked(place, more={"off": True})),
    "half a letter in the version": lambda place: by_hand(place, app="\ud800"),
    "half a letter in an area": lambda place: by_hand(place, more={"left": [["\ud800"], ""]}),
    "a zero byte in an area": lambda place: by_hand(place, more={"left": [["mel\0ati"], ""]}),
    "an origin past every number": lambda place: sealed(
        place, asked(place, batch=from_nowhere(2**63), unsent=1, more={"spelled": 1})
    ),
}


@pytest.mark.parametrize("written", REFUSED.values(), ids=REFUSED)
def test_what_no_column_can_keep_is_refused_by_name_on_every_road(world, thief, honest, written):
    world.clock.wait(2 * 3600)  # it is noted anew that the laptop was heard
    message = written(thief)
    over_the_wire = receive(world.province, message).refused
    file = by_stick(world, thief.lane, (ENVELOPE, message)) + courier.export(honest.laptop)
    by_hand_over = [remark.refused for remark in postbox.receive(world.province, file).remarks]
    assert (over_the_wire, by_hand_over) == ("malformed", ["malformed", ""])
    assert lanes.get(world.province.store, honest.lane).last_seq == 1


@pytest.mark.parametrize("word", [b'{"sign_key": "x"}', b'{"sign_key": 7}', b"{}", b"[]", b'"x"'])
def test_a_handover_that_nobody_wrote_stops_no_other_bundle(world, honest, word):
    file = by_stick(world, "00" * 16, (HANDOVER, word)) + courier.export(honest.laptop)
    assert [remark.refused for remark in postbox.receive(world.province, file).remarks] == ["malformed", ""]
    assert lanes.get(world.province.store, honest.lane).last_seq == 1


def test_a_bundle_that_fails_as_nobody_foresaw_is_refused_alone(world, thief, honest):
    scope = world.province.scope

    def without_melati(store: Any, lane: str) -> frozenset[str]:
        return frozenset([{"mawar": "mawar"}[area] for area in scope(store, lane)])

    world.province = replace(world.province, scope=without_melati)
    file = courier.export(thief.laptop) + courier.export(honest.laptop)
    assert [remark.refused for remark in postbox.receive(world.province, file).remarks] == ["malformed", ""]
    assert [row["name"] for row in notebook(world.province.store)] == ["Aminah"]


def test_a_machine_that_fails_refuses_no_bundle(world, honest):
    def full_disk(store: Any, lane: str) -> frozenset[str]:
        raise OSError("no room on the disk")

    world.province = replace(world.province, scope=full_disk)
    with pytest.raises(OSError, match="no room"):
        postbox.receive(world.province, courier.export(honest.laptop))


def test_a_version_of_odd_digits_is_an_old_one(world, thief):
    world.province = replace(world.province, min_version="1.1")
    reply = receive(world.province, sealed(thief, asked(thief, app="1.\u00b2")))
    assert reply.refused == ""


def told_too_much(world: World, place: Place) -> str:
    """Let a laptop say that it has read what there never was; return the epoch then."""
    receive(world.province, sealed(place, asked(place, cursor=10**9, epoch=world.epoch())))
    return world.epoch()


def test_laptops_that_say_they_read_further_begin_one_epoch_a_day(world, thief):
    neighbour = world.laptop("melati")
    neighbour.exchange()
    first = told_too_much(world, thief)
    again = [told_too_much(world, place) for place in (thief, neighbour, thief)]
    assert again == [first] * 3
    assert [(each.kind, each.lane) for each in notices.waiting(world.province.store)] == [
        ("restored", thief.lane)
    ]
    world.clock.wait(DAY_S)
    second = told_too_much(world, thief)
    assert second != first
    assert told_too_much(world, thief) == second


def test_a_machine_put_back_twice_in_a_day_has_everything_again_after_the_next(world):
    melati, second = world.laptop("melati"), world.laptop("melati")
    for name in ("Aminah", "Baiq", "Citra"):
        backup = image_of(world.province.store)
        melati.writer.child(name)
        melati.exchange()
        second.exchange()
        if name != "Aminah":
            world.use(opened(backup))
            second.exchange()
    for place in (second, melati, second):
        for clock in (world.clock, place.clock):
            clock.wait(DAY_S)
        place.exchange()
    shown = [sorted(row["name"] for row in notebook(store)) for store in (world.province.store, melati.store)]
    assert shown == [["Aminah", "Baiq", "Citra"]] * 2


def test_two_lives_that_the_same_bytes_begin_are_two_epochs_with_a_lane_each(world, thief):
    backup = image_of(world.province.store)
    message = sealed(thief, asked(thief, cursor=10**9))
    lives = []
    for _ in range(2):
        world.use(opened(backup))
        receive(world.province, message)
        lives.append((world.epoch(), lanes.own(world.province.store)))
    assert len({epoch for epoch, _ in lives}) == len({lane for _, lane in lives}) == 2
