"""The disk is full: the kader is told what to do, nothing saved is lost, and all goes on when there is room again.

A real process on a real small disk, filled to so many pages that a save runs out of room at its first write, its second,
and so on. At the province laptops are told to try again; on a laptop an answer that does not fit changes nothing.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

import forms
from siposyandu import records
from siposyandu.app import create_app
from siposyandu.errors import DiskFull
from sync import reviews
from sync.client import Outcome
from sync.errors import Busy
from sync.status import status
from tests.bench.days import Day
from tests.conftest import Village, found
from tests.kader import Child, Kader, assert_nothing_lost
from tests.mornings import kader_with_children
from tests.places import Place
from tests.small_disk import SmallDisk, small_disk
from tests.sync_app import notebook
from tests.sync_http import listening
from tests.sync_world import World
from tests.trials import report, some
from tests.visitor import Page

NO_ROOM = 507
PAGES_LEFT = range(30)
TRIED_EACH_RUN = 8


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=48) as mounted:
        yield mounted


def test_a_kader_at_a_full_laptop_is_told_what_to_do_and_loses_nothing(disk: SmallDisk) -> None:
    aminah = kader_with_children(disk.path / "melati")
    waiting = [Child(name, "m", 0, "9,5", "78,5") for name in aminah.persons]
    refused = 0
    aminah.come_back()
    aminah.sign_in()
    try:
        for pages in some(PAGES_LEFT, TRIED_EACH_RUN):
            child = waiting.pop()
            disk.fill(pages)
            refused += tried_in_vain(aminah, child)
            disk.empty()
            assert assert_nothing_lost(aminah.laptop, aminah.visits.values()) == set()
            if child.name not in aminah.visits:
                aminah.weigh(child)
    finally:
        aminah.laptop.stop()
        aminah.visitor.close()
    assert refused
    report(
        f"full disk: {len(aminah.visits)} children weighed, {refused} of them refused once for want of room, in"
        " Indonesian; 0 answered saves lost, all saved when there was room"
    )


def tried_in_vain(kader: Kader, child: Child) -> bool:
    """Weigh a child; return whether there was no room for it."""
    address = f"/kunjungan/balita/{kader.persons[child.name]}"
    scales = Page(kader.visitor.session.get(kader.visitor.address + address))
    if scales.status == 200:
        typed = {
            "weight_kg": child.weight_kg,
            "length_height_cm": child.length_cm,
            "measured": child.measured,
        }
        scales = kader.visitor.submit(scales, address, {**typed, "oedema": child.oedema})
    if scales.status == NO_ROOM:
        assert "Penyimpanan laptop penuh" in scales.text
        assert "belum bisa disimpan" in scales.text
        return True
    assert scales.status == 200, scales.text
    kader.visits[child.name] = scales.path.split("/")[2]
    return False


def test_a_laptop_with_little_room_says_so_on_every_page_before_it_is_full(disk: SmallDisk) -> None:
    aminah = kader_with_children(disk.path / "melati")
    disk.fill(pages_left=500)
    aminah.come_back()
    try:
        aminah.sign_in()
        assert "penyimpanan laptop hampir penuh" in aminah.visitor.open("/hari-ini").text
        assert "Penyimpanan laptop ini hampir penuh." in aminah.visitor.open("/laptop").text
    finally:
        aminah.laptop.stop()
        aminah.visitor.close()


def test_a_full_province_lets_laptops_try_again_and_loses_nothing(disk: SmallDisk, tmp_path: Path) -> None:
    village = found(disk.path / "province", upstream="")
    with Place(disk.path / "province", area="52") as province:
        day = Day(replace(village, instance=province.instance), province.address, tmp_path / "melati")
        day.register(1)
        refused = 0
        for month, pages in enumerate(some(PAGES_LEFT, TRIED_EACH_RUN)):
            day.weigh([(0, {"visit_date": f"2026-07-{month + 1:02}", "weight_g": 9000 + month})])
            disk.fill(pages)
            refused += told_to_try_again(day)
            disk.empty()
        day.exchange()
    with day.laptop.store_for_job() as store:
        told, visits = status(store), store.rows("select id, weight_g from balita order by id")
    assert told.acknowledged == told.recorded == 1 + len(visits)
    with village.instance.store_for_job() as store:
        assert store.rows("select id, weight_g from balita order by id") == visits
        assert store.value("pragma integrity_check") == "ok"
        assert store.rows("select * from reviews") == []
        assert records.recount(store, lambda done, of: None) == []
    assert refused
    report(
        f"full disk: a full province told a laptop {refused} times to try again; 0 lost, 0 doubled, all acknowledged"
    )


def told_to_try_again(day: Day) -> bool:
    """Exchange; return whether the province asked to try again later, which frightens nobody."""
    try:
        day.exchange()
    except Busy:
        with day.laptop.store_for_job() as store:
            assert status(store).last_error == "busy"
        return True
    return False


def test_an_answer_that_does_not_fit_a_full_laptop_changes_nothing(disk: SmallDisk, tmp_path: Path) -> None:
    village = found(tmp_path / "province", upstream="")
    with listening(create_app(village.instance)) as port:
        day = Day(village, f"http://127.0.0.1:{port}", disk.path / "melati")
        day.register(1)
        refused = 0
        for number, pages in enumerate(some(PAGES_LEFT, TRIED_EACH_RUN)):
            told(village, number)
            disk.fill(pages)
            refused += did_not_fit(day)
            disk.empty()
            day.exchange()
        assert day.exchange() == Outcome(0, 0, 1)
    with day.laptop.store_for_job() as here, village.instance.store_for_job() as there:
        question = "select id, name from person order by id"
        assert here.rows(question) == there.rows(question)
        assert here.value("pragma integrity_check") == "ok"
    assert refused
    report(
        f"full disk: an answer did not fit on a laptop {refused} times; 0 lost, all told when there was room"
    )


def told(village: Village, number: int) -> None:
    """Register children of Melati at the province."""
    with village.instance.store_for_job() as store, store.write():
        for twin in range(10):
            card = {"posyandu": village.melati, "name": f"Kembar {number} {twin}", "birth_date": "2025-02-15"}
            records.save(store, village.pen(village.citra), forms.BY_NAME["person"], card | {"sex": "m"})


def did_not_fit(day: Day) -> bool:
    """Exchange; return whether the laptop had no room for it."""
    try:
        day.exchange()
    except DiskFull:
        return True
    return False


def test_a_full_disk_at_the_province_says_nothing_about_the_records() -> None:
    world = World()
    melati = world.laptop("melati")
    for number in range(40):
        melati.writer.child(f"Anak {number}", note="x" * 500)
    province = world.province.store
    full = province.value("pragma page_count")
    for more in range(60):
        province.value(f"pragma max_page_count = {full + more}")
        with suppress(DiskFull):
            melati.exchange()
    assert reviews.waiting(province) == []
    assert (len(notebook(province)), status(melati.store).acknowledged) == (40, 40)


def test_a_full_disk_at_the_start_is_not_taken_for_a_damaged_database(disk: SmallDisk) -> None:
    aminah = kader_with_children(disk.path / "melati")
    aminah.come_back()
    aminah.sign_in()
    aminah.weigh(Child(next(iter(aminah.persons)), "m", 0, "9,5", "78,5"))
    aminah.laptop.kill()  # what was written ahead is not in the database yet
    for pages in some(PAGES_LEFT, TRIED_EACH_RUN):
        disk.fill(pages)
        with suppress(DiskFull):
            assert aminah.laptop.instance.damage is None
        disk.empty()
    assert assert_nothing_lost(aminah.laptop, aminah.visits.values()) == set()
    aminah.visitor.close()
