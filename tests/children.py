"""Children of the village, registered and weighed in one line each."""

import forms
from siposyandu import records
from tests.conftest import Village


def register(village: Village, name: str, **values: str | int | None) -> str:
    """Register a child of posyandu Melati, born on 10 May 2025 unless told otherwise; returns her id."""
    usual: dict[str, str | int | None] = {
        "posyandu": village.melati,
        "name": name,
        "sex": "f",
        "birth_date": "2025-05-10",
        "registered_date": "2025-06-02",
        "mother_name": "Saknah",
        "dusun": "Timba Nuh",
        "status": "active",
    }
    with village.instance.store_for_job() as store:
        return records.save(store, village.pen(), forms.BY_NAME["person"], {**usual, **values})


def weigh(village: Village, person: str, day: str, weight_g: int, **values: str | int | None) -> str:
    """Write one weighing of a child at Melati; returns the visit's id."""
    visit = {"person": person, "posyandu": village.melati, "visit_date": day, "weight_g": weight_g, **values}
    with village.instance.store_for_job() as store:
        return records.save(store, village.pen(), forms.BY_NAME["balita"], visit)
