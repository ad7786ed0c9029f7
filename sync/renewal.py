"""A new lane for a laptop whose lane can no longer be one unbroken story.

A laptop restored from a copy, or a copy of a laptop, would write other edits under numbers that are already used. It
therefore goes on with new keys in a new lane. What the province may not have is written again there, with its uid;
what it has stays where it is; what this copy lacks comes back down. The old key signs the new one over (joining.py), so
that nobody needs to type a code, and work never stops.
"""

from dataclasses import dataclass

from sync import giving, lanes, notices, relog
from sync.lanes import Lane
from sync.ports import Store
from sync.rings import Ring


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a lane ends ('restored', 'fork', 'behind', 'closed'), and up to which number the province shares it."""

    why: str
    shared_seq: int
    at: str


def begin(store: Store, ring: Ring, cause: Cause) -> None:
    """End this laptop's lane and go on in a new one, inside `write()`; `opening.settle` follows after it."""
    old = lanes.get(store, lanes.own(store))
    fresh = ring.propose(ring.fresh())
    new = relog.move(store, old, cause.shared_seq, lanes.follow(store, old, fresh.lane))
    _live_on(store, new, fresh.sentinel, cause.shared_seq)
    if cause.shared_seq:
        giving.begin_in_new_lane(store)
    notices.post(store, "succeeded", old.lane, cause.why, cause.at)


def _live_on(store: Store, new: Lane, sentinel: str, shared_seq: int) -> None:
    # What stays in the old lane goes on being counted as recorded here and acknowledged.
    store.run(
        "update sync_self set lane_no = $1, sentinel = $2, guarded_seq = 0, earlier = earlier + $3",
        new.lane_no, sentinel, shared_seq,
    )  # fmt: skip
    store.run("update sync_upstream set ack = 0, spell = 0, entrusted_seq = 0")
