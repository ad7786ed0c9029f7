"""Joining without a network: a request and an answer as two small files (`.sipe`), and the letter with the code on paper.

    request = "SIPE" ver(1)=1 kind(1)=1  JSON {selector, sign_key, box_key, machine, proof, mac}
    answer  = "SIPE" ver(1)=1 kind(1)=2  sign_key of the province(32)  bundles (bundle.py): a receipt with the certificate

The code never lies in a file. `mac` is a signature by the key that the code stands for (Argon2id makes its seed), `proof` one by
the laptop's own key, both over "SIPosyandu enrol by file 1", a zero byte, and selector, sign_key, box_key, machine joined by
line feeds. The answer is sealed to the laptop. That it comes from the right province the laptop knows by the fingerprint
that the letter tells.
"""

import json
import re
from typing import Any

from sync import bundle, courier, enrolment, joining, keys, outbox
from sync.bundle import CERTIFICATE, RECEIPT, Bundle
from sync.courier import Brought
from sync.errors import BadSignature, Malformed, Refused
from sync.laptop import Laptop
from sync.province import Province

MAGIC, VERSION = b"SIPE", 1
REQUEST, ANSWER = 1, 2
LARGEST_REQUEST = 4096
_HEAD, _KEY_BYTES = 6, 32
_CONTEXT = b"SIPosyandu enrol by file 1\0"
_NAMES = ("selector", "sign_key", "box_key", "machine")
_FORMS = {
    "selector": re.compile(r"[0-9A-Z]{4}"),
    "sign_key": re.compile(r"[0-9a-f]{64}"),
    "box_key": re.compile(r"[0-9a-f]{64}"),
    "machine": enrolment.MACHINE,
    "proof": re.compile(r"[0-9a-f]{128}"),
    "mac": re.compile(r"[0-9a-f]{128}"),
}


def ask(laptop: Laptop, code: str, machine: str = "") -> bytes:
    """Return the file by which a laptop asks to join with a one-time code."""
    selector, secret = enrolment.parts_of(code)
    own = laptop.keys
    said = {"selector": selector, "sign_key": own.sign_key, "box_key": own.box_key, "machine": machine[:100]}
    told = _told(said)
    mac = enrolment.key_of(selector, secret).sign(_CONTEXT + told).signature.hex()
    said |= {"proof": own.sign(_CONTEXT, told).hex(), "mac": mac}
    return MAGIC + bytes([VERSION, REQUEST]) + json.dumps(said).encode()


def answer(province: Province, data: bytes) -> bytes:
    """Return the province's answer to a request: the certificate, and everything the laptop needs to begin.

    Refuses (BadCode) a code that is wrong, used, too old, or tried too often; by name whatever is no request.
    """
    said = _request(data)
    keys.verify(said["sign_key"], _CONTEXT, _told(said), bytes.fromhex(said["proof"]))
    asked = said | {"code": said["selector"]}
    enrolment.redeem_row(province, asked, lambda row: _knows_the_code(row["code_key"], said))
    receipt = outbox.first_receipt(province, keys.lane_of(said["sign_key"]))
    return MAGIC + bytes([VERSION, ANSWER]) + bytes.fromhex(province.keys.sign_key) + receipt


def join(laptop: Laptop, data: bytes, fingerprint: str) -> tuple[str, Brought]:
    """Take the answer; return the key of the area this laptop was enrolled for, and what came with it.

    `fingerprint` is the province's as printed on the letter. Refuses (code 'other_province') an answer of another province,
    and (code 'other_lane') one for another laptop.
    """
    rest = _body(data, ANSWER)
    sign_key, bundles = rest[:_KEY_BYTES].hex(), rest[_KEY_BYTES:]
    if keys.fingerprint(sign_key) != fingerprint.strip().lower():
        raise Refused("not the province of the letter", code="other_province")
    area = _certified(laptop, bundles, sign_key)
    return area, courier.take(laptop, bundles)


def _certified(laptop: Laptop, bundles: bytes, sign_key: str) -> str:
    for found in bundle.split(bundles):
        if not isinstance(found, Bundle):
            raise found
        if found.kind == RECEIPT and found.lane == laptop.keys.lane:
            for tag, part in bundle.open_receipt(found, sign_key, laptop.keys.box_seed):
                if tag == CERTIFICATE:
                    return joining.keep_written(laptop, part)
    raise Refused("an answer for another laptop", code="other_lane")


def _knows_the_code(code_key: str, said: dict[str, str]) -> bool:
    try:
        keys.verify(code_key, _CONTEXT, _told(said), bytes.fromhex(said["mac"]))
    except BadSignature:
        return False
    return True


def _request(data: bytes) -> dict[str, str]:
    try:
        said: Any = json.loads(_body(data[:LARGEST_REQUEST], REQUEST))
        for name, form in _FORMS.items():
            if not form.fullmatch(said[name]):
                raise Malformed(f"a request without its {name}")
        return {name: said[name] for name in _FORMS}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Malformed("a request that cannot be read") from error


def _body(data: bytes, kind: int) -> bytes:
    if data[: len(MAGIC)] != MAGIC or len(data) < _HEAD:
        raise Malformed("not a file of a laptop that joins", code="not_a_request")
    if data[4] != VERSION:
        raise Refused(f"version {data[4]}", code="wire_version", hint="Install the newest version.")
    if data[5] != kind:
        raise Refused("a request where an answer belongs, or the other way round", code="wrong_way")
    return data[_HEAD:]


def _told(said: dict[str, str]) -> bytes:
    return "\n".join(said[name] for name in _NAMES).encode()
