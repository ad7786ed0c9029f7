"""Check-up: once a day a laptop says how many edits it was told and the sum of their uids; the province counts too.

If they do not agree, something went wrong that nothing else noticed: a page of the laptop's disk, or a province that was
put back unseen and has since told other edits under numbers the laptop had passed. The laptop then reads everything in
its areas again, which has no second effect, and gives back what it was not told again (giving.py).
The sum says nothing of records that this laptop has forgotten, nor of its own edits: of these it names some each day (`away`),
for a province that was put back unseen may have lost that they left.
Once a day and not in every answer: a laptop on 2G pays for every byte, and the province would count for every poll.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sync import epochs, ids, instants, reading, upstream
from sync.chunks import chunks, holes
from sync.devices import Device
from sync.messages import Request
from sync.ports import Store
from sync.reading import Reader

EVERY_S = instants.DAY_S
MOST_UNSETTLED = 10
"""Records on their way in or out of which the province tries each of the two ways for each of them; of more it believes only
that a laptop holds all of them or none. One that holds some reads everything again, and holds all that it had read before."""
AWAY_AT_ONCE = 60  # forgotten records named in a day: a kilobyte

Counted = tuple[int, int]  # how many edits, and the sum of their uids


def remark(store: Store, now: str) -> dict[str, Any]:
    """Return what a laptop says of what it was told, if it is time to; nothing while it reads everything again."""
    row = store.one("select checked_at, giving, leaving from sync_upstream") or {}
    checked_at = row.get("checked_at")
    waits = checked_at is not None and checked_at <= now < instants.later(checked_at, EVERY_S)
    if waits or row.get("giving") or row.get("leaving") or not row:
        return {}
    sql = "select uid from edits where told = 1 and entity not in (select entity from departed)"
    return {"sum": _sum(found["uid"] for found in store.rows(sql))} | _away(store)


def _away(store: Store) -> dict[str, Any]:
    """Return the remark that names some of the records that were forgotten here, each day others."""
    sql = """select entity, entity < $1 as behind from departed where forgotten > 0 order by behind, entity limit $2"""
    named = [ids.short(row["entity"]) for row in store.rows(sql, upstream.todays_start(store), AWAY_AT_ONCE)]
    return {"away": named} if named else {}


def noted(store: Store, now: str) -> None:
    """Note that the province has counted, inside `write()`."""
    store.run("update sync_upstream set checked_at = $1", now)


def doubt(store: Store, device: Device, request: Request, areas: Collection[str]) -> dict[str, int]:
    """Return the remark that a laptop was not told what it should have been, nothing if it was (or did not ask)."""
    asked = request.more.get("sum")
    if asked is None or not epochs.counts(store, request, areas):
        return {}
    if _is_back(store, request, areas):
        return {"doubt": 1}
    reader = Reader(frozenset(areas), device.lane_no, request.cursor, device.read_n, device.read_in)
    # In this order: a record that leaves meanwhile is then of those that a laptop perhaps holds, and not of none.
    told, unsettled = reading.told(store, reader), reading.unsettled(store, reader)
    perhaps = [_sum(uids - told) for uids in unsettled.values() if uids - told]
    if len(perhaps) > MOST_UNSETTLED:
        counts, sums = zip(*perhaps, strict=True)
        perhaps = [(sum(counts), sum(sums) % 2**64)]
    possible = _possible(_sum(told), perhaps)
    return {} if any(asked == [*each] for each in possible) else {"doubt": 1}


def _is_back(store: Store, request: Request, areas: Collection[str]) -> bool:
    """Whether a record that a laptop has forgotten was in its areas all along, as far as it has read: it never will be told."""
    away = ids.listed(request.more.get("away", ()), "records that were forgotten")
    for part in chunks(sorted(set(away))):
        sql = f"""select area from placement where left_n is null and since_n <= $1 and entity in ({holes(part, 1)})"""
        if any(row["area"] in areas for row in store.rows(sql, request.cursor, *part)):
            return True
    return False


def _possible(surely: Counted, perhaps: Iterable[Counted]) -> set[Counted]:
    """Return every count and sum that a laptop may rightly say, which holds each of some records whole or not at all."""
    found = {surely}
    for count, uids in perhaps:
        found |= {(before + count, (total + uids) % 2**64) for before, total in found}
    return found


def _sum(uids: Iterable[str]) -> Counted:
    parts = [int(uid[:16], 16) for uid in uids]
    return len(parts), sum(parts) % 2**64
