"""What every chart has around its plot: the title bar, its lines and zones, the legend, the words for those who cannot see."""

from collections.abc import Iterable, Sequence
from math import ceil

from markupsafe import Markup

from siposyandu.i18n import gettext as _
from siposyandu.web.charts.indices import Index
from siposyandu.web.charts.layout import Layout
from siposyandu.web.charts.letters import shortened, width
from siposyandu.web.charts.lines import band, sd_line
from siposyandu.web.charts.looks import LineLook, attributes
from siposyandu.web.charts.plane import Plane
from siposyandu.web.charts.points import Child
from siposyandu.web.charts.svg import area, element, group, label, path

FONT = "'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, Helvetica, sans-serif"
"""All of about the same width (letters.py); the system's own choice might be a much wider one."""
SEX_COLOURS = {"m": "#1b5e9b", "f": "#b0326e"}
"""Kemenkes prints the boys' card on blue and the girls' on pink paper."""
EDGE = 12


def sd_lines(index: Index, sex: str, looks: Sequence[LineLook], plane: Plane) -> Markup:
    """Draw SD lines, each of one or more pieces."""
    return group(
        *(
            path(list(piece), data_z=f"{look.z:g}", **attributes(look))
            for look in looks
            for piece in sd_line(index, sex, look.z, plane)
        )
    )


def bands(
    index: Index, sex: str, coloured: Iterable[tuple[tuple[float | None, float | None], str]], plane: Plane
) -> Markup:
    """Fill what lies between SD lines."""
    return group(
        *(area(outline, fill=fill) for z, fill in coloured for outline in band(index, sex, z, plane))
    )


def title_bar(child: Child, title: str, layout: Layout) -> Markup:
    """Draw the bar with the chart's name in the colour of the sex's card; on a phone the child's name stands below it."""
    sex, small = _("boy") if child.sex == "m" else _("girl"), layout.title - 1.5
    taken = 0.0 if layout.narrow else width(title, layout.title, bold=True) + EDGE
    room = layout.width - 2 * EDGE - taken - width(f" · {sex}", small)
    who = f"{shortened(child.name, room, small)} · {sex}"
    first, second = (17, 36) if layout.narrow else (layout.bar / 2 + layout.title * 0.35,) * 2
    x, anchor = (EDGE, "start") if layout.narrow else (layout.width - EDGE, "end")
    return group(
        element("rect", width=layout.width, height=layout.bar, rx=4, fill=SEX_COLOURS[child.sex]),
        label(title, EDGE, first, font_size=layout.title, font_weight=700),
        label(who, x, second, font_size=small, text_anchor=anchor),
        fill="#fff",
    )


def document(name: str, layout: Layout, height: float, told: tuple[str, str], *drawn: str) -> Markup:
    """Put the parts into one SVG that a screen reader can tell: `told` are its title and its facts.

    `name` keeps the ids of several charts on one page apart.
    """
    title, facts = told
    tall = ceil(height)
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", facts, id=f"{name}-facts"),
        element("rect", width=layout.width, height=tall, fill="#fff"),
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {layout.width} {tall}",
        role="img",
        aria_labelledby=f"{name}-title {name}-facts",
        class_=f"chart chart-{layout.name}",
        font_family=FONT,
        font_size=layout.text,
    )
