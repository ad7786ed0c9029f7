"""A child's points on a chart: joined only from one month to the next, and marked where they need care."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from siposyandu.growth.length import DAYS_PER_MONTH
from siposyandu.i18n import gettext as _
from siposyandu.i18n import number
from siposyandu.periods import Month
from siposyandu.web.charts.plane import INK, Plane
from siposyandu.web.charts.svg import HALO, area, element, group, label, line, path

FLAGGED = "#b00020"
SIZE, SMALL, CROWDED_COLUMN = 4.6, 3.2, 15
"""The radius of a dot, and that of dots in narrow months."""


class Child(NamedTuple):
    """Whose chart it is; sex is "m" or "f"."""

    name: str
    sex: str
    birth_date: date


class Point(NamedTuple):
    """One measurement: kilograms or centimetres on a day; `letter` is N, T, O, B or nothing.

    `corrected`: the value was changed afterwards. `flagged`: hardly possible by WHO's limits.
    """

    day: date
    measure: float
    letter: str = ""
    corrected: bool = False
    flagged: bool = False


def on_plane(points: Sequence[Point], child: Child, plane: Plane) -> list[Point]:
    """Return the points that lie within the months of a plane, oldest first."""
    return sorted(point for point in points if plane.holds_month(_age_months(point, child)))


def drawn(points: Sequence[Point], child: Child, plane: Plane, unit: str) -> Markup:
    """Draw the points, the lines between neighbouring months, and the last value in words."""
    shown = on_plane(points, child, plane)
    at = {point: place(point, child, plane) for point in shown}
    joins = [path([at[one], at[two]]) for one, two in pairwise(shown) if _neighbours(one, two)]
    return group(
        group(*joins, stroke="#fff", stroke_width=5, fill="none", stroke_opacity=0.8),
        group(*joins, stroke=INK, stroke_width=2, fill="none"),
        *(mark(point, *at[point], size=SMALL if plane.column < CROWDED_COLUMN else SIZE) for point in shown),
        _last_value(shown[-1], *at[shown[-1]], plane, unit) if shown else "",
    )


def place(point: Point, child: Child, plane: Plane) -> tuple[float, float]:
    """Where a point lies."""
    return plane.x((point.day - child.birth_date).days), plane.y(point.measure)


def mark(point: Point, x: float, y: float, size: float = SIZE) -> Markup:
    """Draw one point: a full dot; a diamond when it was corrected; an open dot with a cross when flagged."""
    if point.flagged:
        return group(
            element("circle", cx=x, cy=y, r=size + 2, fill="#fff"),
            line(x - 3, y - 3, x + 3, y + 3),
            line(x - 3, y + 3, x + 3, y - 3),
            stroke=FLAGGED,
            stroke_width=1.6,
        )
    if point.corrected:
        far = size + 2
        corners = [(x, y - far), (x + far, y), (x, y + far), (x - far, y)]
        return area(corners, fill="#fff", stroke=INK, stroke_width=2)
    return element("circle", cx=x, cy=y, r=size, fill=INK, stroke="#fff", stroke_width=1.2)


def legend(points: Sequence[Point], x: float, y: float) -> Markup:
    """Explain the marks that occur; `x` is the right end of the line of words."""
    drawn_marks: list[Markup] = []
    for words, example in _examples(points):
        drawn_marks.append(label(words, x, y, text_anchor="end", fill=INK))
        x -= len(words) * 5.8 + 12
        drawn_marks.append(mark(example, x, y - 4))
        x -= 18
    return group(*drawn_marks, font_size=11)


def _examples(points: Sequence[Point]) -> list[tuple[str, Point]]:
    day = date.min
    found = []
    if any(point.flagged for point in points):
        found.append((_("hardly possible: measure again"), Point(day, 0, flagged=True)))
    if any(point.corrected and not point.flagged for point in points):
        found.append((_("corrected"), Point(day, 0, corrected=True)))
    return found


def _last_value(point: Point, x: float, y: float, plane: Plane, unit: str) -> Markup:
    """Write the newest value beside its point, on the side where there is room."""
    words = f"{said(point.measure)} {unit}"
    room = x + 20 + len(words) * 8.2 < plane.right
    anchor, side = ("start", 11) if room else ("end", -11)
    above = max(y - 9, 60)
    return label(words, x + side, above, text_anchor=anchor, font_size=14, font_weight=700, fill=INK, **HALO)


def said(measure: float) -> str:
    """Write a measure with a decimal comma and at least one decimal: 7,8 or 7,85."""
    return number(measure, 1 if round(measure * 100) % 10 == 0 else 2)


def _neighbours(one: Point, two: Point) -> bool:
    """Whether two points may be joined: of one month and the next, or of the same month."""
    return Month.of(two.day) in (Month.of(one.day), Month.of(one.day).next)


def _age_months(point: Point, child: Child) -> float:
    return (point.day - child.birth_date).days / DAYS_PER_MONTH
