"""The search page: who is found, and what stands beside her name."""

from flask.testing import FlaskClient

import forms
from siposyandu import records
from siposyandu.child_code import code_of
from tests.children import register
from tests.conftest import Village, sign_in


def test_a_child_who_moved_away_is_found_and_said_to_have_moved(
    client: FlaskClient, village: Village
) -> None:
    card = {"posyandu": village.melati, "name": "Baiq Nabila", "sex": "f", "birth_date": "2025-01-05"}
    with village.instance.store_for_job() as store:
        moved = {"status": "moved", "status_date": "2026-07-01"}
        records.save(store, village.pen(), forms.BY_NAME["person"], card | moved)
    page = sign_in(client, village.aminah).get("/cari?q=nabila")
    assert (page.status_code, "pindah" in page.text.lower()) == (200, True)


def test_a_scanned_code_opens_the_child(client: FlaskClient, village: Village) -> None:
    child = register(village, "Baiq Nabila")
    code = code_of(child)
    aminah = sign_in(client, village.aminah)
    client.post("/hari-ini/tanggal", data={"day": "2026-08-03"})
    opened = [aminah.get(f"/{page}={code}").location for page in ("cari?q", "hari-ini?cari")]
    assert opened == [f"/anak/{child}", f"/kunjungan/balita/{child}"]
    assert code in aminah.get(f"/anak/{child}/cetak").text


def test_a_code_opens_nothing_for_dedi(province_client: FlaskClient, province: Village) -> None:
    code = code_of(register(province, "Aisyah"))
    page = sign_in(province_client, province.dedi).get(f"/cari?q={code}")
    assert (page.status_code, "Aisyah" in page.text) == (200, False)


def test_a_code_with_a_wrong_sign_is_said_to_be_wrong(client: FlaskClient, village: Village) -> None:
    page = sign_in(client, village.aminah).get("/cari?q=3V5-AU9-N2C").text
    assert ("Ada tanda yang salah di kode ini." in page, "Coba huruf lebih sedikit" in page) == (True, False)
