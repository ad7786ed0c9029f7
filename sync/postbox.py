"""The road without a network, the province's side: bundles come in as if over a connection, receipts go out.

Each part of a bundle goes the way of a request over a connection (province.py), with the same checks and in a transaction
of its own. What cannot be believed or read is refused by name and changes nothing; what is good is taken all the same.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sync import (
    arrivals,
    bundle,
    certificates,
    devices,
    epochs,
    instants,
    keys,
    lanes,
    receipts,
    revocations,
    succession,
)
from sync.arrivals import Arrival
from sync.bundle import CERTIFICATE, ENVELOPE, HANDOVER, PAGE, Bundle, Label, Remark, remark
from sync.devices import Device
from sync.errors import Broken, Busy, Malformed, Refused, SyncError
from sync.messages import Request
from sync.province import Province, read, take_in
from sync.receipts import ROOM_KB

logger = logging.getLogger(__name__)

ANSWERS = "answers"  # the mark of the bundle that a laptop was heard by
ASKS = ("own", "left")  # questions whose answer may come late: what is so today is answered (departures.py)

# What values that nobody expected lead to. A database that is locked, or a fault of its own, is no bundle's doing.
_BY_WHAT_IT_SAYS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

UNHEARD_S = (
    180 * devices.DAY_S
)  # after which no more receipts are written for a laptop: its next bundle gets one


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the province answers to a file of bundles: receipts, one for each lane, and a remark for each bundle."""

    receipts: tuple[bytes, ...]
    remarks: tuple[Remark, ...]


def receive(province: Province, data: bytes) -> Delivered:
    """Take in a file of bundles; return a receipt for each lane that could be heard, and what became of each bundle.

    What cannot be believed or read is refused by name and changes nothing; what is good is taken all the same.
    """
    remarks, heard, seen = list[Remark](), dict[str, bytes](), dict[str, Remark]()
    for found in bundle.split(data):
        if isinstance(found, SyncError):
            remarks.append(remark(found))
            continue
        if (
            found.fingerprint not in seen
        ):  # a receipt is dear, and somebody may repeat a bundle a thousand times
            seen[found.fingerprint] = remark(found, _received(province, found, heard))
        remarks.append(seen[found.fingerprint])
    return Delivered(tuple(_as_file(province, [*heard.values()])), tuple(remarks))


def _received(province: Province, found: Bundle, heard: dict[str, bytes]) -> SyncError | None:
    """Take one bundle in; whatever fails by it is its own refusal, and the others of its file go on."""
    try:
        return _receive(province, found, heard)
    except SyncError as refusal:
        return refusal
    except (MemoryError, OSError):
        raise  # the machine failed, or its database, and says nothing about this bundle
    except _BY_WHAT_IT_SAYS:
        logger.exception("a bundle of lane %s cannot be taken in", found.lane)
        return Malformed("a bundle that no laptop writes")
    except Exception:
        logger.exception("a bundle of lane %s cannot be taken in now", found.lane)
        return Busy("something failed that may not be this bundle's fault")


def _receive(province: Province, found: Bundle, heard: dict[str, bytes]) -> SyncError | None:
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
        request = _named(province, found, request, error)
    heard.update(_answered(province, found.lane, request, error))
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
            error = error or refusal
    return request, error


def _named(province: Province, found: Bundle, request: Request, error: SyncError | None) -> Request:
    """Let the receipt name the bundle that it answers, if nothing of it is lost: a PC then need not carry it any more."""
    is_kept = error is None or error.code == "fork"
    mark = bundle.mark(found.fingerprint, epochs.current(province.store)) if is_kept else 0
    return replace(request, more={**request.more, ANSWERS: mark})


def _asked_before(first: Request, last: Request) -> Request:
    more = {name: said for name, said in first.more.items() if name != "drop"}  # held is a word of the moment
    return replace(last, more=more | last.more)


def _asks(request: Request) -> dict[str, Any]:
    return {name: request.more[name] for name in (*ASKS, ANSWERS) if name in request.more}


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
        arrivals.quarantine(store, arrival.device, arrival.envelope, "fork", arrival.at)


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


def _answered(
    province: Province, lane: str, request: Request | None, error: SyncError | None
) -> dict[str, bytes]:
    """Return lane -> its receipt, if the lane is known here and something it said could be read."""
    device = devices.find(province.store, lane)
    if device is None or request is None:
        return {}
    receipt = _receipt(province, device, request, error)
    with province.store.write():
        _keep_refusal(province, lane, receipt if error else b"")
        if error is None:
            _remember(province, device, request)
    return {lane: receipt}


def _keep_refusal(province: Province, lane: str, receipt: bytes) -> None:
    """Keep the receipt that tells a laptop why it was refused, until it is heard again without a refusal."""
    store, now = province.store, province.clock.now()
    store.run("delete from satchel where kind = $1 and lane = $2", bundle.RECEIPT, lane)
    if receipt:
        store.run(
            """insert into satchel (fingerprint, kind, lane, first_seq, last_seq, label, received_at, bundle)
            values ($1, $2, $3, 0, 0, '', $4, $5)""",
            sha256(receipt).hexdigest(), bundle.RECEIPT, lane, now, receipt,
        )  # fmt: skip


def receipts_waiting(province: Province, among: Callable[[str], bool] = lambda area: True) -> list[bytes]:
    """Return a receipt of today for every laptop that was last heard by bundle, and for those whose last one was refused, as long
    as somebody may wait for it.

    `among` says of which areas the laptops are; of all, when it is left out.
    """
    store = province.store
    kept = store.rows(
        "select lane, bundle, received_at from satchel where kind = $1 order by lane", bundle.RECEIPT
    )
    rows = store.rows("select l.lane, c.* from carried c join lanes l using (lane_no) order by c.lane_no")
    refused = {row["lane"]: row for row in kept}
    found: list[bytes] = []
    for row in [*kept, *(each for each in rows if each["lane"] not in refused)]:
        device = devices.find(store, row["lane"])
        if device is None or not among(device.area):
            continue
        if device.lane in refused and _waits(province, device, row["received_at"]):
            found.append(bytes(row["bundle"]))
        elif device.lane not in refused and _is_heard_by_bundle(province, device, row["heard_at"]):
            found += _receipt_of_today(province, device, _asked(row))
    return _as_file(province, found)


def _is_heard_by_bundle(province: Province, device: Device, heard_at: str) -> bool:
    return (device.last_seen_at or "") <= heard_at and _waits(province, device, heard_at)


def _waits(province: Province, device: Device, heard_at: str) -> bool:
    """Whether somebody may wait for a receipt of a lane whose last bundle came then: not after half a year, nor where it went on
    in a lane that was heard since. A copy that lives on in the old one is answered when its next bundle comes."""
    if heard_at < instants.later(province.clock.now(), -UNHEARD_S):
        return False
    sql = "select 1 from devices where succeeds_no = $1 and last_seen_at is not null and enrolled_at > $2"
    return device.closed_at is None or province.store.value(sql, device.lane_no, heard_at) is None


def _as_file(province: Province, receipts: list[bytes]) -> list[bytes]:
    """Put the list of those no longer believed before the first receipt of a file: one that is cut short loses its end."""
    if not receipts:
        return []
    return [revocations.write(province.store, province.keys) + receipts[0], *receipts[1:]]


def _receipt_of_today(province: Province, device: Device, request: Request) -> list[bytes]:
    """Return a laptop's receipt; none, with a line for the operator, where it cannot be written: the others get theirs."""
    try:
        return [_receipt(province, device, request, None)]
    except (MemoryError, OSError):
        raise
    except Exception:
        logger.exception("no receipt can be written for lane %s", device.lane)
        return []


def _remember(province: Province, device: Device, request: Request) -> None:
    """Keep what a laptop had read when it wrote its newest bundle; an older one that comes later is not the newest."""
    last_seq = request.first_seq - 1 + request.unsent
    with province.store.write():
        province.store.run(
            """insert into carried (lane_no, epoch, cursor_n, scope_hash, app, schema_version, relays, last_seq, heard_at,
            asks) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (lane_no) do update set epoch = excluded.epoch,
            cursor_n = excluded.cursor_n, scope_hash = excluded.scope_hash, app = excluded.app,
            schema_version = excluded.schema_version, relays = excluded.relays, asks = excluded.asks,
            last_seq = excluded.last_seq
            where excluded.last_seq >= carried.last_seq""",
            device.lane_no, request.epoch, request.cursor, request.scope_hash, request.app[:40], request.schema,
            json.dumps(request.more.get("relays", 0)), last_seq, province.clock.now(),
            json.dumps(_asks(request)),
        )  # fmt: skip
        sql = "update carried set heard_at = $2 where lane_no = $1"
        province.store.run(sql, device.lane_no, province.clock.now())


def _asked(row: dict[str, object]) -> Request:
    more = {"spell": 1, "relays": json.loads(str(row["relays"])), **json.loads(str(row["asks"]))}
    return Request(
        1, 0, "", "", str(row["epoch"]), int(str(row["cursor_n"])), str(row["app"]), str(row["scope_hash"]), ROOM_KB,
        more, None, int(str(row["schema_version"])),
    )  # fmt: skip


def first_receipt(province: Province, lane: str) -> bytes:
    """Return the receipt of a laptop that has just been entered: its certificate, and everything it needs to begin."""
    device = devices.find(province.store, lane)
    if device is None:
        raise Refused(f"lane {lane}", code="unknown_lane")
    request = Request(1, 0, "", "", "", 0, "", "", ROOM_KB, {"spell": 1, "relays": 0})
    _remember(province, device, request)
    return revocations.write(province.store, province.keys) + _receipt(
        province, device, request, None, certified=True
    )


def _receipt(
    province: Province, device: Device, request: Request, error: SyncError | None, *, certified: bool = False
) -> bytes:
    """Return a laptop's receipt."""
    own = province.keys
    certified = certified or (device.succeeds is not None and device.revoked_at is None)
    items = [(CERTIFICATE, json.dumps(_welcome(province, device)).encode())] if certified else []
    told = [] if device.revoked_at else [(PAGE, page) for page in receipts.pages(province, device, request)]
    if error is not None:
        page = (PAGE, receipts.refusal(province, request, error))
        # A laptop stops at a refusal; one that must go on in a new lane is told so before anything else.
        told = [page, *told] if error.code in ("fork", "revoked") else [*told, page]
    items += told
    ack = lanes.get(province.store, device.lane).last_seq
    box_key = certificates.read(bytes.fromhex(device.certificate), own.sign_key).box_key
    mark = int(request.more.get(ANSWERS, 0))
    label = Label(bundle.RECEIPT, keys.key_id(own.sign_key), device.lane, mark, ack)
    return bundle.seal_signed(label, items, box_key, own, province.token_bytes)


def _welcome(province: Province, device: Device) -> dict[str, str]:
    own = province.keys
    return {"certificate": device.certificate, "sign_key": own.sign_key, "box_key": own.box_key}
