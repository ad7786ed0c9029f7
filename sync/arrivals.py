"""Arrivals: what the province does with the edits a laptop sends, so that each counts once and none is lost.

Inside one transaction: skip what is held already, append what follows, hold what comes too early, and refuse by
name (without keeping any of it in the log) what tells another story under a number already used.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sync import (
    body,
    bringing,
    devices,
    epochs,
    instants,
    intake,
    lanes,
    log,
    messages,
    relog,
    upstream,
    weights,
)
from sync.batches import LARGEST_COUNT, Finder, Named
from sync.body import Edit
from sync.devices import Device, Heard
from sync.errors import Broken, Malformed, Refused, UnknownReference
from sync.lanes import Lane
from sync.log import Line
from sync.messages import Envelope, Request
from sync.ports import Application, Store
from sync.unpacking import unpack_push
from sync.weights import Bearer

logger = logging.getLogger(__name__)

MOST_QUARANTINED_BYTES = 32 * 1024 * 1024  # of one lane: what a posyandu writes in ten years
HELD_LONG_S = 12 * 3600  # after which a batch that is brought again waits no more
MOST_HELD_BYTES = 4 * 1024 * 1024  # of one lane: three whole bundles that came before what they follow on
_THAT_BATCH = "where lane_no = $1 and first_seq = $2 and last_seq = $3 and end_chain = $4"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request whose signature was found good: from which laptop, what it says, its bytes, when it came."""

    device: Device
    request: Request
    envelope: Envelope
    at: str


def check_standing(store: Store, lane: Lane, request: Request) -> None:
    """Refuse (code 'fork') a laptop that tells another story under numbers we hold: a clone, or one restored.

    Both keep everything they have; the laptop opens a new lane and writes its unshared edits there again. A laptop
    that holds less than we do is not refused here: its message may only be an old one that comes late. It sees by
    itself that more is acknowledged than it has.
    """
    before = request.first_seq - 1
    if before < 0 or (request.batch is not None and _count(request) > request.unsent):
        raise Malformed("numbers that cannot be")
    if before <= lane.last_seq and log.chain8(store, lane, before) != request.prev_chain:
        raise fork(store, lane)


def fork(store: Store, lane: Lane, shared_seq: int = 0) -> Refused:
    """Return the refusal of a fork, with points of our chain to find the branch: 1, 2, 4 ... back from its end, and
    one that is known to be shared."""
    back = (0, *(2**power for power in range(32)))
    seqs = {shared_seq, *(lane.last_seq - step for step in back if step <= lane.last_seq)}
    points = [[seq, log.chain8(store, lane, seq)] for seq in sorted(seqs, reverse=True)]
    return Refused("another story under the same numbers", code="fork", details={"points": points})


def arrive(store: Store, arrival: Arrival, app: Application) -> None:
    """Take in what a laptop sends, inside `write()`; afterwards its lane's end is what may be acknowledged."""
    device, request = arrival.device, arrival.request
    if device.last_seen_at is None:
        lowered = weights.lower(store, [device.lane, *([device.succeeds] if device.succeeds else [])])
        intake.reweigh(store, lowered, arrival.at, app.apply)
    bring(store, arrival, app)
    offset_s = request.more.get("off")
    recorded = request.first_seq - 1 + request.unsent
    off = offset_s if isinstance(offset_s, int) else None
    said = Heard(recorded, request.app, off, *_read(store, request, app.scope(store, device.lane)))
    devices.note_clock(store, device, said.clock_offset_s, arrival.at)
    devices.heard(store, device.lane_no, said, arrival.at)


def _read(store: Store, request: Request, areas: frozenset[str]) -> tuple[int, frozenset[str]]:
    """Return how far a laptop has read what its areas are told; nothing where its cursor belongs to others or to an earlier
    life."""
    return (request.cursor, areas) if epochs.counts(store, request, areas) else (0, frozenset())


def bring(store: Store, arrival: Arrival, app: Application) -> None:
    """Take in the batch of a message, inside `write()`: append what follows, hold what comes too early."""
    request, lane = arrival.request, lanes.get(store, arrival.device.lane)
    check_standing(store, lane, request)
    if request.batch is None:
        return
    if request.first_seq > lane.last_seq + 1:
        _hold(store, arrival, app)
    else:
        _append(store, lane, arrival, app)
        _release_held(store, arrival, app)


def keep_otherwise(
    store: Store, arrival: Arrival, app: Application, find: Finder = lambda places: {}
) -> None:
    """Keep what a bundle tells under numbers that its lane has used otherwise (fork), inside `write()`: its edits are written
    again in the province's own lane, under the names that they have.

    Over a connection the laptop does so itself, in a new lane; of a bundle nobody knows whether the copy of the laptop that
    wrote it still lives. Raises UnknownReference where it names a place outside itself that `find` does not know: such a place
    may mean another edit here, so that nothing is looked for but by somebody who has looked at the edits (releasing.py).
    """
    device, request = arrival.device, arrival.request
    if request.batch is None:
        return
    batch = unpack_push(request.batch, device.lane, request.first_seq, find)
    held = log.held(store, [edit.uid for edit, _, _ in batch.lines])
    fresh = [named for named in batch.lines if named[0].uid not in held]
    own = lanes.get(store, lanes.own(store))
    lines, chain = _chained(own, tuple(relog.elsewhere(own, fresh)))
    if lines:
        _take(store, lines, arrival, app)
        lanes.advance(store, own.lane_no, own.last_seq + len(lines), chain)
        _keep_evidence(store, arrival, request.first_seq + len(batch.lines) - 1)


def quarantine(store: Store, arrival_of: Device, envelope: Envelope, reason: str, at: str) -> bool:
    """Keep an envelope that must not be applied by itself, until an administrator looks at it; return whether it is kept.

    A thief who goes on sending fills no disk: what one lane may leave here, before a person looks at it, has an end.
    """
    whole = envelope.signed + envelope.signature
    with store.write():
        if not _has_room(store, arrival_of.lane_no, envelope):
            return False
        store.run(
            """insert into quarantine (lane_no, reason, received_at, fingerprint, envelope)
            values ($1, $2, $3, $4, $5) on conflict (fingerprint) do nothing""",
            arrival_of.lane_no, reason, at, _fingerprint(envelope), whole,
        )  # fmt: skip
    return True


def _has_room(store: Store, lane_no: int, envelope: Envelope) -> bool:
    """Whether one more envelope of a lane may wait for a person; one that is here already needs no room."""
    if store.value("select 1 from quarantine where fingerprint = $1", _fingerprint(envelope)) is not None:
        return True
    sql = """select coalesce(sum(length(envelope)), 0) from quarantine where lane_no = $1 and released_at is null
        and put_aside_at is null"""
    size = len(envelope.signed) + len(envelope.signature)
    return int(store.value(sql, lane_no)) + size <= MOST_QUARANTINED_BYTES


def let_wait(store: Store, arrival_of: Device, envelope: Envelope, reason: str, at: str) -> bool:
    """Keep an envelope under quarantine that was held, also one that was released before that; return whether it is kept."""
    kept = quarantine(store, arrival_of, envelope, reason, at)
    with store.write():
        sql = "update quarantine set released_at = null, put_aside_at = null, reason = $2 where fingerprint = $1"
        return bool(store.run(sql, _fingerprint(envelope), reason)) or kept


def was_released(store: Store, envelope: Envelope) -> bool:
    """Whether a person has looked at an envelope and taken it in."""
    sql = "select 1 from quarantine where fingerprint = $1 and released_at is not null"
    return store.value(sql, _fingerprint(envelope)) is not None


def _fingerprint(envelope: Envelope) -> str:
    return sha256(envelope.signed + envelope.signature).hexdigest()


def _append(store: Store, lane: Lane, arrival: Arrival, app: Application) -> None:
    request = arrival.request
    batch = unpack_push(request.batch, lane.lane, request.first_seq, lambda places: log.found(store, places))
    held = lane.last_seq - request.first_seq + 1
    if held > 0:
        _check_overlap(store, lane, request, batch.lines[:held])
    lines, chain = _chained(lane, batch.lines[held:])
    last_seq = request.first_seq + len(batch.lines) - 1
    ours = chain[:8].hex() if lines else log.chain8(store, lane, last_seq)
    if ours != request.end_chain:
        raise _otherwise(request, Malformed("the chain does not end where the laptop says"))
    if lines:
        _take(store, lines, arrival, app)
        lanes.advance(store, lane.lane_no, last_seq, chain)
        _keep_evidence(store, arrival, last_seq)


def _take(store: Store, lines: list[Line], arrival: Arrival, app: Application) -> None:
    device = arrival.device
    bearer = Bearer(device.lane, device.rank_ceiling, device.last_seen_at)

    def weigh(new: Sequence[Edit], known: Sequence[Edit]) -> list[str]:
        weights.weigh_new(store, new, bearer, app.rank_of, arrival.at)
        return weights.weigh_again(store, known, bearer, app.rank_of) if known else []

    intake.take(store, lines, arrival.at, app.apply, weigh)
    brought = {line.edit.entity for line in lines}
    for areas in _its_areas(arrival, app.scope(store, device.lane)):
        bringing.tell_bringer(store, brought, areas, device.area)
    intake.reweigh(store, weights.recheck(store, app.rank_of), arrival.at, app.apply)


def _its_areas(arrival: Arrival, areas: frozenset[str]) -> list[frozenset[str]]:
    """Return the areas that a laptop has; where it did not know them when it wrote, also those that it was known to have read, or
    else the one it was enrolled for: perhaps it never hears of the others."""
    device, said = arrival.device, arrival.request.scope_hash
    known = device.read_in or frozenset([device.area])
    return [areas] if said in ("", upstream.hash_of(areas)) else [*dict.fromkeys((areas, known))]


def _chained(lane: Lane, fresh: tuple[Named, ...]) -> tuple[list[Line], bytes]:
    chain, lines = lane.chain, []
    for edit, text, fingerprint in fresh:
        chain = body.next_link(chain, fingerprint)
        lines.append(Line(edit, text, chain[:8].hex()))
    return lines, chain


def _check_overlap(store: Store, lane: Lane, request: Request, again: tuple[Named, ...]) -> None:
    ours = log.uids_at(store, lane.lane, [edit.seq for edit, _, _ in again])
    if any(ours.get(edit.seq) != edit.uid for edit, _, _ in again):
        raise _otherwise(request, fork(store, lane, request.first_seq - 1))


def _otherwise(request: Request, error: Refused | Broken) -> Refused | Broken:
    # A place may mean another edit here than at the laptop (after a restore): let it say ids in full first.
    return (
        error
        if request.more.get("spelled")
        else UnknownReference("the edits are not the ones the laptop means")
    )


def _hold(store: Store, arrival: Arrival, app: Application) -> None:
    """Hold a batch in the place of one that says the same; what a copy of the laptop tells under these numbers is held too.

    One that is brought again after it has waited is kept otherwise: what is before it is perhaps lost with its laptop.
    """
    request, lane_no = arrival.request, arrival.device.lane_no
    whole = arrival.envelope.signed + arrival.envelope.signature
    key = lane_no, request.first_seq, request.first_seq + _count(request) - 1, request.end_chain
    since = store.value(f"select received_at from held {_THAT_BATCH}", *key)
    store.run(f"delete from held {_THAT_BATCH}", *key)
    if since and since < instants.later(arrival.at, -HELD_LONG_S) and _is_kept_otherwise(store, arrival, app):
        return
    _make_room(store, arrival, MOST_HELD_BYTES - len(whole))
    store.run(
        """insert into held (lane_no, first_seq, last_seq, end_chain, received_at, envelope)
        values ($1, $2, $3, $4, $5, $6)""",
        *key, since or arrival.at, whole,
    )  # fmt: skip


def _is_kept_otherwise(store: Store, arrival: Arrival, app: Application) -> bool:
    try:
        with store.write():
            keep_otherwise(store, arrival, app)
    except (Refused, Broken) as error:
        logger.warning("a held batch of lane %s goes on waiting: %s", arrival.device.lane, error)
        return False
    return True


def _make_room(store: Store, arrival: Arrival, room: int) -> None:
    """Refuse (code 'too_early') what begins behind as much as may be held of a lane; else lay aside what does not fit beside it.

    An honest laptop begins where it was acknowledged, before all that is held of it, and is heard however much that is. What is
    laid aside is perhaps a copy's: a PC that brought it was told that it is taken, and may have it no more.
    """
    rows = store.rows(
        """select lane_no, first_seq, last_seq, end_chain, length(envelope) as bytes from held where lane_no = $1
        order by first_seq, received_at desc, last_seq, end_chain""",
        arrival.device.lane_no,
    )
    for row in rows:
        room -= row["bytes"]
        if room < 0 and (
            row["first_seq"] < arrival.request.first_seq or not _is_laid_aside(store, arrival, row)
        ):
            raise no_room()


def _is_laid_aside(store: Store, arrival: Arrival, held: Mapping[str, Any]) -> bool:
    """Let a held batch wait in quarantine instead; return whether there was room."""
    envelope = messages.open_envelope(store.value(f"select envelope from held {_THAT_BATCH}", *_key(held)))
    kept = let_wait(store, arrival.device, envelope, "too_early", arrival.at)
    if kept:
        let_go(store, held)
    return kept


def no_room() -> Refused:
    """Return the refusal of what can be kept nowhere at present: whoever brings it keeps it, and comes again."""
    return Refused("too much of this lane waits already: come again later", code="too_early")


def _count(request: Request) -> int:
    count = request.batch[0] if isinstance(request.batch, list) and request.batch else 0
    if type(count) is not int or not 0 < count <= LARGEST_COUNT:
        raise Malformed("a batch without a count")
    return count


def is_held(store: Store, held: Mapping[str, Any]) -> bool:
    """Whether a batch is still held."""
    return store.value(f"select 1 from held {_THAT_BATCH}", *_key(held)) is not None


def hold_anew(store: Store, held: Mapping[str, Any], at: str) -> None:
    """Let a held batch stand behind the others that wait, inside `write()`."""
    store.run(f"update held set received_at = $5 {_THAT_BATCH}", *_key(held), at)


def let_go(store: Store, held: Mapping[str, Any]) -> None:
    """Hold a batch no more, inside `write()`."""
    store.run(f"delete from held {_THAT_BATCH}", *_key(held))


def _key(held: Mapping[str, Any]) -> tuple[int, int, int, str]:
    return held["lane_no"], held["first_seq"], held["last_seq"], held["end_chain"]


def _release_held(store: Store, arrival: Arrival, app: Application) -> None:
    """Append held batches as long as one follows on; what can be kept nowhere else stays held."""
    device, staying = arrival.device, 0
    while True:
        row = store.one(
            """select h.lane_no, h.first_seq, h.last_seq, h.end_chain, h.envelope
            from held h join lanes l on l.lane_no = h.lane_no
            where h.lane_no = $1 and h.first_seq <= l.last_seq + 1
            order by h.first_seq, h.last_seq, h.received_at, h.end_chain limit 1 offset $2""",
            device.lane_no, staying,
        )  # fmt: skip
        if row is None:
            return
        if _is_released(store, device, messages.open_envelope(row["envelope"]), arrival.at, app):
            let_go(store, row)
        else:
            staying += 1


def _is_released(store: Store, device: Device, envelope: Envelope, at: str, app: Application) -> bool:
    """Take a held batch in. One that tells another story by now (fork) is kept otherwise; what turns out unreadable, or names
    what only its laptop knows, goes to quarantine. Return whether it is kept somewhere."""
    try:
        released = Arrival(device, messages.read_request(envelope), envelope, at)
        try:
            with store.write():
                lane = lanes.get(store, device.lane)
                check_standing(store, lane, released.request)
                _append(store, lane, released, app)
        except Refused as refusal:
            if refusal.code != "fork":
                raise
            with store.write():
                keep_otherwise(store, released, app)
    except (Refused, Broken) as error:
        logger.warning("a held batch of lane %s cannot follow: %s", device.lane, error)
        return let_wait(store, device, envelope, error.code, at)
    return True


def _keep_evidence(store: Store, arrival: Arrival, last_seq: int) -> None:
    store.run(
        """insert into evidence (lane_no, first_seq, last_seq, received_at, envelope)
        values ($1, $2, $3, $4, $5)""",
        arrival.device.lane_no, arrival.request.first_seq, last_seq, arrival.at,
        arrival.envelope.signed + arrival.envelope.signature,
    )  # fmt: skip
