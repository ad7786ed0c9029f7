"""A large area at a glance: the figures of its parts, added up by the database instead of child by child.

The same figures as growth.quality.count, in the database's words; a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from siposyandu.growth.length import DAYS_PER_MONTH, STANDING_FROM_DAY, STANDING_FROM_MONTHS
from siposyandu.growth.quality import Counts, Digits
from siposyandu.growth.quality.counts import Index
from siposyandu.growth.quality.digits import TENTH_CM_IN_MM, TENTH_KG_IN_G
from siposyandu.growth.quality.moments import Moments
from siposyandu.growth.quality.ratios import OLD_FROM, OLD_TO, YOUNG_FROM
from siposyandu.periods import Month
from siposyandu.store import Store

Row = dict[str, Any]


def overview(store: Store, area: str, first: Month, last: Month, by: str) -> dict[str, Counts]:
    """Return the counts of each part of a large area over some months; `by` is "kabupaten", "kecamatan" or "puskesmas".

    The database adds up. Copies of last month and birth dates, which take a look at each child, are left at nothing.
    Boys, girls, young and old are those of the last month; a child measured twice in it counts as two.
    """
    found: dict[str, Counts] = {}
    for month in first.until(last):
        for part, counted in _month(store, area, month, by).items():
            counts = counted if month == last else replace(counted, boys=0, girls=0, young=0, old=0)
            found[part] = found.get(part, Counts()) + counts
    return found


def _month(store: Store, area: str, month: Month, by: str) -> dict[str, Counts]:
    rows = store.rows(
        f"""select {PARTS[by]} as part, {", ".join(f"sum({sql}) as {name}" for name, sql in SUMS.items())}
        from posyandu p join balita b on b.posyandu = p.id join balita_growth g on g.id = b.id
        where p.desa_code like $3 and p.retracted = 0 and b.visit_date between $1 and $2 and b.retracted = 0
        group by {PARTS[by]}""",
        month.first.isoformat(),
        month.last.isoformat(),
        f"{area}%",
    )
    return {row["part"]: _counts(row) for row in rows}


PARTS: Mapping[str, str] = {
    "kabupaten": "substr(p.desa_code, 1, 4)",
    "kecamatan": "substr(p.desa_code, 1, 6)",
    "puskesmas": "coalesce(p.puskesmas, '')",
}


def _when(condition: str, value: str = "1") -> str:
    return f"case when {condition} then {value} else 0 end"


def _digit_sums(name: str, column: str, step: int) -> dict[str, str]:
    return {
        f"{name}_{digit}": _when(f"(2 * {column} + {step}) / {2 * step} % 10 = {digit}")
        for digit in range(10)
    }


def _index_sums(index: str) -> dict[str, str]:
    kept = f"g.{index} is not null and coalesce(g.{index}_flag, 0) = 0"
    powers = {f"{index}_{power}": _when(kept, " * ".join([f"g.{index}"] * power)) for power in (1, 2, 3, 4)}
    return {f"{index}_0": _when(kept), **powers, f"{index}_flagged": _when(f"g.{index}_flag = 1")}


_POSITIONED = "b.length_height_mm is not null and b.measured is not null"
_WANTED = f"case when g.age_days < {STANDING_FROM_DAY} then 'lying' else 'standing' end"
PLAIN: Mapping[str, str] = {
    "visits": "1",
    "gaps": _when("b.weight_g is null or b.length_height_mm is null or b.measured is null"),
    "weight_missing": _when("b.weight_g is null"),
    "length_missing": _when("b.length_height_mm is null"),
    "position_missing": _when("b.length_height_mm is not null and b.measured is null"),
    "positioned": _when(_POSITIONED),
    "wrongly_positioned": _when(f"{_POSITIONED} and b.measured <> {_WANTED}"),
    "impossibly_positioned": _when(
        f"{_POSITIONED} and b.measured = 'standing' and g.age_days < {STANDING_FROM_MONTHS * DAYS_PER_MONTH}"
    ),
    "boys": _when("g.sex = 'm'"),
    "girls": _when("g.sex = 'f'"),
    "young": _when(f"g.age_months between {YOUNG_FROM} and {OLD_FROM - 1}"),
    "old": _when(f"g.age_months between {OLD_FROM} and {OLD_TO}"),
}
SUMS: Mapping[str, str] = {
    **PLAIN,
    **_digit_sums("weight", "b.weight_g", TENTH_KG_IN_G),
    **_digit_sums("length", "b.length_height_mm", TENTH_CM_IN_MM),
    **_index_sums("waz"),
    **_index_sums("haz"),
    **_index_sums("whz"),
}


def _counts(row: Row) -> Counts:
    return Counts(
        **{name: row[name] for name in PLAIN},
        weight_digits=_digits(row, "weight"),
        length_digits=_digits(row, "length"),
        waz=_index(row, "waz"),
        haz=_index(row, "haz"),
        whz=_index(row, "whz"),
    )


def _digits(row: Row, name: str) -> Digits:
    return Digits(tuple(row[f"{name}_{digit}"] for digit in range(10)))


def _index(row: Row, index: str) -> Index:
    return Index(Moments(*(row[f"{index}_{power}"] for power in range(5))), row[f"{index}_flagged"])
