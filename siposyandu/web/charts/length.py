"""Length or height for age: WHO's lines from -3 to +3 SD, with the zones in which a child is called stunted."""

from collections.abc import Sequence
from functools import lru_cache
from math import floor

from markupsafe import Markup

from siposyandu.i18n import gettext as _
from siposyandu.i18n import language
from siposyandu.web.charts import frame
from siposyandu.web.charts.kms import CARDS
from siposyandu.web.charts.lines import band
from siposyandu.web.charts.plane import INK, Plane, measures, months
from siposyandu.web.charts.points import Child, Point, drawn, on_plane
from siposyandu.web.charts.svg import area, group
from siposyandu.web.charts.words import facts

CENTIMETRES = {"0-24": (40, 100), "24-60": (75, 130), "0-60": (40, 130)}
ZONES = (((-2, 3), "#e3f3df"), ((-3, -2), "#fdeeb5"), ((None, -3), "#fdecea"))
BOTTOM_MARGIN = 30


def length_for_age(child: Child, points: Sequence[Point], *, card: str, name: str = "length") -> Markup:
    """Draw length-for-age as SVG text. `card` is a key of CARDS; points are centimetres corrected for position.

    Below 24 months the lines are of lying length, from 24 months of standing height.
    """
    plane = _plane(child, points, card)
    shown = on_plane(points, child, plane)
    title = _("Length or height for age, {first} to {last} months").format(
        first=plane.first_month, last=plane.last_month
    )
    return frame.document(
        name,
        plane.bottom + BOTTOM_MARGIN,
        f"{title}. {child.name}",
        facts(child, shown, "lhfa", _("cm")),
        frame.title_bar(child, title, shown, plane),
        _ground(child.sex, plane, language()),
        drawn(points, child, plane, _("cm")),
    )


def _plane(child: Child, points: Sequence[Point], card: str) -> Plane:
    low, high = CENTIMETRES[card]
    first, last = CARDS[card]
    lengths = [point.measure for point in on_plane(points, child, Plane(first, last, low, high))]
    return Plane(first, last, _down(min([low, *lengths])), -_down(-max([high, *lengths])))


def _down(centimetres: float) -> int:
    """Round down to the 5 cm of the grid."""
    return floor(centimetres / 5) * 5


@lru_cache(maxsize=32)
def _ground(sex: str, plane: Plane, spoken: str) -> Markup:
    colours = [area(outline, fill=colour) for z, colour in ZONES for outline in band("lhfa", sex, z, plane)]
    return group(
        group(*colours),
        measures(plane, every=5, half=False),
        months(plane),
        frame.sd_lines("lhfa", sex, _looks(), plane),
        frame.box(plane),
        frame.axis_names(plane, _("Length or height (cm)")),
    )


def _looks() -> tuple[frame.LineLook, ...]:
    look = frame.LineLook
    return (
        look(3, INK, 1.2, "2 3"),
        look(2, "#8a5a00", 1.2, "7 3"),
        look(1, INK, 0.8, "1 3"),
        look(0, "#0b6b2d", 2.2, None, _("median")),
        look(-1, INK, 0.8, "1 3"),
        look(-2, "#b45309", 2, "9 3", _("stunted")),
        look(-3, "#b00020", 2.6, None, _("severe")),
    )
