"""A figure over months, drawn as SVG: a line with its 95 % interval as a band; and one area's interval beside others.

A month without children to divide by, or with too few of them, is a gap in the line, never a zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from siposyandu.i18n import gettext as _
from siposyandu.i18n import month_name, percent
from siposyandu.indicators import Figure
from siposyandu.periods import Month
from siposyandu.web.charts.svg import area, element, group, label, line, path

INK, QUIET, GRID, BAND = "#0b5d52", "#54635d", "#ddd5c5", "#0b5d52"
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 16, 46
# Round numbers that an axis may end at, and the step between its lines.
SCALES = ((5, 1), (10, 2), (20, 5), (30, 10), (40, 10), (50, 10), (60, 20), (80, 20), (100, 20))

Series = Sequence[tuple[Month, Figure]]
Place = tuple[float, float]


@dataclass(frozen=True)
class Size:
    """Of a drawing, in pixels, and for what screen; `every` names one month out of so many under the axis."""

    name: str
    width: int
    height: int
    every: int = 1


SIZES = (Size("laptop", 780, 300), Size("phone", 330, 230, every=3))


@dataclass(frozen=True)
class _Plane:
    size: Size
    months: int
    top: int
    step: int

    def x(self, index: int) -> float:
        return LEFT + (index + 0.5) * (self.size.width - LEFT - RIGHT) / self.months

    def y(self, percent: float) -> float:
        return self.floor - percent * (self.floor - TOP) / self.top

    @property
    def floor(self) -> int:
        return self.size.height - BOTTOM


def drawing(series: Series, title: str, size: Size) -> Markup:
    """Draw a series; `title` is what a screen reader says instead of the picture."""
    plane = _Plane(size, len(series), *scale([figure for _month, figure in series]))
    return element(
        "svg",
        element("title", title),
        _levels(plane),
        _month_names(series, plane),
        *(_stretch(stretch, plane) for stretch in stretches(series)),
        _last_value(series, plane),
        viewBox=f"0 0 {size.width} {size.height}",
        width=size.width,
        height=size.height,
        role="img",
        class_="trend",
        font_size=13,
    )


def scale(figures: Iterable[Figure]) -> tuple[int, int]:
    """Return where an axis for these figures ends, and the step between its lines, in percent."""
    highest = max((figure.high or figure.percent or 0 for figure in figures if shown(figure)), default=0)
    return next((each for each in SCALES if each[0] >= highest), SCALES[-1])


def shown(figure: Figure) -> bool:
    """Whether a figure has a place in a picture: there are children, and not too few."""
    return figure.percent is not None and not figure.too_few


def _levels(plane: _Plane) -> Markup:
    levels = range(0, plane.top + 1, plane.step)
    return group(
        group(
            *(line(LEFT, plane.y(at), plane.size.width - RIGHT, plane.y(at)) for at in levels),
            stroke=GRID,
            stroke_width=1,
        ),
        group(
            *(label(percent(at), LEFT - 6, plane.y(at) + 4, text_anchor="end") for at in levels), fill=QUIET
        ),
    )


def _month_names(series: Series, plane: _Plane) -> Markup:
    last = len(series) - 1
    named = [
        (index, month)
        for index, (month, _figure) in enumerate(series)
        if (last - index) % plane.size.every == 0
    ]
    years = [month.year for _index, month in named]
    begun = [year for year, before in zip(years, [None, *years], strict=False) if year != before]
    return group(
        *(label(month_name(month.number)[:3], plane.x(index), plane.floor + 18) for index, month in named),
        *(label(str(year), plane.x(named[years.index(year)][0]), plane.floor + 35) for year in begun),
        text_anchor="middle",
        fill=QUIET,
    )


def stretches(series: Series) -> list[list[tuple[int, Figure]]]:
    """Split a series at its gaps into stretches of (index, figure)."""
    numbered = [(index, figure) for index, (_month, figure) in enumerate(series)]
    return [list(part) for drawn, part in groupby(numbered, lambda item: shown(item[1])) if drawn]


def _stretch(stretch: Sequence[tuple[int, Figure]], plane: _Plane) -> Markup:
    places = [(plane.x(index), plane.y(figure.percent or 0)) for index, figure in stretch]
    dots = [element("circle", cx=x, cy=y, r=4, fill=INK, stroke="#fff", stroke_width=1.5) for x, y in places]
    return group(_band(stretch, plane), path(places, fill="none", stroke=INK, stroke_width=2.5), *dots)


def _band(stretch: Sequence[tuple[int, Figure]], plane: _Plane) -> Markup:
    """The interval as a band; of one month alone as an upright bar."""
    if any(figure.low is None or figure.high is None for _index, figure in stretch):
        return Markup()
    highs = [(plane.x(index), plane.y(figure.high or 0)) for index, figure in stretch]
    lows = [(plane.x(index), plane.y(figure.low or 0)) for index, figure in stretch]
    if len(stretch) == 1:
        return path([highs[0], lows[0]], stroke=BAND, stroke_width=10, stroke_opacity=0.18)
    return area([*highs, *reversed(lows)], fill=BAND, fill_opacity=0.16)


def _last_value(series: Series, plane: _Plane) -> Markup:
    seen = [(index, figure) for index, (_month, figure) in enumerate(series) if shown(figure)]
    if not seen:
        middle = (LEFT + plane.size.width - RIGHT) / 2
        return label(
            _("Nothing to draw yet"), middle, plane.floor / 2 + TOP, text_anchor="middle", fill=QUIET
        )
    index, figure = seen[-1]
    return label(
        percent(figure.percent, 1),
        min(plane.x(index), plane.size.width - RIGHT - 22),
        max(plane.y(figure.percent or 0) - 12, 14),
        text_anchor="middle",
        fill=INK,
        font_weight=700,
        font_size=15,
        stroke="#fffdf9",
        stroke_width=4,
        paint_order="stroke",
    )


WHISKER_WIDTH, WHISKER_HEIGHT = 130, 22


def whisker(figure: Figure, top: int) -> Markup:
    """Draw one figure on a scale from 0 to `top` percent: a dot, and its interval as a line. The figures stand beside it."""
    middle = WHISKER_HEIGHT / 2
    marks = [line(0, middle, WHISKER_WIDTH, middle, stroke=GRID, stroke_width=1)]
    if shown(figure):
        if figure.low is not None and figure.high is not None:
            ends = [8 + end * (WHISKER_WIDTH - 16) / top for end in (figure.low, figure.high)]
            marks.append(
                line(ends[0], middle, ends[1], middle, stroke=INK, stroke_width=7, stroke_opacity=0.25)
            )
        x = 8 + (figure.percent or 0) * (WHISKER_WIDTH - 16) / top
        marks.append(element("circle", cx=x, cy=middle, r=5, fill=INK))
    return element(
        "svg", *marks, width=WHISKER_WIDTH, height=WHISKER_HEIGHT, aria_hidden="true", class_="whisker"
    )
