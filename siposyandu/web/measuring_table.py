"""The table of how posyandu measure, as a file for Excel: every figure with how many measurements it is of."""

from collections.abc import Iterable

from siposyandu.growth.quality import Counts, Reading, Share
from siposyandu.i18n import N_, say
from siposyandu.i18n import gettext as _
from siposyandu.web.measuring_asked import Asked, Line
from siposyandu.web.sheet import Cell

HEADINGS = (
    N_("from month"), N_("to month"), N_("area code"), N_("area"), N_("visits"), N_("weights ending in .0, percent"),
    N_("weights ending in .0 or .5, percent"), N_("digit preference of weights"), N_("heights ending in .0, percent"),
    N_("heights ending in .0 or .5, percent"), N_("digit preference of heights"), N_("SD of BB/U"), N_("SD of TB/U"),
    N_("SD of BB/TB"), N_("hardly possible TB/U, percent"), N_("wrong position, percent"),
    N_("same as last month, percent"), N_("incomplete, percent"), N_("IKDA"), N_("what it says"),
)  # fmt: skip


def file_rows(lines: Iterable[Line], asked: Asked) -> list[list[Cell]]:
    """Return the table with its headings; a figure of too few measurements is left empty."""
    rows: list[list[Cell]] = [[_(heading) for heading in HEADINGS]]
    for line in lines:
        words = " ".join(say(remark) for remark in line.remarks)
        rows.append(
            [
                *(str(asked.first), str(asked.last), line.key, line.name, line.counts.visits),
                *(_value(figure) for figure in _figures(line.counts)),
                *(None if line.ikda is None else round(line.ikda, 1), words),
            ]
        )
    return rows


def _figures(counts: Counts) -> list[Share | Reading]:
    return [
        counts.weight_digits.zero, counts.weight_digits.zero_or_five, counts.weight_digits.score,
        counts.length_digits.zero, counts.length_digits.zero_or_five, counts.length_digits.score,
        counts.waz.kept.sd, counts.haz.kept.sd, counts.whz.kept.sd,
        counts.haz.flags, counts.wrong_position, counts.copied, counts.incomplete,
    ]  # fmt: skip


def _value(figure: Share | Reading) -> float | None:
    value = figure.percent if isinstance(figure, Share) else figure.value
    return None if value is None else round(value, 2)
