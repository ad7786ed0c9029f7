"""The SMART plausibility score of weight-for-height: eight tests, each with penalty points, 0 at best.

Source: SMART methodology (2017), classes and points as in nipnTK and mwana: flagged share and SD 0/5/10/20; age ratio,
sex ratio, digit preference of weight and of height 0/2/4/10; skewness and kurtosis 0/1/3/5. In all up to 9 excellent,
14 good, 24 acceptable. Made for surveys of hundreds of children of 6 to 59 months: below 100 it says "too few".
(mwana rates a skewness of -3 "excellent" because it forgets the sign; here its size counts.)
"""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

from siposyandu.growth.quality.counts import Counts, count
from siposyandu.growth.quality.moments import moments
from siposyandu.growth.quality.ratios import OLD_TO, YOUNG_FROM
from siposyandu.growth.quality.reading import MINIMUM_FOR_SHAPE, Reading, reading
from siposyandu.growth.quality.visits import Measured
from siposyandu.i18n import N_

FLAG_SD = 3.0
CLASSES = (N_("excellent"), N_("good"), N_("acceptable"), N_("problematic"))
TOTAL_UP_TO = (9, 14, 24)
FLAGS_UP_TO_PERCENT = (2.5, 5.0, 7.5)
SD_WITHIN = (0.1, 0.15, 0.2)
P_ABOVE = (0.1, 0.05, 0.001)
DIGITS_BELOW = (8.0, 12.0, 20.0)
SHAPE_BELOW = (0.2, 0.4, 0.6)
HEAVY, MIDDLE, LIGHT = (0, 5, 10, 20), (0, 2, 4, 10), (0, 1, 3, 5)


class Test(NamedTuple):
    """One of the eight: its code, value, class (0 best to 3) and points."""

    code: str
    value: float
    rank: int
    points: int


class Score(NamedTuple):
    """The sum of the points with its class and its tests; `total` is None when too few."""

    total: Reading
    tests: tuple[Test, ...]

    @property
    def rank(self) -> int | None:
        """The class of the total, 0 (excellent) to 3 (problematic)."""
        return None if self.total.value is None else _rank(self.total.value, TOTAL_UP_TO)


def smart(visits: Iterable[Measured]) -> Score:
    """Score children of 6 to 59 completed months with a weight-for-height; each child once, at her last visit."""
    visits = list({visit.child or place: visit for place, visit in enumerate(visits)}.values())
    scored = [visit for visit in visits if visit.whz is not None and YOUNG_FROM <= visit.age_months <= OLD_TO]
    if len(scored) < MINIMUM_FOR_SHAPE:
        return Score(reading(None, len(scored), MINIMUM_FOR_SHAPE), ())
    tests = _tests(count(scored), [visit.whz for visit in scored if visit.whz is not None])
    return Score(reading(sum(test.points for test in tests), len(scored), MINIMUM_FOR_SHAPE), tuple(tests))


def smart_flags(zs: Sequence[float]) -> list[bool]:
    """Flag z-scores more than 3 from the observed mean (SMART; WHO's limits are fixed and wider).

    >>> smart_flags([0.0] * 9 + [4.0])
    [False, False, False, False, False, False, False, False, False, True]
    """
    mean = fmean(zs) if zs else 0.0
    return [abs(z - mean) > FLAG_SD for z in zs]


def _tests(counts: Counts, zs: Sequence[float]) -> list[Test]:
    flags = smart_flags(zs)
    kept = moments(z for z, flagged in zip(zs, flags, strict=True) if not flagged)
    values = {
        "flags": (100 * sum(flags) / len(zs), FLAGS_UP_TO_PERCENT, HEAVY),
        "sd": (abs(_known(kept.sd) - 1), SD_WITHIN, HEAVY),
        "sex": (-_known(counts.sexes.p), tuple(-p for p in P_ABOVE), MIDDLE),
        "age": (-_known(counts.age_groups.p), tuple(-p for p in P_ABOVE), MIDDLE),
        "weight_digits": (_known(counts.weight_digits.score), DIGITS_BELOW, MIDDLE),
        "length_digits": (_known(counts.length_digits.score), DIGITS_BELOW, MIDDLE),
        "skewness": (abs(_known(kept.skewness)), SHAPE_BELOW, LIGHT),
        "kurtosis": (abs(_known(kept.kurtosis)), SHAPE_BELOW, LIGHT),
    }
    return [
        Test(code, abs(value), rank := _rank_of(code, value, limits), points[rank])
        for code, (value, limits, points) in values.items()
    ]


def _known(found: Reading) -> float:
    assert found.value is not None, "a hundred children give every figure"
    return found.value


def _rank_of(code: str, value: float, limits: Sequence[float]) -> int:
    """The share of flags belongs to the better class on its boundary, the others to the worse (mwana)."""
    return _rank(value, limits) if code == "flags" else sum(value >= limit for limit in limits)


def _rank(value: float, limits: Sequence[float]) -> int:
    return sum(value > limit for limit in limits)
