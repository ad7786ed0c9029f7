"""One visit of a child under six: weighing, measuring, the questions of the card."""

from datetime import date

import pytest

import forms

TODAY = date(2026, 8, 3)
FORM = forms.BY_NAME["balita"]
CHILD = {"birth_date": "2025-08-01", "sex": "f"}  # 12 months old today
VISIT = {
    "person": "cd" * 16,
    "posyandu": "ab" * 16,
    "visit_date": "3/8/2026",
    "weight_kg": "7,8",
    "length_height_cm": "72,5",
    "measured": "lying",
}


def check(context: dict[str, str] | None = CHILD, **changes: object) -> forms.Checked:
    """A visit with some answers changed."""
    return FORM.check(VISIT | changes, today=TODAY, context=context)


def test_a_visit_is_taken_as_stored_values():
    assert check(
        muac_cm="14,2", head_circumference_cm="44", triceps_mm="8,4", oedema="no", tb_cough="no"
    ) == forms.Checked(
        {
            "person": "cd" * 16,
            "posyandu": "ab" * 16,
            "visit_date": "2026-08-03",
            "weight_g": 7800,
            "length_height_mm": 725,
            "measured": "lying",
            "muac_mm": 142,
            "head_circumference_mm": 440,
            "triceps_tenth_mm": 84,
            "oedema": "no",
            "tb_cough": 0,
        }
    )


def test_a_weight_of_78_kg_is_refused_with_the_bounds():
    assert check(weight_kg="78").errors == {"weight_kg": ["Weight must be between 0.9 and 58 kg."]}


@pytest.mark.parametrize(
    ("birth_date", "asked"),
    [("2026-07-20", True), ("2026-01-20", False), ("2025-01-20", False), ("2021-01-20", True)],
)
def test_whether_78_hundred_grams_are_unusual_depends_on_the_age(birth_date, asked):
    assert ("weight_kg" in check({"birth_date": birth_date, "sex": "m"}).questions) == asked


def test_the_question_names_value_and_age():
    assert check(weight_kg="17,5").questions == {
        "weight_kg": ["Weight 17.5 kg is unusual for a child of 12 months. Measure once more."]
    }


def test_without_a_birth_date_nothing_is_asked_about_the_age():
    assert check(None, weight_kg="17,5").questions == {}


def test_a_visit_before_the_birth_or_in_the_future_is_refused():
    assert check(visit_date="31-07-2025").errors == {
        "visit_date": ["This day is before the child was born. Check the date."]
    }
    assert check(visit_date="4-8-2026").errors == {
        "visit_date": ["Day of the visit 2026-08-04 has not come yet. Check the date."]
    }


def test_a_child_of_six_years_is_asked_about():
    assert check(
        {"birth_date": "2020-08-03"}, weight_kg="18", length_height_cm="105", measured="standing"
    ).questions == {
        "visit_date": ["This child is 72 months old: the card is for children under six years. Go on?"]
    }


def test_a_length_without_position_is_asked_about():
    assert check(measured="").questions == {"measured": ["Lying or standing? Choose one."]}
    assert check(measured="", length_height_cm="").questions == {}


@pytest.mark.parametrize(
    ("birth_date", "answers", "asked"),
    [
        ("2026-03-01", {"vitamin_a": "yes"}, ["vitamin_a"]),
        ("2026-02-03", {"vitamin_a": "yes"}, []),
        ("2026-02-03", {"vitamin_a": "no", "deworming": "yes"}, ["deworming"]),
        ("2025-08-03", {"deworming": "yes"}, []),
        ("2026-05-03", {"breastfed_month_3": "yes", "breastfed_month_4": "no"}, ["breastfed_month_4"]),
    ],
)
def test_what_is_given_before_its_age_is_asked_about(birth_date, answers, asked):
    checked = check({"birth_date": birth_date}, weight_kg="", length_height_cm="", **answers)
    assert list(checked.questions) == asked


def test_overruling_n_or_t_needs_a_reason():
    assert check(gain_override="N").errors == {"gain_override_reason": ["Write why N or T is changed."]}
    assert check(gain_override="N", gain_override_reason="mengikuti garis").errors == {}


def test_a_correction_of_one_weight_is_judged_by_the_visit_already_kept():
    kept = CHILD | {
        "visit_date": "2026-08-03",
        "weight_g": 7800,
        "length_height_mm": 725,
        "measured": "lying",
    }
    checked = FORM.check({"weight_kg": "17,5"}, partial=True, today=TODAY, context=kept)
    assert (checked.values, list(checked.questions)) == ({"weight_g": 17500}, ["weight_kg"])


def test_signs_of_tb_are_entered_by_everybody_and_seen_by_health_workers():
    tb = {field.name: (field.entered_by, field.seen_by) for field in FORM.fields if field.section == "tb"}
    assert set(tb.values()) == {(forms.EVERYBODY, forms.HEALTH_WORKER)}
    assert set(tb) == {"tb_cough", "tb_fever", "tb_weight", "tb_contact"}


def test_skinfolds_and_overruling_are_for_health_workers():
    assert {field.name for field in FORM.fields if field.entered_by == forms.HEALTH_WORKER} == {
        "triceps_mm", "subscapular_mm", "gain_override", "gain_override_reason"
    }  # fmt: skip
