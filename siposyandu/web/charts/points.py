"""A child's measurements as a chart takes them: where each lies, its z, and what has to be marked in it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from siposyandu.growth.length import DAYS_PER_MONTH
from siposyandu.growth.standards import scored
from siposyandu.i18n import number
from siposyandu.periods import Month
from siposyandu.web.charts.indices import Index
from siposyandu.web.charts.scales import BY_DAY, BY_LENGTH


class Child(NamedTuple):
    """Whose chart it is; sex is "m" or "f"."""

    name: str
    sex: str
    birth_date: date


class Point(NamedTuple):
    """One measurement, in the index's unit, on a day; `letter` is N, T, O, B or nothing.

    `corrected`: the value was changed afterwards. `flagged`: hardly possible by WHO's limits. `converted`: measured
    lying where standing is the rule or the other way round, 0.7 cm taken off or added. `swollen`: both feet hold water,
    so that a weight says nothing of nutrition. `length_cm`: where it lies on a chart of weight for length.
    """

    day: date
    measure: float
    letter: str = ""
    corrected: bool = False
    flagged: bool = False
    converted: bool = False
    swollen: bool = False
    length_cm: float | None = None


class Reading(NamedTuple):
    """A point with its place on the level axis (months or centimetres) and its z, None where there is none."""

    point: Point
    at: float
    z: float | None

    @property
    def counts(self) -> bool:
        """Whether it may be joined to others and judged."""
        return not (self.point.flagged or self.point.swollen)


def readings(index: Index, child: Child, points: Sequence[Point]) -> list[Reading]:
    """Return the points of one index with their places and z, oldest first; without a place they are left out.

    A z beyond WHO's limits flags a point even where nobody has.
    """
    found = [_reading(index, child, point) for point in sorted(points, key=lambda point: point.day)]
    return [reading for reading in found if reading is not None]


def _reading(index: Index, child: Child, point: Point) -> Reading | None:
    days = (point.day - child.birth_date).days
    at = point.length_cm if index.scale is BY_LENGTH else days / DAYS_PER_MONTH
    if at is None or days < 0:
        return None
    row = index.scale.row(index.code, child.sex, days if index.scale is BY_DAY else at)
    z, flag = scored(index.rule, point.measure, row)
    return Reading(point._replace(flagged=point.flagged or bool(flag)), at, None if point.swollen else z)


def joined(one: Reading, two: Reading, index: Index) -> bool:
    """Whether two successive points may be joined: near enough in time, and both to be trusted."""
    return (
        one.counts
        and two.counts
        and months_apart(one, two) <= index.joined_months
        and index.joined_months > 0
    )


def months_apart(one: Reading, two: Reading) -> int:
    """Return how many calendar months lie between two points: August and September are 1 apart."""
    first, second = Month.of(one.point.day), Month.of(two.point.day)
    return (second.year - first.year) * 12 + second.number - first.number


def said(measure: float) -> str:
    """Write a measure with a decimal comma and at least one decimal: 7,8 or 7,85."""
    return number(measure, 1 if abs(measure * 10 - round(measure * 10)) < 0.05 else 2)
