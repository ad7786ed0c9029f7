"""SD lines on paper: from WHO's table to as few straight pieces as stay within a fifth of a pixel."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from siposyandu.web.charts.indices import Index
from siposyandu.web.charts.plane import Plane
from siposyandu.web.charts.svg import Place

TOLERANCE_PX = 0.2
"""Half a pixel is what the eye may see; rounding of coordinates and the printer take their part."""
SEXES = ("m", "f")
COARSE, STRAIGHT_PX = 20, 0.1
"""A line is looked at each so many steps, and nearer where it strays so far from the straight."""
REACH_STEPS = 8
"""Between so many steps no line rises above its ends or sinks below them by what could be seen."""


@lru_cache(maxsize=256)
def sd_line(index: Index, sex: str, z: float, plane: Plane) -> tuple[tuple[Place, ...], ...]:
    """Return the pieces of one SD line as places on the plane; two where the standard makes a step at 24 months."""
    steps = index.scale.steps(plane.first, plane.last)
    broken = index.broken_at
    parts = [steps]
    if broken is not None and steps[0] < broken <= steps[-1]:
        parts = [range(steps[0], broken), range(broken, steps[-1] + 1)]
    return tuple(tuple(_thinned(_places(index, sex, z, plane, part))) for part in parts)


def band(index: Index, sex: str, z: tuple[float | None, float | None], plane: Plane) -> list[list[Place]]:
    """Return the outlines between two SD lines, lower first; None is the edge of the plot."""
    lower, upper = (
        _edge(index, sex, part, plane, at_top=at_top) for part, at_top in zip(z, (False, True), strict=True)
    )
    return [[*low, *reversed(up)] for low, up in zip(lower, upper, strict=True)]


def height_at(pieces: Sequence[Sequence[Place]], x: float) -> float | None:
    """Return the height of a line of straight pieces at a place; None beyond its ends."""
    for piece in pieces:
        for (x1, y1), (x2, y2) in pairwise(piece):
            if x1 <= x <= x2:
                return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return None


@lru_cache(maxsize=128)
def reach(index: Index, first: float, last: float) -> tuple[float, float]:
    """Return the lowest and highest place of the lines of both sexes, so that boys and girls have the same card."""
    steps = index.scale.steps(first, last)
    lines = [(sex, z, _known(index, sex, steps)) for sex in SEXES for z in (-3, 3)]
    found = [
        index.value_at(sex, step, z) for sex, z, known in lines for step in (*known[::REACH_STEPS], known[-1])
    ]
    measured = [value for value in found if value is not None]
    return min(measured), max(measured)


def _known(index: Index, sex: str, steps: range) -> range:
    """Return the steps without those at both ends of which WHO's table knows nothing."""
    while steps and index.value_at(sex, steps[0], 0) is None:
        steps = steps[1:]
    while steps and index.value_at(sex, steps[-1], 0) is None:
        steps = steps[:-1]
    return steps


def _edge(index: Index, sex: str, z: float | None, plane: Plane, *, at_top: bool) -> list[list[Place]]:
    if z is not None:
        return [list(piece) for piece in sd_line(index, sex, z, plane)]
    y = plane.y(plane.high if at_top else plane.low)
    return [[(piece[0][0], y), (piece[-1][0], y)] for piece in sd_line(index, sex, 0, plane)]


def _places(index: Index, sex: str, z: float, plane: Plane, steps: range) -> list[Place]:
    """Look at a line at each COARSE step, and between two of them in the middle, and so on where it is not straight."""

    def place(step: int) -> Place:
        measure = index.value_at(sex, step, z)
        assert measure is not None
        return plane.x(index.scale.at(step)), plane.y(measure)

    known = _known(index, sex, steps)
    at_first = [*known[::COARSE], known[-1]]
    seen, waiting = {step: place(step) for step in at_first}, list(pairwise(at_first))
    while waiting:
        start, end = waiting.pop()
        middle = (start + end) // 2
        if middle > start:
            seen[middle] = place(middle)
            if _farthest([seen[start], seen[middle], seen[end]], 0, 2)[1] > STRAIGHT_PX:
                waiting += [(start, middle), (middle, end)]
    return [seen[step] for step in sorted(seen)]


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
