"""Bars of counts as inline SVG: the same on screen and paper, told apart by letters and figures, never by colour alone."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

WIDTH, HEIGHT = 460, 230
TOP, BOTTOM = 22, 28
BAR_SHARE = 0.64
GROUP_GAP = 16


class Bar(NamedTuple):
    """One count: the letters under it, the figure, and the severity of its colour (None: plain)."""

    letters: str
    figure: int
    severity: int | None = None


class Group(NamedTuple):
    """Bars that are parts of the same whole: its count stands behind each of them as a pale outline."""

    whole: int
    bars: Sequence[Bar]


def draw(groups: Sequence[Group], title: str) -> Markup:
    """Draw groups of bars beside each other on one scale; `title` is read out instead of the picture."""
    highest = max((max(group.whole, *(bar.figure for bar in group.bars)) for group in groups), default=0) or 1
    slots = sum(len(group.bars) for group in groups)
    slot = (WIDTH - GROUP_GAP * (len(groups) - 1)) / slots
    drawn, left = [], 0.0
    for group in groups:
        for bar in group.bars:
            drawn.append(_bar(bar, group.whole, left, slot, (HEIGHT - TOP - BOTTOM) / highest))
            left += slot
        left += GROUP_GAP
    picture = Markup('<svg class="bars" viewBox="0 0 {} {}" role="img"><title>{}</title>{}{}</svg>')
    return picture.format(WIDTH, HEIGHT, title, Markup().join(drawn), _ground())


def _bar(bar: Bar, whole: int, left: float, slot: float, unit: float) -> Markup:
    width, floor = slot * BAR_SHARE, HEIGHT - BOTTOM
    x, middle = left + (slot - width) / 2, left + slot / 2
    kind = "" if bar.severity is None else f" bar-s{bar.severity}"
    return Markup("{}{}{}{}").format(
        _box("bar-whole", x, floor - whole * unit, width, whole * unit),
        _box(f"bar{kind}", x, floor - bar.figure * unit, width, bar.figure * unit),
        _text("bar-count", middle, floor - bar.figure * unit - 6, str(bar.figure)),
        _text("bar-label", middle, HEIGHT - 8, bar.letters),
    )


def _box(kind: str, x: float, y: float, width: float, height: float) -> Markup:
    box = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
    return box.format(kind, x, y, width, height)


def _text(kind: str, x: float, y: float, words: str) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>').format(
        kind, x, y, words
    )


def _ground() -> Markup:
    floor = HEIGHT - BOTTOM
    return Markup('<line class="bar-ground" x1="0" y1="{}" x2="{}" y2="{}"/>').format(floor, WIDTH, floor)
