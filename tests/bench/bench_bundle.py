"""What a month on a flash disk costs: the bundle of 100 children, its envelope, its import, and the way home.

Run `python tests/bench/bench_bundle.py`. The whole program on both sides. The visits are those of a synthetic village; a month
is one visit of each child with all that was measured and asked. The goals: at most 30 kB and a second for the month, at most
200 bytes more than its envelope.
"""

import sys
import tempfile
from os import cpu_count, getloadavg
from pathlib import Path
from statistics import median
from time import perf_counter

from siposyandu import as_laptop, as_province

sys.path.insert(0, str(Path(__file__).parents[2]))

from siposyandu.app import create_app
from siposyandu.instance import Instance
from sync import bundle, courier, postbox
from sync.bundle import Bundle
from tests.bench.days import Day, days
from tests.conftest import Village, found
from tests.sync_http import listening

CHILDREN = 100
KEPT = ("edits", "feed", "heads", "balita")


def say(line: str) -> None:
    """Print one line."""
    print(line)


def main() -> None:
    """Print the figures, one a line."""
    say(f"load {getloadavg()[0]:.1f} on {cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        place = found(Path(folder) / "province", upstream="")
        with listening(create_app(place.instance)) as port:
            day = Day(place, f"http://127.0.0.1:{port}", Path(folder) / "melati")
            day.register(CHILDREN)
        months = days(CHILDREN)
        imports = [
            month(place, day, rows, first=number == 0) for number, rows in enumerate(months) if number < 5
        ]
        say(f"import of a month at the province, median of {len(imports)}: {median(imports) * 1000:.0f} ms")


def month(place: Village, day: Day, rows: list[tuple[int, dict[str, object]]], *, first: bool) -> float:
    """Carry one month there and back; return the seconds that the province's import took."""
    day.weigh(rows)
    data, seconds = exported(day.laptop)
    begun = perf_counter()
    with place.instance.store_for_job() as store:
        delivered = postbox.receive(as_province.ports(place.instance, store), data)
    took = perf_counter() - begun
    with day.laptop.store_for_job() as store:
        brought = courier.take(as_laptop.ports(day.laptop, store), b"".join(delivered.receipts))
    assert brought.acknowledged == len(rows)
    if first:
        values = sum(value is not None for _, said in rows for value in said.values())
        report(place, data, delivered.receipts, values, seconds)
    return took


def exported(laptop: Instance) -> tuple[bytes, float]:
    """Return a bundle and the seconds it took to write."""
    begun = perf_counter()
    with laptop.store_for_job() as store:
        data = courier.export(as_laptop.ports(laptop, store))
    return data, perf_counter() - begun


def report(place: Village, data: bytes, receipts: tuple[bytes, ...], values: int, seconds: float) -> None:
    """Print the sizes of a month's bundle, and that a second import changes nothing."""
    (whole,) = (each for each in bundle.split(data) if isinstance(each, Bundle))
    envelopes = [part for _, part in bundle.open_push(whole, place.instance.ring.keys.box_seed)]
    inside = sum(map(len, envelopes))
    say(
        f"{CHILDREN} children, {values} values: {len(data)} bytes; {len(envelopes)} envelope of {inside} bytes"
    )
    say(
        f"a bundle adds {len(data) - inside} bytes; written in {seconds * 1000:.0f} ms; receipt {sum(map(len, receipts))} bytes"
    )
    before = counted(place)
    with place.instance.store_for_job() as store:
        postbox.receive(as_province.ports(place.instance, store), data)
    say(f"imported again: {'nothing changed' if counted(place) == before else 'CHANGED'}")


def counted(place: Village) -> list[int]:
    """Return how many rows there are of everything an import could double."""
    with place.instance.store_for_job() as store:
        return [int(store.value(f"select count(*) from {table}")) for table in KEPT]


if __name__ == "__main__":
    main()
