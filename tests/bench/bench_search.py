"""How long finding a person takes among 5,000: on the laptop's database, names with their titles and other spellings.

Run `python tests/bench/bench_search.py`. The people are those of the demo's villages, each with a family name of
syllables besides, so that there are thousands of words; what is typed are parts of their own
names in another spelling. A time is that of `people.find`, the question to the database and the sorting, without the page.
"""

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter

from siposyandu import people
from siposyandu.demo.children import village
from siposyandu.migrations import migrate
from siposyandu.periods import Month
from siposyandu.store import SqliteStore, open_store
from tests.bench.times import HEADING, line, timed_ms
from tests.conftest import MELATI_DESA

PEOPLE, POSYANDU, RUNS, SEED = 5000, 50, 100, 5
AT_ONCE = 200
SAID = ("muh", "St. Nur", "L. Wira", "baiq", "s", "zakiyah aini", "abdurahman", "Bq. Khaerunisa Azahra")


def main() -> None:
    """Print the times of finding, by what is typed, and of keeping the 5,000."""
    with tempfile.TemporaryDirectory(prefix="siposyandu-bench-") as folder:
        store = open_store(Path(folder) / "siposyandu.db")
        migrate(store)
        begun = perf_counter()
        fill(store)
        print(f"{PEOPLE} people kept in {perf_counter() - begun:.2f} s")
        print(f"{len(store._terms('person'))} different words")
        print(HEADING)
        mine = frozenset(str(number) for number in range(POSYANDU))
        for said in SAID:
            timed = [timed_ms(lambda said=said: people.find(store, said, mine)) for _ in range(RUNS)]
            print(line(f"{said} ({len(timed[0][1])} found)", [taken for taken, _ in timed]))
        store.close()


def fill(store: SqliteStore) -> None:
    """Keep the people, each with her name and her mother's, spread over the posyandu."""
    chance = Random(SEED)
    rows = [
        (
            f"{number:032x}",
            str(number % POSYANDU),
            f"{name} {_invented(chance)}",
            f"{mother} {_invented(chance)}",
        )
        for number, (name, mother) in enumerate(islice(_names(), PEOPLE))
    ]
    with store.write():
        store.many("insert into person (id, posyandu, name, mother_name) values ($1, $2, $3, $4)", rows)


def _invented(chance: Random) -> str:
    return "".join(chance.choice("bdfghjklmnprstwyz") + chance.choice("aiueo") for _ in range(3)).capitalize()


def _names() -> Iterator[tuple[str, str]]:
    seed = SEED
    while True:
        for child in village(
            seed,
            posyandu_name="Melati",
            children=AT_ONCE,
            months=[(2026, 7)],
            end=Month(2026, 7).last,
            desa_code=MELATI_DESA,
        ):
            yield str(child.values["name"]), str(child.values["mother_name"])
        seed += 1


if __name__ == "__main__":
    main()
