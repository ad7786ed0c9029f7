"""What comes before what it follows on is held; a laptop that sends ever more of it fills no disk."""

import pytest

from sync import arrivals, keys, lanes, log, messages, upstream
from sync.messages import Request
from sync.province import receive
from tests.sync_app import notebook
from tests.sync_world import Place, World, image_of

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    place = world.laptop("melati")
    place.exchange()
    return place


def early(place: Place, first_seq: int, size: int = 20_000) -> bytes:
    """Return a message with a batch that is not looked into before what it follows on has come."""
    state = upstream.state(place.store)
    batch = [1, place.laptop.random.token_bytes(size).hex()]
    request = Request(
        first_seq, 1, "00" * 8, "11" * 8, state.epoch, state.cursor, "0.1.0", state.scope_hash, 32, {"acked": 0}, batch
    )  # fmt: skip
    return messages.seal_request(request, place.laptop.keys, keys.key_id(state.server_key), None)


def held(world: World) -> list[int]:
    return [
        row["first_seq"] for row in world.province.store.rows("select first_seq from held order by first_seq")
    ]


def test_what_is_held_of_a_lane_has_an_end_and_more_is_asked_to_come_again(world, melati, monkeypatch):
    sent = [early(melati, first_seq) for first_seq in (10, 20, 30)]
    monkeypatch.setattr(arrivals, "MOST_HELD_BYTES", len(sent[0]) * 2 + 100)
    refused = [receive(world.province, message).refused for message in sent]
    assert (refused, held(world)) == (["", "", "too_early"], [10, 20])


def test_the_same_message_again_needs_no_more_room(world, melati, monkeypatch):
    sent = early(melati, 10)
    monkeypatch.setattr(arrivals, "MOST_HELD_BYTES", len(sent) + 100)
    assert [receive(world.province, sent).refused for _ in range(3)] == ["", "", ""]
    assert held(world) == [10]


def test_a_message_nearer_to_what_is_here_takes_the_room_of_those_further_on(world, melati, monkeypatch):
    sent = [early(melati, first_seq) for first_seq in (20, 30, 10)]
    monkeypatch.setattr(arrivals, "MOST_HELD_BYTES", len(sent[0]) * 2 + 100)
    assert [receive(world.province, message).refused for message in sent] == ["", "", ""]
    assert held(world) == [10, 20]


def test_one_laptop_leaves_the_room_of_another_alone(world, melati, monkeypatch):
    mawar = world.laptop("mawar")
    mawar.exchange()
    sent = [early(place, 10) for place in (melati, mawar)]
    monkeypatch.setattr(arrivals, "MOST_HELD_BYTES", len(sent[0]) + 100)
    assert [receive(world.province, message).refused for message in sent] == ["", ""]


def test_an_honest_laptop_is_heard_by_a_province_put_back_that_holds_all_it_may(world, melati, monkeypatch):
    backup = image_of(world.province.store)
    melati.writer.child("Aminah")
    melati.exchange()
    world.restore(backup)
    sent = early(melati, 10)
    monkeypatch.setattr(arrivals, "MOST_HELD_BYTES", len(sent) + 100)
    receive(world.province, sent)
    melati.writer.child("Baiq")
    melati.exchange()
    assert {row["name"] for row in notebook(world.province.store)} == {"Aminah", "Baiq"}
    own = lanes.get(melati.store, melati.lane)
    assert (
        log.chain8(world.province.store, lanes.get(world.province.store, melati.lane), 2)
        == own.chain[:8].hex()
    )
