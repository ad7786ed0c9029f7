"""A record that an older program read in part, and of which later something came that nobody can read, shuts no place."""

import pytest

from siposyandu.instance import Instance
from siposyandu.office import doubting
from sync import edits
from tests.neighbours import Neighbours
from tests.sync_app import AMINAH
from tests.test_doubtful_dates import world

__all__ = ["world"]

OF_A_NEWER_PROGRAM, WRITTEN = 999, "2026-08-03T01:00:00Z"
WEIGHT = doubting.FORM.by_column["weight_g"].number


@pytest.mark.parametrize(("field", "said"), [(doubting.DAY, "kemarin"), (WEIGHT, "berat")])
def test_a_place_opens_when_what_it_read_in_part_cannot_be_read_again(
    world: Neighbours, field: int, said: str
) -> None:
    one = world.laptop("one")

    def write(kind: str, entity: str | None, values: dict[int, int | str | None]) -> str:
        with one.store() as store, store.write():
            edit = edits.record(
                store, one.instance.lane, kind=kind, entity=entity, values=values, author=AMINAH, device_time=WRITTEN
            )  # fmt: skip
        one.exchange()
        return edit.entity

    entity = write("create", None, {0: doubting.FORM.number, OF_A_NEWER_PROGRAM: "x"})
    write("set", entity, {field: said})
    with world.store() as store:
        waits = [store.value(f"select count(*) from {table}") for table in ("unread", "reviews")]
    assert (waits, Instance(world.village.instance.config).is_open) == ([1, 1], True)
