"""A figure about measuring: its value, of how many measurements, and from how many on it may be believed."""

from typing import NamedTuple

MINIMUM = 30
"""Below about thirty children chance alone makes habits appear (FEATURES: a session of 30 must be enough)."""
MINIMUM_FOR_SHAPE = 100
"""Skewness and kurtosis, and the SMART score that needs them: with fewer, their error is larger than their classes."""
MINIMUM_FOR_SLIPS = 10
"""Slips that are wrong by themselves (position, missing) need no statistics, only a meaningful percentage."""


class Share(NamedTuple):
    """So many of so many."""

    part: int
    whole: int
    minimum: int = MINIMUM

    @property
    def too_few(self) -> bool:
        """Whether there are too few to give a percentage."""
        return self.whole < self.minimum

    @property
    def percent(self) -> float | None:
        """The percentage, None when too few."""
        return None if self.too_few or not self.whole else 100 * self.part / self.whole


class Reading(NamedTuple):
    """A statistic (a score, an SD, a p-value) of so many measurements; `value` is None when too few or not defined."""

    value: float | None
    whole: int
    minimum: int = MINIMUM

    @property
    def too_few(self) -> bool:
        """Whether there were too few to give a value."""
        return self.whole < self.minimum


def reading(value: float | None, whole: int, minimum: int = MINIMUM) -> Reading:
    """Return a reading whose value is kept back when there are too few."""
    return Reading(None if whole < minimum else value, whole, minimum)
