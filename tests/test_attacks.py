"""What an attacker tries: other areas, other roles, forged edits, bombs of paper. Each try leaves everything as it was."""

import csv
import io
import re
import stat
import zipfile
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

import forms
from siposyandu import credentials, records
from siposyandu.app import create_app
from siposyandu.exports import csv_file
from siposyandu.web import drafts
from sync.client import HttpTransport
from sync.errors import Malformed, Unreachable
from sync.unpacking import unpack_push
from tests.children import register, weigh
from tests.conftest import KENANGA_DESA, MELATI_DESA, NOW, PIN, Village, app_of, sign_in

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


def test_nobody_else_on_the_machine_may_read_the_database_or_the_keys(village: Village) -> None:
    folder = village.instance.config.folder
    rights = {
        path.name: stat.filemode(path.stat().st_mode)
        for path in (*folder.glob("*.db*"), *folder.rglob("*.json"))
    }
    assert rights == {"siposyandu.db": "-rw-------", "device.json": "-rw-------"}


def test_wrong_tries_made_while_the_clock_was_a_year_ahead_lock_nobody_out(village: Village) -> None:
    ahead = NOW + timedelta(days=365)
    with village.instance.store_for_job() as store:
        for _ in range(credentials.TRIES):
            credentials.check(store, village.aminah.id, "000001", "here", ahead)
        assert credentials.check(store, village.aminah.id, PIN, "here", NOW)


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


def new_bidan_of_kenanga(citra: FlaskClient) -> int:
    """Try to take in a bidan for the desa of another kabupaten; she would read the names of its children."""
    bidan = {
        "name": "Palsu",
        "username": "palsu",
        "role": "bidan_desa",
        "area": KENANGA_DESA,
        "active": "yes",
    }
    return citra.post("/kelola/pekerja/baru", data=bidan).status_code


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        (
            "/kelola/puskesmas/{puskesmas}",
            {"kecamatan_code": MELATI_DESA[:6], "desa_codes": [MELATI_DESA, KENANGA_DESA]},
        ),
        ("/kelola/puskesmas/{puskesmas}", {"kecamatan_code": KENANGA_DESA[:6], "desa_codes": [MELATI_DESA]}),
        ("/kelola/posyandu/baru", {"desa_code": KENANGA_DESA}),
        ("/kelola/posyandu/{melati}", {"desa_code": KENANGA_DESA}),
    ],
)
def test_a_tenaga_gizi_widens_her_own_area_by_no_desa(
    province_client: FlaskClient, province: Village, page: str, typed: dict[str, object]
) -> None:
    citra = sign_in(province_client, province.citra)
    card = {
        "code": "P1",
        "name": "Praya",
        "puskesmas": province.puskesmas,
        "active": "yes",
        "ticks": "1",
        **typed,
    }
    refused = citra.post(
        page.format(puskesmas=province.puskesmas, melati=province.melati), data=card
    ).status_code
    assert (refused, new_bidan_of_kenanga(citra)) == (400, 400)


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
        credentials.set_pin(store, province.aminah.id, PIN, NOW)
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


def paths_of(app: Flask, method: str, **known: str) -> list[str]:
    """Every address of the application that answers a method, with these ids in it."""
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]

    def one(part: re.Match[str]) -> str:
        return known.get(part[2], "1" if part[1] == "int:" else "x")

    return sorted(re.sub(r"<(\w+:)?(\w+)>", one, rule.rule) for rule in rules)


NEEDS_NO_TOKEN = {"/v1/score", "/v1/s", "/v1/enrol", "/v1/copy", "/v1/titipan"}


def test_no_button_works_without_the_token_of_its_own_page(village: Village, province: Village) -> None:
    for place in (village, province):
        app = create_app(place.instance)
        visitor = app.test_client()
        pressed = {
            path: visitor.post(path).status_code for path in paths_of(app, "POST", worker_id=place.aminah.id)
        }
        without = {path for path, status in pressed.items() if status != 400 or path in NEEDS_NO_TOKEN}
        assert without <= NEEDS_NO_TOKEN


OPEN_TO_EVERYBODY = {
    "/bahasa/x",
    "/bantuan",
    "/buka",
    "/buka/lupa",
    "/laptop/kata-sandi/pertama",
    "/laptop/kertas",
    "/gabung",
    "/latihan",
    "/latihan/masuk",
    "/masuk",
    "/masuk/x",
    "/masuk/x/pin",
    "/laptop/pasang",
    "/laptop/pasang/berkas",
    "/laptop/pulih",
    "/laptop/pulihkan",
    "/rusak",
    "/static-plotly.js",
    "/static/x",
    "/v1/figures",
    "/v1/time",
}


def test_every_page_sends_a_stranger_to_the_door(village: Village, province: Village) -> None:
    for place in (village, province):
        app = app_of(place)
        stranger = app.test_client()
        opened = {
            path: stranger.get(path).headers.get("Location", "").split("?")[0]
            for path in paths_of(app, "GET")
        }
        assert {path for path, door in opened.items() if door != "/masuk"} <= OPEN_TO_EVERYBODY


def test_the_cookie_of_a_session_is_new_unreadable_to_scripts_and_kept_to_this_site(
    client: FlaskClient, village: Village
) -> None:
    client.get("/masuk")
    before = client.get_cookie("siposyandu_8520")
    [given] = client.post(f"/masuk/{village.aminah.id}", data={"pin": PIN}).headers.getlist("Set-Cookie")
    after = client.get_cookie("siposyandu_8520")
    assert after is not None
    assert (before is None or before.value != after.value, "HttpOnly" in given, "SameSite=Lax" in given) == (
        True,
    ) * 3


def test_a_cookie_from_before_signing_in_or_after_leaving_opens_nothing(
    client: FlaskClient, village: Village
) -> None:
    sign_in(client, village.aminah)
    stolen = client.get_cookie("siposyandu_8520")
    assert stolen is not None
    client.post("/keluar")
    client.set_cookie("siposyandu_8520", stolen.value)
    assert client.get("/hari-ini").headers["Location"] == "/masuk?next=/hari-ini"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.id/",
        "//evil.id",
        "/\\evil.id",
        "\\\\evil.id",
        "/\t/evil.id",
        " //evil.id",
        "javascript:alert(1)",
        "http:evil.id",
        "//[",
        "/%2f/evil.id\r\nLocation: //evil.id",
    ],
)
def test_the_door_leads_nowhere_else(client: FlaskClient, village: Village, elsewhere: str) -> None:
    answers = [
        client.get("/bahasa/id", query_string={"next": elsewhere}),
        client.post(f"/masuk/{village.aminah.id}", data={"pin": PIN, "next": elsewhere}),
    ]
    assert all(re.fullmatch(r"/(?![/\\])[^\r\n\t]*", answer.headers["Location"]) for answer in answers)


def test_dedi_reads_and_writes_nothing_of_melatis_by_any_address(
    province_client: FlaskClient, province: Village
) -> None:
    child = register(province, "Baiq Nabila")
    visit = weigh(province, child, "2026-07-06", 8600, referral="puskesmas")
    at_home, returned = followed_up(province, child, visit)
    with province.instance.store_for_job() as store:
        before = [
            store.rows(f"select * from {table} order by 1, 2")
            for table in ("edits", "credential", "enrolment_codes")
        ]
    dedi = sign_in(province_client, province.dedi)
    ids = {
        "person_id": child, "visit_id": visit, "worker_id": province.aminah.id, "entity": province.melati,
        "key": province.melati, "word": "posyandu", "posyandu_id": province.melati, "filename": "x", "code": "x",
        "home_visit_id": at_home, "return_id": returned, "uid": visit,
    }  # fmt: skip
    told = []
    for method in ("GET", "POST"):
        for path in paths_of(dedi.application, method, **ids):
            if path not in NOT_ABOUT_MELATI and not path.startswith("/masuk/"):
                answer = dedi.open(
                    path,
                    method=method,
                    query_string={"posyandu": province.melati, "area": province.melati, "month": "2026-07"},
                    data=ANYTHING,
                )
                refused = path in HER_OWN or answer.status_code in (400, 403, 404, 422)
                told.append((path, refused and "Nabila" not in answer.text))
    with province.instance.store_for_job() as store:
        after = [
            store.rows(f"select * from {table} order by 1, 2")
            for table in ("edits", "credential", "enrolment_codes")
        ]
    assert [path for path, refused in told if not refused] == []
    assert after == before


def followed_up(village: Village, child: str, visit: str) -> tuple[str, str]:
    """A visit to a child's home and how her referral ended, written by the bidan with what no kader may read."""
    about = {"person": child, "posyandu": village.melati}
    home = {**about, "visit_date": "2026-07-20", "reason": "referral", "met": "yes", "tb_signs": "cough"}
    back = {
        **about, "visit": visit, "came_to": "went", "went_date": "2026-07-08", "returned_date": "2026-07-20",
        "found": SECRET, "treatment": SECRET,
    }  # fmt: skip
    with village.instance.store_for_job() as store:
        pen = village.pen(village.baiq)
        return tuple(  # type: ignore[return-value]
            records.save(store, pen, forms.BY_NAME[form], values)
            for form, values in (("home_visit", home), ("referral_return", back))
        )


SECRET = "Rahasia Medis"


def test_a_kader_reads_by_no_address_what_only_health_workers_may_read(village: Village) -> None:
    child = register(village, "Baiq Nabila")
    visit = weigh(village, child, "2026-07-06", 8600, referral="puskesmas")
    at_home, returned = followed_up(village, child, visit)
    ids = {
        "person_id": child, "visit_id": visit, "home_visit_id": at_home, "return_id": returned, "uid": returned,
        "entity": returned, "identifier": "rujukan", "code": "f1",
    }  # fmt: skip
    asked = {"bulan": "2026-07", "tanggal": "2026-07-20", "cari": "Nabila"}
    told: dict[str, list[str]] = {}
    for worker in (village.aminah, village.baiq):
        client = sign_in(app_of(village).test_client(), worker)
        client.post("/hari-ini/tanggal", data={"day": "2026-08-03"})
        pages = [path for path in paths_of(client.application, "GET", **ids) if not path.endswith(".xlsx")]
        told[worker.name] = [path for path in pages if SECRET in client.get(path, query_string=asked).text]
    assert (told["Aminah"], f"/rujukan/{returned}/koreksi" in told["Baiq"]) == ([], True)


NOT_ABOUT_MELATI = {
    "/", "/bahasa/x", "/masuk", "/keluar", "/draf", "/static/x", "/static-plotly.js", "/v1/time", "/v1/s", "/v1/enrol",
    "/v1/copy", "/v1/titipan", "/v1/score", "/hari-ini/tanggal", "/laptop/baris", "/laptop/pasang/lagi", "/wilayah", "/mutu",
    "/cari", "/kembar", "/menunggu", "/perbedaan", "/perlu-dilihat", "/rusak", "/tanggal-meragukan",
}  # fmt: skip
# Answered to everybody, about nobody but herself and her own posyandu.
HER_OWN = {
    "/bantuan", "/batalkan", "/cetak/anak", "/excel/buang", "/excel/simpan", "/langkah", "/uji", "/uji/1",
}  # fmt: skip
ANYTHING = {
    "name": "Dicuri", "weight_kg": "8,8", "visit_date": "3-8-2026", "withdraw_reason": "x", "status": "died",
    "status_date": "1-8-2026", "correction_reason": "x", "pin": "194827", "pin_again": "194827", "code": "x", "sex": "m",
    "birth_date": "1-1-2026", "mother_name": "X", "nik_missing_reason": "unknown", "answer": "right",
    "role": "provinsi", "area": "52", "active": "yes",
}  # fmt: skip
