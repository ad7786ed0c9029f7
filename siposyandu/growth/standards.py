"""WHO Child Growth Standards, 0 to 60 months: eight z-scores of one child, by whole days of age.

Equal at two decimals to WHO's own program (R package anthro 1.1). Its rules, in order:

1. Age is in days, rounded half up; months are days / 30.4375. Scores by age end below 60 months.
2. Standing before 9 months cannot be: the position is then treated as not known.
3. Lying length is used below 731 days, standing height from there; measured the other way, 0.7 cm is
   added or taken off. BMI is weight over the square of that length, unrounded.
4. z by L, M, S of that day; straight tails beyond +-3 SD except for length and head.
5. Weight-for-length uses the length table below 731 days, else the height table (the age decides; without
   an age the position, without both 87 cm), interpolated between tenths of a centimetre.
6. With oedema there is no weight-based score: the water hides the wasting.
7. z is rounded at two decimals, then flagged where it is hardly possible. A flagged z stays.
"""

from collections.abc import Mapping
from math import floor, inf
from typing import NamedTuple

from siposyandu.growth.completed_months import month_tables
from siposyandu.growth.errors import NegativeAge, NotPositive, UnknownSex
from siposyandu.growth.length import (
    DAYS_PER_MONTH,
    LENGTH_LIMITS_CM,
    body_mass_index,
    length_lms,
    length_table,
    length_used,
    position_used,
)
from siposyandu.growth.lms import Lms, restricted_value_at, restricted_zscore, zscore
from siposyandu.growth.lms import value_at as plain_value_at
from siposyandu.growth.reference import Table, tables
from siposyandu.i18n import N_

MONTHS_COVERED = 60
VERSION = "WHO 2006 by days, anthro 1.1"
VERSION_BY_COMPLETED_MONTHS = "WHO 2006 by completed months, anthro 1.1"
"""Kept with each computed result, so that old results stay reproducible."""


class Index(NamedTuple):
    """How one index is scored: whether its tails are straight, and beyond which z it is flagged."""

    straight_tails: bool
    flag_below: float
    flag_above: float


INDICES = {
    "wfa": Index(True, -6, 5),
    "lhfa": Index(False, -6, 6),
    "wfl": Index(True, -5, 5),
    "wfh": Index(True, -5, 5),
    "bfa": Index(True, -5, 5),
    "hcfa": Index(False, -5, 5),
    "acfa": Index(True, -5, 5),
    "tsfa": Index(True, -5, 5),
    "ssfa": Index(True, -5, 5),
}


class Scores(NamedTuple):
    """What the standards say of one child at one visit; None is "no value". Flags: True is hardly possible.

    weight (w), length or height (h), weight-for-length (wh), BMI (b), head (hc), mid-upper arm (ac),
    triceps (ts) and subscapular (ss) skinfold. `measured_used` is None where the position was not given
    or was refused (`position_refused`: standing before 9 months). `standard` says by which rules.
    """

    length_used_cm: float | None
    bmi: float | None
    waz: float | None
    haz: float | None
    whz: float | None
    baz: float | None
    hcz: float | None
    acz: float | None
    tsz: float | None
    ssz: float | None
    waz_flag: bool | None
    haz_flag: bool | None
    whz_flag: bool | None
    baz_flag: bool | None
    hcz_flag: bool | None
    acz_flag: bool | None
    tsz_flag: bool | None
    ssz_flag: bool | None
    measured_used: str | None
    position_refused: bool
    standard: str


class _Child(NamedTuple):
    """Sex and age as the tables want them; `row` (a day or a month) is None where no score by age exists."""

    sex: str | None
    age_days: float | None
    rounded_day: int | None
    covered: bool
    row: int | None
    by_age: Mapping[tuple[str, str], Table]
    standard: str


def score(  # noqa: PLR0913 - the measures of one visit, by name only
    *,
    sex: str | None,
    age_days: float | None,
    weight_kg: float | None = None,
    length_height_cm: float | None = None,
    measured: str | None = None,
    head_circumference_cm: float | None = None,
    muac_cm: float | None = None,
    triceps_mm: float | None = None,
    subscapular_mm: float | None = None,
    oedema: bool = False,
    completed_months: int | None = None,
) -> Scores:
    """Score one child at one visit. Missing in, missing out.

    sex "m" or "f"; age_days from birth to visit; measured "lying" or "standing"; oedema of both feet.
    `completed_months`, in place of age_days, reads the row of that month (0 to 60) to match a paper table.
    Raises a BadMeasurement: UnknownSex, UnknownPosition, NegativeAge, NotPositive.
    """
    refuse_impossible(
        weight_kg=weight_kg, length_height_cm=length_height_cm, head_circumference_cm=head_circumference_cm,
        muac_cm=muac_cm, triceps_mm=triceps_mm, subscapular_mm=subscapular_mm,
    )  # fmt: skip
    child = _child(sex, age_days) if completed_months is None else _child_on_paper(sex, completed_months)
    used = position_used(measured, child.age_days)
    length_cm = length_used(length_height_cm, used, child.rounded_day)
    bmi = body_mass_index(weight_kg, length_cm)
    dry_kg, dry_bmi = (None, None) if oedema else (weight_kg, bmi)
    waz, waz_flag = _by_age("wfa", child, dry_kg)
    haz, haz_flag = _by_age("lhfa", child, length_cm)
    whz, whz_flag = _by_length(child, used, length_cm, dry_kg)
    baz, baz_flag = _by_age("bfa", child, dry_bmi)
    hcz, hcz_flag = _by_age("hcfa", child, head_circumference_cm)
    acz, acz_flag = _by_age("acfa", child, muac_cm)
    tsz, tsz_flag = _by_age("tsfa", child, triceps_mm)
    ssz, ssz_flag = _by_age("ssfa", child, subscapular_mm)
    return Scores(
        length_cm, bmi, waz, haz, whz, baz, hcz, acz, tsz, ssz,
        waz_flag, haz_flag, whz_flag, baz_flag, hcz_flag, acz_flag, tsz_flag, ssz_flag,
        used, measured is not None and used is None, child.standard,
    )  # fmt: skip


def refuse_impossible(**measures: float | None) -> None:
    """Raise NotPositive for the first measure that is zero, negative, infinite or no number."""
    for field, measure in measures.items():
        if measure is not None and not 0 < measure < inf:
            raise NotPositive(field=field, given=measure)


def whole_days(age_days: float) -> int:
    """Round an age half up to whole days, as WHO does: 730.5 is 731. Raises NegativeAge."""
    if not 0 <= age_days < inf:
        raise NegativeAge(days=age_days)
    return floor(age_days + 0.5)


def refuse_unknown_sex(sex: str | None) -> None:
    """Raise UnknownSex for a sex that is given and is neither "m" nor "f"."""
    if sex not in (None, "m", "f"):
        raise UnknownSex(given=sex)


def refuse_negative_months(age_months: float) -> None:
    """Raise NegativeAge for an age in months below zero, infinite or no number."""
    if not 0 <= age_months < inf:
        raise NegativeAge(N_("The visit lies before the birth: {months} months."), months=age_months)


def value_at(index: str, sex: str, x: float, z: float) -> float | None:
    """Return the measure on an SD line, for charts: `index` such as "wfa", x in days, for wfl and wfh in cm.

    Kilograms for wfa, wfl and wfh, centimetres for lhfa, hcfa and acfa, kg/m2 for bfa, millimetres for the
    skinfolds. None where the standard has no value.
    """
    lms = length_lms(index, sex, x) if index in LENGTH_LIMITS_CM else tables()[index, sex].row(int(x))
    if lms is None:
        return None
    return restricted_value_at(z, lms) if INDICES[index].straight_tails else plain_value_at(z, lms)


def _child(sex: str | None, age_days: float | None) -> _Child:
    refuse_unknown_sex(sex)
    if age_days is None:
        return _Child(sex, None, None, True, None, tables(), VERSION)
    day, covered = whole_days(age_days), age_days / DAYS_PER_MONTH < MONTHS_COVERED
    return _Child(sex, age_days, day, covered, day if covered else None, tables(), VERSION)


def _child_on_paper(sex: str | None, completed_months: int) -> _Child:
    refuse_negative_months(completed_months)
    child = _child(sex, whole_days(completed_months * DAYS_PER_MONTH))
    return child._replace(row=completed_months, by_age=month_tables(), standard=VERSION_BY_COMPLETED_MONTHS)


def _by_age(index: str, child: _Child, measure: float | None) -> tuple[float | None, bool | None]:
    if measure is None or child.sex is None or child.row is None:
        return None, None
    return scored(INDICES[index], measure, child.by_age[index, child.sex].row(child.row))


def _by_length(
    child: _Child, measured: str | None, length_cm: float | None, weight_kg: float | None
) -> tuple[float | None, bool | None]:
    if weight_kg is None or length_cm is None or child.sex is None or not child.covered:
        return None, None
    index = length_table(child.rounded_day, measured, length_cm)
    return scored(INDICES[index], weight_kg, length_lms(index, child.sex, length_cm))


def scored(rule: Index, measure: float, lms: Lms | None) -> tuple[float | None, bool | None]:
    """Return z at two decimals and its flag by an index's rule; nothing where the table has no row."""
    if lms is None:
        return None, None
    z = restricted_zscore(measure, lms) if rule.straight_tails else zscore(measure, lms)
    z = round(z, 2) + 0.0  # + 0.0 turns -0.0 into 0.0
    return z, z < rule.flag_below or z > rule.flag_above
