"""Rules that every file to take out keeps: whoever adds an export is told here what is still missing."""

import csv
import re
from datetime import date, datetime
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient

from siposyandu import credentials, exports, i18n
from siposyandu.exports import Cell, Export, csv_file, workbook
from siposyandu.exports.columns import COUNT, DAY, MEASURE, TEXT, Taken
from siposyandu.web import taking_out
from tests.children import register, weigh
from tests.conftest import PASSWORD, Village, app_of, sign_in

IDENTIFIERS = [export.identifier for export in exports.ALL]
OTHERS = {"__init__", "columns", "csv_file", "measured", "stamps", "workbook"}
"""Modules of the package that are no exports."""
OF_AN_AREA = {
    "wilayah": "/wilayah/{melati}/tabel",
    "belum-melapor": "/wilayah/{melati}/belum-melapor",
    "mutu": "/mutu/{melati}/tabel",
}
EVIL = ('=HYPERLINK("http://jahat.id";"klik")', "+62812", "-1+1", "@SUM(A1)", "\t=1", "Melati;=1+1", "a,=1+1")

for_each_export = pytest.mark.parametrize("export", exports.ALL, ids=IDENTIFIERS)


def address(village: Village, export: Export, kind: str) -> str:
    """Where a file is taken from."""
    where = OF_AN_AREA.get(export.identifier, f"/excel/{export.identifier}").format(melati=village.melati)
    return f"{where}.{kind}"


def rows_of(content: bytes) -> list[list[Cell]]:
    """The first sheet of a workbook; a formula is given as its text."""
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def baiq(village: Village) -> FlaskClient:
    """Baiq, the bidan, at the laptop: she takes out every list."""
    client = sign_in(app_of(village).test_client(), village.baiq)
    client.post("/hari-ini/tanggal", data={"day": "2026-08-03"})
    return client


def test_every_file_of_an_export_is_listed_once() -> None:
    files = {path.stem for path in Path(exports.__file__).parent.glob("*.py")} - OTHERS
    made_by = {next(name for name in files if vars(vars(exports)[name]).get("EXPORT") is each or
               vars(vars(exports)[name]).get("UNREPORTED") is each or
               each in vars(vars(exports)[name]).get("ALL", ())) for each in exports.ALL}  # fmt: skip
    assert (made_by, len(set(IDENTIFIERS))) == (files, len(IDENTIFIERS))


def test_every_export_can_be_taken_from_some_page() -> None:
    assert set(IDENTIFIERS) == set(taking_out.GATHERED) | set(OF_AN_AREA)


@for_each_export
def test_an_export_says_everything_in_indonesian(export: Export) -> None:
    said = (export.title, *export.about, *(column.heading for column in export.columns))
    i18n.speak("en")
    english = [column.title for column in export.columns]
    i18n.speak("id")
    assert all(text.strip() and i18n.gettext(text).strip() for text in said)
    assert len({column.title for column in export.columns}) == len(english) == len(set(english))
    assert export.about


@for_each_export
def test_a_measure_has_its_unit_and_a_column_its_kind(export: Export) -> None:
    without = [column.key for column in export.columns if column.kind == MEASURE and not column.unit]
    kinds = {column.kind for column in export.columns}
    assert (without, kinds <= {TEXT, DAY, COUNT, MEASURE}) == ([], True)
    assert len({column.key for column in export.columns}) == len(export.columns)


def test_nobody_takes_out_the_list_of_another_posyandu(province: Village) -> None:
    with province.instance.store_for_job() as store:
        credentials.set_password(store, province.dedi.id, PASSWORD, province.instance.now())
    app = app_of(province)
    dedi, stranger = app.test_client(), app.test_client()
    dedi.post("/masuk", data={"username": "dedi", "password": PASSWORD})
    for export in exports.ALL:
        for kind in ("xlsx", "csv"):
            asked = f"{address(province, export, kind)}?posyandu={province.melati}"
            assert (stranger.get(asked).status_code, dedi.get(asked).status_code) == (302, 403), asked


@for_each_export
def test_an_empty_posyandu_has_an_empty_file(village: Village, baiq: FlaskClient, export: Export) -> None:
    answer = baiq.get(address(village, export, "xlsx"))
    rows = rows_of(answer.data)
    assert answer.status_code == 200
    assert [len(row) for row in rows] == [len(export.columns)] * len(rows)
    written = list(csv.reader(StringIO(baiq.get(address(village, export, "csv")).text[1:]), delimiter=";"))
    assert [len(row) for row in written] == [len(export.columns)] * len(rows)


@for_each_export
def test_no_name_becomes_a_formula(village: Village, baiq: FlaskClient, export: Export) -> None:
    for at, name in enumerate(EVIL):
        child = register(
            village,
            name,
            mother_name=name,
            dusun=name,
            address=name,
            birth_date=f"2025-05-{at + 10}",
            phone="081234567890",
        )
        weigh(village, child, "2026-07-06", 8000, note=name)
    book = openpyxl.load_workbook(BytesIO(baiq.get(address(village, export, "xlsx")).data))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    written = baiq.get(address(village, export, "csv")).text[1:]
    assert "f" not in kinds
    for delimiter in ";,\t":
        cells = [cell.strip() for row in csv.reader(StringIO(written), delimiter=delimiter) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "@", "-1"))] == []


@for_each_export
def test_texts_are_texts_days_are_days_and_numbers_are_numbers(
    village: Village, baiq: FlaskClient, export: Export
) -> None:
    nik = "5202014508240001"
    child = register(village, "Aisyah", nik=nik, phone="081234567890", rt="01", birth_weight_g=3100)
    weigh(village, child, "2026-06-08", 8000, length_height_mm=715, measured="lying")
    weigh(village, child, "2026-07-06", 8250, referral="puskesmas")
    rows = rows_of(baiq.get(f"{address(village, export, 'xlsx')}?nik=1").data)[1:]
    right = {TEXT: str, DAY: datetime, COUNT: int, MEASURE: int | float}
    wrong = [
        (column.key, value)
        for row in rows
        for column, value in zip(export.columns, row, strict=True)
        if value is not None and not isinstance(value, right[column.kind])
    ]
    assert wrong == []


def test_a_workbook_says_what_it_is_and_keeps_its_head_in_sight(village: Village, baiq: FlaskClient) -> None:
    register(village, "Aisyah")
    answer = baiq.get("/excel/balita.xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.data))
    table, about = book.worksheets
    told = {row[0].value: row[1].value for row in about.iter_rows(max_row=5)}
    assert answer.headers["Content-Disposition"] == 'attachment; filename="balita-melati-2026-08.xlsx"'
    assert (table.freeze_panes, book.sheetnames) == ("B2", ["Daftar balita", "Keterangan"])
    assert told == {
        "Daftar balita": None,
        "Posyandu": "Melati",
        "Bulan": "Agustus 2026",
        "Diambil oleh": "Baiq",
        "Diambil pada": "3 Agustus 2026, 09.00",
    }
    assert table.column_dimensions["AI"].hidden


def test_numbers_that_name_a_person_are_shown_whole_only_when_asked_for(
    village: Village, baiq: FlaskClient
) -> None:
    nik = "5202014508240001"
    child = register(village, "Aisyah", nik=nik)
    whole, masked = (baiq.get(f"/excel/balita.csv?{asked}").text for asked in ("nik=1", ""))
    assert (nik in whole, nik in masked, "…0001" in masked) == (True, False, True)
    with village.instance.store_for_job() as store:
        seen = store.rows("select worker, person, page from person_view")
    assert seen == [{"worker": village.baiq.id, "person": child, "page": "taking_out.file"}]


def test_a_month_of_visits_has_an_empty_row_for_who_has_not_come(village: Village, baiq: FlaskClient) -> None:
    came, away = register(village, "Aisyah"), register(village, "Fadil", sex="m")
    weigh(village, came, "2026-08-03", 9000)
    weigh(village, away, "2026-07-06", 9000)
    rows = rows_of(baiq.get("/excel/kunjungan.xlsx").data)
    at = [rows[0].index(name) for name in ("Nama", "Tanggal kunjungan", "Berat (kg)", "Cara ukur")]
    assert [[row[place] for place in at] for row in rows[1:]] == [
        ["Aisyah", datetime(2026, 8, 3), 9, None],
        ["Fadil", datetime(2026, 8, 3), None, "terlentang"],
    ]


def test_who_was_referred_and_is_not_back_stands_in_a_file(village: Village, baiq: FlaskClient) -> None:
    weigh(
        village,
        register(village, "Aisyah", phone="081234567890"),
        "2026-07-06",
        6000,
        referral="hospital",
        illness="fever",
    )
    weigh(village, register(village, "Fadil", sex="m"), "2026-07-06", 9000)
    head, row = rows_of(baiq.get("/excel/rujukan.xlsx").data)
    found = dict(zip(head, row, strict=True))
    told = ("Nama", "Nomor HP (WA)", "Dirujuk tanggal", "Dirujuk ke", "Sudah menunggu (hari)")
    assert [found[words] for words in told] == [
        "Aisyah",
        "081234567890",
        datetime(2026, 7, 6),
        "rumah sakit",
        28,
    ]
    assert "demam" in found["Alasan rujukan"]


def test_the_register_and_skdn_of_a_year_hold_each_month(village: Village, baiq: FlaskClient) -> None:
    child = register(village, "Aisyah")
    for month, weight_g in (("05", 7600), ("06", 8000), ("07", 8020)):
        weigh(village, child, f"2026-{month}-06", weight_g)
    head, row = rows_of(baiq.get("/excel/register.xlsx").data)
    found = dict(zip(head, row, strict=True))
    assert [(found[f"{month} (kg)"], found[f"{month} N/T"]) for month in ("April", "Mei", "Juni", "Juli")] == [
        (None, None), (7.6, "B"), (8, "N"), (8.02, "T"),
    ]  # fmt: skip
    months = rows_of(baiq.get("/excel/skdn.xlsx").data)
    assert [row[:5] for row in months[1:]][4:7] == [
        ["Mei 2026", 1, 0, 1, 0], ["Juni 2026", 1, 0, 1, 1], ["Juli 2026", 1, 0, 1, 0],
    ]  # fmt: skip


def test_a_format_of_the_sip_holds_what_its_sheet_prints(village: Village, baiq: FlaskClient) -> None:
    child = register(village, "Aisyah", birth_date="2025-11-10", birth_weight_g=3100)
    weigh(village, child, "2026-07-06", 8250, vitamin_a=1)
    page = baiq.get("/cetak/sip/f2-bayi?bulan=2026-07").text
    [address] = re.findall(r'href="(/excel/sip-[^"]+)">Unduh Excel', page)
    answer = baiq.get(unescape(address))
    head, row = rows_of(answer.data)
    found = {words: value for words, value in zip(head, row, strict=True) if value is not None}
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sip-f2-bayi-melati-2026.xlsx"'
    weighed = "Berat badan (kg) dan N/T/O/B: Jul"
    assert found == {
        "No.": 1, "Nama": "Aisyah", "L/P": "P", "Tanggal lahir": datetime(2025, 11, 10), "Berat lahir (kg)": 3.1,
        "Ibu": "Saknah", f"{weighed} (kg)": 8.25, f"{weighed} (N/T)": "B", "Vitamin A: II": datetime(2026, 7, 6),
    }  # fmt: skip


def test_a_csv_file_is_as_an_indonesian_excel_wants_it() -> None:
    rows = [("=1+1", 2.5, None, date(2026, 8, 3), "Mawar; Melati", "a;=b", "a, -b")]
    assert csv_file.text(rows) == '\'=1+1;2,5;;2026-08-03;"Mawar; Melati";"a;\'=b";a, \'-b\r\n'
    assert [csv_file.bare(cell) for cell in ("'=1+1", "a;'=b", "a, '-b", "Nur'aini", "'ain")] == [
        "=1+1", "a;=b", "a, -b", "Nur'aini", "'ain",
    ]  # fmt: skip


def test_signs_that_a_workbook_cannot_hold_are_left_out() -> None:
    odd = Taken(
        exports.BY_IDENTIFIER["belum-melapor"],
        [{"name": "Me\x00la\x0bti", "desa": "x" * 40_000, "desa_code": ""}],
        "x",
    )
    assert [len(str(cell)) for cell in rows_of(workbook.file(odd))[1]] == [6, 32_767, 4]
