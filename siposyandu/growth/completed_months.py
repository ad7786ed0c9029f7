"""The rows that WHO prints by completed month, 0 to 60, for matching a paper table; never for a better score.

A child of 2 months and 29 days is read in the row of 2 months, as on paper (Permenkes 2/2020: "bulan penuh"). That makes
young children look taller and heavier than they are for their age: use whole days wherever the day is known.

WHO's printed row of a month is the row by days at 30.4375 days a month, between two days in proportion, rounded to the
printed decimals: so it comes out to one unit of the last of them. Month 60 (day 1826.25) lies 6 hours after our last
row; the line through the last two days is drawn on.
"""

from array import array
from collections.abc import Mapping
from functools import cache
from math import trunc

from siposyandu.growth.length import DAYS_PER_MONTH
from siposyandu.growth.reference import Table, tables

LAST_MONTH = 60
INDICES_BY_AGE = ("wfa", "lhfa", "bfa", "hcfa", "acfa", "tsfa", "ssfa")


@cache
def month_tables() -> Mapping[tuple[str, str], Table]:
    """Return the tables by age with a row for each completed month, by name and sex."""
    return {(index, sex): _by_month(tables()[index, sex]) for index in INDICES_BY_AGE for sex in "mf"}


def _by_month(by_day: Table) -> Table:
    months = [month for month in range(LAST_MONTH + 1) if month * DAYS_PER_MONTH >= by_day.first]
    columns = (
        array("i", (_at_month(column, by_day.first, month) for month in months))
        for column in (by_day.power, by_day.median, by_day.variation)
    )
    return Table(months[0], len(months), *columns)


def _at_month(column: "array[int]", first_day: int, month: int) -> int:
    """Return a column's value at the very end of a month, in its whole units."""
    day = month * DAYS_PER_MONTH - first_day
    lower = min(trunc(day), len(column) - 2)
    return round(column[lower] + (day - lower) * (column[lower + 1] - column[lower]))
