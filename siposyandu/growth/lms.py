"""LMS arithmetic of WHO: how a measurement becomes a z-score, and back.

Source: WHO Child Growth Standards, Methods and development (2006), chapter 7.
Around the median M the distribution is described by the power L and the coefficient of variation S.
"""

from typing import NamedTuple

TAIL_SD = 3
"""Beyond +-3 SD weight-based indices go on in a straight line, because the data there were too few."""


class Lms(NamedTuple):
    """The three numbers of one index at one age (or length)."""

    power: float
    median: float
    variation: float


def zscore(measure: float, lms: Lms) -> float:
    """Return the z-score of a measure, unrounded; the measure has the unit of the table's median.

    >>> zscore(3.2322, Lms(0.3809, 3.2322, 0.14171))
    0.0
    """
    power, median, variation = lms
    try:
        return (float((measure / median) ** power) - 1) / (variation * power)
    except OverflowError:  # a power too great for a double is infinite, as in WHO's own program
        return float("inf") if power > 0 else float("-inf")


def value_at(z: float, lms: Lms) -> float:
    """Return the measure that has this z-score: a point of an SD line. The reverse of `zscore`."""
    power, median, variation = lms
    return float(median * (1 + power * variation * z) ** (1 / power))


def restricted_zscore(measure: float, lms: Lms) -> float:
    """Return the z-score with straight tails: beyond 3 SD, the distance from SD 2 to SD 3 is the unit."""
    z = zscore(measure, lms)
    if z > TAIL_SD:
        third = value_at(TAIL_SD, lms)
        return TAIL_SD + (measure - third) / (third - value_at(TAIL_SD - 1, lms))
    if z < -TAIL_SD:
        third = value_at(-TAIL_SD, lms)
        return -TAIL_SD + (measure - third) / (value_at(1 - TAIL_SD, lms) - third)
    return z


def restricted_value_at(z: float, lms: Lms) -> float:
    """Return the measure that has this z-score, with straight tails. The reverse of `restricted_zscore`."""
    if z > TAIL_SD:
        third = value_at(TAIL_SD, lms)
        return third + (z - TAIL_SD) * (third - value_at(TAIL_SD - 1, lms))
    if z < -TAIL_SD:
        third = value_at(-TAIL_SD, lms)
        return third + (z + TAIL_SD) * (value_at(1 - TAIL_SD, lms) - third)
    return value_at(z, lms)
