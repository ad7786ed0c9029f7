"""The road without a network, the province's side, on the way in: bundles come as if over a connection (outbox.py: the answers).

Each part of a bundle goes the way of a request over a connection (province.py), with the same checks and in a transaction
of its own. What cannot be believed or read is refused by name and changes nothing; what is good is taken all the same.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from sync import arrivals, bundle, epochs, keys, lanes, outbox, overdue, revocations, succession
from sync.arrivals import Arrival
from sync.bundle import ENVELOPE, HANDOVER, Bundle, Remark, remark
from sync.errors import Broken, Busy, Malformed, Refused, SyncError
from sync.messages import Request
from sync.province import Province, read, take_in

logger = logging.getLogger(__name__)

# What values that nobody expected lead to. A database that is locked, or a fault of its own, is no bundle's doing.
_BY_WHAT_IT_SAYS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the province answers to a file of bundles: receipts, one for each lane, and a remark for each bundle."""

    receipts: tuple[bytes, ...]
    remarks: tuple[Remark, ...]


def receive(province: Province, data: bytes) -> Delivered:
    """Take in a file of bundles; return a receipt for each lane that could be heard, and what became of each bundle.

    What cannot be believed or read is refused by name and changes nothing; what is good is taken all the same.
    """
    overdue.settle(province)
    remarks, heard, seen = list[Remark](), dict[str, _Heard](), dict[str, Remark]()
    for found in bundle.split(data):
        if isinstance(found, SyncError):
            remarks.append(remark(found))
            continue
        if found.fingerprint not in seen:  # somebody may repeat a bundle a thousand times
            seen[found.fingerprint] = remark(found, _received(province, found, heard))
        remarks.append(seen[found.fingerprint])
    receipts, failed = _all_answered(province, heard)
    told = (replace(each, refused=each.refused or failed.get(each.lane, "")) for each in remarks)
    return Delivered(tuple(outbox.as_file(province, receipts)), tuple(told))


@dataclass(slots=True)
class _Heard:
    """What a file said of one lane: the newest of what was taken, and what was refused behind it."""

    taken: Request | None = None
    refused: tuple[Request, SyncError] | None = None

    def hear(self, request: Request, error: SyncError | None) -> None:
        """Note one more bundle of this lane."""
        self.refused = (request, error) if error else None
        if error is None and (self.taken is None or _end(request) >= _end(self.taken)):
            self.taken = request


def _end(request: Request) -> int:
    return request.first_seq + request.unsent


def _all_answered(province: Province, heard: Mapping[str, _Heard]) -> tuple[list[bytes], dict[str, str]]:
    """Return one receipt for each lane, for they are dear, and one laptop may give away a thousand bundles; and lane -> the code
    of why it gets none."""
    receipts: dict[str, bytes] = {}
    failed: dict[str, str] = {}
    for lane, said in heard.items():
        error = _alone(lane, partial(_answer, province, lane, said, receipts))
        if error is not None:
            failed[lane] = error.code
    return [*receipts.values()], failed


def _answer(province: Province, lane: str, heard: _Heard, receipts: dict[str, bytes]) -> None:
    if heard.taken is not None:
        receipts.update(outbox.answered(province, lane, heard.taken, None))
    if heard.refused is not None:
        receipts.update(outbox.answered(province, lane, *heard.refused))


def _received(province: Province, found: Bundle, heard: dict[str, _Heard]) -> SyncError | None:
    return _alone(found.lane, partial(_receive, province, found, heard))


def _alone(lane: str, act: Callable[[], SyncError | None]) -> SyncError | None:
    """Do something for one bundle, or one lane; whatever fails by it is its own refusal, and the others of its file go on."""
    try:
        return act()
    except SyncError as refusal:
        return refusal
    except (MemoryError, OSError):
        raise  # the machine failed, or its database, and says nothing about this bundle
    except _BY_WHAT_IT_SAYS:
        logger.exception("a bundle of lane %s cannot be taken in", lane)
        return Malformed("a bundle that no laptop writes")
    except Exception:
        logger.exception("a bundle of lane %s cannot be taken in now", lane)
        return Busy("something failed that may not be this bundle's fault")


def _receive(province: Province, found: Bundle, heard: dict[str, _Heard]) -> SyncError | None:
    if found.kind == bundle.REVOKED:
        revocations.give_back(province.store, found, province.keys, province.clock.now())
        return None
    if found.kind != bundle.PUSH:
        raise Refused("a receipt, which is for a laptop", code="a_receipt")
    if found.key_id != keys.key_id(province.keys.sign_key):
        raise Refused("for another province", code="unknown_key")
    request, error = _take_parts(province, found)
    if request is None and error is None:
        raise Malformed("a push without a word of a laptop")
    if request is not None:
        heard.setdefault(found.lane, _Heard()).hear(_named(province, found, request, error), error)
    return error


def _take_parts(province: Province, found: Bundle) -> tuple[Request | None, SyncError | None]:
    """Take in the parts of a bundle in order; return the last request that could be read, and the first refusal.

    Only the first part asks; what it asks is answered with the last.
    """
    request, error = None, None
    for tag, part in bundle.open_push(found, province.keys.box_seed):
        try:
            if tag == HANDOVER:
                _hand_over(province, found, part)
            elif tag == ENVELOPE:
                device, said, envelope = read(province, part)
                if device.lane != found.lane:
                    raise Malformed("the header names another lane")
                request = said if request is None else _asked_before(request, said)
                _take_part(province, Arrival(device, said, envelope, province.clock.now()), error)
        except SyncError as refusal:
            # What finds no room counts for more than another story that was kept: the PC must not let the bundle go.
            error = refusal if error is None or refusal.code == "too_early" else error
    return request, error


def _named(province: Province, found: Bundle, request: Request, error: SyncError | None) -> Request:
    """Let the receipt name the bundle that it answers, if nothing of it is lost: a PC then need not carry it any more."""
    is_kept = error is None or error.code == "fork"
    mark = bundle.mark(found.fingerprint, epochs.current(province.store)) if is_kept else 0
    named = replace(request, more={**request.more, outbox.ANSWERS: mark})
    return named if error else _no_newer(lanes.get(province.store, found.lane).last_seq, named)


def _no_newer(last_seq: int, request: Request) -> Request:
    """Return a request that says no higher number than is held of its lane: by it the newest bundle is known, and whoever has a
    stolen key could say that she has recorded without end."""
    first_seq = min(request.first_seq, last_seq + 1)
    return replace(request, first_seq=first_seq, unsent=min(request.unsent, last_seq + 1 - first_seq))


def _asked_before(first: Request, last: Request) -> Request:
    more = {name: said for name, said in first.more.items() if name != "drop"}  # held is a word of the moment
    return replace(last, more=more | last.more)


def _take_part(province: Province, arrival: Arrival, before: SyncError | None) -> None:
    """Take a part in; of one that tells another story under the same numbers (fork), and of those behind it (`before` is the
    first refusal), nothing is lost either."""
    if before is not None and before.code == "fork":
        _keep_otherwise(province, arrival)
        return
    try:
        take_in(province, arrival)
    except Refused as refusal:
        if refusal.code == "fork":
            _keep_otherwise(province, arrival)
        raise


def _keep_otherwise(province: Province, arrival: Arrival) -> None:
    store = province.store
    try:
        with store.write():
            arrivals.keep_otherwise(store, arrival, province.application)
    except (Refused, Broken) as error:
        logger.warning("a forked bundle of lane %s waits in quarantine: %s", arrival.device.lane, error)
        if not arrivals.quarantine(store, arrival.device, arrival.envelope, "fork", arrival.at):
            raise arrivals.no_room() from error


def _hand_over(province: Province, found: Bundle, part: bytes) -> None:
    try:
        said = json.loads(part)
        lane = keys.lane_of(said["sign_key"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Malformed("a handover that cannot be read") from error
    if lane != found.lane:
        raise Malformed("the handover of another lane")
    try:
        succession.redeem(province, said)
    except Refused as refusal:
        if refusal.code == "revoked":
            succession.enter_shut_out(province, said)
        raise
