"""The measurement guard: what it asks, what it leaves alone, and that it asks once a field."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siposyandu.growth.guard import Child, Question, Visit, questions
from siposyandu.growth.standards import value_at
from siposyandu.i18n import say, speak

AMINAH = Child("f", date(2025, 1, 15))
LAST = Visit(date(2026, 3, 10), 9000, 760, "lying", 450, 140)
NEXT = Visit(date(2026, 4, 10), 9200, 770, "lying", 451, 141)
TODAY = date(2026, 4, 10)


@pytest.fixture
def _english() -> Iterator[None]:
    speak("en")
    yield
    speak("id")


def _codes(new: Visit, *past: Visit, child: Child = AMINAH, today: date = TODAY) -> list[str]:
    return [question.code for question in questions(child, past, new, today)]


def test_a_measurement_that_fits_raises_no_question() -> None:
    assert _codes(NEXT, LAST) == []


def test_a_first_measurement_is_not_compared() -> None:
    assert _codes(NEXT) == []


def test_a_question_carries_a_sentence_and_its_fields() -> None:
    assert questions(AMINAH, [LAST], NEXT._replace(length_height_mm=740), TODAY) == [
        Question(
            "shrinking",
            "Last time the child measured {before_cm} cm. Children do not shrink: measure again.",
            {"before_cm": 76.0},
            ("length_height_cm",),
        )
    ]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"length_height_mm": 750}, []),
        ({"length_height_mm": 749}, ["shrinking"]),
        ({"weight_g": 10350}, []),  # exactly 15 %
        ({"weight_g": 10351}, ["weight_change"]),
        ({"weight_g": 7649}, ["weight_change"]),
        ({"weight_g": 9000, "length_height_mm": 760}, ["copy"]),
        ({"weight_g": 9000}, []),
        ({"measured": "standing"}, ["standing_too_young"]),
        ({"muac_mm": 180}, ["acz_jump"]),
        ({"head_circumference_mm": 350}, ["hcz_flag"]),
        ({"weight_g": 77000, "length_height_mm": 92}, ["swapped"]),
        ({"weight_g": 9_200_000}, ["weight_in_grams"]),
        ({"visit_date": date(2025, 1, 14)}, ["before_birth"]),
        ({"visit_date": date(2026, 4, 11)}, ["in_the_future"]),
        ({"weight_g": None, "length_height_mm": None}, []),
    ],
)
def test_each_fault_is_asked_about(change: dict[str, object], codes: list[str]) -> None:
    assert _codes(NEXT._replace(**change), LAST) == codes


def test_a_wrong_unit_explains_all_else_and_is_asked_alone() -> None:
    grams_on_a_wrong_day = NEXT._replace(weight_g=9_200_000, visit_date=date(2026, 4, 11), measured="standing")
    assert _codes(grams_on_a_wrong_day, LAST) == ["in_the_future", "weight_in_grams"]


def test_a_field_is_asked_about_once() -> None:
    # 16 kg is a great change, a jump and hardly possible with 77 cm: one question about the weight, one about both.
    assert _codes(NEXT._replace(weight_g=16000), LAST) == ["weight_change", "whz_flag"]


def test_a_young_baby_may_gain_more_than_15_percent_in_a_month() -> None:
    born = Child("f", date(2026, 1, 5))
    visits = [Visit(date(2026, month, 5), grams, mm, "lying") for month, grams, mm in [(2, 4000, 535), (3, 5000, 570)]]
    assert _codes(visits[1], visits[0], child=born) == []


def test_after_a_long_gap_weight_may_differ() -> None:
    assert _codes(NEXT, Visit(date(2025, 12, 10), 7600, 720, "lying")) == []


def test_turning_two_and_being_measured_standing_is_not_shrinking() -> None:
    citra = Child("f", date(2024, 4, 1))
    lying = Visit(date(2026, 3, 10), 11000, 860, "lying")
    standing = Visit(date(2026, 4, 10), 11100, 853, "standing")
    assert _codes(standing, lying, child=citra) == []


def test_an_unsaid_position_is_the_one_of_the_age() -> None:
    citra = Child("f", date(2024, 4, 1))
    lying = Visit(date(2026, 3, 10), 11000, 860)
    standing = Visit(date(2026, 4, 10), 11100, 845)
    assert _codes(standing, lying, child=citra) == []


def test_a_two_year_old_measured_lying_is_asked_about() -> None:
    citra = Child("f", date(2024, 4, 1))
    assert _codes(Visit(TODAY, 11000, 860, "lying"), child=citra) == ["lying_too_old"]


def test_length_is_compared_with_the_last_visit_that_has_one() -> None:
    only_weighed = Visit(date(2026, 3, 10), 9000)
    measured = Visit(date(2026, 2, 10), 8900, 790, "lying")
    assert _codes(NEXT, only_weighed, measured) == ["shrinking"]


def test_later_visits_and_impossible_ones_are_not_compared() -> None:
    later, unborn = NEXT._replace(visit_date=date(2026, 5, 1)), LAST._replace(visit_date=date(2024, 1, 1))
    assert _codes(NEXT, later, unborn) == []


def test_oedema_hides_no_weight_behind_a_score() -> None:
    assert _codes(NEXT._replace(oedema=True), LAST._replace(oedema=True)) == []


@pytest.mark.usefixtures("_english")
def test_a_question_can_be_said() -> None:
    asked = questions(AMINAH, [LAST], NEXT._replace(weight_g=12000), TODAY)[0]
    assert say(asked) == "Last time the child weighed 9 kg. That is a great change: weigh again."


@dataclass(frozen=True)
class Curve:
    """A child that follows its SD lines, weighed and measured with ordinary care."""

    sex: str
    z: float

    def visit(self, child: Child, days: int, slip_mm: int, slip_g: int) -> Visit:
        weight_kg, length_cm = value_at("wfa", self.sex, days, self.z), value_at("lhfa", self.sex, days, self.z)
        assert weight_kg is not None
        assert length_cm is not None
        measured = "lying" if days < 731 else "standing"
        weight_g, length_mm = round(weight_kg * 1000) + slip_g, round(length_cm * 10) + slip_mm
        return Visit(child.birth_date + timedelta(days=days), weight_g, length_mm, measured)


@given(st.sampled_from("mf"), st.floats(-2.5, 2.5), st.integers(30, 1790), st.integers(-3, 3), st.integers(-100, 100))
def test_a_child_on_its_own_line_raises_no_question(sex: str, z: float, days: int, slip_mm: int, slip_g: int) -> None:
    child, curve = Child(sex, date(2021, 1, 1)), Curve(sex, z)
    before, now = curve.visit(child, days, 0, 0), curve.visit(child, days + 30, slip_mm, slip_g)
    assert questions(child, [before], now, date(2026, 12, 31)) == []
