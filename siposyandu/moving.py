"""A province that has outgrown its file moves into PostgreSQL: every row, in one transaction, counted at the end.

Nothing may write meanwhile: stop the service first. The file stays as it is; it is the way back until the first
laptop has spoken to the new database.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from siposyandu import config
from siposyandu.errors import Refused
from siposyandu.instance import Instance
from siposyandu.migrations import HISTORY_TABLE, migrate
from siposyandu.store import SqliteStore, Store

AT_ONCE = 10_000


def move(
    source: SqliteStore, target: Store, say: Callable[[str, int], None] = lambda table, rows: None
) -> int:
    """Copy all tables of a place into an empty database; returns how many rows, and tells `say` of each table.

    Refuses a target in which a place lives already. What fails on the way leaves the target empty.
    """
    migrate(source)
    migrate(target)
    if target.value("select 1 from sync_self") is not None:
        raise Refused("a place lives in that database already", "make a new, empty one")
    total = 0
    with source.snapshot(), target.write():
        for table in _tables(source):
            rows = _copy(source, target, table)
            say(table, rows)
            total += rows
        target.run("analyze")  # else the first night is planned as if every table were empty
    return total


def move_place(instance: Instance, address: str, say: Callable[[str, int], None]) -> int:
    """Move a province's records into a PostgreSQL database and let its settings say so; returns how many rows."""
    from siposyandu import postgres

    place = replace(instance.config, database=address)
    if not (place.is_on_postgresql and place.is_province) or instance.config.is_on_postgresql:
        raise Refused(
            "only a province moves, from its file to postgresql://...", "say the address of the database"
        )
    target = postgres.open_store(address)
    with instance.store_for_job() as source:
        assert isinstance(source, SqliteStore)
        rows = move(source, target, say)
    target.close()
    config.save(place)
    return rows


def _tables(source: SqliteStore) -> list[str]:
    """Return the tables, each after those it refers to."""
    names = source.rows(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like '%_search%'"
        " and name <> $1 order by name",
        HISTORY_TABLE,
    )
    needs = {row["name"]: _refers_to(source, row["name"]) for row in names}
    ordered: list[str] = []
    while needs:
        free = [name for name, others in needs.items() if others <= {*ordered, name}]
        ordered += free
        needs = {name: others for name, others in needs.items() if name not in free}
    return ordered


def _refers_to(source: SqliteStore, table: str) -> set[str]:
    return {row["table"] for row in source.rows(f"pragma foreign_key_list({table})")}


def _copy(source: SqliteStore, target: Store, table: str) -> int:
    columns = [row["name"] for row in source.rows(f"pragma table_info({table})")]
    marks = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    # A lane refers to the one that follows it, which is always younger.
    order = "order by 1 desc" if table in _refers_to(source, table) else ""
    for part in _parts(source.each(f"select {', '.join(columns)} from {table} {order}")):
        target.many(f"insert into {table} ({', '.join(columns)}) values ({marks})", part)
    _go_on_counting(target, table)
    counts = [store.value(f"select count(*) from {table}") for store in (source, target)]
    if counts[0] != counts[1]:
        raise RuntimeError(f"{table}: {counts[0]} rows became {counts[1]}")
    return int(counts[1])


def _parts(rows: Iterator[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    while part := list(islice(rows, AT_ONCE)):
        yield part


def _go_on_counting(target: Store, table: str) -> None:
    """Let a column that counts by itself go on after the highest number it was given."""
    counting = target.value(
        "select column_name from information_schema.columns where table_schema = current_schema()"
        " and table_name = $1 and is_identity = 'YES'",
        table,
    )
    if counting:
        target.value(
            f"select setval(pg_get_serial_sequence($1, $2), coalesce(max({counting}), 0) + 1, false) from {table}",
            table,
            counting,
        )
