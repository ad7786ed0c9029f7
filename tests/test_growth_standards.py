"""WHO's rules one by one: age, position, oedema, tails, flags, and what is refused."""

from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siposyandu.growth.errors import NegativeAge, NotPositive, UnknownPosition, UnknownSex
from siposyandu.growth.reference import tables
from siposyandu.growth.standards import INDICES, LENGTH_LIMITS_CM, Scores, score, value_at

AMINAH: dict[str, Any] = {
    "sex": "f", "age_days": 459, "weight_kg": 9.78, "length_height_cm": 73.0, "measured": "lying",
    "head_circumference_cm": 44.8, "muac_cm": 14.2, "triceps_mm": 8.0, "subscapular_mm": 6.0,
}  # fmt: skip
Z_NAMES = ("waz", "haz", "whz", "baz", "hcz", "acz", "tsz", "ssz")
BY_AGE = {
    "wfa": ("weight_kg", "waz"), "lhfa": ("length_height_cm", "haz"), "hcfa": ("head_circumference_cm", "hcz"),
    "acfa": ("muac_cm", "acz"), "tsfa": ("triceps_mm", "tsz"), "ssfa": ("subscapular_mm", "ssz"),
}  # fmt: skip
TABLE_TOLERANCE_Z = 1e-9
ROUNDING_Z = 0.005 + TABLE_TOLERANCE_Z  # a score is given with two decimals


def _without(*names: str) -> Scores:
    return score(**{**AMINAH, **dict.fromkeys(names)})


def _blank(scores: Scores) -> list[str]:
    return [name for name in Z_NAMES if getattr(scores, name) is None]


def test_a_child_with_all_measures_has_all_eight_scores() -> None:
    assert _blank(score(**AMINAH)) == []


@pytest.mark.parametrize(
    ("missing", "blank"),
    [
        ("sex", list(Z_NAMES)),
        ("age_days", ["waz", "haz", "baz", "hcz", "acz", "tsz", "ssz"]),
        ("weight_kg", ["waz", "whz", "baz"]),
        ("length_height_cm", ["haz", "whz", "baz"]),
        ("measured", []),
        ("head_circumference_cm", ["hcz"]),
        ("muac_cm", ["acz"]),
        ("triceps_mm", ["tsz"]),
        ("subscapular_mm", ["ssz"]),
    ],
)
def test_what_is_missing_goes_missing_in_its_own_scores_only(missing: str, blank: list[str]) -> None:
    assert _blank(_without(missing)) == blank


def test_a_blank_score_has_a_blank_flag() -> None:
    nothing = _without("weight_kg", "length_height_cm", "muac_cm")
    assert [getattr(nothing, f"{name}_flag") for name in Z_NAMES] == [
        None,
        None,
        None,
        None,
        False,
        None,
        False,
        False,
    ]


def test_oedema_blanks_the_weight_based_scores_and_keeps_the_bmi() -> None:
    swollen = score(**AMINAH, oedema=True)
    assert (_blank(swollen), swollen.bmi) == (["waz", "whz", "baz"], score(**AMINAH).bmi)


@pytest.mark.parametrize(
    ("age_days", "measured", "used_cm"),
    [
        (730, "lying", 80.0), (730, "standing", 80.7), (730, None, 80.0), (730.5, "standing", 80.0),
        (731, "standing", 80.0), (731, "lying", 79.3), (731, None, 80.0), (None, "standing", 80.0),
    ],
)  # fmt: skip
def test_length_is_corrected_for_position_at_731_days(
    age_days: float | None, measured: str | None, used_cm: float
) -> None:
    assert (
        score(sex="m", age_days=age_days, length_height_cm=80.0, measured=measured).length_used_cm == used_cm
    )


@pytest.mark.parametrize(("age_days", "used_cm", "refused"), [(273, 70.0, True), (274, 70.7, False)])
def test_standing_before_nine_months_is_not_believed(age_days: int, used_cm: float, refused: bool) -> None:
    dedi = score(sex="m", age_days=age_days, length_height_cm=70.0, measured="standing")
    expected = (used_cm, None if refused else "standing", refused)
    assert (dedi.length_used_cm, dedi.measured_used, dedi.position_refused) == expected


@pytest.mark.parametrize(("age_days", "blank"), [(1826, []), (1827, list(Z_NAMES)), (1826.25, list(Z_NAMES))])
def test_scores_end_below_60_months(age_days: float, blank: list[str]) -> None:
    old = score(**{**AMINAH, "age_days": age_days, "length_height_cm": 105.0, "measured": "standing"})
    assert _blank(old) == blank


@pytest.mark.parametrize(("age_days", "blank"), [(90, ["acz", "tsz", "ssz"]), (90.5, []), (91, [])])
def test_arm_and_skinfolds_begin_at_day_91(age_days: float, blank: list[str]) -> None:
    assert _blank(score(**{**AMINAH, "age_days": age_days, "length_height_cm": 60.0})) == blank


@pytest.mark.parametrize(
    ("age_days", "measured", "length_cm", "table"),
    [
        (730, None, 87.5, "wfl"), (731, None, 86.5, "wfh"), (None, "lying", 95.0, "wfl"),
        (None, "standing", 80.0, "wfh"), (None, None, 86.9, "wfl"), (None, None, 87.0, "wfh"),
    ],
)  # fmt: skip
def test_the_age_else_the_position_else_87_cm_decides_the_weight_table(
    age_days: int | None, measured: str | None, length_cm: float, table: str
) -> None:
    median_kg = value_at(table, "m", length_cm, 0)
    whz = score(
        sex="m", age_days=age_days, weight_kg=median_kg, length_height_cm=length_cm, measured=measured
    ).whz
    assert whz == 0.0


@pytest.mark.parametrize(
    ("age_days", "length_cm", "scored"),
    [(10, 44.9, False), (10, 45, True), (730, 110, True), (730, 110.1, False),
     (731, 64.9, False), (731, 65, True), (731, 120, True), (731, 120.1, False)],
)  # fmt: skip
def test_weight_for_length_ends_with_its_table(age_days: int, length_cm: float, scored: bool) -> None:
    whz = score(sex="f", age_days=age_days, weight_kg=10, length_height_cm=length_cm).whz
    assert (whz is not None) == scored


def test_the_double_arithmetic_of_who_is_kept_at_103_1_cm_lying() -> None:
    baiq = score(sex="m", age_days=1200, weight_kg=13.0, length_height_cm=103.1, measured="lying")
    exact = score(sex="m", age_days=1200, weight_kg=13.0, length_height_cm=102.4, measured="standing")
    assert (baiq.length_used_cm, baiq.whz, exact.whz) == (102.39999999999999, -2.64, -2.62)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"sex": "x"}, UnknownSex), ({"sex": ""}, UnknownSex), ({"measured": "l"}, UnknownPosition),
        ({"age_days": -1}, NegativeAge), ({"age_days": nan}, NegativeAge), ({"age_days": inf}, NegativeAge),
        ({"weight_kg": 0}, NotPositive), ({"weight_kg": -3.1}, NotPositive), ({"muac_cm": nan}, NotPositive),
        ({"length_height_cm": inf}, NotPositive), ({"triceps_mm": 0.0}, NotPositive),
    ],
)  # fmt: skip
def test_impossible_values_are_refused_by_name(wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        score(**{**AMINAH, **wrong})


@pytest.mark.parametrize("weight_kg", [1e-300, 1e300])
def test_absurd_weights_are_flagged_and_do_not_crash(weight_kg: float) -> None:
    scores = score(**{**AMINAH, "weight_kg": weight_kg})
    assert (scores.waz_flag, scores.whz_flag, scores.baz_flag) == (True, True, True)


def test_value_at_is_none_where_the_standard_has_none() -> None:
    outside = [value_at("wfa", "m", 1827, 0), value_at("acfa", "m", 90, 0), value_at("wfh", "f", 64.9, 0)]
    assert outside == [None, None, None]


def _points(index: str) -> st.SearchStrategy[float]:
    if index in LENGTH_LIMITS_CM:
        low, high = LENGTH_LIMITS_CM[index]
        return st.floats(low, high)
    table = tables()[index, "m"]
    return st.integers(table.first, table.first + table.rows - 1).map(float)


INDEX_AND_POINT = st.sampled_from(sorted(INDICES)).flatmap(
    lambda index: st.tuples(st.just(index), _points(index))
)


def _score_at(index: str, sex: str, x: float, measure: float) -> float | None:
    """Score a measure by one index only."""
    if index in LENGTH_LIMITS_CM:
        position = "lying" if index == "wfl" else "standing"
        return score(sex=sex, age_days=None, weight_kg=measure, length_height_cm=x, measured=position).whz
    if index == "bfa":
        return score(sex=sex, age_days=x, weight_kg=measure, length_height_cm=100).baz
    field, z_name = BY_AGE[index]
    z: float | None = getattr(score(**{"sex": sex, "age_days": x, field: measure}), z_name)
    return z


@given(INDEX_AND_POINT, st.sampled_from("mf"), st.floats(-4.9, 4.9))
def test_the_measure_on_an_sd_line_scores_that_sd(place: tuple[str, float], sex: str, z: float) -> None:
    measure = value_at(*_placed(place, sex), z)
    assert measure is not None
    assert _score_at(place[0], sex, place[1], measure) == pytest.approx(z, abs=ROUNDING_Z)


@given(INDEX_AND_POINT, st.sampled_from("mf"), st.floats(0.5, 150), st.floats(0.001, 50))
def test_more_never_scores_lower(place: tuple[str, float], sex: str, measure: float, more: float) -> None:
    lower, higher = (_score_at(place[0], sex, place[1], value) for value in (measure, measure + more))
    assert lower is not None
    assert higher is not None
    assert lower <= higher


def _placed(place: tuple[str, float], sex: str) -> tuple[str, str, float]:
    return place[0], sex, place[1]
