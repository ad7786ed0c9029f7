"""marshmallow schemas from the forms: what the REST API takes, refuses and gives back."""

import pytest
from marshmallow import RAISE, ValidationError

import forms

BALITA = forms.schema_for(forms.BY_NAME["balita"])
VISIT = {"person": "cd" * 16, "posyandu": "ab" * 16, "visit_date": "2026-08-03", "weight_kg": 7.8}


def test_a_schema_loads_typed_names_into_stored_columns():
    assert BALITA().load(VISIT) == {
        "person": "cd" * 16, "posyandu": "ab" * 16, "visit_date": "2026-08-03", "weight_g": 7800
    }  # fmt: skip


def test_a_schema_dumps_stored_columns_as_they_are_typed():
    row = {"person": "cd" * 16, "weight_g": 7850, "vitamin_a": 1, "muac_mm": None}
    assert BALITA().dump(row) == {"person": "cd" * 16, "weight_kg": "7,85", "vitamin_a": "yes", "muac_cm": ""}


def test_errors_have_the_path_of_the_field_and_stay_sentences():
    with pytest.raises(ValidationError) as refused:
        BALITA().load({"person": None, "weight_kg": 78, "berat": 7})
    assert refused.value.messages == {
        "person": ["Child is not filled in yet."],
        "posyandu": ["Weighed at posyandu is not filled in yet."],
        "visit_date": ["Day of the visit is not filled in yet."],
        "weight_kg": ["Weight must be between 0.9 and 58 kg."],
        "berat": ["This form has no such field."],
    }
    assert {type(said[0]) for said in refused.value.messages.values()} == {forms.Sentence}


@pytest.mark.parametrize("form", forms.ALL, ids=lambda form: form.name)
def test_every_schema_refuses_unknown_fields_and_is_made_once(form):
    schema = forms.schema_for(form)
    assert (schema().unknown, schema) == (RAISE, forms.schema_for(form))
    assert set(schema().fields) == {field.column for field in form.fields}


def test_choices_and_labels_are_in_the_documentation():
    documented = BALITA().fields["measured"].metadata
    assert documented == {
        "title": "Measured",
        "description": "Lying down until two years, then standing.",
        "enum": ["lying", "standing"],
    }
