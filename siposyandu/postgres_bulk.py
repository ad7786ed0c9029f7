"""Many rows at once for PostgreSQL: what an insert of one row says, said of many, with the same outcome.

Rows that are only added travel by COPY. Rows that may be there already travel in statements of 64, 16 or 4 rows: few
sizes, so that PostgreSQL plans each text once. That is done only if no two of the rows have the same key, because one
statement may change a row only once; other changes are sent row by row, all before the first answer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

FEWEST = 8
"""Below, separate statements cost less; 60 rows by COPY cost a third of the processor's time, 1,000 rows a ninth."""
SIZES = (64, 16, 4, 1)

_INSERT = re.compile(
    r"\s*(insert\s+into\s+(\w+)\s*\(([^()]*)\)\s*values)\s*\(([^()]*)\)\s*(on\s+conflict\b[^$]*)?",
    re.IGNORECASE,
)
_KEY = re.compile(r"on\s+conflict\s*(?:\(([^()]*)\))?[^$]*?\bdo\s+(nothing|update)\b", re.IGNORECASE)

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Insert:
    """An insert of one row: what stands before its values, its table and columns, and what happens to a row that is there."""

    head: str
    table: str
    columns: tuple[str, ...]
    tail: str

    @property
    def copy(self) -> str:
        """The COPY that adds rows of it."""
        return f"copy {self.table} ({', '.join(self.columns)}) from stdin"

    @cached_property
    def key(self) -> tuple[int, ...] | None:
        """The places of the columns by which a row is there already; None when only a name says which."""
        said = _KEY.match(self.tail)
        if said is None or (said[1] is None and said[2].lower() == "update"):
            return None
        names = [name.strip() for name in (said[1] or "").split(",") if name.strip()]
        return tuple(map(self.columns.index, names)) if set(names) <= set(self.columns) else None

    def may_be_joined(self, rows: Rows) -> bool:
        """Return whether one statement may say all of these rows."""
        if self.key is None:
            return False
        return not self.key or len({tuple(row[place] for place in self.key) for row in rows}) == len(rows)

    def statements(self, rows: Rows) -> Iterator[tuple[str, Rows]]:
        """Yield statements that together say these rows, each with its values for every time it is said."""
        start = 0
        for size in SIZES:
            end = len(rows) - (len(rows) - start) % size
            values = [list(chain(*rows[place : place + size])) for place in range(start, end, size)]
            if values:
                yield _of_many(self.head, len(self.columns), size, self.tail), values
            start = end


@lru_cache(maxsize=256)
def read(sql: str) -> Insert | None:
    """Return an insert of one row by `$1, $2, ...`; None for any other statement.

    >>> read("insert into cup (name, tea) values ($1, $2)").copy
    'copy cup (name, tea) from stdin'
    >>> read("insert into cup (name) values ($1) on conflict (name) do nothing").key
    (0,)
    >>> read("delete from cup where name = $1")
    """
    said = _INSERT.fullmatch(sql)
    if said is None:
        return None
    columns = tuple(column.strip() for column in said[3].split(","))
    as_counted = [f"${number}" for number in range(1, len(columns) + 1)]
    places = [place.strip() for place in said[4].split(",")]
    return Insert(said[1], said[2], columns, (said[5] or "").strip()) if places == as_counted else None


@lru_cache(maxsize=256)
def _of_many(head: str, columns: int, rows: int, tail: str) -> str:
    def places(row: int) -> str:
        return ", ".join(f"${row * columns + column}" for column in range(1, columns + 1))

    return f"{head} {', '.join(f'({places(row)})' for row in range(rows))} {tail}"
