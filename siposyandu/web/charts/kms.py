"""KMS, the growth card: weight for age with its coloured bands, month by month, and what each weighing said.

Bands and lines as on the Indonesian card: dark green around the median, light green and yellow further out, the red line
below which a child is BGM, the orange line above which weight is compared with length. Boys' cards are blue, girls' pink.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, floor

from markupsafe import Markup

from siposyandu.growth.kms import ORANGE_LINE_SD, RED_LINE_SD
from siposyandu.i18n import gettext as _
from siposyandu.i18n import language
from siposyandu.web.charts import frame
from siposyandu.web.charts.lines import band
from siposyandu.web.charts.month_table import month_table
from siposyandu.web.charts.plane import Plane, measures, months
from siposyandu.web.charts.points import Child, Point, drawn, on_plane
from siposyandu.web.charts.svg import area, group
from siposyandu.web.charts.words import facts

CARDS = {"0-24": (0, 24), "24-60": (24, 60), "0-60": (0, 60)}
KILOGRAMS = {"0-24": (1, 18), "24-60": (6, 30), "0-60": (1, 30)}
SPLIT_MONTH = 24
"""From this age on a child has the second card."""

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
    child: Child, points: Sequence[Point], *, card: str, red_line_sd: float = RED_LINE_SD, name: str = "kms"
) -> Markup:
    """Draw the KMS of a child as SVG text. `card` is a key of CARDS; points are weights in kg that count.

    `name` keeps the ids of several charts on one page apart.
    """
    plane = _plane(child, points, card)
    shown = on_plane(points, child, plane)
    title = _("KMS: weight for age, {first} to {last} months").format(
        first=plane.first_month, last=plane.last_month
    )
    table, height = month_table(child, shown, plane)
    return frame.document(
        name,
        height,
        f"{title}. {child.name}",
        facts(child, shown, "wfa", _("kg")),
        frame.title_bar(child, title, shown, plane),
        _ground(child.sex, plane, red_line_sd, language()),
        drawn(points, child, plane, _("kg")),
        table,
    )


def _plane(child: Child, points: Sequence[Point], card: str) -> Plane:
    """Choose the card's kilograms; a child heavier or lighter than the card stretches it."""
    first, last = CARDS[card]
    low, high = KILOGRAMS[card]
    weights = [point.measure for point in on_plane(points, child, Plane(first, last, low, high))]
    return Plane(first, last, min([low, *map(floor, weights)]), max([high, *map(ceil, weights)]))


@lru_cache(maxsize=32)
def _ground(sex: str, plane: Plane, red_line_sd: float, spoken: str) -> Markup:
    """Draw what is the same for every child of a sex: bands, grid, lines, names (`spoken`: in which language)."""
    colours = [area(outline, fill=colour) for z, colour in BANDS for outline in band("wfa", sex, z, plane)]
    return group(
        group(*colours),
        measures(plane, every=1, half=plane.high - plane.low <= 20),
        months(plane),
        frame.sd_lines("wfa", sex, _looks(red_line_sd), plane),
        frame.box(plane),
        frame.axis_names(plane, _("Weight (kg)")),
    )


def _looks(red_line_sd: float) -> tuple[frame.LineLook, ...]:
    red = frame.LineLook(red_line_sd, RED, 3, None, _("red line"))
    orange = frame.LineLook(ORANGE_LINE_SD, ORANGE, 2.4, "12 4", _("orange line"))
    thin = (frame.LineLook(z, THIN, 0.9, dashes) for z, dashes in DASHES.items())
    return (*(look for look in thin if look.z not in (red.z, orange.z)), orange, red)
