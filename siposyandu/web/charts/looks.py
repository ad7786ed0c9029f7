"""How the lines and zones of a chart are drawn: colours say it to the eye, dashes and numbers say it on grey paper."""

from typing import NamedTuple

from siposyandu.growth.classify import ACT, GOOD, URGENT, WATCH
from siposyandu.web.charts.indices import Index
from siposyandu.web.charts.layout import INK
from siposyandu.web.charts.svg import Attribute

SD = (-3, -2, -1, 0, 1, 2, 3)
DASHES = {0: None, 1: "1.5 3", 2: "8 4", 3: "13 3 2.5 3"}
WIDTHS = {0: 2.3, 1: 1.1, 2: 1.6, 3: 1.6}
MEDIAN = "#0b6b2d"
LINE_COLOURS = {GOOD: INK, WATCH: "#7a5c00", ACT: "#a84300", URGENT: "#b00020"}
ZONE_COLOURS = {GOOD: "#e4f3e0", WATCH: "#fdf6d3", ACT: "#fdebda", URGENT: "#fdf0ef"}
"""By severity, light enough that a grey printer leaves them almost white."""


class LineLook(NamedTuple):
    """How one SD line is drawn; `words` stand behind its number."""

    z: float
    colour: str
    width: float
    dashes: str | None
    words: str = ""


def attributes(look: LineLook) -> dict[str, Attribute]:
    """Return the presentation attributes of a line."""
    return {
        "stroke": look.colour,
        "stroke_width": look.width,
        "stroke_dasharray": look.dashes,
        "stroke_linejoin": "round",
        "fill": "none",
    }


def line_looks(index: Index) -> tuple[LineLook, ...]:
    """Return how the seven lines of an index are drawn: in the colour of what begins beyond them."""
    return tuple(
        LineLook(z, _colour(index, z), WIDTHS[abs(z)] + _weight(index, z), DASHES[abs(z)]) for z in SD
    )


def _colour(index: Index, z: int) -> str:
    return MEDIAN if z == 0 else LINE_COLOURS[_severity_beyond(index, z)]


def _weight(index: Index, z: int) -> float:
    """A line beyond which something must be done is a little heavier."""
    return 0.6 if z and _severity_beyond(index, z) >= ACT else 0.0


def _severity_beyond(index: Index, z: int) -> int:
    if index.category is None:
        return GOOD
    beyond = index.category(z + (0.5 if z > 0 else -0.5))
    return beyond.severity if beyond else GOOD


def sd_words(z: float) -> str:
    """Write an SD as the charts do: "+2", "0", "−3" with a true minus."""
    return f"{z:+g}".replace("-", "−") if z else "0"
