"""A record that was forgotten and comes back in several pages is made anew of what is told, not of what was deleted."""

import pytest

from sync import batches, conflicts, fold, heads, log
from tests.sync_app import CITRA, NAME, NOTE, POSYANDU, notebook
from tests.sync_world import World, names

pytestmark = pytest.mark.usefixtures("sync_database")


def test_what_a_deleted_edit_had_replaced_ahead_of_its_arrival_is_not_replaced_any_more(monkeypatch):
    monkeypatch.setattr(batches, "LARGEST_COUNT", 2)
    world = World()
    mawar, office = world.laptop("mawar"), world.office
    other, child = office.child("Baiq"), office.child("Aminah")
    office.save({NAME: "Siti"}, child, author=CITRA)
    for number in range(5):
        office.save({NOTE: str(number)}, other, author=CITRA)
    office.save({NAME: "Siti Aminah"}, child, author=CITRA)
    office.save({POSYANDU: "mawar"}, child, author=CITRA)
    melati = world.laptop("melati")
    melati.exchange()  # it hears the end of her story only, on its second page
    waits = melati.store.value("select count(*) from awaited")
    for place in (mawar, mawar, melati):
        place.exchange()
    gone = names(melati), log.of_entities(melati.store, [child])
    office.save({POSYANDU: "melati"}, child, author=CITRA)
    melati.exchange()
    ours, theirs = (
        (notebook(place.store), heads.of(place.store, [child]), conflicts.count(place.store))
        for place in (melati, world.province)
    )
    assert (waits > 0, gone) == (True, (["Baiq"], []))
    assert ours == theirs
    assert fold.values(melati.store, child)[NAME] == "Siti Aminah"
