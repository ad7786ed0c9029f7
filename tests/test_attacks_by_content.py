"""What an attacker sends: numbers, bodies, files and names that would break, fill or fool the program. Each is refused."""

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from siposyandu.exports import csv_file
from siposyandu.web import drafts
from sync.client import HttpTransport
from sync.errors import Malformed, Unreachable
from sync.unpacking import unpack_push
from tests.conftest import MELATI_DESA, NOW, PIN, Village, let_in, sign_in

LANE = "0a" * 16
NOBODY = [1, [0, None], [0, 0]]
CHILD = {"sex": "m", "age_days": 367, "weight_kg": 9.1, "length_height_cm": 73.5, "measured": "lying"}


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("weight_kg", "1e308"),
        ("weight_kg", "NaN"),
        ("weight_kg", "Infinity"),
        ("length_height_cm", "1e300"),
        ("length_height_cm", "1e-200"),
        ("age_days", "9" * 30),
    ],
)
def test_a_number_that_no_arithmetic_bears_is_refused_at_its_field(
    client: FlaskClient, field: str, said: str
) -> None:
    fields = ", ".join(f'"{name}": {said if name == field else repr(value)}' for name, value in CHILD.items())
    body = f'{{"children": [{{{fields}}}]}}'.replace("'", '"')
    answer = client.post("/v1/score", data=body, content_type="application/json")
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [f"children.0.{field}"])


def test_a_million_children_are_refused_without_looking_at_each(client: FlaskClient) -> None:
    answer = client.post(
        "/v1/score", data='{"children":[' + "{}," * 300_000 + "{}]}", content_type="application/json"
    )
    assert (answer.status_code, answer.get_json()) == (
        422,
        {"errors": {"children": ["at most 1000 at once"]}},
    )


@pytest.mark.parametrize(("body", "status"), [("[" * 100_000, 422), (" " * 2_000_000, 413)])
def test_a_body_too_deep_or_too_large_is_refused(client: FlaskClient, body: str, status: int) -> None:
    assert client.post("/v1/score", data=body, content_type="application/json").status_code == status


def block(count: int, fields: list[Any]) -> list[Any]:
    """Creates without an author, each with these fields."""
    return ["create", 1, count, fields, [0, 0], [0, "2026-08-03T01:00:00Z"]]


BOMBS = {
    "a text of 100 kB, a thousand times": [block(1000, [[5, [0, "x" * 100_000]]])],
    "a text that is multiplied": [block(1000, [[5, [2, "", "aaaa", *["/" * 1000] * 9]]])],
    "a list that is multiplied": [block(1000, [[5, [2, [], [1], *["/" * 1000] * 9]]])],
    "twenty thousand fields": [block(1000, [[field, [0, 3]] for field in range(20_000)])],
    "three thousand blocks of a thousand": [block(1000, [[0, [0, 3]]])] * 3000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_batch_that_would_fill_the_memory_is_refused_before_it_does(name: str) -> None:
    with pytest.raises(Malformed):
        unpack_push([1000, [], [], NOBODY, [0, 0], BOMBS[name]], LANE, 1, lambda places: {})


def test_a_number_that_no_database_holds_is_no_address(client: FlaskClient, village: Village) -> None:
    sign_in(client, village.aminah)
    answers = [client.get(f"/uji/{number}").status_code for number in ("9" * 30, "9" * 18)]
    assert answers == [404, 404]


def test_who_types_on_a_thousand_pages_fills_no_disk(client: FlaskClient, village: Village) -> None:
    sign_in(client, village.aminah)
    with village.instance.store_for_job() as store, store.write():
        for number in range(drafts.MOST_DRAFTS + 20):
            drafts.keep(
                store, village.aminah.id, f"/p/{number:04}", {"a": ["x"]}, NOW + timedelta(seconds=number)
            )
        kept = store.rows("select page from draft order by page")
    assert [row["page"] for row in kept] == [
        f"/p/{number:04}" for number in range(20, drafts.MOST_DRAFTS + 20)
    ]
    assert client.post("/draf?page=/" + "p" * drafts.LONGEST_PAGE, data={"a": "x"}).status_code == 400


@pytest.mark.parametrize("month", ["1900-01", "1899-12", "9999-12", "0001-01", "2999-12"])
def test_a_month_at_the_end_of_time_is_a_page_or_no_page_but_no_failure(
    province_client: FlaskClient, province: Village, month: str
) -> None:
    citra = sign_in(province_client, province.citra)
    pages = [f"/skdn?bulan={month}", f"/wilayah/{province.melati}?bulan={month}"]
    assert {citra.get(page).status_code for page in pages} <= {200, 404}


def workbook(rows: bytes) -> bytes:
    """An Excel file whose only sheet is this XML."""
    made, packed = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            target.writestr(name, SHEET % rows if is_sheet else source.read(name))
    return packed.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
UNREADABLE = "daftar.xlsx cannot be read. Open it in Excel and save it again as .xlsx or .csv."
TOO_LONG = "daftar.xlsx is longer than any list. Split it and bring in the parts one after the other."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (workbook(b" " * 20_000_000), UNREADABLE),
        (workbook(b'<row><c r="XFD1"/></row>' * 700), UNREADABLE),
        (b"x" * 5_000_000, TOO_LONG),
        (b"PK\x03\x04 and nothing more", UNREADABLE),
    ],
)
def test_a_list_that_unpacks_without_end_is_refused(
    province_client: FlaskClient, province: Village, content: bytes, said: str
) -> None:
    citra = sign_in(province_client, province.citra)
    citra.get("/bahasa/en")
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="daftar.xlsx"\r\n\r\n'
    body = head + content + b"\r\n--x--\r\n"
    answer = citra.post("/kelola/posyandu/impor", data=body, content_type="multipart/form-data; boundary=x")
    assert (answer.status_code, said in answer.text) == (400, True)


def test_who_keeps_nothing_may_not_even_have_a_file_read(
    province_client: FlaskClient, province: Village
) -> None:
    aminah = province_client
    with province.instance.store_for_job() as store:
        let_in(store, PIN, NOW, province.aminah.id)
    sign_in(aminah, province.aminah)
    given = {"file": (io.BytesIO(b"PK\x03\x04"), "daftar.xlsx")}
    assert [
        aminah.get("/kelola/posyandu/impor").status_code,
        aminah.post("/kelola/posyandu/impor", data=given).status_code,
    ] == [
        403,
        403,
    ]


def test_a_name_with_a_percent_sign_or_markup_is_only_a_name(
    province_client: FlaskClient, province: Village
) -> None:
    name = "100% <img src=x onerror=alert(1)> %(a)s {b}"
    citra = sign_in(province_client, province.citra)
    card = {
        "code": "M1",
        "name": name,
        "desa_code": MELATI_DESA,
        "puskesmas": province.puskesmas,
        "active": "yes",
    }
    citra.post(f"/kelola/posyandu/{province.melati}", data=card)
    pages = [
        "/kelola/posyandu",
        f"/kelola/posyandu/{province.melati}",
        f"/kelola/pekerja/{province.aminah.id}",
    ]
    answers = [citra.get(page) for page in pages]
    assert [(answer.status_code, escape(name) in answer.text, name in answer.text) for answer in answers] == [
        (200, True, False)
    ] * 3


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("=1+1", "'=1+1"),
        ("Melati;=HYPERLINK(1)", "Melati;'=HYPERLINK(1)"),
        ("Melati\t @SUM(1)", "Melati\t '@SUM(1)"),
        ("RT-01; RW-02", "RT-01; RW-02"),
    ],
)
def test_no_cell_of_a_file_is_a_formula_whatever_excel_parts_cells_at(typed: str, told: str) -> None:
    assert list(csv.reader([csv_file.text([(typed,)])], delimiter=csv_file.DELIMITER)) == [[told]]


@pytest.mark.parametrize(
    "address", ["x" * 300, "http://", "https://[::1", "file:///etc/passwd", "😀", "http://127.0.0.1:99999"]
)
def test_an_address_that_no_computer_can_have_does_not_answer(address: str) -> None:
    with pytest.raises(Unreachable):
        HttpTransport(address).post("/v1/enrol", b"{}")
