"""The last digit: who reads the small lines of the scale and the board, and who rounds to .0 and .5.

A length has its last digit in millimetres (84.3 cm ends in 3), a weight in tenths of a kilogram, both written with one
decimal always: 84 is 84.0. A digital scale's further digits are rounded half up, so that each tenth is equally likely.

Sources: digit preference score, WHO MONICA (Kuulasmaa, Hense, Tolonen, 1998) as in SMART and nipnTK; shares of .0 and
.0/.5 and the index of dissimilarity, WHO and UNICEF 2019. These two give no cut-off; compare posyandu with each other.
"""

from collections import Counter
from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

from siposyandu.growth.quality.chance import at_least_p
from siposyandu.growth.quality.reading import MINIMUM, Reading, Share, reading

TENTH_KG_IN_G, TENTH_CM_IN_MM = 100, 1
EXPECTED_ZERO, EXPECTED_ZERO_OR_FIVE = 0.1, 0.2
CHANCE = 0.01
EXCESS = 0.1
"""Heaped means: chance does it less than once in a hundred, and at least 10 in 100 more than expected."""


class Digits(NamedTuple):
    """How many measurements ended in 0, 1, ... 9."""

    counts: tuple[int, ...] = (0,) * 10

    @property
    def whole(self) -> int:
        """How many measurements there were."""
        return sum(self.counts)

    @property
    def score(self) -> Reading:
        """The digit preference score, 0 (none) to 100 (all on one digit): 100 sqrt(chi-square / (9 N)).

        Small groups score high by chance alone (about 18 for 30 honest readings): compare groups of one size.
        """
        expected = self.whole / 10
        if not expected:
            return reading(None, 0)
        chi_square = sum((count - expected) ** 2 for count in self.counts) / expected
        return reading(100 * sqrt(chi_square / (9 * self.whole)), self.whole)

    @property
    def zero(self) -> Share:
        """How many ended in .0; 10 in 100 are expected."""
        return Share(self.counts[0], self.whole)

    @property
    def zero_or_five(self) -> Share:
        """How many ended in .0 or .5; 20 in 100 are expected."""
        return Share(self.counts[0] + self.counts[5], self.whole)

    @property
    def dissimilarity(self) -> Reading:
        """How many in 100 would have to end otherwise to make all digits equal: 0 (none) to 90 (all on one digit)."""
        if not self.whole:
            return reading(None, 0)
        return reading(50 * sum(abs(count / self.whole - 0.1) for count in self.counts), self.whole)

    @property
    def heaped(self) -> bool | None:
        """Whether more end in .0, or in .0 and .5, than chance explains; None when too few."""
        if self.whole < MINIMUM:
            return None
        return _beyond(self.zero, EXPECTED_ZERO) or _beyond(self.zero_or_five, EXPECTED_ZERO_OR_FIVE)

    def plus(self, other: "Digits") -> "Digits":
        """Add another group's counts."""
        return Digits(tuple(mine + theirs for mine, theirs in zip(self.counts, other.counts, strict=True)))


def final_digits(values: Iterable[int | None], step: int) -> Digits:
    """Count the last digits of stored values, `step` being what one tenth is in their unit; None is left out.

    >>> final_digits([840, 843, None], TENTH_CM_IN_MM).counts
    (1, 0, 0, 1, 0, 0, 0, 0, 0, 0)
    >>> final_digits([7850, 7800], TENTH_KG_IN_G).counts
    (0, 0, 0, 0, 0, 0, 0, 0, 1, 1)
    """
    found = Counter((2 * value + step) // (2 * step) % 10 for value in values if value is not None)
    return Digits(tuple(found[digit] for digit in range(10)))


def _beyond(share: Share, expected: float) -> bool:
    enough = share.part >= share.whole * (expected + EXCESS)
    return enough and at_least_p(share.part, share.whole, expected) < CHANCE
