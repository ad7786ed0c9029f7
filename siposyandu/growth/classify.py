"""Nutritional status in the regulation's words: from a z-score (or centimetres) to a category.

Source: Permenkes 2/2020 (Standar Antropometri Anak), table of categories: children 0 to 60 months by four indices,
5 to 18 years by BMI only; head and arm circumference: Buku KIA 2024; three signs of gizi buruk: KMK HK.01.07/MENKES/2015/2023.
A value on a boundary belongs to the better category: -2.00 is normal.
"""

from typing import NamedTuple

from siposyandu.growth import school_age
from siposyandu.growth.standards import Scores
from siposyandu.i18n import N_

GOOD, WATCH, ACT, URGENT = range(4)
"""Severity, for the colour: green, yellow, orange, red. Red is beyond 3 SD, or a sign of gizi buruk."""

MUAC_FROM_MONTHS, MUAC_TO_MONTHS = 6, 59
MUAC_SEVERE_BELOW_CM, MUAC_MODERATE_BELOW_CM = 11.5, 12.5
MUAC_SMALL_BABY_BELOW_CM = 11.0
"""Before 6 months: a baby at risk of growing poorly (Buku KIA 2024). No sign of gizi buruk by itself."""
SEVERE_WASTING_BELOW_Z = -3.0


class Category(NamedTuple):
    """One category: a code for machines, a label for people, Buku KIA's letters, and a severity 0 to 3."""

    code: str
    label: str
    short: str
    severity: int


class Sign(NamedTuple):
    """One of the three signs of gizi buruk; any one of them is enough."""

    code: str
    label: str


class Status(NamedTuple):
    """All categories of one visit; None where there is nothing to judge."""

    weight_for_age: Category | None
    length_for_age: Category | None
    weight_for_length: Category | None
    bmi_for_age: Category | None
    head_for_age: Category | None
    muac: Category | None
    severe_signs: tuple[Sign, ...]


SEVERELY_UNDERWEIGHT = Category("severely_underweight", N_("Severely underweight"), "SK", URGENT)
UNDERWEIGHT = Category("underweight", N_("Underweight"), "K", ACT)
NORMAL_WEIGHT = Category("normal_weight", N_("Normal weight"), "N", GOOD)
RISK_OF_EXCESS_WEIGHT = Category("risk_of_excess_weight", N_("Risk of excess weight"), "RBBL", WATCH)

SEVERELY_STUNTED = Category("severely_stunted", N_("Severely stunted"), "SP", URGENT)
STUNTED = Category("stunted", N_("Stunted"), "P", ACT)
NORMAL_LENGTH = Category("normal_length", N_("Normal length or height"), "N", GOOD)
TALL = Category("tall", N_("Tall"), "Ti", GOOD)  # the regulation: rarely a problem

SEVERELY_WASTED = Category("severely_wasted", N_("Severely wasted"), "GB", URGENT)
WASTED = Category("wasted", N_("Wasted"), "GK", ACT)
WELL_NOURISHED = Category("well_nourished", N_("Well nourished"), "GN", GOOD)
RISK_OF_OVERWEIGHT = Category("risk_of_overweight", N_("Risk of overweight"), "RGL", WATCH)
OVERWEIGHT = Category("overweight", N_("Overweight"), "GL", ACT)
OBESE = Category("obese", N_("Obese"), "O", URGENT)

SEVERELY_THIN = Category("severely_thin", N_("Severely thin"), "GB", URGENT)
THIN = Category("thin", N_("Thin"), "GK", ACT)

MICROCEPHALY = Category("microcephaly", N_("Head too small"), "Mi", ACT)
NORMAL_HEAD = Category("normal_head", N_("Normal head size"), "N", GOOD)
MACROCEPHALY = Category("macrocephaly", N_("Head too large"), "Ma", ACT)

MUAC_SEVERE = Category("muac_severe", N_("Arm circumference: severely wasted"), "GB", URGENT)
MUAC_MODERATE = Category("muac_moderate", N_("Arm circumference: wasted"), "GK", ACT)
MUAC_NORMAL = Category("muac_normal", N_("Arm circumference: normal"), "N", GOOD)
MUAC_SMALL_BABY = Category("muac_small_baby", N_("Arm circumference: small for a baby"), "K", ACT)

ALL = (
    SEVERELY_UNDERWEIGHT, UNDERWEIGHT, NORMAL_WEIGHT, RISK_OF_EXCESS_WEIGHT,
    SEVERELY_STUNTED, STUNTED, NORMAL_LENGTH, TALL,
    SEVERELY_WASTED, WASTED, WELL_NOURISHED, RISK_OF_OVERWEIGHT, OVERWEIGHT, OBESE,
    SEVERELY_THIN, THIN,
    MICROCEPHALY, NORMAL_HEAD, MACROCEPHALY,
    MUAC_SEVERE, MUAC_MODERATE, MUAC_NORMAL, MUAC_SMALL_BABY,
)  # fmt: skip
BY_CODE = {category.code: category for category in ALL}
"""To show a stored code again in words and colour."""

SEVERE_WASTING = Sign("severe_wasting", N_("weight for length or height below -3 SD"))
THIN_ARM = Sign("thin_arm", N_("arm circumference below 11.5 cm"))
SWOLLEN_FEET = Sign("swollen_feet", N_("swelling of both feet"))


def weight_for_age(waz: float | None) -> Category | None:
    """Return the category of BB/U."""
    if waz is None:
        return None
    if waz < -2:
        return SEVERELY_UNDERWEIGHT if waz < -3 else UNDERWEIGHT
    return RISK_OF_EXCESS_WEIGHT if waz > 1 else NORMAL_WEIGHT


def length_for_age(haz: float | None) -> Category | None:
    """Return the category of PB/U or TB/U."""
    if haz is None:
        return None
    if haz < -2:
        return SEVERELY_STUNTED if haz < -3 else STUNTED
    return TALL if haz > 3 else NORMAL_LENGTH


def weight_for_length(whz: float | None) -> Category | None:
    """Return the category of BB/PB or BB/TB, and of IMT/U at 0 to 60 months: the same words."""
    if whz is None:
        return None
    if whz < -2:
        return SEVERELY_WASTED if whz < -3 else WASTED
    if whz > 2:
        return OBESE if whz > 3 else OVERWEIGHT
    return RISK_OF_OVERWEIGHT if whz > 1 else WELL_NOURISHED


bmi_for_age = weight_for_length


def bmi_for_age_5_to_18_years(baz: float | None) -> Category | None:
    """Return the category of IMT/U at 5 to 18 years, from the z of WHO 2007: obese begins above +2."""
    if baz is None:
        return None
    if baz < -2:
        return SEVERELY_THIN if baz < -3 else THIN
    if baz > 1:
        return OBESE if baz > 2 else OVERWEIGHT
    return WELL_NOURISHED


def head_for_age(hcz: float | None) -> Category | None:
    """Return the category of LK/U."""
    if hcz is None:
        return None
    if hcz < -2:
        return MICROCEPHALY
    return MACROCEPHALY if hcz > 2 else NORMAL_HEAD


def muac(muac_cm: float | None, age_months: int | None) -> Category | None:
    """Return the category of LiLA in centimetres at 6 to 59 completed months; before that only "small for a baby"."""
    if muac_cm is None or age_months is None or age_months > MUAC_TO_MONTHS:
        return None
    if age_months < MUAC_FROM_MONTHS:
        return MUAC_SMALL_BABY if muac_cm < MUAC_SMALL_BABY_BELOW_CM else None
    if muac_cm < MUAC_MODERATE_BELOW_CM:
        return MUAC_SEVERE if muac_cm < MUAC_SEVERE_BELOW_CM else MUAC_MODERATE
    return MUAC_NORMAL


def severe_signs(
    whz: float | None, muac_cm: float | None, age_months: int | None, oedema: bool
) -> tuple[Sign, ...]:
    """Return which of the three signs of gizi buruk a child has: none of them is ()."""
    present = {
        SEVERE_WASTING: whz is not None and whz < SEVERE_WASTING_BELOW_Z,
        THIN_ARM: muac(muac_cm, age_months) is MUAC_SEVERE,
        SWOLLEN_FEET: oedema,
    }
    return tuple(sign for sign, seen in present.items() if seen)


def status(scores: Scores, *, muac_cm: float | None, age_months: int | None, oedema: bool) -> Status:
    """Judge all of one visit: its scores, arm circumference in cm, completed months, oedema of both feet.

    Scores of WHO 2007 are judged by BMI alone: the regulation has no other category from 5 years on.
    """
    signs = severe_signs(scores.whz, muac_cm, age_months, oedema)
    if scores.standard in school_age.VERSIONS:
        return Status(None, None, None, bmi_for_age_5_to_18_years(scores.baz), None, None, signs)
    return Status(
        weight_for_age(scores.waz),
        length_for_age(scores.haz),
        weight_for_length(scores.whz),
        bmi_for_age(scores.baz),
        head_for_age(scores.hcz),
        muac(muac_cm, age_months),
        signs,
    )
