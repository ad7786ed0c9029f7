"""A bundle: what travels by flash disk, memory card or WhatsApp, one small file that says who and how many, no more.

    bundle = "SIPB"  ver(1)=1  kind(1)  server key id(2)  lane(16)  first seq(4)  last seq(4)  bytes(4)  sha256(32)  body

`bytes` and `sha256` are those of the body. kind 1 is a push, of a laptop; 2 a receipt, for a laptop; 3 the list of laptops
that are no longer believed (revocations.py); 4 a note of what became of the bundles handed over (titipan.py). The body of
a push is sealed (seals.py, over the header up to `bytes`); that of a receipt is sealed too and then signed by the province,
so that whoever carries it can tell that it is one.
Under the seal lie items, each tag(1) length(4) bytes: in a push the envelopes of as many requests as are needed (E) and
the word of a laptop's old key (H, as for POST /v1/enrol); in a receipt its pages (A, receipts.py) and a new certificate (C).
Several bundles one behind another are also a file.
"""

import logging
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sync import instants, keys, seals
from sync.errors import Broken, Malformed, Refused, SyncError, TooLarge
from sync.keys import SIGNATURE_BYTES, Keys

logger = logging.getLogger(__name__)

MAGIC, VERSION = b"SIPB", 1
PUSH, RECEIPT, REVOKED, NOTE = 1, 2, 3, 4
KINDS = {PUSH: "push", RECEIPT: "receipt", REVOKED: "revoked", NOTE: "note"}
LARGEST_BODY = 1_200_000  # 16 envelopes of 68 kB and what seals them
LARGEST_FILE = 32 * 1024 * 1024  # many bundles in one
MOST_ITEMS = 64
MOST_ENVELOPES = 16  # in a push: no laptop of any version writes more (courier.py)
MOST_BUNDLES = 5000  # in one file: a full one of a month of 100 children each
ON_ITS_WAY_S = 30 * instants.DAY_S  # how long a stick may take
MOST_BROKEN = 100  # broken bundles in one file before the rest of it is not looked at
_OPEN = struct.Struct(">4sBB2s16sIII")
HEADER_BYTES = _OPEN.size + 32
_RECEIPT = b"SIPosyandu receipt 1\0"

ENVELOPE, HANDOVER, PAGE, CERTIFICATE = (
    b"E",
    b"H",
    b"A",
    b"C",
)  # tags of items; a reader skips those it does not know

Item = tuple[bytes, bytes]  # a tag of one letter, and bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """One bundle, whole: what its header says openly, and its body, still unbelieved."""

    kind: int
    key_id: bytes
    lane: str
    first_seq: int
    last_seq: int
    said_openly: bytes
    body: bytes

    @property
    def data(self) -> bytes:
        """The bundle as it lies in a file."""
        return self.said_openly + sha256(self.body).digest() + self.body

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the whole bundle, 64 hexadecimal digits."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Label:
    """What a new bundle says openly: its kind, the province's key id, a lane, and the numbers it brings or acknowledges."""

    kind: int
    key_id: bytes
    lane: str
    first_seq: int
    last_seq: int

    def openly(self, body_bytes: int) -> bytes:
        """Return the header up to the length of the body."""
        lane = bytes.fromhex(self.lane)
        numbers = self.first_seq, self.last_seq, body_bytes
        return _OPEN.pack(MAGIC, VERSION, self.kind, self.key_id, lane, *numbers)


@dataclass(frozen=True, slots=True)
class Remark:
    """What became of one bundle: whose lane, the numbers its header says, and the code of a refusal (empty: taken)."""

    kind: int
    lane: str
    first_seq: int
    last_seq: int
    refused: str = ""


def remark(found: Bundle | SyncError, error: SyncError | None = None) -> Remark:
    """Return what became of a bundle, or of what was none, for whoever brought the file; a refusal is also logged."""
    if isinstance(found, SyncError):
        logger.warning("refused %s: %s", found.code, found)
        return Remark(0, "", 0, 0, found.code)
    if error is not None:
        logger.warning("refused %s, a bundle of lane %s: %s", error.code, found.lane, error)
    return Remark(found.kind, found.lane, found.first_seq, found.last_seq, error.code if error else "")


def mark(fingerprint: str, epoch: str) -> int:
    """Return the number by which a receipt says openly which bundle it answers, and in which life of the province."""
    return int.from_bytes(sha256(f"{fingerprint} {epoch}".encode()).digest()[:4])


def seal(
    label: Label, items: Sequence[Item], receivers: Sequence[str], token_bytes: Callable[[int], bytes]
) -> bytes:
    """Return a bundle whose items only the owners of these public keys can read."""
    message = _joined(items)
    openly = label.openly(seals.size_of(len(message), len(receivers)))
    return _whole(openly, seals.seal(message, receivers, openly, token_bytes))


def seal_signed(
    label: Label, items: Sequence[Item], receiver: str, sender: Keys, token_bytes: Callable[[int], bytes]
) -> bytes:
    """Return a bundle sealed to one receiver and signed by its sender: a receipt."""
    message = _joined(items)
    openly = label.openly(seals.size_of(len(message), 1) + SIGNATURE_BYTES)
    sealed = seals.seal(message, [receiver], openly, token_bytes)
    return _whole(openly, sealed + sender.sign(_RECEIPT, openly + sealed))


def plain(label: Label, body: bytes) -> bytes:
    """Return a bundle whose body everyone may read."""
    return _whole(label.openly(len(body)), body)


def open_push(bundle: Bundle, box_seed: bytes) -> list[Item]:
    """Return the items of a push. Refuses (code 'not_for_us') one sealed to others; BadSignature if it was changed; TooLarge
    with more envelopes than any laptop writes: each may cost as much as a whole message."""
    items = _parted(seals.unseal(bundle.body, box_seed, bundle.said_openly))
    if [tag for tag, _ in items].count(ENVELOPE) > MOST_ENVELOPES:
        raise TooLarge(f"more than {MOST_ENVELOPES} envelopes")
    return items


def check_receipt(bundle: Bundle, sign_key: str) -> None:
    """Refuse (BadSignature) a receipt that the owner of the key, the province, did not write."""
    sealed, signature = bundle.body[:-SIGNATURE_BYTES], bundle.body[-SIGNATURE_BYTES:]
    keys.verify(sign_key, _RECEIPT, bundle.said_openly + sealed, signature)


def open_receipt(bundle: Bundle, sign_key: str, box_seed: bytes) -> list[Item]:
    """Return the items of a receipt that the province wrote for this laptop."""
    check_receipt(bundle, sign_key)
    return _parted(seals.unseal(bundle.body[:-SIGNATURE_BYTES], box_seed, bundle.said_openly))


def split(data: bytes) -> Iterator[Bundle | SyncError]:
    """Yield the bundles in a file in order, and for what is none, or is damaged, the refusal. Good ones follow bad ones."""
    if len(data) > LARGEST_FILE:
        yield TooLarge(f"a file of {len(data)} bytes")
        return
    start, broken, good = 0, 0, 0
    while start < len(data) and broken < MOST_BROKEN:
        if good == MOST_BUNDLES:
            yield TooLarge(f"more than {MOST_BUNDLES} bundles in one file")
            return
        try:
            found = _at(data, start)
        except (Refused, Broken) as error:
            yield error
            broken += 1
            begins = data.find(MAGIC, start + 1)
            start = len(data) if begins < 0 else begins
            continue
        yield found
        good += 1
        start += HEADER_BYTES + len(found.body)
    if not data:
        yield Malformed("an empty file", code="not_a_bundle")


def _at(data: bytes, start: int) -> Bundle:
    """Return the bundle that begins here. Refuses by name what is none, of another version, cut short or changed."""
    header = data[start : start + HEADER_BYTES]
    if header[: len(MAGIC)] != MAGIC:
        raise Malformed("not a bundle", code="not_a_bundle")
    if len(header) < HEADER_BYTES:
        raise Malformed("a header cut short", code="cut_short")
    openly, digest = header[: _OPEN.size], header[_OPEN.size :]
    _, version, kind, key_id, lane, first_seq, last_seq, length = _OPEN.unpack(openly)
    if version != VERSION or kind not in KINDS:
        raise Refused(
            f"version {version}, kind {kind}", code="wire_version", hint="Install the newest version."
        )
    if length > LARGEST_BODY:
        raise TooLarge(f"a bundle of {length} bytes")
    body = data[start + HEADER_BYTES : start + HEADER_BYTES + length]
    if len(body) < length:
        raise Malformed(f"{length - len(body)} bytes are missing", code="cut_short")
    if sha256(body).digest() != digest:
        raise Malformed("not the bytes that were written", code="changed")
    return Bundle(kind, key_id, lane.hex(), first_seq, last_seq, openly, body)


def within(room: int, parts: Iterable[bytes]) -> bytes:
    """Return those parts of a file, in their order, that fit into a number of bytes; the others go with the next."""
    chosen: list[bytes] = []
    for part in parts:
        if len(part) <= room:
            chosen.append(part)
            room -= len(part)
    return b"".join(chosen)


def _whole(openly: bytes, body: bytes) -> bytes:
    if len(body) > LARGEST_BODY:
        raise TooLarge(f"a bundle of {len(body)} bytes")
    return openly + sha256(body).digest() + body


def _joined(items: Sequence[Item]) -> bytes:
    return b"".join(tag + len(part).to_bytes(4, "big") + part for tag, part in items)


def _parted(message: bytes) -> list[Item]:
    items: list[Item] = []
    start = 0
    while start < len(message):
        if len(items) == MOST_ITEMS:
            raise TooLarge(f"more than {MOST_ITEMS} items")
        end = start + 5 + int.from_bytes(message[start + 1 : start + 5], "big")
        if end > len(message):
            raise Malformed("an item cut short")
        items.append((message[start : start + 1], message[start + 5 : end]))
        start = end
    return items
