"""One season under one seed: people type, laptops send when they can, and troubles come, in the order of a virtual time.

Everything follows from the seed: one `random.Random` decides who does what when, and nothing reads a real clock. Each seed
draws its own mix of troubles, so that some seasons have much of one kind. At the end the roads heal, everybody exchanges
until nothing is new, and what must hold at rest is looked at.
"""

import heapq
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import Any, TypeVar

from sync import client
from sync.client import Laptop, Outcome
from sync.errors import NotEnrolled, SyncError, Unreachable
from sync.instants import DAY_S
from sync.province import Province, Reply, open_province, receive
from sync.rings import Ring
from sync.simulate import heavy, lying, misfortunes, people, relaying, rest
from sync.simulate.disk import Disk, Fuse, FusedStore, PowerCut
from sync.simulate.laptops import AREAS, STRANGER, Seat, StormyWorld, Wrist
from sync.simulate.moving import Moving
from sync.simulate.network import Weather, busy
from sync.simulate.oracle import Oracle
from sync.simulate.watch import Watch

T = TypeVar("T")
DAYS = 12
EVERYDAY = (
    (32, people.session),
    (30, people.send),
    (8, people.office),
)  # how often in a season
LATE_S = 2 * DAY_S
MOST_EXCHANGES = 1000  # in a season that has some 60


class Season:
    """One world under one seed, from its first day until it is at rest."""

    def __init__(self, seed: int, disk: Disk, say: Callable[[str], None] | None = None) -> None:
        self.seed, self.disk, self._say = seed, disk, say
        self.chance, self.now_s = Random(seed), 0.0
        self.weather, self.oracle = Weather.drawn(self.chance), Oracle()
        self.clock = Wrist(season=self)
        self.world = StormyWorld(disk, seed=self.chance.getrandbits(48), clock=self.clock, season=self)
        self.seats: list[Seat] = []
        self.memory = misfortunes.Memory()
        self.watch = Watch(self.world, self.oracle, Moving(self.oracle, self.seats, self.memory.liars))
        self.fuse: tuple[Fuse, Any] | None = None  # of the province, for the next message; its image before
        self.exchanges = self._numbered = 0
        self._mail: list[tuple[float, int, Callable[[], None]]] = []
        self._inside = False
        for _ in range(self.chance.choice((2, 2, 3, 3, 4, 4, 5, 6, 7))):
            self.add_laptop()

    # How it goes.

    def run(self) -> "Season":
        """Let the season pass, heal, and look."""
        rare = [
            *misfortunes.drawn(self.chance),
            *relaying.drawn(self),
            *lying.drawn(self),
            *heavy.drawn(self),
        ]
        for often, stream in (*EVERYDAY, *rare):
            self._again(often, stream)
        while self._mail[0][0] < DAYS * DAY_S:
            self.now_s, _, event = heapq.heappop(self._mail)
            event()
        rest.heal(self)
        return self

    def _again(self, often: float, stream: "Callable[[Season], None]") -> None:
        def event() -> None:
            self._again(often, stream)
            stream(self)

        self.at(self.now_s + self.chance.expovariate(often / (DAYS * DAY_S)), event)

    def at(self, when_s: float, event: Callable[[], None]) -> None:
        """Let something happen at a moment of the season."""
        self._numbered += 1
        heapq.heappush(self._mail, (when_s, self._numbered, event))

    def say(self, what: str) -> None:
        """Tell what happens, to whoever replays this seed."""
        self.oracle.now = what
        if self._say:
            day, rest_s = divmod(int(self.now_s), DAY_S)
            self._say(f"day {day + 1:2} {rest_s // 3600:02}:{rest_s // 60 % 60:02}  {what}")

    def fault(self, kind: str) -> None:
        """Count a fault."""
        self.oracle.faults[kind] += 1
        if self._say:
            self._say(f"              !  {kind}")

    def whose(self, store: Any) -> str:
        """Return how a trace calls the owner of a store."""
        found = [f"laptop {seat.number}" for seat in self.seats if seat.store is store]
        return found[0] if found else "province"

    def noted(self, store: Any, uid: str) -> None:
        """Remember on which laptop an edit was typed."""
        for seat in self.seats:
            if seat.store is store:
                self.watch.typed(seat.number, store, uid)

    def look(self, seat: Seat | None = None) -> None:
        """Check what must hold after every step."""
        self.watch.province()
        if seat is not None:
            self.oracle.ceilings[seat.lane], self.oracle.roots[seat.lane] = seat.ceiling, seat.root
            self.watch.laptop(seat.number, seat)

    # Laptops.

    def add_laptop(self, number: int = -1, areas: tuple[str, ...] = ()) -> Seat:
        """Bring a laptop, one more or in the place of another."""
        areas = areas or tuple(self.chance.sample(AREAS, self.chance.choice((1, 1, 1, 1, 2))))
        made, ceiling = self.world.new_laptop(*areas), self.chance.choice((1, 2, 2))
        seat = Seat(made.writer, made.laptop, made.drawer, made.road, made.clock, areas[0])
        seat.root, seat.ceiling = made.lane, ceiling
        self.world.certified(seat, ceiling)
        self.oracle.scopes[seat.root] = set(areas)
        self.put(seat, number)
        self.say(f"laptop {seat.number} begins for {' and '.join(areas)}")
        return seat

    def put(self, seat: Seat, number: int = -1) -> None:
        """Put a laptop in a row behind the others, or in the place of one."""
        seat.number = seat.road.number = number if number >= 0 else len(self.seats)  # type: ignore[attr-defined]
        self.seats[seat.number : seat.number + 1] = [seat]

    def anybody(self) -> Seat:
        """Return any laptop."""
        return self.chance.choice(self.seats)

    def exchange(self, seat: Seat, laptop: Laptop | None = None) -> Outcome | None:
        """Let a laptop exchange; `laptop` are other ports of the same. Returns None when it did not come to an end."""
        self.say(f"laptop {seat.number} exchanges")
        try:
            return client.exchange(laptop or seat.laptop)
        except NotEnrolled:
            self.say(f"laptop {seat.number} needs a new code")
            self.world.certified(seat, seat.ceiling)
        except SyncError as error:
            self.say(f"laptop {seat.number} could not: {error.code}")
            self.memory.refused[seat.number] = error.code
        except Exception as error:
            if not self.disk.is_full(error):
                raise
            self.say(f"laptop {seat.number} has no room")
        finally:
            self.look(seat)
        return None

    def meanwhile(self, number: int) -> None:
        """Something else happens while a message is under way."""
        if self._inside:
            return
        self._inside = True
        self.look()  # at what the message did, before it is otherwise again
        try:
            here, other = self.seats[number], self.anybody()
            what = self.chance.randrange(4)
            if what == 0:
                people.type_one(self, here)
            elif what == 1:
                people.office(self)
            elif what == 2:
                people.type_one(self, here)
                self.exchange(here)
            else:
                self.exchange(other)
        finally:
            self._inside = False

    # The province's door.

    def received(self, message: bytes) -> Reply:
        """Let a message arrive at the province."""
        self.exchanges += 1
        if self.exchanges > MOST_EXCHANGES:
            raise RuntimeError("laptops exchange without end")
        reply = self.at_province(lambda province: receive(province, message))
        self.watch.arrived(message, reply)
        return reply

    def at_province(self, ask: Callable[[Province], T]) -> T:
        """Ask the province, whose power may go in the middle, or whose disk may be full."""
        fused, self.fuse, province = self.fuse, None, self.world.province
        if fused:
            province = replace(province, store=FusedStore(province.store, fused[0]))
        try:
            return ask(province)
        except PowerCut:
            if not fused or not fused[0].blown:
                raise
            self.fault("crash of the province")
            self.reboot_province(fused[1])
            raise Unreachable("the province lost its power") from None
        except Exception as error:
            if not self.disk.is_full(error):
                raise
            self.fault("full disk of the province")
            raise busy(error) from error

    def reboot_province(self, before: Any) -> None:
        """Start the province's program again after the power came back."""
        store = self.world.province.store
        self.world.use(self.disk.opened(store if self.disk.is_durable(store) else before))
        ring = Ring(self.world.drawer, self.world.chance.token_bytes)
        open_province(self.world.province.store, ring, self.clock, self.world.chance.token_bytes)
        self.watch.restart(same=True)
        rest.whole(self, self.world.province.store, "after the power went")

    def later(self, message: bytes) -> None:
        """Let a message arrive on another day."""

        def event() -> None:
            self.say("a message of an earlier day arrives")
            with suppress(SyncError):
                self.received(message)
            self.look()

        self.at(self.now_s + self.chance.expovariate(1 / LATE_S), event)

    def tampered(self, message: bytes) -> None:
        """Let a changed message arrive: refused by name, and nothing changes."""
        store = self.world.province.store
        before = self.disk.changes(store)
        reply = receive(self.world.province, message)
        unchanged = self.disk.changes(store) == before
        self.oracle.require("I9", reply.refused and unchanged, "a changed message had an effect")

    def healed(self) -> None:
        """Let every trouble end: roads, disks, and authors whom nobody knew."""
        self.weather.calm()
        self.fuse, self.world.ranks[STRANGER.user] = None, STRANGER.rank
        for store in (self.world.province.store, *(seat.store for seat in self.seats)):
            self.disk.fill(store, -1)
