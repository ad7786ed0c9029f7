"""How posyandu measure: each part of an area with its figures; a figure of too few measurements is left empty."""

from collections.abc import Callable
from typing import Any

from siposyandu.exports.area import PERCENT
from siposyandu.exports.columns import COUNT, MEASURE, Column, Export, rounded
from siposyandu.growth.quality import Counts, Reading, Share
from siposyandu.i18n import N_, say

SCORE = N_("score")


def _figure(key: str, heading: str, unit: str, of: Callable[[Counts], Share | Reading]) -> Column:
    def value(line: Any) -> float | None:
        found = of(line.counts)
        return rounded(found.percent if isinstance(found, Share) else found.value)

    return Column(key, heading, value, kind=MEASURE, unit=unit)


EXPORT = Export(
    "mutu",
    N_("How children are measured"),
    (
        N_(
            "A figure proves no fault: it says where to go and look. Honest reading ends in .0 or .5 about 20 times in 100."
        ),
        N_("A figure of too few measurements is left empty."),
    ),
    (
        Column("first", N_("from month"), lambda line: str(line.first)),
        Column("last", N_("to month"), lambda line: str(line.last)),
        Column("key", N_("area code"), lambda line: line.key),
        Column("name", N_("area"), lambda line: line.name),
        Column("visits", N_("visits"), lambda line: line.counts.visits, kind=COUNT),
        _figure(
            "weight_0", N_("weights ending in .0, percent"), PERCENT, lambda counts: counts.weight_digits.zero
        ),
        _figure(
            "weight_05",
            N_("weights ending in .0 or .5, percent"),
            PERCENT,
            lambda counts: counts.weight_digits.zero_or_five,
        ),
        _figure(
            "weight_digits",
            N_("digit preference of weights"),
            SCORE,
            lambda counts: counts.weight_digits.score,
        ),
        _figure(
            "length_0", N_("heights ending in .0, percent"), PERCENT, lambda counts: counts.length_digits.zero
        ),
        _figure(
            "length_05",
            N_("heights ending in .0 or .5, percent"),
            PERCENT,
            lambda counts: counts.length_digits.zero_or_five,
        ),
        _figure(
            "length_digits",
            N_("digit preference of heights"),
            SCORE,
            lambda counts: counts.length_digits.score,
        ),
        _figure("waz_sd", N_("SD of BB/U"), "SD", lambda counts: counts.waz.kept.sd),
        _figure("haz_sd", N_("SD of TB/U"), "SD", lambda counts: counts.haz.kept.sd),
        _figure("whz_sd", N_("SD of BB/TB"), "SD", lambda counts: counts.whz.kept.sd),
        _figure("flags", N_("hardly possible TB/U, percent"), PERCENT, lambda counts: counts.haz.flags),
        _figure("position", N_("wrong position, percent"), PERCENT, lambda counts: counts.wrong_position),
        _figure("copied", N_("same as last month, percent"), PERCENT, lambda counts: counts.copied),
        _figure("incomplete", N_("incomplete, percent"), PERCENT, lambda counts: counts.incomplete),
        Column("ikda", N_("IKDA"), lambda line: rounded(line.ikda, 1), kind=MEASURE, unit=SCORE),
        Column("says", N_("what it says"), lambda line: " ".join(map(say, line.remarks))),
    ),
)
