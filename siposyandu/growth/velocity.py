"""Weight velocity: is what a child gained in 1, 2 or 3 months usual for healthy children of her age and sex?

Source: WHO Child Growth Standards, Growth velocity (2009), tables of weight increments: over 1 month from birth to
12 months of age, over 2 and 3 months to 24 months. How a gain is read off them, in order:

1. The days between two weighings must be near 1, 2 or 3 months of 30.4375 days (DAYS_OFF); otherwise there is no
   answer, for the tables suppose whole months. The gain is not stretched to the whole month: an interval that is
   DAYS_OFF days short makes a gain look poorer by up to 0.3 SD in the first half-year, a longer one richer.
2. The age at the first weighing, to the nearest whole month, names the row, as one reads the printed table.
3. WHO added delta to each gain before fitting: z = (((gain + delta) / M)^L - 1) / (L S); beyond 3 SD a straight
   line, as in the weight standards (so a loss greater than delta has a z too).
"""

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from math import floor
from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

from siposyandu.growth.errors import BadTable
from siposyandu.growth.length import DAYS_PER_MONTH
from siposyandu.growth.lms import TAIL_SD, Lms, restricted_value_at, restricted_zscore, value_at

FOLDER = Path(__file__).parent / "tables"
TABLE_FILES = (FOLDER / "velocity.csv", FOLDER / "velocity_3_months.csv")
DAYS_OFF = {1: 4, 2: 6, 3: 8}
"""How many days an interval of so many months may be off."""
WEEKS_4_DAYS = 28
"""The first two intervals of the 1-month table are 0 to 4 weeks and 4 weeks to 2 months."""
NOMINAL_DAYS = {(1, 0): WEEKS_4_DAYS, (1, 1): 2 * DAYS_PER_MONTH - WEEKS_4_DAYS}
"""By months of the interval and month of age; every other interval is whole months."""
FIFTH_CENTILE_Z = NormalDist().inv_cdf(0.05)


class Increments(NamedTuple):
    """One row of WHO's tables: L, M, S of the gain plus delta, in grams."""

    lms: Lms
    delta_g: int


class Velocity(NamedTuple):
    """A gain read off WHO's table: over how many months, from which month of age, days off, and where it lies.

    `centile` is how many of 100 healthy children gain less; `fifth_g` the gain that only 5 of 100 stay below.
    """

    months: int
    from_month: int
    days_off: float
    gain_g: int
    z: float
    centile: float
    fifth_g: int

    @property
    def slow(self) -> bool:
        """Whether fewer than 5 of 100 healthy children gain so little (KMK 1936/2022)."""
        return self.z < FIFTH_CENTILE_Z


def velocity(sex: str, age_days_before: int, age_days: int, gain_g: int) -> Velocity | None:
    """Judge a gain in grams between two weighings at ages in days; None where WHO has no row for it.

    >>> found = velocity("m", 335, 365, -106)
    >>> found.months, found.from_month, round(found.centile, 1), found.fifth_g
    (1, 11, 5.0, -106)
    >>> velocity("m", 335, 375, 0) is None
    True
    """
    for months in DAYS_OFF:
        from_month = floor(age_days_before / DAYS_PER_MONTH + 0.5)
        nominal = NOMINAL_DAYS.get((months, from_month), months * DAYS_PER_MONTH)
        days_off = age_days - age_days_before - nominal
        row = increments().get((sex, months, from_month))
        if row is not None and abs(days_off) <= DAYS_OFF[months]:
            z = zscore(gain_g, row)
            fifth_g = round(gain_at(FIFTH_CENTILE_Z, row))
            return Velocity(months, from_month, days_off, gain_g, z, 100 * NormalDist().cdf(z), fifth_g)
    return None


def zscore(gain_g: float, row: Increments) -> float:
    """Return the z-score of a gain in grams, unrounded."""
    shifted = gain_g + row.delta_g
    third, second = value_at(-TAIL_SD, row.lms), value_at(1 - TAIL_SD, row.lms)
    if shifted < third:  # may be below zero, where a power has no value
        return -TAIL_SD + (shifted - third) / (second - third)
    return restricted_zscore(shifted, row.lms)


def gain_at(z: float, row: Increments) -> float:
    """Return the gain in grams that has this z-score: the reverse of `zscore`."""
    return restricted_value_at(z, row.lms) - row.delta_g


@cache
def increments(files: tuple[Path, ...] = TABLE_FILES) -> Mapping[tuple[str, int, int], Increments]:
    """Return the rows by sex, months of the interval and month of age at its start; BadTable names a damaged file."""
    found: dict[tuple[str, int, int], Increments] = {}
    for path in files:
        try:
            with path.open(newline="", encoding="utf-8") as opened:
                found.update(_rows(csv.DictReader(opened)))
        except (OSError, KeyError, TypeError, ValueError) as fault:
            raise BadTable(file=path.name, why=getattr(fault, "strerror", None) or str(fault)) from fault
    return found


def _rows(lines: Iterable[Mapping[str, str]]) -> dict[tuple[str, int, int], Increments]:
    return {
        (line["sex"], int(line["months"]), int(line["from_month"])): Increments(
            Lms(float(line["l"]), float(line["m"]), float(line["s"])), int(line["delta_g"])
        )
        for line in lines
    }
