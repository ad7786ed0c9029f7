"""Along what a chart runs: age by day (WHO 2006), length by tenth of a centimetre, age by month (WHO 2007).

A scale knows WHO's table and its own axis. An SD line is computed at every step of it: `parts` steps to one unit of the
table; one unit of the axis (a month, a centimetre) is `per_unit` units of the table.
"""

from collections.abc import Callable
from math import ceil, floor
from typing import NamedTuple

from siposyandu.growth import school_age, standards
from siposyandu.growth.length import DAYS_PER_MONTH, length_lms
from siposyandu.growth.lms import Lms
from siposyandu.growth.reference import tables
from siposyandu.i18n import N_


class Scale(NamedTuple):
    """`row` gives L, M, S and `value` an SD line, of (index, sex, place in the table). `near` is the width of a close look."""

    per_unit: float
    parts: int
    row: Callable[[str, str, float], Lms | None]
    value: Callable[[str, str, float, float], float | None]
    near: int
    near_step: int
    range_words: str
    source: str

    def steps(self, first: float, last: float) -> range:
        """Return the steps that lie between two places of the axis."""
        fine = self.per_unit * self.parts
        return range(ceil(first * fine), floor(last * fine) + 1)

    def at(self, step: int) -> float:
        """Return the place of a step on the axis."""
        return step / (self.per_unit * self.parts)

    def line(self, index: str, sex: str, step: int, z: float) -> float | None:
        """Return the measure on an SD line at a step; None where the table has no row."""
        return self.value(index, sex, step / self.parts, z)


def _day_row(index: str, sex: str, day: float) -> Lms | None:
    return tables()[index, sex].row(int(day))


WHO_2006, WHO_2007 = N_("WHO standard 2006"), N_("WHO reference 2007")
BY_DAY = Scale(
    DAYS_PER_MONTH, 1, _day_row, standards.value_at, 12, 3, N_("{first} to {last} months"), WHO_2006
)
BY_LENGTH = Scale(1, 10, length_lms, standards.value_at, 20, 5, N_("{first} to {last} cm"), WHO_2006)
BY_MONTH = Scale(
    1, 4, school_age.month_lms, school_age.sd_line, 36, 12, N_("{first} to {last} years"), WHO_2007
)
