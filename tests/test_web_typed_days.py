"""A day on a page is shown and read as people here write it, 3-8-2026, whatever language the browser speaks."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.children import register
from tests.conftest import Village, sign_in

SENTENCE = "Tulis tanggal seperti di kalender, misalnya 3-12-2026."
# Where each of the six pages shows the day that it was asked for; {} is the child of the card.
PAGES = {
    "/hari-ini/sebelum": "Senin, 10 Agustus 2026 ·",
    "/cetak/isian": "Senin, 10 Agustus 2026",
    "/anak/{}/kartu": "<b>Senin, 10 Agustus 2026</b>",
    "/hari-ini/buku": "<h1>Senin, 10 Agustus 2026</h1>",
}
WRITTEN = ["10-8-2026", "10/08/2026", "10 8 2026", "10 Agustus 2026", "2026-08-10"]
NO_DAYS = ["besok", "31-2-2026", "1-1-1899", "10-8-26"]


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah signed in on a laptop whose day is Tuesday the 11th of August."""
    sign_in(client, village.aminah)
    client.post("/hari-ini/tanggal", data={"day": "11-8-2026"})
    return client


def field(page: str, name: str = "tanggal") -> tuple[str, str]:
    """The kind and the value of the page's field for a day."""
    [(kind, value)] = re.findall(rf'<input id="{name}" name="{name}" type="(\w+)" value="([^"]*)"', page)
    return kind, unescape(value)


Shown = tuple[int, bool, tuple[str, str]]


def opened(aminah: FlaskClient, village: Village, path: str, days: list[str], word: str) -> list[Shown]:
    """Open a page for each of these days: how it is answered, whether it says a word, and its field of the day."""
    address = path.format(register(village, "Aisyah"))
    answers = [aminah.get(address, query_string={"tanggal": written}) for written in days]
    return [(answer.status_code, word in answer.text, field(answer.text)) for answer in answers]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_reads_a_day_as_a_form_does_and_shows_it_day_first(
    aminah: FlaskClient, village: Village, path: str
) -> None:
    shown = opened(aminah, village, path, WRITTEN, PAGES[path])
    assert shown == [(200, True, ("text", "10-8-2026"))] * len(WRITTEN)


@pytest.mark.parametrize("path", PAGES)
def test_a_day_that_is_none_stays_in_its_field_with_what_is_wrong(
    aminah: FlaskClient, village: Village, path: str
) -> None:
    shown = opened(aminah, village, path, NO_DAYS, SENTENCE)
    assert shown == [(400, True, ("text", written)) for written in NO_DAYS]


def test_the_day_of_the_visits_is_shown_and_read_day_first(aminah: FlaskClient) -> None:
    asked = field(aminah.get("/hari-ini/tanggal").text, "day")
    wrong = aminah.post("/hari-ini/tanggal", data={"day": "besok"})
    aminah.post("/hari-ini/tanggal", data={"day": "3/8/2026"})
    kept = "<h1>Senin, 3 Agustus 2026</h1>" in aminah.get("/hari-ini").text
    refused = (wrong.status_code, SENTENCE in wrong.text, field(wrong.text, "day"))
    assert (asked, refused, kept) == (("text", "11-8-2026"), (400, True, ("text", "besok")), True)


def test_the_order_of_the_book_outlasts_a_day_that_is_none(aminah: FlaskClient) -> None:
    page = aminah.get("/hari-ini/buku?tanggal=besok&urut=dusun").text
    assert '<input type="hidden" name="urut" value="dusun">' in page
