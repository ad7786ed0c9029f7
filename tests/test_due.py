"""What is due on a posyandu day, rule by rule, as KMK 2015/2023 has it (domain.md 12)."""

from datetime import date, timedelta
from typing import Any

import pytest

from forms.balita import VACCINES
from siposyandu import due
from siposyandu.due import Due, on_day, vaccines
from tests.children import register, weigh
from tests.conftest import Village

ON = date(2026, 8, 10)
NEWBORN = ("bcg", "opv1")


def born(months: int) -> date:
    """The birth of a child who is that many completed months old on the day."""
    year, month = divmod(ON.year * 12 + ON.month - 1 - months, 12)
    return date(year, month + 1, ON.day)


def visit(day: str, **values: Any) -> dict[str, Any]:
    """What a visit says of services: nothing, unless told otherwise."""
    nothing = {"immunisations": None, "immunisation_complete": None, "vitamin_a": None, "deworming": None}
    return {"visit_date": day, **nothing, **values}


def test_every_vaccine_of_the_card_has_its_age_but_the_one_at_birth_and_that_of_endemic_districts() -> None:
    codes = {option.code for option in VACCINES}
    assert codes - {dose.code for dose in due.SCHEDULE} == {"hb0", "je"}
    assert {dose.code for dose in due.SCHEDULE} <= codes


@pytest.mark.parametrize(
    ("months", "first_due"),
    [
        (0, {"bcg", "opv1"}),
        (1, set()),
        (2, {"dpt1", "opv2", "rv1", "pcv1"}),
        (3, {"dpt2", "opv3", "rv2", "pcv2"}),
        (4, {"dpt3", "opv4", "rv3", "ipv1"}),
        (9, {"mr1", "ipv2"}),
        (12, {"pcv3"}),
        (18, {"dpt4", "mr2"}),
    ],
)
def test_a_child_whose_earlier_doses_were_given_in_time_is_due_for_those_of_her_age(
    months: int, first_due: set[str]
) -> None:
    birth = born(months)
    had = {dose.code: ON - timedelta(days=400) for dose in due.SCHEDULE if dose.from_months < months}
    assert set(vaccines(birth, ON, had)) == first_due


def test_a_dose_is_not_due_the_day_before_its_month() -> None:
    had = dict.fromkeys(NEWBORN, date(2026, 6, 12))
    assert vaccines(date(2026, 6, 11), ON, had) == ()


@pytest.mark.parametrize(
    ("code", "after", "days"),
    [("dpt2", "dpt1", 28), ("opv2", "opv1", 28), ("rv2", "rv1", 28), ("pcv2", "pcv1", 28), ("pcv3", "pcv2", 57),
     ("dpt4", "dpt3", 366), ("mr2", "mr1", 184)],
)  # fmt: skip
def test_a_further_dose_waits_for_its_interval(code: str, after: str, days: int) -> None:
    birth = born(23)
    tried = [code in vaccines(birth, ON, {after: ON - timedelta(days=past)}) for past in (days - 1, days)]
    assert tried == [False, True]


def test_of_a_series_only_the_next_dose_is_due_however_late() -> None:
    late = vaccines(born(10), ON, {})
    assert late == ("bcg", "opv1", "dpt1", "rv1", "pcv1", "ipv1", "mr1")


def test_who_had_the_third_dose_had_the_first_two() -> None:
    late = vaccines(born(6), ON, {"dpt3": date(2026, 7, 13)})
    assert {"dpt1", "dpt2", "dpt3"} & set(late) == set()


def test_complete_for_the_age_speaks_for_the_doses_whose_age_was_over() -> None:
    known = due.given(date(2026, 1, 10), [visit("2026-05-10", immunisation_complete=1)])
    assert set(known) == {
        "bcg", "opv1", "dpt1", "opv2", "rv1", "pcv1", "dpt2", "opv3", "rv2", "pcv2",
    }  # fmt: skip


def test_each_dose_counts_from_the_first_visit_that_called_it_complete() -> None:
    days = ("2026-02-10", "2026-05-10", "2026-12-10", "2028-03-10", "2028-04-10")
    known = due.given(date(2026, 1, 10), [visit(day, immunisation_complete=1) for day in days])
    assert {known[dose.code].isoformat(): dose.by_months for dose in due.SCHEDULE} == {
        "2026-02-10": 0, "2026-05-10": 3, "2026-12-10": 9, "2028-03-10": 23,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("months", "month", "capsule"),
    [
        (5, 8, ""),
        (6, 8, "blue"),
        (11, 2, "blue"),
        (12, 8, "red"),
        (59, 2, "red"),
        (60, 8, ""),
        (12, 7, ""),
        (12, 9, ""),
    ],
)
def test_vitamin_a_is_for_6_to_59_months_in_february_and_august(
    months: int, month: int, capsule: str
) -> None:
    on = date(2026, month, 10)
    year, number = divmod(on.year * 12 + month - 1 - months, 12)
    assert on_day(date(year, number + 1, 10), on, []).capsule == capsule


def test_a_capsule_or_a_tablet_that_was_given_this_month_is_not_due_again() -> None:
    earlier = [visit("2026-02-09", vitamin_a=1, deworming=1)]
    assert on_day(born(59), ON, earlier)[1:] == ("red", True)
    assert on_day(born(59), ON, [*earlier, visit("2026-08-03", vitamin_a=1, deworming=1)])[1:] == ("", False)


def test_worm_medicine_is_for_12_to_59_months_in_august() -> None:
    assert [on_day(born(months), ON, []).deworming for months in (11, 12, 59, 60)] == [
        False,
        True,
        True,
        False,
    ]
    assert not on_day(date(2024, 2, 10), date(2026, 2, 10), []).deworming


def test_nothing_is_due_before_the_birth() -> None:
    assert on_day(date(2026, 8, 11), ON, []) == Due((), "", deworming=False)


def test_what_was_given_is_read_from_the_visits_of_these_children_up_to_the_day(village: Village) -> None:
    child, other = register(village, "Aisyah"), register(village, "Zahra", posyandu=village.kenanga)
    weigh(village, child, "2026-07-06", 8000, immunisations="mr1,ipv2")
    weigh(village, child, "2026-08-17", 8200, vitamin_a=1)
    weigh(village, other, "2026-07-06", 8000, immunisations="mr1")
    with village.instance.store_for_job() as store:
        found = due.services(store, {child: born(12)}, ON)
    assert {person: [row["immunisations"] for row in rows] for person, rows in found.items()} == {
        child: ["mr1,ipv2"]
    }


def test_of_a_child_called_complete_after_the_last_age_only_that_visit_and_this_months_are_read(
    village: Village,
) -> None:
    child = register(village, "Aisyah", birth_date="2024-01-10")
    for month in range(1, 8):
        weigh(village, child, f"2026-{month:02}-06", 11000, immunisation_complete=1)
    weigh(village, child, "2026-08-03", 11200, vitamin_a=1)
    with village.instance.store_for_job() as store:
        read = due.services(store, {child: date(2024, 1, 10)}, ON)[child]
        in_time = due.services(store, {child: date(2024, 8, 10)}, ON)[child]
    assert ([row["visit_date"] for row in read], len(in_time)) == (["2026-07-06", "2026-08-03"], 8)
    assert on_day(date(2024, 1, 10), ON, read) == on_day(date(2024, 1, 10), ON, in_time)
