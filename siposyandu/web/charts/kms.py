"""KMS, the growth card: weight for age with its coloured bands, month by month, and what each weighing said.

Bands and lines as on the Indonesian card: dark green around the median, light green and yellow further out, the red line
below which a child is BGM, the orange line above which weight is compared with length. Boys' cards are blue, girls' pink.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import ceil, floor

from markupsafe import Markup

from siposyandu.growth.kms import ORANGE_LINE_SD, RED_LINE_SD
from siposyandu.i18n import gettext as _
from siposyandu.i18n import language
from siposyandu.web.charts import axes, ends, frame, legend
from siposyandu.web.charts.indices import WEIGHT
from siposyandu.web.charts.layout import CARD, Layout, View
from siposyandu.web.charts.legend import Entry
from siposyandu.web.charts.lines import reach
from siposyandu.web.charts.looks import LineLook
from siposyandu.web.charts.marks import legend as marks_legend
from siposyandu.web.charts.month_table import ages_alone, month_table
from siposyandu.web.charts.plane import Plane
from siposyandu.web.charts.points import Child, Point, Reading, readings
from siposyandu.web.charts.track import track
from siposyandu.web.charts.words import facts

CARDS = {"0-24": (0, 24), "24-60": (24, 60), "0-60": (0, 60)}
KILOGRAMS = {"0-24": (1, 18), "24-60": (6, 30), "0-60": (1, 30)}
SPLIT_MONTH = 24
"""From this age on a child has the second card."""
BELOW_TABLE = 16
CARD_VIEW = View(CARD, name="kms")

DARK_GREEN, LIGHT_GREEN, YELLOW = "#7cc47a", "#c9e8bd", "#fdf2a0"
BANDS = (
    ((-3, -2), YELLOW),
    ((-2, -1), LIGHT_GREEN),
    ((-1, 1), DARK_GREEN),
    ((1, 2), LIGHT_GREEN),
    ((2, 3), YELLOW),
)
RED, ORANGE, THIN = "#c4001a", "#d95f02", "#2f4f2f"
DASHES = {3: "2 3", 2: "6 3", 0: None, -1: "6 3", -2: "6 3", -3: "2 3"}


def card_for(age_months: int) -> str:
    """Return which card a child of that age uses."""
    return "24-60" if age_months >= SPLIT_MONTH else "0-24"


def kms(
    child: Child,
    points: Sequence[Point],
    *,
    card: str,
    red_line_sd: float = RED_LINE_SD,
    view: View = CARD_VIEW,
) -> Markup:
    """Draw the KMS of a child as SVG text. `card` is a key of CARDS; points are weights in kg that count.

    A view without the table of months ends below the numbers of the ages.
    """
    layout = view.layout
    taken = readings(WEIGHT, child, points)
    plane = _plane(taken, card, view)
    shown = [reading for reading in taken if plane.holds(reading.at)]
    looks = _looks(red_line_sd, layout)
    drawn_points = [reading.point for reading in shown]
    table, below = month_table(child, drawn_points, plane) if view.with_table else ages_alone(plane)
    explained, bottom = legend.drawn(_legend(shown, looks, layout), layout, below + BELOW_TABLE)
    title = _title(plane)
    return frame.document(
        view.name,
        layout,
        bottom,
        (f"{title}. {child.name}", facts(WEIGHT, child, shown)),
        frame.title_bar(child, _short_title(plane) if layout.narrow else title, layout),
        _ground(child.sex, plane, looks, language()),
        track(WEIGHT, child, shown, plane) if shown or view.with_table else "",
        table,
        explained,
    )


def _title(plane: Plane) -> str:
    return _("KMS: weight for age, {first} to {last} months").format(first=plane.first, last=plane.last)


def _short_title(plane: Plane) -> str:
    return _("KMS, {first} to {last} months").format(first=plane.first, last=plane.last)


def _plane(taken: Sequence[Reading], card: str, view: View) -> Plane:
    """Choose the kilograms: the card's, or the window's own; a child heavier or lighter than they stretches them."""
    first, last = view.window or CARDS[card]
    low, high = KILOGRAMS[card] if view.window is None else _kilograms(first, last)
    plane = Plane(view.layout, first, last, low, high)
    weights = [each.point.measure for each in taken if each.counts and plane.holds(each.at)]
    return replace(plane, low=min([low, *map(floor, weights)]), high=max([high, *map(ceil, weights)]))


def _kilograms(first: int, last: int) -> tuple[int, int]:
    low, high = reach(WEIGHT, first, last)
    return floor(low), ceil(high)


@lru_cache(maxsize=32)
def _ground(sex: str, plane: Plane, looks: tuple[LineLook, ...], spoken: str) -> Markup:
    """Draw what is the same for every child of a sex: bands, grid, lines, names (`spoken`: in which language)."""
    return Markup().join(
        (
            frame.bands(WEIGHT, sex, BANDS, plane),
            axes.measures(plane, numbered=1),
            axes.months(plane, years=False),
            frame.sd_lines(WEIGHT, sex, looks, plane),
            axes.box(plane),
            axes.upright_name(plane, _("Weight (kg)")),
            ends.numbers(WEIGHT, sex, looks, plane),
        )
    )


def _looks(red_line_sd: float, layout: Layout) -> tuple[LineLook, ...]:
    """The lines of the card; red and orange have their names at their ends, where there is room."""
    red = LineLook(red_line_sd, RED, 3, None, "" if layout.narrow else _("red line"))
    orange = LineLook(ORANGE_LINE_SD, ORANGE, 2.4, "12 4", "" if layout.narrow else _("orange line"))
    thin = (LineLook(z, THIN, 0.9, dashes) for z, dashes in DASHES.items())
    return (*(look for look in thin if look.z not in (red.z, orange.z)), orange, red)


def _legend(shown: Sequence[Reading], looks: Sequence[LineLook], layout: Layout) -> list[Entry]:
    marks = [Entry(each.point, each.words) for each in marks_legend(WEIGHT, shown)]
    if not layout.narrow:
        return marks
    orange, red = looks[-2:]
    return [Entry(red, _("red line")), Entry(orange, _("orange line")), *marks]
