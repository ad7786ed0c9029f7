"""Every page of the province answers, on a file and on PostgreSQL, to whoever may and may not see it."""

import pytest

import forms
from siposyandu import records
from tests.conftest import Village, app_of, sign_in

CARD = {"name": "Aisyah", "sex": "f", "birth_date": "2025-05-05"}


@pytest.mark.parametrize("name", ["eka", "citra", "baiq"])
def test_no_page_of_the_province_fails(province: Village, name: str) -> None:
    with province.instance.store_for_job() as store:
        child = records.save(
            store, province.pen(), forms.BY_NAME["person"], CARD | {"posyandu": province.melati}
        )
        visit = {"person": child, "posyandu": province.melati, "visit_date": "2026-08-03", "weight_g": 9000}
        records.save(store, province.pen(), forms.BY_NAME["balita"], visit)
    app = app_of(province)
    browser = sign_in(app.test_client(), getattr(province, name))
    addresses = sorted(
        rule.rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())
    )
    addresses += [f"/anak/{child}", f"/posyandu/{province.melati}", "/cari?q=ais"]
    answers = {address: browser.get(address).status_code for address in addresses}
    assert {address: code for address, code in answers.items() if code >= 500} == {}
    assert len(addresses) > 25
