"""What to expect of a child at its next visit, and how surely: learned from its own past, visit by visit.

1. Before anything is measured a child is anywhere among others: usual z of its age, spread about one SD.
2. Between two ages z keeps its place the better, the older the child and the closer the ages: correlation
   ((a + 0.5) / (b + 0.5)) ** k with ages in months. With k = 0.14 length gives 0.86 from birth to one month, 0.64 to
   a year, 0.91 from one year to two, 0.88 from two to five: a little above what cohorts find between measured
   lengths, for here the error of measuring is counted apart.
3. Each visit moves what is expected towards what was measured, by how sure either is (Kalman 1960).
4. A measure far off is kept out. If the next one agrees with it, the two are believed and the old line is left.
5. Some hands measure better than others: how well a child's earlier visits were expected widens or narrows the limits.
"""

from collections.abc import Iterable
from math import log, sqrt
from typing import NamedTuple

from siposyandu.growth.guard.readings import Reading
from siposyandu.growth.length import DAYS_PER_MONTH

FAR_OFF = 3.0
"""In standard deviations: beyond this a measure is kept out of what is expected next."""
MONTHS_BEFORE_BIRTH = 0.5
USUAL_VISITS = 10
"""How many visits the usual care in measuring counts for, beside the child's own."""


class Usual(NamedTuple):
    """How an index is spread among children: mean z at birth and from 20 months on, SD, and k of step 2."""

    at_birth: float
    later: float
    spread: float
    fading: float


# Levels of places where stunting is common, from surveys and cohorts (Victora 2010); NTB's are like them.
USUAL = {
    "lhfa": Usual(-0.5, -1.2, 1.2, 0.14),
    "wfa": Usual(-0.5, -1.0, 1.15, 0.18),
    "hcfa": Usual(-0.6, -0.8, 1.0, 0.14),
    "acfa": Usual(-0.2, -0.5, 1.0, 0.35),
}
LEVEL_FROM_DAY = 610


class Expected(NamedTuple):
    """z that is expected on a day, and its variance."""

    z: float
    variance: float


class Track:
    """One index of one child: feed it readings in the order of time with `see`, ask it with `expect`."""

    __slots__ = ("_day", "_kept_out", "_known", "likelihood", "misfit", "seen", "usual")

    def __init__(self, index: str) -> None:
        self.usual = USUAL[index]
        self._day = 0
        self._known: Expected | None = None
        self._kept_out: float | None = None
        self.seen = 0
        self.misfit = 0.0
        self.likelihood = 0.0
        """Logarithm of how likely all readings were, each as expected from those before it."""

    def expect(self, day: int) -> Expected:
        """Return what is expected on a day, not before the last reading's."""
        usual = self.usual
        if self._known is None:
            return Expected(_mean(usual, day), usual.spread**2)
        months, before = day / DAYS_PER_MONTH, self._day / DAYS_PER_MONTH
        kept = ((before + MONTHS_BEFORE_BIRTH) / (months + MONTHS_BEFORE_BIRTH)) ** usual.fading
        z, variance = self._known
        z = _mean(usual, day) + kept * (z - _mean(usual, self._day))
        return Expected(z, kept * kept * variance + (1 - kept * kept) * usual.spread**2)

    def see(self, reading: Reading) -> None:
        """Learn from a reading."""
        z, variance = self.expect(reading.day)
        off, spread = reading.z - z, variance + reading.variance
        squared = off * off / spread
        self.likelihood -= (log(spread) + _softened(squared)) / 2
        if self._known is not None and squared > FAR_OFF**2:
            self._keep_out(Expected(z, variance), reading)
        else:
            self._count(squared)
            share = variance / spread
            self._known, self._kept_out = Expected(z + share * off, (1 - share) * variance), None
        self._day = reading.day

    def _count(self, squared: float) -> None:
        if self._known is not None:
            self.seen += 1
            self.misfit += squared

    def _keep_out(self, expected: Expected, reading: Reading) -> None:
        off = reading.z - expected.z
        agree = FAR_OFF * sqrt(2 * reading.variance + expected.variance)
        if self._kept_out is not None and abs(off - self._kept_out) < agree:
            self._known, self._kept_out = Expected(reading.z, reading.variance), None
        else:
            self._known, self._kept_out = expected, off

    def off(self, reading: Reading) -> float:
        """Return by how many standard deviations a reading is off, by this child's own care in measuring."""
        z, variance = self.expect(reading.day)
        care = (USUAL_VISITS + self.misfit) / (USUAL_VISITS + self.seen)
        return (reading.z - z) / sqrt((variance + reading.variance) * care)


def track(index: str, readings: Iterable[Reading]) -> Track:
    """Return what is known after these readings, given in the order of time."""
    known = Track(index)
    for reading in readings:
        known.see(reading)
    return known


def _mean(usual: Usual, day: int) -> float:
    return usual.at_birth + (usual.later - usual.at_birth) * min(1.0, day / LEVEL_FROM_DAY)


def _softened(squared: float) -> float:
    """Let one wild reading not outweigh all others: beyond FAR_OFF its weight grows by its logarithm only."""
    limit = FAR_OFF**2
    return squared if squared < limit else limit + log(squared / limit)
