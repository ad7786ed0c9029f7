"""Everything that is counted of a group of measurements, in one object that can be added to another.

A posyandu's month is counted from its visits; a puskesmas, a kabupaten or a quarter of a year is a sum.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from siposyandu.growth.quality.ages import Ages, ages
from siposyandu.growth.quality.digits import TENTH_CM_IN_MM, TENTH_KG_IN_G, Digits, final_digits
from siposyandu.growth.quality.moments import Moments, moments
from siposyandu.growth.quality.ratios import (
    OLD_FROM,
    OLD_TO,
    YOUNG_FROM,
    Ratio,
    age_ratio,
    sex_ratio,
)
from siposyandu.growth.quality.reading import MINIMUM_FOR_SLIPS, Share
from siposyandu.growth.quality.visits import Measured


class Index(NamedTuple):
    """One z-score of a group: the moments of those without a flag, and how many WHO's limits flag."""

    kept: Moments = Moments()
    flagged: int = 0

    @property
    def flags(self) -> Share:
        """How many of the scored are hardly possible; above 1 in 100 is a warning (WHO and UNICEF 2019)."""
        return Share(self.flagged, self.kept.whole + self.flagged)

    def plus(self, other: "Index") -> "Index":
        """Add another group's."""
        return Index(self.kept.plus(other.kept), self.flagged + other.flagged)


@dataclass(frozen=True)
class Counts:
    """The counts of a group; the properties are its figures. `Counts()` is nobody.

    Boys, girls, young, old and ages count children, each once, as at her last visit; all else counts visits.
    """

    visits: int = 0
    gaps: int = 0
    weight_missing: int = 0
    length_missing: int = 0
    position_missing: int = 0
    positioned: int = 0
    wrongly_positioned: int = 0
    impossibly_positioned: int = 0
    comparable: int = 0
    copied_visits: int = 0
    boys: int = 0
    girls: int = 0
    young: int = 0
    old: int = 0
    weight_digits: Digits = field(default_factory=Digits)
    length_digits: Digits = field(default_factory=Digits)
    waz: Index = field(default_factory=Index)
    haz: Index = field(default_factory=Index)
    whz: Index = field(default_factory=Index)
    ages: Ages = field(default_factory=Ages)

    def __add__(self, other: "Counts") -> "Counts":
        """Add another group."""
        return Counts(**{name: _plus(mine, getattr(other, name)) for name, mine in vars(self).items()})

    @property
    def incomplete(self) -> Share:
        """How many visits lack weight, length or position."""
        return Share(self.gaps, self.visits, MINIMUM_FOR_SLIPS)

    @property
    def missing_weight(self) -> Share:
        """How many visits have no weight; at least 95 in 100 measured is good (WHO and UNICEF 2019)."""
        return Share(self.weight_missing, self.visits, MINIMUM_FOR_SLIPS)

    @property
    def missing_length(self) -> Share:
        """How many visits have no length or height."""
        return Share(self.length_missing, self.visits, MINIMUM_FOR_SLIPS)

    @property
    def missing_position(self) -> Share:
        """How many lengths do not say lying or standing."""
        return Share(self.position_missing, self.visits - self.length_missing, MINIMUM_FOR_SLIPS)

    @property
    def wrong_position(self) -> Share:
        """How many lay although 24 months or older, or stood although younger."""
        return Share(self.wrongly_positioned, self.positioned, MINIMUM_FOR_SLIPS)

    @property
    def impossible_position(self) -> Share:
        """How many stood before 9 months."""
        return Share(self.impossibly_positioned, self.positioned, MINIMUM_FOR_SLIPS)

    @property
    def copied(self) -> Share:
        """How many have exactly last month's weight and length, of those measured in both months."""
        return Share(self.copied_visits, self.comparable, MINIMUM_FOR_SLIPS)

    @property
    def sexes(self) -> Ratio:
        """Boys against girls."""
        return sex_ratio(self.boys, self.girls)

    @property
    def age_groups(self) -> Ratio:
        """Children of 6 to 29 months against those of 30 to 59."""
        return age_ratio(self.young, self.old)


def count(visits: Iterable[Measured]) -> Counts:
    """Count a group's visits, given in order of time."""
    listed = list(visits)
    children = list({visit.child or place: visit for place, visit in enumerate(listed)}.values())
    return Counts(
        visits=len(listed),
        gaps=sum(visit.incomplete for visit in listed),
        weight_missing=sum(visit.weight_g is None for visit in listed),
        length_missing=sum(visit.length_height_mm is None for visit in listed),
        position_missing=sum(
            visit.length_height_mm is not None and visit.measured is None for visit in listed
        ),
        positioned=sum(visit.positioned for visit in listed),
        wrongly_positioned=sum(visit.wrong_position for visit in listed),
        impossibly_positioned=sum(visit.impossible_position for visit in listed),
        comparable=sum(visit.comparable for visit in listed),
        copied_visits=sum(visit.copied for visit in listed),
        boys=sum(child.sex == "m" for child in children),
        girls=sum(child.sex == "f" for child in children),
        young=sum(YOUNG_FROM <= child.age_months < OLD_FROM for child in children),
        old=sum(OLD_FROM <= child.age_months <= OLD_TO for child in children),
        weight_digits=final_digits((visit.weight_g for visit in listed), TENTH_KG_IN_G),
        length_digits=final_digits((visit.length_height_mm for visit in listed), TENTH_CM_IN_MM),
        waz=_index([(visit.waz, visit.waz_flag) for visit in listed]),
        haz=_index([(visit.haz, visit.haz_flag) for visit in listed]),
        whz=_index([(visit.whz, visit.whz_flag) for visit in listed]),
        ages=ages((child.age_months, child.birth_date) for child in children),
    )


def _index(scored: Sequence[tuple[float | None, bool]]) -> Index:
    kept = moments(z for z, flagged in scored if z is not None and not flagged)
    return Index(kept, sum(flagged for z, flagged in scored if z is not None))


def _plus(mine: Any, theirs: Any) -> Any:
    return mine + theirs if isinstance(mine, int) else mine.plus(theirs)
