"""The areas of Nusa Tenggara Barat: 10 kabupaten and kota, 117 kecamatan, 1,166 desa and kelurahan.

Codes are Kemendagri's without dots. The table is `areas.csv`, read once and only when first asked for;
SOURCES.md says where it comes from.
"""

from datetime import date
from functools import cache
from pathlib import Path

from siposyandu.areas.register import LEVELS, Area, Register, UnknownArea, contains, level_of

__all__ = [
    "LEVELS",
    "PROVINCE",
    "Area",
    "UnknownArea",
    "ancestors",
    "area",
    "children",
    "contains",
    "find",
    "level_of",
    "title",
]

PROVINCE = "52"
TABLE = Path(__file__).parent / "areas.csv"


@cache
def _register() -> Register:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return Register.read(lines)


def area(code: str, on: date | None = None) -> Area:
    """Return the area with this code as it was on a day (without one: as it is now); else UnknownArea."""
    return _register().area(code, on)


def children(code: str, on: date | None = None) -> tuple[Area, ...]:
    """Return the areas directly inside an area, in the order of their codes."""
    return _register().children(code, on)


def ancestors(code: str, on: date | None = None) -> tuple[Area, ...]:
    """Return what an area lies in, nearest first: of a desa its kecamatan, kabupaten and province."""
    return _register().ancestors(code, on)


def title(area: Area) -> str:
    """Write an area as on a letter: "Desa Pringgasela, Kec. Pringgasela, Kab. Lombok Timur"."""
    return _register().title(area)


def find(text: str, level: str | None = None) -> tuple[Area, ...]:
    """Return the areas whose name or code is like a text, best first; `level` keeps to one level."""
    return _register().find(text, level)
