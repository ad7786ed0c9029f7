"""The road without a network, the province's side, on the way out: the receipts of laptops that are heard by bundle.

A receipt is written as soon as a bundle was heard, and anew each time that somebody goes to such a laptop: of what its newest
bundle asked and had read, as it is answered today. One that tells why a bundle was refused is kept as it was written.
"""

import json
import logging
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from sync import bundle, certificates, devices, instants, keys, lanes, receipts, revocations, stories
from sync.bundle import CERTIFICATE, PAGE, Label
from sync.devices import Device
from sync.errors import Refused, SyncError
from sync.messages import Request
from sync.province import Province
from sync.receipts import ROOM_KB

logger = logging.getLogger(__name__)

ANSWERS = "answers"  # the mark of the bundle that a laptop was heard by
ASKS = ("own", "left", stories.REMARK)
"""Questions whose answer may come late: what is so today is answered (departures.py); and of which feed the cursor is."""
UNHEARD_S = 180 * instants.DAY_S
"""After which no more receipts are written for a laptop: its next bundle gets one."""


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
    return as_file(province, found)


def _is_heard_by_bundle(province: Province, device: Device, heard_at: str) -> bool:
    return (device.last_seen_at or "") <= heard_at and _waits(province, device, heard_at)


def _waits(province: Province, device: Device, heard_at: str) -> bool:
    """Whether somebody may wait for a receipt of a lane whose last bundle came then: not after half a year, nor where it went on
    in a lane that was heard since. A copy that lives on in the old one is answered when its next bundle comes."""
    if heard_at < instants.later(province.clock.now(), -UNHEARD_S):
        return False
    sql = "select 1 from devices where succeeds_no = $1 and last_seen_at is not null and enrolled_at > $2"
    return device.closed_at is None or province.store.value(sql, device.lane_no, heard_at) is None


def _receipt_of_today(province: Province, device: Device, request: Request) -> list[bytes]:
    """Return a laptop's receipt; none, with a line for the operator, where it cannot be written: the others get theirs."""
    try:
        return [_receipt(province, device, request, None)]
    except (MemoryError, OSError):
        raise
    except Exception:
        logger.exception("no receipt can be written for lane %s", device.lane)
        return []


def as_file(province: Province, receipts: list[bytes]) -> list[bytes]:
    """Put the list of those no longer believed before the first receipt of a file: one that is cut short loses its end."""
    if not receipts:
        return []
    return [revocations.write(province.store, province.keys) + receipts[0], *receipts[1:]]


def answered(
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


def _asks(request: Request) -> dict[str, Any]:
    asks = {name: request.more[name] for name in (*ASKS, ANSWERS) if name in request.more}
    return {"acked": request.more.get("acked", request.first_seq - 1), **asks}


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
