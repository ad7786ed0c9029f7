"""The marks of a chart, told apart by their shape alone, and the line of words that explains those that occur.

A full dot is a measurement; a diamond one that was corrected; a ring round it one converted between lying and standing;
a cross in a circle one that is hardly possible; a triangle one with swollen feet, which no chart of weight can judge.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from siposyandu.i18n import gettext as _
from siposyandu.web.charts.indices import NEVER, Index
from siposyandu.web.charts.layout import INK
from siposyandu.web.charts.points import Point, Reading, months_apart
from siposyandu.web.charts.svg import area, element, group, line

FLAGGED = "#b00020"
SIZE, SMALL = 4.6, 3.4
CROWDED = 15
"""A month narrower than this has small dots."""


class Explained(NamedTuple):
    """One entry of the legend: a mark to draw (or none) and its words."""

    point: Point | None
    words: str


def mark(point: Point, x: float, y: float, size: float = SIZE) -> Markup:
    """Draw one point by what is marked in it."""
    drawn = _shape(point, x, y, size)
    if not point.converted:
        return drawn
    ring = element("circle", cx=x, cy=y, r=size + 4.2, fill="none", stroke=INK, stroke_width=1.3)
    return group(drawn, ring)


def _shape(point: Point, x: float, y: float, size: float) -> Markup:
    if point.flagged:
        return _cross(x, y, size)
    if point.swollen:
        corners = [(x, y - size - 2), (x + size + 2, y + size), (x - size - 2, y + size)]
        return area(corners, fill="#fff", stroke=INK, stroke_width=2)
    if point.corrected:
        far = size + 2
        corners = [(x, y - far), (x + far, y), (x, y + far), (x - far, y)]
        return area(corners, fill="#fff", stroke=INK, stroke_width=2)
    return element("circle", cx=x, cy=y, r=size, fill=INK, stroke="#fff", stroke_width=1.2)


def _cross(x: float, y: float, size: float) -> Markup:
    return group(
        element("circle", cx=x, cy=y, r=size + 2, fill="#fff"),
        line(x - 3, y - 3, x + 3, y + 3),
        line(x - 3, y + 3, x + 3, y - 3),
        stroke=FLAGGED,
        stroke_width=1.6,
    )


def legend(index: Index, readings: Sequence[Reading]) -> list[Explained]:
    """Explain the marks that occur, and why points are not joined where that is not plain to see."""
    points = [reading.point for reading in readings]
    found = [Explained(example, words) for occurs, example, words in _examples(points) if occurs]
    if index.joined_months == NEVER:
        told = _("not joined: the axis is length, not time; the small numbers are the age in months")
        return [*found, Explained(None, told)] if len(points) > 1 else found
    if any(months_apart(one, two) > index.joined_months for one, two in pairwise(readings)):
        found.append(Explained(None, _not_joined(index)))
    return found


def _not_joined(index: Index) -> str:
    if index.joined_months == 1:
        return _("not joined: a month without a measurement lies between")
    return _("not joined: more than {months} months lie between").format(months=index.joined_months)


def _examples(points: Sequence[Point]) -> list[tuple[bool, Point, str]]:
    plain = points[0] if points else None
    if plain is None:
        return []
    clean = plain._replace(flagged=False, corrected=False, converted=False, swollen=False)
    return [
        (_any(points, "corrected"), clean._replace(corrected=True), _("corrected")),
        (
            _any(points, "converted"),
            clean._replace(converted=True),
            _("lying or standing converted (0.7 cm)"),
        ),
        (_any(points, "swollen"), clean._replace(swollen=True), _("both feet swollen: weight not judged")),
        (_any(points, "flagged"), clean._replace(flagged=True), _("hardly possible: measure again")),
    ]


def _any(points: Sequence[Point], marked: str) -> bool:
    return any(getattr(point, marked) for point in points)
