"""One edit: who changed which fields of which record, what they saw before, and its fingerprint.

The canonical body is JSON in UTF-8 without spaces:
    [kind, entity, schema_version, [user, rank], device_time, [[field, value], ...], [[field, [pred, ...]], ...]]
Lists are sorted by field number, preds by id. Ids are base64url; `entity` is null for a create
(its id is the edit's own), `user` null for nobody. Then, with || for "followed by":
    op_hash = SHA-256("op1" || lane (16 bytes) || seq (8 bytes, big-endian) || body); uid = its first 16 bytes
    chain_0 = SHA-256("chain1" || lane); chain_k = SHA-256(chain_{k-1} || op_hash_k)
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from sync import ids
from sync.errors import BadEdit, Malformed

Value = int | str | None
Values = Mapping[int, Value]
Preds = Mapping[int, tuple[str, ...]]

KINDS = ("create", "set", "retract", "unretract", "merge", "split", "attest")
# Fields of sync itself are negative, so that no form can ever use their numbers.
RETRACTED = -1  # text: why the record was withdrawn; null: it stands (again)
MERGED_INTO = -2  # id of the record that this one turned out to be
ATTESTED = -3  # text: what a reviewer confirmed
LARGEST_INTEGER = 2**53 - 1  # what every JSON reader keeps exactly
LARGEST_BODY = 32 * 1024  # bytes: an edit always fits one message, or it would stop its lane for ever

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


@dataclass(frozen=True, slots=True)
class Edit:
    """One immutable line of the log. `lane` and `seq` are where the log keeps it.

    `origin` is where it was first written, when that is another lane (a laptop that was cloned or restored
    writes its unshared edits again): the uid was made from there and never changes.
    """

    uid: str
    lane: str
    seq: int
    kind: str
    entity: str
    schema_version: int
    user: str
    rank: int
    device_time: str
    values: Values
    preds: Preds
    origin: tuple[str, int] | None = None


def encode(edit: Edit) -> str:
    """Return the canonical body. Refuses what could not be read back exactly (BadEdit)."""
    return _encode(
        [
            edit.kind,
            None if edit.kind == "create" else ids.short(edit.entity),
            edit.schema_version,
            [ids.short(edit.user) if edit.user else None, edit.rank],
            edit.device_time,
            sorted(edit.values.items()),
            [[field, [ids.short(uid) for uid in sorted(edit.preds[field])]] for field in sorted(edit.preds)],
        ]
    )


@lru_cache(maxsize=4096)
def decode(text: str, uid: str, lane: str, seq: int) -> Edit:
    """Return the edit that a body kept in our own log describes. Raises Malformed.

    Kept for a while: a body never changes, and a record is folded again at each of its edits.
    """
    try:
        kind, entity, *rest = _read(text)
        return Edit(uid, lane, seq, kind, uid if entity is None else entity, *rest)
    except (ValueError, TypeError, KeyError) as error:
        raise Malformed(f"body of {uid} cannot be read") from error


def _read(text: str) -> tuple[Any, ...]:
    """Return what a body says."""
    kind, entity, version, (user, rank), device_time, values, preds = json.loads(text)
    return (
        kind,
        None if entity is None else ids.full(entity),
        version,
        ids.full(user) if user else "",
        rank,
        device_time,
        MappingProxyType(dict(values)),
        MappingProxyType({field: tuple(map(ids.full, uids)) for field, uids in preds}),
    )


def op_hash(lane: str, seq: int, text: str) -> bytes:
    """Return the fingerprint (32 bytes) of a body first written at this place of this lane."""
    return sha256(b"op1" + bytes.fromhex(lane) + seq.to_bytes(8, "big") + text.encode()).digest()


def named(edit: Edit) -> tuple[Edit, str, bytes]:
    """Return the edit with its uid (and entity, for a create), its body and its op_hash, all from its content."""
    text = encode(edit)
    lane, seq = edit.origin or (edit.lane, edit.seq)
    fingerprint = op_hash(lane, seq, text)
    uid = fingerprint[:16].hex()
    entity = uid if edit.kind == "create" else edit.entity
    return _renamed(edit, uid, entity), text, fingerprint


def _renamed(edit: Edit, uid: str, entity: str) -> Edit:
    # dataclasses.replace is ten times slower, and this runs once for every edit that arrives.
    return Edit(
        uid, edit.lane, edit.seq, edit.kind, entity, edit.schema_version,
        edit.user, edit.rank, edit.device_time, edit.values, edit.preds, edit.origin,
    )  # fmt: skip


def moved(edit: Edit, origin: tuple[str, int]) -> Edit:
    """Return an edit that was first written at another place, which is where its uid comes from."""
    return replace(edit, origin=origin)


def first_link(lane: str) -> bytes:
    """Return chain_0 of a lane (32 bytes)."""
    return sha256(b"chain1" + bytes.fromhex(lane)).digest()


def next_link(link: bytes, fingerprint: bytes) -> bytes:
    """Return chain_k from chain_{k-1} and op_hash_k."""
    return sha256(link + fingerprint).digest()


def check(edit: Edit) -> None:
    """Refuse (BadEdit) what some replica could not keep, hash or fold in the same way as the others."""
    if not isinstance(edit.kind, str) or not 0 < len(edit.kind) <= 20:
        raise BadEdit(f"kind {edit.kind!r}")
    if edit.kind == "create" and edit.preds:
        raise BadEdit("a create replaces nothing")
    if not edit.preds.keys() <= edit.values.keys():
        raise BadEdit("an edit may replace only fields that it sets")
    if not all(uids and len(set(uids)) == len(uids) for uids in edit.preds.values()):
        raise BadEdit("a field replaces nothing, or one edit twice")
    if not isinstance(edit.device_time, str):
        raise BadEdit(f"device time {edit.device_time!r}")
    _check_numbers((edit.schema_version, edit.rank, *edit.values))
    _check_values((edit.device_time, *edit.values.values()))


def _check_numbers(numbers: Iterable[Any]) -> None:
    for number in numbers:
        if type(number) is not int or not -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
            raise BadEdit(f"not a whole number within 53 bits: {number!r}")


def _check_values(values: Iterable[Any]) -> None:
    for value in values:
        kind = type(value)
        if kind is str:
            if not value.isascii():
                _check_text(value)
        elif value is not None and (kind is not int or not -LARGEST_INTEGER <= value <= LARGEST_INTEGER):
            raise BadEdit(f"neither a whole number within 53 bits nor text: {value!r}")


def _check_text(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadEdit("text with half a surrogate pair") from error
