"""Home visits: those to one child, and which children of a posyandu were visited since a day."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from forms.home_visit import CHILD_FROM_MONTH
from siposyandu.periods import Month
from siposyandu.store import Store

Row = dict[str, Any]

OLDER_THAN = {"baby_signs": range(CHILD_FROM_MONTH), "danger_signs": range(CHILD_FROM_MONTH, 1000)}
"""At which completed months a question is asked; the others are asked at every age."""


def of_child(store: Store, person_id: str) -> list[Row]:
    """Return the visits to a child's home, newest first."""
    sql = "select * from home_visit where person = $1 and retracted = 0 order by visit_date desc, id desc"
    return store.rows(sql, person_id)


def last_since(store: Store, posyandu_id: str, since: date, until: date) -> dict[str, Row]:
    """Return, by child who belongs to a posyandu, the last visit to her home from one day to another."""
    sql = """select v.* from home_visit v join person p on p.id = v.person
        where p.posyandu = $1 and v.retracted = 0 and v.visit_date >= $2 and v.visit_date <= $3
        order by v.visit_date, v.id"""
    return {row["person"]: row for row in store.rows(sql, posyandu_id, since.isoformat(), until.isoformat())}


def since_session(weighed_on: Iterable[date], month: Month) -> date:
    """Return the posyandu day of a month: the one on which most children were weighed, else the month's first.

    >>> since_session([date(2026, 8, 10), date(2026, 8, 10), date(2026, 8, 3)], Month(2026, 8))
    datetime.date(2026, 8, 10)
    """
    counted = Counter(sorted(day for day in weighed_on if Month.of(day) == month))
    return counted.most_common(1)[0][0] if counted else month.first


def asked(name: str, age_months: int, row: Mapping[str, Any] | None = None) -> bool:
    """Whether a question is asked at an age; one that was answered already is always shown."""
    return age_months in OLDER_THAN.get(name, (age_months,)) or bool(row and row.get(name))
