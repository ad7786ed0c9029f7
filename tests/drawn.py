"""Reads a drawn chart back: its words with the room they take, its SD lines, and what its axes say where things lie.

Nothing here asks the program where it meant to draw: the scales are taken from the numbers that stand at the axes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
NARROW, WIDE = set("ijltfrI .,:;()/'|-·"), set("mwMW%…")
SHARES = (0.29, 0.55, 0.66, 0.84)
"""About how wide a narrow letter, a small one, a capital and a wide one are, of the size of their type."""
BOLD = 1.07
INHERITED = ("font-size", "font-weight", "text-anchor")

Place = tuple[float, float]


class Words(NamedTuple):
    """Words on a chart and the box they take: left, top, right, bottom."""

    text: str
    kind: str
    box: tuple[float, float, float, float]
    size: float


class Ruler(NamedTuple):
    """An axis as its numbers say it: pixels are `start` plus `pixels` for each unit."""

    start: float
    pixels: float

    def at(self, value: float) -> float:
        """Where a value lies."""
        return self.start + value * self.pixels


@dataclass
class Drawn:
    """One chart."""

    root: ElementTree.Element

    @classmethod
    def of(cls, svg: str) -> "Drawn":
        """Parse; a chart that is no XML fails here."""
        return cls(ElementTree.fromstring(svg))

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the whole drawing."""
        _, _, width, height = map(float, self.root.attrib["viewBox"].split())
        return width, height

    @property
    def words(self) -> list[Words]:
        """All words, but those for the ear."""
        return [
            _words(element, given) for element, given in _walk(self.root, {}) if element.tag == f"{SVG}text"
        ]

    def texts(self, kind: str = "") -> list[str]:
        """The words of one kind (class), in the order of drawing."""
        return [words.text for words in self.words if not kind or words.kind == kind]

    @property
    def lines(self) -> dict[str, list[list[Place]]]:
        """The SD lines: their z and the places of their pieces."""
        found: dict[str, list[list[Place]]] = {}
        for path in self.root.iter(f"{SVG}path"):
            if z := path.get("data-z"):
                found.setdefault(z, []).append(places(path))
        return found

    @property
    def joins(self) -> list[list[Place]]:
        """The straight lines between points."""
        groups = [group for group in self.root.iter(f"{SVG}g") if group.get("class") == "joins"]
        return [places(path) for group in groups for path in group]

    @property
    def told(self) -> str:
        """What a screen reader reads."""
        return self.root.findtext(f"{SVG}desc") or ""

    def measure_axis(self) -> Ruler:
        """The upright axis, by its numbers: those that end left of the plot."""
        left, _, _ = self._plot()
        numbers = [words for words in self.words if _is_number(words) and words.box[2] < left]
        return _ruler([(float(words.text), _baseline(words) - 0.35 * words.size) for words in numbers])

    def level_axis(self) -> Ruler:
        """The level axis, by the numbers in the row below the plot."""
        left, right, bottom = self._plot()
        row = [
            words
            for words in self.words
            if _is_number(words) and words.box[1] > bottom and words.box[3] < bottom + 22
        ]
        numbers = [words for words in row if left - 12 < _middle(words) < right + 12]
        return _ruler([(float(words.text), _middle(words)) for words in numbers])

    def _plot(self) -> tuple[float, float, float]:
        """Left, right and lower edge of the plot: the frame, the only rectangle without a fill."""
        frame = next(rect for rect in self.root.iter(f"{SVG}rect") if rect.get("fill") == "none")
        x, y, width, height = (float(frame.attrib[name]) for name in ("x", "y", "width", "height"))
        return x, x + width, y + height


def places(path: ElementTree.Element) -> list[Place]:
    """The places that a path of straight lines runs through."""
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path.attrib["d"])]


def heights(pieces: Sequence[Sequence[Place]], xs: Sequence[float]) -> Iterator[float | None]:
    """Yield the height of a line at each of some rising places; None where it is not drawn."""
    segments = [pair for piece in pieces for pair in pairwise(piece)]
    at = 0
    for x in xs:
        while at < len(segments) - 1 and x > segments[at][1][0] and x >= segments[at + 1][0][0]:
            at += 1
        (x1, y1), (x2, y2) = segments[at]
        inside = x1 - 0.01 <= x <= x2 + 0.01
        yield y1 + (y2 - y1) * (x - x1) / (x2 - x1) if inside else None


def _walk(
    element: ElementTree.Element, given: dict[str, str]
) -> Iterator[tuple[ElementTree.Element, dict[str, str]]]:
    here = {**given, **{name: element.attrib[name] for name in INHERITED if name in element.attrib}}
    yield element, here
    for child in element:
        yield from _walk(child, here)


def _words(element: ElementTree.Element, given: dict[str, str]) -> Words:
    text, size = "".join(element.itertext()), float(given["font-size"])
    bold = given.get("font-weight") == "700"
    long = sum(map(_share, text)) * size * (BOLD if bold else 1)
    x, y = float(element.attrib["x"]), float(element.attrib["y"])
    left = x - {"middle": long / 2, "end": long}.get(given.get("text-anchor", ""), 0.0)
    box = (left, y - size * 0.75, left + long, y + size * 0.25)
    if turned := re.match(r"rotate\(-90 ([\d.]+) ([\d.]+)\)", element.get("transform", "")):
        box = _turned(box, float(turned[1]), float(turned[2]))
    return Words(text, element.get("class", ""), box, size)


def _share(letter: str) -> float:
    narrow, small, capital, wide = SHARES
    if letter in NARROW:
        return narrow
    if letter in WIDE:
        return wide
    return capital if letter.isupper() else small


def _turned(box: tuple[float, float, float, float], x: float, y: float) -> tuple[float, float, float, float]:
    """Turn a box a quarter to the left round a place."""
    left, top, right, bottom = box
    return x + (top - y), y - (right - x), x + (bottom - y), y - (left - x)


def _is_number(words: Words) -> bool:
    return re.fullmatch(r"\d+", words.text) is not None and not words.kind


def _middle(words: Words) -> float:
    return (words.box[0] + words.box[2]) / 2


def _baseline(words: Words) -> float:
    return words.box[3] - words.size * 0.25


def _ruler(marks: list[tuple[float, float]]) -> Ruler:
    (value, at), (last_value, last_at) = min(marks), max(marks)
    pixels = (last_at - at) / (last_value - value)
    return Ruler(at - value * pixels, pixels)
