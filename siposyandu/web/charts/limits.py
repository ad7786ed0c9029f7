"""Limits that are the same at each age: the arm's 11.5 and 12.5 cm, drawn level across the ages they hold for."""

from collections.abc import Iterator

from markupsafe import Markup

from siposyandu.i18n import gettext as _
from siposyandu.web.charts.indices import Index, Limit
from siposyandu.web.charts.letters import width
from siposyandu.web.charts.lines import height_at, sd_line
from siposyandu.web.charts.looks import LINE_COLOURS, SD
from siposyandu.web.charts.plane import Plane
from siposyandu.web.charts.svg import HALO, Place, group, label, line

ABOVE, BELOW = 5, 3
"""How far the words stand off their line."""


def limits(index: Index, sex: str, plane: Plane) -> Markup:
    """Draw the limits of an index for the ages on the plane; each says beside itself what it means."""
    drawn = (_limit(each, index, sex, plane) for each in index.limits if each.within(plane.first, plane.last))
    return group(*drawn)


def _limit(limit: Limit, index: Index, sex: str, plane: Plane) -> Markup:
    y, size, colour = plane.y(limit.measure), plane.layout.text - 1, LINE_COLOURS[limit.severity]
    left, right = plane.x(max(limit.first_month, plane.first)), plane.x(min(limit.last_month + 1, plane.last))
    words = _(limit.words)
    long = width(words, size, bold=True)
    places = list(_places((left + 4, right - long - 4), y, size, plane))
    x, baseline = next((each for each in places if _free(each, long, size, (index, sex, plane))), places[0])
    return group(
        line(left, y, right, y, stroke=colour, stroke_width=2.2),
        label(words, x, baseline, fill=colour, font_size=size, font_weight=700, class_="limit", **HALO),
    )


def _places(sides: tuple[float, float], y: float, size: float, plane: Plane) -> Iterator[Place]:
    """Yield where the words may stand: below their line at the right, at the left, then above it."""
    left, right = sides
    for baseline in (y + size + BELOW, y - ABOVE):
        if baseline < plane.layout.plot_bottom - 2:
            yield from ((right, baseline), (left, baseline))


def _free(place: Place, long: float, size: float, lines: tuple[Index, str, Plane]) -> bool:
    """Whether no SD line runs through words."""
    index, sex, plane = lines
    x, baseline = place
    crossed = (height_at(sd_line(index, sex, z, plane), at) for z in SD for at in (x, x + long / 2, x + long))
    return not any(y is not None and baseline - size < y < baseline + 3 for y in crossed)
