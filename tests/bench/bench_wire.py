"""How many bytes and requests an exchange costs: a posyandu's day of 60 children, 1,000 rows, and nothing new.

Run `python tests/bench/bench_wire.py`. The whole program on both sides, over HTTP on loopback, through a proxy that
counts all bytes of HTTP both ways (headers, signatures and acknowledgement included; TLS and TCP/IP not). The visits
are those of a synthetic village. The goals are PROTOCOL.md 7, G1, G2 and G6.
"""

import sys
import tempfile
from pathlib import Path
from time import perf_counter

from siposyandu import as_laptop

sys.path.insert(0, str(Path(__file__).parents[2]))

from siposyandu.app import create_app
from tests.bench.days import CHILDREN, VISITS, Day, days
from tests.conftest import Village, found
from tests.proxy import Proxy
from tests.sync_http import listening


def measured(day: Day, wire: Proxy, what: str, rows: int) -> None:
    """Exchange once and print what it cost."""
    wire.reset()
    begun = perf_counter()
    outcome = as_laptop.exchange(day.laptop, day.transport)
    assert outcome.acknowledged == rows
    report(wire, what, rows, perf_counter() - begun)


def report(wire: Proxy, what: str, rows: int, seconds: float) -> None:
    """Print what the wire has counted."""
    each = f", {(wire.up + wire.down) / rows:.1f} B a row" if rows else ""
    counted = f"{wire.up:6} B up {wire.down:6} B down, {wire.requests} request{'s'[: wire.requests != 1]}"
    say(f"{what:44} {counted}{each}, {seconds * 1000:.0f} ms")


def say(line: str) -> None:
    """Print one line."""
    print(line)


def main() -> None:
    """Print the figures, one a line."""
    with tempfile.TemporaryDirectory() as folder:
        place = found(Path(folder) / "province", upstream="")
        with listening(create_app(place.instance)) as port, Proxy(port) as wire:
            send(place, wire, Path(folder) / "melati")
            receive(place, wire, Path(folder) / "second")


def send(place: Village, wire: Proxy, folder: Path) -> None:
    """Count what a laptop sends."""
    day = Day(place, wire.url, folder)
    day.register(CHILDREN)
    morning = days(CHILDREN)
    day.weigh(next(morning))
    measured(day, wire, f"a day of {CHILDREN} children", CHILDREN)
    measured(day, wire, "nothing new", 0)
    rows = [row for rest in morning for row in rest]
    day.weigh(rows[:1000])
    measured(day, wire, "1,000 rows at once", 1000)
    day.weigh(rows[1000:])
    measured(day, wire, f"the other {len(rows) - 1000} rows of {VISITS} months", len(rows) - 1000)
    day.transport.close()


def receive(place: Village, wire: Proxy, folder: Path) -> None:
    """Count what a new laptop of the same posyandu is told, its enrolment included."""
    wire.reset()
    begun = perf_counter()
    second = Day(place, wire.url, folder)
    with second.laptop.store_for_job() as store:
        edits = store.value("select count(*) from edits")
    report(wire, f"a new laptop enrols and is told {edits} edits", 0, perf_counter() - begun)


if __name__ == "__main__":
    main()
