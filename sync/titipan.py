"""Titipan over a wire: POST /v1/titipan takes bundles and answers with a note of what became of each, and receipts.

It is the same file that a stick would carry, so it needs no trust in the wire: a laptop gives its bundle to a puskesmas PC on
its hotspot, the PC gives what it has collected to the province, and a laptop whose clock makes TLS impossible may use it too.
The note is not signed: it moves no acknowledgement.

    note = a bundle of kind 4; body = JSON [[lane, first_seq, last_seq, refused], ...]
"""

import json
import re
from collections.abc import Iterable, Sequence

from sync import bundle, courier, entrusting, lanes, postbox, revocations
from sync.bundle import Bundle, Label, Remark
from sync.courier import Brought
from sync.errors import Malformed, Refused
from sync.keys import key_id
from sync.laptop import Laptop
from sync.ports import Transport
from sync.province import Province

PATH = "/v1/titipan"
CODE = re.compile("[a-z_]{0,40}")  # of a refusal; empty: taken
LARGEST_POST = 2 * 1024 * 1024


def answered(province: Province, data: bytes) -> bytes:
    """Return what the province answers to bundles that came over a wire; always also who is no longer believed, for whoever
    is shut out may give a PC what the province cannot read."""
    delivered = postbox.receive(province, data)
    written = noted(delivered.remarks, key_id(province.keys.sign_key), province.keys.lane)
    return written + (b"".join(delivered.receipts) or revocations.write(province.store, province.keys))


def noted(remarks: Sequence[Remark], server_key_id: bytes, lane: str) -> bytes:
    """Return the note of what became of bundles, as a bundle."""
    said = [[each.lane, each.first_seq, each.last_seq, each.refused] for each in remarks]
    return bundle.plain(Label(bundle.NOTE, server_key_id, lane, 0, len(said)), json.dumps(said).encode())


def read_note(found: Bundle) -> list[Remark]:
    """Return what a note says. Raises Malformed."""
    try:
        return [
            Remark(bundle.PUSH, str(lane), int(first), int(last), _code(refused))
            for lane, first, last, refused in json.loads(found.body)
        ]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Malformed("a note that cannot be read") from error


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
            if ours.lane == lanes.own(laptop.store):  # the receipt beside it may have begun a new one
                entrusting.note(laptop.store, ours.last_seq, to, laptop.clock.now())
            return
    raise Malformed("the other side does not say whether it took the bundle")
