"""Ages and birth dates: were they asked and copied from a document, or guessed?

Guessed ages gather at whole years; guessed birth dates on the 1st and 15th, and on some months of the year.
Source: nipnTK (ageHeaping: remainder of the age in months, chi-square against equal shares); WHO and UNICEF 2019
(birth dates by month, index of dissimilarity; day of birth).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from siposyandu.growth.quality.chance import at_least_p, chi_square_p
from siposyandu.growth.quality.reading import Reading, Share, reading

MINIMUM_AGES = 60
"""Twelve classes want five children each for a chi-square to hold."""
DAYS_GUESSED = (1, 15)
EXPECTED_GUESSED = 24 / 365.25
CHANCE = 0.01
EXCESS = 0.1


class Ages(NamedTuple):
    """Children by the remainder of their age in months by 12, by month of birth, and how many on a guessed day."""

    remainders: tuple[int, ...] = (0,) * 12
    birth_months: tuple[int, ...] = (0,) * 12
    guessed: int = 0

    @property
    def whole(self) -> int:
        """How many children."""
        return sum(self.remainders)

    @property
    def heaping_p(self) -> Reading:
        """The chance of remainders (by 12) so uneven if ages were equally likely: small where ages are rounded."""
        return equal_shares_p(self.remainders)

    @property
    def half_year_heaping_p(self) -> Reading:
        """The same for remainders by 6."""
        return equal_shares_p([self.remainders[at] + self.remainders[at + 6] for at in range(6)])

    @property
    def birth_month_dissimilarity(self) -> Reading:
        """How many in 100 birth dates would have to move to make all months of the year equal."""
        if not self.whole:
            return reading(None, 0, MINIMUM_AGES)
        uneven = sum(abs(count / self.whole - 1 / 12) for count in self.birth_months)
        return reading(50 * uneven, self.whole, MINIMUM_AGES)

    @property
    def guessed_days(self) -> Share:
        """How many were born on the 1st or 15th; 6.6 in 100 are expected."""
        return Share(self.guessed, self.whole, MINIMUM_AGES)

    @property
    def heaped(self) -> bool | None:
        """Whether more birth dates than chance explains lie on the 1st and 15th; None when too few."""
        if self.whole < MINIMUM_AGES:
            return None
        more = self.guessed >= self.whole * (EXPECTED_GUESSED + EXCESS)
        return more and at_least_p(self.guessed, self.whole, EXPECTED_GUESSED) < CHANCE

    def plus(self, other: "Ages") -> "Ages":
        """Add another group's counts."""
        return Ages(
            _added(self.remainders, other.remainders),
            _added(self.birth_months, other.birth_months),
            self.guessed + other.guessed,
        )


def ages(children: Iterable[tuple[int, date]]) -> Ages:
    """Count children given as (age in completed months, birth date)."""
    listed = list(children)
    remainders = Counter(months % 12 for months, _ in listed)
    births = Counter(born.month for _, born in listed)
    return Ages(
        tuple(remainders[at] for at in range(12)),
        tuple(births[month] for month in range(1, 13)),
        sum(born.day in DAYS_GUESSED for _, born in listed),
    )


def equal_shares_p(counts: Sequence[int], minimum: int = MINIMUM_AGES) -> Reading:
    """Return the p-value of a chi-square test that all classes are equally likely."""
    whole = sum(counts)
    if not whole:
        return reading(None, 0, minimum)
    expected = whole / len(counts)
    statistic = sum((count - expected) ** 2 / expected for count in counts)
    return reading(chi_square_p(statistic, len(counts) - 1), whole, minimum)


def _added(ours: tuple[int, ...], theirs: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(mine + other for mine, other in zip(ours, theirs, strict=True))
