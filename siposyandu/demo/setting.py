"""The time of a synthetic posyandu: on which days it meets, and which children are of age meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from siposyandu.demo.families import Birth
from siposyandu.demo.tracks import OLDEST_DAY

SUNDAY = 6
TWIN_AGE_DAYS = range(240, 1200)


@dataclass(frozen=True)
class Setting:
    """What all children of one posyandu share. `end` is today: nothing lies after it."""

    seed: int
    posyandu_name: str
    neighbour: str | None
    days: tuple[date, ...]
    end: date

    def chance(self, *about: object) -> Random:
        """Return a source of chance for one thing alone, so that changing one child leaves the others alone."""
        return source(self.seed, self.posyandu_name, *about)

    def middle(self, shift: int = 0) -> date:
        """Return the posyandu day in the middle of the time, or so many months after it."""
        return self.days[min(len(self.days) - 1, len(self.days) // 2 + shift)]


def source(*about: object) -> Random:
    """Return a source of chance that these words alone decide, the same on every machine."""
    return Random("/".join(map(str, about)))  # noqa: S311 - nothing secret is drawn


def posyandu_days(chance: Random, months: Sequence[tuple[int, int]], end: date) -> tuple[date, ...]:
    """Return the posyandu's day of each month up to `end`: always the same date, a Sunday moves to Monday."""
    day_of_month = chance.randint(3, 20)
    dates = (date(year, month, day_of_month) for year, month in sorted(months))
    days = (day + timedelta(days=day.weekday() == SUNDAY) for day in dates)
    return tuple(day for day in days if day <= end)


def births(chance: Random, count: int, setting: Setting) -> list[Birth]:
    """Spread so many births evenly over all days of birth that are of age at some time, oldest first.

    One pair of twins is among them when the village is large enough.
    """
    oldest = setting.days[0] - timedelta(days=OLDEST_DAY)
    step = (setting.end - oldest).days / count
    days = [oldest + timedelta(days=int(step * (number + chance.random()))) for number in range(count)]
    second = _second_twin(chance, days, setting.end)
    if second is not None:
        days[second] = days[second - 1]
    return [
        Birth(number, chance.choice("mf"), day, number - 1 if number == second else None)
        for number, day in enumerate(days)
    ]


def _second_twin(chance: Random, days: Sequence[date], end: date) -> int | None:
    able = [number for number, day in enumerate(days) if number and (end - day).days in TWIN_AGE_DAYS]
    return chance.choice(able) if able else None
