"""What the clumsiest user does: wrong years, double clicks, two tabs, a session that ends while she types. Nothing is lost."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import records
from tests.children import register, weigh
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


def rows(village: Village, sql: str, *values: str) -> list[dict[str, Any]]:
    with village.instance.store_for_job() as store:
        return store.rows(sql, *values)


def pressed_at_once(client: FlaskClient, page: str, typed: dict[str, str]) -> list[int]:
    """Press the same button four times in the same moment, as a double click on a slow laptop does; the statuses."""
    cookie = client.get_cookie("siposyandu_8520")
    assert cookie is not None
    start = Barrier(4)

    def press(_: int) -> int:
        hand = client.application.test_client()
        hand.set_cookie("siposyandu_8520", cookie.value)
        start.wait()
        return hand.post(page, data=typed).status_code

    with ThreadPoolExecutor(4) as hands:
        return sorted(hands.map(press, range(4)))


NEWBORN = {
    "name": "Lalu Bayan",
    "sex": "m",
    "birth_date": "1-8-2026",
    "mother_name": "Saknah",
    "nik_missing_reason": "not_yet",
}


def test_a_child_saved_four_times_at_once_is_registered_once(aminah: FlaskClient, village: Village) -> None:
    answers = pressed_at_once(aminah, "/anak/baru", NEWBORN)
    assert (answers, rows(village, "select name from person")) == (
        [200, 200, 200, 302],
        [{"name": "Lalu Bayan"}],
    )


def test_a_weighing_saved_four_times_at_once_is_one_visit(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Baiq Nabila")
    answers = pressed_at_once(
        aminah, f"/kunjungan/balita/{child}", {"visit_date": "3-8-2026", "weight_kg": "8,9"}
    )
    assert (answers, rows(village, "select weight_g from balita")) == ([302] * 4, [{"weight_g": 8900}])


def test_pressing_save_again_after_going_back_shows_the_same_answer(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Baiq Nabila")
    typed = {"visit_date": "3-8-2026", "weight_kg": "8,9"}
    answers = [aminah.post(f"/kunjungan/balita/{child}", data=typed).headers["Location"] for _ in range(2)]
    [visit] = rows(village, "select id from balita")
    assert answers == [f"/kunjungan/{visit['id']}/hasil"] * 2


def test_withdrawing_twice_leads_to_the_child_both_times(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Baiq Nabila")
    visit = weigh(village, child, "2026-07-06", 8600)
    answers = [
        aminah.post(f"/kunjungan/{visit}/batal", data={"withdraw_reason": "salah anak"}) for _ in range(2)
    ]
    assert [answer.headers["Location"] for answer in answers] == [f"/anak/{child}"] * 2


def test_a_birth_date_after_a_visit_is_refused_at_its_field(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Baiq Nabila", nik_missing_reason="unknown")
    weigh(village, child, "2026-07-06", 8600)
    answer = aminah.post(f"/anak/{child}/ubah", data={"birth_date": "10-7-2026"})
    said = "There is a visit on 6 July 2026, before this day. Correct the birth date, or that visit first."
    assert (answer.status_code, said in words(answer.text)) == (400, True)
    assert rows(village, "select birth_date from person") == [{"birth_date": "2025-05-10"}]


def test_a_visit_that_came_to_lie_before_the_birth_is_shown_for_correction(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Baiq Nabila")
    visit = weigh(village, child, "2025-01-06", 8600)
    answer = aminah.get(f"/kunjungan/{visit}/hasil")
    assert answer.headers["Location"] == f"/kunjungan/{visit}/koreksi"
    assert {aminah.get(page).status_code for page in (answer.headers["Location"], f"/anak/{child}")} == {200}


@pytest.mark.parametrize("missing", ["birth_date", "sex"])
def test_a_card_without_birth_date_or_sex_is_completed_before_anything_else(
    aminah: FlaskClient, village: Village, missing: str
) -> None:
    child = register(village, "Baiq Nabila", **{missing: None})
    pages = [f"/anak/{child}", f"/anak/{child}/cetak", f"/anak/{child}/pindah", f"/kunjungan/balita/{child}"]
    answers = [aminah.get(page).headers.get("Location") for page in pages]
    scales = aminah.post(f"/kunjungan/balita/{child}", data={"visit_date": "3-8-2026", "weight_kg": "8,9"})
    assert [*answers, scales.headers["Location"]] == [f"/anak/{child}/ubah"] * 5
    assert aminah.get(f"/anak/{child}/ubah").status_code == 200


def test_a_child_belongs_to_no_posyandu_before_she_was_born(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Baiq Nabila")
    with village.instance.store_for_job() as store:
        near = {"code": "M2", "name": "Mawar", "desa_code": "5202022006", "active": 1}
        mawar = records.save(store, village.pen(), forms.BY_NAME["posyandu"], near)
    answer = aminah.post(f"/anak/{child}/pindah", data={"posyandu": mawar, "posyandu_since": "1-1-1925"})
    assert (answer.status_code, "This day is before the birth." in words(answer.text)) == (400, True)
    assert rows(village, "select posyandu from person") == [{"posyandu": village.melati}]
