"""Writing SVG: elements with presentation attributes only, so that a strict page policy never blanks a chart."""

from collections.abc import Iterable, Sequence
from functools import cache

from markupsafe import Markup, escape

Attribute = str | float | None
Place = tuple[float, float]

HALO: dict[str, Attribute] = {
    "stroke": "#fff",
    "stroke_width": 3,
    "stroke_linejoin": "round",
    "paint_order": "stroke",
}
"""A white rim under letters or lines, so that they stay readable on a coloured band."""


def element(name: str, *children: str, **attributes: Attribute) -> Markup:
    """Write one element. Underscores in attribute names become hyphens; an attribute that is None is left out.

    >>> print(element("text", "3 < 4", x=1.25, text_anchor="end"))
    <text x="1.25" text-anchor="end">3 &lt; 4</text>
    """
    written = "".join(
        f' {_named(key)}="{escape(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(escape(child) for child in children)
    return Markup(f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>")  # noqa: S704 - escaped


@cache
def _named(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def number(value: Attribute) -> str:
    """Write a coordinate with at most two decimals and no needless zeros; text stays as it is.

    >>> number(12.004), number(-0.001), number("red")
    ('12', '0', 'red')
    """
    if not isinstance(value, float):
        return str(value)
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def group(*children: str, **attributes: Attribute) -> Markup:
    """Put elements together under common attributes."""
    return element("g", *children, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: Attribute) -> Markup:
    """Draw one straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def lines(ends: Iterable[tuple[Place, Place]], **attributes: Attribute) -> Markup:
    """Draw many straight lines as one path: a grid has a hundred, and each element costs a page its time."""
    drawn = "".join(f"M{_steps(each)}" for each in ends)
    return element("path", d=drawn, **attributes) if drawn else Markup()


def label(words: str, x: float, y: float, **attributes: Attribute) -> Markup:
    """Write words at a place."""
    return element("text", words, x=x, y=y, **attributes)


def path(points: Sequence[Place], **attributes: Attribute) -> Markup:
    """Draw straight lines through places."""
    return element("path", d=f"M{_steps(points)}", **attributes)


def area(outline: Sequence[Place], **attributes: Attribute) -> Markup:
    """Fill what lies within an outline."""
    return element("path", d=f"M{_steps(outline)}Z", **attributes)


def _steps(points: Sequence[Place]) -> str:
    return "L".join(f"{number(float(x))} {number(float(y))}" for x, y in points)
