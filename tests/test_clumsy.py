"""What the clumsiest user does: wrong years, double clicks, two tabs, a session that ends while she types. Nothing is lost."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.conftest import Village, sign_in

TODAY = "2026-08-03"


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English, the day confirmed."""
    sign_in(client, village.aminah).get("/bahasa/en")
    client.post("/hari-ini/tanggal", data={"day": TODAY})
    return client


def words(page: str) -> str:
    """The text of a page without its tags, charts and runs of spaces."""
    page = re.sub(r"<(script|style|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize(
    "day", ["0001-01-01", "1899-12-31", "1999-12-31", "2100-01-01", "9999-12-31", "31-02-2026"]
)
def test_a_day_in_a_year_nobody_means_is_asked_again(aminah: FlaskClient, day: str) -> None:
    answer = aminah.post("/hari-ini/tanggal", data={"day": day})
    kept = aminah.get("/hari-ini")
    assert (answer.status_code, "Write the date as it stands on the calendar." in answer.text) == (400, True)
    assert "<h1>Monday, 3 August 2026</h1>" in kept.text


def test_a_day_far_ahead_is_asked_about_once_and_then_believed(aminah: FlaskClient) -> None:
    asked = aminah.post("/hari-ini/tanggal", data={"day": "2062-08-03"})
    sure = dict(re.findall(r'<input type="hidden" name="(day|sure)" value="([^"]*)"', asked.text))
    before = aminah.get("/hari-ini").text
    aminah.post("/hari-ini/tanggal", data=sure)
    assert "Is the year right?" in words(asked.text)
    assert ("3 August 2026</h1>" in before, "3 August 2062</h1>" in aminah.get("/hari-ini").text) == (
        True,
        True,
    )
