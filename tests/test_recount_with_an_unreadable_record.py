"""A record that cannot be read waits to be looked at; it stops neither a recount nor, by that, the proof of every copy."""

import pytest

from siposyandu import records
from siposyandu.office import doubting
from sync import edits
from tests.neighbours import Neighbours
from tests.sync_app import AMINAH
from tests.test_doubtful_dates import session, world

__all__ = ["world"]

WEIGHT = doubting.FORM.by_column["weight_g"].number


@pytest.mark.parametrize(("field", "said"), [(doubting.DAY, "kemarin"), (doubting.DAY, 7), (WEIGHT, "berat")])
def test_a_record_that_cannot_be_read_stops_no_recount(
    world: Neighbours, field: int, said: str | int
) -> None:
    one = world.laptop("one")
    values = {0: doubting.FORM.number, field: said}
    with one.store() as store, store.write():
        edits.record(
            store, one.instance.lane, kind="create", entity=None, values=values, author=AMINAH, device_time="2026-08-03T01:00:00Z"
        )  # fmt: skip
    session(one, "2031-01-01", children=1)
    one.exchange()
    with world.store() as store:
        waiting = store.value("select count(*) from reviews")
        assert (waiting, records.recount(store, lambda done, of: None)) == (1, [])
