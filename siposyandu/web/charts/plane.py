"""The plane of a chart: where an age (or a length) and a measure lie on the paper."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor

from siposyandu.growth.length import DAYS_PER_MONTH
from siposyandu.web.charts.layout import Layout

NUMBERED = (1, 2, 5, 10, 20, 50)
"""The steps in which people count: one number of the axis for each of so many units."""
HALF_A_DAY = 0.5 / DAYS_PER_MONTH
LEAST_APART = 22
"""Two numbers of the upright axis stand at least so far apart."""


@dataclass(frozen=True)
class Plane:
    """Months of age (or centimetres of length) from left to right, a measure from bottom to top.

    `air` is the room left free at both ends, in the units of the level axis.
    """

    layout: Layout
    first: float
    last: float
    low: float
    high: float
    air: float = 0.5

    @cached_property
    def unit(self) -> float:
        """The width of one month (or centimetre)."""
        return self.layout.plot_width / (self.last - self.first + 2 * self.air)

    @cached_property
    def rise(self) -> float:
        """The height of one kilogram (or whatever is measured)."""
        return self.layout.height / (self.high - self.low)

    def x(self, at: float) -> float:
        """Where an age in months, or a length in cm, lies."""
        return self.layout.left + (at - self.first + self.air) * self.unit

    def y(self, measure: float) -> float:
        """Where a measure lies."""
        return self.layout.plot_bottom - (measure - self.low) * self.rise

    def holds(self, at: float) -> bool:
        """Whether an age or length lies on this plane."""
        reach = max(self.air, HALF_A_DAY)
        return self.first - reach <= at <= self.last + reach

    def holds_measure(self, measure: float) -> bool:
        """Whether a measure lies on this plane."""
        return self.low <= measure <= self.high


def step(low: float, high: float, height: float) -> int:
    """Return in which steps the upright axis is numbered, so that the numbers have room.

    >>> step(40, 100, 420), step(1, 18, 420)
    (5, 1)
    """
    apart = (high - low) * LEAST_APART / height
    return next((each for each in NUMBERED if each >= apart), NUMBERED[-1])


def rounded_out(low: float, high: float, height: float) -> tuple[int, int]:
    """Return the ends of an upright axis that begins and ends at a number.

    >>> rounded_out(43.6, 97.1, 420), rounded_out(1.9, 17.2, 352)
    ((40, 100), (0, 18))
    """
    ends = [(floor(low / each) * each, ceil(high / each) * each) for each in NUMBERED]
    fitting = (pair for pair, each in zip(ends, NUMBERED, strict=True) if step(*pair, height) <= each)
    return next(fitting, ends[-1])
