"""The yardstick of ingestion: the rows that one batch really wrote, written again by bare SQL in one durable transaction.

`written` reads them back after a batch; `replay` puts them into another copy of the database as plain `executemany`
statements, nothing else. In the end both databases must hold the same rows (`differing`).
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from siposyandu.store import SqliteStore

Rows = list[tuple[Any, ...]]
# Table -> which of its rows a batch wrote, and the key by which a row that was there before is replaced.
_NEW = "(select entity from edits where n > $1)"
_MONTHS = f"(select distinct month from balita_growth where id in {_NEW})"
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


def mark(store: SqliteStore) -> Mark:
    """Return where a database stands."""
    return Mark(
        store.value("select coalesce(max(n), 0) from edits"),
        store.value("select coalesce(max(evidence_no), 0) from evidence"),
    )


def written(store: SqliteStore, before: Mark) -> list[tuple[str, Rows]]:
    """Return what was written since a mark: statements, each with its rows."""
    return [(_statement(store, table), list(_rows(store, table, before))) for table in _PARTS]


def _rows(store: SqliteStore, table: str, before: Mark) -> Iterator[tuple[Any, ...]]:
    where, _ = _PARTS[table]
    values = (before.edits, before.evidence)[: 2 if "$2" in where else 1]
    found = store.database.conn.execute(f"select * from {table} where {where.replace('$', '?')}", values)
    yield from map(tuple, found)


def _statement(store: SqliteStore, table: str) -> str:
    columns = [row["name"] for row in store.rows(f"select name from pragma_table_info('{table}')")]
    sql = f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"
    key = _PARTS[table][1]
    news = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key.split(", "))
    return f"{sql} on conflict ({key}) do update set {news}" if key else sql


class Bare:
    """A copy of the database, open for bare SQL: write-ahead log, a commit is on the disk when it returns."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on"):
            self.connection.execute(f"pragma {pragma}")

    def replay(self, statements: list[tuple[str, Rows]]) -> None:
        """Write the rows of one batch in one transaction."""
        self.connection.execute("begin immediate")
        for sql, rows in statements:
            self.connection.executemany(sql, rows)
        self.connection.commit()

    def differing(self, path: Path) -> list[str]:
        """Return the tables in which this database and another differ."""
        self.connection.execute("attach ? as other", (str(path),))
        found = []
        for table in _PARTS:
            sql = f"""select count(*) from (select * from (select * from main.{table} except select * from other.{table})
                union all select * from (select * from other.{table} except select * from main.{table}))"""
            if self.connection.execute(sql).fetchone()[0]:
                found.append(table)
        return found
