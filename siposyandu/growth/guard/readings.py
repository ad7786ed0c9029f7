"""A measure as a place among other children: z by WHO's tables, with how far the measuring itself may be off.

How far honest measures of the same child differ (one standard deviation):
length  0.5 cm: workers of a community after training, and reading to half centimetres (Ayele 2012, Laar 2018)
weight  120 g for scale, clothes and a child that moves, and 1 % for what was eaten, drunk and sweated since
head    0.35 cm, arm 0.35 cm
At birth others measured, with other tools: 1 cm and 100 g.
"""

from collections.abc import Callable, Iterable
from math import hypot
from typing import NamedTuple

from siposyandu.growth.guard.measured import Child, Visit
from siposyandu.growth.length import POSITION_CM, STANDING_FROM_DAY
from siposyandu.growth.reference import Table, tables

LENGTH_ERROR_CM, BIRTH_LENGTH_ERROR_CM = 0.5, 1.0
WEIGHT_ERROR_KG, WEIGHT_ERROR_SHARE, BIRTH_WEIGHT_ERROR_KG = 0.12, 0.01, 0.1
HEAD_ERROR_CM = ARM_ERROR_CM = 0.35
ILLNESS_SHARE = 0.02
"""A few days of fever or diarrhoea take a fiftieth of the weight as often as not: a loss is less surprising than a gain."""
LAST_DAY = 1826
"""WHO's tables by age end here; a child said to be a little older is read on the last day's line."""


class Reading(NamedTuple):
    """z on a day of age, and the variance that measuring adds to it."""

    day: int
    z: float
    variance: float


Taken = Callable[[Visit, int], tuple[float, float] | None]
"""From a visit at a day of age to the measure and its error; None where it was not taken."""


def _length(visit: Visit, day: int) -> tuple[float, float] | None:
    """In centimetres, as if measured in the position of this age."""
    if visit.length_height_mm is None:
        return None
    centimetres = visit.length_height_mm / 10
    if day < STANDING_FROM_DAY:
        return centimetres + (POSITION_CM if visit.measured == "standing" else 0), LENGTH_ERROR_CM
    return centimetres - (POSITION_CM if visit.measured == "lying" else 0), LENGTH_ERROR_CM


def _weight(visit: Visit, day: int) -> tuple[float, float] | None:
    """In kilograms; with oedema the weight says nothing."""
    if visit.weight_g is None or visit.oedema:
        return None
    kilograms = visit.weight_g / 1000
    return kilograms, _weight_error(kilograms)


def _head(visit: Visit, day: int) -> tuple[float, float] | None:
    return (visit.head_circumference_mm / 10, HEAD_ERROR_CM) if visit.head_circumference_mm else None


def _arm(visit: Visit, day: int) -> tuple[float, float] | None:
    return (visit.muac_mm / 10, ARM_ERROR_CM) if visit.muac_mm else None


TAKEN: dict[str, Taken] = {"lhfa": _length, "wfa": _weight, "hcfa": _head, "acfa": _arm}


def series(index: str, child: Child, visits: Iterable[Visit]) -> list[Reading]:
    """Return the readings of one index, the birth first, then the visits in their order; what is missing is left out."""
    table, taken, born = tables().get((index, child.sex)), TAKEN[index], child.birth_date.toordinal()
    if table is None:
        return []  # without a sex nothing can be compared
    found = _at_birth(index, child, table)
    for visit in visits:
        day = visit.visit_date.toordinal() - born
        measured = taken(visit, day)
        if measured is not None:
            reading = _read(table, day, *measured)
            if reading is not None:
                found.append(reading)
    return found


def _at_birth(index: str, child: Child, table: Table) -> list[Reading]:
    """Return what the card says of the day of birth."""
    measured = None
    if index == "lhfa" and child.birth_length_mm:
        measured = (child.birth_length_mm / 10, BIRTH_LENGTH_ERROR_CM)
    elif index == "wfa" and child.birth_weight_g:
        measured = (child.birth_weight_g / 1000, BIRTH_WEIGHT_ERROR_KG)
    reading = measured and _read(table, 0, *measured)
    return [reading] if reading else []


def _read(table: Table, day: int, measure: float, error: float) -> Reading | None:
    """Return z without straight tails, and the error in z at this very measure; None outside the table."""
    lms = table.row(min(day, LAST_DAY))
    if lms is None:
        return None
    power, median, variation = lms
    bent = float((measure / median) ** power)
    in_z = error * bent / (measure * variation)
    return Reading(day, (bent - 1) / (power * variation), in_z * in_z)


def one(index: str, child: Child, visit: Visit) -> Reading | None:
    """Return the reading of one visit; None where this was not measured."""
    bare = Child(child.sex, child.birth_date)
    return next(iter(series(index, bare, [visit])), None)


def if_ill(reading: Reading, visit: Visit) -> Reading:
    """Return the reading of a weight with the error that an illness adds."""
    kilograms = (visit.weight_g or 0) / 1000
    errors = ILLNESS_SHARE * kilograms / _weight_error(kilograms)
    return reading._replace(variance=reading.variance * (1 + errors * errors))


def _weight_error(kilograms: float) -> float:
    return hypot(WEIGHT_ERROR_KG, WEIGHT_ERROR_SHARE * kilograms)
