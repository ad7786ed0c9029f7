"""Months that have not come: a day far ahead, of a wrong clock or a slip of the hand, costs nobody anything and hides nothing."""

from datetime import datetime
from pathlib import Path

import forms
from siposyandu import records, tally
from siposyandu.periods import Month
from tests.conftest import Village
from tests.neighbours import Neighbours
from tests.test_records import counted, register, weigh

FAR = "2999-12-31"


def months(village: Village) -> list[str]:
    """The months in which Melati was counted."""
    with village.instance.store_for_job() as store:
        sql = "select distinct month from tally where posyandu = $1 order by month"
        return [row["month"] for row in store.rows(sql, village.melati)]


def roll(village: Village, month: Month) -> None:
    with village.instance.store_for_job() as store:
        tally.roll(store, month)


def change(village: Village, form: str, entity: str, **values: str) -> None:
    with village.instance.store_for_job() as store:
        records.save(store, village.pen(), forms.BY_NAME[form], values, entity)


def by_an_earlier_program(village: Village) -> None:
    """Fill the months up to the last visit, whenever that is."""
    with village.instance.store_for_job() as store, store.write():
        tally.mark_due(store, [(village.melati, "2026-05")])
        tally.settle(store)


def test_the_months_up_to_a_day_far_ahead_are_not_filled(village: Village) -> None:
    child = register(village)
    weigh(village, child, "2030-03-05", 9100)
    weigh(village, child, FAR, 9100)  # she is not under five any more, and counts nowhere
    change(village, "person", register(village), name="Lalu Budi")
    assert months(village) == ["2026-06", "2026-07", "2026-08", "2030-03"]


def test_nor_at_the_province_which_goes_by_its_own_clock(tmp_path: Path, database: str) -> None:
    world = Neighbours.begin(tmp_path, database)
    one, aminah = world.laptop("one"), world.village.aminah
    one.clock.time = datetime.fromisoformat("2029-12-31T01:00:00Z")
    card = {"posyandu": world.village.melati, "sex": "f", "birth_date": "2026-07-05"}
    child = one.save(aminah, "person", name="Citra", **card)
    one.weigh(aminah, child, "2029-12-31", 7000)
    world.clock.time = datetime.fromisoformat("2026-08-03T01:00:00Z")
    one.exchange()
    assert months(world.village) == ["2026-07", "2026-08", "2029-12"]


def test_a_visit_of_next_month_by_a_fast_clock_counts_in_it_at_once(village: Village) -> None:
    weigh(village, register(village), "2026-09-01", 9100)
    assert counted(village, "2026-09") == {"s": 1, "d": 1, "n": 0, "t": 0, "o": 0, "b": 1}


def test_a_month_that_comes_is_counted_though_a_later_one_was_counted_before(village: Village) -> None:
    weigh(village, register(village), "2027-05-04", 9100)
    roll(village, Month(2026, 9))
    assert counted(village, "2026-09") == {"s": 1, "d": 0, "n": 0, "t": 0, "o": 0, "b": 0}
    assert months(village) == ["2026-06", "2026-07", "2026-08", "2026-09", "2027-05"]


def test_a_day_far_ahead_that_is_mended_counts_in_its_own_month_and_leaves_nothing(village: Village) -> None:
    visit = weigh(village, register(village), FAR, 9100)
    change(village, "balita", visit, visit_date="2026-08-03")
    assert counted(village, "2026-08") == {"s": 1, "d": 1, "n": 0, "t": 0, "o": 0, "b": 1}
    assert months(village) == ["2026-06", "2026-07", "2026-08"]


def test_what_an_earlier_program_filled_goes_and_is_counted_when_it_comes(village: Village) -> None:
    weigh(village, register(village), "2027-05-04", 9100)
    by_an_earlier_program(village)
    filled = len(months(village))
    roll(village, Month(2026, 8))
    kept = months(village)
    change(village, "person", register(village), name="Lalu Budi")
    roll(village, Month(2026, 9))
    assert (filled, kept[0], kept[-2:], len(kept)) == (13, "2026-05", ["2026-08", "2027-05"], 5)
    assert counted(village, "2026-09")["s"] == 2


def test_a_posyandu_to_which_children_belong_from_next_month_is_counted_from_then(village: Village) -> None:
    register(village, posyandu_since="2026-09-01")
    roll(village, Month(2026, 8))
    before = months(village)
    roll(village, Month(2026, 10))
    assert (before, months(village), counted(village, "2026-09")["s"]) == ([], ["2026-09", "2026-10"], 1)


def test_a_stay_that_ends_far_ahead_marks_no_month_up_to_there(village: Village) -> None:
    child = register(village)
    change(village, "person", child, status="moved", status_date=FAR)
    roll(village, Month(2026, 8))
    assert months(village) == ["2026-06", "2026-07", "2026-08"]


def test_a_child_who_is_said_to_have_gone_before_she_came_marks_no_month_before(village: Village) -> None:
    register(village, status="moved", status_date="2025-09-03")
    assert months(village) == ["2026-06"]


def test_a_laptop_whose_clock_fell_back_counts_what_is_weighed_and_the_rest_when_it_is_right(
    village: Village,
) -> None:
    village.instance.now = lambda: datetime.fromisoformat("2020-01-01T01:00:00Z")
    weigh(village, register(village), "2026-08-03", 9100)
    roll(village, Month(2020, 1))
    behind = (months(village), counted(village, "2026-08")["d"])
    roll(village, Month(2026, 8))
    assert (behind, months(village)) == ((["2026-08"], 1), ["2026-08"])


def test_counting_all_again_changes_nothing(village: Village) -> None:
    child = register(village)
    weigh(village, child, FAR, 9100)
    weigh(village, child, "2026-08-03", 9100)
    register(village, posyandu_since="2026-10-01")
    change(village, "person", register(village), status="moved", status_date=FAR)
    with village.instance.store_for_job() as store:
        assert records.recount(store, lambda done, of: None, Month(2026, 8)) == []
