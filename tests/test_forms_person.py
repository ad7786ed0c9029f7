"""The child's card: who, whose, where, and how the birth was."""

from datetime import date

import pytest

import forms

TODAY = date(2026, 8, 3)
FORM = forms.BY_NAME["person"]
AMINAH = {
    "posyandu": "ab" * 16,
    "name": "Aminah",
    "nik": "5299994507240001",
    "sex": "f",
    "birth_date": "5 Juli 2024",
    "mother_name": "Baiq Suhartini",
    "birth_weight_kg": "2,985",
    "birth_length_cm": "48,5",
}


def check(**changes: str) -> forms.Checked:
    """Aminah's card with some answers changed."""
    return FORM.check(AMINAH | changes, today=TODAY)


def test_a_full_card_is_taken_as_stored_values():
    assert check() == forms.Checked(
        {
            "posyandu": "ab" * 16,
            "name": "Aminah",
            "nik": "5299994507240001",
            "sex": "f",
            "birth_date": "2024-07-05",
            "mother_name": "Baiq Suhartini",
            "status": "active",
            "birth_weight_g": 2985,
            "birth_length_mm": 485,
        }
    )


def test_a_newborn_without_nik_needs_a_reason():
    assert check(nik="").errors == {"nik": ["Write the NIK, or choose why there is none."]}
    assert check(nik="", nik_missing_reason="not_yet").errors == {}


def test_a_broken_nik_gets_one_sentence_not_two():
    assert check(nik="5.2E+15").errors == {
        "nik": ["NIK was spoilt by Excel (5.2E+15). Copy it again from the family card."]
    }


def test_a_reason_left_beside_a_nik_is_asked_about():
    assert check(nik_missing_reason="not_yet").questions == {
        "nik_missing_reason": ["The NIK is filled in: the reason can be left empty now."]
    }


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"sex": "m"}, "By its digits this NIK belongs to the other sex. Compare it with the family card."),
        (
            {"birth_date": "2024-07-06"},
            "By its digits this NIK has another birth date. Compare it with the family card.",
        ),
    ],
)
def test_a_nik_that_tells_another_sex_or_birth_date_is_a_question_and_the_value_is_kept(changes, question):
    checked = check(**changes)
    assert (checked.errors, checked.questions) == ({}, {"nik": [question]})
    assert checked.values["nik"] == "5299994507240001"


def test_a_boys_nik_has_no_40_in_it():
    assert check(nik="5299990507240001", sex="m").questions == {}


def test_a_corrected_birth_date_is_compared_with_the_nik_already_kept():
    kept = {"nik": "5299994507240001", "sex": "f", "mother_name": "Baiq"}
    checked = FORM.check({"birth_date": "2024-07-06"}, partial=True, today=TODAY, context=kept)
    assert checked.values == {"birth_date": "2024-07-06"}
    assert list(checked.questions) == ["nik"]


def test_a_birth_date_in_the_future_is_refused():
    checked = check(birth_date="2026-08-04")
    assert checked.errors["birth_date"] == ["Birth date 2026-08-04 has not come yet. Check the date."]
    assert "birth_date" not in checked.values


def test_the_mothers_nik_is_not_the_childs_and_is_a_womans():
    assert check(mother_nik="5299994507240001").errors == {
        "nik": ["This is the mother's NIK. The child has its own, or none yet."]
    }
    assert check(mother_nik="5299991507980002").questions == {
        "mother_nik": ["By its digits this NIK belongs to a man. Compare it with the family card."]
    }


def test_a_small_child_without_a_mothers_name_is_asked_about_an_adult_is_not():
    assert list(check(mother_name="").questions) == ["mother_name"]
    assert check(mother_name="", birth_date="1990-07-05", nik="5299994507900001").questions == {}


def test_who_moved_or_died_did_so_on_a_day_after_the_birth():
    assert check(status="moved").errors == {"status_date": ["Write since which day."]}
    assert check(status="died", status_date="2024-07-04").errors == {
        "status_date": ["This day is before the birth. Check the date."]
    }
    assert check(status="moved", status_date="2026-08-01").errors == {}


@pytest.mark.parametrize(
    ("name", "typed", "question"),
    [
        ("birth_weight_kg", "0,9", "Birth weight 0.9 kg is unusual. Is it right?"),
        ("birth_weight_kg", "6,2", "Birth weight 6.2 kg is unusual. Is it right?"),
        ("birth_length_cm", "30", "Birth length 30 cm is unusual. Is it right?"),
        ("gestation_weeks", "25", "Weeks of pregnancy at birth 25 is unusual. Is it right?"),
    ],
)
def test_an_unusual_birth_is_asked_about_and_kept(name, typed, question):
    checked = check(**{name: typed})
    assert (checked.errors, checked.questions) == ({}, {name: [question]})


def test_a_birth_weight_typed_in_grams_is_refused_with_the_bounds():
    assert check(birth_weight_kg="3100").errors == {
        "birth_weight_kg": ["Birth weight must be between 0.5 and 6.5 kg."]
    }
