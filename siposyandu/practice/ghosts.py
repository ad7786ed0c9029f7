"""The ghosts of the practice posyandu: made-up children whose names say that they are practice, and ghost kader."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import forms
from siposyandu import credentials, records
from siposyandu.access import Worker
from siposyandu.demo.children import SyntheticChild, village
from siposyandu.demo.fill import Table, fill
from siposyandu.demo.stage import DESA
from siposyandu.demo.synthetic import Change, Value, Values
from siposyandu.instance import Instance
from siposyandu.periods import Month, local_date
from siposyandu.records import Pen
from siposyandu.store import Store
from siposyandu.web.frame import PRACTICE_PIN

MARK = "Latihan"
"""Stands behind every name of this world: on a screen or a sheet nobody takes a ghost for a child."""
CHILDREN, MONTHS, SEED = 24, 6, 40
KADER = ("Ani", "Budi", "Sari")
NAMES = frozenset({"name", "mother_name", "father_name", "head_name"})


def settle(place: Instance) -> str:
    """Write the practice posyandu, its kader and its children; all of it or nothing. Returns the posyandu's id."""
    today = local_date(place.now())
    with place.store_for_job() as store, store.write():
        office = Pen(place.lane, Worker("0" * 32, "", "provinsi", "52"), place.now())
        values: Values = {"name": MARK, "desa_code": DESA, "active": 1}
        home = records.save(store, office, forms.BY_NAME["posyandu"], values)
        kader = tuple(_hire(store, office, name, home) for name in KADER)
        for worker in kader:
            credentials.set_pin(store, worker.id, PRACTICE_PIN, place.now())
        opened = Month.of(today).shifted(-MONTHS).first.isoformat()
        table = Table(MARK, opened, {MARK: home}, place.lane, kader, timedelta())
        fill(store, table, children(today), lambda number: None)
    return home


def _hire(store: Store, pen: Pen, name: str, home: str) -> Worker:
    named = f"{name} {MARK}"
    values: Values = {"name": named, "role": "kader", "area": home, "active": 1}
    return Worker(records.save(store, pen, forms.BY_NAME["worker"], values), named, "kader", home)


def children(today: date) -> list[SyntheticChild]:
    """Return the ghosts, weighed in each of the last months and in this one not yet."""
    first, last = Month.of(today).shifted(-MONTHS), Month.of(today).previous
    months = [(month.year, month.number) for month in first.until(last)]
    made = village(SEED, posyandu_name=MARK, children=CHILDREN, months=months, end=last.last, desa_code=DESA)
    return [_marked(child) for child in made]


def _marked(child: SyntheticChild) -> SyntheticChild:
    family = replace(child.family, values=_named(child.family.values))
    return replace(child, family=family, values=_named(child.values), changes=_changed(child.changes))


def _changed(changes: Sequence[Change]) -> tuple[Change, ...]:
    return tuple(replace(change, values=_named(change.values)) for change in changes)


def _named(values: Mapping[str, Value]) -> dict[str, Value]:
    """Put the mark behind each name."""
    return {
        column: f"{value} {MARK}" if column in NAMES and value else value for column, value in values.items()
    }
