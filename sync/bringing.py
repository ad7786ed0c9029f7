"""What a laptop brings or holds of records that are not of its areas: it is to forget them, once others surely have them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sync import epochs, feed
from sync.chunks import chunks, holes
from sync.feed import OF_NOWHERE, Stay
from sync.ports import Store


def tell_bringer(store: Store, entities: Iterable[str], areas: Collection[str], area: str) -> None:
    """Let a laptop that brings edits of records which are not of its areas forget them.

    1. It was told so before, but had changed them meanwhile: it is told again. 2. They are or were in another area, and its own
    never had them: it wrote them for that area, or the edit that moved a record comes back from there after a restore. They
    leave its own like others, when somebody there has them. 3. They are placed nowhere: that waits until they are placed
    elsewhere. `area` is the one it was enrolled for; `areas` all that it receives, perhaps others.
    """
    area = _where(areas, area)
    brought = sorted(set(entities))
    here = feed.placed(store, brought)
    elsewhere = [entity for entity in brought if not here.get(entity, {}).keys() & {*areas}]
    known, heard = set[str](), set[str]()
    for part in chunks(elsewhere):
        found = store.rows(
            f"select entity, area, since_n, left_n, gone_n from placement where entity in ({holes(part)})",
            *part,
        )
        known.update(row["entity"] for row in found if row["gone_n"] != OF_NOWHERE)
        rows = [row for row in found if row["area"] == area or row["area"] in areas]
        heard.update(row["entity"] for row in rows)
        _tell_gone_again(store, found, [row for row in rows if row["gone_n"]])
    _wait(store, area, {entity: None if entity in known else OF_NOWHERE for entity in {*elsewhere} - heard})


def note_holder(store: Store, entities: Iterable[str], areas: Collection[str], area: str) -> None:
    """Note that a laptop which now has other areas holds records that are placed nowhere, as if it had brought them: it is to
    forget them once they are placed elsewhere. Of records that are not here nothing is noted, whatever it says."""
    area, held = _where(areas, area), set(entities)
    if _of_nowhere(store, held, area):
        with store.write():  # somebody may have placed them meanwhile, or said the same
            _wait(store, area, dict.fromkeys(_of_nowhere(store, held, area), OF_NOWHERE))


def _of_nowhere(store: Store, held: set[str], area: str) -> set[str]:
    """Return which of these records are here and placed nowhere, and do not wait in an area yet."""
    found = set[str]()
    for part in chunks(sorted(held - feed.kept_in(store, held).keys())):
        sql = f"""select distinct entity from edits where entity in ({holes(part, 1)})
            and not exists (select 1 from placement p where p.entity = edits.entity and p.area = $1)"""
        found.update(row["entity"] for row in store.rows(sql, area, *part))
    return found


def _where(areas: Collection[str], area: str) -> str:
    """Return where a record waits that a laptop has: in the area it was enrolled for, or else in one that it receives."""
    return area if area in areas else min(areas, default=area)


def _wait(store: Store, area: str, gone: Mapping[str, int | None]) -> None:
    """Let records wait in an area that never had them; entity -> what stands in place of the row that tells to forget."""
    upto = feed.end(store)
    store.many(
        "insert into placement (entity, area, told, since_n, left_n, gone_n) values ($1, $2, 0, $3, $3, $4)",
        [(entity, area, upto, mark) for entity, mark in sorted(gone.items())],
    )


def _tell_gone_again(
    store: Store, stays: Sequence[Mapping[str, Any]], gone: Sequence[Mapping[str, Any]]
) -> None:
    """Tell once more to forget records to areas that were told so; where a record has gone on since, it waits anew for whoever
    has it now.

    So it does where they were told in an earlier life of the province: who was believed to have it then, before anybody noticed
    that the province was put back, had perhaps read something else under the same numbers.
    """
    if not gone:
        return
    began = epochs.began(store)
    since: dict[str, int] = {}
    for row in stays:
        if row["left_n"] is None:
            since[row["entity"]] = min(row["since_n"], since.get(row["entity"], row["since_n"]))
    at_once, anew = list[Stay](), list[Stay]()
    for row in gone:
        there = since.get(row["entity"])
        is_had = there is not None and max(there, began + 1) <= row["gone_n"]
        (at_once if is_had else anew).append((row["entity"], row["area"]))
    feed.tell_gone(store, at_once)
    feed.leave(store, anew)
