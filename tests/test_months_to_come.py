"""Months that have not come: a day far ahead, of a wrong clock or a slip of the hand, costs nobody anything and hides nothing."""

import forms
from siposyandu import records, tally
from siposyandu.periods import Month
from tests.conftest import Village
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


def test_the_months_up_to_a_day_far_ahead_are_not_filled(village: Village) -> None:
    child = register(village)
    weigh(village, child, "2026-08-03", 9100)
    weigh(village, child, FAR, 9100)  # she is not under five any more, and counts nowhere
    change(village, "person", register(village), name="Lalu Budi")
    assert months(village) == ["2026-06", "2026-07", "2026-08", "2999-12"]


def test_a_month_that_comes_is_counted_though_a_later_one_was_counted_before(village: Village) -> None:
    weigh(village, register(village), FAR, 9100)
    for month in (Month(2026, 8), Month(2026, 9)):
        roll(village, month)
    assert counted(village, "2026-09") == {"s": 1, "d": 0, "n": 0, "t": 0, "o": 0, "b": 0}
    assert months(village) == ["2026-06", "2026-07", "2026-08", "2026-09", "2999-12"]


def test_a_silent_posyandu_is_counted_in_each_month_that_passed(village: Village) -> None:
    register(village)
    roll(village, Month(2026, 10))
    assert months(village) == ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]


def test_a_stay_that_ends_far_ahead_marks_no_month_up_to_there(village: Village) -> None:
    child = register(village)
    change(village, "person", child, status="moved", status_date=FAR)
    roll(village, Month(2026, 8))
    assert months(village) == ["2026-06", "2026-07", "2026-08", "2999-12"]


def test_a_child_who_is_said_to_have_gone_before_she_came_marks_no_month_before(village: Village) -> None:
    register(village, status="moved", status_date="2025-09-03")
    assert months(village) == ["2026-06"]


def test_counting_all_again_changes_nothing(village: Village) -> None:
    child = register(village)
    weigh(village, child, FAR, 9100)
    weigh(village, child, "2026-08-03", 9100)
    change(village, "person", register(village), status="moved", status_date=FAR)
    roll(village, Month(2026, 8))
    with village.instance.store_for_job() as store:
        assert records.recount(store, lambda done, of: None) == []
