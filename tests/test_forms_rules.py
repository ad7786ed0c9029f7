"""Rules that every form keeps: numbers never reused, words and bounds complete, nothing lost on the way to and from the wire."""

import csv
import doctest
import importlib
import pkgutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

import forms
from forms import Choice, Choices, Field, Form, Measure
from forms.fields import Flag, Ref

TODAY = date(2026, 8, 3)
NUMBERS = Path(__file__).parent / "data" / "form_numbers.csv"
FIELDS = [(form, field) for form in forms.ALL for field in form.fields]
EVERY_FORM = pytest.mark.parametrize("form", forms.ALL, ids=lambda form: form.name)
EVERY_FIELD = pytest.mark.parametrize(
    ("form", "field"), FIELDS, ids=[f"{form.name}.{field.name}" for form, field in FIELDS]
)
EVERY_MEASURE = pytest.mark.parametrize(
    "field", [field for _, field in FIELDS if isinstance(field, Measure)], ids=lambda field: field.name
)


def example(field: Field) -> str:
    """Something a person could type into the field."""
    if isinstance(field, Measure):
        return str(field.example)
    if isinstance(field, Choice):
        return field.options[0].code
    examples = {
        "flag": "yes",
        "ref": "0123456789abcdef" * 2,
        "refs": f"{'0123456789abcdef' * 2}, {'f' * 32}",
        "date": "3 Agustus 2024",
        "whole": str(getattr(field, "low", 0) + 1),
        "digits": {
            "nik": "5299994507240001",
            "mother_nik": "5299995507980002",
            "kk_number": "5299990101240003",
        }.get(
            field.name, {"phone": "081234567890"}.get(field.name, "5203011001"[: getattr(field, "length", 3)])
        ),
        "choices": "5203011002, 5203011001",
    }
    return examples.get(field.kind, {"area": "52", "username": "aminah"}.get(field.name, "Aminah"))


def filled(form: Form) -> dict[str, str]:
    """A form with every field typed."""
    typed = {field.name: example(field) for field in form.fields}
    return typed | ({"role": "provinsi"} if form.name == "worker" else {})


def outcome(field: Field, typed: object) -> int | str | None:
    """What is stored, or the sentence that says why nothing is."""
    try:
        return field.read(typed)
    except forms.FormError as refused:
        return refused.sentence


def test_the_number_of_a_field_is_never_changed_or_used_again():
    # A retired field keeps its line, with the form's name written as "retired".
    with NUMBERS.open(encoding="utf-8", newline="") as lines:
        pinned = {
            int(row["number"]): (row["form"], row["name"], row["column"]) for row in csv.DictReader(lines)
        }
    in_use = {field.number: (form.name, field.name, field.column) for form, field in FIELDS}
    assert {number: said for number, said in pinned.items() if said[0] != "retired"} == in_use


def test_every_field_of_every_form_has_a_number_of_its_own_and_none_is_zero():
    numbers = [field.number for _, field in FIELDS]
    assert (len(set(numbers)), 0 in numbers) == (len(numbers), False)


def test_forms_are_found_by_number_and_by_name():
    assert {form.number: form.name for form in forms.ALL} == {
        1: "person", 2: "family", 3: "balita", 4: "puskesmas", 5: "posyandu", 6: "worker",
        7: "session", 8: "home_visit", 9: "referral_return", 10: "same_person",
        11: "two_children",
    }  # fmt: skip
    assert (forms.BY_NUMBER[3], forms.BY_NAME["balita"]) == (forms.BY_NAME["balita"], forms.BY_NUMBER[3])


@EVERY_FORM
def test_names_and_columns_of_a_form_are_its_own(form):
    names = [field.name for field in form.fields]
    columns = [field.column for field in form.fields]
    assert (len(set(names)), len(set(columns))) == (len(names), len(columns))


@EVERY_FIELD
def test_every_field_has_a_label_a_kind_and_a_section_of_its_form(form, field):
    assert field.label
    assert field.kind in {
        "text",
        "digits",
        "date",
        "measure",
        "whole",
        "choice",
        "flag",
        "choices",
        "ref",
        "refs",
    }
    assert field.section in {section.code for section in form.sections}
    assert {field.seen_by, field.entered_by} <= {forms.EVERYBODY, forms.HEALTH_WORKER}


@EVERY_FIELD
def test_choices_have_words_and_references_lead_to_a_form(form, field):
    if isinstance(field, Choice):
        codes = [option.code for option in field.options]
        assert all(option.label for option in field.options)
        assert len(set(codes)) == len(codes)
        assert not any("," in code for code in codes)
    if isinstance(field, Ref):
        assert field.to in forms.BY_NAME


def test_no_form_asks_for_an_age():
    assert not [field.name for _, field in FIELDS if {"age", "umur", "usia"} & set(field.name.split("_"))]


@EVERY_FORM
def test_every_section_of_a_form_has_a_field(form):
    assert {section.code for section in form.sections} == {field.section for field in form.fields}


@EVERY_MEASURE
def test_a_measure_has_bounds_in_order_a_unit_in_its_names_and_whole_stored_numbers(field):
    assert 0 < field.low < field.example < field.high
    assert field.soft, "soft bounds: when do we ask again?"
    assert all(field.low <= row.low < row.high <= field.high for row in field.soft)
    assert [row.from_months for row in field.soft] == sorted({row.from_months for row in field.soft})
    assert field.name.endswith(f"_{field.unit}")
    assert field.column.endswith({"kg": "_g", "cm": "_mm", "mm": "_tenth_mm"}[field.unit])
    assert (field.step * field.scale) % 1 == 0


@EVERY_MEASURE
@given(data=some.data())
def test_every_measure_that_can_be_stored_comes_back_from_how_it_is_shown(field, data):
    steps = data.draw(some.integers(int(field.low / field.step) + 1, int(field.high / field.step)))
    stored = int(steps * field.step * field.scale)
    assert field.read(field.show(stored)) == stored
    assert field.read(field.show(stored).replace(",", ".")) == stored
    assert field.read(f" {field.show(stored)} {field.unit.upper()} ") == stored


@EVERY_MEASURE
@given(typed=some.text(max_size=12))
def test_whatever_is_typed_into_a_measure_is_taken_whole_or_refused_with_a_sentence(field, typed):
    stored = outcome(field, typed)
    assert (
        isinstance(stored, str)
        or stored is None
        or field.low * field.scale <= stored <= field.high * field.scale
    )


@EVERY_FORM
def test_what_was_checked_is_shown_and_checked_to_the_same_values(form):
    checked = form.check(filled(form), today=TODAY)
    again = form.check(form.shown(checked.values), today=TODAY)
    assert (checked.errors, again.errors, again.values) == ({}, {}, checked.values)
    assert len(checked.values) == len(form.fields)


@EVERY_FORM
def test_what_was_checked_goes_over_the_wire_and_comes_back(form):
    values = form.check(filled(form), today=TODAY).values
    assert form.from_wire({**form.to_wire(values), 0: form.number, 99_999: "from a later version"}) == values


@EVERY_FORM
def test_stored_values_are_whole_numbers_or_text(form):
    values = form.check(filled(form), today=TODAY).values
    assert {type(value) for value in values.values()} <= {int, str}


@EVERY_FORM
def test_an_empty_form_says_which_fields_are_missing_and_a_correction_may_be_of_one_field(form):
    required = {field.name for field in form.fields if field.required}
    assert required <= form.check({}, today=TODAY).errors.keys()
    blank = dict.fromkeys(required, "")
    assert form.check(blank, partial=True, today=TODAY).errors.keys() >= required
    assert form.check({}, partial=True, today=TODAY) == forms.Checked()


@EVERY_FORM
def test_a_field_that_the_form_does_not_have_is_refused(form):
    checked = form.check({"berat": "7,8"}, partial=True, today=TODAY)
    assert (checked.values, checked.errors) == ({}, {"berat": ["This form has no such field."]})


@EVERY_FIELD
@pytest.mark.parametrize(
    "typed",
    [{"a": 1}, object(), "\x00", "x" * 5000, "٧", "-1", "NaN", "1e5"],
    ids=lambda typed: repr(typed)[:9],
)
def test_nonsense_never_breaks_a_field(form, field, typed):
    assert isinstance(outcome(field, typed), str | int | None)


@EVERY_FIELD
def test_a_blank_is_not_known_and_is_shown_as_a_blank(form, field):
    assert [field.read(blank) for blank in (None, "", "   ")] == [None, None, None]
    assert field.show(None) == ""


@EVERY_FIELD
def test_answers_are_stored_by_the_kind_of_the_field(form, field):
    stored = field.read(example(field))
    kinds = {"measure": int, "whole": int, "flag": int}
    assert type(stored) is kinds.get(field.kind, str)
    if isinstance(field, Flag):
        assert [field.read(said) for said in ("Ya", "tidak", True, 0)] == [1, 0, 1, 0]


def test_several_answers_are_kept_in_order_whatever_the_order_of_ticking():
    vaccines = forms.BY_NAME["balita"].by_name["immunisations"]
    assert isinstance(vaccines, Choices)
    assert [vaccines.read(typed) for typed in (["mr1", "bcg"], "bcg, MR1", ["bcg", "mr1", "bcg"], [])] == [
        "bcg,mr1", "bcg,mr1", "bcg,mr1", None
    ]  # fmt: skip


def test_the_examples_in_the_documentation_are_true():
    modules = [
        forms,
        *(importlib.import_module(f"forms.{found.name}") for found in pkgutil.iter_modules(forms.__path__)),
    ]
    assert [doctest.testmod(module).failed for module in modules] == [0] * len(modules)


def test_forms_load_neither_the_application_nor_web_nor_network():
    probe = "import sys, forms; print(sorted({'siposyandu', 'sync', 'flask', 'requests', 'sqlite3'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
