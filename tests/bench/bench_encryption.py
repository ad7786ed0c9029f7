"""What encryption costs a laptop with five years of a hundred children: the same work on a plain and an encrypted copy, in turn.

Run `python tests/bench/bench_encryption.py`. Two processes serve the two copies; every page is opened on one, then on the
other, so that a busy machine disturbs both alike. What counts is the ratio of the medians.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from siposyandu import config, founding
from tests.bench import five_years
from tests.bench.bench_laptop import held_mb
from tests.bench.bench_pages import last_seen, open_ms, pages, save_ms
from tests.bench.times import timed_ms
from tests.kader import Kader
from tests.locked import PASSPHRASE
from tests.places import Place
from tests.visitor import Visitor

STARTS, RUNS, WEIGHED = 5, 20, 40
SHOWN = (
    "today's posyandu /hari-ini",
    "the scales /kunjungan/balita/",
    "a child's page with KMS /anak/",
    "search /cari",
)
Both = tuple[Place, Place]


def main() -> None:
    """Print each figure of the plain copy, of the encrypted one, and their ratio."""
    with copies() as both:
        print(f"load {os.getloadavg()[0]:.1f}")
        print(f"{'':<44}{'plain':>10}{'encrypted':>10}{'ratio':>8}")
        for said in (*starts(both), *work(both), *disk(both)):
            print(said)


@contextmanager
def copies() -> Iterator[Both]:
    """Give a plain and an encrypted copy of the laptop, switched off."""
    with tempfile.TemporaryDirectory(prefix="siposyandu-bench-") as folder:
        made = []
        for name in ("plain", "encrypted"):
            shutil.copytree(five_years.made(), Path(folder, name))
            made.append(Place.standing(Path(folder, name)))
            five_years.kader_of(made[-1])
        founding.encrypt(made[1].folder, PASSPHRASE)
        made[1].passphrase = PASSPHRASE
        yield made[0], made[1]


def starts(both: Both) -> Iterator[str]:
    """Start each in turn: until the address is printed and the door of names has opened; then the morning's own steps."""
    taken: list[list[float]] = [[], []]
    for _ in range(STARTS):
        for number, place in enumerate(both):
            taken[number].append(door_ms(place))
    yield line("start, opened by input, until the door (ms)", *map(median, taken))
    closed = [closed_ms(both[1]) for _ in range(STARTS)]
    yield line(
        "start closed, until the morning's page (ms)", median(taken[0]), median(first for first, _ in closed)
    )
    yield f"from the passphrase to the door: {median(second for _, second in closed):.0f} ms"


def door_ms(place: Place) -> float:
    """Start a place and open its door; then stop it."""
    started, _ = timed_ms(place.start)
    with Visitor(place.address) as visitor:
        opened, _ = timed_ms(lambda: visitor.open("/masuk"))
    place.stop()
    return started + opened


def closed_ms(place: Place) -> tuple[float, float]:
    """Start a place closed: how long until its page asks for the passphrase, and from there to the door."""
    place.passphrase = ""
    started, _ = timed_ms(place.start)
    with Visitor(place.address) as visitor:
        asked, page = timed_ms(lambda: visitor.open("/"))
        opened, _ = timed_ms(
            lambda: visitor.submit(page, "/buka", {"passphrase": PASSPHRASE, "next": "/masuk"})
        )
    place.stop()
    place.passphrase = PASSPHRASE
    return started + asked, opened


def work(both: Both) -> Iterator[str]:
    """Work through a morning on both, page by page in turn, and say what the processes hold."""
    with ExitStack() as running:
        kader = [at_work(place, running) for place in both]
        yield line("memory after the first page (MB)", *(held_mb(place.pid, "VmRSS") for place in both))
        children = last_seen(kader[0])
        for name in SHOWN:
            paths = list(islice(cycle(pages(children)[name]), RUNS))
            yield line(f"{name} (ms)", *in_turn(kader, paths, open_ms))
        yield line("save a weighing (ms)", *saved_in_turn(kader, children))
        yield line("memory after a morning (MB)", *(held_mb(place.pid, "VmRSS") for place in both))
        yield line("memory at most (MB)", *(held_mb(place.pid, "VmHWM") for place in both))


def at_work(place: Place, running: ExitStack) -> Kader:
    """Start a place and sign its kader in."""
    worker = five_years.kader_of(place)
    running.enter_context(place)
    kader = Kader(place, worker)
    running.callback(kader.visitor.close)
    kader.sign_in()
    return kader


def in_turn(
    kader: Sequence[Kader], paths: Sequence[str], act: Callable[[Kader, str], float]
) -> tuple[float, float]:
    """Do the same on both, one after the other; returns the two medians."""
    taken = [[act(each, path) for each in kader] for path in paths]
    return median(first for first, _ in taken), median(second for _, second in taken)


def saved_in_turn(kader: Sequence[Kader], children: Sequence[dict[str, object]]) -> tuple[float, float]:
    """Save the same weighings on both; one that is asked about again counts on neither."""
    taken = [[save_ms(each, child) for each in kader] for child in children[:WEIGHED]]
    both = [(first[0], second[0]) for first, second in taken if first and second]
    return median(first for first, _ in both), median(second for _, second in both)


def disk(both: Both) -> Iterator[str]:
    """Say how large the two databases are."""
    sizes = [config.load(place.folder).database_path.stat().st_size / 1e6 for place in both]
    yield line("database (MB)", *sizes)


def line(name: str, plain: float, encrypted: float) -> str:
    """Write a line of the table."""
    return f"{name:<44}{plain:>10.1f}{encrypted:>10.1f}{encrypted / plain:>8.2f}"


if __name__ == "__main__":
    main()
