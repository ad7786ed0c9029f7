"""A batch: many edits as columns, with every id said as a place (lane, seq) instead of 16 bytes.

    [count, lanes, spelled, people, order, blocks]    and, when the edits are not of one lane: , places, ceilings

    count    how many edits
    lanes    ids (base64url) of the lanes that places name
    spelled  uids (base64url) of edits that the reader may not hold
    people   [count, column of user references, column of ranks]: who the edits' authors are
    order    column: the block of each edit
    blocks   [kind, schema_version, count, fields, authors, device_times, entities, preds, origins]
             one for each kind of edit, form and schema version; zeros at the end are left away
    fields   [[field number, column], ...]; ABSENT where an edit does not set the field
    authors  column of places in `people`          device_times  column of text
    entities column of references; 0 for creates
    preds    [count of references, column of counts (for each edit, each field it sets), column of codes,
             column of references]: what was replaced there; code 0 is the edit that created the record,
             1 the same as the one before in this edit, 2 the next reference
    origins  column of references for edits written again in another lane, null for the others
    places   [column of lane indexes, column of seqs]     ceilings  column, one for each of `lanes`

Lane index 0 is the table `spelled` (seq is the place in it), 1 the lane of the laptop that talks, 2 on `lanes`.
A text value written like an id is said as a reference when the reader is believed to hold that edit, whatever
field it is in. So values say themselves that they are references: no list of reference fields is needed, and
fields unknown to this version are carried the same way.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync import body, ids, messages
from sync.body import Edit
from sync.log import Position

LARGEST_COUNT = 1000  # edits in one batch
LARGEST_BODIES = 4 * 1024 * 1024  # bytes of their bodies: a column says in a few what a thousand hold
LARGEST_CELLS = 1_000_000  # edits times fields: a full batch of corrections to all forms has a tenth of it
LARGEST_PREDS = 100_000  # replaced edits that a batch lists
SPELLED, OWN, TABLE = 0, 1, 2  # lane indexes
CREATED, SAME, NEXT = 0, 1, 2  # codes of what was replaced

Finder = Callable[[Collection[Position]], Mapping[Position, str]]
Named = tuple[Edit, str, bytes]  # an edit, its canonical body, its op_hash


@dataclass(frozen=True, slots=True)
class Batch:
    """Edits in the order of the batch, and the ceilings of their lanes where the sender told them."""

    lines: tuple[Named, ...]
    ceilings: Mapping[str, int]


def fullness(said: Any, edits: Sequence[Edit], room: int) -> float:
    """Return how often a batch of these edits, or what is said around it too, fills the `room` (bytes deflated) or another
    limit of a message; what is more than 1 must not be sent."""
    size = messages.size_of(said, room)
    most = messages.LARGEST_INFLATED - messages.LARGEST_PAYLOAD
    are_many = len(edits) * body.LARGEST_BODY > LARGEST_BODIES
    bodies = sum(len(body.encode(edit).encode()) for edit in edits) if are_many else 0
    replaced = sum(len(uids) for edit in edits for uids in edit.preds.values())
    cells = _cells(edits)
    mosts = ((size.deflated, room), (size.inflated, most), (bodies, LARGEST_BODIES), (cells, LARGEST_CELLS))
    return max(how_much / limit for how_much, limit in (*mosts, (replaced, LARGEST_PREDS)))


def _cells(edits: Sequence[Edit]) -> int:
    """Return how many cells the blocks of a batch have: as many columns as one edit of a block sets fields, all have."""
    blocks: dict[Any, tuple[list[Edit], set[int]]] = {}
    for edit in edits:
        those, fields = blocks.setdefault(block_of(edit), ([], set()))
        those.append(edit)
        fields.update(edit.values)
    return sum(len(those) * len(fields) for those, fields in blocks.values())


def fewer(count: int, fullness: float) -> int:
    """Return how many to try of `count`, which were too many: a few less than their share, at least one."""
    return max(1, min(count - 1, int(count * 8 / (fullness * 9))))


def mentioned(edits: Sequence[Edit]) -> set[str]:
    """Return every id that the edits mention: of records, people, replaced edits, and values written like ids."""
    found: set[str] = set()
    for edit in edits:
        found.update((edit.entity, edit.user))
        found.update(value for value in edit.values.values() if isinstance(value, str) and len(value) == 32)
        for uids in edit.preds.values():
            found.update(uids)
    return {uid for uid in found if ids.is_id(uid)}


def block_of(edit: Edit) -> tuple[Any, ...]:
    """Return what the edits of one block have in common: kind, schema version and, for a create, its form."""
    return edit.kind, edit.schema_version, edit.values.get(0) if edit.kind == "create" else None
