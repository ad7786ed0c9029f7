"""Every growth chart there is: `ALL`, in the order of the page. A further chart is one more line here."""

from dataclasses import dataclass
from typing import NamedTuple

from siposyandu.i18n import N_
from siposyandu.web.charts import indices
from siposyandu.web.charts.indices import Index

Span = tuple[int, int]


class Kind(NamedTuple):
    """One tab of the page: the letters that kader know it by, and what it measures in a word."""

    code: str
    letters: str
    words: str


class Ages(NamedTuple):
    """For which ages a card is, in months, and how people call it."""

    first_month: int
    last_month: int
    words: str


BELOW_2, FROM_2_TO_5 = Ages(0, 24, N_("0 to 2 years")), Ages(24, 60, N_("2 to 5 years"))
BELOW_5 = Ages(0, 60, N_("0 to 5 years"))
BELOW_2_FROM_3_MONTHS = Ages(3, 24, N_("3 months to 2 years"))
BELOW_5_FROM_3_MONTHS = Ages(3, 60, N_("3 months to 5 years"))
FROM_5_TO_10, FROM_5_TO_19 = Ages(60, 120, N_("5 to 10 years")), Ages(60, 228, N_("5 to 19 years"))


@dataclass(frozen=True)
class Chart:
    """One chart: `code` is its address; charts of one `kind` stand on one tab of the page.

    `centimetres` is from where to where a chart of weight for length runs; every other one runs along its ages.
    """

    code: str
    kind: str
    index: Index
    ages: Ages
    centimetres: Span | None = None

    @property
    def span(self) -> Span:
        """From where to where its level axis runs: months, or centimetres."""
        return self.centimetres or (self.ages.first_month, self.ages.last_month)


ALL = (
    Chart("bb-u-0-2", "bb-u", indices.WEIGHT, BELOW_2),
    Chart("bb-u-2-5", "bb-u", indices.WEIGHT, FROM_2_TO_5),
    Chart("bb-u-0-5", "bb-u", indices.WEIGHT, BELOW_5),
    Chart("bb-u-5-10", "bb-u", indices.SCHOOL_WEIGHT, FROM_5_TO_10),
    Chart("pb-u-0-2", "tb-u", indices.LENGTH, BELOW_2),
    Chart("tb-u-2-5", "tb-u", indices.HEIGHT, FROM_2_TO_5),
    Chart("tb-u-0-5", "tb-u", indices.LENGTH_OR_HEIGHT, BELOW_5),
    Chart("tb-u-5-19", "tb-u", indices.SCHOOL_HEIGHT, FROM_5_TO_19),
    Chart("bb-pb", "bb-tb", indices.WEIGHT_FOR_LENGTH, BELOW_2, (45, 110)),
    Chart("bb-tb", "bb-tb", indices.WEIGHT_FOR_HEIGHT, FROM_2_TO_5, (65, 120)),
    Chart("imt-u-0-2", "imt-u", indices.BMI, BELOW_2),
    Chart("imt-u-2-5", "imt-u", indices.BMI, FROM_2_TO_5),
    Chart("imt-u-0-5", "imt-u", indices.BMI, BELOW_5),
    Chart("imt-u-5-19", "imt-u", indices.SCHOOL_BMI, FROM_5_TO_19),
    Chart("lk-u-0-2", "lk-u", indices.HEAD, BELOW_2),
    Chart("lk-u-2-5", "lk-u", indices.HEAD, FROM_2_TO_5),
    Chart("lk-u-0-5", "lk-u", indices.HEAD, BELOW_5),
    Chart("lila-u-0-2", "lila-u", indices.ARM, BELOW_2_FROM_3_MONTHS),
    Chart("lila-u-2-5", "lila-u", indices.ARM, FROM_2_TO_5),
    Chart("lila-u-0-5", "lila-u", indices.ARM, BELOW_5_FROM_3_MONTHS),
    Chart("tsf-u", "tsf-u", indices.TRICEPS, BELOW_5_FROM_3_MONTHS),
    Chart("ssf-u", "ssf-u", indices.SUBSCAPULAR, BELOW_5_FROM_3_MONTHS),
)
BY_CODE = {chart.code: chart for chart in ALL}
KINDS = (
    Kind("bb-u", "BB/U", N_("Weight")),
    Kind("tb-u", "PB/U, TB/U", N_("Length, height")),
    Kind("bb-tb", "BB/PB, BB/TB", N_("Weight and length")),
    Kind("imt-u", "IMT/U", N_("Body mass index")),
    Kind("lk-u", "LK/U", N_("Head")),
    Kind("lila-u", "LiLA/U", N_("Upper arm")),
    Kind("tsf-u", "TSF/U", N_("Triceps skinfold")),
    Kind("ssf-u", "SSF/U", N_("Subscapular skinfold")),
)


def of_kind(kind: str) -> tuple[Chart, ...]:
    """Return the charts of one tab."""
    return tuple(chart for chart in ALL if chart.kind == kind)


def for_age(kind: str, age_months: float) -> Chart:
    """Return the first chart of a tab that reaches beyond an age; the last one for an older child.

    >>> for_age("tb-u", 30).code, for_age("tb-u", 60).code, for_age("lk-u", 90).code
    ('tb-u-2-5', 'tb-u-5-19', 'lk-u-0-5')
    """
    reaching = (chart for chart in of_kind(kind) if age_months < chart.ages.last_month)
    return next(reaching, of_kind(kind)[-1])
