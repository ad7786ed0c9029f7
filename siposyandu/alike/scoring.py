"""How much two cards look like one child: points for each part, and what they come to. Pure.

The points stand in POINTS, one line for each thing that two cards can say of each other. What both cards say alike speaks
for one child, what they say differently against; what one of them leaves empty says nothing. Together they are compared
with `ASK` (worth a question). Twins are never one child: they share mother and day by nature, so there only what twins do
not share counts (`_are_twins`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from siposyandu.alike.written_names import (
    CLOSE,
    DIFFERENT,
    PART,
    SAME,
    UNSAID,
    Written,
    alike,
    written,
    wrong_letters,
)

Row = Mapping[str, Any]

ASK = 10
"""From so many points on it is worth a question."""
SWAPPED, YEAR, MONTH, DAY, DIGIT, EMPTY = "swapped", "year", "month", "day", "digit", "empty"

POINTS: Mapping[str, Mapping[str, int]] = {
    "name": {SAME: 6, PART: 5, CLOSE: 4, UNSAID: -1, DIFFERENT: -8},
    "birth_date": {SAME: 6, SWAPPED: 4, YEAR: 3, MONTH: 3, DAY: 4, DIGIT: 1, DIFFERENT: -8, EMPTY: 0},
    "mother_name": {SAME: 5, PART: 3, CLOSE: 4, UNSAID: -1, DIFFERENT: -5},
    "nik": {SAME: 7, CLOSE: 5, DIFFERENT: -5, EMPTY: 0},
    "mother_nik": {SAME: 4, CLOSE: 2, DIFFERENT: -5, EMPTY: 0},
    "father_name": {SAME: 2, PART: 1, CLOSE: 1, UNSAID: 0, DIFFERENT: -2},
    "sex": {SAME: 1, DIFFERENT: -3, EMPTY: 0},
    "dusun": {SAME: 1, DIFFERENT: -2, EMPTY: 0},
    "birth_order": {SAME: 1, DIFFERENT: -2, EMPTY: 0},
}
"""Part -> what was found in it -> points."""


@dataclass(frozen=True)
class Card:
    """What is compared of a child's card; `row` is the card itself."""

    row: Row
    name: Written
    mother: Written
    father: Written
    born: str
    nik: str
    mother_nik: str
    sex: str
    dusun: str
    birth_order: str


@dataclass(frozen=True)
class Likeness:
    """What was found in each part, and the points that it comes to."""

    found: Mapping[str, str]
    twins: bool

    @property
    def points(self) -> int:
        """The sum of the parts' points."""
        return sum(POINTS[part][what] for part, what in self.found.items())

    @property
    def worth_asking(self) -> bool:
        """Whether somebody should be asked if it is one child."""
        return not self.twins and self.points >= ASK

    @property
    def namesake(self) -> bool:
        """Whether name and birth date are the same, whoever the mother is: within one posyandu that is asked about too."""
        return self.found["name"] == SAME == self.found["birth_date"]


def card(row: Row) -> Card:
    """Read a card for comparing, once for all comparisons."""

    def said(column: str) -> str:
        return str(row.get(column) or "")

    return Card(
        row,
        written(said("name")),
        written(said("mother_name")),
        written(said("father_name")),
        born=said("birth_date"),
        nik=said("nik"),
        mother_nik=said("mother_nik"),
        sex=said("sex"),
        dusun=written(said("dusun")).whole,
        birth_order=said("birth_order"),
    )


def compare(one: Card, other: Card) -> Likeness:
    """Say what two cards have in common, part by part."""
    found = {
        "name": alike(one.name, other.name),
        "birth_date": days(one.born, other.born),
        "mother_name": alike(one.mother, other.mother),
        "nik": _numbers(one.nik, other.nik),
        "mother_nik": _numbers(one.mother_nik, other.mother_nik),
        "father_name": alike(one.father, other.father),
        "sex": _plain(one.sex, other.sex),
        "dusun": _plain(one.dusun, other.dusun),
        "birth_order": _plain(one.birth_order, other.birth_order),
    }
    return Likeness(found, _are_twins(one, other, found))


def _are_twins(one: Card, other: Card, found: Mapping[str, str]) -> bool:
    """Whether two cards of one mother and day are two children: named apart, numbered apart, or each with a NIK of its own.

    A name with one letter wrong is a slip of the pen, unless birth order, sex or NIK speak for two children as well.
    """
    one_birth = found["birth_date"] in (SAME, DAY) and (
        found["mother_name"] in (SAME, PART, CLOSE) or found["mother_nik"] == SAME
    )
    if not one_birth:
        return False
    if found["name"] == DIFFERENT:
        return True
    apart = [part for part in ("birth_order", "sex") if found[part] == DIFFERENT]
    own_nik = found["nik"] in (CLOSE, DIFFERENT) and one.nik[:12] == other.nik[:12]
    if found["name"] == UNSAID:
        return bool(apart) or own_nik or found["nik"] == DIFFERENT
    return found["name"] == CLOSE and bool(apart or own_nik)


@lru_cache(maxsize=50_000)
def days(one: str, other: str) -> str:
    """Say how two birth dates differ: not, day and month swapped, a year, a month or a day off, in the month or a digit of
    the day only, or altogether.

    >>> days("2025-03-04", "2025-04-03"), days("2025-03-04", "2024-03-04"), days("2025-03-04", "2025-03-14")
    ('swapped', 'year', 'digit')
    """
    if not one or not other:
        return EMPTY
    if one == other:
        return SAME
    (year, month, day), (other_year, other_month, other_day) = one.split("-"), other.split("-")
    if year == other_year and (month, day) == (other_day, other_month):
        return SWAPPED
    if (month, day) == (other_month, other_day):
        return YEAR if abs(int(year) - int(other_year)) == 1 else DIFFERENT
    if (year, day) == (other_year, other_day):
        return MONTH if abs(int(month) - int(other_month)) in (1, 11) else DIGIT
    if abs((date.fromisoformat(one) - date.fromisoformat(other)).days) <= 1:
        return DAY
    slip = (year, month) == (other_year, other_month) and wrong_letters(day, other_day, 1) <= 1
    return DIGIT if slip else DIFFERENT


def _numbers(one: str, other: str) -> str:
    if not one or not other:
        return EMPTY
    if one == other:
        return SAME
    return CLOSE if len(one) == len(other) and wrong_letters(one, other, 1) <= 1 else DIFFERENT


def _plain(one: str, other: str) -> str:
    if not one or not other:
        return EMPTY
    return SAME if one == other else DIFFERENT
