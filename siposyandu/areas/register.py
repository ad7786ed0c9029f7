"""A register of administrative areas: what each code means, what lies inside what, and since when.

Codes are Kemendagri's without dots: province 2 digits, kabupaten or kota 4, kecamatan 6, desa or
kelurahan 10. A code begins with the code of everything it lies in.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from siposyandu.errors import NotFound

LEVELS: Mapping[int, str] = {2: "province", 4: "kabupaten", 6: "kecamatan", 10: "desa"}
# Kemendagri numbers a kelurahan from 1001 and a desa from 2001: the seventh digit of the whole code tells.
KELURAHAN_DIGIT = "1"


class UnknownArea(NotFound):
    """No area of this register has this code (on this day)."""


@dataclass(frozen=True, slots=True)
class Area:
    """One area; `valid_from` and `valid_until` are ISO dates, both days included, "" for no limit."""

    code: str
    name: str
    level: str
    parent: str
    valid_from: str = ""
    valid_until: str = ""

    @property
    def is_kelurahan(self) -> bool:
        """Whether this is a kelurahan (of a town), not a desa."""
        return self.level == "desa" and self.code[6] == KELURAHAN_DIGIT

    def was_valid(self, on: date) -> bool:
        """Whether the area had this name and place on that day."""
        day = on.isoformat()
        return (self.valid_from or day) <= day <= (self.valid_until or day)


def level_of(code: str) -> str:
    """Return the level a code belongs to by its length; UnknownArea when it can be no code.

    >>> level_of("5203"), level_of("5203012001")
    ('kabupaten', 'desa')
    """
    if not (code.isascii() and code.isdigit() and len(code) in LEVELS):
        hint = "A desa has 10 digits, a kecamatan 6, a kabupaten 4."
        raise UnknownArea(f"not an area code: {code!r}", hint)
    return LEVELS[len(code)]


def contains(outer: str, inner: str) -> bool:
    """Whether the area `inner` lies in, or is, the area `outer`; UnknownArea when one is no code.

    >>> contains("5203", "5203012001"), contains("5203012001", "5203")
    (True, False)
    """
    level_of(outer)
    level_of(inner)
    return inner.startswith(outer)


class Register:
    """All areas of one table, found by code, by parent and by name."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._versions: dict[str, list[Area]] = {}
        self._inside: dict[str, list[str]] = {}
        for area in sorted(areas, key=lambda area: (area.code, area.valid_from)):
            self._add(area)

    def _add(self, area: Area) -> None:
        if area.code not in self._versions:
            self._inside.setdefault(area.parent, []).append(area.code)
        self._versions.setdefault(area.code, []).append(area)

    @classmethod
    def read(cls, lines: Iterable[str]) -> "Register":
        """Read a table in CSV with the columns of `Area`."""
        rows = csv.reader(lines)
        columns = next(rows)
        if columns != list(Area.__slots__):
            raise ValueError(f"not a table of areas: {columns}")
        return cls(Area(*row) for row in rows)

    def area(self, code: str, on: date | None = None) -> Area:
        """Return the area with this code as it was on a day (without one: as it is now).

        Raises UnknownArea.
        """
        found = self._version(code, on)
        if found is None:
            level_of(code)
            raise UnknownArea(f"no such area: {code}", hint="Look the area up by its name.")
        return found

    def _version(self, code: str, on: date | None) -> Area | None:
        for area in reversed(self._versions.get(code, [])):
            if on is None or area.was_valid(on):
                return area
        return None

    def children(self, code: str, on: date | None = None) -> tuple[Area, ...]:
        """Return the areas directly inside an area, in the order of their codes."""
        self.area(code, on)
        inside = (self._version(inner, on) for inner in self._inside.get(code, ()))
        return tuple(area for area in inside if area is not None)

    def ancestors(self, code: str, on: date | None = None) -> tuple[Area, ...]:
        """Return what an area lies in, nearest first: of a desa its kecamatan, kabupaten and province."""
        parent = self.area(code, on).parent
        return (self.area(parent, on), *self.ancestors(parent, on)) if parent else ()

    def title(self, area: Area) -> str:
        """Write an area as on a letter: "Desa Rempung, Kec. Pringgasela, Kab. Lombok Timur"."""
        within = [each for each in self.ancestors(area.code) if each.level != "province"]
        return ", ".join(_titled(each) for each in (area, *within))

    def find(self, text: str, level: str | None = None) -> tuple[Area, ...]:
        """Return the areas whose name or code is like a text: first the same, then those beginning so.

        Words such as "Desa", "Kec." and "Kab." narrow the level; dots and other signs do not count.
        """
        wanted, named_level = _folded(text)
        found = [
            (_likeness(wanted, area), area.code)
            for versions in self._versions.values()
            for area in versions[-1:]
            if area.level == (level or named_level or area.level)
        ]
        best_first = sorted(each for each in found if each[0] < _UNLIKE)
        return tuple(self._versions[code][-1] for _, code in best_first)


_TITLES = {"province": "", "kabupaten": "", "kecamatan": "Kec. ", "desa": "Desa "}
_LEVEL_WORDS = {
    "provinsi": "province", "prov": "province", "kecamatan": "kecamatan", "kec": "kecamatan",
    "desa": "desa", "kelurahan": "desa", "kel": "desa", "kabupaten": "kabupaten", "kab": "kabupaten",
}  # fmt: skip
_UNLIKE = 4


def _titled(area: Area) -> str:
    if area.is_kelurahan:
        return f"Kelurahan {area.name}"
    return _TITLES[area.level] + area.name.replace("Kabupaten ", "Kab. ")


def _folded(text: str) -> tuple[str, str | None]:
    """Take a search text apart into letters and digits only, and the level that its first word names."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))
    level = _LEVEL_WORDS.get(words[0]) if len(words) > 1 else None
    if level == "kabupaten":  # part of the name itself: there is a Kabupaten Bima and a Kota Bima
        words[0] = "kabupaten"
    elif level:
        del words[0]
    return "".join(words), level


def _likeness(wanted: str, area: Area) -> int:
    """Rank how like an area is to a folded text: the same, without its first word, begins so, contains."""
    if not wanted:
        return _UNLIKE
    name = "".join(re.findall(r"[a-z0-9]+", area.name.lower()))
    short = name.removeprefix("kabupaten").removeprefix("kota")
    if wanted in (name, area.code, short):
        return 1 if wanted == short != name else 0
    if name.startswith(wanted) or short.startswith(wanted):
        return 2
    return 3 if wanted in name else _UNLIKE
