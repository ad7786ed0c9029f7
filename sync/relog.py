"""Written again: edits that get a new place in this store's own lane and keep their uids.

`move` is for a laptop that begins a new lane: what the old lane did not bring to the province goes on in the new one.
`carry` is for edits of others that the province has lost: they get a further place, in the lane of whoever still has them.
`elsewhere` is for the province: what a bundle tells in a lane that has gone on otherwise stands in the province's own.
Such an edit says where it was first written (its origin), because its uid was made from there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sync import body, lanes, log
from sync.batches import Named
from sync.body import Edit
from sync.lanes import Lane
from sync.ports import Store

EVERY = 2**31


def move(store: Store, old: Lane, after: int, new: Lane) -> Lane:
    """Move the edits of a lane of our own behind a number to the end of another; return that lane as it then ends."""
    for edit in log.stretch(store, old.lane, after + 1, EVERY):
        new = _moved(store, old, edit, new)
    lanes.advance(store, new.lane_no, new.last_seq, new.chain)
    return new


def carry(store: Store, own: Lane, uids: Sequence[str]) -> None:
    """Give edits that stand in other lanes a further place at the end of our own; not those whose body the law had erased."""
    kept, rows = log.by_uid(store, uids), []
    seq, chain = own.last_seq, own.chain
    for edit in (kept[uid].edit for uid in uids if uid in kept):
        _, _, fingerprint = body.named(body.moved(edit, edit.origin or (edit.lane, edit.seq)))
        seq, chain = seq + 1, body.next_link(chain, fingerprint)
        rows.append((own.lane_no, seq, edit.uid, chain[:8].hex()))
    store.many("insert into positions (lane_no, seq, uid, chain8) values ($1, $2, $3, $4)", rows)
    lanes.advance(store, own.lane_no, seq, chain)
    _said_by_us(store, uids)


def elsewhere(own: Lane, told: Sequence[Named]) -> Iterator[Named]:
    """Yield edits that stand nowhere yet as they stand at the end of our own lane."""
    for seq, (edit, text, fingerprint) in enumerate(told, own.last_seq + 1):
        yield (
            replace(edit, lane=own.lane, seq=seq, origin=edit.origin or (edit.lane, edit.seq)),
            text,
            fingerprint,
        )


def make_room(store: Store, edits: Sequence[Edit]) -> None:
    """Free the places of edits that arrive where another edit stands here; that one is then written again by us.

    It happens when the province was put back to an older day and one of two clones has since written other edits
    under the numbers that it forgot. What stands here is then perhaps the last copy, so it goes on in our own lane.
    """
    here = log.found(store, [(edit.lane, edit.seq) for edit in edits])
    for edit in edits:
        uid = here.get((edit.lane, edit.seq), edit.uid)
        if uid != edit.uid:
            _set_aside(store, uid, edit)


def _set_aside(store: Store, uid: str, by: Edit) -> None:
    own, there = lanes.get(store, lanes.own(store)), lanes.get(store, by.lane)
    placed = store.one("select seq, chain8 from positions where uid = $1 and lane_no = $2", uid, own.lane_no)
    _said_by_us(store, [uid])
    if placed is not None and _frees(store, uid, there, by.seq):
        return
    (standing,) = log.stretch(store, by.lane, by.seq, 1)
    _keep_weight(store, standing, there, own)
    if placed is None:
        own = _moved(store, there, standing, own)
        lanes.advance(store, own.lane_no, own.last_seq, own.chain)
        return
    store.run("delete from positions where lane_no = $1 and seq = $2", own.lane_no, placed["seq"])
    store.run(
        """update edits set lane_no = $1, seq = $2, chain8 = $3, origin_seq = coalesce(origin_seq, seq),
        origin_lane_no = coalesce(origin_lane_no, lane_no) where lane_no = $4 and seq = $5""",
        own.lane_no, placed["seq"], placed["chain8"], there.lane_no, by.seq,
    )  # fmt: skip


def _said_by_us(store: Store, uids: Sequence[str]) -> None:
    """Note that edits stand in our own lane: the province does not tell us of them, so none is known early any more."""
    store.many("delete from early where uid = $1", [(uid,) for uid in uids])


def _frees(store: Store, uid: str, there: Lane, seq: int) -> bool:
    """Give up a further place of an edit; return whether that was one, and not the place where the log keeps it."""
    sql = "delete from positions where uid = $1 and lane_no = $2 and seq = $3"
    return bool(store.run(sql, uid, there.lane_no, seq))


def _keep_weight(store: Store, edit: Edit, old: Lane, new: Lane) -> None:
    """Keep what an edit weighs where it stands, before it stands in a lane that may carry another rank."""
    before, after = min(edit.rank, old.rank_ceiling), min(edit.rank, new.rank_ceiling)
    if before != after:
        store.run("update edits set authority = $1 where uid = $2 and authority is null", before, edit.uid)


def _moved(store: Store, old: Lane, edit: Edit, new: Lane) -> Lane:
    origin = edit.origin or (edit.lane, edit.seq)
    _, _, fingerprint = body.named(body.moved(edit, origin))
    chain = body.next_link(new.chain, fingerprint)
    at = (new.lane_no, new.last_seq + 1, chain[:8].hex(), old.lane_no, edit.seq)
    own = store.run(
        """update edits set lane_no = $1, seq = $2, chain8 = $3, origin_seq = coalesce(origin_seq, seq),
        origin_lane_no = coalesce(origin_lane_no, lane_no) where lane_no = $4 and seq = $5""",
        *at,
    )
    if not own:
        store.run(
            "update positions set lane_no = $1, seq = $2, chain8 = $3 where lane_no = $4 and seq = $5", *at
        )
    return Lane(new.lane_no, new.lane, new.rank_ceiling, new.last_seq + 1, chain)
