"""What a copy holds: the database row by row, as it was at one moment, whoever writes meanwhile.

Not its pages: rows can be compressed before they are encrypted (a page that SQLCipher has encrypted cannot), they carry no
damaged index along, and a database of an earlier version becomes one of this version when it is opened. A line of JSON
each: the program's version, the schema, then for each table its name and its rows; the last line says how many.

Full-text indexes are not copied: they are made again from the table that they index.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from siposyandu.errors import Broken
from siposyandu.store import SqliteStore

FORMAT = 1
ROWS_AT_ONCE = 500
Digest = dict[str, list[int | str]]
"""Of each table: how many rows, and a fingerprint of them."""
Settings = dict[str, str | int | bool]
"""Settings of the place that was copied, so that it can go on elsewhere (config.py)."""


@dataclass(frozen=True)
class Copied:
    """What a copy held: its tables and the settings of its place."""

    tables: Digest
    settings: Settings


_SCHEMA = """select type, name, sql from sqlite_master
    where sql is not null and name not like 'sqlite%' order by rowid"""
_TABLES = """select name from pragma_table_list
    where schema = 'main' and type = 'table' and name not in ('sqlite_schema', 'sqlite_stat1') order by name"""
_INDEXED = "select name from pragma_table_list where schema = 'main' and type = 'virtual' order by name"
_SHADOWS = "select name from pragma_table_list where schema = 'main' and type = 'shadow'"


def lines(store: SqliteStore, app: str, settings: Settings) -> Iterator[bytes]:
    """Give the lines of a copy, inside `snapshot()`. Raises DatabaseError on a damaged page."""
    shadows = {row["name"] for row in store.rows(_SHADOWS)}
    schema = [list(row.values()) for row in store.rows(_SCHEMA) if row["name"] not in shadows]
    yield _line({"siposyandu": app, "format": FORMAT, "settings": settings, "schema": schema})
    count = 0
    for table in _names(store, _TABLES):
        columns = _columns(store, table)
        yield _line({"table": table, "columns": columns})
        for row in store.each(f'select {", ".join(columns)} from "{table}"'):
            count += 1
            yield _line(list(row))
    yield _line({"rows": count})


def digest(store: SqliteStore) -> Digest:
    """Return rows and fingerprint of every table: equal for a database and for one restored from its copy."""
    found: Digest = {}
    with store.snapshot():
        for table in _names(store, _TABLES):
            kept, count = sha256(), 0
            for row in store.each(f'select {", ".join(_columns(store, table))} from "{table}"'):
                kept.update(_line(list(row)))
                count += 1
            found[table] = [count, kept.hexdigest()[:16]]
    return found


def restore(store: SqliteStore, copied: Iterable[bytes]) -> Copied:
    """Fill an empty database with the lines of a copy; return what it held.

    Broken when the copy is of a later format, or ends before its last line: then nothing is kept.
    """
    reading = (json.loads(line, object_hook=_value) for line in copied)
    head = next(reading, None)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise Broken(
            "this copy was made by a later version of the program", "install the newest version first"
        )
    with store.write():
        store.run("pragma defer_foreign_keys = on")
        _make(store, head["schema"], ("table",), virtual=False)
        found = _fill(store, reading)
        _make(store, head["schema"], ("table",), virtual=True)
        for table in _names(store, _INDEXED):
            store.run(f"insert into {table} ({table}) values ('rebuild')")
        _make(store, head["schema"], ("index", "trigger", "view"), virtual=False)
    return Copied(found, head["settings"])


def _fill(store: SqliteStore, reading: Iterator[Any]) -> Digest:
    found: Digest = {}
    insert, waiting, kept, table = "", list[list[Any]](), sha256(), ""
    for said in reading:
        if isinstance(said, list):
            waiting.append(said)
            kept.update(_line(said))
            found[table][0] = int(found[table][0]) + 1
            if len(waiting) < ROWS_AT_ONCE:
                continue
        store.many(insert, waiting)
        waiting = []
        if isinstance(said, dict):
            if table:
                found[table][1] = kept.hexdigest()[:16]
            if "rows" in said:
                return _whole(found, said["rows"])
            table, kept = said["table"], sha256()
            found[table] = [0, ""]
            insert = _insert(store, table, said["columns"])
    raise Broken("this copy ends in the middle", "take an older one")


def _whole(found: Digest, rows: int) -> Digest:
    if sum(int(count) for count, _ in found.values()) != rows:
        raise Broken("this copy does not hold as many rows as it says", "take an older one")
    return found


def _insert(store: SqliteStore, table: str, columns: list[str]) -> str:
    if table == "sqlite_sequence":
        store.run("delete from sqlite_sequence")  # made by itself with the first table that counts
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    return f'insert into "{table}" ({", ".join(columns)}) values ({places})'


def _make(store: SqliteStore, schema: list[list[str]], kinds: tuple[str, ...], *, virtual: bool) -> None:
    for kind, _, sql in schema:
        if kind in kinds and sql.lower().startswith("create virtual") == virtual:
            store.run(sql)


def _names(store: SqliteStore, sql: str) -> list[str]:
    return [row["name"] for row in store.rows(sql)]


def _columns(store: SqliteStore, table: str) -> list[str]:
    return [f'"{row["name"]}"' for row in store.rows("select name from pragma_table_info($1)", table)]


def _bytes(value: object) -> dict[str, str]:
    if not isinstance(value, bytes):
        raise TypeError(type(value))
    return {"base64": base64.b64encode(value).decode()}


def _value(said: dict[str, Any]) -> Any:
    return base64.b64decode(said["base64"]) if list(said) == ["base64"] else said


_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_bytes).encode


def _line(said: object) -> bytes:
    return _dump(said).encode() + b"\n"
