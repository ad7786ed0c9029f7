"""From birth to 19 years: the child's own age chooses the reference; completed months only when asked for."""

from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siposyandu.growth import school_age, standards
from siposyandu.growth.completed_months import month_tables
from siposyandu.growth.errors import NegativeAge, NotPositive
from siposyandu.growth.joined import (
    WHO_2006,
    WHO_2007,
    Age,
    age_in_completed_months,
    age_in_days,
    age_in_months,
    reference_of,
    score,
)

DEDI: dict[str, Any] = {"sex": "m", "weight_kg": 17.9, "length_height_cm": 108.4, "measured": "standing"}
LAST_PRINTED_UNIT = 1.01  # the printed decimals of a month come out to one unit of the last


@pytest.mark.parametrize(
    ("age", "reference"),
    [
        (age_in_days(1826), WHO_2006), (age_in_days(1826.25), WHO_2007), (age_in_days(1827), WHO_2007),
        (age_in_months(59.99), WHO_2006), (age_in_months(60), WHO_2007), (None, WHO_2006),
        (age_in_completed_months(60.9), WHO_2006), (age_in_completed_months(61), WHO_2007),
    ],
)  # fmt: skip
def test_the_reference_changes_at_60_months(age: Age | None, reference: str) -> None:
    assert reference_of(age) == reference


def test_before_60_months_the_scores_are_those_of_who_2006() -> None:
    assert score(age=age_in_days(1826), **DEDI) == standards.score(age_days=1826, **DEDI)


def test_from_60_months_the_scores_are_those_of_who_2007() -> None:
    school = {"sex": "m", "weight_kg": 17.9, "height_cm": 108.4, "measured": "standing"}
    assert score(age=age_in_months(60.02), **DEDI) == school_age.score(age_months=60.02, **school)


def test_without_an_age_weight_for_length_is_scored() -> None:
    assert score(age=None, **DEDI).whz == standards.score(age_days=None, **DEDI).whz


@pytest.mark.parametrize(
    ("age", "reference", "blank"),
    [(age_in_days(1827), WHO_2006, True), (age_in_days(1826), WHO_2007, True), (age_in_days(1826), WHO_2006, False)],
)  # fmt: skip
def test_one_reference_alone_has_its_own_ages_only(age: Age, reference: str, blank: bool) -> None:
    assert (score(age=age, reference=reference, **DEDI).haz is None) == blank


def test_an_impossible_head_is_refused_at_school_age_too() -> None:
    with pytest.raises(NotPositive):
        score(age=age_in_months(90), head_circumference_cm=0, **DEDI)


@pytest.mark.parametrize("months", [-0.1, nan, inf])
def test_an_age_before_birth_is_refused(months: float) -> None:
    for of in (age_in_months, age_in_completed_months):
        with pytest.raises(NegativeAge):
            of(months)
    with pytest.raises(NegativeAge):
        score(age=age_in_days(months), **DEDI)


@given(st.floats(0, 228))
def test_months_and_days_of_the_same_age_score_alike(months: float) -> None:
    by_months, by_days = (
        score(age=age, **DEDI) for age in (age_in_months(months), age_in_days(age_in_months(months).days))
    )
    assert by_months == by_days


@pytest.mark.parametrize(
    ("index", "sex", "month", "printed"),
    [
        ("wfa", "m", 0, (0.3487, 3.3464, 0.14602)), ("wfa", "m", 1, (0.2297, 4.4709, 0.13395)),
        ("wfa", "m", 2, (0.1970, 5.5675, 0.12385)), ("wfa", "m", 12, (0.0644, 9.6479, 0.10925)),
        ("wfa", "m", 24, (-0.0137, 12.1515, 0.11425)), ("wfa", "m", 60, (-0.1506, 18.3366, 0.13517)),
        ("lhfa", "m", 1, (1, 54.7244, 0.03557)), ("lhfa", "m", 12, (1, 75.7488, 0.03137)),
        ("lhfa", "m", 60, (1, 109.9638, 0.04214)),
    ],
)  # fmt: skip
def test_the_row_of_a_completed_month_is_the_one_that_who_prints(
    index: str, sex: str, month: int, printed: tuple[float, float, float]
) -> None:
    row = month_tables()[index, sex].row(month)
    assert row is not None
    apart = [abs(ours - who) * units for ours, who, units in zip(row, printed, (1e4, 1e4, 1e5), strict=True)]
    assert max(apart) < LAST_PRINTED_UNIT


def test_completed_months_read_the_month_s_row_and_name_themselves() -> None:
    young = score(age=age_in_completed_months(2.97), sex="m", weight_kg=5.5676)
    school = score(age=age_in_completed_months(61.9), sex="m", length_height_cm=110.2647)
    assert (young.waz, young.standard, school.haz, school.standard) == (
        0.0, "WHO 2006 by completed months, anthro 1.1", 0.0, "WHO 2007 by completed months, anthroplus 1.0",
    )  # fmt: skip


def test_in_completed_months_a_child_of_60_months_is_still_in_the_paper_table() -> None:
    assert score(age=age_in_completed_months(60), sex="m", length_height_cm=109.9638).haz == 0.0


@pytest.mark.parametrize(("month", "used_cm"), [(8, 80.0), (9, 80.7), (23, 80.7), (24, 80.0)])
def test_in_completed_months_the_position_rules_change_at_9_and_24_months(month: int, used_cm: float) -> None:
    age = age_in_completed_months(month)
    assert score(age=age, sex="m", length_height_cm=80.0, measured="standing").length_used_cm == used_cm


def test_whole_days_and_completed_months_agree_where_the_month_is_full_to_the_day() -> None:
    day = score(age=age_in_days(487), **{**DEDI, "length_height_cm": 79.8})  # 16 x 30.4375
    month = score(age=age_in_completed_months(16), **{**DEDI, "length_height_cm": 79.8})
    assert (month.waz, month.haz, month.whz) == (day.waz, day.haz, day.whz)
