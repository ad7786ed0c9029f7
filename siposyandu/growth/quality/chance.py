"""How often chance alone would do as much: p-values in pure Python.

Chi-square: the finite sums of Abramowitz and Stegun 26.4.4 and 26.4.5. Proportion: as R's prop.test for one
proportion, with Yates' continuity correction, which nipnTK uses. Binomial: the exact upper tail.
"""

from math import comb, erfc, exp, pi, sqrt

LARGE = 500
"""Beyond so many the normal curve is as good as the binomial sum."""


def chi_square_p(statistic: float, degrees: int) -> float:
    """Return the chance of a chi-square at least so large; ValueError below 1 degree of freedom.

    >>> round(chi_square_p(3.841458820694124, 1), 6), round(chi_square_p(16.918977604620448, 9), 6)
    (0.05, 0.05)
    """
    if degrees < 1:
        raise ValueError(f"{degrees} degrees of freedom")
    if statistic <= 0:
        return 1.0
    return min(1.0, _odd(statistic, degrees) if degrees % 2 else _even(statistic, degrees))


def _odd(statistic: float, degrees: int) -> float:
    total, term = erfc(sqrt(statistic / 2)), sqrt(2 * statistic / pi) * exp(-statistic / 2)
    for step in range(3, degrees + 2, 2):
        total += term
        term *= statistic / step
    return total


def _even(statistic: float, degrees: int) -> float:
    total = term = exp(-statistic / 2)
    for step in range(2, degrees, 2):
        term *= statistic / step
        total += term
    return total


def proportion_p(part: int, whole: int, expected: float) -> float:
    """Return the chance of a proportion at least so far from `expected` (0 to 1), as R's prop.test; 1 for nobody.

    >>> round(proportion_p(60, 100, 0.5), 5)
    0.05743
    """
    if not whole:
        return 1.0
    away = abs(part - whole * expected)
    corrected = away - min(0.5, away)
    return chi_square_p(corrected**2 / (whole * expected * (1 - expected)), 1)


def at_least_p(part: int, whole: int, expected: float) -> float:
    """Return the chance that at least `part` of `whole` do what each does with chance `expected` (exact).

    >>> at_least_p(2, 2, 0.5)
    0.25
    """
    if whole > LARGE:
        spread = sqrt(whole * expected * (1 - expected))
        return 0.5 * erfc((part - 0.5 - whole * expected) / spread / sqrt(2))
    return sum(comb(whole, k) * expected**k * (1 - expected) ** (whole - k) for k in range(part, whole + 1))
