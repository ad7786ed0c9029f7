"""Two people at once: both keep their word, one is shown, the same one everywhere."""

import pytest

from sync import conflicts, fold
from tests.sync_app import AMINAH, BAIQ, CHILD, CITRA, FORM, NAME, NOTE, POSYANDU, WEIGHT_G, notebook
from tests.sync_world import Place, World

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


def names(store) -> list[str]:
    return sorted(row["name"] for row in notebook(store))


def test_two_people_who_change_different_fields_at_once_both_keep_their_word(world, melati):
    mawar = world.laptop("melati")
    child = melati.writer.child("Aminah")
    melati.exchange()
    mawar.exchange()
    melati.writer.save({WEIGHT_G: 8200}, child)
    mawar.writer.save({NOTE: "pindah rumah"}, child)
    for place in (melati, mawar, melati):
        place.exchange()
    expected = {FORM: CHILD, NAME: "Aminah", POSYANDU: "melati", WEIGHT_G: 8200, NOTE: "pindah rumah"}
    stores = (melati.store, mawar.store, world.province.store)
    assert [fold.values(store, child) for store in stores] == [expected] * 3
    assert [fold.conflicts(store, child) for store in stores] == [[], [], []]


def test_two_people_who_change_one_field_at_once_are_both_kept_and_the_higher_authority_shows(world, melati):
    mawar = world.laptop("melati")
    child = melati.writer.child("Aminah")
    melati.exchange()
    mawar.exchange()
    melati.writer.save({NAME: "Aminah Lestari"}, child, author=AMINAH)
    mawar.writer.save({NAME: "Siti Aminah"}, child, author=BAIQ)
    for place in (melati, mawar, melati):
        place.exchange()
    stores = (melati.store, mawar.store, world.province.store)
    assert [fold.values(store, child)[NAME] for store in stores] == ["Siti Aminah"] * 3
    for store in stores:
        (conflict,) = conflicts.open_ones(store, 10)
        assert [(head.value, head.user) for head in conflict.heads] == [
            ("Siti Aminah", BAIQ.user),
            ("Aminah Lestari", AMINAH.user),
        ]


def test_a_choice_closes_the_conflict_everywhere(world, melati):
    mawar = world.laptop("melati")
    child = melati.writer.child("Aminah")
    melati.exchange()
    mawar.exchange()
    melati.writer.save({NAME: "Aminah Lestari"}, child)
    mawar.writer.save({NAME: "Siti Aminah"}, child)
    for place in (melati, mawar):
        place.exchange()
    world.office.save({NAME: "Siti Aminah Lestari"}, child, author=CITRA)
    for place in (melati, mawar):
        place.exchange()
    stores = (melati.store, mawar.store, world.province.store)
    assert [(fold.values(store, child)[NAME], conflicts.count(store)) for store in stores] == [
        ("Siti Aminah Lestari", 0)
    ] * 3


def test_two_people_who_say_the_same_have_no_conflict(world, melati):
    mawar = world.laptop("melati")
    child = melati.writer.child("Aminah")
    melati.exchange()
    mawar.exchange()
    melati.writer.save({WEIGHT_G: 8200}, child)
    mawar.writer.save({WEIGHT_G: 8200}, child, author=BAIQ)
    for place in (melati, mawar, melati):
        place.exchange()
    assert [conflicts.open_ones(store, 9) for store in (melati.store, mawar.store, world.province.store)] == [
        [],
        [],
        [],
    ]


def test_a_laptop_may_not_speak_above_the_ceiling_it_was_enrolled_with(world, melati):
    mawar = world.laptop("melati")
    child = melati.writer.child("Aminah")
    melati.exchange()
    mawar.exchange()
    melati.writer.save({NAME: "dari data officer palsu"}, child, author=CITRA)
    world.office.save({NAME: "dari provinsi"}, child, author=CITRA)
    for place in (melati, mawar, melati):
        place.exchange()
    stores = (melati.store, mawar.store, world.province.store)
    assert [fold.values(store, child)[NAME] for store in stores] == ["dari provinsi"] * 3
