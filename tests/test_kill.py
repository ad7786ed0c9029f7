"""The power goes: whatever the moment, no save that was answered is lost and none is kept by half."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from time import monotonic

import pytest

import forms
from siposyandu import credentials, records
from siposyandu.periods import local_date
from siposyandu.records import Pen
from tests.conftest import PIN, Village, settle
from tests.kader import Child, Kader, assert_nothing_lost
from tests.places import Place

SEED = 20_260_803
ANSWERED_BETWEEN_TWO_CUTS = 2
SAVE_TAKES_MS = 60
Moment = Callable[[], bool] | None


@pytest.fixture
def aminah(tmp_path: Path) -> Kader:
    """Aminah, signed in at a laptop with thirty children on its list, switched off."""
    laptop = Place(tmp_path / "melati", upstream="http://127.0.0.1:9")
    instance = laptop.instance
    with instance.store_for_job() as store:
        village = settle(store, instance)
        credentials.set_pin(store, village.aminah.id, PIN, instance.now())
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


def moments(kader: Kader, chance: Random) -> list[Moment]:
    """Choose when the power goes: at a save's first byte on the disk, as soon as others can read it, or somewhere between."""
    between: list[Moment] = [later(chance.uniform(0, SAVE_TAKES_MS)) for _ in range(3)]
    return [None, None, one_visit_more(kader), one_visit_more(kader), *between]


def one_visit_more(kader: Kader) -> Callable[[], bool]:
    """Return what tells whether a visit was kept that no answer has told of yet."""
    store = kader.laptop.instance.open_store()

    def kept() -> bool:
        if store.value("select count(*) from balita") <= len(kader.visits):
            return False
        store.close()
        return True

    return kept


def later(milliseconds: float) -> Callable[[], bool]:
    """Return what tells whether so much time has passed since it was first asked."""
    begun: list[float] = []

    def passed() -> bool:
        begun.append(monotonic())
        return (begun[-1] - begun[0]) * 1000 >= milliseconds

    return passed


def test_no_answered_save_is_lost_whenever_the_power_goes(aminah: Kader) -> None:
    waiting = [Child(name, "m", 0, "9,5", "78,5") for name in aminah.persons]
    aminah.come_back()
    aminah.sign_in()
    try:
        for moment in moments(aminah, Random(SEED)):
            for _ in range(ANSWERED_BETWEEN_TWO_CUTS):
                aminah.weigh(waiting.pop())
            doomed = waiting.pop()
            aminah.laptop.kill_while(lambda child=doomed: aminah.weigh(child), moment)
            unanswered = assert_nothing_lost(aminah.laptop, aminah.visits.values())
            aminah.come_back()
            if unanswered:
                aminah.visits[doomed.name] = unanswered.pop()
            assert aminah.has_come(doomed) == (doomed.name in aminah.visits)
            if doomed.name not in aminah.visits:
                aminah.weigh(doomed)
    finally:
        aminah.laptop.stop()
        aminah.visitor.close()
