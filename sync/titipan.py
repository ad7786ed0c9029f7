"""Titipan over a wire: POST /v1/titipan takes bundles and answers with a note of what became of each, and receipts.

It is the same file that a stick would carry, so it needs no trust in the wire: a laptop gives its bundle to a puskesmas PC on
its hotspot, the PC gives what it has collected to the province, and a laptop whose clock makes TLS impossible may use it too.
The note moves no acknowledgement. That of the province is signed, over the bytes that were posted too, for a PC carries no
further what it refuses; that of a PC is not, for a laptop learns by it only in whose hands its bundle is.

    note = a bundle of kind 4; body = JSON [[lane, first_seq, last_seq, refused], ...]
    of the province [signature, 0, 0, ""] is its last row (128 hexadecimal digits): to an earlier version a remark about no bundle
    signature = Ed25519 over "SIPosyandu note 1" || a zero byte || SHA-256 of what was posted || the rows before it as JSON
"""

import json
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from sync import bundle, courier, entrusting, keys, postbox, revocations
from sync.bundle import Bundle, Label, Remark
from sync.courier import Brought
from sync.errors import BadSignature, Malformed, Refused
from sync.keys import Keys, key_id
from sync.laptop import Laptop
from sync.ports import Transport
from sync.province import Province

PATH = "/v1/titipan"
CODE = re.compile("[a-z_]{0,40}")  # of a refusal; empty: taken
LARGEST_POST = 2 * 1024 * 1024
_NOTE = b"SIPosyandu note 1\0"
_SIGNATURE = re.compile("[0-9a-f]{128}")


def answered(province: Province, data: bytes) -> bytes:
    """Return what the province answers to bundles that came over a wire; always also who is no longer believed, for whoever
    is shut out may give a PC what the province cannot read."""
    delivered = postbox.receive(province, data)
    written = signed(delivered.remarks, province.keys, data)
    receipts = bundle.within(bundle.LARGEST_FILE - len(written), delivered.receipts)
    return written + (receipts or revocations.write(province.store, province.keys))


def noted(remarks: Sequence[Remark], server_key_id: bytes, lane: str) -> bytes:
    """Return a PC's note of what became of bundles, as a bundle."""
    return _written(_rows(remarks), server_key_id, lane)


def signed(remarks: Sequence[Remark], province: Keys, posted: bytes) -> bytes:
    """Return the province's note of what became of the bundles that were posted, as a bundle."""
    rows = _rows(remarks)
    signature = province.sign(_NOTE, _meant(rows, posted)).hex()
    return _written([*rows, [signature, 0, 0, ""]], key_id(province.sign_key), province.lane)


def _rows(remarks: Iterable[Remark]) -> list[list[Any]]:
    return [[each.lane, each.first_seq, each.last_seq, each.refused] for each in remarks]


def _written(rows: list[list[Any]], server_key_id: bytes, lane: str) -> bytes:
    return bundle.plain(Label(bundle.NOTE, server_key_id, lane, 0, len(rows)), json.dumps(rows).encode())


def _meant(rows: list[Any], posted: bytes) -> bytes:
    return sha256(posted).digest() + json.dumps(rows).encode()


def check_note(found: Bundle, posted: bytes, sign_key: str) -> None:
    """Refuse (BadSignature) a note that the owner of the key, the province, did not write about what was posted."""
    rows, signature = _parted(found)
    if not signature:
        raise BadSignature("a note that nobody signed")
    keys.verify(sign_key, _NOTE, _meant(rows, posted), bytes.fromhex(signature))


def read_note(found: Bundle) -> list[Remark]:
    """Return what a note says, whoever wrote it. Raises Malformed."""
    try:
        return [
            Remark(bundle.PUSH, str(lane), int(first), int(last), _code(refused))
            for lane, first, last, refused in _parted(found)[0]
        ]
    except (ValueError, TypeError, OverflowError) as error:
        raise Malformed("a note that cannot be read") from error


def _parted(found: Bundle) -> tuple[list[Any], str]:
    """Return the rows of a note, and its signature apart (empty where there is none)."""
    try:
        rows = list(json.loads(found.body))
    except (ValueError, TypeError, RecursionError) as error:
        raise Malformed("a note that cannot be read") from error
    last = str(rows[-1][0]) if rows and isinstance(rows[-1], list) and rows[-1] else ""
    return (rows[:-1], last) if _SIGNATURE.fullmatch(last) else (rows, "")


def _code(said: object) -> str:
    if not isinstance(said, str) or not CODE.fullmatch(said):
        raise ValueError("no code of a refusal")
    return said


def hand_over(laptop: Laptop, transport: Transport, to: str) -> Brought:
    """Give this laptop's bundle to a puskesmas PC (or the province) and take what waits there for it.

    `to` is the name under which it is shown as entrusted. Raises TryAgain when nobody answers; refuses by name when the
    other side does not take it.
    """
    data = revocations.passed_on(laptop.store) + courier.export(laptop)
    reply = transport.post(PATH, data)
    found = list(bundle.split(reply))
    notes = [each for each in found if isinstance(each, Bundle) and each.kind == bundle.NOTE]
    if not notes:
        raise Malformed("not the answer of a puskesmas PC; a login page of the network, perhaps")
    others = [each.data for each in found if isinstance(each, Bundle) and each.kind != bundle.NOTE]
    brought = courier.take(laptop, b"".join(others)) if others else Brought(0, 0, ())
    _note(laptop, [remark for note in notes for remark in read_note(note)], to, data)
    return brought


def _note(laptop: Laptop, remarks: Iterable[Remark], to: str, data: bytes) -> None:
    *_, ours = bundle.split(data)
    assert isinstance(ours, Bundle)
    for remark in remarks:
        if (remark.lane, remark.last_seq) == (ours.lane, ours.last_seq):
            if remark.refused:
                raise Refused(f"not taken: {remark.refused}", code=remark.refused)
            entrusting.note(laptop.store, ours, to, laptop.clock.now())
            return
    raise Malformed("the other side does not say whether it took the bundle")
