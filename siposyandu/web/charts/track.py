"""A child's way through a chart: her points, the straight lines between neighbours, and the newest value in words."""

from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from siposyandu.growth.kms import completed_months
from siposyandu.i18n import gettext as _
from siposyandu.i18n import number
from siposyandu.web.charts.indices import NEVER, Index
from siposyandu.web.charts.layout import INK, QUIET
from siposyandu.web.charts.letters import width
from siposyandu.web.charts.marks import CROWDED, SIZE, SMALL, mark
from siposyandu.web.charts.plane import Plane
from siposyandu.web.charts.points import Child, Reading, joined, said
from siposyandu.web.charts.svg import HALO, Place, area, group, label, path

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
CLEAR = 7.5
"""How much room a point needs on each side."""
OFF_THE_EDGE = 9
"""How far inside the plot a value that lies beyond it is shown."""


def track(index: Index, child: Child, readings: Sequence[Reading], plane: Plane) -> Markup:
    """Draw the readings that lie on a plane, oldest first, and name the newest one's value."""
    places = [place(reading, plane) for reading in readings]
    joins = [
        path([one, two])
        for (one, two), (first, second) in zip(pairwise(places), pairwise(readings), strict=True)
        if joined(first, second, index)
    ]
    size = SMALL if plane.unit < CROWDED and index.joined_months else SIZE
    return group(
        group(*joins, stroke="#fff", stroke_width=5, fill="none", stroke_opacity=0.8),
        group(*joins, stroke=INK, stroke_width=2, fill="none", class_="joins"),
        *(
            _point(reading, at, size, plane) for reading, at in zip(readings, places, strict=True)
        ),
        _words(index, child, readings, places, plane),
    )  # fmt: skip


def place(reading: Reading, plane: Plane) -> Place:
    """Where a reading is drawn: one that lies beyond the measures of the plane stands at its edge."""
    top, bottom = plane.layout.top + OFF_THE_EDGE, plane.layout.plot_bottom - OFF_THE_EDGE
    y = plane.y(reading.point.measure)
    if not plane.holds_measure(reading.point.measure):
        y = min(max(y, top), bottom)
    return plane.x(reading.at), y


def _point(reading: Reading, at: Place, size: float, plane: Plane) -> Markup:
    x, y = at
    drawn = mark(reading.point, x, y, size)
    if plane.holds_measure(reading.point.measure):
        return drawn
    up = reading.point.measure > plane.high
    tip, foot = (y - OFF_THE_EDGE, y - OFF_THE_EDGE + 5) if up else (y + OFF_THE_EDGE, y + OFF_THE_EDGE - 5)
    words = label(
        said(reading.point.measure), x + 10, y + 4, fill=INK, font_size=plane.layout.text - 1, **HALO
    )
    return group(drawn, area([(x, tip), (x + 4, foot), (x - 4, foot)], fill=INK), words)


def _words(
    index: Index, child: Child, readings: Sequence[Reading], places: Sequence[Place], plane: Plane
) -> Markup:
    if not readings:
        return label(
            _("No measurement yet."), plane.layout.left + plane.layout.plot_width / 2, plane.layout.top + 24,
            text_anchor="middle", fill=INK, font_size=plane.layout.title, font_weight=700, **HALO,
        )  # fmt: skip
    if not plane.holds_measure(readings[-1].point.measure):
        return Markup()  # it stands at the edge, with its value
    newest, box = _newest(readings[-1], places, index, plane)
    ages = _ages(child, readings, places, box, plane) if index.joined_months == NEVER else []
    return group(*ages, newest)


def _newest(reading: Reading, places: Sequence[Place], index: Index, plane: Plane) -> tuple[Markup, Box]:
    """Write the newest value beside its point, where it covers no other point; else above it."""
    words, size = f"{said(reading.point.measure)} {_(index.unit)}", plane.layout.title - 1
    sought = _sides(places[-1], width(words, size, bold=True), size)
    points = [(x - CLEAR, y - CLEAR, x + CLEAR, y + CLEAR) for x, y in places]
    free = (box for box in sought if _inside(box, plane) and not any(_touch(box, point) for point in points))
    box = next(free, next((box for box in sought if _inside(box, plane)), sought[0]))
    drawn = label(
        words, box[0], box[3] - 3, font_size=size, font_weight=700, fill=INK, class_="newest", **HALO
    )
    return drawn, box


def _sides(at: Place, long: float, high: float) -> list[Box]:
    """Return where words may stand round a point: at its right, above, below, at its left, and farther off."""
    x, y = at
    middle, near, far = x - long / 2, CLEAR + 1, 3 * CLEAR
    corners = [(x + near, y - high - 2)]
    corners += [
        (left, y - high - off) for off in (near + 3, far, 2 * far) for left in (x + 3, middle, x - long)
    ]
    corners += [(left, y + off) for off in (near, far) for left in (x + 3, middle, x - long - 3)]
    return [(left, top, left + long, top + high + 3) for left, top in corners]


def _inside(box: Box, plane: Plane) -> bool:
    layout = plane.layout
    level = layout.left < box[0] and box[2] < layout.plot_right
    return level and layout.top < box[1] and box[3] < layout.plot_bottom


def _ages(
    child: Child, readings: Sequence[Reading], places: Sequence[Place], taken: Box, plane: Plane
) -> list[Markup]:
    """Write the age beside points, newest first, as far as no two words lie upon each other."""
    size, boxes, written = plane.layout.text - 1.5, [taken], []
    trusted = [(each, at) for each, at in zip(readings, places, strict=True) if each.counts]
    for reading, (x, y) in reversed(trusted):
        words = number(completed_months(child.birth_date, reading.point.day))
        box = (x + 7, y + 2, x + 9 + width(words, size), y + 4 + size)
        if box[2] < plane.layout.plot_right and not any(_touch(box, other) for other in boxes):
            boxes.append(box)
            written.append(_age(words, x + 8, y + 3, size))
    return written


def _age(words: str, x: float, top: float, size: float) -> Markup:
    return label(words, x, top + size * 0.8, fill=QUIET, font_size=size, class_="age", **HALO)


def _touch(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
