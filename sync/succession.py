"""Succession: the province certifies a laptop's new lane on the word of its old key, and ends the old lane.

The new lane has the area, the name and the ceiling of the old one. An administrator is told. The same old key may hand
over more than once: of two laptops made from one image each goes on in a lane of its own. But not without end: whoever has
stolen a key could fill the register with it.
"""

import re
from typing import Any

from sync import certificates, devices, instants, keys, notices, revocations
from sync.certificates import Certificate
from sync.devices import Device
from sync.errors import BadSignature, Malformed, Refused
from sync.ports import Store
from sync.province import Province

MOST_A_DAY = 12  # new lanes that follow on one enrolment: a copy made or a database put back needs one
LATEST = "9999"  # behind every instant

_FORMS = {
    "follows": re.compile(r"[0-9a-f]{64}"),
    "sign_key": re.compile(r"[0-9a-f]{64}"),
    "box_key": re.compile(r"[0-9a-f]{64}"),
    "handover": re.compile(r"[0-9a-f]{128}"),
    "proof": re.compile(r"[0-9a-f]{128}"),
    "certificate": re.compile(r"([0-9a-f]{2}){0,2000}"),
    "why": re.compile(r"[a-z_]{0,20}"),
}


def redeem(province: Province, said: dict[str, Any]) -> bytes:
    """Return the certificate for a new lane. Refuses a key that is not known here ('unknown_lane') or was 'revoked', and, until
    tomorrow, one from which too many lanes have come today ('too_many_lanes')."""
    for name, form in _FORMS.items():
        if not isinstance(said.get(name), str) or not form.fullmatch(said[name]):
            raise Malformed(f"a handover without its {name}")
    certificates.check_handover(said)
    store, lane, now = province.store, keys.lane_of(said["sign_key"]), province.clock.now()
    with store.write():
        old = _old(province, said)
        known = devices.find(store, lane)
        if revocations.names(store, lane) or (known is not None and known.revoked_at is not None):
            raise Refused("this laptop was revoked", code="revoked")
        if known is not None:
            return bytes.fromhex(known.certificate)
        if _begun_between(store, old, instants.later(now, -instants.DAY_S), now) < MOST_A_DAY:
            notices.post(store, "succeeded", old.lane, said["why"], now)
            return _enter(province, old, said)
        notices.post(store, "many_lanes", old.lane, "", now)
    # Only now, when the administrator is told for good.
    raise Refused(
        "too many new lanes have come from this key today",
        code="too_many_lanes",
        hint="It is tried again by itself, and goes on tomorrow; no record is lost.",
    )


def enter_shut_out(province: Province, said: dict[str, Any]) -> None:
    """Enter the new lane of a laptop that is no longer believed, whose word `redeem` has just refused, as one that is believed as
    little: what its bundle brings then waits in quarantine.

    It may have begun before anybody shut the old one out. It is given no certificate. Nor does a stolen key begin one after the
    other: as many as else in a day, in all.
    """
    store, lane, now = province.store, keys.lane_of(said["sign_key"]), province.clock.now()
    with store.write():
        old = _handing_over(province, said)
        if revocations.names(store, old.lane):
            devices.revoke(store, old.lane, now)
        if devices.find(store, lane) is None and _begun_between(store, old, "", LATEST) < MOST_A_DAY:
            _enter(province, old, said)
            devices.revoke(store, lane, now)


def _begun_between(store: Store, old: Device, since: str, until: str) -> int:
    """Return how many lanes began between two instants, of all that follow one another around this one.

    Not since one alone: those that began while the province's clock stood ahead would count until that day has come.
    """
    sql = """with recursive around (lane_no) as (
            select lane_no from devices where lane_no = $1
            union
            select case when d.lane_no = a.lane_no then d.succeeds_no else d.lane_no end
            from devices d join around a on d.lane_no = a.lane_no or d.succeeds_no = a.lane_no
        )
        select count(*) from devices join around using (lane_no)
        where succeeds_no is not null and enrolled_at > $2 and enrolled_at <= $3"""
    return int(store.value(sql, old.lane_no, since, until))


def _old(province: Province, said: dict[str, Any]) -> Device:
    """Return the laptop that hands over. Refuses (code 'revoked') one that is no longer believed."""
    old = _handing_over(province, said)
    if old.revoked_at is not None or revocations.names(province.store, old.lane):
        raise Refused("this laptop was revoked", code="revoked")
    return old


def _handing_over(province: Province, said: dict[str, Any]) -> Device:
    """Return the laptop that hands over; one that a restored province has forgotten may bring its certificate."""
    store, lane = province.store, keys.lane_of(said["follows"])
    old = devices.find(store, lane)
    if old is None and _certified(province, said["certificate"], lane):
        signed = bytes.fromhex(said["certificate"])
        devices.enter(store, certificates.read(signed, province.keys.sign_key), signed)
        old = devices.find(store, lane)
    if old is None:
        raise Refused("the key that hands over was never enrolled here", code="unknown_lane")
    return old


def _certified(province: Province, certificate: str, lane: str) -> bool:
    try:
        return certificates.read(bytes.fromhex(certificate), province.keys.sign_key).lane == lane
    except BadSignature:
        return False


def _enter(province: Province, old: Device, said: dict[str, Any]) -> bytes:
    store, now = province.store, province.clock.now()
    former = certificates.read(bytes.fromhex(old.certificate), province.keys.sign_key)
    certificate = Certificate(
        lane=keys.lane_of(said["sign_key"]),
        sign_key=said["sign_key"],
        box_key=said["box_key"],
        area=old.area,
        rank_ceiling=old.rank_ceiling,
        label=old.label,
        machine=former.machine,
        issued_at=now,
    )
    signed = certificates.sign(certificate, province.keys)
    devices.enter(store, certificate, signed)
    devices.succeed(store, old, certificate.lane, now)
    return signed
