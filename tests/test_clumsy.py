"""What the clumsiest user does: wrong years, double clicks, two tabs, a session that ends while she types. Nothing is lost."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

import forms
from siposyandu import records
from siposyandu.app import create_app
from tests.children import register, weigh
from tests.conftest import NOW, PIN, Village, at_keyboard, sign_in

TODAY = "2026-08-03"


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English, the day confirmed."""
    return at_keyboard(client, village.aminah, TODAY)


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
    assert (
        answer.status_code,
        "Write the date as it stands on the calendar, for example 3-12-2026." in answer.text,
    ) == (400, True)
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


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of a page's fields, as they stand there."""
    inputs = re.findall(
        r'<input(?: id="[^"]*")? (?:type="hidden" )?name="([^"]+)"[^>]*? value="([^"]*)"[^>]*>', page
    )
    return {
        name: unescape(value)
        for name, value in inputs
        if not re.search(rf'type="(radio|checkbox)" name="{name}"', page)
    }


def after(village: Village, hours: float) -> None:
    """Let time pass on the laptop."""
    village.instance.now = lambda: NOW + timedelta(hours=hours)


TYPED_ON = {
    "/kunjungan/balita/{child}": {"weight_kg": "9,1", "note": "penting sekali"},
    "/kunjungan/{visit}/koreksi": {"weight_kg": "8,7", "correction_reason": "salah baca"},
    "/anak/{child}/ubah": {"name": "Baiq Nabila Putri", "father_name": "Lalu Hasan"},
    "/anak/baru": {"name": "Lalu Bayan", "mother_name": "Saknah"},
}


@pytest.mark.parametrize("page", TYPED_ON)
def test_what_is_saved_after_the_session_has_ended_stands_there_again_after_signing_in(
    aminah: FlaskClient, village: Village, page: str
) -> None:
    child = register(village, "Baiq Nabila")
    address = page.format(child=child, visit=weigh(village, child, "2026-07-06", 8600))
    opened = fields_of(aminah.get(address).text)
    after(village, hours=8.5)
    too_late = aminah.post(address, data={**opened, **TYPED_ON[page]})
    door = aminah.post(f"/masuk/{village.aminah.id}", data={"pin": PIN, "next": address})
    again = aminah.get(door.headers["Location"])
    assert (too_late.headers["Location"], door.headers["Location"]) == (f"/masuk?next={address}", address)
    assert "What was typed and not saved is here again." in words(again.text)
    assert [escape(typed) in again.text for typed in TYPED_ON[page].values()] == [True, True]


def test_what_was_typed_before_signing_in_anew_in_another_tab_is_kept_and_shown_again(
    village: Village,
) -> None:
    child = register(village, "Baiq Nabila")
    with create_app(village.instance).test_client() as tabs:
        signed_in_again(tabs, village)
        old_tab = fields_of(tabs.get(f"/kunjungan/balita/{child}").text)
        signed_in_again(tabs, village)
        refused = tabs.post(f"/kunjungan/balita/{child}", data={**old_tab, "note": "penting sekali"})
        again = tabs.get(f"/kunjungan/balita/{child}").text
    assert (refused.status_code, f'href="/kunjungan/balita/{child}">Open the page again' in refused.text) == (
        400,
        True,
    )
    assert ("penting sekali" in again, rows(village, "select id from balita")) == (True, [])


def signed_in_again(tabs: FlaskClient, village: Village) -> None:
    """Sign Aminah in as a browser does, hidden token and all."""
    tabs.get("/bahasa/en")
    door = fields_of(tabs.get(f"/masuk/{village.aminah.id}").text)
    assert tabs.post(f"/masuk/{village.aminah.id}", data={**door, "pin": PIN}).status_code == 302


def test_the_draft_of_one_kader_is_not_given_to_the_next(aminah: FlaskClient, village: Village) -> None:
    opened = fields_of(aminah.get("/anak/baru").text)
    after(village, hours=8.5)
    aminah.post("/anak/baru", data={**opened, "name": "Lalu Bayan"})
    baiq = sign_in(aminah, village.baiq)
    assert "Lalu Bayan" not in baiq.get("/anak/baru").text


def test_who_left_types_into_nothing(aminah: FlaskClient, village: Village) -> None:
    opened = fields_of(aminah.get("/anak/baru").text)
    aminah.post("/keluar")
    aminah.post("/anak/baru", data={**opened, "name": "Lalu Bayan"})
    assert rows(village, "select page from draft") == []


def test_a_correction_in_one_tab_does_not_undo_the_one_in_the_other(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Baiq Nabila")
    visit = weigh(village, child, "2026-07-06", 8600, length_height_mm=740, measured="lying")
    first, second = (fields_of(aminah.get(f"/kunjungan/{visit}/koreksi").text) for _ in range(2))
    aminah.post(
        f"/kunjungan/{visit}/koreksi", data={**first, "weight_kg": "8,7", "correction_reason": "salah baca"}
    )
    aminah.post(
        f"/kunjungan/{visit}/koreksi", data={**second, "note": "rewel", "correction_reason": "lupa catatan"}
    )
    assert rows(village, "select weight_g, length_height_mm, note from balita") == [
        {"weight_g": 8700, "length_height_mm": 740, "note": "rewel"}
    ]


def test_a_card_open_in_two_tabs_keeps_what_each_of_them_changed(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Baiq Nabila", nik_missing_reason="unknown")
    first, second = (fields_of(aminah.get(f"/anak/{child}/ubah").text) for _ in range(2))
    aminah.post(f"/anak/{child}/ubah", data={**first, "name": "Baiq Nabila Putri"})
    aminah.post(f"/anak/{child}/ubah", data={**second, "father_name": "Lalu Hasan"})
    assert rows(village, "select name, father_name from person") == [
        {"name": "Baiq Nabila Putri", "father_name": "Lalu Hasan"}
    ]


def test_a_card_begun_for_a_child_who_is_here_already_is_not_offered_for_the_next(
    aminah: FlaskClient, village: Village
) -> None:
    aminah.post("/anak/baru", data=NEWBORN)
    question = aminah.post("/anak/baru", data=NEWBORN).text
    [this_one] = re.findall(r'href="(/kunjungan/balita/[^"]+)"', question)
    aminah.get(this_one)
    assert "Lalu Bayan" not in aminah.get("/anak/baru").text


def test_another_language_in_the_middle_of_a_refused_form_comes_back_to_it(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Baiq Nabila")
    refused = aminah.post(
        f"/kunjungan/balita/{child}", data={"visit_date": "3-8-2026", "weight_kg": "89", "note": "rewel"}
    )
    [indonesian] = re.findall(r'href="(/bahasa/id[^"]+)"', refused.text)
    again = aminah.get(unescape(indonesian), follow_redirects=True)
    assert (again.request.path, 'value="89"' in again.text, "rewel" in again.text) == (
        f"/kunjungan/balita/{child}",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Posyandu Melati", "Melati"),
        ("POSYANDU  melati", "melati"),
        ("Posyandu: Melati", "Melati"),
        ("Posyandu", "Posyandu"),
        ("Posyandusari", "Posyandusari"),
    ],
)
def test_a_posyandu_is_named_without_the_word_that_every_page_says(typed: str, kept: str) -> None:
    checked = forms.BY_NAME["posyandu"].check({"name": typed}, partial=True, today=NOW.date())
    assert (checked.values, checked.errors) == ({"name": kept}, {})


@pytest.mark.parametrize("hours", [-24 * 365, -9, 9])
def test_a_session_ends_when_the_clock_leaps_either_way(
    aminah: FlaskClient, village: Village, hours: float
) -> None:
    after(village, hours)
    assert aminah.get("/hari-ini").headers["Location"].startswith("/masuk")
