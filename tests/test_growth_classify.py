"""Permenkes 2/2020 at every boundary: a value on the line belongs to the better category."""

import pytest

from siposyandu.growth import classify, school_age
from siposyandu.growth.classify import Category, severe_signs
from siposyandu.growth.standards import score


@pytest.mark.parametrize(
    ("waz", "code"),
    [
        (-3.01, "severely_underweight"), (-3.0, "underweight"), (-2.01, "underweight"), (-2.0, "normal_weight"),
        (0.0, "normal_weight"), (1.0, "normal_weight"), (1.01, "risk_of_excess_weight"),
    ],
)  # fmt: skip
def test_weight_for_age_by_the_regulation(waz: float, code: str) -> None:
    assert classify.weight_for_age(waz) is classify.BY_CODE[code]


@pytest.mark.parametrize(
    ("haz", "code"),
    [
        (-3.01, "severely_stunted"), (-3.0, "stunted"), (-2.01, "stunted"), (-2.0, "normal_length"),
        (3.0, "normal_length"), (3.01, "tall"),
    ],
)  # fmt: skip
def test_length_for_age_by_the_regulation(haz: float, code: str) -> None:
    assert classify.length_for_age(haz) is classify.BY_CODE[code]


@pytest.mark.parametrize(
    ("whz", "code"),
    [
        (-3.01, "severely_wasted"), (-3.0, "wasted"), (-2.01, "wasted"), (-2.0, "well_nourished"),
        (1.0, "well_nourished"), (1.01, "risk_of_overweight"), (2.0, "risk_of_overweight"), (2.01, "overweight"),
        (3.0, "overweight"), (3.01, "obese"),
    ],
)  # fmt: skip
def test_weight_for_length_and_bmi_by_the_regulation(whz: float, code: str) -> None:
    found = [classify.weight_for_length(whz), classify.bmi_for_age(whz)]
    assert found == [classify.BY_CODE[code]] * 2


@pytest.mark.parametrize(
    ("baz", "code"),
    [
        (-3.01, "severely_thin"), (-3.0, "thin"), (-2.01, "thin"), (-2.0, "well_nourished"), (1.0, "well_nourished"),
        (1.01, "overweight"), (2.0, "overweight"), (2.01, "obese"),
    ],
)  # fmt: skip
def test_bmi_from_5_to_18_years_by_the_regulation(baz: float, code: str) -> None:
    assert classify.bmi_for_age_5_to_18_years(baz) is classify.BY_CODE[code]


def test_from_5_years_on_a_visit_is_judged_by_bmi_alone() -> None:
    scores = school_age.score(sex="f", age_months=90, weight_kg=15, height_cm=110)
    judged = classify.status(scores, muac_cm=15, age_months=90, oedema=False)
    assert (scores.haz, judged) == (-2.43, (None, None, None, classify.THIN, None, None, ()))


@pytest.mark.parametrize(
    ("hcz", "code"),
    [(-2.01, "microcephaly"), (-2.0, "normal_head"), (2.0, "normal_head"), (2.01, "macrocephaly")],
)
def test_head_for_age(hcz: float, code: str) -> None:
    assert classify.head_for_age(hcz) is classify.BY_CODE[code]


@pytest.mark.parametrize(
    ("muac_cm", "age_months", "code"),
    [
        (11.4, 6, "muac_severe"), (11.5, 6, "muac_moderate"), (12.4, 59, "muac_moderate"), (12.5, 59, "muac_normal"),
        (11.0, 5, None), (10.9, 5, "muac_small_baby"), (10.9, 0, "muac_small_baby"),
        (11.4, 60, None), (11.4, None, None), (None, 12, None),
    ],
)  # fmt: skip
def test_arm_circumference_by_age(muac_cm: float | None, age_months: int | None, code: str | None) -> None:
    found = classify.muac(muac_cm, age_months)
    assert (found and found.code) == code


@pytest.mark.parametrize(
    ("whz", "muac_cm", "age_months", "oedema", "codes"),
    [
        (-3.0, 11.5, 12, False, []),
        (-3.01, 11.5, 12, False, ["severe_wasting"]),
        (0.0, 11.4, 12, False, ["thin_arm"]),
        (0.0, 10.4, 5, False, []),
        (None, None, None, True, ["swollen_feet"]),
        (-3.01, 11.4, 12, True, ["severe_wasting", "thin_arm", "swollen_feet"]),
    ],
)
def test_any_of_three_signs_is_gizi_buruk(
    whz: float | None, muac_cm: float | None, age_months: int | None, oedema: bool, codes: list[str]
) -> None:
    assert [sign.code for sign in severe_signs(whz, muac_cm, age_months, oedema)] == codes


def test_nothing_measured_is_nothing_judged() -> None:
    nothing = classify.status(score(sex=None, age_days=None), muac_cm=None, age_months=None, oedema=False)
    assert nothing == (None, None, None, None, None, None, ())


def test_a_visit_is_judged_whole() -> None:
    measures = {"weight_kg": 7.0, "length_height_cm": 70.0, "muac_cm": 11.4, "head_circumference_cm": 46.0}
    scores = score(sex="m", age_days=459, measured="lying", **measures)
    assert classify.status(scores, muac_cm=11.4, age_months=15, oedema=False) == (
        classify.SEVERELY_UNDERWEIGHT, classify.SEVERELY_STUNTED, classify.WASTED, classify.WELL_NOURISHED,
        classify.NORMAL_HEAD, classify.MUAC_SEVERE, (classify.THIN_ARM,),
    )  # fmt: skip


def test_codes_are_known_once_and_severities_are_four_colours() -> None:
    codes = [category.code for category in classify.ALL]
    assert (len(set(codes)), {category.severity for category in classify.ALL}) == (len(codes), {0, 1, 2, 3})
    assert all(isinstance(category, Category) for category in classify.BY_CODE.values())
