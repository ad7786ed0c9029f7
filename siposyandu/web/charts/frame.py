"""What every chart has around its plot: the title bar, the words for those who cannot see it, the names of lines."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from siposyandu.i18n import gettext as _
from siposyandu.web.charts.lines import sd_line
from siposyandu.web.charts.plane import HEIGHT, INK, LEFT, QUIET, TOP, WIDTH, Plane
from siposyandu.web.charts.points import Child, Point, legend
from siposyandu.web.charts.svg import Attribute, element, group, label, path

FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"
SEX_COLOURS = {"m": "#1b5e9b", "f": "#b0326e"}
"""Kemenkes prints the boys' card on blue and the girls' on pink paper."""


class LineLook(NamedTuple):
    """How one SD line is drawn; the dashes and the label tell it apart without colour."""

    z: float
    colour: str
    width: float
    dashes: str | None
    words: str = ""


def look_of(look: LineLook) -> dict[str, Attribute]:
    """Return the presentation attributes of a line."""
    return {
        "stroke": look.colour,
        "stroke_width": look.width,
        "stroke_dasharray": look.dashes,
        "stroke_linejoin": "round",
        "fill": "none",
    }


def sd_lines(index: str, sex: str, looks: Sequence[LineLook], plane: Plane) -> Markup:
    """Draw SD lines, each of one or more pieces, and name them at their right ends."""
    drawn, named = [], []
    for look in looks:
        pieces = sd_line(index, sex, look.z, plane)
        drawn += [path(list(piece), data_z=f"{look.z:g}", **look_of(look)) for piece in pieces]
        named.append(end_label(look, plane.right + 8, pieces[-1][-1][1]))
    return group(*drawn, *named)


def end_label(look: LineLook, x: float, y: float) -> Markup:
    """Name a line at its right end: the SD, and its word where it has one."""
    number = element("tspan", f"{look.z:+g}".replace("-", "−") if look.z else "0", font_weight=700)
    words = f" {look.words}" if look.words else ""
    return element("text", number, words, x=x, y=y + 4, fill=INK, font_size=11.5)


def title_bar(child: Child, title: str, points: Sequence[Point], plane: Plane) -> Markup:
    """Draw the bar with the chart's name in the colour of the sex's card, and what the marks mean."""
    sex = _("boy") if child.sex == "m" else _("girl")
    return group(
        element("rect", x=0, y=0, width=WIDTH, height=30, rx=4, fill=SEX_COLOURS[child.sex]),
        label(title, 12, 20.5, fill="#fff", font_size=15, font_weight=700),
        label(f"{child.name} · {sex}", WIDTH - 12, 20.5, fill="#fff", font_size=14, text_anchor="end"),
        legend(points, plane.right, 44),
    )


def box(plane: Plane) -> Markup:
    """Draw the frame of the plot."""
    width = plane.right - LEFT
    return element(
        "rect", x=LEFT, y=TOP, width=width, height=HEIGHT, fill="none", stroke=INK, stroke_width=1.2
    )


def axis_names(plane: Plane, measure: str) -> Markup:
    """Name the two axes."""
    middle = TOP + HEIGHT / 2
    return group(
        label(measure, 38, middle, transform=f"rotate(-90 38 {middle:g})", text_anchor="middle"),
        label(_("Age (months)"), LEFT - 8, plane.bottom + 15, text_anchor="end", font_size=11),
        fill=QUIET,
        font_size=12.5,
    )


def document(name: str, height: int, title: str, facts: str, *drawn: str) -> Markup:
    """Put the parts into one SVG that a screen reader can tell: `name` keeps the ids of two charts apart."""
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", facts, id=f"{name}-facts"),
        element("rect", width=WIDTH, height=height, fill="#fff"),
        *drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        aria_labelledby=f"{name}-title {name}-facts",
        class_="chart",
        font_family=FONT,
        font_size=12,
    )
