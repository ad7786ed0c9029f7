"""The legend below a chart: the marks that occur, on narrow drawings the zones, and whose standard it is, row by row."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from siposyandu.i18n import gettext as _
from siposyandu.web.charts.indices import Index, Zone
from siposyandu.web.charts.layout import INK, QUIET, Layout
from siposyandu.web.charts.letters import width, wrapped
from siposyandu.web.charts.looks import ZONE_COLOURS, LineLook, attributes, sd_words
from siposyandu.web.charts.marks import legend as marks_legend
from siposyandu.web.charts.marks import mark
from siposyandu.web.charts.points import Point, Reading
from siposyandu.web.charts.svg import element, group, label, path

MARGIN, MARK_WIDTH, GAP, LINE_HEIGHT = 12, 22, 16, 1.4


class Entry(NamedTuple):
    """What stands before the words: a mark, a line, the colour of a zone, or nothing."""

    sign: Point | LineLook | str | None
    words: str


class Placed(NamedTuple):
    """An entry's line of words and where it begins."""

    entry: Entry
    words: str
    x: float
    row: int
    first: bool


def entries(index: Index, readings: Sequence[Reading], layout: Layout) -> list[Entry]:
    """Return what a chart's legend has to explain."""
    zones = (
        []
        if layout.zones_beside
        else [Entry(ZONE_COLOURS[z.category.severity], _zone(z)) for z in index.zones[::-1]]
    )
    marks = [Entry(each.point, each.words) for each in marks_legend(index, readings)]
    return [*zones, *marks, Entry(None, _(index.scale.source))]


def drawn(listed: Sequence[Entry], layout: Layout, top: float) -> tuple[Markup, float]:
    """Write the legend below a height; returns it with the height of its lower edge."""
    size = layout.text - 0.5
    row = size * LINE_HEIGHT
    placed = _placed(listed, layout, size)
    written = [_written(each, top + each.row * row, size) for each in placed]
    rows = max((each.row for each in placed), default=-1) + 1
    return group(*written, font_size=size), top + rows * row


def _placed(listed: Sequence[Entry], layout: Layout, size: float) -> list[Placed]:
    found: list[Placed] = []
    x, row, full = float(MARGIN), 0, layout.width - 2 * MARGIN
    for entry in listed:
        sign = MARK_WIDTH if entry.sign is not None else 0
        lines = wrapped(entry.words, full - sign, size)
        long = sign + max(width(line, size) for line in lines)
        if x > MARGIN and x + long > layout.width - MARGIN:
            x, row = float(MARGIN), row + 1
        found += [Placed(entry, line, x, row + at, at == 0) for at, line in enumerate(lines)]
        x, row = x + long + GAP, row + len(lines) - 1
    return found


def _written(placed: Placed, y: float, size: float) -> Markup:
    sign = placed.entry.sign
    indent, colour = (0, QUIET) if sign is None else (MARK_WIDTH, INK)
    words = label(placed.words, placed.x + indent, y, fill=colour)
    return group(_sign(sign, placed.x, y - size * 0.35), words) if sign and placed.first else words


def _sign(sign: Point | LineLook | str, x: float, middle: float) -> Markup:
    if isinstance(sign, Point):
        return mark(sign, x + 9, middle)
    if isinstance(sign, LineLook):
        return path([(x, middle), (x + MARK_WIDTH - 5, middle)], **attributes(sign))
    return element("rect", x=x, y=middle - 5, width=14, height=10, fill=sign, stroke=INK, stroke_width=0.8)


def _zone(zone: Zone) -> str:
    """Say a zone with its limits: "Pendek: −3 sampai −2 SD"."""
    named = _(zone.category.label)
    if zone.lower is None:
        return _("{zone}: below {upper} SD").format(zone=named, upper=sd_words(zone.upper or 0))
    if zone.upper is None:
        return _("{zone}: above {lower} SD").format(zone=named, lower=sd_words(zone.lower))
    return _("{zone}: {lower} to {upper} SD").format(
        zone=named, lower=sd_words(zone.lower), upper=sd_words(zone.upper)
    )
