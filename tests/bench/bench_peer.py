"""What an exchange costs beside the peer, PouchDB 9 with pouchdb-server 4.2.0: bytes, requests, and seconds on slow links.

Run `python tests/bench/bench_peer.py` (about seven minutes, most of them the peer's). Both go over the same proxy
(tests/proxy.py) with the same measurements: ours as the whole program does it, every edit signed and with its history; the
peer's as one document of JSON each. A day of ours on a slow link is the middle one of five. Bytes are those of HTTP with
all headers, both ways. The goals are PROTOCOL.md 7.
"""

import itertools
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from siposyandu import as_laptop

sys.path.insert(0, str(Path(__file__).parents[2]))

from siposyandu.app import create_app
from sync.client import HttpTransport
from tests import tls
from tests.bench import peer
from tests.bench.cost import Cost
from tests.bench.days import CHILDREN, VISITS, Day, Row, days
from tests.conftest import NOW, Village, found
from tests.proxy import LOOPBACK, Link, Proxy
from tests.sync_http import listening

TWO_G = Link(rtt_s=0.6, up_bit_s=50_000, down_bit_s=50_000, round_trips_to_open=2)
TWO_G_TLS = Link(
    rtt_s=0.6, up_bit_s=50_000, down_bit_s=50_000, round_trips_to_open=1
)  # TLS makes its own round trips
BETTER = Link(rtt_s=0.3, up_bit_s=50_000, down_bit_s=200_000, round_trips_to_open=2)
FIVE_HUNDRED, THOUSAND = 500, 1000
TIMES = 5


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


def compare(what: str, unit: str, ours: float, theirs: float | None, goal: float) -> None:
    """Print a line of the table: ours, the peer's, how many times less, and whether the goal is reached."""
    beside = f"{theirs:10,.1f} {theirs / ours:6.1f} x" if theirs is not None else f"{'':10} {'':8}"
    say(f"{what:53} {ours:9,.1f} {beside}  {unit:15} {'reached' if ours <= goal else 'MISSED'} ({goal:g})")


class Ours:
    """A province of ours and its laptops."""

    def __init__(self, place: Village, port: int, folder: Path) -> None:
        self.place, self.port, self.folder = place, port, folder
        self._laptops = 0

    def laptop(self, children: int = CHILDREN) -> Day:
        """Return a new laptop whose children the province knows."""
        self._laptops += 1
        day = Day(self.place, f"http://127.0.0.1:{self.port}", self.folder / f"laptop-{self._laptops}")
        day.register(children)
        return day

    def cost(self, day: Day, link: Link, rows: int) -> Cost:
        """Exchange over a fresh connection of a link."""
        with Proxy(self.port, link) as wire:
            return timed(day, wire, wire.url, rows)


def timed(day: Day, wire: Proxy, url: str, rows: int) -> Cost:
    """Exchange over a fresh connection; so many rows must be acknowledged."""
    day.transport.close()
    day.transport = HttpTransport(url)
    begun = perf_counter()
    outcome = as_laptop.exchange(day.laptop, day.transport)
    seconds = perf_counter() - begun
    day.transport.close()
    assert outcome.acknowledged == rows, outcome
    return Cost(wire.up, wire.down, wire.requests or outcome.requests, seconds)


class Theirs:
    """A server of the peer's and its laptops."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder = port, folder

    def cost(
        self, action: str, name: str, link: Link, docs: Sequence[Mapping[str, Any]] = (), laptop: str = ""
    ) -> Cost:
        """Replicate a database over a fresh connection of a link."""
        with Proxy(self.port, link) as wire:
            address = f"{wire.url}/{name}"
            done = peer.replicate(action, address, self.folder / (laptop or name), docs)
            if done.tries > 1:
                say(f"  (the peer broke off and was started again {done.tries - 1} times: {action} {name})")
            return Cost(wire.up, wire.down, wire.requests, done.seconds)

    def new(self, name: str) -> str:
        """Make a database; return its name."""
        peer.new_database(self.port, name)
        return name


def documents(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return measurements as an application on CouchDB keeps them: one document each, with random ids."""
    chance, at = Random(60), NOW
    children = [f"{chance.getrandbits(128):032x}" for _ in range(CHILDREN)]
    home, kader = f"{chance.getrandbits(128):032x}", f"{chance.getrandbits(128):032x}"
    written = []
    for child, values in rows:
        at += timedelta(seconds=chance.randrange(60, 200))
        head = {"_id": f"{chance.getrandbits(128):032x}", "type": "balita", "person": children[child]}
        body = {"posyandu": home, "by": kader, "at": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
        written.append(
            {**head, **body, **{name: value for name, value in values.items() if value is not None}}
        )
    return written


def weighed(day: Day, morning: Sequence[Row]) -> Day:
    """Let a day pass at a laptop."""
    day.weigh(morning)
    return day


def the_middle(measure: Callable[[list[Row]], Cost]) -> Cost:
    """Measure days one after the other; return the one of middle length."""
    mornings = itertools.islice(days(CHILDREN), TIMES)
    return sorted((measure(morning) for morning in mornings), key=lambda cost: cost.seconds)[TIMES // 2]


def bytes_and_requests(ours: Ours, theirs: Theirs | None) -> None:
    """A day, nothing new and a thousand rows, without a limit to the speed."""
    every = [row for morning in days(CHILDREN) for row in morning]
    today, thousand = every[:CHILDREN], every[CHILDREN : CHILDREN + THOUSAND]
    day = ours.laptop()
    day.weigh(today)
    a_day = ours.cost(day, LOOPBACK, CHILDREN)
    nothing = ours.cost(day, LOOPBACK, 0)
    day.weigh(thousand)
    many = ours.cost(day, LOOPBACK, THOUSAND)
    their_day = their_nothing = their_many = None
    if theirs:
        their_day = theirs.cost("push", theirs.new("day"), LOOPBACK, documents(today))
        theirs.cost("sync", "day", LOOPBACK)
        their_nothing = theirs.cost("sync", "day", LOOPBACK)
        their_many = theirs.cost("push", theirs.new("thousand"), LOOPBACK, documents(thousand))
    for what, unit, mine, other, part, goal in (
        ("a day of 60 children, both ways", "B a measurement", a_day, their_day, 60, 40),
        ("1,000 rows, both ways", "B a measurement", many, their_many, 1000, 25),
        ("nothing new, both ways", "B", nothing, their_nothing, 1, 450),
    ):
        compare(what, unit, mine.both / part, other and other.both / part, goal)
        compare("  the same", "requests", mine.requests, other and other.requests, 1)


def seconds_on_slow_links(ours: Ours, theirs: Theirs | None) -> None:
    """A day and nothing new at 600 ms and 50 kbit/s, 500 rows at 300 ms."""
    every = [row for morning in days(CHILDREN) for row in morning]
    today, many = every[:CHILDREN], every[CHILDREN : CHILDREN + FIVE_HUNDRED]
    day = ours.laptop()
    a_day = the_middle(lambda morning: ours.cost(weighed(day, morning), TWO_G, CHILDREN))
    nothing = ours.cost(day, TWO_G, 0)
    day.weigh(many)
    better = ours.cost(day, BETTER, FIVE_HUNDRED)
    their_day = their_nothing = their_better = None
    if theirs:
        their_day = theirs.cost("push", theirs.new("slow"), TWO_G, documents(today))
        theirs.cost("sync", "slow", LOOPBACK)
        their_nothing = theirs.cost("sync", "slow", TWO_G)
        their_better = theirs.cost("push", theirs.new("better"), BETTER, documents(many))
    compare("a day at 600 ms, 50 kbit/s", "s", a_day.seconds, their_day and their_day.seconds, 2.3)
    compare("nothing new there", "s", nothing.seconds, their_nothing and their_nothing.seconds, 2.1)
    compare(
        "500 rows at 300 ms, 50/200 kbit/s", "s", better.seconds, their_better and their_better.seconds, 3.0
    )


def seconds_with_tls(ours: Ours, theirs: Theirs | None) -> None:
    """A day at 600 ms and 50 kbit/s with a fresh connection of real TLS 1.3 (the peer is not measured with it)."""
    day = ours.laptop()
    with tls.front(ours.port, ours.folder / "tls") as (port, root), Proxy(port, TWO_G_TLS) as wire:
        os.environ["REQUESTS_CA_BUNDLE"] = str(root)

        def once(morning: list[Row]) -> Cost:
            wire.reset()
            return timed(weighed(day, morning), wire, f"https://localhost:{wire.port}", CHILDREN)

        cost = the_middle(once)
        del os.environ["REQUESTS_CA_BUNDLE"]
    compare("a day at 600 ms, 50 kbit/s, real TLS 1.3", "s", cost.seconds, None, 3.0)
    say(
        f"  ({cost.up} B up and {cost.down} B down, the handshake with a chain of two ECDSA certificates included)"
    )


def a_new_laptop(ours: Ours, theirs: Theirs | None) -> None:
    """Sixty children of 24 months, told to a laptop that has nothing."""
    every = [row for morning in days(CHILDREN) for row in morning]
    day = ours.laptop()
    for start in range(0, len(every), THOUSAND):
        day.weigh(every[start : start + THOUSAND])
    as_laptop.exchange(day.laptop, day.transport)
    with Proxy(ours.port, TWO_G) as wire:
        begun = perf_counter()
        Day(ours.place, wire.url, ours.folder / "new")
        cost = Cost(wire.up, wire.down, wire.requests, perf_counter() - begun)
    their = None
    if theirs:
        theirs.cost("push", theirs.new("years"), LOOPBACK, documents(every))
        their = theirs.cost("pull", "years", TWO_G, laptop="new")
    what = f"a new laptop, {CHILDREN} children x {VISITS} months"
    compare(f"{what}: bytes", "kB", cost.both / 1000, their and their.both / 1000, 40)
    compare(
        "  the same at 600 ms, 50 kbit/s, with its enrolment", "s", cost.seconds, their and their.seconds, 10
    )
    compare("  the same", "requests", cost.requests, their and their.requests, 10)


ALL = (bytes_and_requests, seconds_on_slow_links, seconds_with_tls, a_new_laptop)


@contextmanager
def a_province(folder: Path) -> Iterator[Ours]:
    """Found a province of ours and let it answer."""
    place = found(folder / "province", upstream="")
    with listening(create_app(place.instance)) as port:
        yield Ours(place, port, folder)


def mean_size(rows: Sequence[Row]) -> float:
    """Return how many bytes of JSON a measurement is at the peer."""
    return sum(len(json.dumps(doc, separators=(",", ":"))) for doc in documents(rows)) / len(rows)


@contextmanager
def the_peer(folder: Path) -> Iterator[Theirs | None]:
    """Run the peer where it can run."""
    if lacking := peer.missing():
        say(f"the peer is left out: {lacking}")
        yield None
        return
    with peer.serving(folder / "peer-server") as port:
        yield Theirs(port, folder)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with the_peer(folder) as theirs:
            say(f"load of the machine: {os.getloadavg()[0]:.1f}")
            say(f"a measurement as a document of JSON: {mean_size(next(days(CHILDREN))):.0f} B")
            say(f"{'':53} {'ours':>9} {'peer':>10} {'ratio':>8}  {'':15} goal")
            for measure in ALL:
                with a_province(folder / measure.__name__) as ours:
                    measure(ours, theirs)
            say(f"load of the machine: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
