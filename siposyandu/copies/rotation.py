"""Which older copies are kept: the last of each of seven days, of four weeks, of twelve months.

The newest by number is kept whatever its date: a clock that leaps back costs no copy.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from siposyandu.periods import TIME_ZONE

DAYS, WEEKS, MONTHS = 7, 4, 12


class Kept(NamedTuple):
    """A copy: its number among those of a place, and when it was made."""

    number: int
    made: datetime


def keep(copies: Iterable[Kept]) -> set[int]:
    """Return the numbers of the copies to keep.

    >>> from datetime import UTC, timedelta
    >>> start = datetime(2026, 1, 1, 1, tzinfo=UTC)
    >>> sorted(keep(Kept(day, start + timedelta(days=day)) for day in range(40)))
    [24, 30, 31, 33, 34, 35, 36, 37, 38, 39]
    """
    newest_first = sorted(copies, reverse=True)
    rules: tuple[tuple[Callable[[datetime], object], int], ...] = (
        (lambda made: made.date(), DAYS),
        (lambda made: made.isocalendar()[:2], WEEKS),
        (lambda made: (made.year, made.month), MONTHS),
    )
    return {number for period, count in rules for number in _last_of_each(newest_first, period, count)}


def _last_of_each(newest_first: list[Kept], period: Callable[[datetime], object], count: int) -> list[int]:
    found: dict[object, int] = {}
    for copy in newest_first:
        found.setdefault(period(copy.made.astimezone(TIME_ZONE)), copy.number)
    return list(found.values())[:count]
