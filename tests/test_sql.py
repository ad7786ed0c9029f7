"""The SQL of the application and of sync is one text for both databases: each statement is put to both, unexecuted."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg

import forms
import siposyandu
import sync
from siposyandu.encryption import DatabaseError
from siposyandu.postgres import PostgresStore
from siposyandu.store import SqliteStore, Store

ROOTS = [Path(package.__file__ or "").parent for package in (siposyandu, sync)]
# What is one database's own business, and DuckDB's.
OWN = re.compile(
    r"migrations|siposyandu/(store|postgres\w*|partitions|encryption|moving|prevalence)\.py|siposyandu/(copies|vault|growth)/|simulat"
)
STATEMENT = re.compile(r"\s*(select|insert into|update|delete from|with)\s+\S+.*", re.DOTALL)
NOT_ON_BOTH = re.compile(
    r"\b(insert or|replace into|rowid|pragma|glob|ifnull|iif|group_concat|string_agg|julianday|strftime|datetime\(|json_\w+"
    r"|sqlite_master|total\(|ilike|similar to|distinct on|array_agg|unnest|::\w+|now\(\)|nulls (first|last))\b"
    r"|\b(max|min)\([^()]*,[^()]*\)|\bis (not )?\$",
    re.IGNORECASE,
)


def strings() -> Iterator[tuple[str, str]]:
    """Yield the texts of both packages that look like SQL, each with where it stands; `{...}` is a part made elsewhere."""
    for root in ROOTS:
        for path in sorted(root.rglob("*.py")):
            place = str(path.relative_to(root.parent))
            if not OWN.search(place):
                for text, line in _texts(ast.parse(path.read_text("utf-8"))):
                    if STATEMENT.fullmatch(text) and ("$" in text or " from " in text):
                        yield text, f"{place}:{line}"


def _texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    parts = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            said = [part.value if isinstance(part, ast.Constant) else "{...}" for part in node.values]
            yield "".join(map(str, said)), node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value, node.lineno


ALL = list(strings())
WHOLE = [(text, place) for text, place in ALL if "{" not in text]


def test_no_statement_says_what_only_one_database_knows() -> None:
    assert {place: NOT_ON_BOTH.search(text) for text, place in ALL if NOT_ON_BOTH.search(text)} == {}
    assert len(ALL) > 250


def test_each_whole_statement_is_understood(store: Store) -> None:
    refused = {place: error for text, place in WHOLE if (error := _refusal(store, text))}
    assert refused == {}
    assert len(WHOLE) > 150


def _refusal(store: Store, text: str) -> str:
    """Return why a database does not understand a statement; empty when it does."""
    if isinstance(store, SqliteStore):
        count = max(map(int, re.findall(r"\$(\d+)", text)), default=0)
        try:
            store.rows(f"explain {text}", *[None] * count)
        except DatabaseError as error:
            return str(error)
        return ""
    assert isinstance(store, PostgresStore)
    with psycopg.connect(store.address) as connection:
        return connection.pgconn.prepare(b"", text.encode()).error_message.decode()


def test_every_table_of_records_has_the_same_columns_on_both(store: Store) -> None:
    for form in forms.ALL:
        assert store.rows(f"select {', '.join(['id', 'retracted', *form.by_column])} from {form.name}") == []
