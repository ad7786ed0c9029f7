"""The child's page: her charts and visits, who corrected what, who looked; moving, leaving, and the sheet on paper."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import records
from sync import intake
from tests.children import register, weigh
from tests.conftest import Village, at_keyboard, sign_in

NIK = "5202025005250003"


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English, the day confirmed."""
    return at_keyboard(client, village.aminah)


@pytest.fixture
def nabila(village: Village) -> str:
    """A girl born on 10 May 2025, weighed in June and July."""
    return grown(village)


def grown(village: Village) -> str:
    child = register(village, "Baiq Nabila", nik=NIK)
    weigh(village, child, "2026-06-02", 8400, length_height_mm=732, measured="lying")
    weigh(village, child, "2026-07-06", 8600, length_height_mm=740, measured="lying")
    return child


def rows(village: Village, sql: str, *values: str) -> list[dict[str, Any]]:
    with village.instance.store_for_job() as store:
        return store.rows(sql, *values)


def words(page: str) -> str:
    """The text of a page without its tags, charts and runs of spaces."""
    page = re.sub(r"<(script|style|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_the_page_shows_charts_visits_and_only_the_end_of_the_nik(aminah: FlaskClient, nabila: str) -> None:
    page = aminah.get(f"/anak/{nabila}").text
    assert re.findall(r'<title id="([a-z]+)-title">', page) == ["kms", "length"]
    assert "6 Jul 2026 13 8.6 kg N 74.0 cm" in words(page)
    assert (NIK in page, "…0003" in page) == (False, True)


def test_the_charts_show_the_card_of_the_childs_age_or_the_one_asked_for(
    aminah: FlaskClient, nabila: str
) -> None:
    pages = [aminah.get(f"/anak/{nabila}{query}").text for query in ("", "?kartu=24-60", "?kartu=elsewhere")]
    found = [re.search(r"KMS: weight for age, (\d+ to \d+) months", page) for page in pages]
    assert [each[1] for each in found if each] == ["0 to 24", "24 to 60", "0 to 24"]


def test_a_corrected_measure_is_marked_on_its_own_chart_and_told_below(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    visit = rows(village, "select id from balita order by visit_date")[1]["id"]
    right: dict[str, int | str | None] = {"weight_g": 8700, "correction_reason": "salah baca"}
    with village.instance.store_for_job() as store:
        records.save(store, village.pen(village.baiq), forms.BY_NAME["balita"], right, visit)
    page = aminah.get(f"/anak/{nabila}").text
    kms, _, length, _ = re.findall(r"<svg xmlns.*?</svg>", page, re.DOTALL)
    assert ("8.7 kg, N, corrected" in kms, "corrected" in length) == (True, False)
    assert "Weight: 8,6 kg → 8,7 kg visit of 6 July 2026 · Baiq · 3 August 2026 · “salah baca”" in words(page)


def test_a_look_from_outside_the_posyandu_is_written_down_and_her_own_kaders_is_not(
    province_client: FlaskClient, province: Village
) -> None:
    nabila = grown(province)
    for worker in (province.aminah, province.citra):
        sign_in(province_client, worker).get(f"/anak/{nabila}")
    seen = rows(province, "select worker, person, page, viewed_at from person_view")
    assert seen == [
        {
            "worker": province.citra.id,
            "person": nabila,
            "page": "child.show",
            "viewed_at": "2026-08-03T01:00:00Z",
        }
    ]


@pytest.mark.parametrize("page", ["", "/cetak", "/ubah", "/pindah"])
def test_dedi_and_the_province_may_not_open_it(
    province_client: FlaskClient, province: Village, page: str
) -> None:
    nabila = grown(province)
    opened = [
        sign_in(province_client, worker).get(f"/anak/{nabila}{page}").status_code
        for worker in (province.dedi, province.eka)
    ]
    assert opened == [403, 403]


def test_dedi_may_neither_correct_nor_send_nor_end_it(
    province_client: FlaskClient, province: Village
) -> None:
    nabila = grown(province)
    dedi = sign_in(province_client, province.dedi)
    pressed = [
        dedi.post(f"/anak/{nabila}/ubah", data={"name": "Dedi"}),
        dedi.post(
            f"/anak/{nabila}/pindah", data={"posyandu": province.kenanga, "posyandu_since": "1-8-2026"}
        ),
        dedi.post(f"/anak/{nabila}/status", data={"status": "died", "status_date": "1-8-2026"}),
    ]
    kept = rows(province, "select name, posyandu, status from person")
    assert [answer.status_code for answer in pressed] == [403] * 3
    assert kept == [{"name": "Baiq Nabila", "posyandu": province.melati, "status": "active"}]


def test_the_sheet_for_paper_has_both_charts_and_the_last_visits(aminah: FlaskClient, nabila: str) -> None:
    page = aminah.get(f"/anak/{nabila}/cetak").text
    assert (page.count("<svg xmlns"), page.count("<tr>") - 1, NIK in page) == (2, 2, False)


def test_a_corrected_card_keeps_the_old_name_in_its_history(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    answer = aminah.post(f"/anak/{nabila}/ubah", data={"name": "Baiq Nabila Putri"}, follow_redirects=True)
    assert "Name: Baiq Nabila → Baiq Nabila Putri Aminah · 3 August 2026" in words(answer.text)


def test_a_wrong_card_is_given_back_with_the_fault_at_its_field(aminah: FlaskClient, nabila: str) -> None:
    answer = aminah.post(f"/anak/{nabila}/ubah", data={"name": "Nabila", "birth_date": "9-9-2027"})
    assert (answer.status_code, "has not come yet" in answer.text, 'value="9-9-2027"' in answer.text) == (
        400,
        True,
        True,
    )


def test_a_nik_that_another_child_has_is_asked_about(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    other = register(village, "Baiq Laila")
    answer = aminah.post(f"/anak/{other}/ubah", data={"nik": NIK})
    assert "Another child has this NIK already." in answer.text
    aminah.post(f"/anak/{other}/ubah", data={"nik": NIK, "asked": "nik:held", "answer": "right"})
    assert rows(village, "select nik from person where id = $1", other) == [{"nik": NIK}]


def test_a_child_sent_to_a_neighbour_is_hers_no_more(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    with village.instance.store_for_job() as store:
        mawar = records.save(
            store,
            village.pen(),
            forms.BY_NAME["posyandu"],
            {"code": "M2", "name": "Mawar", "desa_code": "5202022006", "active": 1},
        )
    assert "Mawar" in aminah.get(f"/anak/{nabila}/pindah").text
    aminah.post(f"/anak/{nabila}/pindah", data={"posyandu": mawar, "posyandu_since": "1-8-2026"})
    stays = rows(village, "select posyandu, from_date, until_date from membership order by from_date")
    assert stays == [
        {"posyandu": village.melati, "from_date": "2025-06-02", "until_date": "2026-08-01"},
        {"posyandu": mawar, "from_date": "2026-08-01", "until_date": None},
    ]
    assert aminah.get(f"/anak/{nabila}").status_code == 403


def test_a_child_is_sent_only_to_a_posyandu_of_the_list_and_with_a_day(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    elsewhere = {"posyandu": village.kenanga, "posyandu_since": ""}
    answer = aminah.post(f"/anak/{nabila}/pindah", data=elsewhere)
    said = words(answer.text)
    assert answer.status_code == 400
    assert "Choose the posyandu from the list." in said
    assert "Write since which day." in said


def test_a_child_who_moved_away_leaves_the_list_and_can_come_back(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    aminah.post(f"/anak/{nabila}/status", data={"status": "moved", "status_date": "20-7-2026"})
    gone = aminah.get("/hari-ini").text.partition('id="children"')[2]
    aminah.post(f"/anak/{nabila}/status", data={"status": "active", "status_date": "1-8-2026"})
    back = aminah.get("/hari-ini").text.partition('id="children"')[2]
    assert ("Baiq Nabila" in gone, "Baiq Nabila" in back) == (False, True)


def test_what_has_happened_must_be_chosen_and_dated(aminah: FlaskClient, nabila: str) -> None:
    answers = [
        aminah.post(f"/anak/{nabila}/status", data={"status": "", "status_date": "1-8-2026"}),
        aminah.post(f"/anak/{nabila}/status", data={"status": "died", "status_date": ""}),
    ]
    said = [words(answer.text) for answer in answers]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert ("Choose what has happened." in said[0], "Write since which day." in said[1]) == (True, True)


def test_an_unknown_child_is_not_found(aminah: FlaskClient) -> None:
    assert aminah.get(f"/anak/{'a' * 32}").status_code == 404


def test_a_child_whom_only_a_shut_out_laptop_wrote_is_on_no_page_and_counts_no_more(
    aminah: FlaskClient, village: Village, nabila: str
) -> None:
    with village.instance.store_for_job() as store, store.write():
        visits = [row["id"] for row in store.rows("select id from balita where person = $1", nabila)]
        intake.withdraw(store, [nabila, *visits], "2026-08-03T01:00:00Z", records.apply)
    assert rows(village, "select retracted from person where id = $1", nabila) == [{"retracted": 1}]
    assert rows(village, "select id from balita_growth where person = $1", nabila) == []
    assert [aminah.get(f"/anak/{nabila}").status_code, aminah.get("/hari-ini").status_code] == [404, 200]
    assert nabila not in aminah.get("/cari?q=Baiq+Nabila").text
