"""One synthetic child from birth to today: which months it came, who measured it, what was written down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from forms.dates import completed_months
from siposyandu.demo import faults, services, tracks
from siposyandu.demo.cards import Card, Leaving, leaving
from siposyandu.demo.families import Birth, Settled, Village
from siposyandu.demo.setting import Setting
from siposyandu.demo.synthetic import SyntheticChild, SyntheticVisit
from siposyandu.demo.tracks import Point

KADER = (0, 1, 2)
ROUNDING_KADER = 2
NEIGHBOUR_MEETS_LATER_DAYS = 6
OLDER_MONTHS = 36
"""From here on children come less often: the last big vaccine is over."""


def live(
    setting: Setting, village: Village, birth: Birth, home: Settled, fault: str | None
) -> SyntheticChild:
    """Make one child. Everything about it hangs on the seed, its number and its part."""
    chance = setting.chance("child", birth.number)
    own = tracks.level(chance, fault)
    born = tracks.at_birth(chance, birth.sex, own, twin=fault == faults.TWINS)
    life = Life(setting, birth, fault, leaving(setting, birth, fault))
    came = life.came(chance, tracks.path(chance, own, birth.day, setting.days, fault))
    visits = tuple(life.visits(chance, came))
    card = Card(setting, village, birth, home, fault, born, life.left)
    return SyntheticChild(
        key=f"c{birth.number:04d}",
        family=home.family,
        values=card.values(chance, _registered(chance, life, came)),
        changes=tuple(card.changes(chance)),
        visits=visits,
        notes=life.notes(visits),
        moved_on=life.moved_on.isoformat() if life.moved_on else None,
        moved_to=setting.neighbour if life.moved_on else None,
    )


def _registered(chance: Random, life: "Life", came: Sequence[Point]) -> date:
    soon = life.birth.day + timedelta(days=chance.randint(2, 40))
    return min([soon, life.setting.end, *(point.day for point in came[:1])])


@dataclass(frozen=True)
class Life:
    """When a child is there: its posyandu, its birth, the part it plays, when it leaves."""

    setting: Setting
    birth: Birth
    fault: str | None
    left: Leaving | None

    @property
    def moved_on(self) -> date | None:
        """The day it moved away, if it did."""
        return self.left.on if self.left and self.left.status == "moved" else None

    def came(self, chance: Random, points: Sequence[Point]) -> list[Point]:
        """Keep the days on which the child is measured; some who stay away are measured at home days later."""
        diligence = chance.choices((0.96, 0.78, 0.42), (71, 20, 9))[0]
        there = [found for point in points for found in self._measured_on(chance, point, diligence)]
        return [point for point in there if self._still_here(point.day)]

    def _measured_on(self, chance: Random, point: Point, diligence: float) -> Iterator[Point]:
        months = completed_months(self.birth.day, point.day)
        willing = diligence - (0.06 if months >= OLDER_MONTHS else 0)
        if self._stays_away(point.day):
            return
        if self._must_come(months, point.day) or chance.random() < willing:
            yield point
        elif chance.random() < 0.25:
            later = _shifted(point, chance.randint(1, 5))
            yield from [later] * (later.day <= self.setting.end)

    def _stays_away(self, day: date) -> bool:
        """Whether this is one of the three months that the child with missed months misses for certain."""
        return self.fault == faults.MISSED_MONTHS and day in [
            self.setting.middle(shift) for shift in (-1, 0, 1)
        ]

    def _must_come(self, months: int, day: date) -> bool:
        """Whether the child's part is played on this day, so that it has to be there."""
        middle = self.setting.middle()
        days = {
            faults.OEDEMA: (middle, self.setting.middle(1)),
            faults.SEVERE_WASTING: (middle, self.setting.middle(1)),
            faults.SEVERE_STUNTING: (middle,),
            faults.SWAPPED_ROWS: (middle,),
            faults.NO_NIK: (self.setting.days[-1],),
        }
        return self._stood_up(months) or day in days.get(self.fault or "", ())

    def _stood_up(self, months: int) -> bool:
        """Whether the child is measured standing though it is too young for it."""
        return self.fault == faults.STANDING_AT_20_MONTHS and months == faults.STANDING_MONTHS

    def _still_here(self, day: date) -> bool:
        if self.left is None or day < self.left.on:
            return True
        if self.moved_on is None or self.setting.neighbour is None:
            return False
        return day + timedelta(days=NEIGHBOUR_MEETS_LATER_DAYS) <= self.setting.end

    def visits(self, chance: Random, came: Sequence[Point]) -> Iterator[SyntheticVisit]:
        """Measure the child each time; after a move, at the neighbour's posyandu on the neighbour's day."""
        care = services.Care.begun(chance, completed_months(self.birth.day, came[0].day) if came else 0)
        for point in came:
            if self.moved_on and point.day >= self.moved_on:
                place, there = str(self.setting.neighbour), _shifted(point, NEIGHBOUR_MEETS_LATER_DAYS)
            else:
                place, there = self.setting.posyandu_name, point
            yield self._visit(chance, care, place, there)

    def _visit(self, chance: Random, care: services.Care, place: str, point: Point) -> SyntheticVisit:
        months, kader = completed_months(self.birth.day, point.day), self._measured_by(chance)
        rounded, standing = kader == ROUNDING_KADER, self._stood_up(months)
        values = {
            "visit_date": point.day.isoformat(),
            **tracks.measured(chance, self.birth.sex, point, rounded=rounded, standing=standing),
            **services.given(chance, care, point.day, months, point),
        }
        return SyntheticVisit(place, kader, values)

    @property
    def _own_kader(self) -> int:
        return KADER[self.birth.number % len(KADER)]

    def _measured_by(self, chance: Random) -> int:
        """A kader mostly measures the children of her own dasawisma."""
        return self._own_kader if chance.random() < 0.9 else chance.choice(KADER)

    def notes(self, visits: Sequence[SyntheticVisit]) -> tuple[str, ...]:
        """Return the faults that this child shows."""
        shown = {
            self.fault: True,
            faults.ROUNDED_HEIGHTS: self._own_kader == ROUNDING_KADER and bool(visits),
            faults.AGED_OUT: self.left is not None and self.left.status == "aged_out",
        }
        if self._missed_two_running(visits):
            shown[faults.MISSED_MONTHS] = True
        return tuple(note for note in faults.ALL if shown.get(note))

    def _missed_two_running(self, visits: Sequence[SyntheticVisit]) -> bool:
        months = {visit.visit_date[:7] for visit in visits}
        until = self.left.on if self.left else self.setting.end
        from_day = self.birth.day + timedelta(days=3)
        missed = [f"{day:%Y-%m}" not in months for day in self.setting.days if from_day <= day < until]
        return any(first and second for first, second in pairwise(missed))


def _shifted(point: Point, days: int) -> Point:
    return replace(point, day=point.day + timedelta(days=days), age_days=point.age_days + days)
