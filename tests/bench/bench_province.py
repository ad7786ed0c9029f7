"""How long an officer waits for the numbers of the whole province: 7,716 posyandu, twelve months, a million tally rows.

Run `python tests/bench/bench_province.py`. The counts are made up, from a fixed seed; the first minute fills the store.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from siposyandu import areas
from siposyandu.periods import Month
from siposyandu.store import Store
from siposyandu.tally import AGE_GROUPS, COUNTS
from tests.bench.times import HEADING, line, timed_ms
from tests.conftest import app_of, found, sign_in

POSYANDU = 7716
MONTHS = (Month(2025, 9), Month(2026, 8))
RUNS = 12
PAGES = {
    "the province by kabupaten": "/wilayah/52",
    "the province by puskesmas": "/wilayah/52?per=puskesmas",
    "a kabupaten by desa": "/wilayah/5203?per=desa",
    "a kecamatan by posyandu": "/wilayah/520312?per=posyandu",
    "a desa": "/wilayah/5203122002",
    "the province's table as a file": "/wilayah/52/tabel.csv?per=kecamatan",
    "the list of all posyandu": "/kelola/posyandu",
}


def fill(store: Store) -> None:
    """Write the posyandu of the province and a year of counts."""
    random = Random(2)  # seeded: the same province every time
    desa = [
        desa.code for kabupaten in areas.children("52") for each in areas.children(kabupaten.code)
        for desa in areas.children(each.code)
    ]  # fmt: skip
    posts = [
        (f"{number:032x}", f"P{number}", f"Melati {number}", desa[number % len(desa)])
        for number in range(POSYANDU)
    ]
    marks = ", ".join(f"${place}" for place in range(1, len(COUNTS) + 5))
    with store.write():
        store.many(
            "insert into posyandu (id, code, name, desa_code, active) values ($1, $2, $3, $4, 1)", posts
        )
        store.many(
            f"insert into tally (posyandu, month, age_group, sex, {', '.join(COUNTS)}) values ({marks})",
            (row for post in posts for row in _year(post[0], random)),
        )


def _year(posyandu: str, random: Random) -> Iterator[tuple[str | int, ...]]:
    for month in MONTHS[0].until(MONTHS[1]):
        came = random.random() < 0.9
        for group in AGE_GROUPS:
            for sex in "mf":
                counts = _counts(random, came=came)
                yield (posyandu, str(month), group, sex, *(counts[name] for name in COUNTS))


def _counts(random: Random, *, came: bool) -> dict[str, int]:
    """Counts of a few children in which every part is smaller than its whole."""
    expected = random.randint(3, 8)
    weighed = random.randint(1, expected) if came else 0
    found = random.randint(0, weighed)
    wholes = dict.fromkeys(("d", "haz_measured", "whz_measured", "waz_measured"), weighed)
    return {
        **dict.fromkeys(COUNTS, found // 2),
        "s": expected,
        "k": expected,
        "n": found,
        "t": weighed - found,
        **wholes,
    }


def main() -> None:
    """Print the times of the pages."""
    with tempfile.TemporaryDirectory() as folder:
        province = found(Path(folder), upstream="")
        with province.instance.store_for_job() as store:
            fill(store)
        eka = sign_in(app_of(province).test_client(), province.eka)
        print(HEADING)
        for name, path in PAGES.items():
            print(line(name, [timed_ms(lambda path=path: eka.get(path))[0] for _run in range(RUNS)]))


if __name__ == "__main__":
    main()
