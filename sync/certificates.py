"""The certificate of a laptop: what the province promises about it, signed, so that it survives both databases.

    certificate = JSON ["certificate1", lane, sign_key, box_key, area, rank_ceiling, label, machine, issued_at] sig(64)

A province restored to a day before the enrolment learns its laptops again from the certificates they bring.
"""

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass

from sync import keys
from sync.errors import BadSignature
from sync.keys import SIGNATURE_BYTES, Keys

_PROOF = b"SIPosyandu enrol 1\0"
_HANDOVER = b"SIPosyandu handover 1\0"
_CONTEXT = b"SIPosyandu certificate 1\0"
_KIND = "certificate1"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A laptop that the province knows: its lane and public keys, its area, and the highest rank of its authors."""

    lane: str
    sign_key: str
    box_key: str
    area: str
    rank_ceiling: int
    label: str
    machine: str
    issued_at: str


def sign(certificate: Certificate, province: Keys) -> bytes:
    """Return a certificate as bytes, signed by the province."""
    said = json.dumps([_KIND, *astuple(certificate)], ensure_ascii=False, separators=(",", ":")).encode()
    return said + province.sign(_CONTEXT, said)


def read(signed: bytes, sign_key: str) -> Certificate:
    """Return what a certificate says, once it is known that the owner of `sign_key` signed it (BadSignature)."""
    said, signature = signed[:-SIGNATURE_BYTES], signed[-SIGNATURE_BYTES:]
    keys.verify(sign_key, _CONTEXT, said, signature)
    kind, *parts = json.loads(said)
    found = Certificate(*parts[:8])  # a later version may say more
    if kind != _KIND or found.lane != keys.lane_of(found.sign_key):
        raise BadSignature("a certificate of another kind or lane")
    return found


def lane_in(signed: bytes) -> str:
    """Return the lane of a certificate that was read before."""
    return str(json.loads(signed[:-SIGNATURE_BYTES])[1])


def ask(code: str, own: Keys, machine: str) -> dict[str, str]:
    """Return what a laptop says to get a certificate; the proof shows that the keys it sends are its own."""
    asked = {"code": code, "sign_key": own.sign_key, "box_key": own.box_key, "machine": machine}
    return asked | {"proof": own.sign(_PROOF, _proven(asked)).hex()}


def check_proof(asked: Mapping[str, str]) -> None:
    """Refuse (BadSignature) an asking whose keys are not the asker's own."""
    keys.verify(asked["sign_key"], _PROOF, _proven(asked), bytes.fromhex(asked["proof"]))


def ask_to_follow(own: Keys) -> dict[str, str]:
    """Return what a laptop says to get a certificate for a new lane that follows its old one.

    The old key signs the new keys over and brings its certificate; the new key shows that it is the asker's own.
    """
    asked = {"follows": own.former_key, "sign_key": own.sign_key, "box_key": own.box_key}
    over = _handed_over(asked)
    said = asked | {
        "handover": own.sign_as_former(_HANDOVER, over).hex(),
        "certificate": own.former_certificate.hex(),
    }
    return said | {"proof": own.sign(_HANDOVER, over).hex()}


def check_handover(asked: Mapping[str, str]) -> None:
    """Refuse (BadSignature) a handover that was not signed by the old key and by the new one."""
    for key, signature in (("follows", "handover"), ("sign_key", "proof")):
        keys.verify(asked[key], _HANDOVER, _handed_over(asked), bytes.fromhex(asked[signature]))


def _handed_over(asked: Mapping[str, str]) -> bytes:
    return "\n".join(asked[name] for name in ("follows", "sign_key", "box_key")).encode()


def _proven(asked: Mapping[str, str]) -> bytes:
    return "\n".join(asked[name] for name in ("code", "sign_key", "box_key", "machine")).encode()
