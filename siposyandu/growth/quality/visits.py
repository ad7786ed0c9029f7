"""One measuring of one child, and the slips that can be seen in it alone."""

from datetime import date
from typing import NamedTuple

from siposyandu.growth.length import DAYS_PER_MONTH, STANDING_FROM_DAY, STANDING_FROM_MONTHS


class Measured(NamedTuple):
    """One visit as stored: grams, millimetres; z-scores with WHO's flags; what was written the month before.

    `measurer` names whom a group may be made by: a worker's id, a tool; `child` tells visits of one child from those
    of another. Both are empty when not known.
    """

    sex: str
    birth_date: date
    age_days: int
    age_months: int
    weight_g: int | None = None
    length_height_mm: int | None = None
    measured: str | None = None
    waz: float | None = None
    haz: float | None = None
    whz: float | None = None
    waz_flag: bool = False
    haz_flag: bool = False
    whz_flag: bool = False
    weight_before_g: int | None = None
    length_height_before_mm: int | None = None
    measurer: str = ""
    child: str = ""

    @property
    def incomplete(self) -> bool:
        """Whether weight, length or position is missing."""
        return None in (self.weight_g, self.length_height_mm, self.measured)

    @property
    def positioned(self) -> bool:
        """Whether a length was measured and the position written."""
        return self.length_height_mm is not None and self.measured is not None

    @property
    def wrong_position(self) -> bool:
        """Whether the child lay although 731 days or older, or stood although younger (Permenkes 2/2020)."""
        wanted = "lying" if self.age_days < STANDING_FROM_DAY else "standing"
        return self.positioned and self.measured != wanted

    @property
    def impossible_position(self) -> bool:
        """Whether a child below 9 months was measured standing: WHO's flag c9mo (anthro)."""
        young = self.age_days / DAYS_PER_MONTH < STANDING_FROM_MONTHS
        return self.positioned and self.measured == "standing" and young

    @property
    def comparable(self) -> bool:
        """Whether both weight and length stand here and last month."""
        now, before = (
            (self.weight_g, self.length_height_mm),
            (self.weight_before_g, self.length_height_before_mm),
        )
        return None not in now and None not in before

    @property
    def copied(self) -> bool:
        """Whether weight and length are both what was written last month."""
        before = (self.weight_before_g, self.length_height_before_mm)
        return self.comparable and (self.weight_g, self.length_height_mm) == before
