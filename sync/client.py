"""The laptop's side: send what the province has not acknowledged and take what it tells, in one request.

`exchange` repeats at once while there is more. Whatever the network does (no answer, half an answer, the answer to
another request), nothing here changes until a whole answer, signed by the province for this very request, is there;
then edits, cursor and acknowledgement change together (answers.py). A laptop that turns out to be a copy goes on in a
new lane at once (renewal.py). Any other failure is noted with the time of the next try, then raised for whoever asked.
"""

from dataclasses import dataclass, replace
from typing import Any

from sync import (
    answers,
    checkup,
    departures,
    giving,
    instants,
    joining,
    keys,
    lanes,
    log,
    messages,
    opening,
    relays,
    renewal,
    revocations,
    stories,
    upstream,
    vouching,
)
from sync.errors import Refused, SyncError, UnknownReference
from sync.laptop import Laptop
from sync.messages import Answer, Request
from sync.ports import Store
from sync.pushes import push
from sync.renewal import Cause
from sync.transport import HttpTransport
from sync.upstream import Upstream

__all__ = ["HttpTransport", "Laptop", "Outcome", "exchange"]

LIVES = 3  # new lanes that one exchange may begin; a second one is rare, more mean something else is wrong


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an exchange did: edits newly acknowledged, edits received that were new, requests made."""

    acknowledged: int
    received: int
    requests: int


def exchange(laptop: Laptop) -> Outcome:
    """Send and receive until nothing is left. Raises SyncError after noting it (see upstream.is_due for when next)."""
    try:
        opening.open_laptop(laptop.store, laptop.ring, laptop.clock.now())
        revocations.refuse_own(laptop.store)
        return _until_nothing_is_left(laptop)
    except SyncError as error:
        upstream.failed(laptop.store, error, laptop.clock.now(), laptop.random)
        raise


def _until_nothing_is_left(laptop: Laptop) -> Outcome:
    acknowledged = received = requests = lives = 0
    again = True
    while again:
        turn = _turn(laptop, may_begin_anew=lives < LIVES)
        acknowledged, received, requests, lives = (
            acknowledged + turn.acknowledged, received + turn.received, requests + turn.requests, lives + turn.lives
        )  # fmt: skip
        again = turn.again
    return Outcome(acknowledged, received, requests)


@dataclass(frozen=True, slots=True)
class _Turn:
    acknowledged: int = 0
    received: int = 0
    requests: int = 1
    again: bool = False
    closed: bool = False  # the province ended this lane: go on in a new one
    lives: int = 0


ONE_REQUEST = _Turn()


def _turn(laptop: Laptop, *, may_begin_anew: bool) -> _Turn:
    """Make one request and take its answer in, or do what the province asks for before the next one."""
    state = upstream.state(laptop.store)
    if state.lane != laptop.keys.lane:
        joining.hand_over(laptop, state)
        return _Turn(again=True)
    opening.guard(laptop.store, laptop.ring)
    try:
        turn = _ask_known_or_not(laptop, state)
    except UnknownReference:
        if state.spell:
            raise
        upstream.spell(laptop.store)
        return _Turn(again=True)
    except Refused as refusal:
        if refusal.code not in ("fork", "behind") or not may_begin_anew:
            raise
        return _begin_anew(laptop, state, refusal)
    return (
        _begin_anew(laptop, state, Refused(code="closed"), turn) if turn.closed and may_begin_anew else turn
    )


def _begin_anew(laptop: Laptop, asked: Upstream, refusal: Refused, turn: _Turn = ONE_REQUEST) -> _Turn:
    begin_anew(laptop, asked.lane, refusal)
    return replace(turn, lives=1, again=True)


def begin_anew(laptop: Laptop, lane: str, refusal: Refused) -> None:
    """Go on in a new lane behind the last number that the province is known to share with this laptop.

    Only the keys follow where another program of this laptop has ended meanwhile the lane of which that was said.
    """
    store, now = laptop.store, laptop.clock.now()
    with store.write():
        if opening.settle(store, laptop.ring).lane == lane:
            shared = _shared(store, lane, refusal)
            giving.meet(store, refusal.details.get("epoch", ""), now, laptop.apply)
            renewal.begin(store, laptop.ring, Cause(refusal.code, shared, now))
    opening.settle(store, laptop.ring)


def _shared(store: Store, lane: str, refusal: Refused) -> int:
    """Return the highest number at which the province's chain is ours, of the points of its chain that a fork tells; else what it
    has acknowledged."""
    if refusal.code != "fork":
        return upstream.state(store).ack
    own, points = lanes.get(store, lane), refusal.details.get("points", ())
    return max((seq for seq, chain in points if log.chain8(store, own, seq) == chain), default=0)


def _ask_known_or_not(laptop: Laptop, state: Upstream) -> _Turn:
    """Ask; a province that does not know this laptop (it was put back to before the enrolment) sees its certificate."""
    try:
        return _ask(laptop, state, certified=False)
    except Refused as refusal:
        if refusal.code != "unknown_lane":
            raise
        return _ask(laptop, state, certified=True)


def _ask(laptop: Laptop, state: Upstream, *, certified: bool) -> _Turn:
    request = _request(laptop, state)
    certificate = state.certificate if certified else None
    message = messages.seal_request(request, laptop.keys, keys.key_id(state.server_key), certificate)
    reply = laptop.transport.post("/v1/s", message)
    answer = messages.read_answer(reply, request, message[-keys.SIGNATURE_BYTES :], state.server_key)
    if "refused" in answer.more:
        raise _refusal(answer)
    taken = answers.take(laptop, state, answer, request.more)
    return _Turn(
        taken.acknowledged, taken.received, 2 if certified else 1, taken.again, closed="closed" in answer.more
    )


def _refusal(answer: Answer) -> SyncError:
    said = dict(answer.more)
    code = str(said.pop("refused"))
    if code == UnknownReference.code:
        return UnknownReference("the province does not hold an edit that was named by its place")
    return Refused(f"the province refused: {code}", code=code, details=said | {"epoch": answer.epoch})


def _request(laptop: Laptop, state: Upstream) -> Request:
    own = lanes.get(laptop.store, laptop.keys.lane)
    more = _remarks(state) | _daily(laptop) | departures.remark(laptop.store) | vouching.remark(laptop.store)
    room = min(state.batch_bytes, messages.room_beside(more))
    edits, batch = push(laptop.store, own, state.ack, room, spell=state.spell)
    prev_chain = log.chain8(laptop.store, own, state.ack) or ""
    return Request(
        first_seq=state.ack + 1,
        unsent=own.last_seq - state.ack,
        prev_chain=prev_chain,
        end_chain=(log.chain8(laptop.store, own, edits[-1].seq) or "") if edits else prev_chain,
        epoch=state.epoch,
        cursor=state.cursor,
        app=laptop.app,
        scope_hash=state.scope_hash,
        room_kb=state.batch_bytes // 1024,
        more=more,
        batch=batch,
    )


def _remarks(state: Upstream) -> dict[str, Any]:
    remarks = {"spell": 1, "spelled": 1} if state.spell else {}
    return remarks | standing(state)


def _daily(laptop: Laptop) -> dict[str, Any]:
    said = checkup.remark(laptop.store, laptop.clock.now())
    return said | relays.remark(laptop.store) if said else {}


def standing(state: Upstream) -> dict[str, Any]:
    """Return what a laptop says of where it stands: of its clock only when that is really wrong, for the province lists them; and
    the story of what it has read."""
    offset_s = state.clock_offset_s or 0
    said: dict[str, Any] = {"off": offset_s} if abs(offset_s) > instants.CLOCK_WRONG_S else {}
    return said | ({stories.REMARK: state.story} if state.cursor and state.story else {})
