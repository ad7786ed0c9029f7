"""Months and days as posyandu count them."""

from datetime import UTC, date, datetime

import pytest

from siposyandu.periods import Month, instant_text, local_date, parse_instant


def test_a_month_knows_its_first_and_last_day_also_in_a_leap_year() -> None:
    month = Month.parse("2028-02")
    assert (month.first, month.last) == (date(2028, 2, 1), date(2028, 2, 29))


def test_months_follow_each_other_over_the_new_year() -> None:
    months = [str(month) for month in Month(2025, 11).until(Month(2026, 2))]
    assert months == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_the_month_before_january_is_december_of_the_year_before() -> None:
    assert Month(2026, 1).previous == Month(2025, 12)


def test_a_child_weighed_on_the_31st_counts_in_that_month() -> None:
    assert Month.of(date(2026, 8, 31)) == Month.parse("2026-08-31") == Month(2026, 8)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "0000-01", "august"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Month.parse(text)


def test_late_in_the_evening_of_utc_it_is_already_tomorrow_in_ntb() -> None:
    assert local_date(datetime(2026, 8, 31, 17, 0, tzinfo=UTC)) == date(2026, 9, 1)


def test_an_instant_is_stored_in_utc_to_the_second() -> None:
    instant = datetime(2026, 8, 31, 17, 0, 5, 999, tzinfo=UTC)
    assert parse_instant(instant_text(instant)) == instant.replace(microsecond=0)
