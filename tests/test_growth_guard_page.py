"""The guard on the scales' page: a refused number is explained, both measures are asked for, the birth date is within reach."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.children import register, weigh
from tests.conftest import Village, at_keyboard

TODAY = "2026-08-03"
USUAL = {"weight_kg": "8,9", "length_height_cm": "74,5", "measured": "lying", "visit_date": "3-8-2026"}


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English, the day confirmed."""
    return at_keyboard(client, village.aminah, TODAY)


@pytest.fixture
def nabila(village: Village) -> str:
    """A girl of 14 months, weighed in July: 8.6 kg, 74 cm."""
    child = register(village, "Baiq Nabila")
    weigh(village, child, "2026-07-06", 8600, length_height_mm=740, measured="lying")
    return child


def _words(page: str) -> str:
    page = re.sub(r"<(script|style|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def _visits(village: Village, child: str) -> list[dict[str, Any]]:
    with village.instance.store_for_job() as store:
        return store.rows(
            "select * from balita where person = $1 and retracted = 0 order by visit_date", child
        )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"weight_kg": "8900"}, "Was the weight typed in grams? 8,900 grams are 8.9 kg."),
        ({"weight_kg": "8900 g"}, "Was the weight typed in grams? 8,900 grams are 8.9 kg."),
        ({"weight_kg": "89"}, "Is the comma in its place? 89 kg cannot be right, 8.9 kg would fit."),
        ({"length_height_cm": "0,745"}, "Was the length typed in metres? 0.745 m are 74.5 cm."),
        (
            {"length_height_cm": "745"},
            "Is the comma in its place? 745 cm cannot be right, 74.5 cm would fit.",
        ),
        (
            {"weight_kg": "74,5", "length_height_cm": "8,9"},
            "Weight 74.5 kg and length 8.9 cm: were the two swapped?",
        ),
    ],
)
def test_a_refused_number_is_explained_before_its_bounds_are_told(
    aminah: FlaskClient, village: Village, nabila: str, typed: dict[str, str], said: str
) -> None:
    answer = aminah.post(f"/kunjungan/balita/{nabila}", data={**USUAL, **typed})
    told = _words(answer.text)
    assert (answer.status_code, said in told, len(_visits(village, nabila))) == (400, True, 1)
    refusal = re.search("must be between|write a number", told)
    assert refusal
    assert told.index(said) < refusal.start()


def test_a_refused_second_measure_is_explained_at_the_second_measure(
    aminah: FlaskClient, nabila: str
) -> None:
    twice = {**USUAL, "weight_again_kg": "8900", "answer": "again"}
    page = aminah.post(f"/kunjungan/balita/{nabila}", data=twice).text
    error = re.search(r'id="weight_again_kg-error"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert error
    assert "8,900 grams" in error[1]


def test_what_is_no_number_is_only_refused(aminah: FlaskClient, nabila: str) -> None:
    answer = aminah.post(f"/kunjungan/balita/{nabila}", data={**USUAL, "weight_kg": "berat"})
    assert (answer.status_code, "write a number such as 7.8" in _words(answer.text)) == (400, True)


def test_another_childs_values_are_measured_again_both_and_settled_by_both(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    big = {**USUAL, "weight_kg": "13", "length_height_cm": "90"}
    page = aminah.post(f"/kunjungan/balita/{nabila}", data=big).text
    assert "Are these the measures of this child?" in _words(page)
    assert all(f'id="{again}"' in page for again in ("weight_again_kg", "length_height_again_cm"))
    half = {**big, "weight_again_kg": "13", "answer": "again"}
    assert aminah.post(f"/kunjungan/balita/{nabila}", data=half).status_code == 200
    assert (
        aminah.post(
            f"/kunjungan/balita/{nabila}", data={**half, "length_height_again_cm": "90,2"}
        ).status_code
        == 302
    )
    last = _visits(village, nabila)[-1]
    assert (last["length_height_mm"], last["length_height_again_mm"]) == (902, 900)


def test_a_birth_date_that_does_not_fit_is_asked_about_with_the_way_to_the_card(
    aminah: FlaskClient, village: Village
) -> None:
    born = {"birth_date": "2026-06-10", "birth_weight_g": 3100, "birth_length_mm": 490}
    citra = register(village, "Citra", registered_date="2026-08-03", **born)
    at_three_weeks = {
        **USUAL,
        "weight_kg": "3,7",
        "length_height_cm": "51,5",
        "head_circumference_cm": "35,5",
    }
    asked = aminah.post(f"/kunjungan/balita/{citra}", data=at_three_weeks).text
    assert "The measures fit a child born on 10 July 2026, not on 10 June 2026." in _words(asked)
    assert f'href="/anak/{citra}/ubah"' in asked
    keys = re.findall(r'name="asked" value="([^"]*)"', asked)
    right = {**at_three_weeks, "asked": keys, "answer": "right"}
    assert aminah.post(f"/kunjungan/balita/{citra}", data=right).status_code == 302
