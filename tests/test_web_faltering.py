"""The answer page says when a child gained less than 95 of 100 healthy children, and not when the scale fell silent."""

import pytest
from flask.testing import FlaskClient

from tests.children import register, weigh
from tests.conftest import Village, sign_in
from tests.test_web_weigh import words

SLOW = "Gained less than 95 of 100 healthy children (weight faltering)"


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    sign_in(client, village.aminah).get("/bahasa/en")
    return client


def _answer(client: FlaskClient, village: Village, july_g: int, august_g: int, **august: str) -> str:
    child = register(
        village, "Nabila", birth_date="2026-04-04", registered_date="2026-04-10", birth_weight_g=3100
    )
    weigh(village, child, "2026-07-04", july_g)
    visit = weigh(village, child, "2026-08-03", august_g, **august)
    return words(client.get(f"/kunjungan/{visit}/hasil").text)


def test_a_slow_gain_is_a_reason_to_refer(aminah: FlaskClient, village: Village) -> None:
    said = _answer(aminah, village, 5900, 6150)  # a girl of 3 months: the 5th centile is 259 g
    assert SLOW in said
    assert "The weight rises too slowly. Breastfeed more often" in said


def test_a_usual_gain_is_none_even_when_it_is_a_t(aminah: FlaskClient, village: Village) -> None:
    said = _answer(aminah, village, 5900, 6170)  # T: the KBM of girls at 3 months is 800 g
    assert (SLOW in said, "Rose only 270 g" in said) == (False, True)


def test_with_swollen_feet_the_gain_is_not_judged(aminah: FlaskClient, village: Village) -> None:
    assert SLOW not in _answer(aminah, village, 5900, 5800, oedema="1")


def test_the_first_weighing_is_judged_by_the_weight_at_birth(aminah: FlaskClient, village: Village) -> None:
    child = register(
        village, "Nabila", birth_date="2026-07-05", registered_date="2026-07-10", birth_weight_g=3100
    )
    visit = weigh(village, child, "2026-08-03", 3400)
    assert SLOW in words(aminah.get(f"/kunjungan/{visit}/hasil").text)
