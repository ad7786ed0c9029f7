"""Weighing: last month in sight, faults at the field, doubts asked once, the answer at once, nothing typed is lost."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import records
from siposyandu.web.card import asked
from tests.children import register, weigh
from tests.conftest import Village, at_keyboard, sign_in

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


def rows(village: Village, sql: str, *values: str) -> list[dict[str, Any]]:
    with village.instance.store_for_job() as store:
        return store.rows(sql, *values)


def visits(village: Village, child: str) -> list[tuple[Any, ...]]:
    """The child's visits: day, grams, grams the other time."""
    found = rows(
        village, "select * from balita where person = $1 and retracted = 0 order by visit_date", child
    )
    return [(row["visit_date"], row["weight_g"], row["weight_again_g"]) for row in found]


def words(page: str) -> str:
    """The text of a page without its tags, charts and runs of spaces."""
    page = re.sub(r"<(script|style|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def typed(page: str, name: str) -> str | None:
    """What stands in a field of the page."""
    found = re.search(rf'<input id="{name}"[^>]* value="([^"]*)"', page)
    return unescape(found[1]) if found else None


def asked_keys(page: str) -> list[str]:
    return [unescape(key) for key in re.findall(r'name="asked" value="([^"]*)"', page)]


def test_the_page_shows_last_time_beside_each_measure_and_proposes_lying(
    aminah: FlaskClient, nabila: str
) -> None:
    page = aminah.get(f"/kunjungan/balita/{nabila}").text
    assert "Baiq Nabila" in page
    assert "girl · 1 years 2 months · mother Saknah" in words(page)
    assert "last time 8,6 kg 6 Jul" in words(page)
    assert re.search(r'value="lying" checked', page)


def test_a_saved_visit_is_answered_at_once_with_letter_gain_and_sentence(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    answer = aminah.post(f"/kunjungan/balita/{nabila}", data=USUAL, follow_redirects=True)
    said = words(answer.text)
    assert visits(village, nabila)[-1] == (TODAY, 8900, None)
    assert "Rose 300 g since last month, at least 200 g were needed." in said
    assert "Weight for age (BB/U) 8.9 kg z -0.58 Normal weight" in said
    assert "Say to the mother The weight has risen, well done!" in said
    assert "<svg" in answer.text


def test_a_gain_of_a_kilogram_or_more_is_said_in_kilograms(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    heavy, page = {**USUAL, "weight_kg": "9,85"}, f"/kunjungan/balita/{nabila}"
    aminah.get("/bahasa/id")
    answers = {"answer": "right", "asked": asked_keys(aminah.post(page, data=heavy).text)}
    said = words(aminah.post(page, data=heavy | answers, follow_redirects=True).text)
    assert "Naik 1,25 kg sejak bulan lalu, minimal 200 g." in said


def test_a_fault_is_said_at_its_field_and_everything_typed_still_stands(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    wrong = {**USUAL, "weight_kg": "89", "counselling": "Beri telur", "immunisations": ["", "mr1"]}
    answer = aminah.post(f"/kunjungan/balita/{nabila}", data=wrong)
    assert answer.status_code == 400
    assert "Weight must be between 0.9 and 58 kg." in words(answer.text)
    assert (typed(answer.text, "weight_kg"), typed(answer.text, "length_height_cm")) == ("89", "74,5")
    assert "Beri telur" in answer.text
    assert re.search(r'value="mr1" checked', answer.text)
    assert len(visits(village, nabila)) == 1


def test_a_doubt_is_asked_once_and_she_may_say_that_it_is_right(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    light = {**USUAL, "weight_kg": "7,2"}
    question = aminah.post(f"/kunjungan/balita/{nabila}", data=light)
    assert "Measure once more? Last time the child weighed 8.6 kg." in words(question.text)
    again = aminah.post(f"/kunjungan/balita/{nabila}", data=light)
    assert len(visits(village, nabila)) == 1, "pressing save again without an answer does not save"
    confirmed = {**light, "asked": asked_keys(again.text), "answer": "right"}
    assert aminah.post(f"/kunjungan/balita/{nabila}", data=confirmed).status_code == 302
    assert visits(village, nabila)[-1] == (TODAY, 7200, None)


def test_a_second_measure_that_agrees_settles_it_and_both_are_kept(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    light = {**USUAL, "weight_kg": "7,2", "weight_again_kg": "7,25", "answer": "again"}
    assert aminah.post(f"/kunjungan/balita/{nabila}", data=light).status_code == 302
    assert visits(village, nabila)[-1] == (TODAY, 7250, 7200)


def test_a_second_measure_that_fits_the_child_counts_in_place_of_the_first(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    mistaken = {**USUAL, "weight_kg": "6,9", "weight_again_kg": "8,9", "answer": "again"}
    aminah.post(f"/kunjungan/balita/{nabila}", data=mistaken)
    assert visits(village, nabila)[-1] == (TODAY, 8900, 6900)


def test_two_measures_far_apart_and_still_unlikely_are_asked_about_again(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    doubtful = {**USUAL, "weight_kg": "6,9", "weight_again_kg": "5,5", "answer": "again"}
    answer = aminah.post(f"/kunjungan/balita/{nabila}", data=doubtful)
    assert (typed(answer.text, "weight_kg"), typed(answer.text, "weight_again_kg")) == ("6,9", "5,5")
    assert len(visits(village, nabila)) == 1


def test_a_fault_in_the_second_measure_is_said_at_the_second_measure(
    aminah: FlaskClient, nabila: str
) -> None:
    answer = aminah.post(f"/kunjungan/balita/{nabila}", data={**USUAL, "weight_again_kg": "berat"})
    assert re.search(r'id="weight_again_kg"[^>]* aria-invalid="true"', answer.text)
    assert not re.search(r'id="weight_kg"[^>]* aria-invalid="true"', answer.text)


def test_a_second_visit_in_the_month_is_told_and_the_same_day_is_corrected(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    weigh(village, nabila, "2026-08-01", 8800)
    page = aminah.get(f"/kunjungan/balita/{nabila}")
    assert "Already weighed this month, on 1 August 2026: 8.8 kg." in words(page.text)
    visit = weigh(village, nabila, TODAY, 8900)
    same_day = aminah.get(f"/kunjungan/balita/{nabila}")
    assert same_day.headers["Location"] == f"/kunjungan/{visit}/koreksi"
    answer = aminah.post(f"/kunjungan/balita/{nabila}", data={**USUAL, "weight_kg": "8,7"})
    assert ("Already weighed on this day" in words(answer.text), typed(answer.text, "weight_kg")) == (
        True,
        "8,7",
    )
    assert visits(village, nabila)[-1] == (TODAY, 8900, None)


def test_a_day_that_has_not_come_is_refused(aminah: FlaskClient, nabila: str) -> None:
    answer = aminah.post(f"/kunjungan/balita/{nabila}", data={**USUAL, "visit_date": "4-8-2026"})
    assert (answer.status_code, "has not come yet" in words(answer.text)) == (400, True)


def test_what_was_typed_and_not_saved_comes_back_and_goes_when_it_is_saved(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    page = aminah.get(f"/kunjungan/balita/{nabila}").text
    draft = unescape(re.search(r'data-draft="([^"]+)"', page)[1])  # type: ignore[index]
    assert aminah.post(draft, data={"weight_kg": "8,9", "csrf_token": "x"}).status_code == 204
    again = aminah.get(f"/kunjungan/balita/{nabila}").text
    assert ("is here again" in words(again), typed(again, "weight_kg")) == (True, "8,9")
    aminah.post(f"/kunjungan/balita/{nabila}", data=USUAL)
    assert rows(village, "select page from draft") == []


def test_without_script_what_was_refused_is_kept_as_a_draft_too(aminah: FlaskClient, nabila: str) -> None:
    aminah.post(f"/kunjungan/balita/{nabila}", data={**USUAL, "weight_kg": "89"})
    assert typed(aminah.get(f"/kunjungan/balita/{nabila}").text, "weight_kg") == "89"


def test_nobody_gets_the_draft_of_somebody_else(aminah: FlaskClient, village: Village, nabila: str) -> None:
    aminah.post(f"/kunjungan/balita/{nabila}", data={**USUAL, "weight_kg": "89"})
    aminah.post("/keluar")
    baiq = sign_in(aminah, village.baiq)
    assert typed(baiq.get(f"/kunjungan/balita/{nabila}").text, "weight_kg") == ""


def test_a_draft_has_a_page_and_a_size(aminah: FlaskClient) -> None:
    answers = [
        aminah.post("/draf?page=elsewhere", data={"a": "1"}),
        aminah.post("/draf?page=/anak/baru", data={"name": "x" * 30_000}),
    ]
    assert [answer.status_code for answer in answers] == [400, 400]


def test_a_correction_keeps_the_old_value_with_who_and_why(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    visit = rows(village, "select id from balita where person = $1", nabila)[0]["id"]
    right = {"weight_kg": "8,4", "length_height_cm": "74", "measured": "lying", "visit_date": "6-7-2026"}
    unexplained = aminah.post(f"/kunjungan/{visit}/koreksi", data={**right, "correction_reason": " "})
    assert (unexplained.status_code, "Write in a few words why." in words(unexplained.text)) == (400, True)
    explained = {**right, "correction_reason": "salah baca"}
    assert aminah.post(f"/kunjungan/{visit}/koreksi", data=explained).status_code == 302
    page = aminah.get(f"/kunjungan/{visit}/koreksi").text
    assert visits(village, nabila) == [("2026-07-06", 8400, None)]
    assert "Weight: 8,6 kg → 8,4 kg Aminah · 3 August 2026 · “salah baca”" in words(page)


def test_a_correction_that_changes_nothing_writes_nothing(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    visit = rows(village, "select id from balita where person = $1", nabila)[0]["id"]
    before = rows(village, "select count(*) as n from edits")
    same = {"weight_kg": "8,6", "length_height_cm": "74", "measured": "lying", "visit_date": "6-7-2026"}
    answer = aminah.post(f"/kunjungan/{visit}/koreksi", data={**same, "correction_reason": "cek"})
    assert (answer.status_code, rows(village, "select count(*) as n from edits")) == (302, before)


def test_only_what_was_changed_is_doubted_in_a_correction(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    visit = weigh(village, nabila, TODAY, 7200, length_height_mm=745, measured="lying")
    stands = {"weight_kg": "7,2", "length_height_cm": "74,6", "measured": "lying", "visit_date": "3-8-2026"}
    answer = aminah.post(f"/kunjungan/{visit}/koreksi", data={**stands, "correction_reason": "salah tulis"})
    assert answer.status_code == 302


def test_a_kaders_correction_leaves_the_tb_answers_that_she_may_not_read(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    visit = weigh(village, nabila, TODAY, 8900, tb_cough=1, measured="lying")
    page = aminah.get(f"/kunjungan/{visit}/koreksi").text
    stands = {"weight_kg": "8,8", "visit_date": "3-8-2026", "measured": "lying", "correction_reason": "salah"}
    aminah.post(f"/kunjungan/{visit}/koreksi", data=stands)
    kept = rows(village, "select tb_cough, weight_g from balita where id = $1", visit)
    assert ("tb_cough" in page, kept) == (False, [{"tb_cough": 1, "weight_g": 8800}])


def test_a_visit_of_the_wrong_child_is_withdrawn_with_a_reason(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    visit = weigh(village, nabila, TODAY, 8900)
    assert aminah.post(f"/kunjungan/{visit}/batal", data={"withdraw_reason": ""}).status_code == 400
    assert aminah.post(f"/kunjungan/{visit}/batal", data={"withdraw_reason": "salah anak"}).status_code == 302
    assert visits(village, nabila) == [("2026-07-06", 8600, None)]
    assert aminah.get(f"/kunjungan/{visit}/hasil").status_code == 404


def test_a_health_workers_n_says_why_and_not_the_grams(
    client: FlaskClient, village: Village, nabila: str
) -> None:
    at_keyboard(client, village.baiq, TODAY)
    judged = {**USUAL, "weight_kg": "8,7", "gain_override": "N", "gain_override_reason": "kurva sejajar"}
    answer = client.post(f"/kunjungan/balita/{nabila}", data=judged, follow_redirects=True)
    assert "Judged by the health worker, not by 200 g: kurva sejajar" in words(answer.text)


def test_a_kader_cannot_set_what_only_a_health_worker_may(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    aminah.post(
        f"/kunjungan/balita/{nabila}", data={**USUAL, "gain_override": "T", "gain_override_reason": "x"}
    )
    kept = rows(village, "select gain_override from balita where visit_date = $1", TODAY)
    assert kept == [{"gain_override": None}]


def test_a_child_who_died_is_not_weighed(aminah: FlaskClient, village: Village, nabila: str) -> None:
    with village.instance.store_for_job() as store:
        gone: dict[str, int | str | None] = {"status": "died", "status_date": "2026-07-20"}
        records.save(store, village.pen(), forms.BY_NAME["person"], gone, nabila)
    answer = aminah.get(f"/kunjungan/balita/{nabila}")
    assert answer.headers["Location"] == f"/anak/{nabila}/ubah"


def test_swollen_feet_are_answered_with_the_way_to_the_puskesmas(aminah: FlaskClient, nabila: str) -> None:
    answer = aminah.post(f"/kunjungan/balita/{nabila}", data={**USUAL, "oedema": "1"}, follow_redirects=True)
    said = words(answer.text)
    assert "Swelling of both feet Severely wasted" in said
    assert ("swelling of both feet" in said, "Please come with us to the puskesmas today." in said) == (
        True,
        True,
    )


@pytest.mark.parametrize(
    ("months", "names"),
    [
        (2, ["exclusive_breastfeeding", "breastfed_month_2"]),
        (7, ["complementary_feeding", "vitamin_a"]),
        (30, ["vitamin_a", "deworming"]),
    ],
)
def test_each_age_is_asked_its_own_questions(months: int, names: list[str]) -> None:
    every = [
        "exclusive_breastfeeding",
        "breastfed_month_2",
        "complementary_feeding",
        "vitamin_a",
        "deworming",
    ]
    assert asked(every, months, date(2026, 8, 3)) == names


def test_dedi_of_another_posyandu_can_open_nothing_of_hers(
    province_client: FlaskClient, province: Village
) -> None:
    nabila = register(province, "Baiq Nabila")
    visit = weigh(province, nabila, TODAY, 8900)
    dedi = sign_in(province_client, province.dedi)
    pages = [f"/kunjungan/balita/{nabila}", f"/kunjungan/{visit}/hasil", f"/kunjungan/{visit}/koreksi"]
    opened = [dedi.get(page).status_code for page in pages]
    pressed = [
        dedi.post(f"/kunjungan/balita/{nabila}", data=USUAL).status_code,
        dedi.post(f"/kunjungan/{visit}/koreksi", data=USUAL).status_code,
        dedi.post(f"/kunjungan/{visit}/batal", data={"withdraw_reason": "x"}).status_code,
    ]
    assert (opened, pressed, len(visits(province, nabila))) == ([403] * 3, [403] * 3, 1)


def test_an_unknown_child_or_visit_is_not_found(aminah: FlaskClient) -> None:
    pages = [
        "/kunjungan/balita/" + "a" * 32,
        f"/kunjungan/{'a' * 32}/hasil",
        f"/kunjungan/{'a' * 32}/koreksi",
    ]
    assert [aminah.get(page).status_code for page in pages] == [404] * 3


def test_nobody_weighs_without_signing_in(client: FlaskClient, nabila: str) -> None:
    assert "/masuk" in client.get(f"/kunjungan/balita/{nabila}").headers["Location"]
