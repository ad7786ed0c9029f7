"""The names at the right of a chart: each line's SD beside its end, each zone's word between; none upon another."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from siposyandu.i18n import gettext as _
from siposyandu.web.charts.indices import Index
from siposyandu.web.charts.layout import INK, QUIET
from siposyandu.web.charts.letters import wrapped
from siposyandu.web.charts.lines import sd_line
from siposyandu.web.charts.looks import LineLook, sd_words
from siposyandu.web.charts.plane import Plane
from siposyandu.web.charts.svg import element, group, label, path

LEADER, NUMBER_AT, WORDS_AT = 7, 9, 35
"""How far from the plot's edge the small line ends, the number stands, and the words of the zones begin."""
LINE_HEIGHT = 1.18
MOVED_PX = 2.5


class Wanted(NamedTuple):
    """A block of words that wants to stand at a height, and how high it is."""

    y: float
    height: float


def spread(wanted: Sequence[Wanted], top: float, bottom: float) -> list[float]:
    """Return the middles of blocks, given from the top down, moved as little as needed for none to lie upon another.

    >>> spread([Wanted(10, 12), Wanted(14, 12), Wanted(80, 12)], 0, 100)
    [6.0, 18.0, 80.0]
    """
    clusters: list[list[int]] = []
    for at in range(len(wanted)):
        clusters.append([at])
        while len(clusters) > 1 and _touch(wanted, clusters[-2], clusters[-1], top, bottom):
            last = clusters.pop()
            clusters[-1] += last
    return [y for cluster in clusters for y in _stacked(wanted, cluster, top, bottom)]


def _touch(wanted: Sequence[Wanted], upper: list[int], lower: list[int], top: float, bottom: float) -> bool:
    above, below = upper[-1], lower[0]
    gap = _stacked(wanted, lower, top, bottom)[0] - _stacked(wanted, upper, top, bottom)[-1]
    return gap < (wanted[above].height + wanted[below].height) / 2


def _stacked(wanted: Sequence[Wanted], cluster: list[int], top: float, bottom: float) -> list[float]:
    """Stack a cluster's blocks upon each other round the mean of where they want to be, within the plot."""
    heights = [wanted[at].height for at in cluster]
    if len(cluster) == 1:
        start = wanted[cluster[0]].y - heights[0] / 2
    else:
        offsets = [sum(heights[:at]) + heights[at] / 2 for at in range(len(heights))]
        start = sum(wanted[at].y - off for at, off in zip(cluster, offsets, strict=True)) / len(cluster)
    start = max(top, min(start, bottom - sum(heights)))
    return [start + sum(heights[:at]) + heights[at] / 2 for at in range(len(heights))]


def numbers(index: Index, sex: str, looks: Sequence[LineLook], plane: Plane) -> Markup:
    """Write each line's SD (and its word, where it has one) at its right end, with a small line that leads there."""
    size = plane.layout.text
    falling = sorted(looks, key=lambda look: look.z, reverse=True)
    ends = [sd_line(index, sex, look.z, plane)[-1][-1] for look in falling]
    at = _placed([y for _, y in ends], size * LINE_HEIGHT, plane)
    drawn = [_end(look, end, y, plane) for look, end, y in zip(falling, ends, at, strict=True)]
    head = label(
        "SD", plane.layout.plot_right + NUMBER_AT, plane.layout.top - 6, fill=QUIET, font_size=size - 1
    )
    return group(head, *drawn)


def _placed(heights: Sequence[float], block: float, plane: Plane) -> list[float]:
    layout = plane.layout
    return spread([Wanted(y, block) for y in heights], layout.top - 2, layout.plot_bottom + 2)


def _end(look: LineLook, end: tuple[float, float], y: float, plane: Plane) -> Markup:
    size, edge = plane.layout.text, plane.layout.plot_right
    number = element("tspan", sd_words(look.z), font_weight=700)
    words = f" {look.words}" if look.words else ""
    leader = path([end, (edge, end[1]), (edge + LEADER, y)], stroke=look.colour, stroke_width=1, fill="none")
    written = element(
        "text", number, words, x=edge + NUMBER_AT, y=y + size * 0.35, fill=INK, font_size=size, class_="end"
    )
    return group(leader, written)


def zone_words(index: Index, sex: str, plane: Plane) -> Markup:
    """Write each zone's category at the right, between the ends of its lines."""
    layout = plane.layout
    x, size = layout.plot_right + WORDS_AT, layout.text - 1
    zones = index.zones[::-1]
    written = [wrapped(_(zone.category.label), layout.width - x - 4, size) for zone in zones]
    middles = [_middle(index, sex, (zone.lower, zone.upper), plane) for zone in zones]
    wanted = [
        Wanted(y, len(lines) * size * LINE_HEIGHT + 2) for y, lines in zip(middles, written, strict=True)
    ]
    at = spread(wanted, layout.top - 2, layout.plot_bottom + 2)
    return group(*(_block(lines, x, y, size) for lines, y in zip(written, at, strict=True)), fill=INK)


def _middle(index: Index, sex: str, zone: tuple[int | None, int | None], plane: Plane) -> float:
    lower, upper = zone
    low = plane.layout.plot_bottom if lower is None else sd_line(index, sex, lower, plane)[-1][-1][1]
    high = plane.layout.top if upper is None else sd_line(index, sex, upper, plane)[-1][-1][1]
    return (low + high) / 2


def _block(lines: Sequence[str], x: float, middle: float, size: float) -> Markup:
    height = size * LINE_HEIGHT
    first = middle - (len(lines) - 1) * height / 2 + size * 0.35
    return group(
        *(
            label(words, x, first + at * height, font_size=size, class_="zone")
            for at, words in enumerate(lines)
        )
    )
