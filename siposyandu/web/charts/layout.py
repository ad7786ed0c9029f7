"""The sizes a chart is drawn in: a laptop's screen, a phone's, and the two papers. One unit is one pixel on the screen.

Each has type large enough for where it is read: on a phone 12 px at 360 px of width, on A5 about 9 points.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

INK, QUIET, GRID, GRID_STRONG = "#1a1a1a", "#3d4a4c", "#7f8c8d", "#4a5759"

NARROW, ABOVE_PLOT, NUMBERS_ONLY = 500, 18, 34


@dataclass(frozen=True)
class Layout:
    """One size of drawing: `width` of the whole, `height` of the plot alone, its margins, and the size of its type.

    `zones_beside`: the words of the zones (pendek, gizi kurang) stand at the right of the lines; otherwise below.
    """

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int
    text: float
    title: float
    zones_beside: bool

    @property
    def without_zones(self) -> "Layout":
        """The same size with the plot as wide as it can be, for an index without words beside its lines."""
        return replace(self, right=NUMBERS_ONLY, zones_beside=False)

    @property
    def narrow(self) -> bool:
        """Whether the title bar needs two rows."""
        return self.width < NARROW

    @property
    def bar(self) -> int:
        """The height of the title bar; between it and the plot "SD" stands above the numbers."""
        return self.top - ABOVE_PLOT

    @property
    def plot_right(self) -> int:
        """The right edge of the plot."""
        return self.width - self.right

    @property
    def plot_bottom(self) -> int:
        """The lower edge of the plot."""
        return self.top + self.height

    @property
    def plot_width(self) -> int:
        """How wide the plot is."""
        return self.plot_right - self.left


LAPTOP = Layout("wide", 900, 430, 62, 156, 50, 12.5, 15.5, True)
PHONE = Layout("near", 360, 390, 48, 34, 62, 12, 14, False)
A4 = Layout("a4", 1000, 500, 66, 162, 54, 12.5, 16.5, True)
A5 = Layout("a5", 760, 352, 58, 148, 48, 12.5, 15.5, True)
CARD = Layout("wide", 900, 420, 84, 112, 50, 12, 15.5, False)
CARD_ON_PHONE = Layout("near", 360, 380, 64, 30, 62, 12, 14, False)
"""The KMS: its left margin holds the titles of the table below."""
ALL = (LAPTOP, PHONE, A4, A5)


class View(NamedTuple):
    """How a chart is to be shown: in which size, from where to where of its axis (None: whole), under which name.

    The name keeps the ids of several charts on one page apart. Without its table the KMS is the chart alone, to be drawn on.
    """

    layout: Layout = LAPTOP
    window: tuple[int, int] | None = None
    name: str = "chart"
    with_table: bool = True
