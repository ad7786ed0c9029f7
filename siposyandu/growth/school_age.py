"""WHO Reference 2007, 5 to 19 years: height, weight and BMI of one child by age in months.

Equal at two decimals to WHO's own program (R package anthroplus 1.0). Its rules, in order:

1. Age is in months, with its fraction. Height and BMI are scored from 60 to 228 months, weight from 60 to 120
   (later, weight says more of puberty than of food); both ends belong to it.
2. L, M, S stand by whole month; between two months they are taken in proportion.
3. Height is as measured: no correction between lying and standing. BMI is weight over the square of height.
4. z by L, M, S; straight tails beyond +-3 SD for weight and BMI. With oedema these two are blank.
5. z is rounded at two decimals, then flagged where it is hardly possible. A flagged z stays.

The two references do not meet exactly at 60 months: the median boy is 0.3 cm taller by this one.
"""

from math import trunc

from siposyandu.growth.length import body_mass_index, refuse_unknown_position
from siposyandu.growth.lms import Lms, restricted_value_at, value_at
from siposyandu.growth.reference import Table, tables
from siposyandu.growth.standards import (
    Index,
    Scores,
    refuse_impossible,
    refuse_negative_months,
    refuse_unknown_sex,
    scored,
)

FROM_MONTHS = 60
VERSION = "WHO 2007 by months, anthroplus 1.0"
VERSION_BY_COMPLETED_MONTHS = "WHO 2007 by completed months, anthroplus 1.0"
VERSIONS = (VERSION, VERSION_BY_COMPLETED_MONTHS)
"""Kept with each computed result, so that old results stay reproducible."""

INDICES = {
    "wfa_5_10": Index(True, -6, 5),
    "hfa_5_19": Index(False, -6, 6),
    "bfa_5_19": Index(True, -5, 5),
}


def score(  # noqa: PLR0913 - the measures of one visit, by name only
    *,
    sex: str | None,
    age_months: float | None,
    weight_kg: float | None = None,
    height_cm: float | None = None,
    measured: str | None = None,
    oedema: bool = False,
) -> Scores:
    """Score one child at one visit; waz, haz and baz are filled where there is a score. Missing in, missing out.

    sex "m" or "f"; age_months with its fraction (days / 30.4375); `measured` is kept, it corrects nothing.
    Raises a BadMeasurement: UnknownSex, UnknownPosition, NegativeAge, NotPositive.
    """
    refuse_impossible(weight_kg=weight_kg, height_cm=height_cm)
    refuse_unknown_sex(sex)
    refuse_unknown_position(measured)
    if age_months is not None:
        refuse_negative_months(age_months)
    bmi = body_mass_index(weight_kg, height_cm)
    dry_kg, dry_bmi = (None, None) if oedema else (weight_kg, bmi)
    waz, waz_flag = _by_month("wfa_5_10", sex, age_months, dry_kg)
    haz, haz_flag = _by_month("hfa_5_19", sex, age_months, height_cm)
    baz, baz_flag = _by_month("bfa_5_19", sex, age_months, dry_bmi)
    return Scores(
        height_cm, bmi, waz, haz, None, baz, None, None, None, None,
        waz_flag, haz_flag, None, baz_flag, None, None, None, None, measured, False, VERSION,
    )  # fmt: skip


def sd_line(index: str, sex: str, age_months: float, z: float) -> float | None:
    """Return the measure on an SD line, for charts: `index` such as "bfa_5_19". None where there is no value.

    Kilograms for wfa_5_10, centimetres for hfa_5_19, kg/m2 for bfa_5_19.
    """
    lms = month_lms(index, sex, age_months)
    if lms is None:
        return None
    return restricted_value_at(z, lms) if INDICES[index].straight_tails else value_at(z, lms)


def month_lms(index: str, sex: str, age_months: float) -> Lms | None:
    """Return L, M, S at an age in months, between two months in proportion; None outside the table."""
    table = tables()[index, sex]
    lower, part = table.row(trunc(age_months)), age_months % 1
    if lower is None or part == 0:
        return lower
    return _between(lower, table, trunc(age_months) + 1, part)


def _between(lower: Lms, table: Table, next_month: int, part: float) -> Lms | None:
    upper = table.row(next_month)
    if upper is None:
        return None
    return Lms(*(low + part * (up - low) for low, up in zip(lower, upper, strict=True)))


def _by_month(
    index: str, sex: str | None, age_months: float | None, measure: float | None
) -> tuple[float | None, bool | None]:
    if measure is None or sex is None or age_months is None:
        return None, None
    return scored(INDICES[index], measure, month_lms(index, sex, age_months))
