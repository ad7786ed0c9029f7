"""Sheets for paper: what is on them, whose children, and that only who weighs here sees them."""

import re

import pytest
from flask.testing import FlaskClient

from siposyandu import sip
from siposyandu.sip import f2_bayi
from siposyandu.web.sheets import cut
from siposyandu.web.sip_sheets import boxes_of
from tests.children import register, weigh
from tests.conftest import Village, sign_in


@pytest.fixture
def aminah(client: FlaskClient, village: Village) -> FlaskClient:
    """Aminah at the laptop, on 3 August."""
    sign_in(client, village.aminah)
    client.post("/hari-ini/tanggal", data={"day": "2026-08-03"})
    return client


def table(page: str) -> list[list[str]]:
    """The rows of the sheets' tables, without their titles."""
    bodies = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", "".join(bodies), re.DOTALL)
    return [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]


def test_all_that_can_be_printed_is_led_to_from_today(aminah: FlaskClient, village: Village) -> None:
    assert f'href="/cetak?posyandu={village.melati}"' in aminah.get("/hari-ini").text
    page = aminah.get("/cetak").text
    assert [
        form.CODE for form in sip.ALL if f"/cetak/sip/{form.CODE}?posyandu={village.melati}" not in page
    ] == []


def test_the_weighing_report_says_what_the_skdn_says(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Aisyah")
    weigh(village, child, "2026-07-06", 9000)
    weigh(village, child, "2026-08-03", 9500)
    rows = table(aminah.get("/cetak/sip/f1-gizi").text)
    assert rows[2] == ["D", "ditimbang bulan ini", "0", "0", "0", "0", "0", "1", "0", "0", "0", "1", "1"]
    assert [row[0] for row in rows if row[-1] == "1"] == ["S", "D", "N"]


def test_a_register_has_the_weight_and_its_letter_in_one_box_and_two_sides(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Aisyah <b>", birth_date="2026-02-10")
    weigh(village, child, "2026-08-03", 7400)
    page = aminah.get("/cetak/sip/f2-bayi?tahun=2026").text
    first, second = (row for row in table(page) if row and "Aisyah" in row[1])
    assert (first[1], first[3], first[15]) == ("Aisyah &lt;b&gt;", "10-02-26", "7,4\nB")
    assert second[:2] == first[:2]
    assert "lembar 2 dari 2" in page


def test_a_year_or_month_that_there_is_not_is_refused(aminah: FlaskClient) -> None:
    asked = ("f5?tahun=0", "f5?tahun=x", "f1-gizi?bulan=2026-13", "f9")
    assert [aminah.get(f"/cetak/sip/{each}").status_code for each in asked] == [404] * len(asked)


def test_a_list_is_cut_into_whole_sheets() -> None:
    assert [len(sheet) for sheet in cut(range(29), 14)] == [14, 14, 14]
    assert cut(range(14), 14, spare=1)[-1] == [None] * 14


@pytest.mark.parametrize("form", sip.ALL, ids=[form.CODE for form in sip.ALL])
def test_every_column_stands_on_one_side_and_the_boxes_fill_the_sheet(form: sip.Format) -> None:
    sides = {column.side for column in form.COLUMNS}
    boxes = {side: boxes_of(form.COLUMNS, side) for side in sides}
    printed = {at for each in boxes.values() for box in each for at in box.cells}
    assert printed == set(range(len(form.COLUMNS)))
    assert all(abs(sum(box.percent for box in each) - 100) < 1 for each in boxes.values())
    assert f2_bayi.COLUMNS[boxes[1][0].cells[0]].key in ("number", "name") or form.CODE not in (
        "f2-bayi",
        "f2-balita",
    )


PAGES = ("/cetak", *(f"/cetak/sip/{form.CODE}" for form in sip.ALL))


def test_dedi_and_the_province_print_nothing_of_melatis_children(
    province_client: FlaskClient, province: Village
) -> None:
    register(province, "Aisyah", birth_date="2026-02-10")
    told = []
    for worker in (province.dedi, province.eka, province.baiq):
        sign_in(province_client, worker)
        told.append([province_client.get(f"{page}?posyandu={province.melati}").status_code for page in PAGES])
        province_client.post("/keluar")
    assert told == [[403] * len(PAGES), [403] * len(PAGES), [200] * len(PAGES)]
