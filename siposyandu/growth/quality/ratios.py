"""Who came: as many boys as girls, and as many younger as older children as there should be?

Source: SMART plausibility checks, nipnTK (sexRatioTest, ageRatioTest): boys to girls 1 to 1, children of 6 to 29 months
to those of 30 to 59 months 0.85 to 1; the p-value of R's prop.test with continuity correction. A small p says that some
children are missing from the list or stayed at home, or that ages are wrong.
"""

from typing import NamedTuple

from siposyandu.growth.quality.chance import proportion_p
from siposyandu.growth.quality.reading import Reading, reading

BOYS_PER_GIRL = 1.0
YOUNG_PER_OLD = 0.85
YOUNG_FROM, OLD_FROM, OLD_TO = 6, 30, 59
"""Completed months."""


class Ratio(NamedTuple):
    """So many of the first kind and so many of the second, against the ratio expected."""

    first: int
    second: int
    expected: float

    @property
    def observed(self) -> Reading:
        """The first for one of the second."""
        return reading(self.first / self.second if self.second else None, self.first + self.second)

    @property
    def p(self) -> Reading:
        """The chance of a ratio at least so far from the expected one."""
        whole = self.first + self.second
        return reading(proportion_p(self.first, whole, self.expected / (1 + self.expected)), whole)


def sex_ratio(boys: int, girls: int, expected: float = BOYS_PER_GIRL) -> Ratio:
    """Return boys against girls; `expected` may come from a census."""
    return Ratio(boys, girls, expected)


def age_ratio(young: int, old: int, expected: float = YOUNG_PER_OLD) -> Ratio:
    """Return children of 6 to 29 completed months against those of 30 to 59."""
    return Ratio(young, old, expected)
