"""The counts of an area and month, added up from the tally of its posyandu, and which posyandu have reported.

A posyandu has reported when somebody was weighed there in the month (D above 0). One that is no longer in use
keeps the months in which it weighed. Each question is one SQL statement, however many posyandu the area holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from siposyandu.periods import Month
from siposyandu.places import ID_LENGTH
from siposyandu.store import Store
from siposyandu.tally import COUNTS

# What each part of an area, or of its children, is known by.
PARTS: Mapping[str, str] = {
    "kabupaten": "substr(coalesce(p.desa_code, ''), 1, 4)",
    "kecamatan": "substr(coalesce(p.desa_code, ''), 1, 6)",
    "puskesmas": "coalesce(p.puskesmas, '')",
    "desa": "coalesce(p.desa_code, '')",
    "posyandu": "p.id",
    "age": "coalesce(t.age_group, '')",
    "sex": "coalesce(t.sex, '')",
    "age_sex": "coalesce(t.age_group, '') || coalesce(t.sex, '')",
}
CHILDREN = frozenset({"age", "sex", "age_sex"})
# The tally rows of a month count where the posyandu is in use, or was: where somebody was weighed in it.
_COUNTS = """p.retracted = 0 and (p.active = 1
    or exists (select 1 from tally w where w.posyandu = p.id and w.month = {month} and w.d > 0))"""
# An area by its key (see places.py); several keys: the posyandu that lie in all of them.
Area = str | tuple[str, ...]
# An area that has not reported for so long opens on the present month.
MONTHS_LOOKED_BACK = 12


@dataclass(frozen=True)
class Totals:
    """Counts by tally column, over so many posyandu, of which so many have reported."""

    counts: Mapping[str, int]
    posyandu_count: int
    posyandu_reporting: int

    def of(self, columns: tuple[str, ...]) -> int:
        """Return the sum of some columns; KeyError for one that was not counted."""
        return sum(self.counts[column] for column in columns)

    @classmethod
    def sum(cls, parts: Iterable["Totals"], columns: tuple[str, ...] = COUNTS) -> "Totals":
        """Add up the totals of parts that do not overlap."""
        parts = list(parts)
        return cls(
            {column: sum(part.counts[column] for part in parts) for column in columns},
            sum(part.posyandu_count for part in parts),
            sum(part.posyandu_reporting for part in parts),
        )


def totals(store: Store, area: Area, month: Month) -> Totals:
    """Return an area's counts in a month."""
    return Totals.sum(split(store, area, month, "kabupaten").values())


def split(store: Store, area: Area, month: Month, by: str) -> dict[str, Totals]:
    """Return the counts of each part of an area (see PARTS) in a month, by its key ("" where none is named)."""
    rows = store.rows(
        f"""select part, count(*) as posyandu_count, sum(case when d > 0 then 1 else 0 end) as posyandu_reporting,
            {", ".join(f"sum({column}) as {column}" for column in COUNTS)}
        from (
            select {PARTS[by]} as part, {", ".join(f"coalesce(sum(t.{name}), 0) as {name}" for name in COUNTS)}
            from posyandu p left join tally t on t.posyandu = p.id and t.month = $1
            where {_COUNTS.format(month="$1")} and {_lies_in(area, 2)}
            group by p.id, {PARTS[by]}
        ) as each_posyandu
        group by part""",
        str(month),
        *_patterns(area),
    )
    nobody = {""} if by in CHILDREN else set()
    return {row["part"]: _totals(row, COUNTS) for row in rows if row["part"] not in nobody}


def by_month(
    store: Store, area: Area, first: Month, last: Month, columns: tuple[str, ...]
) -> dict[Month, Totals]:
    """Return an area's counts in these columns for each month from first to last; months without reports too."""
    columns = tuple(dict.fromkeys((*columns, "s", "d")))
    rows = store.rows(
        f"""select month, sum(case when active = 1 then 0 else 1 end) as closed,
            sum(case when d > 0 then 1 else 0 end) as posyandu_reporting,
            {", ".join(f"sum({column}) as {column}" for column in columns)}
        from (
            select t.month, p.active, {", ".join(f"sum(t.{column}) as {column}" for column in columns)}
            from posyandu p cross join tally t
            where t.posyandu = p.id and t.month between $1 and $2
                and {_COUNTS.format(month="t.month")} and {_lies_in(area, 3)}
            group by p.id, t.month
        ) as each_posyandu
        group by month""",
        str(first),
        str(last),
        *_patterns(area),
    )
    working = _working(store, area)
    found = {row["month"]: {**row, "posyandu_count": working + row["closed"]} for row in rows}
    nothing = {**dict.fromkeys(columns, 0), "posyandu_count": working, "posyandu_reporting": 0}
    return {month: _totals(found.get(str(month), nothing), columns) for month in first.until(last)}


def unreported(store: Store, area: Area, month: Month) -> list[dict[str, Any]]:
    """Return the posyandu (id, name, desa_code) where nobody was weighed in a month, by desa and name."""
    return store.rows(
        f"""select p.id, p.name, p.desa_code from posyandu p
        where p.retracted = 0 and p.active = 1 and {_lies_in(area, 2)}
            and not exists (select 1 from tally t where t.posyandu = p.id and t.month = $1 and t.d > 0)
        order by p.desa_code, p.name, p.id""",
        str(month),
        *_patterns(area),
    )


def latest_reported(store: Store, area: Area, until: Month) -> Month:
    """Return the last month, up to `until`, in which some posyandu of an area reported; else `until` itself."""
    for months_back in range(MONTHS_LOOKED_BACK):
        month = until.shifted(-months_back)
        if _anybody_weighed(store, area, month):
            return month
    return until


def _anybody_weighed(store: Store, area: Area, month: Month) -> bool:
    row = store.one(
        f"""select p.id from posyandu p cross join tally t
        where t.posyandu = p.id and t.month = $1 and t.d > 0
            and p.retracted = 0 and {_lies_in(area, 2)} limit 1""",
        str(month),
        *_patterns(area),
    )
    return row is not None


def _working(store: Store, area: Area) -> int:
    sql = f"""select count(*) from posyandu p
        where p.retracted = 0 and p.active = 1 and {_lies_in(area, 1)}"""
    return int(store.value(sql, *_patterns(area)))


def _lies_in(area: Area, place: int) -> str:
    """The SQL condition that a posyandu `p` lies in an area, whose patterns are the parameters from number `place` on."""
    return " and ".join(
        f"(p.id = ${number} or p.puskesmas = ${number})"
        if len(key) == ID_LENGTH
        else f"p.desa_code like ${number}"
        for number, key in enumerate(_keys(area), place)
    )


def _patterns(area: Area) -> list[str]:
    return [key if len(key) == ID_LENGTH else key + "%" for key in _keys(area)]


def _keys(area: Area) -> tuple[str, ...]:
    return (area,) if isinstance(area, str) else area


def _totals(row: Mapping[str, Any], columns: tuple[str, ...]) -> Totals:
    return Totals({name: row[name] for name in columns}, row["posyandu_count"], row["posyandu_reporting"])
