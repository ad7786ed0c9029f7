"""How many bytes and requests an exchange costs: a posyandu's day of 60 children, 1,000 rows, and nothing new.

Run `python tests/bench/bench_wire.py`. The whole program on both sides, over HTTP on loopback, through a proxy that
counts all bytes of HTTP both ways (headers, signatures and acknowledgement included; TLS and TCP/IP not). The visits
are those of a synthetic village. The goals are PROTOCOL.md 7, G1, G2 and G6.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from siposyandu import as_laptop

sys.path.insert(0, str(Path(__file__).parents[2]))

from siposyandu.app import create_app
from tests.bench.cost import Cost
from tests.bench.days import CHILDREN, VISITS, Day, days
from tests.conftest import Village, found
from tests.proxy import Proxy
from tests.sync_http import listening


class Exchange(NamedTuple):
    """What was exchanged, how many rows were acknowledged, and what it cost."""

    what: str
    rows: int
    cost: Cost


def exchanges() -> Iterator[Exchange]:
    """Yield what a day, nothing new, many rows, and a new laptop of the same posyandu cost."""
    with tempfile.TemporaryDirectory() as folder:
        place = found(Path(folder) / "province", upstream="")
        with listening(create_app(place.instance)) as port, Proxy(port) as wire:
            yield from _sent(place, wire, Path(folder) / "melati")
            yield _received(place, wire, Path(folder) / "second")


def _sent(place: Village, wire: Proxy, folder: Path) -> Iterator[Exchange]:
    day = Day(place, wire.url, folder)
    day.register(CHILDREN)
    morning = days(CHILDREN)
    day.weigh(next(morning))
    yield _exchanged(day, wire, f"a day of {CHILDREN} children", CHILDREN)
    yield _exchanged(day, wire, "nothing new", 0)
    rows = [row for rest in morning for row in rest]
    day.weigh(rows[:1000])
    yield _exchanged(day, wire, "1,000 rows at once", 1000)
    day.weigh(rows[1000:])
    yield _exchanged(day, wire, f"the other {len(rows) - 1000} rows of {VISITS} months", len(rows) - 1000)
    day.transport.close()


def _exchanged(day: Day, wire: Proxy, what: str, rows: int) -> Exchange:
    wire.reset()
    begun = perf_counter()
    outcome = as_laptop.exchange(day.laptop, day.transport)
    assert outcome.acknowledged == rows
    return Exchange(what, rows, Cost(wire.up, wire.down, wire.requests, perf_counter() - begun))


def _received(place: Village, wire: Proxy, folder: Path) -> Exchange:
    """Count what a new laptop of the same posyandu is told, its enrolment included."""
    wire.reset()
    begun = perf_counter()
    second = Day(place, wire.url, folder)
    seconds = perf_counter() - begun
    with second.laptop.store_for_job() as store:
        edits = store.value("select count(*) from edits")
    second.transport.close()
    what = f"a new laptop enrols and is told {edits} edits"
    return Exchange(what, 0, Cost(wire.up, wire.down, wire.requests, seconds))


def main() -> None:
    """Print the figures, one a line."""
    for what, rows, cost in exchanges():
        each = f", {cost.both / rows:.1f} B a row" if rows else ""
        counted = f"{cost.up:6} B up {cost.down:6} B down, {cost.requests} request{'s'[: cost.requests != 1]}"
        print(f"{what:44} {counted}{each}, {cost.seconds * 1000:.0f} ms")


if __name__ == "__main__":
    main()
