"""SKDN of a year: a month on each row, its counts and rates, as the posyandu reports them."""

from typing import Any

from siposyandu.exports.columns import COUNT, MEASURE, Column, Export, rounded
from siposyandu.i18n import N_, month_long
from siposyandu.indicators import bgm, ds, figure, ks, nd, two_t
from siposyandu.indicators.indicator import Indicator
from siposyandu.tally import LETTERS

RATES: tuple[tuple[str, Indicator], ...] = (
    ("D/S", ds),
    ("K/S", ks),
    ("N/D'", nd),
    ("BGM/D", bgm),
    ("2T/D", two_t),
)


def _count(column: str, letter: str, words: str) -> Column:
    return Column(column, letter, lambda month: month[1].counts[column], kind=COUNT, note=words)


def _rate(title: str, rate: Indicator) -> Column:
    def percent(month: Any) -> float | None:
        return rounded(figure(rate, month[1], with_interval=False).percent)

    return Column(title, title, percent, kind=MEASURE, unit="%", note=rate.COUNTED)


EXPORT = Export(
    "skdn",
    N_("SKDN of the year"),
    (
        N_(
            "A child counts once a month, by her last weighing. The same counts stand on the page SKDN and at the province."
        ),
        N_(
            "D' are those whose gain could be judged: N + T. A rate without anybody to divide by stays empty."
        ),
    ),
    (
        Column("month", N_("Month"), lambda month: month_long(str(month[0]))),
        *(_count(*letter) for letter in LETTERS),
        *(_rate(*rate) for rate in RATES),
    ),
)
