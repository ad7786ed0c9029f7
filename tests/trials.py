"""How long the trials are: some of each in every run of the tests, all of it with `make trials`.

A trial ends with a line that says what was tried and what was found; `make trials` shows it.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from siposyandu.store import open_store

WHOLE = os.environ.get("SIPOSYANDU_TRIALS") == "whole"
T = TypeVar("T")

# What may differ between two machines that did the same work by different roads: when and how often they tried, the bytes
# that a message happened to have, and the words by which a machine tells its own copies apart.
OF_THE_ROAD = {"sync_upstream", "evidence", "sync_self", "sqlite_sequence", "sqlite_stat1"}


def report(line: str) -> None:
    """Say what was tried and found."""
    sys.stdout.write(f"{line}\n")


def some(everything: Sequence[T], count: int, always: Sequence[T] = ()) -> list[T]:
    """Return everything in `make trials`; else `count` of them evenly spread, and those that are always wanted."""
    if WHOLE or len(everything) <= count:
        return list(everything)
    step = len(everything) / count
    chosen = {everything[int(number * step)] for number in range(count)} | set(always)
    return [each for each in everything if each in chosen]


def contents(database: Path, key: bytes | None) -> dict[str, list[Any]]:
    """Return every row of every table of a place but those of the road, to compare two places whole."""
    store = open_store(database, key)
    try:
        names = [
            row["name"]
            for row in store.rows("select name, sql from sqlite_master where type = 'table' order by name")
            if row["name"] not in OF_THE_ROAD and "_search" not in row["name"]
        ]
        return {
            name: sorted(tuple(row.values()) for row in store.rows(f"select * from {name}")) for name in names
        }
    finally:
        store.close()
