"""Parcels: a sealed file of a laptop, kept for it by a place upstream that cannot read it, sent in parts over a slow link.

    request = ver(1)=1  flags(1)=0  lane(16)  length(2) certificate  length(2) JSON  bytes  sig(64)
    answer  = length(2) certificate  JSON  sig(64)

`POST /v1/copy`. The certificate makes the laptop known to any machine that knows the province's key, so a puskesmas' PC
needs no register; such a PC lays its own certificate beside its answer (the province: none). JSON of a request: `do` ("put":
here are bytes of the parcel `name` from `offset` on, of `size` in all; "lane": what is known of another lane of my
area), of an answer: `have` (so many bytes are kept, from the start) or `lane`, or `refused` with a code. Nothing to be
done twice: a part that is there is not asked for again, so a cut costs one part.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sync import certificates, keys
from sync.certificates import Certificate
from sync.errors import BadSignature, Malformed, Refused, SyncError, TooLarge
from sync.keys import SIGNATURE_BYTES, Keys
from sync.ports import Transport

VERSION = 1
PATH = "/v1/copy"
FIRST_PART, LARGEST_PART = 8 * 1024, 60 * 1024
LARGEST_MESSAGE = LARGEST_PART + 4096
_HEAD_BYTES = 18
_ASK, _ANSWER = b"SIPosyandu parcel 1\0", b"SIPosyandu parcel answer 1\0"


class Keeper(Protocol):
    """Where a place keeps the parcels of others."""

    def put(self, lane: str, said: "Part") -> int:
        """Keep the bytes of a part; return how many are kept from the start. Refuses what is too much."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a parcel: `name` is its SHA-256 (64 hexadecimal digits), `size` all its bytes."""

    name: str
    size: int
    offset: int
    content: bytes


@dataclass(frozen=True)
class Door:
    """What a place needs to answer: the province's public key, its own keys and certificate (empty at the province).

    `refuse` raises Refused for a laptop that is no longer believed; `lane` says what is known of a lane to a laptop of an
    area, empty when nothing.
    """

    province_key: str
    keys: Keys
    certificate: bytes
    keeper: Keeper
    refuse: Callable[[str], None]
    lane: Callable[[str, str], dict[str, Any]]


@dataclass(frozen=True)
class Sender:
    """A laptop that asks: its keys and certificate, the province's key, the road; `believes` says of a machine that answers
    in the province's stead whether it is a place above this laptop: any other laptop has a certificate too."""

    keys: Keys
    certificate: bytes
    province_key: str
    transport: Transport
    believes: Callable[[Certificate], bool]


def send(
    sender: Sender, name: str, size: int, read: Callable[[int, int], bytes], *, most: int = 1 << 62
) -> bool:
    """Bring a parcel to a place that keeps it, from where it was cut off; return whether all of it is there now.

    `read(offset, count)` gives its bytes; about `most` go at a time. Raises Unreachable when cut (what arrived is kept
    there), Refused by name.
    """
    have, went, part = _have(sender, Part(name, size, 0, b"")), 0, FIRST_PART
    while have < size and went < most:
        content = read(have, min(part, size - have))
        further = _have(sender, Part(name, size, have, content))
        if further <= have:
            raise Refused("the place upstream does not keep what it is sent", code="parcel")
        have, went, part = further, went + len(content), min(part * 2, LARGEST_PART)
    return have == size


def _have(sender: Sender, part: Part) -> int:
    said = {"do": "put", "name": part.name, "size": part.size, "offset": part.offset}
    have = _asked(sender, said, part.content).get("have")
    if not isinstance(have, int) or not 0 <= have <= part.size:
        raise Malformed("not an answer about a parcel")
    return have


def ask_lane(sender: Sender, lane: str) -> dict[str, Any]:
    """Return what the place knows of another lane of this laptop's area; empty when it knows nothing."""
    found = _asked(sender, {"do": "lane", "lane": lane}, b"").get("lane")
    return dict(found) if isinstance(found, dict) else {}


def _asked(sender: Sender, said: dict[str, Any], content: bytes) -> dict[str, Any]:
    message = _message(sender, said, content)
    signature = message[-SIGNATURE_BYTES:]
    answer = _read_answer(sender.transport.post(PATH, message), signature, sender)
    if "refused" in answer:
        raise Refused(code=str(answer["refused"]))
    return answer


def _message(sender: Sender, said: dict[str, Any], content: bytes) -> bytes:
    head = json.dumps(said, separators=(",", ":")).encode()
    signed = bytes([VERSION, 0]) + bytes.fromhex(sender.keys.lane)
    signed += _sized(sender.certificate) + _sized(head) + content
    return signed + sender.keys.sign(_ASK, signed)


def _read_answer(reply: bytes, asked: bytes, sender: Sender) -> dict[str, Any]:
    signed, signature = reply[:-SIGNATURE_BYTES], reply[-SIGNATURE_BYTES:]
    certificate, rest = _part(signed)
    keys.verify(_key_of(certificate, sender), _ANSWER + asked, signed, signature)
    return _object(rest)


def _key_of(certificate: bytes, sender: Sender) -> str:
    if not certificate:
        return sender.province_key
    found = certificates.read(certificate, sender.province_key)
    if not sender.believes(found):
        raise BadSignature("answered by a machine that keeps no copies of this laptop")
    return found.sign_key


def receive(door: Door, message: bytes) -> tuple[bytes, str]:
    """Return the answer to one request, and the code of the refusal if it is one. Nothing refused is kept."""
    try:
        code, said = "", _receive(door, message)
    except SyncError as error:
        code, said = error.code, {"refused": error.code}
    signed = _sized(door.certificate) + json.dumps(said, separators=(",", ":")).encode()
    return signed + door.keys.sign(_ANSWER + message[-SIGNATURE_BYTES:], signed), code


def _receive(door: Door, message: bytes) -> dict[str, Any]:
    asker, said, content = _open(message, door.province_key)
    door.refuse(asker.lane)
    if said.get("do") == "lane":
        return {"lane": door.lane(asker.area, str(said.get("lane")))}
    part = Part(str(said.get("name")), _number(said, "size"), _number(said, "offset"), content)
    return {"have": door.keeper.put(asker.lane, part)}


def _open(message: bytes, province_key: str) -> tuple[Certificate, dict[str, Any], bytes]:
    if len(message) > LARGEST_MESSAGE:
        raise TooLarge(f"a message of {len(message)} bytes")
    signed, signature = message[:-SIGNATURE_BYTES], message[-SIGNATURE_BYTES:]
    if len(signed) < _HEAD_BYTES or signed[0] != VERSION:
        raise Malformed("cut short, or of a later version")
    certificate, rest = _part(signed[_HEAD_BYTES:])
    try:
        asker = certificates.read(certificate, province_key)
    except (ValueError, TypeError) as error:
        raise Malformed("a certificate that cannot be read") from error
    if asker.lane != signed[2:_HEAD_BYTES].hex():
        raise Malformed("the certificate of another lane")
    keys.verify(asker.sign_key, _ASK, signed, signature)
    head, content = _part(rest)
    return asker, _object(head), content


def _sized(part: bytes) -> bytes:
    return len(part).to_bytes(2, "big") + part


def _part(said: bytes) -> tuple[bytes, bytes]:
    end = 2 + int.from_bytes(said[:2], "big")
    if len(said) < end or len(said) < 2:
        raise Malformed("cut short")
    return said[2:end], said[end:]


def _object(said: bytes) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(found, dict):
        raise Malformed("not an object")
    return found


def _number(said: dict[str, Any], name: str) -> int:
    found = said.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise Malformed(f"{name} is not a number")
    return found
