"""Writes a synthetic village into a store through the one write path, as its kader would have typed it.

Each child is one transaction, so that filling can be stopped and run again: a child that is there is passed over.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import forms
from siposyandu import opened_days, records
from siposyandu.access import Worker
from siposyandu.demo.synthetic import Change, SyntheticChild, SyntheticVisit
from siposyandu.periods import TIME_ZONE
from siposyandu.records import Pen
from siposyandu.store import Store

TABLE_OPENS = time(9, 0)
FEWEST_OF_A_DAY = 10
"""So many children weighed on a date make it a posyandu day; fewer were weighed at home."""
PLACE, MENUS = "Balai dusun", ("bubur kacang hijau", "telur rebus dan pisang", "sup ikan dan labu")
Values = Mapping[str, int | str | None]


@dataclass(frozen=True)
class Table:
    """A posyandu's weighing table: its name, the ids of it and its neighbours, its lane, kader and clock's error.

    `opened` is the day it began with SIPosyandu: nobody is sasaran before.
    """

    home: str
    opened: str
    posyandu_ids: Mapping[str, str]
    lane: str
    kader: tuple[Worker, ...]
    clock_offset: timedelta

    def pen(self, kader: int, day: str) -> Pen:
        """Return the pen of a kader on the morning of a day, by this laptop's clock."""
        morning = datetime.combine(datetime.fromisoformat(day).date(), TABLE_OPENS, TIME_ZONE)
        return Pen(
            self.lane, self.kader[kader % len(self.kader)], (morning + self.clock_offset).astimezone(UTC)
        )


def fill(store: Store, table: Table, children: Iterable[SyntheticChild], say: Callable[[int], None]) -> None:
    """Write the children of a posyandu, each with her family, visits and later changes."""
    families: dict[str, str] = {}
    for number, child in enumerate(children, 1):
        with store.write():
            if find(store, child) is None:
                _write_child(store, table, child, families)
        say(number)


def fill_guests(store: Store, table: Table, children: Iterable[SyntheticChild]) -> None:
    """Write the visits here of children who moved here from a neighbour, once their records have arrived."""
    for child in children:
        person = find(store, child)
        for visit in child.visits if person else ():
            with store.write():
                if visit.posyandu_name == table.home and not _visited(store, str(person), visit):
                    _write_visit(store, table, str(person), visit)


def open_days(store: Store, table: Table) -> None:
    """Write who was present on each posyandu day of the year and what was eaten, days that are written already apart."""
    home = table.posyandu_ids[table.home]
    held = store.rows(
        """select visit_date from balita where posyandu = $1 and visit_date >= $2 group by visit_date
        having count(*) >= $3 order by visit_date""",
        home,
        table.opened,
        FEWEST_OF_A_DAY,
    )
    for number, row in enumerate(held):
        on = date.fromisoformat(row["visit_date"])
        if opened_days.of_day(store, home, on) is None:
            opened_days.keep(store, table.pen(number, row["visit_date"]), home, on, _day(table, number))


def _day(table: Table, number: int) -> Values:
    """Return what is written of a day; every third time one of the kader is away."""
    there = table.kader if number % 3 else table.kader[:2]
    present = ",".join(sorted(worker.id for worker in there))
    return {"place": PLACE, "workers_present": present, "pmt_menu": MENUS[number % len(MENUS)], "closed": 1}


def find(store: Store, child: SyntheticChild) -> str | None:
    """Return the id under which a child was written, by the mother and birth that no other shares."""
    row = store.one(
        """select id from person where birth_date = $1 and mother_nik is not distinct from $2
            and mother_name = $3 and birth_order is not distinct from $4""",
        child.birth_date,
        child.values["mother_nik"],
        child.values["mother_name"],
        child.values["birth_order"],
    )
    return None if row is None else str(row["id"])


def _write_child(store: Store, table: Table, child: SyntheticChild, families: dict[str, str]) -> None:
    first_day = max(str(child.values["registered_date"]), table.opened)
    pen = table.pen(0, first_day)
    if child.family.key not in families:
        family: Values = {"posyandu": table.posyandu_ids[table.home], **child.family.values}
        families[child.family.key] = records.save(store, pen, forms.BY_NAME["family"], family)
    home = {"posyandu": table.posyandu_ids[table.home], "posyandu_since": first_day}
    card: Values = {**child.values, **home, "family": families[child.family.key]}
    person = records.save(store, pen, forms.BY_NAME["person"], card)
    for visit in child.visits:
        if visit.posyandu_name == table.home:
            _write_visit(store, table, person, visit)
    for change in _changes(child, table.posyandu_ids):
        records.save(store, table.pen(0, change.on), forms.BY_NAME["person"], change.values, person)


def _changes(child: SyntheticChild, posyandu_ids: Mapping[str, str]) -> list[Change]:
    new_home = posyandu_ids.get(child.moved_to or "")
    if child.moved_on is None or new_home is None:
        return list(child.changes)
    move = {"posyandu": new_home, "posyandu_since": child.moved_on}
    return sorted([*child.changes, Change(child.moved_on, move)], key=lambda change: change.on)


def _write_visit(store: Store, table: Table, person: str, visit: SyntheticVisit) -> None:
    balita = forms.BY_NAME["balita"]
    values: Values = {"person": person, "posyandu": table.posyandu_ids[visit.posyandu_name], **visit.values}
    made = records.save(store, table.pen(visit.kader, visit.visit_date), balita, values)
    if visit.correction:
        records.save(store, table.pen(0, visit.correction.on), balita, visit.correction.values, made)


def _visited(store: Store, person: str, visit: SyntheticVisit) -> bool:
    sql = "select id from balita where person = $1 and visit_date = $2"
    return store.one(sql, person, visit.visit_date) is not None
