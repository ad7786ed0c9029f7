"""How many bytes and requests an exchange costs: a posyandu's day of 60 children, 1,000 rows, and nothing new.

Run `python tests/bench/bench_wire.py`. The whole program on both sides, over HTTP on loopback, through a proxy that
counts all bytes of HTTP both ways (headers, signatures and acknowledgement included; TLS and TCP/IP not). The visits
are those of a synthetic village. The goals are PROTOCOL.md 7, G1, G2 and G6.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

import forms
from siposyandu import records
from siposyandu.app import create_app
from siposyandu.config import Config
from siposyandu.demo.children import village
from siposyandu.instance import Instance
from siposyandu.records import Pen
from sync.client import HttpTransport
from tests.conftest import NOW, Village, found
from tests.sync_http import Counter, listening

MONTHS = [(2024 + (8 + month) // 12, (8 + month) % 12 + 1) for month in range(24)]
CHILDREN, VISITS = 60, 22  # in 24 months some month is missed by everyone


def visits() -> list[list[dict[str, object]]]:
    """Return, for each of many children, the values of her visits in 24 months."""
    end = date(2026, 8, 31)
    made = village(7, posyandu_name="Melati", children=240, months=MONTHS, end=end, desa_code="5202022005")
    return [[dict(visit.values) for visit in child.visits] for child in made]


class Day:
    """A laptop whose children are registered and known to the province, and its counted road."""

    def __init__(self, place: Village, url: str, folder: Path) -> None:
        self.place = place
        self.transport = HttpTransport(url)
        self.laptop = Instance(Config(folder=folder, area="", upstream=url), clock=lambda: NOW)
        self.children: list[str] = []
        with place.instance.store_for_job() as store:
            code = place.instance.new_enrolment_code(store, place.melati)
        self.laptop.enrol(url, code, "bench")

    def register(self, count: int) -> None:
        """Register children; they reach the province before anything is counted."""
        with self.laptop.store_for_job() as store, store.write():
            for number in range(count):
                card = {"posyandu": self.place.melati, "name": f"Anak {number}", "birth_date": "2024-01-15"}
                pen = Pen(self.laptop.lane, self.place.aminah, NOW)
                self.children.append(records.save(store, pen, forms.BY_NAME["person"], card | {"sex": "f"}))
        self.laptop.exchange(self.transport)

    def weigh(self, rows: Sequence[tuple[int, dict[str, object]]]) -> None:
        """Write visits, two minutes between two children, three kader taking turns as the morning goes."""
        chance = Random(60)
        at = NOW
        with self.laptop.store_for_job() as store, store.write():
            for child, values in rows:
                at += timedelta(seconds=chance.randrange(60, 200))
                pen = Pen(self.laptop.lane, self.place.aminah, at)
                home = {"person": self.children[child], "posyandu": self.place.melati}
                records.save(store, pen, forms.BY_NAME["balita"], {**home, **values})


def days(count: int) -> Iterator[list[tuple[int, dict[str, object]]]]:
    """Yield posyandu days of `count` children, in the order they came."""
    by_child = [seen for seen in visits() if len(seen) >= VISITS][:count]
    chance = Random(2026)
    for month in range(VISITS):
        rows = [(number, seen[month]) for number, seen in enumerate(by_child)]
        chance.shuffle(rows)
        yield [(number, {**values, "visit_date": f"2026-08-{month + 1:02}"}) for number, values in rows]


def measured(day: Day, wire: Counter, what: str, rows: int) -> None:
    """Exchange once and print what it cost."""
    wire.reset()
    begun = perf_counter()
    outcome = day.laptop.exchange(day.transport)
    assert outcome.acknowledged == rows
    report(wire, what, rows, perf_counter() - begun)


def report(wire: Counter, what: str, rows: int, seconds: float) -> None:
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
        with listening(create_app(place.instance)) as port:
            wire = Counter(port).start()
            send(place, wire, Path(folder) / "melati")
            receive(place, wire, Path(folder) / "second")


def send(place: Village, wire: Counter, folder: Path) -> None:
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


def receive(place: Village, wire: Counter, folder: Path) -> None:
    """Count what a new laptop of the same posyandu is told, its enrolment included."""
    wire.reset()
    begun = perf_counter()
    second = Day(place, wire.url, folder)
    with second.laptop.store_for_job() as store:
        edits = store.value("select count(*) from edits")
    report(wire, f"a new laptop enrols and is told {edits} edits", 0, perf_counter() - begun)


if __name__ == "__main__":
    main()
