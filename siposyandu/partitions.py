"""The province's two longest tables lie in parts on PostgreSQL: growth by year, evidence by month of its arrival.

Statements name the whole table; PostgreSQL finds the part. What no part was made for lies in the table's last part,
`..._other`, and moves when its own is made. The timetable makes the parts ahead; doing it again changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from siposyandu.periods import Month
from siposyandu.store import Store

FIRST_YEAR = 2000
"""What is dated before, or far ahead, is a slip of somebody's; it stays in `_other`."""
AHEAD = 3


@dataclass(frozen=True)
class Parted:
    """A table in parts: by which column, a text that begins with YYYY-MM, and whether by year or by month."""

    table: str
    column: str
    yearly: bool

    def part(self, key: str) -> str:
        """Return the name of the part for a year (2026) or a month (2026-08)."""
        return f"{self.table}_{key.replace('-', '_')}"

    def until(self, key: str) -> str:
        """Return the key of the part that follows."""
        return f"{int(key) + 1:04}" if self.yearly else str(Month.parse(key).next)

    def key(self, month: Month) -> str:
        """Return the key of the part in which a month lies."""
        return str(month)[: self.length]

    @property
    def length(self) -> int:
        """How much of the column says which part it is."""
        return 4 if self.yearly else 7


ALL = (Parted("balita_growth", "month", yearly=True), Parted("evidence", "received_at", yearly=False))


def make_ready(store: Store, now: Month) -> list[str]:
    """Make the parts for the rows that are there and for the months to come; returns the names of those made.

    Each part is a transaction of its own. Does nothing on SQLite, where tables have no parts.
    """
    if store.dialect != "postgresql":
        return []
    return [
        parted.part(key)
        for parted in ALL
        for key in _missing(store, parted, now)
        if _make(store, parted, key)
    ]


def _missing(store: Store, parted: Parted, now: Month) -> list[str]:
    there = {row["name"] for row in _parts(store, parted)}
    wanted = {parted.key(month) for month in _months(now, AHEAD)} | set(_waiting(store, parted, now))
    return sorted(key for key in wanted if parted.part(key) not in there)


def _months(month: Month, count: int) -> Iterator[Month]:
    for _ in range(count + 1):
        yield month
        month = month.next


def _waiting(store: Store, parted: Parted, now: Month) -> Iterator[str]:
    """Yield the keys of rows that lie in the last part, where they are sensible."""
    rows = store.rows(
        f"""select distinct substr({parted.column}, 1, 7) as month from {parted.table}_other
        where {parted.column} between $1 and $2""",
        f"{FIRST_YEAR}-01",
        f"{now.next}-99",
    )
    for row in rows:
        try:
            yield parted.key(Month.parse(row["month"]))
        except ValueError:
            continue


def _make(store: Store, parted: Parted, key: str) -> bool:
    """Make one part and move what already lies in the last one; returns False when another program was quicker."""
    part, table, column = parted.part(key), parted.table, parted.column
    since, until = key, parted.until(key)
    with store.write():
        if part in {row["name"] for row in _parts(store, parted)}:
            return False
        store.run(
            f"create table {part} (like {table} including defaults including constraints including indexes)"
        )
        store.run(
            f"insert into {part} select * from {table}_other where {column} >= $1 and {column} < $2",
            since,
            until,
        )
        store.run(f"delete from {table}_other where {column} >= $1 and {column} < $2", since, until)
        store.run(f"alter table {table} attach partition {part} for values from ('{since}') to ('{until}')")
    return True


def parts(store: Store) -> list[dict[str, object]]:
    """Return every part with its bytes on the disk, indexes included, in order."""
    return [row for parted in ALL for row in _parts(store, parted)] if store.dialect == "postgresql" else []


def _parts(store: Store, parted: Parted) -> list[dict[str, object]]:
    return store.rows(
        """select c.relname as name, pg_total_relation_size(c.oid) as bytes
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = cast(cast($1 as text) as regclass) order by c.relname""",
        parted.table,
    )
