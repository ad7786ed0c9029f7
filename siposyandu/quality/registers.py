"""What the register of a posyandu says beside the measurements: expected, weighed, entered twice, stunted."""

from collections.abc import Mapping, Sequence
from typing import Any

from siposyandu.growth.quality.ikda import Register
from siposyandu.periods import Month
from siposyandu.quality.marks import marks
from siposyandu.store import Store

Row = dict[str, Any]


def registers(store: Store, posyandu_ids: Sequence[str], month: Month) -> dict[str, Register]:
    """Return what the register of each posyandu says in a month: S, D, children who look entered twice, stunting.

    Twice: the same name (any letter case) and birth date, or the same NIK, among the children who belong there.
    """
    if not posyandu_ids:
        return {}
    doubles = {row["posyandu"]: row["doubles"] for row in _doubles(store, posyandu_ids)}
    tallies = {row["posyandu"]: row for row in _tallies(store, posyandu_ids, month)}
    nothing = {"s": 0, "d": 0, "haz_measured": 0, "stunted": 0}
    return {
        posyandu_id: _register(tallies.get(posyandu_id, nothing), doubles.get(posyandu_id, 0))
        for posyandu_id in posyandu_ids
    }


def _register(tally: Mapping[str, Any], doubles: int) -> Register:
    measured = tally["haz_measured"]
    stunting = 100 * tally["stunted"] / measured if measured else None
    return Register(tally["s"], tally["d"], doubles, stunting_percent=stunting)


def _doubles(store: Store, posyandu_ids: Sequence[str]) -> list[Row]:
    return store.rows(
        f"""select posyandu, case when names > niks then names else niks end as doubles from (
            select posyandu, count(*) - count(distinct lower(name) || ' ' || birth_date) as names,
                count(nik) - count(distinct nik) as niks
            from person where posyandu in ({marks(posyandu_ids)}) and retracted = 0 and status = 'active'
                and name is not null and birth_date is not null
            group by posyandu) as each_posyandu""",
        *posyandu_ids,
    )


def _tallies(store: Store, posyandu_ids: Sequence[str], month: Month) -> list[Row]:
    return store.rows(
        f"""select posyandu, sum(s) as s, sum(d) as d, sum(haz_measured) as haz_measured, sum(stunted) as stunted
        from tally where month = $1 and posyandu in ({marks(posyandu_ids, 1)}) group by posyandu""",
        str(month),
        *posyandu_ids,
    )
