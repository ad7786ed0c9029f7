"""A province and laptops in one process, with a road between them that can fail, and chance that can be replayed."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from siposyandu.store import SqliteStore, open_store
from sync import client, enrolment, epochs, instants, keys, lanes
from sync.client import Laptop, Outcome
from sync.enrolment import Invitation
from sync.errors import SyncError, Unreachable
from sync.province import Province, Reply, open_province, receive
from tests.sync_app import AMINAH, Writer, apply, new_store

BEGIN = "2026-08-04T00:00:00Z"


class Chance:
    """Chance from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def random(self) -> float:
        """Return a number from 0 up to 1."""
        return self._random.random()

    def token_bytes(self, count: int) -> bytes:
        """Return bytes."""
        return self._random.randbytes(count)


@dataclass
class Hands:
    """A clock that moves only when told."""

    time: str = BEGIN

    def now(self) -> str:
        """Return the time."""
        return self.time

    def wait(self, seconds: int) -> None:
        """Let time pass."""
        self.time = instants.later(self.time, seconds)


@dataclass
class Road:
    """A road to the province. `trouble` may change or lose a message on either way, by its number."""

    world: "World"
    answers: list[Reply] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    lose_request: Callable[[int], bool] = lambda number: False
    lose_answer: Callable[[int], bool] = lambda number: False

    def post(self, path: str, body: bytes) -> bytes:
        """Carry a request there and its answer back."""
        if path == "/v1/enrol":
            return enrolled_by(self.world.province, body)
        self.messages.append(body)
        number = len(self.messages)
        if self.lose_request(number):
            raise Unreachable("lost on the way there")
        self.answers.append(receive(self.world.province, body))
        if self.lose_answer(number):
            raise Unreachable("lost on the way back")
        return self.answers[-1].body


def enrolled_by(province: Province, body: bytes) -> bytes:
    """Answer an enrolment as the province's web server does."""
    try:
        return json.dumps(enrolment.redeem(province, json.loads(body))).encode()
    except SyncError as error:
        return json.dumps({"refused": error.code, **error.details}).encode()


def image_of(store: SqliteStore) -> bytes:
    """Return a copy of a whole database."""
    return store.database.conn.serialize()


def opened(image: bytes) -> SqliteStore:
    """Return a store over a copy of a database."""
    store = open_store(":memory:")
    store.database.conn.deserialize(image)
    return store


@dataclass
class Place:
    """A laptop with its user and its road."""

    writer: Writer
    laptop: Laptop
    road: Road
    clock: Hands

    @property
    def store(self) -> Any:
        """The laptop's store."""
        return self.writer.store

    def image(self) -> bytes:
        """Return a copy of the laptop's database."""
        return image_of(self.store)

    def from_image(self, image: bytes) -> "Place":
        """Return the laptop with a copy of its database in place of the one it has."""
        store = opened(image)
        return replace(
            self,
            writer=Writer(store, self.writer.lane, self.writer.author),
            laptop=replace(self.laptop, store=store),
        )

    def exchange(self) -> Outcome:
        """Exchange with the province."""
        return client.exchange(self.laptop)


@dataclass
class World:
    """The province, what each laptop may receive, and how to add a laptop."""

    seed: int = 1
    clock: Hands = field(default_factory=Hands)
    scopes: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = Chance(self.seed)
        store = new_store()
        own = keys.make(self.chance.token_bytes)
        open_province(store, own, self.clock, self.chance.token_bytes)
        self.province = Province(
            store, own, apply, lambda store, lane: self.scopes.get(lane, frozenset()), self.clock
        )
        self.office = Writer(store, own.lane)

    def restore(self, image: bytes) -> None:
        """Put the province back to a copy of its database, as its operator does: with a new epoch."""
        self.use(opened(image))
        with self.province.store.write():
            epochs.begin(self.province.store, self.clock.now(), self.chance.token_bytes)
        self.office = replace(self.office, lane=lanes.own(self.province.store))

    def use(self, store: SqliteStore) -> None:
        """Let the province live in another store."""
        self.province = replace(self.province, store=store)
        self.office = replace(self.office, store=store)

    def code(self, area: str = "melati", *, ceiling: int = 2) -> str:
        """Give out an enrolment code."""
        invitation = Invitation(area, f"Posyandu {area}", ceiling)
        return enrolment.issue(self.province.store, invitation, self.clock.now(), self.chance)

    def new_laptop(self, *areas: str) -> Place:
        """Return a laptop that is not enrolled yet."""
        clock = Hands()
        store, own = new_store(), keys.make(self.chance.token_bytes)
        lanes.open_own(store, own.lane, own.sentinel)
        self.scopes[own.lane] = frozenset(areas)
        road = Road(self)
        laptop = Laptop(store, own, road, clock, Chance(self.seed + len(self.scopes)), apply, "0.1.0")
        return Place(Writer(store, own.lane, AMINAH), laptop, road, clock)

    def laptop(self, *areas: str) -> Place:
        """Return an enrolled laptop that receives these areas."""
        place = self.new_laptop(*areas)
        client.enrol(place.laptop, self.code(areas[0] if areas else "melati"))
        return place
