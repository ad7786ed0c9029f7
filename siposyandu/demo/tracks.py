"""How a synthetic child grows: its own line through WHO's standards, illness, faltering, and the kader's tape.

A child keeps its level (z of length and of weight for length) from month to month. Length falls behind from birth
to 20 months, as everywhere stunting is common. Rain brings illness, illness takes weight, and most of it comes back.
Levels are set so that stunting is in the high twenties percent, as surveys find in NTB (domain.md 0).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from siposyandu.demo import faults
from siposyandu.growth.length import STANDING_FROM_DAY
from siposyandu.growth.standards import value_at

RAINY_MONTHS = (12, 1, 2, 3)
OLDEST_DAY = 1826
STEADY_MONTHS = 20
LENGTH_LOST_BY_THEN = 0.95
"""z of length lost between birth and 20 months; from there the level stays."""
WASTED_AROUND_THE_MIDDLE = {-2: -1.9, -1: -2.6, 0: -3.4, 1: -3.5, 2: -2.9, 3: -2.3, 4: -1.8}
STANDING_LOSS_MM = 7
OEDEMA_WEIGHS = 1.05
HEAD_UNTIL_MONTHS = 24
ARM_FROM_MONTHS = 6


@dataclass(frozen=True)
class Level:
    """What is a child's own: z of length, of weight for length, of head."""

    haz: float
    whz: float
    head: float


@dataclass(frozen=True)
class Point:
    """Where a child truly stands on one day."""

    day: date
    age_days: int
    haz: float
    whz: float
    head: float
    ill: bool = False
    oedema: str = "no"


def level(chance: Random, fault: str | None) -> Level:
    """Draw a child's level; some faults need one of their own."""
    haz, whz = chance.gauss(-1.45, 1.08), chance.gauss(-0.3, 0.95)
    if fault == faults.SEVERE_STUNTING:
        haz, whz = chance.uniform(-4.0, -3.5), chance.uniform(-0.8, 0.2)
    elif fault == faults.CATCH_UP:
        haz, whz = chance.uniform(-2.9, -2.4), chance.uniform(-1.8, -1.2)
    elif fault == faults.FALTERING:
        haz, whz = chance.uniform(-1.4, -0.6), chance.uniform(-0.6, 0.3)
    elif fault is not None:
        haz, whz = _within(haz, -2.2, 0.4), _within(whz, -1.2, 1.0)
    return Level(_within(haz, -4.2, 2.5), _within(whz, -2.6, 2.6), chance.gauss(-0.6, 0.8))


def path(chance: Random, own: Level, birth: date, days: Sequence[date], fault: str | None) -> list[Point]:
    """Follow a child over the posyandu days of its life before 60 months."""
    points, wander, dip, scar = [], 0.0, 0.0, 0.0
    for number, day in enumerate(days):
        age_days = (day - birth).days
        ill = chance.random() < (0.12 if day.month in RAINY_MONTHS else 0.05)
        wander = 0.8 * wander + chance.gauss(0, 0.12)
        dip = 0.45 * dip + (chance.uniform(0.4, 1.0) if ill else 0)
        scar += 0.03 if ill else 0
        if 2 < age_days <= OLDEST_DAY:
            haz, whz = _with_fault(own, fault, number, len(days))
            haz += _not_yet_lost(age_days) - scar
            whz = whz if fault == faults.SEVERE_WASTING else whz + wander - dip
            oedema = _oedema(fault, number, len(days))
            points.append(Point(day, age_days, haz, whz, own.head, ill, oedema))
    return points


def _with_fault(own: Level, fault: str | None, number: int, count: int) -> tuple[float, float]:
    """The level in the month with this number, of so many: faltering and catching up take months."""
    since = number - count // 4
    if fault == faults.FALTERING:
        return own.haz - 0.09 * _within(since, 0, 10), own.whz - 0.2 * _within(since, 0, 6)
    if fault == faults.CATCH_UP:
        return own.haz + 0.07 * _within(since, 0, 12), own.whz + 0.15 * _within(since, 0, 9)
    if fault == faults.SEVERE_WASTING:
        return own.haz, WASTED_AROUND_THE_MIDDLE.get(number - count // 2, -1.5)
    return own.haz, own.whz


def _oedema(fault: str | None, number: int, count: int) -> str:
    if fault != faults.OEDEMA:
        return "no"
    return {0: "2", 1: "1"}.get(number - count // 2, "no")


def _not_yet_lost(age_days: int) -> float:
    """How much of the loss of length still lies ahead at this age."""
    return LENGTH_LOST_BY_THEN * max(0.0, 1 - age_days / (STEADY_MONTHS * faults.DAYS_PER_MONTH))


def length_cm(sex: str, point: Point) -> float:
    """Return the true length (below 731 days) or height of the child in cm."""
    return _by_age("lhfa", sex, point.age_days, point.haz)


def weight_kg(sex: str, point: Point) -> float:
    """Return the true weight in kg: by length; for the shortest newborns, below WHO's table, by age."""
    table = "wfl" if point.age_days < STANDING_FROM_DAY else "wfh"
    found = value_at(table, sex, length_cm(sex, point), point.whz)
    if found is None:
        found = _by_age("wfa", sex, point.age_days, 0.6 * point.haz + 0.6 * point.whz)
    return found * (OEDEMA_WEIGHS if point.oedema != "no" else 1)


def _by_age(index: str, sex: str, age_days: int, z: float) -> float:
    found = value_at(index, sex, age_days, z)
    if found is None:
        raise ValueError(f"no {index} at {age_days} days")
    return found


def measured(
    chance: Random, sex: str, point: Point, *, rounded: bool, standing: bool
) -> dict[str, int | str | None]:
    """Weigh and measure as a kader does: to 10 g lying and 100 g standing, to the millimetre or rounded.

    `rounded` is the kader who reads whole and half centimetres; `standing` one who stands the child up in any case.
    """
    upright = standing or point.age_days >= STANDING_FROM_DAY
    length_mm = length_cm(sex, point) * 10 + chance.gauss(0, 2.5)
    if standing and point.age_days < STANDING_FROM_DAY:
        length_mm -= STANDING_LOSS_MM
    weight_g = weight_kg(sex, point) * 1000 + chance.gauss(0, 40)
    step_mm = chance.choice((5, 10, 10)) if rounded else 1
    return {
        "weight_g": _to(weight_g, 100 if point.age_days >= STANDING_FROM_DAY else 10),
        "length_height_mm": _to(length_mm, step_mm),
        "measured": "standing" if upright else "lying",
        "head_circumference_mm": _head_mm(chance, sex, point),
        "muac_mm": _arm_mm(chance, sex, point),
        "oedema": point.oedema,
    }


def _head_mm(chance: Random, sex: str, point: Point) -> int | None:
    if point.age_days > HEAD_UNTIL_MONTHS * faults.DAYS_PER_MONTH:
        return None
    return _mm(chance, _by_age("hcfa", sex, point.age_days, point.head))


def _arm_mm(chance: Random, sex: str, point: Point) -> int | None:
    if point.age_days < ARM_FROM_MONTHS * faults.DAYS_PER_MONTH:
        return None
    return _mm(chance, _by_age("acfa", sex, point.age_days, 0.85 * point.whz + 0.15 * point.haz))


def _mm(chance: Random, true_cm: float) -> int:
    return round(true_cm * 10 + chance.gauss(0, 1.5))


@dataclass(frozen=True)
class AtBirth:
    """What the midwife wrote down."""

    gestation_weeks: int
    weight_g: int
    length_mm: int
    head_mm: int


def at_birth(chance: Random, sex: str, own: Level, *, twin: bool) -> AtBirth:
    """Draw how a child was born: twins and the early ones are smaller."""
    early = chance.random() < (0.5 if twin else 0.07)
    weeks = chance.randint(33, 36) if early else chance.randint(37, 41)
    small = 0.4 * (38 - weeks) if early else 0.0
    shared = 0.4 * (own.haz + LENGTH_LOST_BY_THEN)
    weight = _by_age("wfa", sex, 0, _within(shared + chance.gauss(-0.2, 0.7) - small, -3.2, 2.2))
    length = _by_age("lhfa", sex, 0, _within(shared + chance.gauss(-0.2, 0.7) - small, -3.2, 2.2))
    head = _by_age("hcfa", sex, 0, _within(0.5 * own.head + chance.gauss(0, 0.6) - small, -3.0, 2.2))
    return AtBirth(weeks, _to(weight * 1000, 50), _to(length * 10, 5), _to(head * 10, 5))


def _to(amount: float, step: int) -> int:
    return step * round(amount / step)


def _within(number: float, low: float, high: float) -> float:
    return min(high, max(low, number))
