"""The plane of a chart: where an age in days and a measure lie on the paper, and which grid belongs to it."""

from dataclasses import dataclass
from math import ceil, floor

from markupsafe import Markup

from siposyandu.growth.length import DAYS_PER_MONTH
from siposyandu.web.charts.svg import group, label, line

LEFT, RIGHT, TOP = 84, 120, 50
WIDTH, HEIGHT = 900, 420
"""Of the whole drawing, and of the plot alone; one unit is one pixel at full size."""
GRID, GRID_STRONG, INK, QUIET = "#7f8c8d", "#4a5759", "#1a1a1a", "#3d4a4c"


@dataclass(frozen=True)
class Plane:
    """Months of age from left to right, with half a month of air at both ends; a measure from bottom to top."""

    first_month: int
    last_month: int
    low: int
    high: int

    @property
    def right(self) -> int:
        """The right edge of the plot."""
        return WIDTH - RIGHT

    @property
    def bottom(self) -> int:
        """The lower edge of the plot."""
        return TOP + HEIGHT

    @property
    def column(self) -> float:
        """The width of one month."""
        return (self.right - LEFT) / (self.last_month - self.first_month + 1)

    def x(self, age_days: float) -> float:
        """Where an age lies."""
        return self.x_of_month(age_days / DAYS_PER_MONTH)

    def x_of_month(self, month: float) -> float:
        """Where a number of months lies."""
        return LEFT + (month - self.first_month + 0.5) * self.column

    def y(self, measure: float) -> float:
        """Where a measure lies."""
        return self.bottom - (measure - self.low) * HEIGHT / (self.high - self.low)

    def holds_month(self, month: float) -> bool:
        """Whether an age in months lies on this plane."""
        return self.first_month - 0.5 <= month <= self.last_month + 0.5

    @property
    def days(self) -> tuple[int, int]:
        """The first and last whole day on which lines are drawn."""
        return ceil(self.first_month * DAYS_PER_MONTH), floor(self.last_month * DAYS_PER_MONTH)


def months(plane: Plane) -> Markup:
    """Draw one upright line for each month of age, stronger at the years, and number them."""
    numbers = range(plane.first_month, plane.last_month + 1)
    years = [_upright(plane, month) for month in numbers if month % 12 == 0]
    others = [_upright(plane, month) for month in numbers if month % 12]
    named = [month for month in numbers if plane.column > 14 or month % 3 == 0]
    return group(
        group(*others, stroke_opacity=0.3, stroke_width=0.7),
        group(*years, stroke_opacity=0.75, stroke_width=1.2),
        group(
            *(_month_number(plane, month) for month in named), stroke="none", fill=INK, text_anchor="middle"
        ),
        stroke=GRID_STRONG,
    )


def _upright(plane: Plane, month: int) -> Markup:
    x = plane.x_of_month(month)
    return line(x, TOP, x, plane.bottom)


def _month_number(plane: Plane, month: int) -> Markup:
    weight = None if month % 12 else 700
    size = 12 if plane.column > 26 else 10.5
    return label(str(month), plane.x_of_month(month), plane.bottom + 15, font_size=size, font_weight=weight)


def measures(plane: Plane, *, every: int, half: bool) -> Markup:
    """Draw level lines, one for each `every` units, numbered on both sides; `half` adds faint ones between."""
    faint, strong, words = [], [], []
    for value in range(plane.low, plane.high + 1, every):
        y = plane.y(value)
        strong.append(line(LEFT, y, plane.right, y))
        words.append(label(str(value), LEFT - 6, y + 4, text_anchor="end"))
        if half and value < plane.high:
            y = plane.y(value + every / 2)
            faint.append(line(LEFT, y, plane.right, y))
    return group(
        group(*faint, stroke=GRID, stroke_width=0.5, stroke_opacity=0.35),
        group(*strong, stroke=GRID_STRONG, stroke_width=0.7, stroke_opacity=0.4),
        group(*words, fill=INK),
    )
