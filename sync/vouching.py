"""Vouched for: what a puskesmas PC reads in bundles that were sealed to it too, because the province signed who wrote them.

The edits enter its log as known from elsewhere, marked as early until the province's feed has told them too. Until then they
are withdrawn as soon as the province names their laptop as one no longer believed: there they wait in quarantine.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sync import bundle, certificates, ids, intake, keys, lanes, log, messages, revocations, upstream
from sync.bundle import ENVELOPE, HANDOVER, Bundle, Item
from sync.certificates import Certificate
from sync.chunks import chunks, holes
from sync.errors import BadSignature, Broken, Malformed, Refused
from sync.laptop import Laptop
from sync.log import Line
from sync.ports import Store
from sync.unpacking import unpack_push

ASKED_AT_ONCE = 60  # a kilobyte with each exchange until the province has told what they wrote


@dataclass(frozen=True, slots=True)
class Told:
    """What a bundle tells a PC that may read it: whose laptop wrote it, and its edits.

    `vouched_by` is the lane whose certificate the province signed: this one, or the one whose key hands over to it.
    """

    label: str
    certificate: Certificate
    vouched_by: str
    lines: tuple[Line, ...]


def vouched(relay: Laptop, found: Bundle, server_key: str) -> Told | None:
    """Return what a bundle tells, None when it cannot be read here: sealed to others, or of a later version.

    Refuses by name what can be read and is not to be believed.
    """
    try:
        items = bundle.open_push(found, relay.keys.box_seed)
        certificate, vouched_by = _certificate(relay.store, items, server_key)
        if certificate.lane != found.lane:
            raise BadSignature("the header names another lane")
        lines = [
            line for tag, part in items if tag == ENVELOPE for line in _lines(relay.store, certificate, part)
        ]
        _check_numbers(found, lines)
    except BadSignature:
        raise
    except Refused as refusal:
        if refusal.code == "revoked":
            raise
        return None
    except Broken:
        return None
    return Told(certificate.label, certificate, vouched_by, tuple(lines))


def _check_numbers(found: Bundle, lines: Sequence[Line]) -> None:
    """Refuse a header that names more than the laptop signed: whoever may read a bundle could seal it anew under another."""
    numbers = [line.edit.seq for line in lines]
    if found.first_seq < 1 or numbers != list(range(found.first_seq, found.first_seq + len(lines))):
        raise BadSignature("the header names other numbers")
    if found.last_seq != found.first_seq + len(lines) - 1:
        raise BadSignature("the header names numbers that it does not bring")


def take(relay: Laptop, told: Told) -> None:
    """Take the edits of a bundle in, inside `write()`, if its laptop is of this PC's areas; known ones have no second effect.

    Of a lane that tells another story than the one known here nothing is taken, nor of this PC's own lanes, in which only it
    writes: the province decides.
    """
    store, lane = relay.store, told.certificate.lane
    if told.certificate.area not in upstream.scope(store) or not told.lines or lanes.is_ours(store, lane):
        return
    here = log.uids_at(store, lane, [line.edit.seq for line in told.lines])
    if any(here.get(line.edit.seq, line.edit.uid) != line.edit.uid for line in told.lines):
        return
    lanes.add(store, {lane: told.certificate.rank_ceiling})
    new = intake.take(store, told.lines, relay.clock.now(), relay.apply, lambda fresh, known: [])
    store.many(
        "insert into early (uid, vouched_by) values ($1, $2) on conflict do nothing",
        [(edit.uid, told.vouched_by) for edit in new],
    )


def withdraw(relay: Laptop) -> None:
    """Take out of this PC's log what is known early of laptops that the province has named as no longer believed.

    It must not get to the province as this PC's own word. What this PC has given back already stands in its own lane, and stays.
    """
    named = "in (select lane from unbelieved)"
    _withdraw(relay, f"l.lane {named} or early.vouched_by {named}")


def withdraw_bundle(relay: Laptop, found: Bundle) -> None:
    """Take out again what is known early of a bundle that the province has refused for what it is: nobody will ever tell it.

    Nothing because of one that could not be read here, whose header is anybody's; nor what another one tells that still waits.
    """
    _withdraw(
        relay,
        """l.lane = $1 and e.seq between $2 and $3
        and exists (select 1 from satchel s where s.fingerprint = $4 and s.label <> '')
        and not exists (select 1 from satchel s where s.kind = $5 and s.lane = l.lane and s.label <> '' and s.refused = ''
            and e.seq between s.first_seq and s.last_seq)""",
        found.lane, found.first_seq, found.last_seq, found.fingerprint, bundle.PUSH,
    )  # fmt: skip


def _withdraw(relay: Laptop, which: str, *values: str | int) -> None:
    with relay.store.write():
        rows = relay.store.rows(
            f"""select e.uid from early join edits e on e.uid = early.uid join lanes l on l.lane_no = e.lane_no
            where e.told = 0 and ({which})
            and e.lane_no <> (select lane_no from sync_self) and not exists (select 1 from positions p
                where p.uid = e.uid and p.lane_no = (select lane_no from sync_self)) order by e.n""",
            *values,
        )
        if rows:
            intake.withdraw(relay.store, [row["uid"] for row in rows], relay.clock.now(), relay.apply)


def remark(store: Store) -> dict[str, Any]:
    """Return of whom a PC asks whether the province still believes them: of those from whose bundles it knows something early,
    and of those whose certificate vouches for them. Of very many it asks about others each day."""
    if store.value("select 1 from early limit 1") is None:
        return {}
    rows = store.rows(
        """select lane, lane < $1 as behind from (
            select l.lane from early join edits e on e.uid = early.uid join lanes l on l.lane_no = e.lane_no where e.told = 0
            union select early.vouched_by from early join edits e on e.uid = early.uid where e.told = 0) as those
        where lane is not null order by behind, lane limit $2""",
        upstream.todays_start(store), ASKED_AT_ONCE,
    )  # fmt: skip
    return {"believe": [ids.short(row["lane"]) for row in rows]} if rows else {}


def early(store: Store, entities: Sequence[str]) -> set[str]:
    """Return those of these records of which something is known here that the province has not told yet."""
    found: set[str] = set()
    for part in chunks(sorted(set(entities))):
        sql = f"""select distinct e.entity from early join edits e on e.uid = early.uid
            where e.told = 0 and e.entity in ({holes(part)})"""
        found.update(row["entity"] for row in store.rows(sql, *part))
    return found


def early_count(store: Store) -> int:
    """Return of how many records something is known here that the province has not told yet."""
    sql = "select count(distinct e.entity) from early join edits e on e.uid = early.uid where e.told = 0"
    return int(store.value(sql))


def _certificate(store: Store, items: Sequence[Item], server_key: str) -> tuple[Certificate, str]:
    """Return the certificate that a bundle brings, in its first envelope or by the word of the laptop's old key, and the lane
    for which the province signed one."""
    for tag, part in items:
        if tag == HANDOVER:
            return _handed_over(store, part, server_key)
        if tag == ENVELOPE:
            signed = messages.open_envelope(part).certificate
            if signed:
                certificate = certificates.read(signed, server_key)
                return certificate, certificate.lane
            break
    raise Broken("a bundle without a certificate", code="unknown_lane")


def _handed_over(store: Store, part: bytes, server_key: str) -> tuple[Certificate, str]:
    try:
        said = {name: str(value) for name, value in json.loads(part).items()}
        certificates.check_handover(said)
        old = certificates.read(bytes.fromhex(said["certificate"]), server_key)
    except (ValueError, AttributeError, KeyError, RecursionError) as error:
        raise Malformed("a handover that cannot be read") from error
    if old.lane != keys.lane_of(said["follows"]):
        raise BadSignature("the certificate of another lane")
    if revocations.names(store, old.lane):
        raise Refused("the lane that hands over is no longer believed", code="revoked")
    new_key = said["sign_key"]
    return replace(old, lane=keys.lane_of(new_key), sign_key=new_key, box_key=said["box_key"]), old.lane


def _lines(store: Store, certificate: Certificate, part: bytes) -> list[Line]:
    envelope = messages.open_envelope(part)
    messages.verify(envelope, certificate.sign_key)
    request = messages.read_request(envelope)
    if envelope.lane != certificate.lane:
        raise BadSignature("an envelope of another lane")
    if request.batch is None:
        return []
    batch = unpack_push(
        request.batch, certificate.lane, request.first_seq, lambda places: log.found(store, places)
    )
    return [Line(edit, text) for edit, text, _ in batch.lines]
