"""The counts of a month: a silent posyandu keeps its sasaran, and D is a part of S."""

from siposyandu import tally
from siposyandu.periods import Month
from tests.conftest import Village
from tests.test_records import counted, register, weigh


def test_a_silent_posyandu_keeps_its_sasaran_in_the_new_month(village: Village) -> None:
    weigh(village, register(village), "2026-06-02", 8300)
    with village.instance.store_for_job() as store:
        tally.roll(store, Month(2026, 8))
    assert [counted(village, month) for month in ("2026-07", "2026-08")] == [
        {"s": 1, "d": 0, "n": 0, "t": 0, "o": 0, "b": 0},
        {"s": 1, "d": 0, "n": 0, "t": 0, "o": 0, "b": 0},
    ]


def test_a_child_who_turns_five_within_the_month_counts_until_its_end(village: Village) -> None:
    weigh(village, register(village, birth_date="2021-08-15"), "2026-08-03", 15300, 1030)
    with village.instance.store_for_job() as store:
        tally.roll(store, Month(2026, 9))
    assert [
        (counted(village, month)["s"], counted(village, month)["d"]) for month in ("2026-08", "2026-09")
    ] == [
        (1, 1),
        (0, 0),
    ]


def test_a_child_weighed_twice_in_a_month_counts_once_by_the_last_weighing(village: Village) -> None:
    child = register(village)
    weigh(village, child, "2026-07-02", 8300)
    weigh(village, child, "2026-08-03", 8300)
    weigh(village, child, "2026-08-20", 9100)
    assert counted(village, "2026-08") == {"s": 1, "d": 1, "n": 1, "t": 0, "o": 0, "b": 0}


def test_a_child_weighed_by_the_neighbours_counts_at_home(village: Village) -> None:
    child = register(village)
    weigh(village, child, "2026-08-03", 9100)
    with village.instance.store_for_job() as store, store.write():
        store.run("update balita set posyandu = $1", village.kenanga)
    assert (counted(village, "2026-08")["d"], counted(village, "2026-08", village.kenanga)["d"]) == (1, None)


def test_age_groups_take_the_age_at_the_end_of_the_month() -> None:
    assert [tally.age_group(months) for months in (0, 5, 6, 11, 12, 23, 24, 59, 60)] == [
        "00-05", "00-05", "06-11", "06-11", "12-23", "12-23", "24-35", "48-59", "48-59",
    ]  # fmt: skip
