"""The log: edits as they came to be held here, in order, and where each stands in its lane."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sync import body, lanes
from sync.body import Edit
from sync.chunks import chunks, holes
from sync.ports import Store

Position = tuple[str, int]  # lane, seq

_COLUMNS = """e.n, e.uid, e.entity, e.received_at, e.body, e.seq, e.authority, l.lane, l.rank_ceiling,
    e.origin_seq, o.lane as origin_lane"""
_TABLES = "edits e join lanes l on l.lane_no = e.lane_no left join lanes o on o.lane_no = e.origin_lane_no"


@dataclass(frozen=True, slots=True)
class Line:
    """A new edit with what the log keeps of it: body text, and chain (8 bytes in hex) where the lane is whole."""

    edit: Edit
    text: str
    chain8: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """An edit out of the log: its number here, when it came, and the highest rank its lane allows.

    `said_authority` is what the province says that the author's word weighs, where it is not simply as usual.
    """

    n: int
    received_at: str
    rank_ceiling: int
    edit: Edit
    said_authority: int | None = None

    @property
    def authority(self) -> int:
        """What the author's word weighs: as the province says, else the frozen rank within what the lane may carry."""
        usual = min(self.edit.rank, self.rank_ceiling)
        return usual if self.said_authority is None else self.said_authority


def append(store: Store, lines: Sequence[Line], received_at: str) -> list[Edit]:
    """Keep new edits; one that is known already only gets its further position. Return the new ones."""
    known = held(store, [line.edit.uid for line in lines])
    fresh = {line.edit.uid: line for line in lines if line.edit.uid not in known}
    again = [line for line in lines if fresh.get(line.edit.uid) is not line]
    number = _numbers(store, set(_lanes_of(lines)))
    last = store.value("select coalesce(max(n), 0) from edits")
    rows = [(n, *_row(line, number), received_at) for n, line in enumerate(fresh.values(), last + 1)]
    store.many(
        """insert into edits (n, uid, entity, lane_no, seq, origin_lane_no, origin_seq, chain8, body, received_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        rows,
    )
    _note_positions(store, again, number)
    return [line.edit for line in fresh.values()]


def _row(line: Line, number: Mapping[str, int]) -> tuple[Any, ...]:
    edit = line.edit
    origin = (number[edit.origin[0]], edit.origin[1]) if edit.origin else (None, None)
    return edit.uid, edit.entity, number[edit.lane], edit.seq, *origin, line.chain8, line.text


def _numbers(store: Store, names: set[str]) -> dict[str, int]:
    number = lanes.numbers(store, names)
    if len(number) < len(names):
        lanes.ensure(store, names)
        number = lanes.numbers(store, names)
    return number


def _lanes_of(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        yield line.edit.lane
        if line.edit.origin:
            yield line.edit.origin[0]


def _note_positions(store: Store, lines: Sequence[Line], number: Mapping[str, int]) -> None:
    at = positions(store, [line.edit.uid for line in lines])
    rows = [
        (number[line.edit.lane], line.edit.seq, line.edit.uid, line.chain8)
        for line in lines
        if at.get(line.edit.uid) != (line.edit.lane, line.edit.seq)
    ]
    store.many(
        "insert into positions (lane_no, seq, uid, chain8) values ($1, $2, $3, $4) on conflict do nothing",
        rows,
    )


def held(store: Store, uids: Iterable[str]) -> set[str]:
    """Return those of the uids whose edits are in the log."""
    found: set[str] = set()
    for part in chunks(sorted(set(uids))):
        found.update(
            row["uid"] for row in store.rows(f"select uid from edits where uid in ({holes(part)})", *part)
        )
    return found


def by_uid(store: Store, uids: Iterable[str]) -> dict[str, Kept]:
    """Return the edits of these uids, those that are held and not redacted."""
    return {kept.edit.uid: kept for kept in _select(store, "e.uid", uids)}


def of_entities(store: Store, entities: Iterable[str]) -> list[Kept]:
    """Return every edit of these records, in the order they came."""
    return sorted(_select(store, "e.entity", entities), key=lambda kept: kept.n)


def _select(store: Store, column: str, values: Iterable[str]) -> Iterator[Kept]:
    for part in chunks(sorted(set(values))):
        sql = f"select {_COLUMNS} from {_TABLES} where {column} in ({holes(part)}) and e.body is not null"
        yield from map(kept, store.rows(sql, *part))


def kept(row: Mapping[str, Any]) -> Kept:
    """Return the edit of one row of the log (columns as selected here)."""
    edit = body.decode(row["body"], row["uid"], row["lane"], row["seq"])
    if row["origin_lane"] is not None:
        edit = body.moved(edit, (row["origin_lane"], row["origin_seq"]))
    return Kept(row["n"], row["received_at"], row["rank_ceiling"], edit, row["authority"])


def stretch(store: Store, lane: str, first_seq: int, count: int) -> list[Edit]:
    """Return up to `count` edits of a lane held whole, from `first_seq` on, in order."""
    sql = f"select {_COLUMNS} from {_TABLES} where l.lane = $1 and e.seq >= $2 order by e.seq limit $3"
    first = [kept(row).edit for row in store.rows(sql, lane, first_seq, count)]
    again = _written_again(store, lane, first_seq, count)
    return sorted(first + again, key=lambda edit: edit.seq)[:count] if again else first


def _written_again(store: Store, lane: str, first_seq: int, count: int) -> list[Edit]:
    """Return the edits that have a further place in this lane, as they stand there."""
    sql = f"""select {_COLUMNS}, p.seq as again from positions p join lanes a on a.lane_no = p.lane_no
        join {_TABLES.replace("edits e", "edits e on e.uid = p.uid", 1)}
        where a.lane = $1 and p.seq >= $2 order by p.seq limit $3"""
    found = [(row["again"], kept(row).edit) for row in store.rows(sql, lane, first_seq, count)]
    return [
        replace(edit, lane=lane, seq=seq, origin=edit.origin or (edit.lane, edit.seq)) for seq, edit in found
    ]


def chain8(store: Store, lane: lanes.Lane, seq: int) -> str | None:
    """Return the first 8 bytes (hex) of chain_seq of a lane held whole; None past its end."""
    if seq == 0:
        return body.first_link(lane.lane)[:8].hex()
    sql = """select chain8 from edits where lane_no = $1 and seq = $2
        union all select chain8 from positions where lane_no = $1 and seq = $2"""
    found = store.value(sql, lane.lane_no, seq)
    return None if found is None else str(found)


def positions(store: Store, uids: Iterable[str]) -> dict[str, Position]:
    """Return uid -> the place of the edit in the log."""
    found: dict[str, Position] = {}
    for part in chunks(sorted(set(uids))):
        sql = f"""select e.uid, l.lane, e.seq from edits e join lanes l on l.lane_no = e.lane_no
            where e.uid in ({holes(part)})"""
        found.update((row["uid"], (row["lane"], row["seq"])) for row in store.rows(sql, *part))
    return found


def places_known(store: Store, own: lanes.Lane, before_seq: int, uids: Iterable[str]) -> dict[str, Position]:
    """Return uid -> the place by which the province surely knows the edit, or else the place it has here.

    What was written again in our own lane and is acknowledged has a place there.
    """
    found = positions(store, uids)
    if store.value("select 1 from positions where lane_no = $1 limit 1", own.lane_no):
        for part in chunks(sorted(found)):
            sql = f"""select uid, seq from positions where lane_no = $1 and seq < $2
                and uid in ({holes(part, 2)})"""
            rows = store.rows(sql, own.lane_no, before_seq, *part)
            found.update((row["uid"], (own.lane, row["seq"])) for row in rows)
    return found


def uids_at(store: Store, lane: str, seqs: Iterable[int]) -> dict[int, str]:
    """Return seq -> uid of the edits held at these places of a lane."""
    here: dict[int, str] = {}
    for part in chunks(sorted(set(seqs))):
        places = f"where lane_no = (select lane_no from lanes where lane = $1) and seq in ({holes(part, 1)})"
        sql = f"select seq, uid from positions {places} union all select seq, uid from edits {places}"
        here.update((row["seq"], row["uid"]) for row in store.rows(sql, lane, *part))
    return here


def found(store: Store, places: Iterable[Position]) -> dict[Position, str]:
    """Return place -> uid of the edits held at places of any lanes."""
    by_lane: dict[str, list[int]] = {}
    for lane, seq in places:
        by_lane.setdefault(lane, []).append(seq)
    here = (
        lanes.numbers(store, by_lane) if len(by_lane) > 1 else by_lane
    )  # anybody may name lanes by the thousand
    return {(lane, seq): uid for lane in here for seq, uid in uids_at(store, lane, by_lane[lane]).items()}


def numbered(store: Store, numbers: Iterable[int]) -> tuple[Kept, ...]:
    """Return the edits with these numbers, in the order asked for."""
    order = list(numbers)
    found: dict[int, Kept] = {}
    for part in chunks(order):
        sql = f"select {_COLUMNS} from {_TABLES} where e.n in ({holes(part)}) and e.body is not null"
        found.update((row["n"], kept(row)) for row in store.rows(sql, *part))
    return tuple(found[n] for n in order if n in found)
