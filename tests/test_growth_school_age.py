"""WHO 2007 rule by rule: its ages, months in proportion, tails, flags, and what is refused."""

from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siposyandu.growth.errors import NegativeAge, NotPositive, UnknownPosition, UnknownSex
from siposyandu.growth.lms import Lms
from siposyandu.growth.school_age import INDICES, month_lms, score, sd_line
from siposyandu.growth.standards import Scores

CITRA: dict[str, Any] = {"sex": "f", "age_months": 90.5, "weight_kg": 22.4, "height_cm": 120.1}
LAST_MONTHS = {"wfa_5_10": 120, "hfa_5_19": 228, "bfa_5_19": 228}
ROUNDING_Z = 0.005 + 1e-9  # a score is given with two decimals


def _z(scores: Scores) -> tuple[float | None, float | None, float | None]:
    return scores.waz, scores.haz, scores.baz


@pytest.mark.parametrize(
    ("missing", "blank"),
    [
        ("sex", ["waz", "haz", "baz"]), ("age_months", ["waz", "haz", "baz"]),
        ("weight_kg", ["waz", "baz"]), ("height_cm", ["haz", "baz"]),
    ],
)  # fmt: skip
def test_what_is_missing_goes_missing_in_its_own_scores_only(missing: str, blank: list[str]) -> None:
    scores = score(**{**CITRA, missing: None})
    assert [name for name in ("waz", "haz", "baz") if getattr(scores, name) is None] == blank


@pytest.mark.parametrize(
    ("age_months", "there"),
    [
        (59.99, (False, False, False)), (60, (True, True, True)), (120, (True, True, True)),
        (120.01, (False, True, True)), (228, (False, True, True)), (228.01, (False, False, False)),
    ],
)  # fmt: skip
def test_weight_is_scored_to_10_years_height_and_bmi_to_19(
    age_months: float, there: tuple[bool, bool, bool]
) -> None:
    assert tuple(z is not None for z in _z(score(**{**CITRA, "age_months": age_months}))) == there


def test_oedema_blanks_weight_and_bmi_and_keeps_height() -> None:
    assert _z(score(**CITRA, oedema=True)) == (None, score(**CITRA).haz, None)


def test_a_lying_height_is_not_corrected() -> None:
    lying = score(**CITRA, measured="lying")
    assert (lying.length_used_cm, lying.haz, lying.measured_used) == (120.1, score(**CITRA).haz, "lying")


def test_between_two_months_the_table_is_read_in_proportion() -> None:
    assert month_lms("hfa_5_19", "m", 60.5) == Lms(1.0, (109.7265 + 110.2647) / 2, (0.04156 + 0.04164) / 2)


def test_nothing_of_the_standards_for_small_children_is_scored() -> None:
    scores = score(**CITRA)
    assert (scores.whz, scores.hcz, scores.acz, scores.tsz, scores.ssz) == (None,) * 5


@pytest.mark.parametrize(
    ("measures", "flags"),
    [
        ({"weight_kg": 5.0}, (True, False, True)), ({"height_cm": 60.0}, (False, True, True)),
        ({"weight_kg": 75.0}, (True, False, True)), ({}, (False, False, False)),
    ],
)  # fmt: skip
def test_what_is_hardly_possible_is_flagged(
    measures: dict[str, float], flags: tuple[bool, bool, bool]
) -> None:
    scores = score(**{**CITRA, **measures})
    assert (scores.waz_flag, scores.haz_flag, scores.baz_flag) == flags


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"sex": "x"}, UnknownSex), ({"measured": "h"}, UnknownPosition), ({"age_months": -0.1}, NegativeAge),
        ({"age_months": nan}, NegativeAge), ({"age_months": inf}, NegativeAge), ({"weight_kg": 0}, NotPositive),
        ({"height_cm": -1}, NotPositive), ({"height_cm": nan}, NotPositive),
    ],
)  # fmt: skip
def test_impossible_values_are_refused_by_name(wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        score(**{**CITRA, **wrong})


@pytest.mark.parametrize("weight_kg", [1e-300, 1e300])
def test_absurd_weights_are_flagged_and_do_not_crash(weight_kg: float) -> None:
    scores = score(**{**CITRA, "weight_kg": weight_kg})
    assert (scores.waz_flag, scores.baz_flag) == (True, True)


def _score_at(index: str, sex: str, age_months: float, measure: float) -> float:
    """Score a measure by one index only."""
    measures = {
        "wfa_5_10": {"weight_kg": measure},
        "hfa_5_19": {"height_cm": measure},
        "bfa_5_19": {"weight_kg": measure, "height_cm": 100.0},
    }[index]
    scores = score(sex=sex, age_months=age_months, **measures)
    found = {"wfa_5_10": scores.waz, "hfa_5_19": scores.haz, "bfa_5_19": scores.baz}[index]
    assert found is not None
    return found


PLACES = st.sampled_from(sorted(INDICES)).flatmap(
    lambda index: st.tuples(st.just(index), st.sampled_from("mf"), st.floats(60, LAST_MONTHS[index]))
)


@given(PLACES, st.floats(-4.9, 4.9))
def test_the_measure_on_an_sd_line_scores_that_sd(place: tuple[str, str, float], z: float) -> None:
    measure = sd_line(*place, z)
    assert measure is not None
    assert _score_at(*place, measure) == pytest.approx(z, abs=ROUNDING_Z)


@given(PLACES, st.floats(5, 250), st.floats(0.001, 100))
def test_more_never_scores_lower(place: tuple[str, str, float], measure: float, more: float) -> None:
    assert _score_at(*place, measure) <= _score_at(*place, measure + more)


@pytest.mark.parametrize(
    ("index", "age_months"), [("wfa_5_10", 120.1), ("hfa_5_19", 59.9), ("bfa_5_19", 229)]
)
def test_an_sd_line_ends_with_its_table(index: str, age_months: float) -> None:
    assert sd_line(index, "m", age_months, 0) is None
