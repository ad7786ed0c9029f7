"""SD lines on paper: from WHO's table by day to as few straight pieces as stay within a fifth of a pixel."""

from functools import lru_cache

from siposyandu.growth.length import STANDING_FROM_DAY
from siposyandu.growth.standards import value_at
from siposyandu.web.charts.plane import Plane
from siposyandu.web.charts.svg import Place

TOLERANCE_PX = 0.2
"""Half a pixel is what the eye may see; rounding of coordinates and the printer take their part."""
STEP_INDICES = frozenset({"lhfa", "bfa"})
"""These two fall by a step at 24 months, when lying length becomes standing height: their lines are broken there."""


@lru_cache(maxsize=512)
def sd_line(index: str, sex: str, z: float, plane: Plane) -> tuple[tuple[Place, ...], ...]:
    """Return the pieces of one SD line of an index ("wfa", "lhfa") as places on the plane."""
    first, last = plane.days
    parts = [range(first, last + 1)]
    if index in STEP_INDICES and first < STANDING_FROM_DAY <= last:
        parts = [range(first, STANDING_FROM_DAY), range(STANDING_FROM_DAY, last + 1)]
    return tuple(tuple(_thinned(_by_day(index, sex, z, plane, part))) for part in parts)


def band(index: str, sex: str, z: tuple[float | None, float | None], plane: Plane) -> list[list[Place]]:
    """Return the outlines between two SD lines, lower first; None is the edge of the plot."""
    lower, upper = (
        _edge(index, sex, part, plane, at_top=at_top) for part, at_top in zip(z, (False, True), strict=True)
    )
    return [[*low, *reversed(up)] for low, up in zip(lower, upper, strict=True)]


def _edge(index: str, sex: str, z: float | None, plane: Plane, *, at_top: bool) -> list[list[Place]]:
    if z is not None:
        return [list(piece) for piece in sd_line(index, sex, z, plane)]
    y = plane.y(plane.high if at_top else plane.low)
    return [[(piece[0][0], y), (piece[-1][0], y)] for piece in sd_line(index, sex, 0, plane)]


def _by_day(index: str, sex: str, z: float, plane: Plane, days: range) -> list[Place]:
    found = []
    for day in days:
        measure = value_at(index, sex, day, z)
        if measure is not None:
            found.append((plane.x(day), plane.y(measure)))
    return found


def _thinned(places: list[Place]) -> list[Place]:
    """Keep the ends; where the straight line between them strays too far, keep that place and go on either side."""
    kept, waiting = {0, len(places) - 1}, [(0, len(places) - 1)]
    while waiting:
        start, end = waiting.pop()
        at, distance = _farthest(places, start, end)
        if distance > TOLERANCE_PX:
            kept.add(at)
            waiting += [(start, at), (at, end)]
    return [places[at] for at in sorted(kept)]


def _farthest(places: list[Place], start: int, end: int) -> tuple[int, float]:
    """Return which place lies farthest above or below the straight line between two others, and how far."""
    (x1, y1), (x2, y2) = places[start], places[end]
    worst, distance = start, 0.0
    slope = (y2 - y1) / (x2 - x1) if x2 > x1 else 0.0
    for at in range(start + 1, end):
        off = abs(places[at][1] - y1 - slope * (places[at][0] - x1))
        if off > distance:
            worst, distance = at, off
    return worst, distance
