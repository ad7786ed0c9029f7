"""Pushes: what a laptop tells the province that it has not acknowledged yet, as much as fits one message."""

from sync import batches, log
from sync.body import Edit
from sync.lanes import Lane
from sync.packing import pack_push
from sync.ports import Store


def push(
    store: Store, own: Lane, after_seq: int, room: int, *, spell: bool
) -> tuple[list[Edit], list[object] | None]:
    """Return the edits of our own lane after a number that fit into `room` bytes, and their batch; none: [] and None.

    Not past `own.last_seq`: what is saved meanwhile goes with the next message, for this one says how many there are.
    `spell`: say ids in full, so that a reader who holds nothing else of ours can read it too.
    """
    unsent = own.last_seq - after_seq
    edits = (
        log.stretch(store, own.lane, after_seq + 1, min(batches.LARGEST_COUNT, unsent)) if unsent > 0 else []
    )
    while edits:
        mentioned = () if spell else batches.mentioned(edits)
        batch = pack_push(edits, own.lane, log.places_known(store, own, after_seq + 1, mentioned))
        fullness = batches.fullness(batch, edits, room)
        if fullness <= 1 or len(edits) == 1:
            return edits, batch
        edits = edits[: batches.fewer(len(edits), fullness)]
    return [], None
