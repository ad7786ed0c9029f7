"""KBM: the smallest gain of weight in a month that counts as growing, by sex, age and date.

The numbers are data, `tables/kbm.csv`, which an operator may replace: printed cards differ
at months 7 and 11. All rows with the same `valid_from` are one edition; on a day the newest edition begun
by then holds.
"""

import csv
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from siposyandu.growth.errors import BadTable

KBM_FILE = Path(__file__).parent / "tables" / "kbm.csv"


class MinimumGains(NamedTuple):
    """All editions: `begins` in order of date, and for each (sex, completed months) -> grams."""

    begins: tuple[date, ...]
    editions: tuple[Mapping[tuple[str, int], int], ...]

    def at(self, sex: str, age_months: int, on: date) -> int | None:
        """Return the minimum gain in grams, None where the card has none (birth month, over 60 months)."""
        edition = bisect_right(self.begins, on) - 1
        return self.editions[edition].get((sex, age_months)) if edition >= 0 else None


@cache
def minimum_gains(path: Path = KBM_FILE) -> MinimumGains:
    """Read the table, once per file. BadTable names the file and the line that cannot be read."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as opened:
            return _editions(csv.DictReader(opened))
    except (OSError, KeyError, TypeError, ValueError) as fault:
        raise BadTable(file=path.name, why=getattr(fault, "strerror", None) or str(fault)) from fault


def minimum_gain_g(sex: str, age_months: int, on: date) -> int | None:
    """Return the KBM in grams for a weighing at an age in completed months on a day.

    >>> minimum_gain_g("m", 7, date(2026, 8, 3)), minimum_gain_g("f", 7, date(2026, 8, 3))
    (400, 300)
    """
    return minimum_gains().at(sex, age_months, on)


def _editions(rows: Iterable[Mapping[str, str]]) -> MinimumGains:
    editions: dict[date, dict[tuple[str, int], int]] = {}
    for line, row in enumerate(rows, start=2):
        edition = editions.setdefault(date.fromisoformat(row["valid_from"]), {})
        for month in range(int(row["age_month_from"]), int(row["age_month_to"]) + 1):
            if row["sex"] not in ("m", "f") or (row["sex"], month) in edition:
                raise ValueError(f"line {line}: unknown sex, or month {month} given twice")
            edition[row["sex"], month] = int(row["minimum_gain_g"])
    begins = tuple(sorted(editions))
    return MinimumGains(begins, tuple(editions[day] for day in begins))
