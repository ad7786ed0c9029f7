"""A figure: so many of so many children, the percentage, its interval, and how much of the area it speaks for.

Numerators and denominators are added up first and divided once. A denominator of 0 leaves the figure blank.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from siposyandu.growth.survey import interval
from siposyandu.indicators import ds
from siposyandu.indicators.indicator import CHILD_MONTHS, PREVALENCE, Indicator
from siposyandu.indicators.totals import Area, Totals, by_month, split, totals
from siposyandu.periods import Month
from siposyandu.store import Store

# Below so many children a percentage says more about chance than about the area.
TOO_FEW = 5
YEAR = 12


@dataclass(frozen=True)
class Figure:
    """One indicator in one area and time; percentages 0 to 100, None where there is nothing to divide."""

    numerator: int
    denominator: int
    percent: float | None
    low: float | None
    high: float | None
    posyandu_count: int
    posyandu_reporting: int
    children_expected: int
    weighed: int

    @property
    def posyandu_unreported(self) -> int:
        """How many posyandu have not reported."""
        return self.posyandu_count - self.posyandu_reporting

    @property
    def coverage(self) -> float | None:
        """D/S beside it: how much of the children expected the figure can know about, in percent."""
        return _percent(self.weighed, self.children_expected)

    @property
    def too_few(self) -> bool:
        """Whether there are children, but too few for a percentage."""
        return 0 < self.denominator < TOO_FEW


def figure(indicator: Indicator, counted: Totals, *, with_interval: bool = True) -> Figure:
    """Return an indicator's figure from counts. A coverage has no interval: everybody was counted."""
    numerator, denominator = counted.of(indicator.NUMERATOR), counted.of(indicator.DENOMINATOR)
    uncertain = with_interval and indicator.KIND == PREVALENCE
    low, high = (interval(numerator, denominator) if uncertain else None) or (None, None)
    return Figure(
        numerator,
        denominator,
        _percent(numerator, denominator),
        low,
        high,
        counted.posyandu_count,
        counted.posyandu_reporting,
        counted.of(ds.DENOMINATOR),
        counted.of(ds.NUMERATOR),
    )


def _percent(numerator: int, denominator: int) -> float | None:
    return 100 * numerator / denominator if denominator else None


def compute(store: Store, indicator: Indicator, area: Area, month: Month) -> Figure:
    """Return an indicator's figure for an area and month."""
    return figure(indicator, totals(store, area, month))


def table(store: Store, indicator: Indicator, area: Area, by: str, month: Month) -> list[tuple[str, Figure]]:
    """Return the key and the figure of each part of an area, by key; `by` is one of totals.PARTS."""
    parts = split(store, area, month, by)
    return [(key, figure(indicator, part)) for key, part in sorted(parts.items())]


def series(
    store: Store, indicator: Indicator, area: Area, last: Month, months: int = YEAR
) -> list[tuple[Month, Figure]]:
    """Return an indicator's figures for each of the months that end with `last`, oldest first."""
    columns = (*indicator.NUMERATOR, *indicator.DENOMINATOR)
    found = by_month(store, area, last.shifted(1 - months), last, columns)
    return [(month, figure(indicator, counted)) for month, counted in found.items()]


def over(indicator: Indicator, months: Sequence[Totals]) -> Figure:
    """Return one figure for a quarter or a year from its months' counts, oldest first.

    Children cannot be added up over months: the same child comes every month. A state (LAST_MONTH) is told by the
    last month in which there was anybody to divide by. Something done each month (CHILD_MONTHS) is told by
    child-months: months are added up above and below the line; the same children repeat, so there is no interval.
    """
    if indicator.OVER_TIME == CHILD_MONTHS:
        return figure(indicator, _child_months(months), with_interval=False)
    counted = [month for month in months if month.of(indicator.DENOMINATOR)]
    return figure(indicator, (counted or list(months))[-1])


def _child_months(months: Iterable[Totals]) -> Totals:
    """Add up the counts; the posyandu are those of the last month, reporting when it was in every month's count."""
    months = list(months)
    added = Totals.sum(months, tuple(months[-1].counts))
    return Totals(added.counts, months[-1].posyandu_count, min(month.posyandu_reporting for month in months))
