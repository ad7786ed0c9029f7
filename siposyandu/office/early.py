"""What came before what it belongs to: a visit before its child, a child before her posyandu, a change before the
record it changes, a batch before the one it follows. Each is kept and finds its place by itself when the rest comes.

Here it is only shown: since when it waits, from which laptop it came, and what is missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from siposyandu.access import Worker
from siposyandu.office import laptops_of, reach
from siposyandu.store import Store
from sync import log

Row = dict[str, Any]

LISTED_AT_MOST = 200
VISITS, PERSONS, CHANGES = "visits", "persons", "changes"


@dataclass(frozen=True)
class Orphan:
    """Records that wait for one that has not come: which kind, how many, since when, from which laptop, at which posyandu."""

    kind: str
    entity: str
    records: int
    since: str
    laptop: str
    posyandu_name: str


def orphans(store: Store, who: Worker) -> list[Orphan]:
    """Return what waits in a worker's area for something it belongs to, longest first."""
    found = [*_visits(store, who), *_persons(store, who), *_changes(store, who)]
    return sorted(found, key=lambda orphan: (orphan.since, orphan.entity))[:LISTED_AT_MOST]


def _visits(store: Store, who: Worker) -> Iterator[Orphan]:
    """Visits, and what else was written about a child, whose child is not here; together for each child."""
    inside, area = reach.posyandu_within(who.area)
    rows = store.rows(
        f"""select visit.person, min(visit.id) as first, count(*) as records, min(home.name) as name
        from (
            select id, person, posyandu, retracted from balita
            union all select id, person, posyandu, retracted from home_visit
            union all select id, person, posyandu, retracted from referral_return
        ) visit left join posyandu home on home.id = visit.posyandu
        left join person child on child.id = visit.person
        where child.id is null and visit.person is not null and visit.retracted = 0
            and {inside.replace("home_id", "visit.posyandu")}
        group by visit.person order by visit.person limit $2""",
        area,
        LISTED_AT_MOST,
    )
    return _told(store, VISITS, [(row["person"], row["first"], row) for row in rows])


def _persons(store: Store, who: Worker) -> Iterator[Orphan]:
    """People whose posyandu is not kept here."""
    inside, area = reach.posyandu_within(who.area)
    rows = store.rows(
        f"""select child.id, 1 as records, '' as name from person child
        left join posyandu home on home.id = child.posyandu
        where home.id is null and child.posyandu is not null and child.retracted = 0
            and {inside.replace("home_id", "child.posyandu")} order by child.id limit $2""",
        area,
        LISTED_AT_MOST,
    )
    return _told(store, PERSONS, [(row["id"], row["id"], row) for row in rows])


def _changes(store: Store, who: Worker) -> Iterator[Orphan]:
    """Changes of a record whose beginning, or one of whose earlier changes, has not come."""
    inside, area = reach.within(who.area)
    rows = store.rows(
        f"""select waits.entity, min(waits.uid) as first, count(distinct waits.uid) as records, min(home.name) as name
        from (
            select e.entity, e.uid, {reach.AREA_OF_LAPTOP} as area from (
                select uid from heads h where not exists (select 1 from edits c where c.uid = h.entity)
                union select asked_by from awaited where asked_by is not null) f
            join edits e on e.uid = f.uid left join devices d on d.lane_no = e.lane_no
        ) waits {reach.BY_LAPTOP} where {inside} group by waits.entity order by waits.entity limit $2""",
        area,
        LISTED_AT_MOST,
    )
    return _told(store, CHANGES, [(row["entity"], row["first"], row) for row in rows])


def _told(store: Store, kind: str, rows: Sequence[tuple[str, str, Row]]) -> Iterator[Orphan]:
    """Add since when and from which laptop, as the first edit of each says."""
    edits = log.by_uid(store, [first for _, first, _ in rows])
    laptops = laptops_of.names(store, {kept.edit.lane for kept in edits.values()})
    for entity, first, row in rows:
        kept = edits.get(first)
        laptop = laptops[kept.edit.lane] if kept else ""
        since = kept.received_at if kept else ""
        yield Orphan(kind, entity, row["records"], since, laptop, row["name"] or "")


@dataclass(frozen=True)
class Held:
    """A laptop some of whose batches came too early: which numbers are missing, which are here, since when."""

    lane: str
    laptop: str
    missing: tuple[tuple[int, int], ...]
    here: int
    since: str


def held(store: Store, who: Worker) -> list[Held]:
    """Return the laptops of a worker's area with batches that came too early, longest first. Only the province holds any."""
    inside, area = reach.within(who.area)
    rows = store.rows(
        f"""select waits.* from (
            select d.area as entity, d.label, l.lane, l.last_seq as end_seq, h.first_seq, h.last_seq, h.received_at
            from held h join lanes l using (lane_no) join devices d using (lane_no)
        ) waits {reach.HOME} where {inside} order by waits.lane, waits.first_seq limit $2""",
        area,
        LISTED_AT_MOST,
    )
    by_lane: dict[str, list[Row]] = {}
    for row in rows:
        by_lane.setdefault(row["lane"], []).append(row)
    found = [_held(lane, batches) for lane, batches in by_lane.items()]
    return sorted(found, key=lambda each: (each.since, each.lane))


def _held(lane: str, batches: Sequence[Row]) -> Held:
    spans = [(row["first_seq"], row["last_seq"]) for row in batches]
    return Held(
        lane,
        f"{batches[0]['label']} ({laptops_of.mark(lane)})",
        gaps(batches[0]["end_seq"], spans),
        sum(last - first + 1 for first, last in spans),
        min(row["received_at"] for row in batches),
    )


def gaps(end: int, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the numbers missing between the end of a lane and the batches that are held, as (first, last).

    >>> gaps(4, [(7, 9), (8, 12), (20, 21)])
    ((5, 6), (13, 19))
    """
    reached, ordered = end, sorted(spans)
    ends = [end]
    for _, last in ordered:
        reached = max(reached, last)
        ends.append(reached)
    return tuple(
        (before + 1, first - 1)
        for before, (first, _) in zip(ends, ordered, strict=False)
        if first > before + 1
    )
