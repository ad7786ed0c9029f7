"""Weight faltering: gain too slow for the age, the first sign of a child on the way to stunting.

Source: KMK HK.01.07/MENKES/1936/2022 (amending 1186/2022), "Failure to thrive": gain below the 5th centile of WHO's
weight increments at 0 to 24 months, or BB/U below -2 SD at 0 to 60 months. To a paediatrician when TB/U is below -2 SD
too; its other reasons (red flags, no feeding by mouth, no better after 2 weeks) are a health worker's to find.

Limits to know. The rule does not say over how many months; here the shortest of 1, 2 or 3 that fits, counted back from
the last weighing. From about 7 months on the 5th centile of one month is a loss, so N or T by the KBM (200 to 400 g)
is far stricter and stays the posyandu's own sign. One weighing off by 200 g can make or hide a slow month: weigh again.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from siposyandu.growth.kms import Weighing
from siposyandu.growth.velocity import Velocity, velocity

LOW_Z = -2.0


class Faltering(NamedTuple):
    """What was found: the gain (None when there is no earlier weighing at the right distance) and low BB/U or TB/U."""

    gain: Velocity | None
    underweight: bool
    stunted: bool

    @property
    def slow_gain(self) -> bool:
        """Whether the gain is below the 5th centile."""
        return self.gain is not None and self.gain.slow

    @property
    def found(self) -> bool:
        """Whether this is weight faltering by either of its two signs."""
        return self.slow_gain or self.underweight

    @property
    def to_paediatrician(self) -> bool:
        """Whether the child falters and is short for her age as well."""
        return self.found and self.stunted


def faltering(
    birth_date: date, sex: str, weighings: Sequence[Weighing], waz: float | None, haz: float | None
) -> Faltering:
    """Judge the last of a child's weighings, in any order, by those before it; z of that day, None where not scored.

    The weight at birth may stand among them, on the day of birth. Leave out weighings with oedema: water is no gain.
    """
    ordered = sorted(weighings, key=lambda weighing: weighing.visit_date)
    gains = [_gain(birth_date, sex, before, ordered[-1]) for before in ordered[:-1]]
    known = [gain for gain in gains if gain is not None]
    return Faltering(
        gain=min(known, key=lambda gain: (gain.months, abs(gain.days_off)), default=None),
        underweight=waz is not None and waz < LOW_Z,
        stunted=haz is not None and haz < LOW_Z,
    )


def _gain(birth_date: date, sex: str, before: Weighing, last: Weighing) -> Velocity | None:
    age_before, age = (before.visit_date - birth_date).days, (last.visit_date - birth_date).days
    return velocity(sex, age_before, age, last.weight_g - before.weight_g) if age_before >= 0 else None
