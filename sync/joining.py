"""Joining: how a laptop gets its certificate: by a code when it is new, handed over by its old key when its lane is.

Both are one request and one answer in JSON, and may be asked again: the answer may have been lost on the way.
"""

import json

from sync import certificates, keys, lanes, notices, opening, upstream
from sync.errors import BadCode, Malformed, NotEnrolled, Refused
from sync.laptop import Laptop
from sync.upstream import Upstream, Welcome


def enrol(laptop: Laptop, code: str, *, machine: str = "", fingerprint: str | None = None) -> str:
    """Make this laptop known to the province by a one-time code; return the key of the area it was enrolled for.

    `fingerprint` is the province's as printed on the letter; when given, another province is refused. Refuses
    (BadCode) a wrong code; asking again with the same code and keys gives the same certificate.
    """
    said = _asked(laptop, certificates.ask(code, laptop.keys, machine))
    if fingerprint is not None and keys.fingerprint(said["sign_key"]) != fingerprint.strip().lower():
        raise Refused("not the province of the letter", code="other_province")
    return _keep(laptop, said)


def hand_over(laptop: Laptop, state: Upstream) -> None:
    """Get a certificate for this laptop's new lane from the province it knows, signed over by the key of the old one.

    Raises NotEnrolled, and forgets the certificate it had, when the province does not know the old key, or that is lost: then
    a new code is needed.
    """
    if is_certified(laptop):
        return
    try:
        said = _asked(laptop, handover(laptop))
    except Refused as refusal:
        if refusal.code == "unknown_lane":
            raise _needs_a_code(laptop, "the province does not know the key that hands over") from refusal
        raise
    if said["sign_key"] != state.server_key:
        raise Refused("not the province that this laptop knows", code="other_province")
    _keep(laptop, said)


def is_certified(laptop: Laptop) -> bool:
    """Return whether this laptop has the certificate of the lane in which it writes now, which another program of it may have
    begun; a database that was put back may lack one that lies beside the keys, and is given it."""
    with laptop.store.write():
        own = opening.settle(laptop.store, laptop.ring)
        if own.certificate:
            upstream.certify(laptop.store, own.certificate)
        return upstream.state(laptop.store).lane == own.lane


def handover(laptop: Laptop) -> dict[str, str]:
    """Return what a laptop in a new lane says to get its certificate. Raises NotEnrolled, and forgets the one it had, without a
    key that could hand over."""
    if not laptop.keys.former_seed:
        raise _needs_a_code(laptop, "no key that could hand over")
    return certificates.ask_to_follow(laptop.keys) | {"why": notices.latest(laptop.store, "succeeded")}


def take_certificate(laptop: Laptop, written: bytes) -> None:
    """Keep the certificate of this laptop's new lane, from a receipt of the province it knows; one it has stays."""
    if upstream.state(laptop.store).lane != laptop.keys.lane:
        keep_written(laptop, written)


def keep_written(laptop: Laptop, written: bytes) -> str:
    """Keep the certificate that a receipt brings; return the key of the area it is for. Raises Malformed."""
    try:
        said = json.loads(written)
        return _keep(laptop, {name: str(said[name]) for name in ("certificate", "sign_key", "box_key")})
    except (ValueError, TypeError, KeyError) as error:
        raise Malformed("a certificate that cannot be read") from error


def _keep(laptop: Laptop, said: dict[str, str]) -> str:
    given = Welcome(bytes.fromhex(said["certificate"]), said["sign_key"], said["box_key"])
    certificate = certificates.read(given.certificate, given.sign_key)
    with laptop.store.write():
        # Another program of this laptop may have gone on in a new lane while the answer was under way.
        if certificate.lane != opening.settle(laptop.store, laptop.ring).lane:
            raise Malformed("the certificate of another laptop, or of a lane that this one has left")
        upstream.welcome(laptop.store, given, certificate.area)
        lanes.add(laptop.store, {certificate.lane: certificate.rank_ceiling})
    opening.certify(laptop.store, laptop.ring, given.certificate)
    return certificate.area


def _needs_a_code(laptop: Laptop, why: str) -> NotEnrolled:
    with laptop.store.write():
        if not is_certified(laptop):
            upstream.certify(laptop.store, None)
    return NotEnrolled(why)


def _asked(laptop: Laptop, asked: dict[str, str]) -> dict[str, str]:
    reply = laptop.transport.post("/v1/enrol", json.dumps(asked).encode())
    try:
        said = json.loads(reply)
        refused = said.get("refused")
        if refused is None:
            bytes.fromhex(said["certificate"] + said["sign_key"] + said["box_key"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Malformed("not the province's answer; a login page of the network, perhaps") from error
    if refused is not None:
        raise _refusal(str(refused), said)
    return dict(said)


def _refusal(code: str, said: dict[str, str]) -> Refused:
    details = {name: value for name, value in said.items() if name not in ("refused", "hint")}
    return BadCode(details=details) if code == BadCode.code else Refused(code=code, details=details)
