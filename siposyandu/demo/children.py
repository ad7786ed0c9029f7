"""A synthetic posyandu: children as they live in NTB, a year of weighings, and the faults of real life.

For demonstration and bench; no real person is meant. The same seed gives the same village, on every machine.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from siposyandu import areas
from siposyandu.demo import faults
from siposyandu.demo.families import Village, settle
from siposyandu.demo.lives import live
from siposyandu.demo.setting import Setting, births, posyandu_days, source
from siposyandu.demo.synthetic import Change, Family, SyntheticChild, SyntheticVisit

__all__ = ["Change", "Family", "SyntheticChild", "SyntheticVisit", "clock_offset_days", "village"]

CLOCK_BEHIND_DAYS = -365
SWAPPED_COLUMNS = ("weight_g", "length_height_mm")
SWAPPED_REASON = "Tertukar dengan baris anak lain di buku"
NOTICED_G = 1500
PUT_RIGHT_AFTER_DAYS = 2


def village(  # noqa: PLR0913 - by name only
    seed: int,
    *,
    posyandu_name: str,
    children: int,
    months: Sequence[tuple[int, int]],
    end: date,
    desa_code: str | None = None,
    neighbour: str | None = None,
) -> list[SyntheticChild]:
    """Make a village of so many children, oldest first, seen once in each of the months.

    They are all who were of age at some time between the first month and `end` (today: nothing lies after it):
    of 84 children over twelve months about 70 are of age at any one time. `desa_code` decides NIK, names and
    hamlets; without it a desa of NTB is drawn. `neighbour` is the posyandu to which one child moves; without
    it that child leaves for elsewhere. Each child's faults (`faults.ALL`) are in its `notes`.
    """
    days = posyandu_days(source(seed, posyandu_name, "days"), months, end)
    setting = Setting(seed, posyandu_name, neighbour, days, end)
    place = Village.at(setting.chance("place"), desa_code or _some_desa(setting.chance("desa")))
    born = births(setting.chance("births"), children, setting)
    parts = faults.cast(setting.chance("parts"), born, days)
    homes = settle(setting.chance("families"), place, born)
    made = [
        live(setting, place, birth, home, parts.get(birth.number))
        for birth, home in zip(born, homes, strict=True)
    ]
    return _with_swapped_rows(setting, made)


def clock_offset_days(seed: int) -> int:
    """Say how far the laptop's clock of a village is off: with an odd seed a year behind, its battery is dead."""
    return CLOCK_BEHIND_DAYS if seed % 2 else 0


def _some_desa(chance: Random) -> str:
    area = areas.area(areas.PROVINCE)
    while area.level != "desa":
        area = chance.choice(areas.children(area.code))
    return area.code


def _with_swapped_rows(setting: Setting, made: list[SyntheticChild]) -> list[SyntheticChild]:
    """Write one child's weight and length into another child's row and the other way round."""
    day = setting.middle().isoformat()
    there = [child for child in made if _visit_on(child, day)]
    first = next((child for child in there if faults.SWAPPED_ROWS in child.notes), None)
    second = first and _unlike(first, [child for child in there if _plays_no_part(child)], day)
    if not first or not second:
        return made
    put_right = min(setting.end, date.fromisoformat(day) + timedelta(days=PUT_RIGHT_AFTER_DAYS)).isoformat()
    changed = {
        first.key: _with_row_of(first, second, day, put_right),
        second.key: _with_row_of(second, first, day, put_right),
    }
    return [changed.get(child.key, child) for child in made]


def _plays_no_part(child: SyntheticChild) -> bool:
    return set(child.notes) <= {faults.ROUNDED_HEIGHTS, faults.MISSED_MONTHS}


def _visit_on(child: SyntheticChild, day: str) -> SyntheticVisit | None:
    return next((visit for visit in child.visits if visit.visit_date == day), None)


def _weight_g(child: SyntheticChild, day: str) -> int:
    visit = _visit_on(child, day)
    return int(visit.values["weight_g"] or 0) if visit else 0


def _unlike(child: SyntheticChild, others: Sequence[SyntheticChild], day: str) -> SyntheticChild | None:
    """Choose the other child whose weight is nearest to one and a half kilograms away: it must be noticed."""

    def oddness(other: SyntheticChild) -> int:
        return abs(abs(_weight_g(other, day) - _weight_g(child, day)) - NOTICED_G)

    return min(others, key=oddness, default=None)


def _with_row_of(child: SyntheticChild, other: SyntheticChild, day: str, put_right: str) -> SyntheticChild:
    own, wrong = _visit_on(child, day), _visit_on(other, day)
    if own is None or wrong is None:
        return child
    right = {column: own.values[column] for column in SWAPPED_COLUMNS}
    typed = {column: wrong.values[column] for column in SWAPPED_COLUMNS}
    correction = Change(put_right, {**right, "correction_reason": SWAPPED_REASON})
    visit = replace(own, values={**own.values, **typed}, correction=correction)
    notes = tuple(note for note in faults.ALL if note in {*child.notes, faults.SWAPPED_ROWS})
    return replace(child, visits=tuple(visit if each is own else each for each in child.visits), notes=notes)
