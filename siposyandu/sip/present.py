"""Who was at the posyandu in a month, as the days that were opened say it: kader, and health workers.

Somebody present on two days of a month, or written into two records of one day, is one person.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from siposyandu.periods import Month
from siposyandu.store import Store

Row = dict[str, Any]


class Present(NamedTuple):
    """How many kader and how many health workers were there; None where no day of the month was opened."""

    kader: int | None
    health_workers: int | None


NOT_WRITTEN = Present(None, None)


def by_month(store: Store, posyandu_id: str, year: int) -> dict[str, Present]:
    """Return month -> who was present, for the months of a year in which a day was opened and somebody named."""
    roles = {row["id"]: row["role"] for row in store.rows("select id, role from worker")}
    there: dict[str, set[tuple[bool, str]]] = defaultdict(set)
    for row in _days(store, posyandu_id, year):
        there[row["session_date"][:7]].update(_people(row, roles))
    return {
        month: Present(sum(is_kader for is_kader, _ in found), sum(not is_kader for is_kader, _ in found))
        for month, found in there.items()
        if found
    }


def _days(store: Store, posyandu_id: str, year: int) -> list[Row]:
    return store.rows(
        """select session_date, workers_present, others_present, health_workers_present from session
        where posyandu = $1 and session_date between $2 and $3 and retracted = 0""",
        posyandu_id,
        Month(year, 1).first.isoformat(),
        Month(year, 12).last.isoformat(),
    )


def _people(day: Row, roles: dict[str, str]) -> Iterator[tuple[bool, str]]:
    """Yield whether each one present is a kader, with her id or her name as it is compared."""
    for worker in _parts(day["workers_present"]):
        yield roles.get(worker) == "kader", worker
    for name in _parts(day["others_present"]):
        yield True, name
    for name in _parts(day["health_workers_present"]):
        yield False, name


def _parts(written: str | None) -> list[str]:
    return [part.strip().casefold() for part in (written or "").split(",") if part.strip()]
