"""Keeping places and people in a browser: who may, what comes back when it is wrong, what is shown only once."""

import re
from io import BytesIO

import openpyxl
import pytest
from flask.testing import FlaskClient

from siposyandu.access import Worker
from tests.conftest import KENANGA_DESA, MELATI_DESA, PASSWORD, Village, app_of, sign_in


@pytest.fixture
def eka(province: Village) -> FlaskClient:
    """Eka of the province at her browser, in English."""
    client = sign_in(app_of(province).test_client(), province.eka)
    client.get("/bahasa/en")
    return client


@pytest.fixture
def citra(province: Village) -> FlaskClient:
    """Citra of the puskesmas at her browser, in English."""
    client = sign_in(app_of(province).test_client(), province.citra)
    client.get("/bahasa/en")
    return client


def rows(village: Village, sql: str) -> list[tuple]:
    """What a question finds in the province's store."""
    with village.instance.store_for_job() as store:
        return [tuple(row.values()) for row in store.rows(sql)]


def errors(text: str) -> list[str]:
    """The sentences that stand at fields."""
    return re.findall(r'<p class="error"[^>]*><span>([^<]*)</span>', text)


def test_places_are_kept_at_the_province_not_on_a_laptop(village: Village, client: FlaskClient):
    sign_in(client, village.aminah)
    assert client.get("/kelola").status_code == 403


def test_the_lists_show_what_lies_in_the_keepers_area(citra: FlaskClient, eka: FlaskClient):
    seen = [
        [name in client.get("/kelola/posyandu").text for name in ("Melati", "Kenanga")]
        for client in (citra, eka)
    ]
    assert seen == [[True, False], [True, True]]


def test_a_list_is_searched_by_name_code_or_place(eka: FlaskClient):
    found = [
        [
            "Melati" in eka.get(f"/kelola/posyandu?cari={sought}").text.split('role="search"')[1]
            for sought in each
        ]
        for each in (["mel", "m1", "MELATI"], ["kenanga", "zzz"])
    ]
    assert found == [[True, True, True], [False, False]]


def test_a_posyandu_is_made_and_corrected(province: Village, eka: FlaskClient):
    typed = {
        "code": "M2",
        "name": "Mawar",
        "desa_code": MELATI_DESA,
        "puskesmas": province.puskesmas,
        "active": "yes",
    }
    made = eka.post("/kelola/posyandu/baru", data=typed)
    entity = made.headers["Location"].rsplit("/", 1)[1]
    assert eka.get(made.headers["Location"]).status_code == 200
    eka.post(f"/kelola/posyandu/{entity}", data={**typed, "name": "Mawar Merah", "active": "no"})
    found = rows(province, "select code, name, desa_code, active from posyandu where code = 'M2'")
    assert found == [("M2", "Mawar Merah", MELATI_DESA, 0)]


def test_what_was_typed_comes_back_with_the_reason(province: Village, eka: FlaskClient):
    answer = eka.post(
        "/kelola/posyandu/baru", data={"code": "m1", "name": "Mawar", "desa_code": "", "active": "yes"}
    )
    assert (answer.status_code, errors(answer.text)) == (
        400,
        ["This code is already in use by Melati.", "Desa is not filled in yet."],
    )
    assert 'value="Mawar"' in answer.text
    assert rows(province, "select count(*) from posyandu") == [(2,)]


def test_a_new_puskesmas_serves_the_desa_of_its_kecamatan_until_told_otherwise(
    province: Village, eka: FlaskClient
):
    typed = {"code": "P2", "name": "Pringgasela", "kecamatan_code": "520312"}
    page = eka.post("/kelola/puskesmas/baru", data=typed).headers["Location"]
    ((served,),) = rows(province, "select desa_codes from puskesmas where code = 'P2'")
    assert served.split(",")[0] == "5203122001"
    eka.post(page, data={**typed, "ticks": "1", "desa_codes": ["5203122002", KENANGA_DESA]})
    assert rows(province, "select desa_codes from puskesmas where code = 'P2'") == [
        (f"{KENANGA_DESA},5203122002",)
    ]


def test_a_kader_is_taken_in_by_the_code_of_her_posyandu_too(province: Village, citra: FlaskClient):
    typed = {"name": "Hasanah", "username": "", "role": "kader", "area": " m1 ", "active": "yes"}
    assert citra.post("/kelola/pekerja/baru", data=typed).status_code == 302
    assert rows(province, "select role, area from worker where name = 'Hasanah'") == [
        ("kader", province.melati)
    ]


def test_a_tenaga_gizi_gives_no_role_beside_her_own(province: Village, citra: FlaskClient):
    typed = {"name": "Hasanah", "username": "hasanah", "role": "provinsi", "area": "52", "active": "yes"}
    assert citra.post("/kelola/pekerja/baru", data=typed).status_code == 400
    assert rows(province, "select count(*) from worker where name = 'Hasanah'") == [(0,)]


@pytest.mark.parametrize(
    "address",
    [
        "/kelola/posyandu/{kenanga}",
        "/kelola/pekerja/{dedi}",
        "/kelola/pekerja/{citra}",
        "/kelola/pekerja/{eka}/sandi",
        "/kelola/posyandu/{kenanga}/kode",
    ],
)
def test_citra_changes_nothing_outside_her_area(province: Village, citra: FlaskClient, address: str):
    people = {name: getattr(province, name) for name in ("kenanga", "dedi", "citra", "eka")}
    ids = {name: one.id if isinstance(one, Worker) else one for name, one in people.items()}
    before = rows(province, "select * from worker") + rows(province, "select * from posyandu")
    data = {"code": "K1", "name": "Direbut", "desa_code": KENANGA_DESA, "role": "provinsi", "area": "52"}
    assert citra.post(address.format(**ids), data=data).status_code == 403
    assert rows(province, "select * from worker") + rows(province, "select * from posyandu") == before


def test_a_kader_at_the_province_keeps_nothing(province: Village):
    from siposyandu import credentials

    with province.instance.store_for_job() as store:
        credentials.set_password(store, province.aminah.id, PASSWORD, province.instance.now())
    client = app_of(province).test_client()
    client.post("/masuk", data={"username": "aminah", "password": PASSWORD})
    asked = ("/kelola", "/kelola/posyandu", "/kelola/pekerja/baru", "/kelola/laptop", "/kelola/pekerja.csv")
    assert [client.get(page).status_code for page in asked] == [403] * 5


def test_a_new_password_is_shown_once_and_opens_the_door(province: Village, eka: FlaskClient):
    shown = re.findall(
        r'class="shown-once">([^<]+)<', eka.post(f"/kelola/pekerja/{province.baiq.id}/sandi").text
    )
    assert shown[0] == "baiq"
    assert shown[1] not in eka.get(f"/kelola/pekerja/{province.baiq.id}").text
    baiq = app_of(province).test_client()
    assert baiq.post("/masuk", data={"username": "baiq", "password": shown[1]}).status_code == 302


def test_a_code_for_a_new_laptop_is_shown_once(province: Village, eka: FlaskClient):
    text = eka.post(f"/kelola/posyandu/{province.melati}/kode").text
    assert re.search(r'class="shown-once">[0-9A-Z]{4}-[0-9A-Z]{5}-[0-9A-Z]{5}<', text)
    assert rows(province, "select area, label from enrolment_codes") == [(province.melati, "Posyandu Melati")]


FILE = f"""kode;nama;kode_desa;kode_puskesmas
M1;Melati;{MELATI_DESA};P1
M9;Mawar;{MELATI_DESA};P1
M10;Anggrek;999;P1
"""


def given(client: FlaskClient, name: str, content: bytes):
    """Bring a file of posyandu in."""
    return client.post("/kelola/posyandu/impor", data={"file": (BytesIO(content), name)})


def test_a_file_is_shown_before_it_is_taken(province: Village, eka: FlaskClient):
    text = given(eka, "posyandu.csv", FILE.encode()).text
    assert "Desa has 10 digits; this one has 3." in text
    assert "Take 1 rows" in text
    assert rows(province, "select count(*) from posyandu") == [(2,)]


def test_the_good_rows_are_taken_when_the_keeper_says_so(province: Village, eka: FlaskClient):
    given(eka, "posyandu.csv", FILE.encode())
    assert "Take 1 rows" in eka.get("/kelola/posyandu/impor").text, "a reload loses nothing"
    eka.post("/kelola/posyandu/impor/ambil")
    assert rows(province, "select name from posyandu order by name") == [
        ("Kenanga",),
        ("Mawar",),
        ("Melati",),
    ]
    assert "Check the file" in eka.get("/kelola/posyandu/impor").text


def test_a_file_may_be_thrown_away(province: Village, eka: FlaskClient):
    given(eka, "posyandu.csv", FILE.encode())
    eka.post("/kelola/posyandu/impor/buang")
    eka.post("/kelola/posyandu/impor/ambil")
    assert rows(province, "select count(*) from posyandu") == [(2,)]


def test_an_excel_file_is_read_too_with_its_codes_as_numbers(province: Village, eka: FlaskClient):
    book, content = openpyxl.Workbook(), BytesIO()
    for row in (["Kode", "Nama", "Kode Desa"], ["M9", "Mawar", int(MELATI_DESA)]):
        book.active.append(row)
    book.save(content)
    given(eka, "posyandu.xlsx", content.getvalue())
    eka.post("/kelola/posyandu/impor/ambil")
    assert rows(province, "select desa_code from posyandu where name = 'Mawar'") == [(MELATI_DESA,)]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", b"a,b\n1,2\n", "The file lacks the column kode, nama, kode_desa."),
        ("x.xlsx", b"PK\x03\x04 broken", "x.xlsx cannot be read."),
        ("x.csv", b"", "The file lacks the column"),
        ("", b"", "Choose a file first."),
    ],
)
def test_a_file_of_another_kind_is_refused_with_a_sentence(
    eka: FlaskClient, name: str, content: bytes, said: str
):
    answer = given(eka, name, content)
    assert (answer.status_code, errors(answer.text)[0].startswith(said)) == (400, True)


def test_a_list_is_taken_out_as_a_file(eka: FlaskClient):
    text = eka.get("/kelola/posyandu.csv").get_data(as_text=True)
    assert text.splitlines()[1:] == [f"K1;Kenanga;{KENANGA_DESA};;;ya", f"M1;Melati;{MELATI_DESA};P1;;ya"]


def test_a_list_taken_out_as_a_workbook_comes_back_unchanged(eka: FlaskClient):
    content = eka.get("/kelola/posyandu.xlsx").data
    told = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", given(eka, "posyandu.xlsx", content).text)
    assert told == [
        ("New", "0"),
        ("Changed", "0"),
        ("The same as what is kept", "2"),
        ("Rows with a fault", "0"),
    ]


def test_the_laptops_of_ones_area_are_listed(province: Village, eka: FlaskClient, citra: FlaskClient):
    with province.instance.store_for_job() as store, store.write():
        store.run("insert into lanes (lane, last_seq, chain) values ($1, 84, 'x')", "d" * 32)
        number = store.value("select lane_no from lanes where lane = $1", "d" * 32)
        store.run(
            """insert into devices (lane_no, sign_key, box_key, area, label, machine, certificate, enrolled_at,
                last_seen_at, recorded) values ($1, '', '', $2, 'x', '', '', '2026-08-01T00:00:00Z', $3, 90)""",
            *(number, province.kenanga, "2026-08-02T01:00:00Z"),
        )
    text = re.sub(r"\s+", " ", eka.get("/kelola/laptop").text)
    assert "2 August 2026" in text
    assert "84 of 90" in text
    assert "84 of 90" not in citra.get("/kelola/laptop").text
