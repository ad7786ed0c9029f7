"""Unpacking: the columns of a batch back into edits, each named again by its own content (batches.py: the layout).

Nothing in a batch is believed: counts are bounded, every edit is checked, and whatever cannot be read raises
Malformed (or UnknownReference, when it names an edit that is not held here).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sync import body, ids
from sync.batches import (
    CREATED,
    LARGEST_BODIES,
    LARGEST_CELLS,
    LARGEST_COUNT,
    LARGEST_PREDS,
    OWN,
    SAME,
    SPELLED,
    Batch,
    Finder,
)
from sync.body import Edit
from sync.columns import ABSENT, Cell, Ref, may_name, unpack
from sync.errors import BadEdit, Malformed, UnknownReference
from sync.lanes import HIGHEST_RANK
from sync.log import Position

LARGEST_TOLD = 4 * body.LARGEST_BODY  # bytes: an earlier province counted letters, and told what fitted
MOST_NAMED = LARGEST_BODIES // 20  # places outside a batch: each takes more than 20 bytes of a body
# What wrong JSON may raise where a list, a number or a text was expected.
_UNREADABLE = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError, StopIteration,
    RuntimeError,
)  # fmt: skip


def unpack_push(batch: Any, lane: str, first_seq: int, find: Finder) -> Batch:
    """Return the edits of one lane from `first_seq` on; `find` gives the uids at places held here."""
    return _guarded(batch, lane, first_seq, find)


def unpack_pull(batch: Any, lane: str, find: Finder) -> Batch:
    """Return edits of many lanes, told to the laptop of `lane`, with the ceilings of their lanes."""
    return _guarded(batch, lane, None, find)


def _guarded(batch: Any, lane: str, first_seq: int | None, find: Finder) -> Batch:
    try:
        return _Unpacker(batch, lane).batch(first_seq, find)
    except BadEdit as error:
        raise Malformed(str(error)) from error
    except _UNREADABLE as error:
        raise Malformed(f"a batch that cannot be read: {error}") from error


@dataclass(slots=True)
class _Row:
    """One edit as cells, before its references are known."""

    kind: str
    schema_version: int
    values: dict[int, Cell]
    author: int
    time: str
    entity: Ref | None
    preds: dict[int, list[Ref | None]]
    origin: Ref | None
    naming: tuple[int, ...]  # the fields whose values may be references


class _Unpacker:
    """The tables of one batch while it is being read."""

    def __init__(self, batch: Any, lane: str) -> None:
        count, lanes, spelled, (people, users, ranks), order, blocks, *self.rest = batch
        self.count = _bounded(count, LARGEST_COUNT)
        self.lanes = [lane, *map(ids.full, lanes)]
        self.spelled = [ids.full(uid) for uid in spelled]
        people = _bounded(people, self.count)
        self.people = list(zip(unpack(users, people), unpack(ranks, people), strict=True))
        _check_size(blocks, self.count)
        self.room = LARGEST_PREDS
        rows = [self._rows(block) for block in blocks]
        self.rows = [next(rows[number]) for number in unpack(order, self.count)]
        self.uids: dict[Position, str] = {}

    def _rows(self, block: Any) -> Iterator[_Row]:
        kind, version, count, fields, authors, times, *tail = block
        count = _bounded(count, self.count)
        entities, preds, origins = [*tail, 0, 0, 0][:3]
        values = _values(fields, count)
        naming = tuple(field for field, column in fields if may_name(column))
        return map(
            _Row,
            [kind] * count,
            [version] * count,
            values,
            unpack(authors, count),
            unpack(times, count),
            unpack(entities, count) if entities else [None] * count,
            self._replaced(preds, values),
            unpack(origins, count) if origins else [None] * count,
            [naming] * count,
        )

    def _replaced(
        self, preds: Any, values: Sequence[Mapping[int, Cell]]
    ) -> Iterator[dict[int, list[Ref | None]]]:
        """Yield, for each edit, field -> what it replaced; None stands for the edit that created the record."""
        if not preds:
            return iter([{} for _ in values])
        how_many, counts, codes, refs = preds
        counts = unpack(counts, sum(map(len, values)))
        if any(type(count) is not int or count < 0 for count in counts):
            raise Malformed("a count below nothing")
        self.room = _bounded(self.room - sum(counts), LARGEST_PREDS)
        codes = unpack(codes, sum(counts))
        refs = iter(unpack(refs, _bounded(how_many, len(codes))))
        return _each_replaced(values, iter(counts), iter(codes), refs)

    def batch(self, first_seq: int | None, find: Finder) -> Batch:
        """Return the edits in their order; each may name those before it, and those that `find` finds here."""
        places = self._places(first_seq)
        self.uids = dict(find(self._wanted(places)))
        found = bool(self.uids)
        lines, room = [], LARGEST_BODIES
        most = body.LARGEST_BODY if first_seq is not None else LARGEST_TOLD
        for row, (lane, seq) in zip(self.rows, places, strict=True):
            edit = self._edit(row, lane, seq)
            _check(edit, found)
            lines.append(body.named(edit))
            size = len(lines[-1][1].encode())
            if size > most:
                raise Malformed("an edit larger than any laptop writes")
            room -= size
            if room < 0:
                raise Malformed("edits that are together larger than a batch")
            self.uids[lane, seq] = lines[-1][0].uid
        return Batch(tuple(lines), self._ceilings())

    def _places(self, first_seq: int | None) -> list[Position]:
        if first_seq is not None:
            return [(self.lanes[0], first_seq + offset) for offset in range(self.count)]
        lanes, seqs = (unpack(column, self.count) for column in self.rest[0])
        return [self._position(Ref(lane, seq)) for lane, seq in zip(lanes, seqs, strict=True)]

    def _ceilings(self) -> dict[str, int]:
        if len(self.rest) < 2:
            return {}
        names = self.lanes[1:]
        told = zip(names, unpack(self.rest[1], len(names)), strict=True)
        return {name: _bounded(ceiling, HIGHEST_RANK) for name, ceiling in told if ceiling is not None}

    def _wanted(self, places: Sequence[Position]) -> set[Position]:
        """Return the places that are named before the batch itself has told what stands there."""
        told: set[Position] = set()
        wanted: set[Position] = set()
        for row, place in zip(self.rows, places, strict=True):
            cells = [self.people[row.author][0], row.entity, *(row.values.get(field) for field in row.naming)]
            cells += [ref for refs in row.preds.values() for ref in refs]
            named = {self._position(cell) for cell in cells if isinstance(cell, Ref) and cell.lane != SPELLED}
            wanted |= named - told
            told.add(place)
            _bounded(len(wanted), MOST_NAMED)
        return wanted

    def _position(self, ref: Ref) -> Position:
        if not 1 <= ref.seq <= body.LARGEST_INTEGER or ref.lane < OWN:
            raise Malformed(f"{ref} is no place")
        return self.lanes[ref.lane - OWN], ref.seq

    def _uid(self, cell: Cell) -> str:
        if not isinstance(cell, Ref):
            raise Malformed("not a reference")
        if cell.lane == SPELLED:
            return self.spelled[_bounded(cell.seq, len(self.spelled) - 1)]
        position = self._position(cell)
        if position not in self.uids:
            raise UnknownReference(f"edit {position[1]} of lane {position[0]}")
        return self.uids[position]

    def _edit(self, row: _Row, lane: str, seq: int) -> Edit:
        user, rank = self.people[row.author]
        entity = "" if row.entity is None else self._uid(row.entity)
        for field in row.naming:
            if isinstance(row.values.get(field), Ref):
                row.values[field] = self._uid(row.values[field])
        return Edit(
            uid="",
            lane=lane,
            seq=seq,
            kind=row.kind,
            entity=entity,
            schema_version=row.schema_version,
            user="" if user is None else self._uid(user),
            rank=rank,
            device_time=row.time,
            values=row.values,
            preds={field: self._preds(refs, entity) for field, refs in row.preds.items() if refs},
            origin=self._position(row.origin) if row.origin else None,
        )

    def _preds(self, refs: Sequence[Ref | None], entity: str) -> tuple[str, ...]:
        return tuple(sorted(entity if ref is None else self._uid(ref) for ref in refs))


def _check_size(blocks: Any, count: int) -> None:
    """Refuse before unpacking: a few bytes that say the same thousands of times would fill the memory."""
    sizes = [(_bounded(block[2], count), len(block[3])) for block in blocks]
    if sum(edits for edits, _ in sizes) != count:
        raise Malformed("blocks with more or fewer edits than the batch")
    if sum(edits * fields for edits, fields in sizes) > LARGEST_CELLS:
        raise Malformed("more fields than a batch holds")


def _values(fields: Any, count: int) -> list[dict[int, Cell]]:
    columns = {field: unpack(column, count) for field, column in fields}
    if not columns:
        return [{} for _ in range(count)]
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    for field, column in fields:
        if column[0] == 8:
            for row in rows:
                if row[field] is ABSENT:
                    del row[field]
    return rows


def _each_replaced(
    values: Sequence[Mapping[int, Cell]], counts: Iterator[int], codes: Iterator[int], refs: Iterator[Ref]
) -> Iterator[dict[int, list[Ref | None]]]:
    for row in values:
        last: Ref | None = None
        found: dict[int, list[Ref | None]] = {}
        for field in sorted(row):
            found[field] = []
            for code in islice(codes, next(counts)):
                if code != SAME:
                    last = None if code == CREATED else next(refs)
                found[field].append(last)
        yield found


def _check(edit: Edit, found: bool) -> None:
    """Refuse what is no edit; where places were looked up here (`found`), one of them may mean another edit than it did there."""
    try:
        body.check(edit)
    except BadEdit as error:
        if found:
            raise UnknownReference("a place that means another edit here") from error
        raise


def _bounded(number: Any, most: int) -> int:
    if type(number) is not int or not 0 <= number <= most:
        raise Malformed(f"{number!r} where a number from 0 to {most} belongs")
    return number
