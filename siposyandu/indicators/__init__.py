"""The indicators: every number on every page and in every export is one of these, defined in one file each.

ALL lists them in the order of the pages. To add one: write its file, add it here, and tests/test_indicators_rules.py
says what is still missing.
"""

from collections.abc import Mapping

from siposyandu.indicators import (
    bgm,
    ds,
    ks,
    nd,
    obesity,
    overweight,
    severe_stunting,
    severe_underweight,
    severe_wasting,
    stunting,
    two_t,
    underweight,
    wasting,
)
from siposyandu.indicators.figures import Figure, compute, figure, over, series, table
from siposyandu.indicators.indicator import Indicator
from siposyandu.indicators.totals import (
    CHILDREN,
    PARTS,
    Area,
    Totals,
    latest_reported,
    split,
    totals,
    unreported,
)

__all__ = [
    "ALL",
    "BY_CODE",
    "CHILDREN",
    "PARTS",
    "Area",
    "Figure",
    "Indicator",
    "Totals",
    "compute",
    "figure",
    "latest_reported",
    "over",
    "series",
    "split",
    "table",
    "totals",
    "unreported",
]

ALL: tuple[Indicator, ...] = (
    stunting,
    severe_stunting,
    wasting,
    severe_wasting,
    underweight,
    severe_underweight,
    overweight,
    obesity,
    ds,
    nd,
    ks,
    bgm,
    two_t,
)
BY_CODE: Mapping[str, Indicator] = {indicator.CODE: indicator for indicator in ALL}
