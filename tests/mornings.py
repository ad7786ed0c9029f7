"""A posyandu's laptop on the morning of a measuring day: its kader is known, thirty children are on its list."""

from datetime import timedelta
from pathlib import Path

import forms
from siposyandu import records
from siposyandu.periods import local_date
from siposyandu.records import Pen
from tests.conftest import PIN, Village, let_in, settle
from tests.kader import Kader
from tests.places import Place

NOWHERE = "http://127.0.0.1:9"


def kader_with_children(folder: Path) -> Kader:
    """Return Aminah at a laptop that is switched off."""
    laptop = Place(folder, upstream=NOWHERE)
    instance = laptop.instance
    with instance.store_for_job() as store:
        village = settle(store, instance)
        let_in(store, PIN, instance.now(), village.aminah.id)
    laptop.belongs_to(village.melati)
    kader = Kader(laptop, village.aminah)
    kader.persons = list_of_children(laptop, village)
    return kader


def list_of_children(laptop: Place, village: Village) -> dict[str, str]:
    """Write thirty children of 14 to 16 months on the laptop's list: name to id."""
    instance = laptop.instance
    pen = Pen(instance.lane, village.aminah, instance.now())
    today = local_date(instance.now())
    found = {}
    with instance.store_for_job() as store, store.write():
        for number in range(30):
            born = today - timedelta(days=30 * 15 + number)
            card = {"posyandu": village.melati, "name": f"Anak {number}", "sex": "mf"[number % 2]}
            since = {"birth_date": born.isoformat(), "posyandu_since": born.isoformat()}
            found[card["name"]] = records.save(store, pen, forms.BY_NAME["person"], {**card, **since})
    return found
