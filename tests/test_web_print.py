"""Sheets for paper: what is on them, whose children, and that only who weighs here sees them."""

import re

import pytest
import segno
from flask.testing import FlaskClient

from siposyandu import child_code, sip
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


def drawn_modules(svg: str) -> set[tuple[int, int]]:
    """The dark squares of a QR drawing, as (column, row): the runs of its path, each half a square down."""
    [path] = re.findall(r' d="M([^"]+)"', svg)
    column, row = 0, 0.0
    found = set()
    for command, numbers in re.findall(r"([Mmh])([^Mmh]+)", "M" + path):
        first, *rest = (float(number) for number in numbers.split())
        if command == "h":
            found |= {(column + step, int(row)) for step in range(int(first))}
            column += int(first)
        else:
            column, row = (int(first), rest[0]) if command == "M" else (column + int(first), row + rest[0])
    return found


def test_a_sticker_shows_the_code_and_the_scanner_gets_it_with_a_quiet_zone(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Aisyah")
    code = child_code.code_of(child)
    page = aminah.get("/cetak/stiker").text
    assert f'<b class="label-code">{code}</b>' in page
    [svg] = re.findall(r"<svg[^>]*qr.*?</svg>", page, re.DOTALL)
    matrix = segno.make(code.replace("-", ""), error="m", micro=False).matrix
    dark = {
        (column + 4, row + 4) for row, line in enumerate(matrix) for column, bit in enumerate(line) if bit
    }
    assert drawn_modules(svg) == dark
    assert f'viewBox="0 0 {len(matrix) + 8} {len(matrix) + 8}"' in svg


def test_the_code_of_a_sticker_opens_the_child_when_it_is_typed_into_search(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Aisyah")
    answer = aminah.get(f"/cari?q={child_code.code_of(child).replace('-', '')}")
    assert answer.headers["Location"] == f"/anak/{child}"


def test_stickers_begin_at_the_first_label_that_is_left(aminah: FlaskClient, village: Village) -> None:
    children = [register(village, f"Child {number:02d}") for number in range(23)]
    chosen = aminah.get(f"/cetak/stiker?mulai=24&anak={children[2]}&anak={children[5]}").text
    sheets = chosen.split('<section class="labels labels-70x37">')[1:]
    names = [
        re.findall(r'<div class="label">(?:.*?label-name">([^<]+)<.*?)?</div>', sheet, re.DOTALL)
        for sheet in sheets
    ]
    assert [len(re.findall(r'<div class="label">', sheet)) for sheet in sheets] == [24, 24]
    assert [[name for name in each if name] for each in names] == [["Child 02"], ["Child 05"]]
    everybody = aminah.get("/cetak/stiker?mulai=1&ukuran=63x38").text
    assert [everybody.count("label-name"), everybody.count('<section class="labels labels-63x38">')] == [
        23,
        2,
    ]


def test_the_entry_sheet_lists_the_children_in_the_order_of_typing_with_their_last_measures(
    aminah: FlaskClient, village: Village
) -> None:
    first = register(village, "Aisyah", dusun="Timba Nuh", birth_date="2025-05-10")
    register(village, "Fadil", dusun="Montong Are", sex="m")
    weigh(village, first, "2026-07-06", 9000, length_height_mm=745, measured="lying")
    rows = [
        [re.sub(r"<[^>]+>|\s+", " ", cell).split() for cell in row]
        for row in table(aminah.get("/cetak/isian?tanggal=2026-08-03").text)
    ]
    assert rows[0] == [
        ["1"], ["Aisyah", "P", "Ibu", "Saknah", "·", "Timba", "Nuh"], ["14", "bln"], ["9,0", "kg", "6", "Jul"],
        ["74,5", "cm", "6", "Jul"], [], ["t", "/", "b"], [], [], ["merah"], ["waktunya"], [],
    ]  # fmt: skip
    assert (rows[1][1][0], len(rows), {len(row) for row in rows}) == ("Fadil", 14, {12})
    by_dusun = table(aminah.get("/cetak/isian?tanggal=2026-08-03&urut=dusun").text)
    assert ["Fadil" in by_dusun[0][1], "Aisyah" in by_dusun[1][1]] == [True, True]


def test_the_entry_sheet_and_the_book_have_one_order(aminah: FlaskClient, village: Village) -> None:
    """What is written line by line is typed in line by line."""
    names = {
        "Citra": "Timba Nuh",
        "aisyah": None,
        "Budi": "Montong Are",
        "Aisyah": "Timba Nuh",
        "Dewi": "Montong Are",
    }
    for name, dusun in names.items():
        register(village, name, dusun=dusun)
    for order in ("nama", "dusun"):
        sheet = table(aminah.get(f"/cetak/isian?tanggal=2026-08-03&urut={order}").text)
        book = aminah.get(f"/hari-ini/buku?tanggal=2026-08-03&urut={order}").text
        found = re.findall(
            r">(Citra|aisyah|Budi|Aisyah|Dewi)<", "".join(row[1] for row in sheet if len(row) > 1)
        )
        assert found == list(dict.fromkeys(re.findall(r">\s*(Citra|aisyah|Budi|Aisyah|Dewi)\s*<", book))), (
            order
        )
        assert sorted(found) == sorted(names)


def test_the_empty_card_asks_in_the_order_of_the_five_langkah(aminah: FlaskClient) -> None:
    page = aminah.get("/cetak/isian/anak-baru").text
    assert [title[0] for title in re.findall(r"<h3[^>]*>(.*?)</h3>", page)] == ["1", "2", "3", "4", "5"]
    asked = re.findall(r'paper-question"><b>(.*?)</b>', page)
    assert (
        asked.index("Nama")
        < asked.index("Berat")
        < asked.index("Imunisasi hari ini")
        < asked.index("Dirujuk ke")
    )


def columns(page: str, row: str) -> list[str]:
    """The cells of one row of the KMS tables, all of them after each other."""
    found = re.findall(rf'<th scope="row">{re.escape(row)}</th>(.*?)</tr>', page, re.DOTALL)
    return [
        re.sub(r"<[^>]+>", "", cell).strip()
        for each in found
        for cell in re.findall(r"<td[^>]*>(.*?)</td>", each, re.DOTALL)
    ]


def test_the_kms_sheet_has_each_month_with_weight_letter_and_milk(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Aisyah", birth_date="2026-04-10")
    weigh(village, child, "2026-06-08", 5000, exclusive_breastfeeding=1)
    weigh(village, child, "2026-07-06", 5900, exclusive_breastfeeding=0)
    page = aminah.get(f"/anak/{child}/kms").text
    assert columns(page, "BB (kg)") == ["", "", "5,0", "5,9", *[""] * 21]
    assert columns(page, "N/T") == ["", "", "B", "N", *[""] * 21]
    assert columns(page, "ASI") == ["E0", "E1 √", "E2 –", "E3", "E4", "E5", "E6", *[""] * 18]
    assert columns(page, "KBM (g)")[:4] == ["", "800", "800", "900"]
    assert (child_code.code_of(child) in page, page.count('class="qr"'), "Apr\n26" in page) == (True, 1, True)
    older = aminah.get(f"/anak/{child}/kms?kartu=24-60").text
    assert [older.count("<table"), len(columns(older, "BB (kg)")), columns(older, "ASI")] == [2, 37, []]


def test_an_empty_kms_is_the_card_of_the_sex_without_a_word_about_anybody(aminah: FlaskClient) -> None:
    boy, girl = (aminah.get(f"/cetak/kms-kosong?kelamin={sex}").text for sex in ("m", "f"))
    assert [set(columns(page, "BB (kg)")) for page in (boy, girl)] == [{""}, {""}]
    assert [columns(page, "KBM (g)")[7] for page in (boy, girl)] == ["400", "300"]
    assert ["Belum ada pengukuran.</text>" in page for page in (boy, girl)] == [False, False]
    assert ["tempel stiker di sini" in page for page in (boy, girl)] == [True, True]


def test_the_childs_card_tells_which_day_each_dose_was_given_and_the_next_day(
    aminah: FlaskClient, village: Village
) -> None:
    child = register(village, "Aisyah", birth_date="2025-05-10")
    weigh(village, child, "2026-02-02", 7000, immunisations="mr1", vitamin_a=1)
    weigh(village, child, "2026-07-06", 8000, immunisation_complete=1, muac_mm=140)
    page = aminah.get(f"/anak/{child}/kartu?tanggal=2026-08-10").text
    doses = dict(re.findall(r"<li><span>(.*?)</span><b>(.*?)</b></li>", page))
    assert [doses[name] for name in ("Campak-rubela (MR) 1", "BCG", "Hepatitis B 0 (HB0)", "PCV 3")] == [
        "02-02-26",
        "√",
        "",
        "√",
    ]
    assert re.findall(r"<li>([0-9-]+)</li>", page) == ["02-02-26"]
    assert "<b>Senin, 10 Agustus 2026</b>" in page
    [first, *_] = table(page)
    assert [re.sub(r"<[^>]+>", "", cell) for cell in first] == [
        "6 Juli 2026",
        "13 bln",
        "8,0",
        "O",
        "",
        "",
        "14,0",
    ]


def test_a_child_is_chosen_and_its_sheet_is_opened(aminah: FlaskClient, village: Village) -> None:
    child = register(village, "Aisyah")
    assert f'<option value="{child}">Aisyah' in aminah.get("/cetak").text
    answers = [
        aminah.get(f"/cetak/anak?anak={child}&lembar={each}").headers["Location"]
        for each in ("kms", "kartu", "stiker")
    ]
    assert answers == [f"/anak/{child}/kms", f"/anak/{child}/kartu", f"/cetak/stiker?anak={child}"]
    assert aminah.get("/cetak/anak?anak=nobody&lembar=kms").status_code == 404


PAGES = (
    "/cetak",
    "/cetak/isian",
    "/cetak/isian/anak-baru",
    "/cetak/stiker",
    *(f"/cetak/sip/{form.CODE}" for form in sip.ALL),
)


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


def test_dedi_opens_no_sheet_of_a_child_of_melati(province_client: FlaskClient, province: Village) -> None:
    child = register(province, "Aisyah")
    sign_in(province_client, province.dedi)
    paths = (f"/anak/{child}/kms", f"/anak/{child}/kartu", f"/cetak/anak?anak={child}&lembar=kms")
    assert [province_client.get(path).status_code for path in paths] == [403] * len(paths)
    assert "Aisyah" not in province_client.get(f"/cetak/stiker?anak={child}").text
