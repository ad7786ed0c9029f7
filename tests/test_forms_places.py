"""The forms an administrator keeps: puskesmas, posyandu, users; and the family."""

from datetime import date

import pytest

import forms

TODAY = date(2026, 8, 3)
POSYANDU_ID = "ab" * 16


def test_a_puskesmas_serves_a_list_of_desa_that_need_not_be_one_kecamatan():
    typed = {
        "code": "P5203010101",
        "name": "Keruak",
        "kecamatan_code": "52.03.01",
        "desa_codes": "52.03.02.2001, 5203012002",
    }
    assert forms.BY_NAME["puskesmas"].check(typed, today=TODAY) == forms.Checked(
        {
            "code": "P5203010101",
            "name": "Keruak",
            "kecamatan_code": "520301",
            "desa_codes": "5203012002,5203022001",
        }
    )


def test_a_desa_code_that_is_too_short_spoils_the_list_with_a_sentence():
    checked = forms.BY_NAME["puskesmas"].check({"desa_codes": "520301"}, partial=True, today=TODAY)
    assert checked.errors == {"desa_codes": ["Desa served has 10 digits; this one has 6."]}


def test_a_posyandu_is_in_use_unless_it_is_said_otherwise():
    typed = {"code": "M1", "name": "Melati", "desa_code": "5203012002"}
    posyandu = forms.BY_NAME["posyandu"]
    assert posyandu.check(typed, today=TODAY).values["active"] == 1
    assert posyandu.check(typed | {"active": "no"}, today=TODAY).values["active"] == 0


def test_a_correction_does_not_bring_the_defaults_back():
    checked = forms.BY_NAME["posyandu"].check({"name": "Mawar"}, partial=True, today=TODAY)
    assert checked.values == {"name": "Mawar"}


@pytest.mark.parametrize(
    ("role", "area", "fits"),
    [
        ("kader", POSYANDU_ID, True),
        ("kader", "5203012002", False),
        ("bidan_desa", "5203012002", True),
        ("tenaga_gizi", POSYANDU_ID, True),
        ("dinas_kabupaten", "5203", True),
        ("dinas_kabupaten", "52", False),
        ("provinsi", "52", True),
    ],
)
def test_the_area_of_a_user_fits_the_role(role, area, fits):
    checked = forms.BY_NAME["worker"].check({"name": "Dedi", "role": role, "area": area}, today=TODAY)
    assert checked.errors == (
        {} if fits else {"area": ["This area does not fit the role. Choose it from the list."]}
    )


def test_a_user_name_is_easy_to_type():
    checked = forms.BY_NAME["worker"].check({"username": "Dedi Kurniawan"}, partial=True, today=TODAY)
    assert checked.errors == {
        "username": ["A user name has 2 to 30 small letters or digits, without spaces."]
    }


def test_a_family_needs_a_head_and_a_posyandu_but_no_card():
    checked = forms.BY_NAME["family"].check({"head_name": "Lalu Citra", "posyandu": POSYANDU_ID}, today=TODAY)
    assert checked == forms.Checked({"head_name": "Lalu Citra", "posyandu": POSYANDU_ID})
