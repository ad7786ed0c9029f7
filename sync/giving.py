"""Given back: what a province that was put back to an older day has lost comes back from every laptop that holds it.

A laptop that meets a province in another epoch than before 1. forgets what it was told and reads everything in its areas
again, which has no second effect; 2. then writes in its own lane, with their old uids, those edits of others that were not
told again: the province has lost them. It notes a further place for those that another laptop gave back sooner.
The same is done when the two do not agree on what was told (checkup.py).
"""

from collections.abc import Iterable

from sync import intake, lanes, relog, weights
from sync.chunks import chunks, holes
from sync.ports import Apply, Store

GIVES = 1  # in sync_upstream.giving; 2: reads everything again, and owes nothing (departures.regain)


def begin(store: Store, at: str, apply: Apply) -> None:
    """Forget what the province has told, inside `write()`: it will be asked for everything again."""
    forget(store)
    intake.reweigh(store, weights.unsay(store), at, apply)
    store.run("update sync_upstream set giving = $1, read_n = cursor_n, cursor_n = 0", GIVES)


def begin_in_new_lane(store: Store) -> None:
    """Ask for everything again because this laptop goes on in a new lane, inside `write()`.

    Nobody says any more up to where the province holds the lane that it left: a province that was put back unseen before it
    told what stays there would lose that unnoticed. Read already, it counts as everything else does that was told (checkup.py).
    No receipt of before can end this reading (`read_n`): it is for the lane that was left.
    """
    forget(store)
    store.run("update sync_upstream set giving = $1, read_n = 0, cursor_n = 0", GIVES)


def meet(store: Store, epoch: str, at: str, apply: Apply) -> None:
    """Note the epoch that a refusal told; a new one means that the province was put back, inside `write()`.

    The first one that a laptop hears is noted too: what it shares with that province stays in the lane that it leaves, and
    another life of the province may lack it.
    """
    known = store.value("select epoch from sync_upstream")
    if epoch and epoch != known:
        if known:
            begin(store, at, apply)
        store.run("update sync_upstream set epoch = $1, read_n = 0", epoch)


def had_read(store: Store) -> int:
    """Return up to which number of the feed a laptop had read when it began to read everything again."""
    return int(store.value("select read_n from sync_upstream"))


def forget(store: Store) -> None:
    """Forget what the province has told, because it tells everything again from the beginning, inside `write()`."""
    store.run("update edits set told = 0 where told = 1")


def tell(store: Store, uids: Iterable[str]) -> None:
    """Note that the province has told these edits, inside `write()`: what was known early is no longer so."""
    for part in chunks(sorted(set(uids))):
        store.run(f"update edits set told = 1 where told = 0 and uid in ({holes(part)})", *part)
        store.run(f"delete from early where uid in ({holes(part)})", *part)


def finish(store: Store) -> bool:
    """Once everything was read again: give back the edits of other lanes that were not told, inside `write()`.

    What a PC knows from bundles only has a road of its own, the bundle, and would borrow its word. Returns whether any were.
    """
    giving = store.value("select giving from sync_upstream")
    if giving != GIVES:
        store.run("update sync_upstream set giving = 0 where giving <> 0")
        return False
    own = lanes.get(store, lanes.own(store))
    lost = store.rows(
        """select uid from edits e where told = 0 and lane_no <> $1 and body is not null and uid not in (select uid from early)
        and not exists (select 1 from positions p where p.uid = e.uid and p.lane_no = $1) order by n""",
        own.lane_no,
    )
    relog.carry(store, own, [row["uid"] for row in lost])
    store.run("update sync_upstream set giving = 0")
    return bool(lost)
