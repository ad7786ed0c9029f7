"""The visits behind the figures: who was measured at a posyandu in some months, how, and by whom.

A visit belongs to the posyandu where the child was measured, and to whoever first wrote it down.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from siposyandu.growth.quality import Counts, Measured, count
from siposyandu.periods import Month
from siposyandu.quality.marks import marks
from siposyandu.store import Store
from sync import log

Row = dict[str, Any]
Group = dict[str, list[Measured]]


def measurements(
    store: Store, posyandu_ids: Sequence[str], first: Month, last: Month, *, by_author: bool = False
) -> Group:
    """Return the visits of these months at each posyandu; with `by_author` each names the worker who wrote it.

    Each carries the weight and length of the same child's last visit in the month before.
    """
    found: Group = {posyandu_id: [] for posyandu_id in posyandu_ids}
    for month in first.until(last) if posyandu_ids else ():
        rows = _rows(store, posyandu_ids, month)
        authors = _authors(store, [row["id"] for row in rows]) if by_author else {}
        before = _before(store, posyandu_ids, month.previous)
        for row in rows:
            found[row["posyandu"]].append(
                _measured(row, before.get(row["person"]), authors.get(row["id"], ""))
            )
    return found


def counts(visits: Mapping[str, Sequence[Measured]]) -> dict[str, Counts]:
    """Count each group."""
    return {key: count(group) for key, group in visits.items()}


def by_measurer(visits: Iterable[Measured]) -> Group:
    """Group visits by whoever measured (the column `measurer`: a worker's id, or a tool); unknown ones are left out."""
    found: Group = defaultdict(list)
    for visit in visits:
        if visit.measurer:
            found[visit.measurer].append(visit)
    return dict(found)


def _rows(store: Store, posyandu_ids: Sequence[str], month: Month) -> list[Row]:
    return store.rows(
        f"""select b.id, b.person, b.posyandu, b.visit_date, b.weight_g, b.length_height_mm, b.measured,
            g.sex, g.age_days, g.age_months, g.waz, g.haz, g.whz, g.waz_flag, g.haz_flag, g.whz_flag
        from balita b join balita_growth g on g.id = b.id
        where b.posyandu in ({marks(posyandu_ids, 2)}) and b.visit_date between $1 and $2 and b.retracted = 0
        order by b.visit_date, b.id""",
        month.first.isoformat(),
        month.last.isoformat(),
        *posyandu_ids,
    )


def _before(store: Store, posyandu_ids: Sequence[str], month: Month) -> dict[str, Row]:
    """Return each child's last visit of a month at these posyandu."""
    rows = store.rows(
        f"""select person, weight_g, length_height_mm from balita
        where posyandu in ({marks(posyandu_ids, 2)}) and visit_date between $1 and $2 and retracted = 0
        order by visit_date, id""",
        month.first.isoformat(),
        month.last.isoformat(),
        *posyandu_ids,
    )
    return {row["person"]: row for row in rows}


def _measured(row: Row, earlier: Row | None, author: str) -> Measured:
    return Measured(
        row["sex"],
        date.fromordinal(_ordinal(row["visit_date"]) - row["age_days"]),
        row["age_days"],
        row["age_months"],
        row["weight_g"],
        row["length_height_mm"],
        row["measured"],
        row["waz"],
        row["haz"],
        row["whz"],
        bool(row["waz_flag"]),
        bool(row["haz_flag"]),
        bool(row["whz_flag"]),
        earlier["weight_g"] if earlier else None,
        earlier["length_height_mm"] if earlier else None,
        author,
        row["person"],
    )


@lru_cache(maxsize=512)
def _ordinal(day: str) -> int:
    """Return a stored day as a number: hundreds of children share each."""
    return date.fromisoformat(day).toordinal()


def _authors(store: Store, visit_ids: Sequence[str]) -> dict[str, str]:
    """Return who wrote each visit down: the user of its creating edit, whose uid is the visit's id."""
    return {uid: kept.edit.user for uid, kept in log.by_uid(store, visit_ids).items()}
