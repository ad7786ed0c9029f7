"""A new measurement beside the child's past, with what is worked out once for all checks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from siposyandu.growth.guard import readings
from siposyandu.growth.guard.measured import LENGTH, WEIGHT, Child, Visit, age_days
from siposyandu.growth.guard.tracks import Track, track
from siposyandu.growth.guard.typing_slips import possible
from siposyandu.growth.standards import Scores, score

COLUMNS = {WEIGHT: ("weight_g", 1000), LENGTH: ("length_height_mm", 10)}
VISITS_LOOKED_AT = 15
"""A child's level is well known from so many visits; older ones only take time."""
INDEX = {WEIGHT: "wfa", LENGTH: "lhfa"}


@dataclass(frozen=True)
class Case:
    """A child, its earlier visits (oldest first), the new one."""

    child: Child
    past: Sequence[Visit]
    new: Visit
    _tracks: dict[str, Track] = field(default_factory=dict, repr=False, compare=False)

    @property
    def day(self) -> int:
        """The child's age at the new visit."""
        return age_days(self.child.birth_date, self.new)

    @property
    def possible(self) -> bool:
        """Whether a child can weigh and measure that at all."""
        typed = {field: self.typed(field) for field in COLUMNS}
        return all(number is None or possible(field, number) for field, number in typed.items())

    def track(self, index: str) -> Track:
        """Return what the past lets expect of one index."""
        if index not in self._tracks:
            recent = self.past[-VISITS_LOOKED_AT:]
            self._tracks[index] = track(index, readings.series(index, self.child, recent))
        return self._tracks[index]

    @cached_property
    def scores(self) -> Scores:
        """The z-scores of the new visit by WHO's rules."""
        new = self.new
        return score(
            sex=self.child.sex,
            age_days=self.day,
            weight_kg=_scaled(new.weight_g, 1000),
            length_height_cm=_scaled(new.length_height_mm, 10),
            measured=new.measured,
            head_circumference_cm=_scaled(new.head_circumference_mm, 10),
            muac_cm=_scaled(new.muac_mm, 10),
            oedema=new.oedema,
        )

    def off(self, index: str) -> float:
        """Return by how many standard deviations a measure is off; 0 where it was not taken."""
        return self._off(index, self.new)

    def off_if(self, name: str, measure: float) -> float:
        """Return the same for another weight in kg or length in cm in place of the one typed."""
        column, units = COLUMNS[name]
        meant: dict[str, Any] = {column: round(measure * units)}
        return self._off(INDEX[name], self.new._replace(**meant))

    def _off(self, index: str, visit: Visit) -> float:
        reading = readings.one(index, self.child, visit)
        if reading is None:
            return 0.0
        off = self.track(index).off(reading)
        return self.track(index).off(readings.if_ill(reading, visit)) if index == "wfa" and off < 0 else off

    def typed(self, field: str) -> float | None:
        """Return the new weight in kg or length in cm."""
        column, units = COLUMNS[field]
        return _scaled(getattr(self.new, column), units)

    def last(self, field: str) -> float | None:
        """Return the last weight in kg or length in cm before this visit."""
        column, units = COLUMNS[field]
        found = (getattr(visit, column) for visit in reversed(self.past))
        return _scaled(next((value for value in found if value), None), units)


def _scaled(stored: int | None, units: int) -> float | None:
    return stored / units if stored else None
