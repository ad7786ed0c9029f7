"""Reading the feed: what follows a laptop's cursor in its areas, and what it is believed to hold."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sync import feed, log
from sync.chunks import chunks, holes
from sync.log import Kept
from sync.messages import SCHEMA
from sync.ports import Store

_TOLD = """select distinct e.uid, e.entity from feed f join edits e on e.n = f.edit
    join placement p on p.entity = e.entity and p.area = f.area
    where f.n <= $1 and f.gone = 0 and (e.lane_no <> $2 or e.authority is not null)"""


# From this schema on a laptop may be told its own edits again; an earlier one would count them at its check-up (checkup.py).
TAKES_ITS_OWN = 4
_IT_RETURNED = """or f.n <= p.since_n and exists
                    (select 1 from placement q where q.entity = p.entity and q.left_n is not null)"""


@dataclass(frozen=True, slots=True)
class Reader:
    """A laptop that reads: its areas, its lane (whose edits it is not told), its cursor, and how far it had read when last
    heard, in which areas; and what its version can read."""

    areas: frozenset[str]
    lane_no: int
    after: int
    read_n: int
    read_in: frozenset[str]
    schema: int = SCHEMA

    def had(self) -> Iterator[tuple[list[str], int]]:
        """Yield its areas, each with the number up to which it has been told what they were told, however often it reads
        again."""
        before = max(self.after, self.read_n)
        for areas, upto in ((self.areas & self.read_in, before), (self.areas - self.read_in, self.after)):
            yield from ((part, upto) for part in chunks(sorted(areas)))


@dataclass(frozen=True, slots=True)
class Page:
    """What follows a cursor: edits in feed order, records to forget, the number read up to, and whether there is more."""

    edits: tuple[Kept, ...]
    gone: tuple[str, ...]
    cursor_n: int
    more: bool


def page(store: Store, reader: Reader, limit: int) -> Page:
    """Return at most `limit` lines told to any of the reader's areas after its cursor.

    Edits of its own lane are left out, unless the province has to say what they weigh, or their record came from elsewhere: it
    may have been forgotten here, and perhaps nobody else has written about it. A record that has left an area is told to those
    only who had it, up to the edit that moved it; then that it is to be forgotten.
    """
    upto = feed.end(store)
    found = _after(store, reader, upto, limit + 1) if reader.after < upto else []
    more, found = len(found) > limit, found[:limit]
    edits = log.numbered(store, dict.fromkeys(row["edit"] for row in found if not row["gone"]))
    gone = dict.fromkeys(row["entity"] for row in found if row["gone"])
    here = feed.kept_in(store, gone)  # what waits to leave another of its areas is told with that one
    forget = tuple(entity for entity in gone if here[entity].isdisjoint(reader.areas))
    return Page(edits, forget, found[-1]["n"] if more else upto, more)


def _after(store: Store, reader: Reader, upto: int, limit: int) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    own = _IT_RETURNED if reader.schema >= TAKES_ITS_OWN else ""
    for part, had_n in reader.had():
        sql = f"""select f.n, f.edit, f.gone, e.entity from feed f join edits e on e.n = f.edit
            join placement p on p.entity = e.entity and p.area = f.area
            where f.area in ({holes(part, 5)}) and f.n > $1 and f.n <= $2
            and (f.gone = 1 and f.n = p.gone_n
                or f.gone = 0 and (e.lane_no <> $3 or e.authority is not null {own})
                and (p.left_n is null or p.gone_n is null and p.since_n <= $5))
            order by f.n limit $4"""
        rows = store.rows(sql, reader.after, upto, reader.lane_no, limit, had_n, *part)
        found.update((row["n"], row) for row in rows)
    return [found[n] for n in sorted(found)][:limit]


def told(store: Store, reader: Reader) -> set[str]:
    """Return the uids of the edits that a reader was told up to its cursor (see `page`), of records that stay."""
    found: set[str] = set()
    for part in chunks(sorted(reader.areas)):
        sql = f"{_TOLD} and f.area in ({holes(part, 2)}) and p.left_n is null and p.since_n <= $1"
        found.update(row["uid"] for row in store.rows(sql, reader.after, reader.lane_no, *part))
    return found


def unsettled(store: Store, reader: Reader) -> dict[str, set[str]]:
    """Return record -> the edits about it that a reader was told, of records that it was not told to forget yet, and of those
    that have come back and were not told again yet.

    It holds all of them or, when it read past them while they were elsewhere, none.
    """
    found: dict[str, set[str]] = {}
    for part in chunks(sorted(reader.areas)):
        sql = f"""{_TOLD} and f.area in ({holes(part, 2)}) and (p.left_n is not null
            and (p.gone_n is null or p.gone_n > $1) or p.left_n is null and p.since_n > $1)"""
        for row in store.rows(sql, reader.after, reader.lane_no, *part):
            found.setdefault(row["entity"], set()).add(row["uid"])
    return found


def known_to(
    store: Store, uids: Iterable[str], areas: Collection[str], lane_no: int
) -> dict[str, log.Position]:
    """Return the places of those edits that a laptop with these areas is believed to hold, its own lane included.

    Believed only: an edit may be told later than one that names it. The laptop then asks for ids in full.
    """
    rows = _standing(store, uids)
    told_in = feed.placed(store, {row["entity"] for row in rows}) if areas else {}
    return {
        row["uid"]: (row["lane"], row["seq"])
        for row in rows
        if row["lane_no"] == lane_no
        or any(row["n"] <= upto for area, upto in told_in.get(row["entity"], {}).items() if area in areas)
    }


def _standing(store: Store, uids: Iterable[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for part in chunks(sorted(set(uids))):
        sql = f"""select distinct e.uid, e.entity, e.n, e.lane_no, l.lane, e.seq from edits e
            join lanes l on l.lane_no = e.lane_no where e.uid in ({holes(part)})"""
        found += store.rows(sql, *part)
    return found
