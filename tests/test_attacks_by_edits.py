"""Whoever opens a laptop may write any edit by a program of her own and sign it: places and workers stay the province's word."""

from pathlib import Path

import pytest

import forms
from siposyandu import access, places, records
from siposyandu.store import Store
from sync import edits, reviews
from sync.ports import Author
from tests.neighbours import Laptop, Neighbours
from tests.test_web_differences import meet, words

WORKER, POSYANDU = forms.BY_NAME["worker"], forms.BY_NAME["posyandu"]
A_PERSON = {records.FORM_FIELD: forms.BY_NAME["person"].number}
OFFICER = WORKER.to_wire({"role": "provinsi", "area": places.PROVINCE})
GHOST = {
    records.FORM_FIELD: WORKER.number,
    **WORKER.to_wire({"name": "Hantu", "username": "hantu"}),
    **OFFICER,
}
SAID = "A laptop wrote about a place or a worker. Only the province may do that"


@pytest.fixture
def world(tmp_path: Path, database: str) -> Neighbours:
    return Neighbours.begin(tmp_path, database)


def forge(laptop: Laptop, entity: str | None, values: dict[int, int | str | None], kind: str = "set") -> str:
    """Write an edit as no page would, in the name of whoever has the highest rank; sign it at the next exchange."""
    eka = laptop.village.eka
    with laptop.store() as store, store.write():
        edit = edits.record(
            store, laptop.instance.lane, kind=kind, entity=entity, values=values,
            author=Author(eka.id, eka.rank), device_time="2026-08-03T01:00:00Z",
        )  # fmt: skip
        records.project(store, [edit.entity])
    return edit.entity


def attack(laptop: Laptop) -> list[str]:
    """Write everything that would help a thief; return the records that she wrote about."""
    village = laptop.village
    forge(laptop, village.aminah.id, OFFICER)
    forge(laptop, village.melati, POSYANDU.to_wire({"puskesmas": "f" * 32}))
    forge(laptop, village.baiq.id, A_PERSON)
    forge(laptop, village.citra.id, {edits.RETRACTED: "away with her"}, "retract")
    ghost = forge(laptop, None, GHOST, "create")
    return sorted([village.aminah.id, village.melati, village.baiq.id, village.citra.id, ghost])


def lists(place: Laptop | Neighbours) -> list[list[dict[str, object]]]:
    """What a place says of puskesmas, posyandu, workers, and of people as which they might pass."""
    with place.store() as store:
        return [store.rows(f"select * from {name} order by id") for name in (*places.KEPT_LISTS, "person")]


def ranks(store: Store, world: Neighbours) -> list[int | None]:
    return [access.rank_held(store, who.id, None) for who in (world.village.aminah, world.village.baiq)]


def test_a_thiefs_edits_of_workers_and_places_change_nothing_anywhere_and_are_shown(world: Neighbours):
    one, two = world.laptop("one"), world.laptop("two")
    before = [lists(place) for place in (world, one, two)]
    written = attack(one)
    at_once = lists(one)
    meet(one, two)
    with world.store() as store:
        waiting, held = reviews.waiting(store), ranks(store, world)
        records.recount(store, lambda done, of: None)
    with two.store() as store:
        records.recount(store, lambda done, of: None)
    assert (at_once, [lists(place) for place in (world, one, two)]) == (before[1], before)
    assert sorted(each.entity for each in waiting) == written
    assert {each.problem.partition(":")[0] for each in waiting} == {"OnlyAtTheProvince"}
    assert held == [1, 2]
    eka = world.browser(world.village.eka)
    page = eka.get("/menunggu").text
    assert (SAID in words(page), page.count("/selesai"), "/lagi" in page) == (True, 5, False)
    assert '<span class="count-badge">5' in eka.get("/perlu-dilihat").text


def test_the_province_goes_on_keeping_those_about_whom_a_thief_wrote(world: Neighbours):
    one, two = world.laptop("one"), world.laptop("two")
    attack(one)
    meet(one, two)
    village, pen = world.village, world.village.pen(world.village.eka)
    with world.store() as store:
        records.save(store, pen, WORKER, {"name": "Aminah Ulfa"}, village.aminah.id)
        records.save(store, pen, WORKER, {"role": "kader", "area": village.melati}, village.baiq.id)
        records.save(store, pen, POSYANDU, {"name": "Melati Putih"}, village.melati)
    meet(one, two)
    said = [(village.aminah.id, "Aminah Ulfa", "kader"), (village.baiq.id, "Baiq", "kader")]
    for place in (world, one, two):
        with place.store() as store:
            sql = "select id, name, role from worker where id in ($1, $2) order by name"
            kept = store.rows(sql, village.aminah.id, village.baiq.id)
            post = store.one("select name, puskesmas from posyandu where id = $1", village.melati)
        assert ([tuple(row.values()) for row in kept], post) == (
            said, {"name": "Melati Putih", "puskesmas": village.puskesmas},
        )  # fmt: skip


def test_an_honest_days_work_behind_a_thiefs_edits_arrives_whole(world: Neighbours):
    one = world.laptop("one")
    attack(one)
    card = {"name": "Lalu Arya", "sex": "m", "birth_date": "2025-05-10", "status": "active"}
    child = one.save(world.village.aminah, "person", posyandu=world.village.melati, **card)
    visit = one.weigh(world.village.aminah, child, "2026-08-03", 8000)
    one.exchange()
    with world.store() as store:
        assert store.rows("select id, person, weight_g from balita") == [
            {"id": visit, "person": child, "weight_g": 8000}
        ]
