"""Records that were kept and acknowledged although no record could be made of them: a program older or newer than ours
wrote them, or a fault of ours stands in the way. They wait here, and are read again when somebody asks."""

from typing import Any, cast

from siposyandu import access, records
from siposyandu.access import Worker
from siposyandu.errors import NotFound, OnlyAtTheProvince
from siposyandu.keeping import acts
from siposyandu.office import laptops_of, reach
from siposyandu.store import Store
from sync import reviews
from sync.ports import Apply

Row = dict[str, Any]

LISTED_AT_MOST = 200
OF_LISTS = f"{OnlyAtTheProvince.__name__}:"
_OPEN = f"""from (
    select r.entity, min(r.problem) as problem, min(r.flagged_at) as flagged_at, min(l.lane) as lane, count(*) as edits,
        max({reach.AREA_OF_LAPTOP}) as area, max(e.n) as seen
    from reviews r join edits e on e.uid = r.uid join lanes l on l.lane_no = e.lane_no
    left join devices d on d.lane_no = e.lane_no where r.settled_at is null group by r.entity
) waits {reach.BY_LAPTOP}"""


def waiting(store: Store, who: Worker) -> list[Row]:
    """Return the unreadable records of a worker's area, oldest first: entity, problem, flagged_at, laptop and names; `seen` is
    the number of the last edit of it that waits, for a page to give back.

    `of_lists`: the program can read it, but it is a laptop's word on places or workers, which only the province writes.
    """
    inside, area = reach.within(who.area)
    rows = store.rows(
        f"""select {reach.NAMES}, waits.problem, waits.flagged_at, waits.lane, waits.edits, waits.seen {_OPEN}
        where {inside} order by waits.flagged_at, waits.entity limit $2""",
        area,
        LISTED_AT_MOST,
    )
    laptops = laptops_of.names(store, {row["lane"] for row in rows})
    return [
        {**row, "laptop": laptops[row["lane"]], "of_lists": row["problem"].startswith(OF_LISTS)}
        for row in rows
    ]


def count(store: Store, who: Worker) -> int:
    """Return how many records of a worker's area cannot be read."""
    inside, area = reach.within(who.area)
    return int(store.value(f"select count(*) {_OPEN} where {inside}", area))


def again(store: Store, who: Worker, entity: str, at: str) -> bool:
    """Try once more to read a record; return whether it could be. NotFound for one that does not wait in her area."""
    require_hers(store, who, entity)
    return reviews.again(store, entity, cast(Apply, records.apply), at)


def settle(store: Store, who: Worker, entity: str, seen: int, said: tuple[str, str]) -> None:
    """Say that what a page has `seen` of an unreadable record was looked at; it stays in the log. `said` is why, and when."""
    access.require(who.role != "kader", "putting an unreadable record aside")
    why, at = acts.reason(said[0]), said[1]
    require_hers(store, who, entity)
    with store.write():
        reviews.settle_seen(store, entity, seen, at)
        acts.note(store, who, acts.SETTLED, entity, (why, at))


def require_hers(store: Store, who: Worker, entity: str) -> None:
    """Refuse (NotFound) a record that does not wait in a worker's area."""
    if not any(row["entity"] == entity for row in waiting(store, who)):
        raise NotFound(f"record {entity} does not wait")
