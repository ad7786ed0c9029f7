"""The feed: what the province tells to whom, numbered without a gap.

Each row is one edit for one area. A laptop remembers the last number it has read (its cursor) and asks for what
follows in its areas. When a record is placed in a new area, its earlier edits get new rows for that area, so that
the history of a child that moved reaches the new laptop; the area it left is still told the edit that moved it, and
later, when the new area has it, to forget it (departures.py).
Only the province keeps a feed: on any other store `place` and `settle` do nothing.
Numbers are taken inside the one write transaction, so no reader can see a later number before an earlier one.
"""

from collections.abc import Collection, Iterable, Mapping

from sync import lanes, log, stories
from sync.body import Edit
from sync.chunks import chunks, holes
from sync.ports import Store

Stay = tuple[str, str]  # entity, area
OF_NOWHERE = 0
"""In place of the row that tells to forget: a laptop of the area brought the record, which was placed nowhere. It keeps it."""


def place(store: Store, entity: str, areas: Collection[str]) -> None:
    """Say to which areas a record belongs from now on, inside the caller's `write()`."""
    place_all(store, {entity: areas})


def place_all(store: Store, areas_of: Mapping[str, Collection[str]]) -> None:
    """Say the same for many records at once.

    1. A new area is told every edit of the record. 2. An area that stays, and one that is left, are told what they
    have not been told yet: the edit that moves a record is the last that its old area hears. 3. Laptops of an area that
    is left forget the record when a laptop of its new area has read it, or there is none (departures.py).
    """
    if not areas_of or not lanes.is_province(store):
        return
    old = placed(store, areas_of)
    told = {
        (entity, area): old.get(entity, {}).get(area, 0)
        for entity, areas in areas_of.items()
        for area in {*areas, *old.get(entity, {})}
    }
    _let_wait(store, [entity for entity, areas in areas_of.items() if areas and entity not in old])
    last = _tell(store, told)
    left = [(entity, area) for entity, area in told if area not in areas_of[entity]]
    stays = [
        (*pair, last[pair[0]]) for pair in told if pair[1] in areas_of[pair[0]] and last[pair[0]] > told[pair]
    ]
    _keep(store, stays)
    if left:
        leave(store, left)


def _let_wait(store: Store, entities: Iterable[str]) -> None:
    """Let areas wait whose laptops have brought records that were placed nowhere, for these are placed now."""
    for part in chunks(sorted(set(entities))):
        sql = f"update placement set gone_n = null where gone_n = $1 and entity in ({holes(part, 1)})"
        store.run(sql, OF_NOWHERE, *part)


def _keep(store: Store, stays: list[tuple[str, str, int]]) -> None:
    """Note stays; a reader who has read up to here has the record whole, as a new stay told it."""
    upto = end(store)
    store.many(
        """insert into placement (entity, area, told, since_n) values ($1, $2, $3, $4)
        on conflict (entity, area) do update set told = excluded.told, left_n = null, gone_n = null,
        since_n = case when placement.left_n is null then placement.since_n else excluded.since_n end""",
        [(entity, area, told, upto) for entity, area, told in stays],
    )


def leave(store: Store, left: Iterable[Stay]) -> None:
    """Let records wait in areas for whoever has them now, inside `write()`; there they are told to be forgotten later."""
    upto = end(store)
    store.many(
        "update placement set left_n = $3, gone_n = null where entity = $1 and area = $2",
        [(entity, area, upto) for entity, area in left],
    )


def tell_gone(store: Store, left: Iterable[Stay]) -> None:
    """Tell the laptops of areas that records have left to forget them, inside `write()`."""
    first = end(store) + 1
    pairs = sorted(set(left))
    store.many(
        """insert into feed (n, area, edit, gone)
        select $1, $3, max(n), 1 from edits where entity = $2""",
        [(n, entity, area) for n, (entity, area) in enumerate(pairs, first)],
    )
    store.many(
        "update placement set gone_n = $1 where entity = $2 and area = $3",
        [(n, entity, area) for n, (entity, area) in enumerate(pairs, first)],
    )
    if pairs:
        stories.note(store, first + len(pairs) - 1, [(area, f"-{entity}") for entity, area in pairs])


def settle(store: Store, entities: Iterable[str]) -> None:
    """Tell the areas where these records are placed whatever they have not been told yet: on a laptop they are placed nowhere."""
    behind: set[str] = set()
    for part in chunks(sorted(set(entities))):
        sql = f"""select p.entity from placement p where p.left_n is null and p.entity in ({holes(part)})
            and p.told < (select max(e.n) from edits e where e.entity = p.entity)"""
        behind.update(row["entity"] for row in store.rows(sql, *part))
    place_all(store, {entity: areas.keys() for entity, areas in placed(store, behind).items()})


def tell_again(store: Store, edits: Collection[Edit]) -> None:
    """Tell edits once more to the areas where their records are placed: something about them is otherwise now."""
    if not edits or not lanes.is_province(store):
        return
    at = log.by_uid(store, [edit.uid for edit in edits])
    areas = placed(store, {edit.entity for edit in edits})
    _add(
        store,
        [(kept.n, area, uid) for uid, kept in at.items() for area in areas.get(kept.edit.entity, ())],
    )


def _add(store: Store, lines: Collection[tuple[int, str, str]]) -> None:
    """Add lines (number of the edit, area, uid of the edit) in the order in which the edits came."""
    if not lines:
        return
    ordered, first = sorted(lines), end(store) + 1
    rows = [(number, area, n) for number, (n, area, _) in enumerate(ordered, first)]
    store.many("insert into feed (n, area, edit) values ($1, $2, $3)", rows)
    stories.note(store, first + len(rows) - 1, [(area, uid) for _, area, uid in ordered])


def end(store: Store) -> int:
    """Return the last number of the feed."""
    return int(store.value("select coalesce(max(n), 0) from feed"))


def placed(store: Store, entities: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return record -> the areas it belongs to now, each with the number of the last edit told there."""
    found: dict[str, dict[str, int]] = {}
    for part in chunks(sorted(set(entities))):
        sql = f"select entity, area, told from placement where left_n is null and entity in ({holes(part)})"
        for row in store.rows(sql, *part):
            found.setdefault(row["entity"], {})[row["area"]] = row["told"]
    return found


def kept_in(store: Store, entities: Iterable[str]) -> dict[str, set[str]]:
    """Return the areas where records are, or wait to leave for good; empty of one that has left; nothing of one that never was
    placed."""
    found: dict[str, set[str]] = {}
    for part in chunks(sorted(set(entities))):
        sql = f"""select entity, area, left_n, gone_n from placement where coalesce(gone_n, -1) <> $1
            and entity in ({holes(part, 1)})"""
        for row in store.rows(sql, OF_NOWHERE, *part):
            here = found.setdefault(row["entity"], set())
            here |= {row["area"]} if row["left_n"] is None or row["gone_n"] is None else set()
    return found


def _tell(store: Store, told: Mapping[Stay, int]) -> dict[str, int]:
    """Add the rows that are missing; return entity -> number of its last edit."""
    edits = _edits_of(store, {entity for entity, _ in told})
    new = [
        (n, area, uid)
        for (entity, area), upto in told.items()
        for n, uid in edits.get(entity, {}).items()
        if n > upto
    ]
    _add(store, new)
    return {entity: max(edits.get(entity, ()), default=0) for entity, _ in told}


def _edits_of(store: Store, entities: Iterable[str]) -> dict[str, dict[int, str]]:
    """Return record -> the numbers of its edits here, each with the edit's uid."""
    found: dict[str, dict[int, str]] = {}
    for part in chunks(sorted(set(entities))):
        for row in store.rows(f"select n, entity, uid from edits where entity in ({holes(part)})", *part):
            found.setdefault(row["entity"], {})[row["n"]] = row["uid"]
    return found
