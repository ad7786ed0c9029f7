"""What a laptop with five years of a hundred children asks of its machine: start-up time, memory, disk.

Run `python tests/bench/bench_laptop.py`. Memory is what the process holds (VmRSS) after its first page, after a morning's
work of 80 weighings with their pages, and at its most; the disk's part is the database after the laptop was stopped.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import five_years
from tests.bench.bench_pages import last_seen, open_ms, pages, weigh
from tests.bench.times import HEADING, line, timed_ms
from tests.kader import Kader
from tests.places import Place
from tests.visitor import Visitor

STARTS = 7
TABLES = ("edits", "balita", "balita_growth", "tally", "person_search")


def main() -> None:
    """Print the figures, one a line."""
    with copied() as place:
        starts = [start_ms(place) for _ in range(STARTS)]
        print(HEADING)
        print(line("start: the address is printed", [printed for printed, _ in starts]))
        print(line("start: the first page is there", [shown for _, shown in starts]))
        for said in (*memory(place), *disk(place)):
            print(said)


@contextmanager
def copied() -> Iterator[Place]:
    """Give a copy of the laptop, switched off."""
    with tempfile.TemporaryDirectory(prefix="siposyandu-bench-") as folder:
        shutil.copytree(five_years.made(), folder, dirs_exist_ok=True)
        yield Place(Path(folder), upstream=five_years.NOWHERE)


def start_ms(place: Place) -> tuple[float, float]:
    """Start the laptop and stop it again; returns the time until it says its address, and until the door has opened."""
    printed, _ = timed_ms(place.start)
    with Visitor(place.address) as visitor:
        opened, _ = timed_ms(lambda: visitor.open("/masuk"))
    place.stop()
    return printed, printed + opened


def memory(place: Place) -> Iterator[str]:
    """Work through a morning and say what the process holds."""
    kader = Kader(place, five_years.kader_of(place))
    with place:
        kader.visitor.address = place.address
        kader.visitor.open("/masuk")
        yield f"memory after the first page: {held_mb(place.pid, 'VmRSS'):.1f} MB"
        kader.sign_in()
        children = last_seen(kader)
        for paths in pages(children).values():
            for path in paths:
                open_ms(kader, path)
        weigh(kader, children)
        yield f"memory after a morning: {held_mb(place.pid, 'VmRSS'):.1f} MB, at most {held_mb(place.pid, 'VmHWM'):.1f} MB"
        kader.visitor.close()


def held_mb(pid: int, name: str) -> float:
    """Return a figure of a process's memory in MB of a million bytes."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith(f"{name}:"))
    return int(kilobytes) * 1024 / 1e6


def disk(place: Place) -> Iterator[str]:
    """Say how large the database is and what in it takes the most."""
    instance = place.instance
    with instance.store_for_job() as store:
        counts = ", ".join(f"{store.value(f'select count(*) from {table}')} {table}" for table in TABLES)
    megabytes = instance.config.database_path.stat().st_size / 1e6
    yield f"database: {megabytes:.1f} MB ({counts})"


if __name__ == "__main__":
    main()
