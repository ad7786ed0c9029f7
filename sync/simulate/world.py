"""A province and laptops in one process, with a road between them, and chance that can be replayed."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sync import certificates, client, devices, enrolment, epochs, instants, joining, lanes, opening, upstream
from sync.certificates import Certificate
from sync.client import Laptop, Outcome
from sync.enrolment import Invitation
from sync.errors import SyncError, Unreachable
from sync.province import Province, Reply, open_province, put_back, receive
from sync.rings import Ring
from sync.simulate.disk import Disk
from sync.simulate.notebook import AMINAH, BAIQ, CITRA, Writer, apply, forget, furnish
from sync.upstream import Welcome

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
class Drawer:
    """Where a machine keeps its keys."""

    text: str | None = None

    def read(self) -> str | None:
        """Return what is in it."""
        return self.text

    def write(self, text: str) -> None:
        """Replace what is in it."""
        self.text = text


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
    """A road to the province that may lose a message on either way, by its number."""

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


@cache
def furnished(disk: Disk) -> Any:
    """Return the image of a database with all tables and nothing in them."""
    store = disk.blank()
    furnish(store)
    return disk.image(store)


@dataclass
class Place:
    """A laptop with its user, its keys and its road."""

    writer: Writer
    laptop: Laptop
    drawer: Drawer
    road: Road
    clock: Hands
    area: str = "melati"

    @property
    def store(self) -> Any:
        """The laptop's store."""
        return self.writer.store

    @property
    def lane(self) -> str:
        """The lane it writes in at present."""
        return lanes.own(self.store)

    def image(self) -> Any:
        """Return a copy of the laptop's database."""
        return self.road.world.disk.image(self.store)

    def from_image(self, image: Any) -> "Place":
        """Return the laptop with a copy of its database in place of the one it has; its keys stay."""
        store = self.road.world.disk.opened(image)
        ring = Ring(self.drawer, self.laptop.random.token_bytes)
        writer = Writer(store, lanes.own(store), self.writer.author)
        return replace(self, writer=writer, laptop=replace(self.laptop, store=store, ring=ring))

    def clone(self) -> "Place":
        """Return a second laptop made from an image of this one's whole disk, keys and all."""
        road, clock = replace(self.road, answers=[], messages=[]), replace(self.clock)
        drawer = Drawer(self.drawer.text)
        chance = Chance(int.from_bytes(self.laptop.random.token_bytes(8), "big"))
        laptop = replace(self.laptop, transport=road, clock=clock, random=chance)
        return replace(self, laptop=laptop, drawer=drawer, road=road, clock=clock).from_image(self.image())

    def open(self) -> None:
        """Switch the laptop on, as its program does."""
        opening.open_laptop(self.store, self.laptop.ring, self.clock.now())
        opening.guard(self.store, self.laptop.ring, always=True)

    def exchange(self) -> Outcome:
        """Exchange with the province."""
        return client.exchange(self.laptop)


@dataclass
class World:
    """The province, what each laptop may receive, and how to add a laptop."""

    disk: Disk
    seed: int = 1
    clock: Hands = field(default_factory=Hands)
    scopes: dict[str, frozenset[str]] = field(default_factory=dict)
    ranks: dict[str, int] = field(
        default_factory=lambda: {each.user: each.rank for each in (AMINAH, BAIQ, CITRA)}
    )

    def __post_init__(self) -> None:
        self.chance = Chance(self.seed)
        self.drawer = Drawer()
        ring = Ring(self.drawer, self.chance.token_bytes)
        store = self.new_province_store()
        open_province(store, ring, self.clock, self.chance.token_bytes)
        self.province = Province(
            store, ring.keys, apply, self.scope, self.rank_of, self.clock, token_bytes=self.chance.token_bytes
        )
        self.office = Writer(store, ring.keys.lane)

    def new_province_store(self) -> Any:
        """Return an empty store for the province."""
        return self.disk.opened(furnished(self.disk))

    def scope(self, store: Any, lane: str) -> frozenset[str]:
        """Return the areas of a laptop: as was said of its first lane, else the area it was enrolled for."""
        if lane in self.scopes:
            return self.scopes[lane]
        device = devices.find(store, lane)
        assert device is not None
        return self.scope(store, device.succeeds) if device.succeeds else frozenset([device.area])

    def rank_of(self, store: Any, user: str, since: str | None) -> int | None:
        """Return the rank a person really holds; None when nobody knows her."""
        return self.ranks.get(user)

    def restore(self, image: Any) -> None:
        """Put the province back to a copy of its database, as its operator does."""
        self.use(self.disk.opened(image))
        ring = Ring(self.drawer, self.chance.token_bytes)
        put_back(self.province.store, ring, self.clock, self.chance.token_bytes)
        self.office = replace(self.office, lane=lanes.own(self.province.store))

    def drawer_lane(self) -> str:
        """Return the province's first lane, which its keys name."""
        return self.province.keys.lane

    def use(self, store: Any) -> None:
        """Let the province live in another store."""
        self.province = replace(self.province, store=store)
        self.office = replace(self.office, store=store, lane=lanes.own(store))

    def code(self, area: str = "melati", *, ceiling: int = 2) -> str:
        """Give out an enrolment code."""
        invitation = Invitation(area, f"Posyandu {area}", ceiling)
        return enrolment.issue(self.province.store, invitation, self.clock.now(), self.chance)

    def new_road(self) -> Road:
        """Return a road for one more laptop."""
        return Road(self)

    def new_clock(self) -> Hands:
        """Return a clock for one more laptop."""
        return Hands()

    def new_laptop(self, *areas: str) -> Place:
        """Return a laptop that is not enrolled yet."""
        clock, drawer, road = self.new_clock(), Drawer(), self.new_road()
        store, ring = self.disk.opened(furnished(self.disk)), Ring(drawer, self.chance.token_bytes)
        opening.open_laptop(store, ring, clock.now())
        lane = ring.keys.lane
        self.scopes[lane] = frozenset(areas)
        chance = Chance(self.seed + len(self.scopes))
        laptop = Laptop(store, ring, road, clock, chance, apply, forget, "0.1.0")
        return Place(Writer(store, lane, AMINAH), laptop, drawer, road, clock, *areas[:1])

    def laptop(self, *areas: str) -> Place:
        """Return a laptop that receives these areas, enrolled by a code."""
        place = self.new_laptop(*areas)
        joining.enrol(place.laptop, self.code(areas[0] if areas else "melati"))
        return place

    def certified(self, place: Place, ceiling: int = 2) -> None:
        """Enrol a laptop by what stands behind a code: its certificate. (To check a code takes 30 ms by design.)"""
        keys, province = place.laptop.ring.keys, self.province
        said = Certificate(
            keys.lane, keys.sign_key, keys.box_key, place.area, ceiling, f"Posyandu {place.area}", "",
            self.clock.now(),
        )  # fmt: skip
        signed = certificates.sign(said, province.keys)
        with province.store.write():
            devices.enter(province.store, said, signed)
        with place.store.write():
            welcome = Welcome(signed, province.keys.sign_key, province.keys.box_key)
            upstream.welcome(place.store, welcome, place.area)
            lanes.add(place.store, {keys.lane: ceiling})
        opening.certify(place.store, place.laptop.ring, signed)

    def epoch(self) -> str:
        """Return the epoch of the province's database."""
        return epochs.current(self.province.store)
