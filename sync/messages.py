"""Messages: what one exchange puts on the wire, byte by byte, and the checks before anything in it is believed.

    request = ver(1) flags(1) server_key_id(2) lane(16) [length(2) certificate, if flag 2] payload sig(64)
    answer  = ver(1) flags(1) payload sig(64)

`sig` is Ed25519 over a context string and everything before it; an answer's also covers the request's signature,
so that an answer belongs to one request and cannot be replayed for another. `payload` is zlib over JSON:

    request [first_seq, unsent, prev_chain8, end_chain8, epoch8, cursor, schema, app, scope_hash8, room_kb, more,
             batch]
    answer  [ack, chain8, epoch8, cursor, scope_hash8, server_time, more, check8, batch]

`more` is an object for whatever a later version adds: unknown names are ignored. `batch` (batches.py) is left away
when there is nothing to tell. In an answer 0 stands for "as you said" (chain8, epoch8, scope_hash8, cursor).
"""

import json
import zlib
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sync import ids, keys
from sync.errors import Malformed, Refused, TooLarge
from sync.keys import SIGNATURE_BYTES, Keys

VERSION = 1
SCHEMA = 4  # what a reader of this version understands (PROTOCOL.md, versions)
SEALED, CERTIFIED = 1, 2  # flags
LARGEST_PAYLOAD = 64 * 1024  # bytes deflated
LARGEST_MESSAGE = LARGEST_PAYLOAD + 4096
LARGEST_INFLATED = 4 * 1024 * 1024
KEPT_FREE = 512  # of a payload deflated: for the numbers and hashes before its remarks and its batch
LONGEST_VERSION = 40  # letters of the program's version
LARGEST_OFFSET_S = 10_000 * 366 * 24 * 3600  # no two instants lie further apart
_HEAD_BYTES = 20
_PUSH = b"SIPosyandu push 1\0"
_ANSWER = b"SIPosyandu answer 1\0"
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


@dataclass(frozen=True, slots=True)
class Request:
    """What a laptop says in one exchange. Chains, epoch and scope hash are 16 hexadecimal digits, or empty."""

    first_seq: int
    unsent: int  # edits recorded from first_seq on, in this batch or not
    prev_chain: str
    end_chain: str
    epoch: str
    cursor: int
    app: str
    scope_hash: str
    room_kb: int
    more: dict[str, Any] = field(default_factory=dict)
    batch: Any = None
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True)
class Answer:
    """What the province says back."""

    ack: int
    chain: str
    epoch: str
    cursor: int
    scope_hash: str
    server_time: int  # seconds since 1970
    more: dict[str, Any] = field(default_factory=dict)
    check: int = 0  # sum of the uids of the batch, their first 8 bytes, mod 2**64
    batch: Any = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request as received: who claims to send it, and its parts still unbelieved."""

    key_id: bytes
    lane: str
    certificate: bytes | None
    payload: bytes
    signature: bytes
    signed: bytes


def seal_request(request: Request, sender: Keys, key_id: bytes, certificate: bytes | None = None) -> bytes:
    """Return the bytes of a request, signed. Raises TooLarge when the batch does not fit one message."""
    head = bytes([VERSION, CERTIFIED if certificate else 0]) + key_id + bytes.fromhex(sender.lane)
    if certificate:
        head += len(certificate).to_bytes(2, "big") + certificate
    said = [
        request.first_seq, request.unsent, link(request.prev_chain),
        0 if request.end_chain == request.prev_chain else link(request.end_chain), link(request.epoch),
        request.cursor, request.schema, request.app, link(request.scope_hash), request.room_kb,
    ]  # fmt: skip
    signed = head + deflate(said + _rest(request.more, request.batch))
    return signed + sender.sign(_PUSH, signed)


def open_envelope(message: bytes) -> Envelope:
    """Return the parts of a request. Refuses what is too large, too short, or of a version not known here."""
    if len(message) > LARGEST_MESSAGE:
        raise TooLarge(f"a message of {len(message)} bytes")
    if len(message) < _HEAD_BYTES + SIGNATURE_BYTES:
        raise Malformed("a message cut short")
    _check_version(message)
    signed, signature = message[:-SIGNATURE_BYTES], message[-SIGNATURE_BYTES:]
    certificate, start = None, _HEAD_BYTES
    if message[1] & CERTIFIED:
        start += 2 + int.from_bytes(signed[start : start + 2], "big")
        certificate = signed[_HEAD_BYTES + 2 : start]
    return Envelope(signed[2:4], signed[4:20].hex(), certificate, signed[start:], signature, signed)


def verify(envelope: Envelope, sign_key: str) -> None:
    """Refuse (BadSignature) an envelope that the owner of the key did not sign."""
    keys.verify(sign_key, _PUSH, envelope.signed, envelope.signature)


def read_request(envelope: Envelope) -> Request:
    """Return what an envelope says, once its signature was found good."""
    said = inflate(envelope.payload)
    try:
        first, unsent, prev, end, epoch, cursor, schema, app, scope, room, *rest = said
        more, batch = _filled(rest, [{}, None])
        check_numbers(first, unsent, cursor, schema, room)
        _check_version_name(app)
        more = dict(more)
        _check_remarks(more)
        prev_chain = linked(prev)
        return Request(
            first, unsent, prev_chain, prev_chain if end == 0 else linked(end), linked(epoch), cursor,
            app, linked(scope), room, more, batch, schema,
        )  # fmt: skip
    except (ValueError, TypeError) as error:
        raise Malformed("a request that cannot be read") from error


def _check_version_name(app: object) -> None:
    if not isinstance(app, str) or len(app) > LONGEST_VERSION or "\0" in app:
        raise ValueError("not the name of a version")


def _check_remarks(more: dict[str, Any]) -> None:
    """Refuse (ValueError) what no database could be asked for or could keep: a zero byte, a clock off by more than all time."""
    offset_s = more.get("off", 0)
    if type(offset_s) is not int or abs(offset_s) > LARGEST_OFFSET_S:
        raise ValueError("no distance between two clocks")
    if "\\u0000" in _dump(more):
        raise ValueError("a zero byte in a remark")


def seal_answer(answer: Answer, request: Request, signature: bytes, sender: Keys) -> bytes:
    """Return the bytes of the answer to the request that carries this signature."""
    said = [
        answer.ack, _unless(answer.chain, request.end_chain), _unless(answer.epoch, request.epoch),
        answer.cursor - request.cursor, _unless(answer.scope_hash, request.scope_hash), answer.server_time,
    ]  # fmt: skip
    rest = _rest(answer.more, answer.batch)
    if answer.batch is not None:
        rest.insert(1, answer.check)
    signed = bytes([VERSION, 0]) + deflate(said + rest)
    return signed + sender.sign(_ANSWER + signature, signed)


def read_answer(message: bytes, request: Request, signature: bytes, sign_key: str) -> Answer:
    """Return what the province answered to the request with this signature. Nothing else is believed."""
    if len(message) > LARGEST_MESSAGE:
        raise TooLarge(f"an answer of {len(message)} bytes")
    if len(message) < 2 + SIGNATURE_BYTES:
        raise Malformed("an answer cut short")
    _check_version(message)
    signed = message[:-SIGNATURE_BYTES]
    keys.verify(sign_key, _ANSWER + signature, signed, message[-SIGNATURE_BYTES:])
    said = inflate(signed[2:])
    try:
        ack, chain, epoch, moved, scope, server_time, *rest = said
        more, check, batch = _filled(rest, [{}, 0, None])
        check_numbers(ack, server_time, request.cursor + moved)
        return Answer(
            ack, _or_same(chain, request.end_chain), _or_same(epoch, request.epoch), request.cursor + moved,
            _or_same(scope, request.scope_hash), server_time, dict(more), check, batch,
        )  # fmt: skip
    except (ValueError, TypeError) as error:
        raise Malformed("an answer that cannot be read") from error


class Size(NamedTuple):
    """How many bytes something takes in a payload, deflated and inflated."""

    deflated: int
    inflated: int


def size_of(said: Any, room: int = 0) -> Size:
    """Return how many bytes a batch or remarks take; what fits into the `room` as it stands is not deflated to be measured."""
    text = _dump(said).encode()
    at_most = len(text) + (len(text) >> 10) + 13  # of what nothing makes shorter (zlib's compressBound)
    return Size(at_most if at_most <= room else len(zlib.compress(text, 9)), len(text))


def room_beside(more: dict[str, Any]) -> int:
    """Return how many bytes deflated these remarks leave for the batch of one message."""
    return max(1, LARGEST_PAYLOAD - KEPT_FREE - size_of(more).deflated)


def _check_version(message: bytes) -> None:
    if message[0] != VERSION:
        raise Refused(f"wire version {message[0]}", code="wire_version", hint="Install the newest version.")
    if message[1] & ~CERTIFIED:
        raise Refused(f"flags {message[1]}", code="flags", hint="Install the newest version.")


def check_numbers(*numbers: Any) -> None:
    """Refuse (Malformed) what is no count."""
    if any(type(number) is not int or not 0 <= number < 2**53 for number in numbers):
        raise Malformed("not a count")


def _rest(more: dict[str, Any], batch: Any) -> list[Any]:
    return [more, batch] if batch is not None else [more] if more else []


def _filled(rest: list[Any], left_away: list[Any]) -> list[Any]:
    return (rest + left_away[len(rest) :])[: len(left_away)]


def link(digits: str) -> str | int:
    """Return 8 bytes (16 hexadecimal digits, or empty) as they are said in a payload."""
    return ids.text(bytes.fromhex(digits)) if digits else 0


def linked(said: Any) -> str:
    """Return 8 bytes as they were said in a payload."""
    return "" if said == 0 else ids.data(said, 8).hex()


def _unless(digits: str, same: str) -> str | int:
    return 0 if digits == same else ids.text(bytes.fromhex(digits))


def _or_same(said: Any, same: str) -> str:
    return same if said == 0 else ids.data(said, 8).hex()


def deflate(said: list[Any]) -> bytes:
    """Return a payload as bytes. Raises TooLarge when it does not fit one message."""
    payload = zlib.compress(_dump(said).encode(), 9)
    if len(payload) > LARGEST_PAYLOAD:
        raise TooLarge(f"a payload of {len(payload)} bytes")
    return payload


def inflate(payload: bytes) -> Any:
    """Return what a payload says; it is never inflated past the limit. Raises Malformed or TooLarge."""
    inflater = zlib.decompressobj()
    try:
        text = inflater.decompress(payload, LARGEST_INFLATED)
    except zlib.error as error:
        raise Malformed("not deflated") from error
    if not inflater.eof or inflater.unused_data:
        # Either it would go on past the limit, or it is cut short, or something hides behind it.
        raise TooLarge("inflates too far") if inflater.unconsumed_tail else Malformed("cut short or too long")
    try:
        return _loaded(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error


def _loaded(text: bytes) -> Any:
    """Return what JSON says. Raises ValueError for what is none, and for half a surrogate pair, which no database keeps."""
    said = json.loads(text.decode())
    if b"\\u" in text:  # only so can it be written
        _dump(said).encode()
    return said
