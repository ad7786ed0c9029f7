"""Whether an old laptop is quick enough: five years of a hundred children, encrypted, on a slow machine; figures and goals.

Run `python tests/bench/bench_old_laptop.py`, or with a word behind it for only the pages whose name has it. The laptop is a real
process on half a core and a slow disk (slow_machine.py says how, and prints it). Times are those of whole requests over loopback;
processor time of the laptop's process stands beside them, for it drifts less where other programs run. The browser is not in it:
bench_day.py has one.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from siposyandu import config, founding, stations
from tests.bench import bench_pages, five_years
from tests.bench.bench_laptop import held_mb
from tests.bench.bench_pages import Row, last_seen, open_ms, save_ms
from tests.bench.slow_machine import SlowPlace, forget_files, slow_machine
from tests.bench.times import at, timed_ms
from tests.kader import Kader
from tests.locked import PASSPHRASE
from tests.places import until
from tests.visitor import Visitor

STARTS, RUNS, WEIGHED = 5, 40, 60
READY_S, PAGE_MS, SAVE_MS, SEARCH_MS, MEMORY_MB, DISK_MB = 5, 100, 50, 100, 100, 50


@dataclass
class Taken:
    """What doing the same thing many times took: each time in ms, and processor time of the laptop in all."""

    name: str
    goal_ms: float
    times_ms: list[float] = field(default_factory=list)
    cpu_ms: float = 0.0

    def line(self) -> str:
        """Write the line of the table."""
        ordered = sorted(self.times_ms)
        p50, p95, each = at(ordered, 0.5), at(ordered, 0.95), self.cpu_ms / len(ordered)
        said = verdict(p95, self.goal_ms)
        return f"{self.name:<38}{p50:>8.1f}{p95:>8.1f}{each:>8.1f}{self.goal_ms:>7.0f}  {said}"


def main() -> None:
    """Print the figures, one a line, each with its goal."""
    word = " ".join(sys.argv[1:])
    with copied() as place:
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {'; '.join(place.machine.said)}")
        for said in morning(place, word) if word else (*starts(place), *morning(place), *disk(place)):
            print(said)


@contextmanager
def copied() -> Iterator[SlowPlace]:
    """Give an encrypted copy of the laptop of five years, switched off, on a slow machine."""
    with (
        tempfile.TemporaryDirectory(prefix="siposyandu-bench-") as folder,
        slow_machine(Path(folder)) as machine,
    ):
        here = Path(folder, "laptop")
        shutil.copytree(five_years.made(), here)
        place = SlowPlace(here, machine)
        five_years.kader_of(place)
        founding.encrypt(here, PASSPHRASE)
        yield place


def starts(place: SlowPlace) -> Iterator[str]:
    """Start it closed: until the passphrase can be typed, cold and warm, and from there until a name can be touched.

    Cold twice: as just after an installation, and as on every other day, when its byte code is kept in one file (bytecode.py).
    """
    forget_files(place.folder)
    first_s, _ = start_s(place)
    work_once(place)
    files = forget_files(place.folder)
    cold_s, cold_door_s = start_s(place)
    warm = [start_s(place) for _ in range(STARTS)]
    yield f"{'ready to type, cold, for the first time ever, s':<54}{first_s:>8.2f}"
    yield of_goal(f"ready to type, cold ({files} files forgotten), s", cold_s, READY_S)
    yield of_goal("ready to type, warm, slowest of five, s", max(first for first, _ in warm), READY_S)
    yield f"{'then from the passphrase to the door, s':<54}{cold_door_s:>8.2f} cold, {median(s for _, s in warm):.2f} warm"


def work_once(place: SlowPlace) -> None:
    """Open it and let it run until it has kept its byte code for the next start."""
    place.passphrase = PASSPHRASE
    with place:
        until(lambda: any(place.cache.glob(f"siposyandu/*.{sys.implementation.cache_tag}")), "its byte code")
    place.passphrase = ""


def start_s(place: SlowPlace) -> tuple[float, float]:
    """Start it and open it; returns the seconds until the passphrase's page is there, and from the passphrase to the door."""
    started, _ = timed_ms(place.start)
    with Visitor(place.address) as visitor:
        asked, page = timed_ms(lambda: visitor.open("/"))
        opened, _ = timed_ms(
            lambda: visitor.submit(page, "/buka", {"passphrase": PASSPHRASE, "next": "/masuk"})
        )
    place.stop()
    return (started + asked) / 1000, opened / 1000


def morning(place: SlowPlace, word: str = "") -> Iterator[str]:
    """Work through a morning and say what each page took whose name has a word, what saving took, what the process holds."""
    place.passphrase = PASSPHRASE
    worker = five_years.kader_of(place)
    with place:
        kader = Kader(place, worker)
        kader.sign_in()
        children = last_seen(kader)
        yield f"{'':<38}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}{'goal':>7}"
        yield from (taken.line() for taken in weighed(place, kader, children))
        for name, paths in pages(children).items():
            if word not in name:
                continue
            goal = SEARCH_MS if name.startswith("search") else PAGE_MS
            open_ms(kader, paths[0])  # the first time of a page compiles its template
            yield done(
                place,
                Taken(name, goal),
                [lambda path=path: open_ms(kader, path) for path in islice(cycle(paths), RUNS)],
            ).line()
        yield of_goal("memory after a morning (VmRSS), MB", held_mb(place.pid, "VmRSS"), MEMORY_MB)
        kader.come_in()  # again: her PIN is checked while most is held
        yield of_goal(
            "memory at most, opening and signing in (VmHWM), MB", held_mb(place.pid, "VmHWM"), MEMORY_MB
        )
        kader.visitor.close()


def pages(children: list[Row]) -> dict[str, list[str]]:
    """Return the pages of a day and the addresses that show them."""
    return bench_pages.pages(children) | {
        "open the day /hari-ini/tanggal": ["/hari-ini/tanggal"],
        "prepare /hari-ini/sebelum": ["/hari-ini/sebelum"],
        "result and sweeping /hari-ini/sesudah": ["/hari-ini/sesudah"],
        "close the day /hari-ini/tutup": ["/hari-ini/tutup"],
        "the minutes /hari-ini/notulen": ["/hari-ini/notulen"],
        "the book /hari-ini/buku": ["/hari-ini/buku"],
        "paper /cetak": ["/cetak"],
        "referrals /rujukan": ["/rujukan"],
        "the queue /langkah/": [f"/langkah/{code}" for code in stations.ORDER],
    }


def weighed(place: SlowPlace, kader: Kader, children: list[Row]) -> tuple[Taken, Taken]:
    """Weigh many children, one after the other; returns what saving took, and the answer after it."""
    saves, answers = Taken("save a weighing (POST)", SAVE_MS), Taken("the answer after it", PAGE_MS)
    for child in children[:WEIGHED]:
        before = cpu_ms(place.pid)
        saved = save_ms(kader, child)  # with the page that the form stands on
        if saved is None:
            continue
        saves.times_ms.append(saved[0])
        saves.cpu_ms += cpu_ms(place.pid) - before
        done(place, answers, [lambda path=saved[1]: open_ms(kader, path)])
    saves.name = "save (POST; CPU: with its page)"
    return saves, answers


def done(place: SlowPlace, taken: Taken, acts: list[Callable[[], float]]) -> Taken:
    """Do things and add what they took."""
    before = cpu_ms(place.pid)
    taken.times_ms += [act() for act in acts]
    taken.cpu_ms += cpu_ms(place.pid) - before
    return taken


def cpu_ms(pid: int) -> float:
    """Return the processor time that the threads of a process have had, in ms; of those that are still there."""
    taken = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended while this was read
            taken += int((task / "schedstat").read_text("ascii").split()[0])
    return taken / 1e6


def disk(place: SlowPlace) -> Iterator[str]:
    """Say how large the database is, and all that lies in the laptop's folder."""
    size = config.load(place.folder).database_path.stat().st_size / 1e6
    yield of_goal("database, MB", size, DISK_MB)


def of_goal(name: str, value: float, goal: float) -> str:
    """Write a line of one figure and its goal."""
    return f"{name:<54}{value:>8.2f}{goal:>7.0f}  {verdict(value, goal)}"


def verdict(value: float, goal: float) -> str:
    """Say whether a figure keeps its goal.

    >>> verdict(99.0, 100), verdict(100.0, 100)
    ('met', 'NOT MET')
    """
    return "met" if value < goal else "NOT MET"


if __name__ == "__main__":
    main()
