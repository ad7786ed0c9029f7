"""How long it takes to judge how well children were measured: a posyandu, a puskesmas, a kabupaten; and how sure it is.

Times are of the processor, so that other work on the machine does not count. Run
`python tests/bench/bench_quality.py`. The children are made up; nothing is written outside memory.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[2]))

from siposyandu import quality
from siposyandu.growth.quality import remarks
from siposyandu.growth.quality.digits import TENTH_CM_IN_MM, final_digits
from siposyandu.migrations import migrate
from siposyandu.periods import Month
from siposyandu.store import SqliteStore, open_store
from tests.bench.times import HEADING, line

CHILDREN, POSYANDU, KABUPATEN_POSYANDU = 67, 20, 900
LAST = Month(2026, 8)
MONTHS = 4
RUNS = 15
SESSIONS = 4000


def filled(posyandu: int, months: int = MONTHS, seed: int = 1) -> SqliteStore:
    """Return a store in memory with so many posyandu of one puskesmas each twenty, measured for some months."""
    store, chance = open_store(":memory:"), Random(seed)
    migrate(store)
    with store.write():
        store.many(
            "insert into posyandu (id, name, desa_code, puskesmas, active) values ($1, $2, $3, $4, 1)",
            [
                (identity(1, at), f"Melati {at}", "5202022005", identity(2, at // POSYANDU))
                for at in range(posyandu)
            ],
        )
        visits = list(_visits(chance, posyandu, months))
        store.many(
            """insert into balita (id, person, posyandu, visit_date, weight_g, length_height_mm, measured)
            values ($1, $2, $3, $4, $5, $6, $7)""",
            [visit[:7] for visit in visits],
        )
        store.many(
            """insert into balita_growth (id, person, visit_date, month, sex, age_days, age_months, standard, waz, haz, whz,
                waz_flag, haz_flag, whz_flag, oedema, severe_malnutrition, counts_weight, counts_length, two_t, below_red_line)
            values ($1, $2, $3, $4, $5, $6, $7, 'bench', $8, $9, $10, 0, 0, 0, 0, 0, 1, 1, 0, 0)""",
            [(visit[0], visit[1], visit[3], visit[3][:7], *visit[7:]) for visit in visits],
        )
    return store


def _visits(chance: Random, posyandu: int, months: int) -> Iterator[tuple[str | int | float, ...]]:
    for at in range(posyandu * CHILDREN):
        person, born, sex = (
            identity(3, at),
            LAST.first - timedelta(days=chance.randrange(120, 1800)),
            chance.choice("mf"),
        )
        for back in range(months):
            on = LAST.shifted(-back).first + timedelta(days=7)
            days = (on - born).days
            measures = (
                chance.randrange(5000, 18000, 10),
                chance.randrange(550, 1100),
                "lying" if days < 731 else "standing",
            )
            zs = [round(chance.gauss(-1, 1.1), 2) for _ in range(3)]
            yield (
                identity(4, at * months + back), person, identity(1, at // CHILDREN), on.isoformat(), *measures,
                sex, days, days * 12 // 365, *zs,
            )  # fmt: skip


def identity(kind: int, number: int) -> str:
    """Return a made-up id: its kind (1 posyandu, 2 puskesmas, 3 child, 4 visit) and number."""
    return f"{kind:02x}{number:030x}"


def _judge(store: SqliteStore, posyandu: int, months: int) -> int:
    ids = [identity(1, at) for at in range(posyandu)]
    groups = quality.measurements(store, ids, LAST.shifted(1 - months), LAST)
    return sum(len(remarks(each)) for each in quality.counts(groups).values())


def speed() -> None:
    """Print the times."""
    print(HEADING)
    store = filled(POSYANDU)
    for posyandu, months in ((1, 1), (1, 3), (POSYANDU, 1), (POSYANDU, 3)):
        act = partial(_judge, store, posyandu, months)
        print(line(f"{posyandu} posyandu, {months} month(s)", _times_ms(act)))
    store = filled(KABUPATEN_POSYANDU, months=1)
    act = partial(quality.overview, store, "5202", LAST, LAST, "puskesmas")
    print(line(f"kabupaten of {KABUPATEN_POSYANDU} posyandu", _times_ms(act, runs=3)))


def _times_ms(act: Callable[[], object], runs: int = RUNS) -> list[float]:
    act()
    times = []
    for _ in range(runs):
        begun = process_time()
        act()
        times.append((process_time() - begun) * 1000)
    return times


def sureness() -> None:
    """Print how often honest sessions are called heaped, and how often heaped ones are."""
    chance = Random(1)
    print(f"\n{'called heaped, of 100 sessions':<34}" + "".join(f"{size:>9}" for size in (30, 67, 200)))
    for share in (0.0, 0.1, 0.2, 0.3, 0.54):
        rates = [
            100 * sum(_called(chance, size, share) for _ in range(SESSIONS)) / SESSIONS
            for size in (30, 67, 200)
        ]
        print(
            f"{f'{share:.0%} of lengths rounded to half cm':<34}" + "".join(f"{rate:>9.1f}" for rate in rates)
        )


def _called(chance: Random, size: int, share: float) -> bool:
    honest = [chance.randrange(500, 1100) for _ in range(size)]
    read = [round(mm / 5) * 5 if chance.random() < share else mm for mm in honest]
    return bool(final_digits(read, TENTH_CM_IN_MM).heaped)


if __name__ == "__main__":
    print(f"{date.today()}: {CHILDREN} children a posyandu, each measured every month")
    speed()
    sureness()
