"""A day that is written otherwise than the program writes one waits to be looked at, as a day that is none."""

import pytest

import forms
from sync import edits
from tests.neighbours import Neighbours
from tests.sync_app import AMINAH
from tests.test_doubtful_dates import world
from tests.test_web_differences import child_of

__all__ = ["world"]

WRITTEN = "2026-08-03T01:00:00Z"


@pytest.mark.parametrize("said", ["20250101", "2025-W01-3"])
@pytest.mark.parametrize("column", ["birth_date", "status_date"])
def test_a_day_in_another_spelling_waits_to_be_looked_at(world: Neighbours, said: str, column: str) -> None:
    one = world.laptop("one")
    child = child_of(one)
    one.exchange()
    values = {forms.BY_NAME["person"].by_column[column].number: said}
    with one.store() as store, store.write():
        edits.record(
            store, one.instance.lane, kind="set", entity=child, values=values, author=AMINAH, device_time=WRITTEN
        )  # fmt: skip
    one.exchange()
    with world.store() as store:
        assert store.value("select count(*) from reviews") == 1
