"""Packing: edits into the columns of a batch (batches.py says how it is laid out)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sync import ids
from sync.batches import CREATED, NEXT, OWN, SAME, SPELLED, TABLE, block_of
from sync.body import Edit, Value
from sync.columns import ABSENT, Cell, Ref, pack
from sync.log import Position


def pack_push(edits: Sequence[Edit], lane: str, known: Mapping[str, Position]) -> list[Any]:
    """Return edits of the one lane that talks as a batch; `known` are the edits that the reader holds."""
    return _Packer(lane, known).batch(edits)


def pack_pull(
    edits: Sequence[Edit], lane: str, known: Mapping[str, Position], ceilings: Mapping[str, int]
) -> list[Any]:
    """Return edits of many lanes as a batch for the laptop of `lane`, with the ceilings of those lanes."""
    packer = _Packer(lane, known)
    batch = packer.batch(edits)
    places = [packer.place((edit.lane, edit.seq)) for edit in edits]
    named = list(packer.lanes)[1:]
    batch[1] = [ids.short(name) for name in named]
    lanes, seqs = [place.lane for place in places], [place.seq for place in places]
    return [*batch, [pack(lanes), pack(seqs)], pack([ceilings.get(name) for name in named])]


class _Packer:
    """The tables of one batch while it is being packed."""

    def __init__(self, lane: str, known: Mapping[str, Position]) -> None:
        self.known = dict(known)
        self.lanes = {lane: OWN}
        self.spelled: dict[str, int] = {}
        self.people: dict[tuple[Ref | None, int], int] = {}

    def batch(self, edits: Sequence[Edit]) -> list[Any]:
        """Return the batch without places. An edit can be named by its place only after it has been read."""
        blocks: dict[tuple[Any, ...], _Block] = {}
        order = []
        for edit in edits:
            key = block_of(edit)
            block = blocks.setdefault(key, _Block(edit.kind, edit.schema_version, len(blocks)))
            block.add(edit, self)
            order.append(block.number)
            self.known[edit.uid] = (edit.lane, edit.seq)
        packed = [block.pack() for block in blocks.values()]
        users, ranks = [user for user, _ in self.people], [rank for _, rank in self.people]
        lanes = [ids.short(name) for name in list(self.lanes)[1:]]
        spelled = [ids.short(uid) for uid in self.spelled]
        return [len(edits), lanes, spelled, [len(users), pack(users), pack(ranks)], pack(order), packed]

    def place(self, position: Position) -> Ref:
        """Return a place in a lane as a reference."""
        lane, seq = position
        return Ref(self.lanes.setdefault(lane, len(self.lanes) - 1 + TABLE), seq)

    def ref(self, uid: str) -> Ref:
        """Return an edit as a reference: by its place if the reader holds it, else spelled."""
        if uid in self.known:
            return self.place(self.known[uid])
        return Ref(SPELLED, self.spelled.setdefault(uid, len(self.spelled)))

    def cell(self, value: Value) -> Cell:
        """Return a value as a cell: an id that the reader holds becomes a reference."""
        return self.place(self.known[value]) if isinstance(value, str) and value in self.known else value

    def person(self, edit: Edit) -> int:
        """Return the place of the edit's author in the table of people."""
        key = (self.ref(edit.user) if edit.user else None, edit.rank)
        return self.people.setdefault(key, len(self.people))


class _Block:
    """The rows of one block while it is being packed."""

    def __init__(self, kind: str, schema_version: int, number: int) -> None:
        self.kind, self.schema_version, self.number = kind, schema_version, number
        self.rows: list[dict[int, Cell]] = []
        self.authors: list[int] = []
        self.times: list[str] = []
        self.entities: list[Ref] = []
        self.origins: list[Ref | None] = []
        self.preds: tuple[list[int], list[int], list[Ref]] = ([], [], [])

    def add(self, edit: Edit, packer: _Packer) -> None:
        """Take in one edit; ids become references as far as the packer knows by now."""
        self.rows.append({field: packer.cell(value) for field, value in edit.values.items()})
        self.authors.append(packer.person(edit))
        self.times.append(edit.device_time)
        self.origins.append(packer.place(edit.origin) if edit.origin else None)
        if edit.kind != "create":
            self.entities.append(packer.ref(edit.entity))
            self._add_preds(edit, packer)

    def _add_preds(self, edit: Edit, packer: _Packer) -> None:
        counts, codes, refs = self.preds
        last = ""
        for field in sorted(edit.values):
            uids = edit.preds.get(field, ())
            counts.append(len(uids))
            for uid in uids:
                codes.append(CREATED if uid == edit.entity else SAME if uid == last else NEXT)
                if codes[-1] == NEXT:
                    refs.append(packer.ref(uid))
                last = uid

    def pack(self) -> list[Any]:
        """Return the block; parts at its end that say nothing are left away."""
        fields = [
            [field, pack([row.get(field, ABSENT) for row in self.rows])]
            for field in sorted({field for row in self.rows for field in row})
        ]
        block = [self.kind, self.schema_version, len(self.rows), fields, pack(self.authors), pack(self.times)]
        tail: list[Any] = [
            pack(self.entities) if self.entities else 0,
            [len(self.preds[2]), *(pack(part) for part in self.preds)] if any(self.preds[0]) else 0,
            pack(self.origins) if any(self.origins) else 0,
        ]
        while tail and tail[-1] == 0:
            tail.pop()
        return block + tail
