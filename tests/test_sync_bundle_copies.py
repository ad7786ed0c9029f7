"""Bundles of a laptop that was restored or cloned: both stories are kept, and both laptops go on."""

import pytest

from sync import courier, fold, log
from sync.ports import Author
from sync.status import status
from tests.sync_app import CHILD, FORM, NAME, POSYANDU, notebook
from tests.sync_sticks import codes, export, receive, take
from tests.sync_world import Place, World

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world(sync_database) -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


def test_a_laptop_restored_from_a_copy_heals_by_stick(world, melati):
    melati.writer.child("Aminah")
    copy = melati.image()
    melati.writer.child("Baiq")
    take(melati, *receive(world, export(melati)).receipts)
    restored = melati.from_image(copy)
    restored.writer.lane = restored.lane
    restored.open()
    restored.writer.child("Citra")
    take(restored, *receive(world, export(restored)).receipts)
    assert sorted(row["name"] for row in notebook(restored.store)) == ["Aminah", "Baiq", "Citra"]
    assert notebook(world.province.store) == notebook(restored.store)
    assert status(restored.store).enrolled


def test_a_cloned_laptop_heals_by_stick(world, melati):
    melati.writer.child("Aminah")
    twin = melati.clone()
    melati.writer.child("Baiq")
    twin.writer.child("Citra")
    take(melati, *receive(world, export(melati)).receipts)
    assert codes(take(twin, *receive(world, export(twin)).receipts)) == ["fork"]
    twin.writer.lane = twin.lane
    take(twin, *receive(world, export(twin)).receipts)
    take(melati, *receive(world, export(melati)).receipts)
    assert notebook(twin.store) == notebook(world.province.store) == notebook(melati.store)


def test_what_a_copy_of_a_laptop_gave_away_is_kept_though_nobody_ever_hears_that_copy_again(world, melati):
    lost = melati.clone()
    lost.writer.child("Aminah")
    child = lost.writer.child("Baiq")
    lost.writer.save({NAME: "Baiq Rohani"}, child)
    stick = export(lost)
    melati.writer.child("Citra")
    melati.exchange()
    delivered = receive(world, stick)
    again = receive(world, stick)
    melati.exchange()
    refused = [remark.refused for each in (delivered, again) for remark in each.remarks]
    shown = [sorted(row["name"] for row in notebook(place.store)) for place in (world.province, melati)]
    assert (refused, shown) == (["fork", "fork"], [["Aminah", "Baiq Rohani", "Citra"]] * 2)


def test_what_is_kept_of_a_copy_never_passes_for_the_provinces_own_word(world, melati):
    copy = melati.clone()
    child = copy.writer.child("Aminah")
    stick = export(copy)
    melati.writer.child("Citra")
    melati.exchange()
    receive(world, stick)
    melati.exchange()
    kept = [log.by_uid(place.store, [child])[child] for place in (world.province, melati)]
    assert [(each.edit.lane, each.edit.origin, each.authority) for each in kept] == [
        (world.office.lane, (melati.writer.lane, 1), 1)
    ] * 2
    assert [fold.written_at_the_province(each) for each in kept] == [False, False]


def test_all_parts_of_a_copys_bundle_are_kept(world, melati, monkeypatch):
    monkeypatch.setattr(courier, "PART_BYTES", 250)
    copy = melati.clone()
    for number in range(30):
        copy.writer.child(f"child {number:02}")
    stick = export(copy)
    melati.writer.child("Citra")
    melati.exchange()
    receive(world, stick)
    expected = sorted(["Citra", *(f"child {number:02}" for number in range(30))])
    assert sorted(row["name"] for row in notebook(world.province.store)) == expected


def test_what_an_unknown_author_wrote_on_a_copy_weighs_no_more_than_its_laptop_when_she_is_known(
    world, melati
):
    stranger = Author("d4" * 16, 3)
    humble = world.laptop("melati")
    world.certified(humble, ceiling=1)
    copy = humble.clone()
    child = copy.writer.save({FORM: CHILD, NAME: "Aminah", POSYANDU: "melati"}, author=stranger)
    stick = export(copy)
    humble.writer.child("Citra")
    humble.exchange()
    receive(world, stick)
    before = log.by_uid(world.province.store, [child])[child].authority
    world.ranks[stranger.user] = 3
    melati.writer.child("Dewi")
    melati.exchange()
    after = log.by_uid(world.province.store, [child])[child].authority
    assert (before, after) == (0, 1)


def test_a_word_about_a_copy_of_this_laptop_does_not_end_a_lane_that_has_gone_on(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    copy = melati.clone()
    copy.writer.child("Baiq")
    stick = export(copy)
    melati.writer.child("Citra")
    melati.exchange()
    delivered = receive(world, stick)
    before = melati.lane, status(melati.store).acknowledged
    take(melati, *delivered.receipts)
    assert ((melati.lane, status(melati.store).acknowledged), before[1]) == (before, 2)
