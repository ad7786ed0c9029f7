"""Two programs of one laptop at once, its own and the command line's: a lane is left once, a certificate goes with its keys."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest

from sync import certificates, client, courier, joining, lanes, notices, postbox, upstream
from sync.errors import Malformed, NotEnrolled, Refused, Unreachable
from sync.laptop import Laptop
from sync.ports import Transport
from sync.rings import Ring
from sync.status import status
from tests.sync_world import Place, World, names

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world: World) -> Place:
    place = world.laptop("melati")
    for name in ("Aminah", "Baiq"):
        place.writer.child(name)
    place.exchange()
    return place


@dataclass
class Interrupted:
    """A store that another program writes to before this one may: once, as soon as `when` says so."""

    store: Any
    when: Callable[[], bool]
    do: Callable[[], object]
    is_done: bool = False

    def write(self) -> Any:
        if not self.is_done and self.when():
            self.is_done = True
            self.do()
        return self.store.write()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


@dataclass
class Meanwhile:
    """A road on which something is done while a certificate is under way."""

    road: Transport
    do: Callable[[], object]

    def post(self, path: str, body: bytes) -> bytes:
        answer = self.road.post(path, body)
        if path == "/v1/enrol":
            self.do()
        return answer


def other_program(place: Place) -> Laptop:
    """Return a second program over a laptop's database and keys; its road is cut once it goes on in a new lane."""
    road, old = place.road.world.new_road(), place.lane
    road.lose_request = lambda number: place.lane != old
    return replace(place.laptop, ring=Ring(place.drawer, place.laptop.random.token_bytes), transport=road)


def is_left_behind(melati: Place) -> None:
    """Let a copy of a laptop be heard first, then the laptop write what the province does not have."""
    copy = melati.clone()
    copy.writer.child("Citra")
    copy.exchange()
    melati.writer.child("Dewi")
    melati.writer.child("Eka")


def tries(laptop: Laptop) -> None:
    with suppress(Unreachable):
        client.exchange(laptop)


def standing(world: World, melati: Place) -> tuple[list[str], list[str], int, bool]:
    """Return who is known at the province, and on the laptop after its next exchange; how many lanes it has left; whether its
    certificate is that of its keys."""
    anew = replace(melati.laptop, ring=Ring(melati.drawer, melati.laptop.random.token_bytes))
    client.exchange(anew)
    is_theirs = certificates.lane_in(anew.keys.certificate) == anew.keys.lane == melati.lane
    return names(world.province), names(melati), len(notices.waiting(melati.store)), is_theirs


EVERYONE = ["Aminah", "Baiq", "Citra", "Dewi", "Eka"]


def test_what_one_program_took_to_a_new_lane_another_that_heard_of_the_same_fork_does_not_leave_there(
    world: World, melati: Place
) -> None:
    is_left_behind(melati)
    other, road = other_program(melati), melati.road
    store = Interrupted(melati.store, lambda: road.answers[-1].refused == "fork", lambda: tries(other))
    client.exchange(replace(melati.laptop, store=store))
    assert (store.is_done, *standing(world, melati)) == (True, EVERYONE, EVERYONE, 1, True)


def test_two_programs_that_take_one_receipt_of_a_fork_leave_the_lane_once(
    world: World, melati: Place
) -> None:
    is_left_behind(melati)
    receipts = b"".join(postbox.receive(world.province, courier.export(melati.laptop)).receipts)
    other, writes = other_program(melati), count()
    store = Interrupted(melati.store, lambda: next(writes) == 1, lambda: courier.take(other, receipts))
    brought = courier.take(replace(melati.laptop, store=store), receipts)
    assert [remark.refused for remark in brought.remarks] == ["fork"]
    assert (store.is_done, *standing(world, melati)) == (True, EVERYONE, EVERYONE, 1, True)


def ends(laptop: Laptop) -> None:
    """Let a program end the lane of its laptop because the province closed it."""
    client.begin_anew(laptop, lanes.own(laptop.store), Refused(code="closed"))


def test_a_certificate_that_comes_when_its_lane_was_left_is_not_kept(world: World, melati: Place) -> None:
    ends(melati.laptop)
    melati.writer.child("Citra")
    other = other_program(melati)
    one = replace(melati.laptop, transport=Meanwhile(melati.road, lambda: ends(other)))
    with pytest.raises(Malformed):
        joining.hand_over(one, upstream.state(melati.store))
    three = ["Aminah", "Baiq", "Citra"]
    assert standing(world, melati) == (three, three, 2, True)


def test_a_certificate_is_laid_beside_no_other_keys_when_its_lane_was_left_before_it_lay_there(
    world: World, melati: Place
) -> None:
    ends(melati.laptop)
    melati.writer.child("Citra")
    other = other_program(melati)
    store = Interrupted(
        melati.store, lambda: upstream.state(melati.store).lane == melati.lane, lambda: ends(other)
    )
    joining.hand_over(replace(melati.laptop, store=store), upstream.state(melati.store))
    beside = Ring(melati.drawer, melati.laptop.random.token_bytes).keys
    assert (beside.certificate, bool(beside.former_seed)) == (b"", True)
    three = ["Aminah", "Baiq", "Citra"]
    assert (store.is_done, *standing(world, melati)) == (True, three, three, 2, True)


def test_a_program_whose_keys_were_left_behind_takes_up_those_of_the_other(
    world: World, melati: Place
) -> None:
    other = other_program(melati)
    ends(other)
    other.transport.lose_request = lambda number: False  # type: ignore[attr-defined]
    client.exchange(other)
    joining.hand_over(melati.laptop, upstream.state(melati.store))
    assert (melati.laptop.keys, upstream.state(melati.store).lane) == (other.keys, melati.lane)


def hands_over(laptop: Laptop) -> None:
    joining.hand_over(laptop, upstream.state(laptop.store))


@pytest.mark.parametrize("road", [hands_over, courier.export])
def test_a_laptop_with_the_certificate_of_another_lane_beside_its_keys_asks_for_a_code_and_goes_on(
    world: World, melati: Place, road: Callable[[Laptop], object]
) -> None:
    """Earlier versions could lay it there, and forgot the key that could hand over."""
    former = melati.laptop.keys.certificate
    ends(melati.laptop)
    melati.writer.child("Citra")
    kept = json.loads(str(melati.drawer.text)) | {"certificate": former.hex()}
    melati.drawer.text = json.dumps({name: kept[name] for name in ("sign", "box", "sentinel", "certificate")})
    started = replace(melati.laptop, ring=Ring(melati.drawer, melati.laptop.random.token_bytes))
    with pytest.raises(NotEnrolled):
        road(started)
    assert not status(melati.store).enrolled
    joining.enrol(started, world.code())
    three = ["Aminah", "Baiq", "Citra"]
    assert standing(world, melati) == (three, three, 1, True)
