"""The road without a network, a laptop's side: the bundle it gives away, and the receipt that comes home.

`export` writes what the province has not acknowledged; postbox.py takes it in and answers with receipts; `take` brings a
receipt home. Bundles may come twice, late, in any order or only some of them, and so may receipts. These functions know
bytes only: no file, no page, no network.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sync import (
    bundle,
    client,
    departures,
    joining,
    keys,
    lanes,
    log,
    messages,
    opening,
    receipts,
    relays,
    revocations,
    upstream,
    vouching,
)
from sync.answers import Taken
from sync.bundle import CERTIFICATE, ENVELOPE, HANDOVER, PAGE, Bundle, Item, Label, Remark, remark
from sync.errors import Refused, SyncError
from sync.lanes import Lane
from sync.laptop import Laptop
from sync.messages import Request
from sync.pushes import push
from sync.receipts import ROOM_KB
from sync.upstream import Upstream

MOST_PARTS = 16
PART_BYTES = 60 * 1024  # deflated; the rest of an envelope's 64 kB is left for what is not the batch


@dataclass(frozen=True, slots=True)
class Brought:
    """What receipts changed on a laptop: edits newly acknowledged, edits new here, and a remark for each bundle."""

    acknowledged: int
    received: int
    remarks: tuple[Remark, ...]


def export(laptop: Laptop) -> bytes:
    """Return a bundle of everything that the province has not acknowledged, sealed to it and to this laptop's relays.

    A laptop without news asks by it for what is new. Refuses (NotEnrolled) before enrolment, and (code 'revoked') once
    this laptop has read that it is no longer believed.
    """
    store = laptop.store
    opening.open_laptop(store, laptop.ring, laptop.clock.now())
    state = upstream.state(store)
    revocations.refuse_own(store)
    opening.guard(store, laptop.ring)
    word = [*_handover(laptop, state)]
    parts, last_seq = _parts(laptop, state)
    label = Label(bundle.PUSH, keys.key_id(state.server_key), laptop.keys.lane, state.ack + 1, last_seq)
    receivers = [upstream.server_box_key(store), *relays.keys_of(store)]
    return bundle.seal(label, [*word, *parts], receivers, laptop.random.token_bytes)


def _handover(laptop: Laptop, state: Upstream) -> Iterator[Item]:
    """Yield, from a laptop that went on in a new lane, the word of its old key."""
    if state.lane != laptop.keys.lane and not joining.is_certified(laptop):
        yield HANDOVER, json.dumps(joining.handover(laptop)).encode()


def _parts(laptop: Laptop, state: Upstream) -> tuple[list[Item], int]:
    """Return the envelopes of as many requests as are needed, or fit, and the last number they bring."""
    parts: list[Item] = []
    after, own = state.ack, lanes.get(laptop.store, laptop.keys.lane)
    while not parts or (after < own.last_seq and len(parts) < MOST_PARTS):
        request, last_seq = _request(laptop, state, own, after)
        certificate = None if parts else _certificate(laptop, state)
        key_id = keys.key_id(state.server_key)
        parts.append((ENVELOPE, messages.seal_request(request, laptop.keys, key_id, certificate)))
        after = last_seq
    return parts, after


def _certificate(laptop: Laptop, state: Upstream) -> bytes | None:
    return state.certificate if state.lane == laptop.keys.lane else laptop.keys.certificate or None


def _request(laptop: Laptop, state: Upstream, own: Lane, after: int) -> tuple[Request, int]:
    store = laptop.store
    asks = relays.remark(store) | departures.remark(store) | vouching.remark(store)
    later = {"acked": state.ack} if after > state.ack else asks
    room = min(PART_BYTES, messages.room_beside(later))
    edits, batch = push(store, own, after, room, spell=True)
    last_seq = edits[-1].seq if edits else after
    request = Request(
        first_seq=after + 1,
        unsent=own.last_seq - after,
        prev_chain=log.chain8(store, own, after) or "",
        end_chain=log.chain8(store, own, last_seq) or "",
        epoch=state.epoch,
        cursor=state.cursor,
        app=laptop.app,
        scope_hash=state.scope_hash,
        room_kb=ROOM_KB,
        more={"spell": 1, "spelled": 1} | client.standing(state) | later,
        batch=batch,
    )
    return request, last_seq


def take(laptop: Laptop, data: bytes) -> Brought:
    """Take in a file of receipts: those for this laptop, each as far as that is safe. Others are refused by name."""
    opening.open_laptop(laptop.store, laptop.ring, laptop.clock.now())
    upstream.state(laptop.store)  # refuses before enrolment
    remarks, acknowledged, received = [], 0, 0
    for found in bundle.split(data):
        if isinstance(found, SyncError):
            remarks.append(remark(found))
            continue
        error = None
        try:
            for taken in take_one(laptop, found):
                acknowledged, received = acknowledged + taken.acknowledged, received + taken.received
        except SyncError as refusal:
            error = refusal
        remarks.append(remark(found, error))
    return Brought(acknowledged, received, tuple(remarks))


def take_one(laptop: Laptop, found: Bundle) -> Iterator[Taken]:
    """Take one receipt in, page by page, or the list of those no longer believed; yield what each page changed."""
    store, state = laptop.store, upstream.state(laptop.store)
    if found.key_id != keys.key_id(state.server_key):
        raise Refused("from another province", code="other_province")
    if found.kind == bundle.REVOKED:
        revocations.take(store, found, state.server_key, laptop.clock.now())
        vouching.withdraw(laptop)
        return
    if found.kind != bundle.RECEIPT:
        raise Refused("a laptop's bundle, which is for the province", code="a_push")
    if found.lane != laptop.keys.lane:
        raise Refused("for another laptop", code="other_lane")
    for tag, part in bundle.open_receipt(found, state.server_key, laptop.keys.box_seed):
        if tag == CERTIFICATE:
            joining.take_certificate(laptop, part)
        elif tag == PAGE:
            yield _turn_over(laptop, found.lane, receipts.read(part))


def _turn_over(laptop: Laptop, lane: str, page: receipts.Page) -> Taken:
    """Take a page for a lane; a laptop that turns out to be a copy, or whose lane was closed, goes on in a new lane."""
    try:
        taken = receipts.take(laptop, page)
    except Refused as refusal:
        # Another story without a word where it branches off: the province says that in its answer to the next bundle.
        if refusal.code == "behind" or "points" in refusal.details:
            client.begin_anew(laptop, lane, refusal)
        raise
    if "closed" in page.answer.more:
        client.begin_anew(laptop, lane, Refused(code="closed"))
        raise Refused("the province ended this lane; the laptop goes on in a new one", code="closed")
    return taken
