"""A province put back to an older day lost places and workers that laptops still know: whoever keeps them takes them in again."""

import re
import secrets
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import forms
from siposyandu import records
from siposyandu.office import early, unreadable
from siposyandu.periods import instant_text
from sync import epochs
from tests.conftest import MELATI_DESA
from tests.neighbours import Neighbours
from tests.test_web_differences import meet, words

POSYANDU = forms.BY_NAME["posyandu"]


def put_back(world: Neighbours, copy: Path) -> None:
    """Put the province back to the day of a copy."""
    path = world.village.instance.config.database_path
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    shutil.copy(copy, path)
    with world.store() as store, store.write():
        epochs.begin(store, instant_text(world.clock()), secrets.token_bytes)


def copied(world: Neighbours, folder: Path) -> Path:
    """Copy the province's database as it is now."""
    copy = folder / "yesterday.db"
    with closing(sqlite3.connect(world.village.instance.config.database_path)) as file:
        file.execute("vacuum into ?", (str(copy),))
    return copy


def posts(page: str) -> list[tuple[str, str]]:
    """The records that may be written, each with what the page has seen of it."""
    return re.findall(r'action="/menunggu/(\w+)/tulis">.*?name="seen" value="(\d+)"', page)


def test_a_posyandu_and_a_kader_that_a_restored_province_lost_are_taken_in_again(tmp_path: Path) -> None:
    world = Neighbours.begin(tmp_path)
    one, two, yesterday = world.laptop("one"), world.laptop("two"), copied(world, tmp_path)
    village = world.village
    post = {
        "code": "MW1",
        "name": "Mawar",
        "desa_code": MELATI_DESA,
        "puskesmas": village.puskesmas,
        "active": 1,
    }
    with world.store() as store:
        mawar = records.save(store, village.pen(village.eka), POSYANDU, post)
    sari = world.hire("Sari", "kader", village.melati)
    meet(one, two)
    card = {"name": "Lalu Arya", "sex": "m", "birth_date": "2025-05-10", "status": "active"}
    child = one.save(sari, "person", posyandu=mawar, **card)
    put_back(world, yesterday)
    meet(one, two)
    citra = world.browser(village.citra)
    page = citra.get("/menunggu").text
    orphaned = "A person waits for her posyandu" in words(world.browser(village.eka).get("/menunggu").text)
    lost = dict(posts(page))
    assert lost.keys() == {mawar, sari.id}
    shown = words(page)
    assert [part in shown for part in ("Name: Sari", "Area: Posyandu Melati, ", "Code: MW1")] == [True] * 3
    codes = [
        citra.post(f"/menunggu/{entity}/tulis", data={"seen": seen}).status_code
        for entity, seen in lost.items()
    ]
    one.save(sari, "person", child, name="Lalu Arya Putra")
    meet(one, two)
    for place in (world, one, two):
        with place.store() as store:
            kept = store.value("select role from worker where id = $1", sari.id)
            assert (kept, store.one(f"select {', '.join(post)} from posyandu where id = $1", mawar)) == (
                "kader",
                post,
            )
    with world.store() as store:
        waiting = unreadable.waiting(store, village.eka), early.orphans(store, village.eka)
        unvouched = store.rows("select * from unvouched")
    assert (orphaned, codes, waiting, unvouched) == (True, [302, 302], ([], []), [])


def test_nobody_takes_over_more_than_she_keeps_or_what_she_has_not_seen(tmp_path: Path) -> None:
    world = Neighbours.begin(tmp_path)
    one, village = world.laptop("one"), world.village
    one.save(village.aminah, "worker", village.aminah.id, role="bidan_desa", area=MELATI_DESA)
    one.save(village.aminah, "worker", village.baiq.id, role="provinsi", area="52", username=None)
    one.exchange()
    pages = {who.name: world.browser(who) for who in (village.citra, village.eka)}
    offered = {name: dict(posts(browser.get("/menunggu").text)) for name, browser in pages.items()}
    assert {name: set(found) for name, found in offered.items()} == {
        "Citra": {village.aminah.id}, "Eka": {village.aminah.id, village.baiq.id},
    }  # fmt: skip
    one.save(village.aminah, "worker", village.aminah.id, name="Aminah Dua")
    one.exchange()
    tries = [
        pages[who].post(f"/menunggu/{entity}/tulis", data={"seen": offered["Eka"][entity]}).status_code
        for who, entity in (
            ("Citra", village.aminah.id),
            ("Citra", village.baiq.id),
            ("Eka", village.baiq.id),
        )
    ]
    laptop = one.browser(village.aminah).post(f"/menunggu/{village.aminah.id}/tulis", data={"seen": "1"})
    with world.store() as store:
        kept = store.rows(
            "select name, role from worker where id in ($1, $2) order by name",
            village.aminah.id,
            village.baiq.id,
        )
    assert (tries, laptop.status_code) == ([409, 404, 400], 404)
    assert [tuple(row.values()) for row in kept] == [("Aminah", "kader"), ("Baiq", "bidan_desa")]
