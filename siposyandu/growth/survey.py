"""How sure a percentage or a mean is: its 95 % interval when the children seen are a sample of those who could be seen.

The method is that of WHO's anthro: the interval of a proportion is symmetric on the logit scale, with Student's t in
place of the normal curve. Checked against WHO's own output. `interval` serves every page, `proportion_limits` and
`mean_limits` the prevalence tables of surveys: one formula for all.
"""

from functools import cache
from math import cos, exp, log, pi, sin, sqrt, tan
from statistics import NormalDist

CONFIDENCE = 0.95
SERIES_FROM_DEGREES = 200
"""From here on the expansion in 1/degrees is accurate to 1e-12 and the sum would be long."""
GREATEST_EXPONENT = 700
"""Beyond it a double overflows; a proportion of exp(-700) is 0 in every sense."""


def interval(numerator: int, denominator: int, rows: int | None = None) -> tuple[float, float] | None:
    """Return (low, high) in percent, None when the denominator is 0. ValueError when it is no proportion.

    `rows` is the number of children in the data when some of them gave no usable value (WHO counts these in the
    degrees of freedom); without it, the denominator.
    Where none or all of the children have the condition, WHO's program prints [0, 0] or [100, 100], which on a
    page about nine children reads as certainty. There the exact bound of Clopper and Pearson is given instead:
    0 of 9 is [0, 33.6].

    >>> interval(0, 0), [round(end, 2) for end in interval(20, 100)]
    (None, [13.18, 29.16])
    """
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is no proportion")
    if denominator == 0:
        return None
    if numerator in (0, denominator):
        return _exact(numerator, denominator)
    return _logit_interval(numerator / denominator, denominator, rows or denominator)


def _exact(numerator: int, denominator: int) -> tuple[float, float]:
    """Clopper and Pearson's bound when the proportion is 0 or 1."""
    bound = ((1 - CONFIDENCE) / 2) ** (1 / denominator)
    return (0.0, 100 * (1 - bound)) if numerator == 0 else (100 * bound, 100.0)


def _logit_interval(p: float, denominator: int, rows: int) -> tuple[float, float]:
    error = sqrt(p * (1 - p) / denominator * rows / (rows - 1))
    low, high = proportion_limits(p, error, rows - 1)
    return 100 * low, 100 * high


def proportion_limits(p: float, error: float, degrees: int) -> tuple[float, float]:
    """Return the 95 % limits (0 to 1) of a proportion with its standard error; of 0 and of 1 they are itself, as WHO's.

    `degrees` of freedom, 1 or more: in a survey, clusters less strata.
    """
    if not 0 < p < 1:
        return p, p
    reach = _t95(degrees) * error / (p * (1 - p))
    middle = log(p / (1 - p))
    return _of_logit(middle - reach), _of_logit(middle + reach)


def mean_limits(mean: float, error: float, degrees: int) -> tuple[float, float]:
    """Return the 95 % limits of a mean with its standard error, in the mean's unit."""
    reach = _t95(degrees) * error
    return mean - reach, mean + reach


def _of_logit(logit: float) -> float:
    return 1 / (1 + exp(min(-logit, GREATEST_EXPONENT)))


def _t95(degrees: int) -> float:
    return t_quantile((1 + CONFIDENCE) / 2, degrees)


@cache
def t_quantile(probability: float, degrees: int) -> float:
    """Return the value that Student's t stays below with this probability (0.5 or more), accurate to 1e-9.

    ValueError without a degree of freedom: nothing is known of how the children differ.

    >>> round(t_quantile(0.975, 10), 6)
    2.228139
    """
    if degrees < 1:
        raise ValueError(f"{degrees} degrees of freedom give no interval")
    if degrees >= SERIES_FROM_DEGREES:
        return _by_expansion(NormalDist().inv_cdf(probability), degrees)
    low, high = 0.0, pi / 2
    while (middle := (low + high) / 2) not in (low, high):
        below = _central_area(middle, degrees) < 2 * probability - 1
        low, high = (middle, high) if below else (low, middle)
    return sqrt(degrees) * tan(middle)


def _central_area(angle: float, degrees: int) -> float:
    """Return P(|t| < sqrt(degrees) tan(angle)), a finite sum (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    first = 2 if degrees % 2 else 1
    term, total = (cos(angle), 0.0) if degrees % 2 else (1.0, 0.0)
    for step in range(first, degrees, 2):
        total += term
        term *= cos(angle) ** 2 * step / (step + 1)
    return 2 / pi * (angle + sin(angle) * total) if degrees % 2 else sin(angle) * total


def _by_expansion(z: float, degrees: int) -> float:
    """Return t from the normal quantile z by powers of 1/degrees (Abramowitz and Stegun 26.7.5)."""
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return float(sum(term / degrees**power for power, term in enumerate(terms)))
