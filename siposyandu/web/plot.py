"""A figure over months as plain data for plotly.js: the same line and band as the drawing, with the numbers at the touch."""

from collections.abc import Mapping
from typing import Any

from siposyandu.i18n import gettext as _
from siposyandu.i18n import language, month_long, month_name, number, percent
from siposyandu.indicators import Figure
from siposyandu.periods import Month
from siposyandu.web.trend import GRID, INK, QUIET, Series, scale, shown, stretches

BAND_COLOUR = "rgba(11, 93, 82, 0.16)"
CLEAR = "rgba(0,0,0,0)"
LOOK: Mapping[str, Any] = {
    "showlegend": False,
    "hovermode": "x",
    "margin": {"l": 52, "r": 16, "t": 12, "b": 44},
    "height": 300,
    "font": {"family": "system-ui, Segoe UI, Roboto, Noto Sans, sans-serif", "size": 14, "color": QUIET},
    "paper_bgcolor": CLEAR,
    "plot_bgcolor": CLEAR,
    "hoverlabel": {"bgcolor": "#fffdf9", "bordercolor": INK, "font": {"color": "#15302b"}},
}


def plot(series: Series, title: str) -> dict[str, Any]:
    """Return what plotly.js draws: the line with a text for each month, the band, and the look."""
    months = [month_long(str(month)) for month, _figure in series]
    seen = [figure if shown(figure) else None for _month, figure in series]
    bands = [_band([(months[index], figure) for index, figure in stretch]) for stretch in stretches(series)]
    main = {
        "x": months,
        "y": [None if figure is None else figure.percent for figure in seen],
        "text": [_said(month, figure) for month, figure in series],
        "hovertemplate": "%{text}<extra></extra>",
        "name": title,
        "mode": "lines+markers",
        "line": {"color": INK, "width": 3},
        "marker": {"size": 9},
    }
    top, _step = scale([figure for _month, figure in series])
    return {"data": [*bands, main], "layout": _layout([month for month, _figure in series], top)}


def _band(stretch: list[tuple[str, Figure]]) -> dict[str, Any]:
    """The interval of months without a gap between them, as one outline; of one month alone an upright line."""
    there, back = [month for month, _figure in stretch], [month for month, _figure in reversed(stretch)]
    return {
        "x": [*there, *back],
        "y": [
            *(figure.high for _month, figure in stretch),
            *(figure.low for _month, figure in reversed(stretch)),
        ],
        "mode": "lines",
        "line": {"width": 0 if len(stretch) > 1 else 10, "color": BAND_COLOUR},
        "fill": "toself",
        "fillcolor": BAND_COLOUR,
        "hoverinfo": "skip",
    }


def interval(figure: Figure) -> str:
    """Write an interval: "15,5 – 21,7%"; nothing where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{number(figure.low, 1)} – {percent(figure.high, 1)}"


def _said(month: Month, figure: Figure) -> str:
    counted = _("{numerator} of {denominator}").format(
        numerator=number(figure.numerator), denominator=number(figure.denominator)
    )
    lines = [
        f"<b>{month_long(str(month))}</b>",
        f"{percent(figure.percent, 1)} ({counted})",
        interval(figure),
    ]
    return "<br>".join(line for line in lines if line)


def _short(month: Month, *, first: bool) -> str:
    """A month under the axis: "Nov", with its year where one begins."""
    name = month_name(month.number)[:3]
    return f"{name}<br>{month.year}" if first or month.number == 1 else name


def _layout(months: list[Month], top: int) -> dict[str, Any]:
    axis = {"fixedrange": True, "showgrid": False, "zeroline": False}
    named = {
        "tickvals": [month_long(str(month)) for month in months],
        "ticktext": [_short(month, first=month == months[0]) for month in months],
    }
    return {
        **LOOK,
        "separators": ",." if language() == "id" else ".,",
        "xaxis": {**axis, **named, "tickangle": 0},
        "yaxis": {**axis, "range": [0, top], "ticksuffix": "%", "showgrid": True, "gridcolor": GRID},
    }
