"""Draws any growth chart from its description: zones, grid, seven SD lines with their names, and the child's points."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil

from markupsafe import Markup

from siposyandu.i18n import gettext as _
from siposyandu.i18n import language
from siposyandu.web.charts import axes, ends, frame, legend
from siposyandu.web.charts.axes import YEAR
from siposyandu.web.charts.descriptions import Chart, Span
from siposyandu.web.charts.indices import Index
from siposyandu.web.charts.layout import Layout, View
from siposyandu.web.charts.limits import limits
from siposyandu.web.charts.lines import reach
from siposyandu.web.charts.looks import ZONE_COLOURS, line_looks
from siposyandu.web.charts.plane import Plane, rounded_out
from siposyandu.web.charts.points import Child, Point, Reading, readings
from siposyandu.web.charts.scales import BY_LENGTH, BY_MONTH
from siposyandu.web.charts.track import track
from siposyandu.web.charts.words import facts

LAPTOP_VIEW = View()
BELOW_NAME = 20
BELOW_LIMIT = 0.7
"""Centimetres below an arm's limit, where its words stand."""


def draw(chart: Chart, child: Child, points: Sequence[Point], view: View = LAPTOP_VIEW) -> Markup:
    """Draw a chart of a child as SVG text, whole or only a window of its axis.

    Points are in the index's unit; those outside the window are left out.
    """
    index, span = chart.index, view.window or chart.span
    layout = view.layout if index.zones else view.layout.without_zones
    taken = readings(index, child, points)
    plane = _plane(index, taken, span, layout)
    shown = [reading for reading in taken if plane.holds(reading.at)]
    title = title_of(chart, span)
    below = layout.plot_bottom + axes.BELOW_NUMBERS * (_rows_of_numbers(index) + 1) + BELOW_NAME
    explained, bottom = legend.drawn(legend.entries(index, shown, layout), layout, below)
    return frame.document(
        view.name,
        layout,
        bottom - 6,
        (f"{title}. {child.name}", facts(index, child, shown)),
        frame.title_bar(child, short_title_of(chart, span) if layout.narrow else title, layout),
        _ground(index, child.sex, plane, language()),
        track(index, child, shown, plane),
        explained,
    )


def title_of(chart: Chart, span: Span) -> str:
    """Name a chart in full: "Panjang badan menurut umur (PB/U), 0–2 tahun"; a window by its ends."""
    return f"{_(chart.index.title)} ({chart.index.letters}), {_span_words(chart, span)}"


def short_title_of(chart: Chart, span: Span) -> str:
    """Name a chart by its letters, for a phone."""
    return f"{chart.index.letters}, {_span_words(chart, span)}"


def _span_words(chart: Chart, span: Span) -> str:
    if span == chart.span:
        return _(chart.ages.words)
    first, last = (at // YEAR if chart.index.scale is BY_MONTH else at for at in span)
    return _(chart.index.scale.range_words).format(first=first, last=last)


def near(chart: Chart, at: float) -> Span:
    """Return the window for a close look at a place of the axis: a year of months, 20 cm, three school years.

    The place lies in its last third, so that what came before is in sight.
    """
    scale = chart.index.scale
    last = ceil((at + scale.near / 6) / scale.near_step) * scale.near_step
    return fitted(chart, last - scale.near)


def fitted(chart: Chart, first: int) -> Span:
    """Return the window that begins at a place, moved so that it lies within the chart."""
    start, end = chart.span
    wide = min(chart.index.scale.near, end - start)
    begin = min(max(first, start), end - wide)
    return begin, begin + wide


def _plane(index: Index, taken: Sequence[Reading], span: Span, layout: Layout) -> Plane:
    """Choose the measures: those of the lines of both sexes, of the limits, and of the points that are to be trusted."""
    first, last = span
    below = [limit.measure - BELOW_LIMIT for limit in index.limits if limit.within(first, last)]
    inside = [each.point.measure for each in taken if each.counts and first <= each.at <= last]
    low, high = reach(index, first, last)
    ends_at = rounded_out(min([low, *below, *inside]), max([high, *inside]), layout.height)
    return Plane(layout, first, last, *ends_at, air=0)


@lru_cache(maxsize=128)
def _ground(index: Index, sex: str, plane: Plane, spoken: str) -> Markup:
    """Draw what is the same for every child of a sex (`spoken`: in which language)."""
    looks = line_looks(index)
    coloured = [((zone.lower, zone.upper), ZONE_COLOURS[zone.category.severity]) for zone in index.zones]
    return Markup().join(
        (
            frame.bands(index, sex, coloured, plane),
            axes.measures(plane),
            _level_axis(index, plane),
            frame.sd_lines(index, sex, looks, plane),
            limits(index, sex, plane),
            axes.box(plane),
            axes.upright_name(plane, _(index.measure)),
            ends.numbers(index, sex, looks, plane),
            ends.zone_words(index, sex, plane) if plane.layout.zones_beside else "",
        )
    )


def _level_axis(index: Index, plane: Plane) -> Markup:
    drawn = {BY_LENGTH: axes.centimetres, BY_MONTH: axes.years}.get(index.scale, axes.months)
    return drawn(plane) + axes.level_name(plane, _(index.along), _rows_of_numbers(index))


def _rows_of_numbers(index: Index) -> int:
    """Months have the years below them."""
    return 1 if index.scale in (BY_LENGTH, BY_MONTH) else 2
