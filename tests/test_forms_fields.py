"""What a kader may type into each kind of field, and the sentence she reads when it cannot be taken."""

import copy
import pickle
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

import forms
from forms.dates import read_date
from forms.sentences import Sentence

PERSON = forms.BY_NAME["person"].by_name
VISIT = forms.BY_NAME["balita"].by_name


def said(field: forms.Field, typed: object) -> str:
    """The sentence for what is refused."""
    with pytest.raises(forms.FormError) as refused:
        field.read(typed)
    return str(refused.value)


@pytest.mark.parametrize(
    ("typed", "stored_g"),
    [
        ("7,8", 7800), ("7.8", 7800), ("7,80", 7800), (" 7,8 kg", 7800), ("7.8KG", 7800), ("7", 7000), (7.8, 7800), (7, 7000),
        ("0,9", 900), ("58", 58000), ("07,85", 7850),
    ],
)  # fmt: skip
def test_a_weight_is_read_with_comma_or_point(typed, stored_g):
    assert VISIT["weight_kg"].read(typed) == stored_g


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("78", "Weight must be between 0.9 and 58 kg."),
        ("7800", "Weight must be between 0.9 and 58 kg."),
        ("0,89", "Weight must be between 0.9 and 58 kg."),
        ("58,01", "Weight must be between 0.9 and 58 kg."),
        ("7,855", "Weight is read to 0.01 kg, no finer."),
        ("7,8 g", "Weight: write a number such as 7.8."),
        ("7,8,5", "Weight: write a number such as 7.8."),
        ("1.007,8", "Weight: write a number such as 7.8."),
        ("-7,8", "Weight: write a number such as 7.8."),
        ("7,", "Weight: write a number such as 7.8."),
        ("tujuh", "Weight: write a number such as 7.8."),
        ("7 8", "Weight: write a number such as 7.8."),
        ("nan", "Weight: write a number such as 7.8."),
        ("1e1", "Weight: write a number such as 7.8."),
        ([7.8], "Weight cannot be read."),
    ],
)
def test_a_weight_out_of_bounds_or_unclear_is_refused_and_never_rounded(typed, sentence):
    assert said(VISIT["weight_kg"], typed) == sentence


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("weight_kg", "0,9", "58"),
        ("length_height_cm", "38", "150"),
        ("head_circumference_cm", "25", "64"),
        ("muac_cm", "6", "35"),
        ("birth_weight_kg", "0,5", "6,5"),
        ("birth_length_cm", "25", "62"),
    ],
)
def test_the_hard_bounds_are_those_of_the_cards(name, low, high):
    field = (VISIT | PERSON)[name]
    assert (field.show(field.low * field.scale), field.show(field.high * field.scale)) == (low, high)


def test_a_measure_gives_itself_in_the_unit_of_the_form():
    assert [str(VISIT["weight_kg"].in_units(stored)) for stored in (7800, 7850, 10000, 900)] == [
        "7.8", "7.85", "10", "0.9"
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["5299994507240001", " 5299 9945 0724 0001 ", "52.9999.450724.0001"])
def test_a_nik_is_sixteen_digits_kept_as_text(typed):
    assert PERSON["nik"].read(typed) == "5299994507240001"


def test_the_leading_zeros_of_a_nik_survive():
    assert PERSON["nik"].read("0003014507240001") == "0003014507240001"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("529999450724000", "NIK has 16 digits; this one has 15."),
        ("52999945072400011", "NIK has 16 digits; this one has 17."),
        ("529999450724000A", "NIK is written in digits only."),
        ("5.2E+15", "NIK was spoilt by Excel (5.2E+15). Copy it again from the family card."),
        ("5,29999E+15", "NIK was spoilt by Excel (5,29999E+15). Copy it again from the family card."),
        ("5299994507240000", "NIK ends in 0000: spoilt by Excel. Copy it again from the family card."),
        ("0000000000000000", "NIK is not a real number. Leave it empty if there is none yet."),
        ("9999999999999999", "NIK is not a real number. Leave it empty if there is none yet."),
        ("1234567890123456", "NIK is not a real number. Leave it empty if there is none yet."),
        (5299994507240001, "NIK was kept as a number, not as text, so its digits are not to be trusted."),
        (5.299994507240e15, "NIK was kept as a number, not as text, so its digits are not to be trusted."),
    ],
)
def test_a_nik_that_excel_destroyed_or_somebody_made_up_is_refused(typed, sentence):
    assert said(PERSON["nik"], typed) == sentence


@pytest.mark.parametrize(
    "typed",
    [
        "2024-08-03",
        "03-08-2024",
        "03/08/2024",
        "3/8/2024",
        "3 Agustus 2024",
        "3 agt 2024",
        "3 August 2024",
        "3-Agu-2024",
    ],
)
def test_a_date_is_read_as_people_write_it_day_before_month(typed):
    assert VISIT["visit_date"].read(typed) == "2024-08-03"


@pytest.mark.parametrize(
    "typed", ["31-02-2024", "3/8/24", "2024-13-01", "08/31/2024", "3 Agustusan 2024", "kemarin", "45500"]
)
def test_what_is_no_date_is_refused_with_an_example(typed):
    assert said(VISIT["visit_date"], typed) == "Day of the visit is written as 2024-08-03 or 3 Agustus 2024."


def test_a_date_before_1900_is_a_slip_of_the_year():
    assert said(PERSON["birth_date"], "0202-08-03") == "Birth date is too long ago. Check the year."


@given(day=some.dates(min_value=date(1900, 1, 1)))
def test_every_date_is_read_back_from_each_way_of_writing_it(day):
    ways = ("{0:%d-%m-%Y}", "{0:%d/%m/%Y}", "{0.day}/{0.month}/{0.year}")
    assert {read_date(way.format(day)) for way in ways} | {read_date(day.isoformat())} == {day}


@pytest.mark.parametrize("typed", ["081234567890", "+62 812-3456-7890", "6281234567890", "81234567890"])
def test_a_phone_number_begins_with_zero_however_it_was_typed(typed):
    assert PERSON["phone"].read(typed) == "081234567890"


def test_a_phone_number_with_letters_is_refused():
    assert said(PERSON["phone"], "tidak ada") == "Phone (WhatsApp) is a phone number such as 081234567890."


def test_a_name_keeps_its_letters_and_loses_its_extra_spaces():
    assert PERSON["name"].read("  Baiq   Nur\tAʼini ") == "Baiq Nur Aʼini"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12345", "Name must be written in letters."),
        ("A" * 101, "Name is too long: at most 100 letters."),
        ("Aminah\x00", "Name has signs that cannot be printed. Type it again."),
    ],
)
def test_what_is_no_name_is_refused(typed, sentence):
    assert said(PERSON["name"], typed) == sentence


def test_a_note_keeps_its_lines():
    assert VISIT["note"].read("batuk  dua hari\r\nibu cemas\n") == "batuk dua hari\nibu cemas"


def test_rt_keeps_its_zeros_and_refuses_letters():
    assert PERSON["rt"].read("003") == "003"
    assert said(PERSON["rt"], "3A") == "RT is written in digits only, at most 3."


@pytest.mark.parametrize("typed", ["5203011001", "52.03.01.1001"])
def test_a_desa_code_is_kept_without_dots(typed):
    assert PERSON["desa_code"].read(typed) == "5203011001"


def test_a_desa_code_of_another_length_is_refused():
    assert said(PERSON["desa_code"], "52.03.01") == "Desa has 10 digits; this one has 6."


def test_a_choice_takes_its_code_and_nothing_else():
    assert VISIT["measured"].read(" Lying ") == "lying"
    assert said(VISIT["measured"], "sideways") == "Measured: choose one of the answers."


def test_a_flag_is_yes_no_or_not_known():
    assert [VISIT["vitamin_a"].read(typed) for typed in ("ya", "Tidak", "", None, True, False)] == [
        1,
        0,
        None,
        None,
        1,
        0,
    ]
    assert said(VISIT["vitamin_a"], "mungkin") == "Vitamin A capsule: answer yes or no."


def test_a_count_has_bounds_and_asks_about_the_unusual():
    weeks = PERSON["gestation_weeks"]
    assert said(weeks, "90") == "Weeks of pregnancy at birth must be a whole number between 20 and 45."
    assert weeks.doubt(26, None) == "Weeks of pregnancy at birth 26 is unusual. Is it right?"
    assert (weeks.doubt(38, None), weeks.doubt(None, None)) == (None, None)


def test_a_reference_is_an_id_of_32_hexadecimal_digits():
    assert VISIT["person"].read("0123ABCD-0123-ABCD-0123-ABCD0123ABCD") == "0123abcd" * 4
    assert said(VISIT["person"], "Aminah") == "Child: choose one from the list."


def test_a_sentence_remembers_its_template_and_numbers_for_the_translator():
    with pytest.raises(forms.FormError) as refused:
        VISIT["weight_kg"].read("78")
    sentence = refused.value.sentence
    assert (sentence.template, sentence.params) == (
        "{label} must be between {low} and {high} {unit}.",
        {"label": Sentence("Weight"), "low": Decimal("0.9"), "high": Decimal(58), "unit": "kg"},
    )


@pytest.mark.parametrize(
    "kept", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))], ids=["copied", "pickled"]
)
def test_a_sentence_survives_copying_even_with_braces_in_what_was_typed(kept):
    sentence = Sentence("{typed} is no number.", typed="{7,8}")
    again = kept(sentence)
    assert (again, again.template, again.params) == (
        "{7,8} is no number.",
        sentence.template,
        sentence.params,
    )
