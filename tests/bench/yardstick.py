"""The yardstick of ingestion: the rows that one batch really wrote, written again by bare SQL in one durable transaction.

`written` reads them back after a batch; `replay` puts them into another copy of the database as plain `executemany`
statements, nothing else. In the end both databases must hold the same rows (`differing`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from siposyandu.store import Store

Rows = list[tuple[Any, ...]]
Statements = list[tuple[str, Rows]]
_NEW = "(select entity from edits where n > $1)"
_MONTHS = f"(select distinct month from balita_growth where id in {_NEW})"
# Table -> which of its rows a batch wrote, and the key by which a row that was there before is replaced.
_PARTS = {
    "lanes": ("lane_no in (select lane_no from edits where n > $1)", "lane_no"),
    "edits": ("n > $1", ""),
    "feed": ("edit > $1", ""),
    "placement": (f"entity in {_NEW}", "entity, area"),
    "evidence": ("evidence_no > $2", ""),
    "devices": ("lane_no in (select lane_no from edits where n > $1)", "lane_no"),
    "balita": (f"id in {_NEW}", ""),
    "balita_growth": (f"id in {_NEW}", ""),
    "tally": (
        f"posyandu in (select posyandu from balita where id in {_NEW}) and month in {_MONTHS}",
        "posyandu, month, age_group, sex",
    ),
}


@dataclass(frozen=True)
class Mark:
    """Where a database stood before a batch."""

    edits: int
    evidence: int


def mark(store: Store) -> Mark:
    """Return where a database stands."""
    return Mark(
        store.value("select coalesce(max(n), 0) from edits"),
        store.value("select coalesce(max(evidence_no), 0) from evidence"),
    )


def written(store: Store, before: Mark) -> Statements:
    """Return what was written since a mark: statements, each with its rows."""
    return list(_written(store, before))


def _written(store: Store, before: Mark) -> Iterator[tuple[str, Rows]]:
    for table, (where, key) in _PARTS.items():
        values = (before.edits, before.evidence) if "$2" in where else (before.edits,)
        sql = f"select * from {table} where {where.replace('$2', '$2 and 0 <= $1')}"
        rows = store.rows(sql, *values)
        if rows:
            yield _statement(table, list(rows[0]), key), [tuple(row.values()) for row in rows]


def _statement(table: str, columns: list[str], key: str) -> str:
    marks = ", ".join(f"${position}" for position in range(1, len(columns) + 1))
    sql = f"insert into {table} ({', '.join(columns)}) values ({marks})"
    news = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key.split(", "))
    return f"{sql} on conflict ({key}) do update set {news}" if key else sql


def replay(store: Store, statements: Statements) -> None:
    """Write the rows of one batch in one transaction."""
    with store.write():
        for sql, rows in statements:
            store.many(sql, rows)


def differing(store: Store, other: Store) -> list[str]:
    """Return the tables in which two databases differ."""
    return [table for table in _PARTS if _rows(store, table) != _rows(other, table)]


def _rows(store: Store, table: str) -> set[tuple[Any, ...]]:
    return {tuple(row.values()) for row in store.rows(f"select * from {table}")}
