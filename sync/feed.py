"""The feed: what the province tells to whom, numbered without a gap.

Each row is one edit for one area. A laptop remembers the last number it has read (its cursor) and asks for what
follows in its areas. When a record is placed in a new area, its earlier edits get new rows for that area, so that
the history of a child that moved reaches the new laptop; the area it left is still told the edit that moved it.
Only the province keeps a feed: on any other store `place` and `settle` do nothing.
Numbers are taken inside the one write transaction, so no reader can see a later number before an earlier one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sync import lanes, log
from sync.body import Edit
from sync.chunks import chunks, holes
from sync.log import Kept
from sync.ports import Store


@dataclass(frozen=True, slots=True)
class Page:
    """What follows a cursor: edits in feed order, the number read up to, and whether there is more."""

    edits: tuple[Kept, ...]
    cursor_n: int
    more: bool


def place(store: Store, entity: str, areas: Collection[str]) -> None:
    """Say to which areas a record belongs from now on, inside the caller's `write()`."""
    place_all(store, {entity: areas})


def place_all(store: Store, areas_of: Mapping[str, Collection[str]]) -> None:
    """Say the same for many records at once.

    1. A new area is told every edit of the record. 2. An area that stays, and one that is left, are told what they
    have not been told yet: the edit that moves a record is the last that its old area hears.
    """
    if not areas_of or not lanes.is_province(store):
        return
    old = _placed(store, areas_of)
    told = {
        (entity, area): old.get(entity, {}).get(area, 0)
        for entity, areas in areas_of.items()
        for area in {*areas, *old.get(entity, {})}
    }
    last = _tell(store, told)
    left = [(entity, area) for entity, area in told if area not in areas_of[entity]]
    kept = [
        (*pair, last[pair[0]]) for pair in told if pair[1] in areas_of[pair[0]] and last[pair[0]] > told[pair]
    ]
    store.many("delete from placement where entity = $1 and area = $2", left)
    store.many(
        """insert into placement (entity, area, told) values ($1, $2, $3)
        on conflict (entity, area) do update set told = excluded.told""",
        kept,
    )


def settle(store: Store, entities: Iterable[str]) -> None:
    """Tell the areas where these records are placed whatever they have not been told yet."""
    if not lanes.is_province(store):
        return
    place_all(store, {entity: areas.keys() for entity, areas in _placed(store, entities).items()})


def tell_bringer(store: Store, entities: Iterable[str], areas: Collection[str], area: str) -> None:
    """Tell a laptop that brings edits of records which are not of its areas what became of them, if its area never heard.

    It happens after a restore: the edit that moved a record comes back from another area, and the record was then
    never placed in the one it left. `area` is the laptop's own; `areas` all that it receives.
    """
    brought = sorted(set(entities))
    placed = _placed(store, brought)
    elsewhere = [entity for entity in brought if not placed.get(entity, {}).keys() & {*areas}]
    heard: set[str] = set()
    for part in chunks(elsewhere):
        sql = f"""select distinct e.entity from feed f join edits e on e.n = f.edit
            where f.area = $1 and e.entity in ({holes(part, 1)})"""
        heard.update(row["entity"] for row in store.rows(sql, area, *part))
    _tell(store, {(entity, area): 0 for entity in elsewhere if entity not in heard and entity in placed})


def tell_again(store: Store, edits: Collection[Edit]) -> None:
    """Tell edits once more to the areas where their records are placed: something about them is otherwise now."""
    if not edits or not lanes.is_province(store):
        return
    at = log.by_uid(store, [edit.uid for edit in edits])
    areas = _placed(store, {edit.entity for edit in edits})
    again = sorted((kept.n, area) for kept in at.values() for area in areas.get(kept.edit.entity, ()))
    rows = [(number, area, n) for number, (n, area) in enumerate(again, end(store) + 1)]
    store.many("insert into feed (n, area, edit) values ($1, $2, $3)", rows)


def end(store: Store) -> int:
    """Return the last number of the feed."""
    return int(store.value("select coalesce(max(n), 0) from feed"))


def page(store: Store, areas: Collection[str], after: int, *, skip_lane_no: int, limit: int) -> Page:
    """Return at most `limit` edits told to any of the areas after a cursor.

    Those of one lane are left out, unless the province has to say what they weigh.
    """
    upto = end(store)
    numbers = _after(store, areas, (after, upto), skip_lane_no, limit + 1) if after < upto else []
    more = len(numbers) > limit
    edits = log.numbered(store, dict.fromkeys(edit for _, edit in numbers[:limit]))
    return Page(edits, numbers[limit - 1][0] if more else upto, more)


def told(store: Store, areas: Collection[str], upto: int, skip_lane_no: int) -> set[str]:
    """Return the uids of the edits that a reader of these areas was told up to a cursor (see `page`)."""
    found: set[str] = set()
    for part in chunks(sorted(areas)):
        sql = f"""select distinct e.uid from feed f join edits e on e.n = f.edit
            where f.area in ({holes(part, 2)}) and f.n <= $1
            and (e.lane_no <> $2 or e.authority is not null)"""
        found.update(row["uid"] for row in store.rows(sql, upto, skip_lane_no, *part))
    return found


def known_to(
    store: Store, uids: Iterable[str], areas: Collection[str], lane_no: int
) -> dict[str, log.Position]:
    """Return the places of those edits that a laptop with these areas is believed to hold, its own lane included.

    Believed only: an edit may be told later than one that names it. The laptop then asks for ids in full.
    """
    rows = _placed_edits(store, uids)
    told = _placed(store, {row["entity"] for row in rows}) if areas else {}
    return {
        row["uid"]: (row["lane"], row["seq"])
        for row in rows
        if row["lane_no"] == lane_no
        or any(row["n"] <= upto for area, upto in told.get(row["entity"], {}).items() if area in areas)
    }


def _placed_edits(store: Store, uids: Iterable[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for part in chunks(sorted(set(uids))):
        sql = f"""select distinct e.uid, e.entity, e.n, e.lane_no, l.lane, e.seq from edits e
            join lanes l on l.lane_no = e.lane_no where e.uid in ({holes(part)})"""
        found += store.rows(sql, *part)
    return found


def _after(
    store: Store, areas: Collection[str], between: tuple[int, int], skip_lane_no: int, limit: int
) -> list[tuple[int, int]]:
    found: dict[int, int] = {}
    for part in chunks(sorted(areas)):
        sql = f"""select f.n, f.edit from feed f join edits e on e.n = f.edit
            where f.area in ({holes(part, 4)}) and f.n > $1 and f.n <= $2
            and (e.lane_no <> $3 or e.authority is not null)
            order by f.n limit $4"""
        found.update((row["n"], row["edit"]) for row in store.rows(sql, *between, skip_lane_no, limit, *part))
    return sorted(found.items())[:limit]


def _placed(store: Store, entities: Iterable[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for part in chunks(sorted(set(entities))):
        sql = f"select entity, area, told from placement where entity in ({holes(part)})"
        for row in store.rows(sql, *part):
            found.setdefault(row["entity"], {})[row["area"]] = row["told"]
    return found


def _tell(store: Store, told: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Add the rows that are missing; return entity -> number of its last edit."""
    edits = _edits_of(store, {entity for entity, _ in told})
    new = sorted(
        (n, area) for (entity, area), upto in told.items() for n in edits.get(entity, ()) if n > upto
    )
    rows = [(number, area, n) for number, (n, area) in enumerate(new, end(store) + 1)]
    store.many("insert into feed (n, area, edit) values ($1, $2, $3)", rows)
    return {entity: max(edits.get(entity, ()), default=0) for entity, _ in told}


def _edits_of(store: Store, entities: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for part in chunks(sorted(set(entities))):
        for row in store.rows(f"select n, entity from edits where entity in ({holes(part)})", *part):
            found.setdefault(row["entity"], []).append(row["n"])
    return found
