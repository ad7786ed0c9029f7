"""The province's side of an exchange, without any web server: bytes in, bytes out, one transaction between.

1. Is it signed by a laptop we know (or one that brings our own certificate), not revoked? 2. Does it follow on what
we hold of its lane? What we hold already is skipped, what comes too early is held, another story under the same
number is refused by name and loses nothing. 3. New edits enter the log, become records, are told to others; the
envelope is kept as evidence. 4. Commit, durably. 5. Then answer: what we now hold without a gap, and what is new.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sync import (
    arrivals,
    bringing,
    certificates,
    departures,
    devices,
    epochs,
    feed,
    instants,
    lanes,
    messages,
    notices,
    opening,
    relays,
    revocations,
    stories,
)
from sync.arrivals import Arrival
from sync.batches import LARGEST_COUNT
from sync.devices import Device
from sync.errors import BadSignature, Broken, Refused, SyncError
from sync.keys import SIGNATURE_BYTES, Keys, key_id
from sync.messages import Answer, Envelope, Request
from sync.ports import Application, Apply, Clock, RankOf, Scope, Store
from sync.pulls import pull, too_old
from sync.rings import Ring

logger = logging.getLogger(__name__)

MOST_QUOTED = 50  # edits of which an answer says why they could not be applied
HEARD_EVERY_S = 3600  # how often an exchange without anything new may cost a write, only to say "heard"
BELIEVED_EVERY_S = (
    instants.DAY_S
)  # how often the laptops of an area are believed that the province was put back
_NOTHING_ELSE: Mapping[str, Any] = MappingProxyType({})
_NOTHING_SAID = Request(1, 0, "", "", "", 0, "", "", 0)


@dataclass(frozen=True)
class Province:
    """The ports of the province's side: its store for this request, keys, records, areas, and clock.

    `rank_of` says who really held which rank. `min_version` is the oldest version of the program that may still receive
    (any may send), empty for all. `relay_areas` are the areas whose machines carry for a laptop; `token_bytes` gives
    bytes nobody can guess, for what is sealed.
    """

    store: Store
    keys: Keys
    apply: Apply
    scope: Scope
    rank_of: RankOf
    clock: Clock
    min_version: str = ""
    relay_areas: Scope = lambda store, lane: frozenset()
    token_bytes: Callable[[int], bytes] = secrets.token_bytes

    @property
    def application(self) -> Application:
        """What sync asks of the application when edits arrive."""
        return Application(self.apply, self.rank_of, self.scope)


@dataclass(frozen=True, slots=True)
class Question:
    """A request that was found good: of which laptop, which areas it now receives, and when it came."""

    device: Device
    request: Request
    areas: frozenset[str]
    at: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer's bytes, and the code of the refusal if it is one."""

    body: bytes
    refused: str = ""


def open_province(store: Store, ring: Ring, clock: Clock, token_bytes: Callable[[int], bytes]) -> None:
    """Make a store the province's, with a lane and a first epoch; afterwards check whether it still is what it was.

    A database that is a copy of an older day is noticed (see `put_back`). Refuses (code 'restored') a database that
    never was this province's.
    """
    with store.write():
        lanes.open_own(store, ring.keys.lane, ring.keys.sentinel, role="province")
        if store.value("select 1 from epochs") is None:
            epochs.begin(store, clock.now(), token_bytes)
        if lanes.numbers(store, [ring.keys.lane]) == {}:
            raise Refused("the keys beside this database are another province's", code="restored")
        if opening.was_put_back(store, ring):
            put_back(store, ring, clock, token_bytes)
    opening.guard(store, ring, always=True)


def put_back(store: Store, ring: Ring, clock: Clock, token_bytes: Callable[[int], bytes]) -> None:
    """Go on from a copy of an older day: a new epoch begins, and laptops send again what this database forgot."""
    with store.write():
        notices.post(store, "restored", lanes.own(store), "", clock.now())
        epochs.begin(store, clock.now(), token_bytes)
        opening.adopt(store, ring)


def receive(province: Province, message: bytes) -> Reply:
    """Return the answer to one request, or a refusal that says why by name. Nothing refused changes anything."""
    signature = message[-SIGNATURE_BYTES:]
    request = _NOTHING_SAID
    try:
        device, request, envelope = read(province, message)
        now = province.clock.now()
        take_in(province, Arrival(device, request, envelope, now))
        question = Question(device, request, province.scope(province.store, device.lane), now)
        confirm(province, question)
        answer = answered(province, question)
        return Reply(messages.seal_answer(answer, request, signature, province.keys))
    except (Refused, Broken) as error:
        logger.warning("refused %s from lane %s: %s", error.code, message[4:20].hex(), error)
        return Reply(_refusal(province, request, signature, error), error.code)


def read(province: Province, message: bytes) -> tuple[Device, Request, Envelope]:
    """Return who sent a message and what it says, once its signature was found good; refuses by name what is not believed."""
    envelope = messages.open_envelope(message)
    device = _known(province, envelope)
    return device, messages.read_request(envelope), envelope


def _refusal(province: Province, request: Request, signature: bytes, error: SyncError) -> bytes:
    now = instants.seconds(province.clock.now())
    more = {"refused": error.code, **error.details}
    epoch = epochs.current(province.store)
    answer = Answer(0, request.end_chain, epoch, request.cursor, request.scope_hash, now, more)
    return messages.seal_answer(answer, request, signature, province.keys)


def _known(province: Province, envelope: Envelope) -> Device:
    """Return the laptop that signed; one we do not know may bring the certificate we once gave it."""
    if envelope.key_id != key_id(province.keys.sign_key):
        raise Refused("addressed to another key", code="unknown_key")
    device = devices.find(province.store, envelope.lane)
    if device is None and envelope.certificate:
        device = _enter(province, envelope, envelope.certificate)
    if device is None:
        raise Refused("never enrolled here", code="unknown_lane")
    messages.verify(envelope, device.sign_key)
    return device


def _enter(province: Province, envelope: Envelope, signed: bytes) -> Device | None:
    certificate = certificates.read(signed, province.keys.sign_key)
    if certificate.lane != envelope.lane:
        raise BadSignature("the certificate of another lane")
    messages.verify(envelope, certificate.sign_key)
    with province.store.write():
        devices.enter(province.store, certificate, signed)
    return devices.find(province.store, envelope.lane)


def _notice_put_back(province: Province, device: Device, request: Request) -> None:
    """Begin a new epoch when a laptop was told or acknowledged more in this one than there is here, or other things.

    The whole machine was then put back, keys and all, so that no sentinel could tell. The laptops of one area are believed
    once a day: every laptop reads everything again in a new epoch, and nobody can prove what a copy has forgotten. A second
    word on the same day sets that laptop's own cursor back (`epochs.cursor_now`), and its next check-up finds the rest.
    """
    store, now = province.store, province.clock.now()
    acknowledged = _acknowledged(request)  # first of all, for it refuses what is no number
    beyond = request.cursor > feed.end(store) or acknowledged > device.acknowledged
    if not (beyond or not stories.is_ours(store, request)) or not _is_news(store, device, request, now):
        return
    logger.error("lane %s knows more of this epoch than its province: it was put back", device.lane)
    with store.write():
        if _is_news(store, device, request, now):  # others have perhaps said so, and waited for this lock
            notices.post_anew(store, "restored", device.lane, "", now)
            epochs.begin(store, now, province.token_bytes)


def _is_news(store: Store, device: Device, request: Request, now: str) -> bool:
    """Whether a laptop speaks of this very epoch, and none of its area was believed so today."""
    if request.epoch != epochs.current(store):
        return False
    if notices.posted_of(store, "restored", device.area, instants.later(now, -BELIEVED_EVERY_S), now):
        logger.error("lane %s says again that it knows more than its province: not believed", device.lane)
        return False
    return True


def _acknowledged(request: Request) -> int:
    """Return what was acknowledged to a laptop when it wrote: the later parts of a bundle begin behind edits that were not."""
    acknowledged = request.more.get("acked", request.first_seq - 1)
    messages.check_numbers(acknowledged)
    return int(acknowledged)


def take_in(province: Province, arrival: Arrival) -> None:
    """Take in what a laptop sends, durably; refuses by name, with nothing changed, what does not follow on its lane."""
    store, device, request = province.store, arrival.device, arrival.request
    if device.revoked_at is not None:
        # A mere question holds nothing to be kept.
        kept = request.batch is None or arrivals.quarantine(
            store, device, arrival.envelope, "revoked", arrival.at
        )
        raise Refused("this laptop was revoked", code="revoked", details={"received": int(kept)})
    _notice_put_back(province, device, request)
    if request.batch is not None or _long_unheard(device, arrival.at):
        with store.write():
            arrivals.arrive(store, arrival, province.application)
    else:
        arrivals.check_standing(store, lanes.get(store, device.lane), request)


def confirm(province: Province, question: Question) -> None:
    """Believe a laptop that it has read up to its cursor: the areas that these records have left may forget them; and so may
    its own areas what nobody will confirm. And believe it that it holds what it asks about."""
    store, areas = province.store, question.areas
    # A cursor past the end is of an earlier life, though nobody said that the province was put back.
    if question.request.cursor <= feed.end(store) and epochs.counts(store, question.request, areas):
        departures.confirm(store, areas, question.request.cursor)
    departures.give_up(store, areas, province.scope)
    asked = departures.asked_about(store, question.device.lane_no, question.request)
    bringing.note_holder(store, asked, areas, question.device.area)


def answered(province: Province, question: Question, also: Mapping[str, Any] = _NOTHING_ELSE) -> Answer:
    """Return what a laptop is answered: what is held of its lane without a gap, and what it has not been told.

    `also`: remarks for which the answer must have room too.
    """
    store, device, request = province.store, question.device, question.request
    lane = lanes.get(store, device.lane)
    beside = {**also, **too_old(request.app, province.min_version), **_flagged(store, question)}
    beside |= relays.told(store, device.lane, request, province.relay_areas)
    beside |= revocations.told(store, request.more.get("believe"))
    beside |= {"closed": 1} if device.closed_at else {}
    told = pull(store, device, request, question.areas, beside)
    chain, seconds = lane.chain[:8].hex(), instants.seconds(question.at)
    return Answer(
        lane.last_seq,
        chain,
        told.epoch,
        told.cursor,
        told.scope_hash,
        seconds,
        told.more,
        told.check,
        told.batch,
    )


def _long_unheard(device: Device, now: str) -> bool:
    return device.last_seen_at is None or instants.later(device.last_seen_at, HEARD_EVERY_S) <= now


def _flagged(store: Store, question: Question) -> dict[str, list[list[int | str]]]:
    """Return the laptop's edits that wait to be looked at, by seq, with what the application said: of those that were not
    acknowledged to it, for an earlier answer may have been lost. Of very many it says only of the first why."""
    request = question.request
    if request.batch is None and "acked" not in request.more:
        return {}
    rows = store.rows(
        """select e.seq, r.problem from reviews r join edits e on e.uid = r.uid
        where r.settled_at is null and e.lane_no = $1 and e.seq > $2 order by e.seq limit $3""",
        question.device.lane_no, _acknowledged(request), LARGEST_COUNT,
    )  # fmt: skip
    words = [row["problem"][:100] for row in rows[:MOST_QUOTED]] + [""] * len(rows[MOST_QUOTED:])
    return {"review": [[row["seq"], said] for row, said in zip(rows, words, strict=True)]} if rows else {}
