"""The faults of real life that a village must show, and which child plays which part.

Each part falls to one child of a fitting age; what it does to the child's visits is in children.py and tracks.py.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import NamedTuple

from forms.dates import completed_months
from siposyandu.demo.families import Birth

MISSED_MONTHS = "missed_months"
ROUNDED_HEIGHTS = "rounded_heights"
STANDING_AT_20_MONTHS = "standing_at_20_months"
NO_NIK = "no_nik"
TWINS = "twins"
TRANSFER = "transfer"
SEVERE_STUNTING = "severe_stunting"
SEVERE_WASTING = "severe_wasting"
OEDEMA = "oedema"
SWAPPED_ROWS = "swapped_rows"
AGED_OUT = "aged_out"
DEATH = "death"
FALTERING = "faltering"
CATCH_UP = "catch_up"
ALL = (
    MISSED_MONTHS, ROUNDED_HEIGHTS, STANDING_AT_20_MONTHS, NO_NIK, TWINS, TRANSFER, SEVERE_STUNTING,
    SEVERE_WASTING, OEDEMA, SWAPPED_ROWS, AGED_OUT, DEATH, FALTERING, CATCH_UP,
)  # fmt: skip

DAYS_PER_MONTH = 30.4375
STANDING_MONTHS = 20


class Ages(NamedTuple):
    """A child's age in months on the first, the middle and the last day of the posyandu, and on all of them."""

    first: float
    middle: float
    last: float
    completed: frozenset[int]

    @classmethod
    def of(cls, birth: date, days: Sequence[date]) -> "Ages":
        """Return the ages of a child born on a day."""
        first, middle, last = (
            (day - birth).days / DAYS_PER_MONTH for day in (days[0], days[len(days) // 2], days[-1])
        )
        return cls(
            first, middle, last, frozenset(completed_months(birth, day) for day in days if day >= birth)
        )


class Part(NamedTuple):
    """A fault, who can have it, and how many children of a village do (at least one if anybody can)."""

    fault: str
    fits: Callable[[Ages], bool]
    share: float = 0


# In the order in which they are given out: the parts few children fit come first.
PARTS = (
    Part(NO_NIK, lambda age: 0 <= age.last < 3),
    Part(DEATH, lambda age: 2 <= age.middle < 14 and age.last < 40),
    Part(STANDING_AT_20_MONTHS, lambda age: STANDING_MONTHS in age.completed),
    Part(OEDEMA, lambda age: 9 <= age.middle < 36),
    Part(SEVERE_WASTING, lambda age: 8 <= age.middle < 40),
    Part(TRANSFER, lambda age: age.first >= 6 and age.last < 58),
    Part(SEVERE_STUNTING, lambda age: 18 <= age.middle < 54),
    Part(SWAPPED_ROWS, lambda age: 8 <= age.middle < 50),
    Part(FALTERING, lambda age: age.first >= 5 and age.middle < 24, share=0.05),
    Part(CATCH_UP, lambda age: age.first >= 6 and age.last < 58, share=0.04),
    Part(MISSED_MONTHS, lambda age: age.first >= 4 and age.last < 59, share=0.05),
)


def cast(chance: Random, births: Sequence[Birth], days: Sequence[date]) -> dict[int, str]:
    """Give the parts out: number of the child -> fault. No child has two; twins are a part.

    A part stays empty when the village has no child of a fitting age.
    """
    twins = {birth.twin_of for birth in births} | {
        birth.number for birth in births if birth.twin_of is not None
    }
    free = {birth.number: Ages.of(birth.day, days) for birth in births if birth.number not in twins}
    parts = {birth.number: TWINS for birth in births if birth.number in twins}
    for part in PARTS:
        for number in _players(chance, part, free, len(births)):
            parts[number] = part.fault
            del free[number]
    return parts


def _players(chance: Random, part: Part, free: Mapping[int, Ages], children: int) -> list[int]:
    able = [number for number, ages in free.items() if part.fits(ages)]
    return chance.sample(able, min(len(able), max(1, round(part.share * children))))
