"""The search page: who is found, and what stands beside her name."""

from flask.testing import FlaskClient

import forms
from siposyandu import records
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
