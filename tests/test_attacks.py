"""What an attacker tries at the door and inside: other areas, other roles, other cookies. Each leaves everything as it was."""

import re
import stat
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

import forms
from siposyandu import credentials, records
from siposyandu.app import create_app
from tests.children import register, weigh
from tests.conftest import KENANGA_DESA, MELATI_DESA, NOW, PIN, Village, app_of, sign_in


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
