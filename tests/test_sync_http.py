"""The same over real HTTP: one request, few bytes, and a network's own failures by name."""

import json
import socket
import urllib.request
from dataclasses import replace

import pytest

from sync import joining, keys
from sync.client import HttpTransport, Outcome
from sync.errors import BadCode, Malformed, SyncError, Unreachable
from sync.messages import LARGEST_MESSAGE
from sync.status import status
from tests.proxy import DOWN, Proxy
from tests.sync_app import NOTE, WEIGHT_G, notebook
from tests.sync_http import served
from tests.sync_world import Place, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def wire(world, tmp_path):
    with served(world, tmp_path) as port, Proxy(port) as proxy:
        yield proxy
    world.province.store.close()


def over(place: Place, wire: Proxy) -> Place:
    """Return the laptop with a road over HTTP."""
    return replace(place, laptop=replace(place.laptop, transport=HttpTransport(wire.url)))


def test_a_laptop_enrols_sends_and_receives_over_http_in_one_request_each(world, wire):
    melati, mawar = over(world.new_laptop("melati"), wire), over(world.new_laptop("melati"), wire)
    for place in (melati, mawar):
        joining.enrol(place.laptop, world.code())
    child = melati.writer.child("Aminah")
    melati.writer.save({WEIGHT_G: 8200, NOTE: "sehat"}, child)
    wire.reset()
    assert (melati.exchange(), mawar.exchange(), wire.requests) == (Outcome(2, 0, 1), Outcome(0, 2, 1), 2)
    assert notebook(mawar.store) == notebook(melati.store) == notebook(world.province.store)
    for place in (melati, mawar):
        place.laptop.transport.close()


def test_nothing_new_costs_at_most_450_bytes_both_ways_headers_included(world, wire):
    melati = over(world.new_laptop("melati"), wire)
    joining.enrol(melati.laptop, world.code())
    melati.writer.child("Aminah")
    melati.exchange()
    wire.reset()
    melati.exchange()
    melati.laptop.transport.close()
    assert wire.requests == 1
    assert wire.up + wire.down <= 450


def test_a_wrong_code_is_refused_over_http_with_the_tries_that_are_left(world, wire):
    place = over(world.new_laptop(), wire)
    with pytest.raises(BadCode) as refusal:
        joining.enrol(place.laptop, world.code()[:-2] + "ZZ")
    place.laptop.transport.close()
    assert refusal.value.details == {"tries_left": 4}


def test_a_message_over_the_limit_and_noise_are_refused_and_the_server_lives_on(world, wire):
    road = HttpTransport(wire.url)
    assert road.post("/v1/s", bytes(LARGEST_MESSAGE + 1)) == b""
    road.post("/v1/s", b"noise")
    assert json.loads(road.post("/v1/enrol", b"[[[["))["refused"] == "malformed"
    road.close()
    assert over(world.laptop("melati"), wire).exchange() == Outcome(0, 0, 1)


def test_the_time_is_told_signed_for_the_asker(world, wire):
    with urllib.request.urlopen(f"{wire.url}/v1/time?nonce=00ff") as reply:
        said = json.load(reply)
    message = f"00ff {said['time']}".encode()
    keys.verify(
        world.province.keys.sign_key, b"SIPosyandu time 1\0", message, bytes.fromhex(said["signature"])
    )


def test_without_a_network_the_error_is_clear_and_the_next_try_is_kept(world):
    place = world.laptop("melati")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    place = replace(place, laptop=replace(place.laptop, transport=HttpTransport(f"http://127.0.0.1:{port}")))
    place.writer.child("Aminah")
    with pytest.raises(Unreachable):
        place.exchange()
    told = status(place.store)
    assert (told.last_error, told.recorded, told.acknowledged) == ("unreachable", 1, 0)
    assert told.next_try_at > told.last_try_at


def test_an_answer_cut_within_its_headers_is_a_cut_and_not_a_refusal(world, wire):
    melati = over(world.laptop("melati"), wire)
    wire.cut_after(DOWN, len("HTTP/1.1 200 OK\r\nContent-Le"))
    with pytest.raises(Unreachable):
        melati.exchange()
    melati.laptop.transport.close()


def test_another_machine_that_answers_is_not_believed(world, wire):
    other = World(seed=2)
    place = over(other.laptop("melati"), wire)
    with pytest.raises(SyncError) as error:
        place.exchange()
    place.laptop.transport.close()
    assert error.value.code in ("signature", "unknown_key", Malformed.code)
