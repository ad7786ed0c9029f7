"""The file of a copy, `.sipc`: a head that anybody may read, a body that only its owner can, a fingerprint of both.

    "SIPC" version(1) length(4) head  secretstream header(24)  [length(4) sealed chunk] ...  sha256(32)

The head is JSON: whose copy, made when by which clock, how much it holds, and the lock (locks.py). The body is the content's
lines, deflated, then sealed with libsodium's secretstream (XChaCha20-Poly1305), the head authenticated with its first chunk.
The fingerprint at the end covers everything before it, so that a copy that was cut or changed is known without the key.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import MAXYEAR
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from nacl import bindings
from nacl.exceptions import CryptoError

from siposyandu.errors import Broken
from siposyandu.periods import parse_instant

MAGIC, VERSION = b"SIPC", 1
CHUNK_BYTES = 64 * 1024
LARGEST_HEAD = 64 * 1024
LARGEST_NUMBER = 1 << 53
FINGERPRINT_BYTES = 32
_HEAD_START = len(MAGIC) + 5
_TAKE_OLDER = "take an older copy"


@dataclass(frozen=True)
class Head:
    """What a copy says of itself. `made_at` is UTC by this machine's clock, which was `clock_offset_s` off when last compared.

    `number` counts the copies of a place; `edits` is how many edits it holds, `last_seq` and `acknowledged` where its own
    lane stood. `lock` says who can open it.
    """

    place: str
    area: str
    number: int
    made_at: str
    clock_offset_s: int | None
    app: str
    lane: str
    last_seq: int
    acknowledged: int
    edits: int
    lock: dict[str, Any]


def write(file: BinaryIO, head: Head, key: bytes, lines: Iterable[bytes]) -> bytes:
    """Write a copy; return its fingerprint."""
    kept = sha256()
    for part in _parts(head, key, lines):
        file.write(part)
        kept.update(part)
    file.write(kept.digest())
    return kept.digest()


def _parts(head: Head, key: bytes, lines: Iterable[bytes]) -> Iterator[bytes]:
    said = json.dumps(asdict(head), ensure_ascii=False, separators=(",", ":")).encode()
    start = MAGIC + bytes([VERSION]) + len(said).to_bytes(4, "big") + said
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    yield start + bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    bound = start
    for chunk, last in _chunks(lines):
        tag = (
            bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if last
            else bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        )
        sealed = bindings.crypto_secretstream_xchacha20poly1305_push(state, chunk, bound, tag)
        bound = b""
        yield len(sealed).to_bytes(4, "big") + sealed


def _chunks(lines: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    deflating, waiting = zlib.compressobj(6), bytearray()
    for line in lines:
        waiting += deflating.compress(line)
        if len(waiting) >= CHUNK_BYTES:
            yield bytes(waiting), False
            waiting.clear()
    yield bytes(waiting) + deflating.flush(), True


def read_head(path: Path) -> Head:
    """Return what a copy says of itself; Broken when it is none. Only `check` tells whether it is whole."""
    with path.open("rb") as file:
        return _head(file)[0]


def check(path: Path) -> Head:
    """Return the head of a copy that is whole and unchanged, read anew from its medium; Broken when it is not."""
    with path.open("rb") as file:
        head, _ = _head(file)
    if path.stat().st_size < FINGERPRINT_BYTES or fingerprint(path) != _last(path):
        raise Broken(f"{path.name} is damaged or was cut short", _TAKE_OLDER)
    return head


def fingerprint(path: Path) -> bytes:
    """Return the fingerprint of what stands in a copy before its own."""
    kept, left = sha256(), path.stat().st_size - FINGERPRINT_BYTES
    with path.open("rb") as file:
        while left > 0 and (part := file.read(min(left, 1 << 20))):
            kept.update(part)
            left -= len(part)
    return kept.digest()


def _last(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-FINGERPRINT_BYTES, 2)
        return file.read()


def lines(path: Path, key: bytes) -> Iterator[bytes]:
    """Give the lines of a copy's content. Broken when the key is not its own or any bit was changed."""
    waiting = bytearray()
    inflating = zlib.decompressobj()
    for chunk in _opened(path, key):
        try:
            waiting += inflating.decompress(chunk)
        except zlib.error as fault:
            raise Broken(f"{path.name} cannot be inflated", _TAKE_OLDER) from fault
        *whole, rest = bytes(waiting).split(b"\n")
        yield from whole
        waiting = bytearray(rest)
    if waiting or not inflating.eof:
        raise Broken(f"{path.name} ends in the middle", _TAKE_OLDER)


def _opened(path: Path, key: bytes) -> Iterator[bytes]:
    with path.open("rb") as file:
        _, bound = _head(file)
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        tag = -1
        try:
            start = file.read(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, start, key)
            while tag != bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL:
                length = int.from_bytes(file.read(4), "big")
                sealed = file.read(min(length, 4 * CHUNK_BYTES))
                chunk, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, sealed, bound)
                bound = b""
                yield chunk
        except (CryptoError, ValueError) as fault:
            raise Broken(f"{path.name} is not opened by this key, or was changed", _TAKE_OLDER) from fault


def _head(file: BinaryIO) -> tuple[Head, bytes]:
    start = file.read(_HEAD_START)
    length = int.from_bytes(start[-4:], "big")
    if start[: len(MAGIC)] != MAGIC or len(start) < _HEAD_START or length > LARGEST_HEAD:
        raise Broken("this is not a copy of SIPosyandu", "choose a file whose name ends in .sipc")
    if start[len(MAGIC)] != VERSION:
        raise Broken(
            "this copy was made by a later version of the program", "install the newest version first"
        )
    said = file.read(length)
    try:
        return _believable(Head(**json.loads(said))), start + said
    except (ValueError, TypeError, RecursionError) as fault:
        raise Broken("the head of this copy cannot be read", _TAKE_OLDER) from fault


def _believable(head: Head) -> Head:
    """Return a head whose parts are of their kind (ValueError): pages sort and show the heads of copies that others made."""
    texts = (head.place, head.area, head.made_at, head.app, head.lane)
    numbers = (head.number, head.last_seq, head.acknowledged, head.edits, head.clock_offset_s or 0)
    if (
        any(type(text) is not str for text in texts)
        or any(type(number) is not int or abs(number) >= LARGEST_NUMBER for number in numbers)
        or type(head.lock) is not dict
        or parse_instant(head.made_at).year == MAXYEAR  # a page shows it in NTB's time, some hours later
    ):
        raise ValueError("a head that no copy has")
    return head
