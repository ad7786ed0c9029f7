"""Registering a child: the least first, the family joined by its card, a child who may be here already is asked about."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

import forms
from siposyandu import records
from tests.children import register
from tests.conftest import Village, at_keyboard, sign_in

LEAST = {
    "name": "Lalu Arya",
    "sex": "m",
    "birth_date": "1-8-2025",
    "mother_name": "Sumiati",
    "nik": "",
    "nik_missing_reason": "in_process",
}
KK = "5202022005200003"


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, in English, the day confirmed."""
    return at_keyboard(client, village.aminah)


def rows(village: Village, sql: str) -> list[dict[str, Any]]:
    with village.instance.store_for_job() as store:
        return store.rows(sql)


def children(village: Village) -> list[str]:
    return [row["name"] for row in rows(village, "select name from person order by name, id")]


def asked_keys(page: str) -> list[str]:
    return [unescape(key) for key in re.findall(r'name="asked" value="([^"]*)"', page)]


def test_name_sex_birth_mother_and_a_reason_are_enough_and_lead_to_the_scales(
    aminah: FlaskClient, village: Village
) -> None:
    answer = aminah.post("/anak/baru", data=LEAST)
    kept = rows(
        village,
        "select id, name, posyandu, posyandu_since, registered_date, status, family, nik_missing_reason from person",
    )
    assert answer.headers["Location"] == f"/kunjungan/balita/{kept[0].pop('id')}"
    assert kept == [
        {
            "name": "Lalu Arya",
            "posyandu": village.melati,
            "posyandu_since": "2026-08-03",
            "registered_date": "2026-08-03",
            "status": "active",
            "family": None,
            "nik_missing_reason": "in_process",
        }
    ]


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stands(
    aminah: FlaskClient, village: Village
) -> None:
    answer = aminah.post("/anak/baru", data={**LEAST, "birth_date": "31-2-2026", "nik_missing_reason": ""})
    assert answer.status_code == 400
    assert "Birth date is written as" in answer.text
    assert "Write the NIK, or choose why there is none." in answer.text
    assert 'value="Lalu Arya"' in answer.text
    assert children(village) == []


def test_a_card_half_filled_comes_back_after_a_crash(aminah: FlaskClient) -> None:
    aminah.post("/draf?page=/anak/baru", data={"name": "Lalu Arya", "kk_number": KK})
    page = aminah.get("/anak/baru").text
    assert ("is here again" in page, 'value="Lalu Arya"' in page, f'value="{KK}"' in page) == (
        True,
        True,
        True,
    )


def test_a_family_whose_card_is_known_is_joined_and_another_is_made(
    aminah: FlaskClient, village: Village
) -> None:
    aminah.post(
        "/anak/baru", data={**LEAST, "kk_number": KK, "father_name": "Lalu Wirya", "dusun": "Lendang"}
    )
    aminah.post("/anak/baru", data={**LEAST, "name": "Baiq Arni", "sex": "f", "kk_number": KK})
    families = rows(village, "select id, kk_number, head_name, dusun, posyandu from family")
    joined = rows(village, "select family from person")
    assert joined == [{"family": families[0].pop("id")}] * 2
    assert families == [
        {"kk_number": KK, "head_name": "Lalu Wirya", "dusun": "Lendang", "posyandu": village.melati}
    ]


def test_a_child_of_the_same_name_and_day_is_asked_about_before_saving(
    aminah: FlaskClient, village: Village
) -> None:
    known = register(village, "Lalu Arya", sex="m", birth_date="2025-08-01")
    question = aminah.post("/anak/baru", data={**LEAST, "name": "lalu  ARYA"})
    assert "Is this the same child?" in question.text
    assert f"/kunjungan/balita/{known}" in question.text
    assert children(village) == ["Lalu Arya"]
    another = {**LEAST, "asked": asked_keys(question.text), "answer": "right"}
    assert aminah.post("/anak/baru", data=another).status_code == 302
    assert children(village) == ["Lalu Arya", "Lalu Arya"]


def test_a_child_written_in_another_way_is_asked_about_with_both_cards_side_by_side(
    aminah: FlaskClient, village: Village
) -> None:
    known = register(village, "By. Ny. Sumiati", sex="m", birth_date="2025-08-01", mother_name="Sumiati")
    question = aminah.post("/anak/baru", data=LEAST)
    both = [
        " ".join(re.sub("<[^>]+>", " ", line).split())
        for line in re.findall("<tr><th.*?</tr>", question.text)
    ]
    assert both[:2] == ["Name Lalu Arya By. Ny. Sumiati", "Mother's name Sumiati Sumiati"]
    assert (f'href="/anak/{known}"' in question.text, children(village)) == (True, ["By. Ny. Sumiati"])
    another = {**LEAST, "asked": asked_keys(question.text), "answer": "right"}
    assert aminah.post("/anak/baru", data=another).status_code == 302


def test_twins_with_names_of_their_own_are_not_asked_about(aminah: FlaskClient, village: Village) -> None:
    aminah.post("/anak/baru", data=LEAST)
    answer = aminah.post("/anak/baru", data={**LEAST, "name": "Lalu Arsa"})
    assert (answer.status_code, children(village)) == (302, ["Lalu Arsa", "Lalu Arya"])


def test_the_same_nik_is_asked_about_and_a_child_elsewhere_is_not_named(
    aminah: FlaskClient, village: Village
) -> None:
    register(village, "Baiq Rahasia", posyandu=village.kenanga, nik="5202020108250001")
    same = {**LEAST, "nik": "5202020108250001", "nik_missing_reason": ""}
    question = aminah.post("/anak/baru", data=same)
    assert ("a child of another posyandu with this NIK" in question.text, "Rahasia" in question.text) == (
        True,
        False,
    )
    assert children(village) == ["Baiq Rahasia"]


def test_a_nik_that_tells_another_birth_date_is_asked_about_once(
    aminah: FlaskClient, village: Village
) -> None:
    doubtful = {**LEAST, "nik": "5202020208250001", "nik_missing_reason": ""}
    question = aminah.post("/anak/baru", data=doubtful)
    assert "By its digits this NIK has another birth date." in question.text
    aminah.post("/anak/baru", data={**doubtful, "asked": asked_keys(question.text), "answer": "right"})
    assert children(village) == ["Lalu Arya"]


def test_a_midwife_registers_at_the_posyandu_whose_list_she_came_from(
    province_client: FlaskClient, province: Village
) -> None:
    with province.instance.store_for_job() as store:
        second = {"code": "M2", "name": "Mawar", "desa_code": province.baiq.area, "active": 1}
        mawar = records.save(store, province.pen(), forms.BY_NAME["posyandu"], second)
    baiq = sign_in(province_client, province.baiq)
    baiq.post("/hari-ini/tanggal", data={"day": "2026-08-03"})
    assert f"/anak/baru?posyandu={mawar}" in baiq.get(f"/hari-ini?posyandu={mawar}").text
    opened = re.search(r'name="posyandu" value="([^"]+)"', baiq.get(f"/anak/baru?posyandu={mawar}").text)
    baiq.post("/anak/baru", data={**LEAST, "posyandu": opened[1] if opened else ""})
    assert rows(province, "select posyandu from person") == [{"posyandu": mawar}]


def test_nobody_registers_at_a_posyandu_that_is_not_hers(aminah: FlaskClient, village: Village) -> None:
    answer = aminah.post("/anak/baru", data={**LEAST, "posyandu": village.kenanga})
    assert (answer.status_code, children(village)) == (403, [])


def test_the_province_registers_nobody(province_client: FlaskClient, province: Village) -> None:
    eka = sign_in(province_client, province.eka)
    assert (eka.get("/anak/baru").status_code, eka.post("/anak/baru", data=LEAST).status_code) == (403, 403)
