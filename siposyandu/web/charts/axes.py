"""The grid of a chart and its numbers: months or years of age, centimetres of length, and the measure at the left."""

from collections.abc import Iterable
from math import ceil, floor

from markupsafe import Markup

from siposyandu.i18n import gettext as _
from siposyandu.web.charts.layout import GRID, GRID_STRONG, INK, QUIET
from siposyandu.web.charts.letters import width
from siposyandu.web.charts.plane import Plane, step
from siposyandu.web.charts.svg import Attribute, Place, element, group, label, lines

YEAR = 12
FINE_APART, FINEST_APART = 5.5, 4.5
"""Lines nearer to each other than this make a grey field."""
BELOW_NUMBERS = 15
FINER = {1: (0.1, 0.2, 0.5), 2: (0.2, 0.5, 1), 5: (0.5, 1), 10: (1, 2, 5), 20: (2, 5, 10), 50: (5, 10)}
"""Into which steps people divide each of the steps in which an axis is numbered."""


def months(plane: Plane, *, years: bool = True) -> Markup:
    """Draw a line for each month of age, stronger at the years, and number them; `years` names the years below."""
    whole = range(ceil(plane.first), floor(plane.last) + 1)
    every = _every(plane, (1, 2, 3, 6, 12), "60")
    numbers = [(month, str(month)) for month in whole if month % every == 0]
    named = [_year_name(plane, month) for month in whole if years and month % YEAR == 0]
    return group(
        _uprights(plane, whole, strong=YEAR, fine=plane.unit > FINEST_APART),
        _numbers(plane, numbers, strong=YEAR),
        *named,
    )


def years(plane: Plane) -> Markup:
    """Draw a line for each three months of age, stronger and numbered at the years."""
    whole = range(ceil(plane.first / 3) * 3, floor(plane.last) + 1, 3)
    numbers = [(month, str(month // YEAR)) for month in whole if month % YEAR == 0]
    return group(_uprights(plane, whole, strong=YEAR, fine=True), _numbers(plane, numbers, strong=YEAR))


def centimetres(plane: Plane) -> Markup:
    """Draw a line for each centimetre of length, stronger at each fifth."""
    whole = range(ceil(plane.first), floor(plane.last) + 1)
    every = _every(plane, (1, 2, 5, 10), "110")
    numbers = [(cm, str(cm)) for cm in whole if cm % every == 0]
    return group(
        _uprights(plane, whole, strong=5, fine=plane.unit > FINEST_APART), _numbers(plane, numbers, strong=10)
    )


def _every(plane: Plane, steps: tuple[int, ...], widest: str) -> int:
    """Return how many units lie between two numbers, so that the widest of them has room."""
    needed = width(widest, plane.layout.text, bold=True) + 4
    return next((each for each in steps if each * plane.unit >= needed), steps[-1])


def _uprights(plane: Plane, places: Iterable[int], *, strong: int, fine: bool) -> Markup:
    drawn: dict[bool, list[tuple[Place, Place]]] = {True: [], False: []}
    for place in places:
        x = plane.x(place)
        drawn[place % strong == 0].append(((x, plane.layout.top), (x, plane.layout.plot_bottom)))
    return group(
        lines(drawn[False] if fine else (), stroke_opacity=0.3, stroke_width=0.7),
        lines(drawn[True], stroke_opacity=0.7, stroke_width=1.1),
        stroke=GRID_STRONG,
    )


def _numbers(plane: Plane, numbers: Iterable[tuple[int, str]], *, strong: int) -> Markup:
    y = plane.layout.plot_bottom + BELOW_NUMBERS
    written = [
        label(words, plane.x(place), y, font_weight=None if place % strong else 700)
        for place, words in numbers
    ]
    return group(*written, fill=INK, text_anchor="middle", font_size=plane.layout.text)


def _year_name(plane: Plane, month: int) -> Markup:
    """Name a year of age below its number: "2 tahun"; at the left edge "lahir"."""
    words = _("birth") if month == 0 else _("{years} years").format(years=month // YEAR)
    x, y = plane.x(month), plane.layout.plot_bottom + 2 * BELOW_NUMBERS
    return label(
        words, x, y, text_anchor="middle", fill=INK, font_size=plane.layout.text - 0.5, font_weight=700
    )


def measures(plane: Plane, *, numbered: int | None = None) -> Markup:
    """Draw level lines: numbered ones, in steps that leave room, and faint ones between them."""
    every = numbered or step(plane.low, plane.high, plane.layout.height)
    strong = range(ceil(plane.low / every) * every, floor(plane.high) + 1, every)
    finer = _finer(plane, every)
    faint = (
        [k * finer for k in range(ceil(plane.low / finer), floor(plane.high / finer) + 1)] if finer else []
    )
    x = plane.layout.left - 6
    numbers = [label(str(value), x, plane.y(value) + plane.layout.text * 0.35) for value in strong]
    return group(
        _levels(plane, faint, stroke=GRID, stroke_width=0.5, stroke_opacity=0.4),
        _levels(plane, strong, stroke=GRID_STRONG, stroke_width=0.8, stroke_opacity=0.5),
        group(*numbers, fill=INK, text_anchor="end", font_size=plane.layout.text),
    )  # fmt: skip


def _finer(plane: Plane, every: int) -> float | None:
    """Return the step of the faint lines between two numbers: the finest of FINER that does not crowd."""
    return next((finer for finer in FINER[every] if finer * plane.rise > FINE_APART), None)


def _levels(plane: Plane, values: Iterable[float], **attributes: Attribute) -> Markup:
    left, right = plane.layout.left, plane.layout.plot_right
    return lines((((left, y), (right, y)) for y in map(plane.y, values)), **attributes)


def box(plane: Plane) -> Markup:
    """Draw the frame of the plot."""
    layout = plane.layout
    return element(
        "rect", x=layout.left, y=layout.top, width=layout.plot_width, height=layout.height,
        fill="none", stroke=INK, stroke_width=1.2,
    )  # fmt: skip


def upright_name(plane: Plane, words: str) -> Markup:
    """Name the measure along the left edge."""
    layout = plane.layout
    x, middle = layout.text + 1, layout.top + layout.height / 2
    return label(
        words, x, middle, transform=f"rotate(-90 {x:g} {middle:g})",
        text_anchor="middle", fill=QUIET, font_size=layout.text,
    )  # fmt: skip


def level_name(plane: Plane, words: str, rows: int) -> Markup:
    """Name what runs from left to right, below `rows` rows of numbers."""
    layout = plane.layout
    x, y = layout.left + layout.plot_width / 2, layout.plot_bottom + BELOW_NUMBERS * (rows + 1)
    return label(words, x, y, text_anchor="middle", fill=QUIET, font_size=layout.text)
