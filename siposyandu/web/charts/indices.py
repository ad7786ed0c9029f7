"""What can be drawn: each index of WHO with its names, units, zones and manners. One entry here is one kind of chart.

The zones (pendek, gizi kurang) are asked of growth/classify.py, so that a chart never says another word than the answer
after weighing.

How far apart two points may lie and still be joined: weight, length and arm are measured each month, so only from one
month to the next; head and skinfolds each quarter; school children each year. Points of weight-for-length are never
joined: that axis is length, not time. A child measured shorter than last month would turn the line back, and its slope
would be read as a speed, which it is not. Their ages stand beside them instead.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from siposyandu.growth import classify, school_age, standards
from siposyandu.growth.classify import Category
from siposyandu.growth.length import STANDING_FROM_DAY
from siposyandu.i18n import N_
from siposyandu.web.charts.scales import BY_DAY, BY_LENGTH, BY_MONTH, Scale

RULES = {**standards.INDICES, **school_age.INDICES}
EACH_MONTH, EACH_QUARTER, EACH_YEAR, NEVER = 1, 3, 12, 0
BETWEEN_LINES = (-3.5, -2.5, -1.5, 0, 1.5, 2.5, 3.5)
"""A z in each band between two neighbouring SD lines; -1 to +1 is one band."""
EDGES = (None, -3, -2, -1, 1, 2, 3, None)


class Zone(NamedTuple):
    """What lies between two SD lines; None is the edge of the plot."""

    lower: int | None
    upper: int | None
    category: Category


class Limit(NamedTuple):
    """A limit in the measure's own unit, the same at each age (completed months): below it stands a category."""

    measure: float
    first_month: int
    last_month: int
    words: str
    severity: int

    def within(self, first: float, last: float) -> bool:
        """Whether it holds for any age between two, in months."""
        return first < self.last_month and self.first_month < last


@dataclass(frozen=True)
class Index:
    """One index. `letters` is its short name, `measure` and `along` name its axes, `joined_months` see above."""

    code: str
    letters: str
    title: str
    measure: str
    unit: str
    scale: Scale
    joined_months: int
    category: Callable[[float | None], Category | None] | None = None
    limits: tuple[Limit, ...] = ()
    trend_months: int = 6
    along: str = N_("Age (months)")

    @property
    def rule(self) -> standards.Index:
        """How it is scored and flagged."""
        return RULES[self.code]

    @property
    def broken_at(self) -> int | None:
        """The day on which its lines make a step, because lying length becomes standing height."""
        return STANDING_FROM_DAY if self.code in ("lhfa", "bfa") else None

    def value_at(self, sex: str, step: int, z: float) -> float | None:
        """Return the measure on an SD line at a step of its scale."""
        return self.scale.line(self.code, sex, step, z)

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Its zones, lowest first; () for an index without categories."""
        if self.category is None:
            return ()
        found: list[Zone] = []
        for z, lower, upper in zip(BETWEEN_LINES, EDGES, EDGES[1:], strict=False):
            named = self.category(z)
            if found and found[-1].category is named:
                found[-1] = found[-1]._replace(upper=upper)
            elif named:
                found.append(Zone(lower, upper, named))
        return tuple(found)


ARM_LIMITS = (
    Limit(
        classify.MUAC_MODERATE_BELOW_CM, classify.MUAC_FROM_MONTHS, classify.MUAC_TO_MONTHS,
        N_("below 12.5 cm: wasted"), classify.ACT,
    ),
    Limit(
        classify.MUAC_SEVERE_BELOW_CM, classify.MUAC_FROM_MONTHS, classify.MUAC_TO_MONTHS,
        N_("below 11.5 cm: severely wasted"), classify.URGENT,
    ),
)  # fmt: skip

WEIGHT = Index(
    "wfa",
    "BB/U",
    N_("Weight for age"),
    N_("Body weight (kg)"),
    N_("kg"),
    BY_DAY,
    EACH_MONTH,
    classify.weight_for_age,
)
LENGTH_OR_HEIGHT = Index(
    "lhfa", "PB/U, TB/U", N_("Length or height for age"), N_("Length or height (cm)"), N_("cm"), BY_DAY, EACH_MONTH,
    classify.length_for_age,
)  # fmt: skip
LENGTH = replace(
    LENGTH_OR_HEIGHT, letters="PB/U", title=N_("Length for age"), measure=N_("Length, lying (cm)")
)
HEIGHT = replace(
    LENGTH_OR_HEIGHT, letters="TB/U", title=N_("Height for age"), measure=N_("Height, standing (cm)")
)
WEIGHT_FOR_LENGTH = Index(
    "wfl", "BB/PB", N_("Weight for length"), N_("Body weight (kg)"), N_("kg"), BY_LENGTH, NEVER, classify.weight_for_length,
    along=N_("Length, lying (cm)"),
)  # fmt: skip
WEIGHT_FOR_HEIGHT = replace(
    WEIGHT_FOR_LENGTH,
    code="wfh",
    letters="BB/TB",
    title=N_("Weight for height"),
    along=N_("Height, standing (cm)"),
)
BMI = Index(
    "bfa", "IMT/U", N_("Body mass index for age"), N_("Body mass index (kg/m²)"), N_("kg/m²"), BY_DAY, EACH_MONTH,
    classify.bmi_for_age,
)  # fmt: skip
HEAD = Index(
    "hcfa", "LK/U", N_("Head circumference for age"), N_("Head circumference (cm)"), N_("cm"), BY_DAY, EACH_QUARTER,
    classify.head_for_age,
)  # fmt: skip
ARM = Index(
    "acfa", "LiLA/U", N_("Arm circumference for age"), N_("Arm circumference (cm)"), N_("cm"), BY_DAY, EACH_MONTH,
    limits=ARM_LIMITS,
)  # fmt: skip
TRICEPS = Index(
    "tsfa",
    "TSF/U",
    N_("Triceps skinfold for age"),
    N_("Triceps skinfold (mm)"),
    N_("mm"),
    BY_DAY,
    EACH_QUARTER,
)
SUBSCAPULAR = Index(
    "ssfa",
    "SSF/U",
    N_("Subscapular skinfold for age"),
    N_("Subscapular skinfold (mm)"),
    N_("mm"),
    BY_DAY,
    EACH_QUARTER,
)


def _at_school(
    index: Index, code: str, category: Callable[[float | None], Category | None] | None = None
) -> Index:
    return replace(
        index, code=code, scale=BY_MONTH, joined_months=EACH_YEAR, trend_months=24, category=category,
        along=N_("Age (years; a line each 3 months)"),
    )  # fmt: skip


# From 5 years on the regulation judges by BMI alone: weight and height have their lines but no words.
SCHOOL_WEIGHT = _at_school(WEIGHT, "wfa_5_10")
SCHOOL_HEIGHT = _at_school(HEIGHT, "hfa_5_19")
SCHOOL_BMI = _at_school(BMI, "bfa_5_19", classify.bmi_for_age_5_to_18_years)
