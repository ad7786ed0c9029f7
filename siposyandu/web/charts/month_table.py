"""The table under the KMS: one column for each month since birth, with what was weighed in it.

As on the printed card a column is a calendar month (the month of birth is 0), so that two weighings at the two ends of
a month of age never fall upon each other.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from siposyandu.growth.kbm import minimum_gain_g
from siposyandu.growth.kms import completed_months
from siposyandu.i18n import gettext as _
from siposyandu.i18n import month_name
from siposyandu.periods import Month
from siposyandu.web.charts.layout import INK, QUIET
from siposyandu.web.charts.plane import Plane
from siposyandu.web.charts.points import Child, Point, said
from siposyandu.web.charts.svg import element, group, label, line

GAP, YEAR_ROW, ROW, TALL_ROW = 24, 15, 18, 38
NARROW_COLUMN = 26
"""Below this width a weight does not fit across its month's column and is turned upright."""
TINY_COLUMN = 15
"""Below this width only the letters fit."""
LETTER_COLOURS = {"N": "#0b6b2d", "T": "#b00020"}


class Cell(NamedTuple):
    """One month of one child: its number since birth, and its weighing if there was one."""

    child: Child
    month_number: int
    point: Point | None

    @property
    def month(self) -> Month:
        """The calendar month."""
        return Month.of(self.child.birth_date).shifted(self.month_number)


class Row(NamedTuple):
    """One row: its title, its height, what to write in a cell (words and colour), and how large."""

    title: str
    height: int
    words: Callable[[Cell], tuple[str, str]]
    size: float = 10.5


def month_table(child: Child, points: Sequence[Point], plane: Plane) -> tuple[Markup, int]:
    """Write the table below a plane; returns it with the height of its lower edge."""
    by_month = {Month.of(point.day): point for point in points}
    cells = [_cell(child, number, by_month) for number in range(int(plane.first), int(plane.last) + 1)]
    top, written = plane.layout.plot_bottom + GAP, []
    for row in _rows(plane):
        written.append(_row(row, cells, plane, top))
        top += row.height
    return group(_ages(plane), *written, _upright_lines(plane, top), _level(plane, top)), top


def ages_alone(plane: Plane) -> tuple[Markup, int]:
    """Name the row of ages below a plane without a table; returns it with the height of its lower edge."""
    return _ages(plane), plane.layout.plot_bottom + GAP


def _ages(plane: Plane) -> Markup:
    words = _("Age") if plane.layout.narrow else _("Age (months)")
    return _row_title(words, plane, plane.layout.plot_bottom + 15)


def _cell(child: Child, month_number: int, by_month: Mapping[Month, Point]) -> Cell:
    cell = Cell(child, month_number, None)
    return cell._replace(point=by_month.get(cell.month))


def _rows(plane: Plane) -> list[Row]:
    if plane.unit < TINY_COLUMN:
        return [Row(_("N or T"), ROW, _letter, 9.5)]
    letters = Row(_("N or T"), ROW + 2, _letter, 13)
    if plane.unit < NARROW_COLUMN:
        names, tall = [Row(_("Month"), TALL_ROW, _month_and_year)], TALL_ROW
    else:
        names, tall = [Row(_("Year"), YEAR_ROW, _year), Row(_("Month"), ROW, _month)], ROW
    return [*names, Row(_("Weight (kg)"), tall, _weight), Row(_("KBM (g)"), tall, _gain), letters]


def _row(row: Row, cells: Sequence[Cell], plane: Plane, top: int) -> Markup:
    upright = row.height == TALL_ROW
    middle = top + row.height / 2
    written = [
        _row_title(row.title, plane, middle + 4),
        _level(plane, top),
    ]
    for cell in cells:
        words, colour = row.words(cell)
        at = (plane.x(cell.month_number), middle)
        written.append(_written(words, at, row.size, upright=upright, fill=colour) if words else Markup())
    return group(*written)


def _row_title(words: str, plane: Plane, y: float) -> Markup:
    return label(words, plane.layout.left - 6, y, text_anchor="end", font_size=11, fill=QUIET)


def _written(words: str, at: tuple[float, float], size: float, *, upright: bool, fill: str) -> Markup:
    x, middle = at
    turn = f"rotate(-90 {x:.2f} {middle:.2f})" if upright else None
    weight = 700 if fill in LETTER_COLOURS.values() else None
    y = middle + size * 0.36
    return label(
        words, x, y, text_anchor="middle", font_size=size, font_weight=weight, transform=turn, fill=fill
    )


def _month(cell: Cell) -> tuple[str, str]:
    return month_name(cell.month.number)[:3], INK if cell.point else QUIET


def _month_and_year(cell: Cell) -> tuple[str, str]:
    return f"{_month(cell)[0]} {cell.month.year % 100:02d}", INK if cell.point else QUIET


def _year(cell: Cell) -> tuple[str, str]:
    """Name the year where it begins."""
    begins = cell.month_number == 0 or cell.month.number == 1
    return (str(cell.month.year) if begins else ""), QUIET


def _weight(cell: Cell) -> tuple[str, str]:
    return (said(cell.point.measure), INK) if cell.point else ("", INK)


def _gain(cell: Cell) -> tuple[str, str]:
    """The least gain of a column; once weighed, the one that the weighing was judged by: completed months on its day."""
    day = cell.point.day if cell.point else cell.month.last
    months = completed_months(cell.child.birth_date, day) if cell.point else cell.month_number
    gain_g = minimum_gain_g(cell.child.sex, months, day)
    return ("" if gain_g is None else str(gain_g)), INK if cell.point else QUIET


def _letter(cell: Cell) -> tuple[str, str]:
    letter = cell.point.letter if cell.point else ""
    return letter, LETTER_COLOURS.get(letter, INK)


def _level(plane: Plane, y: float) -> Markup:
    return line(plane.layout.left, y, plane.layout.plot_right, y, stroke=QUIET, stroke_width=0.6)


def _upright_lines(plane: Plane, bottom: float) -> Markup:
    edges = [
        plane.layout.left + plane.unit * number for number in range(int(plane.last) - int(plane.first) + 2)
    ]
    top = plane.layout.plot_bottom + GAP
    return element(
        "path", d="".join(f"M{x:.2f} {top}V{bottom}" for x in edges), stroke=QUIET, stroke_width=0.35
    )
