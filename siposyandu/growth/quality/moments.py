"""Mean, SD, skewness and kurtosis of z-scores, from sums that can be added up over posyandu and months.

Formulas of nipnTK (skewKurt): with d = z - mean, skewness = sqrt(n) sum d^3 / (sum d^2)^1.5, kurtosis (excess) =
n sum d^4 / (sum d^2)^2 - 3. The SD has n - 1 below the line. z lies within +-6, so sums of fourth powers lose nothing.
"""

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

from siposyandu.growth.quality.reading import MINIMUM_FOR_SHAPE, Reading, reading


class Moments(NamedTuple):
    """The sums of the first to fourth powers of so many values."""

    whole: int = 0
    first: float = 0.0
    second: float = 0.0
    third: float = 0.0
    fourth: float = 0.0

    @property
    def mean(self) -> Reading:
        """The mean."""
        return reading(self._mean if self.whole else None, self.whole)

    @property
    def sd(self) -> Reading:
        """The standard deviation. WHO's children have 1; measured well in one place 0.8 to 1.2, carelessly more."""
        if self.whole < 2:
            return reading(None, self.whole)
        return reading(sqrt(max(0.0, self._squares) / (self.whole - 1)), self.whole)

    @property
    def skewness(self) -> Reading:
        """How lopsided: 0 is even, above 0 a tail of high values."""
        if self._squares <= _NOTHING:
            return reading(None, self.whole, MINIMUM_FOR_SHAPE)
        m, n = self._mean, self.whole
        cubes = self.third - 3 * m * self.second + 2 * n * m**3
        return reading(sqrt(n) * cubes / self._squares**1.5, n, MINIMUM_FOR_SHAPE)

    @property
    def kurtosis(self) -> Reading:
        """How heavy the tails: 0 as the normal curve, above 0 more values far out."""
        if self._squares <= _NOTHING:
            return reading(None, self.whole, MINIMUM_FOR_SHAPE)
        m, n = self._mean, self.whole
        fourths = self.fourth - 4 * m * self.third + 6 * m**2 * self.second - 3 * n * m**4
        return reading(n * fourths / self._squares**2 - 3, n, MINIMUM_FOR_SHAPE)

    def plus(self, other: "Moments") -> "Moments":
        """Add another group's sums."""
        sums = (mine + theirs for mine, theirs in zip(self[1:], other[1:], strict=True))
        return Moments(self.whole + other.whole, *sums)

    @property
    def _mean(self) -> float:
        return self.first / self.whole

    @property
    def _squares(self) -> float:
        return self.second - self.first**2 / self.whole if self.whole else 0.0


_NOTHING = 1e-9


def moments(values: Iterable[float]) -> Moments:
    """Sum up values.

    >>> moments([1.0, 2.0, 3.0])
    Moments(whole=3, first=6.0, second=14.0, third=36.0, fourth=98.0)
    """
    listed = list(values)
    return Moments(len(listed), *(sum(value**power for value in listed) for power in (1, 2, 3, 4)))
