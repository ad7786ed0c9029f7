"""What sync takes out of a PC's log again leaves no row that counts, and no other row changed."""

from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from siposyandu import records
from siposyandu.migrations import migrate
from siposyandu.store import SqliteStore, open_store
from sync import intake, lanes
from sync.log import Line
from tests.test_any_order import LAPTOP, NOON, Author, Undo, check, doing

PC = "3c" * 16


def device(lane: str) -> SqliteStore:
    store = open_store(":memory:")
    migrate(store)
    lanes.open_own(store, lane, "sentinel")
    return store


def take(store: SqliteStore, lines: list[Line]) -> None:
    intake.take(store, lines, NOON, records.apply, lambda new, known: [])


def standing(store: SqliteStore) -> list[list[dict[str, Any]]]:
    """Return the children and visits that are not withdrawn, without the numbers by which they are searched."""
    found = [
        store.rows(f"select * from {form} where retracted = 0 order by id") for form in ("person", "balita")
    ]
    return [
        [{name: value for name, value in row.items() if name != "search_row"} for row in rows]
        for rows in found
    ]


def test_rows_and_counts_are_those_of_the_edits_that_stay() -> None:
    laptop, pc, other = device(LAPTOP), device(PC), device(PC)

    @settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate))
    @given(st.integers(0, 2**32))
    def example(seed: int) -> None:
        chance = Random(seed)
        with pytest.raises(Undo), laptop.write(), pc.write(), other.write():
            author = Author(laptop)
            author.begin()
            for _ in range(chance.randrange(5, 30)):
                author.act(*doing(chance))
            lines = author.lines()
            gone = {line.edit.uid for line in lines if chance.random() < 0.3}
            take(pc, lines)
            intake.withdraw(pc, sorted(gone), NOON, records.apply)
            take(other, [line for line in lines if line.edit.uid not in gone])
            assert standing(pc) == standing(other)
            check(pc)
            assert pc.value("select count(*) from reviews") == 0
            raise Undo

    example()
    for store in (laptop, pc, other):
        store.close()
