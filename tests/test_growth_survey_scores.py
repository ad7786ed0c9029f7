"""A survey's scores are the same one by one and all at once, and a flagged one is none."""

from random import Random
from typing import Any

import pytest

from siposyandu.growth.errors import NegativeAge, NotPositive
from siposyandu.growth.joined import age_in_days, age_in_months
from siposyandu.growth.survey_scores import all_at_once, one_by_one, refuse_unscorable

AMINAH: dict[str, Any] = {
    "sex": "f", "age": age_in_days(459), "weight_kg": 9.78, "length_height_cm": 73.0, "measured": "standing",
    "oedema": False,
}  # fmt: skip


def _visit(random: Random) -> dict[str, Any]:
    day = random.choice([0, 273, 274, 730, 730.5, 731, 1826, random.uniform(0, 1826)])
    return {
        "sex": random.choice(["m", "f", None]),
        "age": random.choice([None, age_in_days(day), age_in_months(random.uniform(0, 59.99))]),
        "weight_kg": random.choice([None, round(random.uniform(1, 30), 2)]),
        "length_height_cm": random.choice([None, 103.1, round(random.uniform(40, 125), 1)]),
        "measured": random.choice([None, "lying", "standing"]),
        "oedema": random.random() < 0.1,
    }


def test_one_by_one_and_all_at_once_are_the_same() -> None:
    random = Random(3)
    visits = [_visit(random) for _ in range(4000)]
    assert one_by_one(visits) == all_at_once(visits)


@pytest.mark.parametrize("scored", [one_by_one, all_at_once])
def test_a_flagged_score_is_none(scored: Any) -> None:
    assert scored([AMINAH, {**AMINAH, "weight_kg": 30.0}]) == {
        "HA": [-1.42, -1.42], "WA": [0.14, None], "BMI": [1.32, None], "WH": [1.02, None],
    }  # fmt: skip


@pytest.mark.parametrize("scored", [one_by_one, all_at_once])
def test_nobody_has_no_scores(scored: Any) -> None:
    assert scored([]) == {"HA": [], "WA": [], "BMI": [], "WH": []}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"age": age_in_days(-1)}, NegativeAge), ({"weight_kg": 0.0}, NotPositive), ({"length_height_cm": -1.0}, NotPositive)],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_before_scoring(wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        refuse_unscorable({**AMINAH, **wrong})
