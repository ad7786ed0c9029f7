"""An edit as large as no laptop writes: it is taken from nobody, or nobody who should be told of it could ever read on."""

import random

import pytest

from sync import body, edits, upstream
from sync.errors import SyncError
from tests.sync_world import Place, World, names

pytestmark = pytest.mark.usefixtures("sync_database")

MANY = 21_800  # letters of four bytes: they just fit a laptop's message, and in no answer is room for them beside its remarks


@pytest.fixture
def world(sync_database) -> World:
    return World()


@pytest.fixture
def thief(world, monkeypatch) -> Place:
    """Whoever has a laptop's key, and a program that knows no limit."""
    place = world.laptop("melati")
    place.exchange()
    chance = random.Random(1)
    monkeypatch.setattr(body, "LARGEST_BODY", 200_000)
    place.writer.child("".join(chr(0x10000 + chance.randrange(0xF0000)) for _ in range(MANY)))
    monkeypatch.undo()
    return place


def test_an_edit_that_fits_no_answer_is_taken_from_nobody_and_all_others_read_on(world, thief):
    with pytest.raises(SyncError, match="malformed"):
        thief.exchange()
    honest, reader = world.laptop("melati"), world.laptop("melati")
    honest.writer.child("Aminah")
    honest.exchange()
    reader.exchange()
    assert (names(reader), names(world.office)) == (["Aminah"], ["Aminah"])


def test_an_edit_as_large_as_a_laptop_writes_reaches_all(world):
    writer, reader = world.laptop("melati"), world.laptop("melati")
    writer.exchange()
    chance = random.Random(1)
    name = "".join(chr(0x10000 + chance.randrange(0xF0000)) for _ in range((body.LARGEST_BODY - 200) // 4))
    writer.writer.child(name)
    writer.exchange()
    reader.exchange()
    assert names(reader) == [name]


def test_an_edit_of_thousands_of_fields_stops_nobody_who_reads_it_among_others(world):
    thief, honest = world.laptop("melati"), world.laptop("melati")
    child = honest.writer.child("Aminah")
    for grams in range(500):
        honest.writer.save({12: 3000 + grams}, child)
    honest.exchange()
    wide = thief.writer.child("Baiq")
    thief.writer.save(dict.fromkeys(range(100, 2500), 0), wide)
    thief.exchange()
    reader = world.laptop("melati")
    reader.exchange()
    assert names(reader) == ["Aminah", "Baiq"]


def test_a_laptop_that_wrote_such_an_edit_among_others_sends_them_all(world):
    writer = world.laptop("melati")
    wide, child = writer.writer.child("Aminah"), writer.writer.child("Baiq")
    writer.writer.save(dict.fromkeys(range(100, 2500), 0), wide)
    for grams in range(500):
        writer.writer.save({12: 3000 + grams}, child)
    writer.exchange()
    assert (names(world.office), upstream.state(writer.store).ack) == (["Aminah", "Baiq"], 503)


def test_edits_that_list_thousands_as_replaced_stop_nobody(world, monkeypatch):
    thief, reader = world.laptop("melati"), world.laptop("melati")
    child = thief.writer.child("Aminah")
    many = tuple(f"{number:032x}" for number in range(1, 1200))
    monkeypatch.setattr(edits, "_replaced", lambda store, entity, values: dict.fromkeys(values, many))
    for grams in range(100):
        thief.writer.save({12: 3000 + grams}, child)
    monkeypatch.undo()
    thief.exchange()
    reader.exchange()
    assert (names(reader), upstream.state(thief.store).ack) == (["Aminah"], 101)
