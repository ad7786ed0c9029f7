"""Days of a posyandu that were opened: where, who was present, and what is to be remembered.

A posyandu has one day a date, however many people opened it: two laptops without a network make two records of it.
They are read as one (the smallest id first, names of all of them together) and from then on written alike, so that every
copy shows the same day whichever record came first; where two people wrote differently, the merge says so as everywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import forms
from siposyandu import records
from siposyandu.records import Pen
from siposyandu.store import Store
from sync import fold

FORM = forms.BY_NAME["session"]
IDS, NAMES = frozenset({"workers_present"}), frozenset({"others_present", "health_workers_present"})
WORDS = frozenset({"problems", "agreed"})

Row = dict[str, Any]


def of_day(store: Store, posyandu_id: str, on: date) -> Row | None:
    """Return the day of a posyandu as one record, None when nobody opened it."""
    return as_one(_records(store, posyandu_id, on.isoformat()))


def last_before(store: Store, posyandu_id: str, on: date) -> Row | None:
    """Return the last day that was opened before a date, None when there is none."""
    sql = "select max(session_date) from session where posyandu = $1 and session_date < $2 and retracted = 0"
    last = store.value(sql, posyandu_id, on.isoformat())
    return as_one(_records(store, posyandu_id, last)) if last else None


def dates(store: Store, posyandu_id: str, limit: int) -> list[str]:
    """Return the dates of the last days that were opened, newest first."""
    rows = store.rows(
        """select distinct session_date from session where posyandu = $1 and retracted = 0 and session_date is not null
        order by session_date desc limit $2""",
        posyandu_id,
        limit,
    )
    return [row["session_date"] for row in rows]


def keep(  # noqa: PLR0913 - whose day, who writes what, having seen what
    store: Store, pen: Pen, posyandu_id: str, on: date, values: Mapping[str, Any], seen: int | None = None
) -> None:
    """Open the day, or write what changed into each record of it.

    `seen` is the number of the newest edit that the writer's page knew (`newest`): what others wrote since stays, and
    to a record that came since only something is added.
    """
    with store.write():
        rows = _records(store, posyandu_id, on.isoformat())
        if not rows:
            home = {"posyandu": posyandu_id, "session_date": on.isoformat()}
            records.save(store, pen, FORM, {**values, **home})
        for row in rows:
            records.save(store, pen, FORM, _to_write(store, row, values, seen), row["id"])


def newest(store: Store, posyandu_id: str, on: date) -> int:
    """Return the number of the newest edit of a day: a page remembers it as what it has seen."""
    found = _records(store, posyandu_id, on.isoformat())
    return max((records.newest(store, row["id"]) for row in found), default=0)


def as_one(rows: Sequence[Row]) -> Row | None:
    """Return the records of one day, by id, as one record: names and words of all, else who says something first.

    >>> a, b = dict.fromkeys(FORM.by_column), dict.fromkeys(FORM.by_column)
    >>> one = as_one([a | {"place": "Balai", "others_present": "Marni"}, b | {"place": "Masjid", "others_present": "Sri, Marni"}])
    >>> one["place"], one["others_present"]
    ('Balai', 'Marni, Sri')
    """
    if not rows:
        return None
    said = {column: [row[column] for row in rows if row[column] is not None] for column in FORM.by_column}
    return {**rows[0], **{column: _together(column, values) for column, values in said.items()}}


def _together(column: str, values: Sequence[Any]) -> Any:
    if not values:
        return None
    if column in IDS:
        return ",".join(sorted(_different(part for value in values for part in value.split(","))))
    if column in NAMES:
        return ", ".join(_different(part.strip() for value in values for part in value.split(",")))
    if column in WORDS:
        return "\n".join(_different(values))
    return values[0]


def _different(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, values)))


def _records(store: Store, posyandu_id: str, on: str) -> list[Row]:
    sql = "select * from session where posyandu = $1 and session_date = $2 and retracted = 0 order by id"
    return store.rows(sql, posyandu_id, on)


def _to_write(store: Store, row: Row, values: Mapping[str, Any], seen: int | None) -> Mapping[str, Any]:
    if seen is None:
        return values
    if fold.history(store, row["id"])[0].n > seen:  # somebody else opened it meanwhile
        both = as_one([row, {**dict.fromkeys(FORM.by_column), **values}])
        return {column: (both or {})[column] for column in values}
    return records.touched(store, FORM, row["id"], values, seen)
