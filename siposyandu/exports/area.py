"""The parts of an area with one indicator, numerators and denominators beside every percentage; and who has not reported."""

from collections.abc import Callable
from typing import Any

from siposyandu.exports.columns import COUNT, MEASURE, TEXT, Cell, Column, Export, rounded
from siposyandu.i18n import N_
from siposyandu.i18n import gettext as _

TOO_FEW = N_("too few")
PERCENT = N_("percent")


def _certain(value: Callable[[Any], float | None]) -> Callable[[Any], Cell]:
    """A percentage of too few children says more about chance than about the area: it is left out."""
    return lambda line: None if line.figure.too_few else rounded(value(line.figure))


EXPORT = Export(
    "wilayah",
    N_("Parts of an area"),
    (
        N_(
            "A child counts once a month, by the last visit. Children of several areas are added up first and divided once."
        ),
        N_("Too few: fewer than five children; their percentage says more about chance than about the area."),
        N_("The 95-percent interval says how far chance alone can carry a number of so few children."),
    ),
    (
        Column("month", N_("month"), lambda line: str(line.month)),
        Column("indicator", N_("indicator"), lambda line: line.indicator.CODE),
        Column("key", N_("area code"), lambda line: line.key),
        Column("name", N_("area"), lambda line: line.name),
        Column("numerator", N_("numerator"), lambda line: line.figure.numerator, kind=COUNT),
        Column("denominator", N_("denominator"), lambda line: line.figure.denominator, kind=COUNT),
        Column("percent", N_("percent"), _certain(lambda found: found.percent), kind=MEASURE, unit=PERCENT),
        Column(
            "low", N_("95-percent interval from"), _certain(lambda found: found.low), kind=MEASURE, unit="%"
        ),
        Column(
            "high", N_("95-percent interval to"), _certain(lambda found: found.high), kind=MEASURE, unit="%"
        ),
        Column("s", N_("registered (S)"), lambda line: line.figure.children_expected, kind=COUNT),
        Column("d", N_("weighed (D)"), lambda line: line.figure.weighed, kind=COUNT),
        Column(
            "ds", N_("D/S percent"), lambda line: rounded(line.figure.coverage), kind=MEASURE, unit=PERCENT
        ),
        Column("posyandu", N_("posyandu"), lambda line: line.figure.posyandu_count, kind=COUNT),
        Column(
            "reported", N_("posyandu that reported"), lambda line: line.figure.posyandu_reporting, kind=COUNT
        ),
        Column("note", N_("note"), lambda line: _(TOO_FEW) if line.figure.too_few else None, kind=TEXT),
    ),
)

UNREPORTED = Export(
    "belum-melapor",
    N_("Posyandu that have not reported"),
    (N_("Posyandu in use where nobody was weighed in the month named above."),),
    (
        Column("name", N_("posyandu"), lambda row: row["name"]),
        Column("desa", N_("desa"), lambda row: row["desa"]),
        Column("code", N_("desa code"), lambda row: row["desa_code"]),
    ),
)
