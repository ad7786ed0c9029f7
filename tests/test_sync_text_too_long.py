"""A text too long for an index of the database: it is about that record, and no sign that the database fails."""

import random
from pathlib import Path

import pytest

from sync import courier, postbox
from sync.bundle import ON_ITS_WAY_S
from tests.neighbours import Neighbours
from tests.sync_app import notebook
from tests.sync_world import Place, World, names

# Nothing in it repeats, so that it cannot be pressed into the 8191 bytes that an index of PostgreSQL takes.
LONG = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9000))


@pytest.fixture
def world(sync_database: None) -> World:
    return World()


def written_by_another_program(place: Place) -> str:
    """A child in an area that no page would let through."""
    return place.writer.child("Aneh", LONG)


def shown_or_flagged(world: World, child: str) -> bool:
    """Whether a child stands in the province's notebook or waits for review, and not both."""
    store = world.province.store
    flagged = [row["entity"] for row in store.rows("select entity from reviews")]
    return (child in [row["entity"] for row in notebook(store)]) != (flagged == [child])


def test_what_was_written_behind_it_arrives(world: World) -> None:
    melati = world.laptop("melati")
    odd = written_by_another_program(melati)
    melati.writer.child("Aminah")
    outcome = melati.exchange()
    assert (outcome.acknowledged, shown_or_flagged(world, odd)) == (2, True)
    assert "Aminah" in names(world.office)


def test_a_file_it_lies_in_brings_what_the_others_sent(world: World) -> None:
    melati, mawar = world.laptop("melati"), world.laptop("mawar")
    odd = written_by_another_program(melati)
    mawar.writer.child("Baiq", "mawar")
    found = postbox.receive(world.province, courier.export(melati.laptop) + courier.export(mawar.laptop))
    assert ([remark.refused for remark in found.remarks], shown_or_flagged(world, odd)) == (["", ""], True)
    assert "Baiq" in names(world.office)


def test_where_it_waited_for_a_month_the_next_file_is_read_all_the_same(world: World) -> None:
    melati, mawar = world.laptop("melati"), world.laptop("mawar")
    melati.exchange()
    melati.writer.child("Citra")
    with melati.store.write():
        melati.store.run("update sync_upstream set ack = 1")  # its program sends the second without the first
    written_by_another_program(melati)
    postbox.receive(world.province, courier.export(melati.laptop))
    world.clock.wait(ON_ITS_WAY_S + 1)
    mawar.writer.child("Baiq", "mawar")
    postbox.receive(world.province, courier.export(mawar.laptop))
    assert "Baiq" in names(world.office)


@pytest.mark.parametrize("field", ["posyandu", "nik", "name"])
def test_a_card_that_only_another_program_writes_stops_no_other_card(
    field: str, tmp_path: Path, database: str
) -> None:
    world = Neighbours.begin(tmp_path, database)
    one, melati = world.laptop("one"), world.village.melati
    card = {"posyandu": melati, "name": "Aneh", "sex": "f", "birth_date": "2025-05-05"}
    one.save(world.village.aminah, "person", **{**card, field: LONG})
    one.save(world.village.aminah, "person", **{**card, "name": "Aminah"})
    one.exchange()
    with world.store() as store:
        shown = [row["name"] for row in store.rows("select name from person order by name")]
        flagged = store.value("select count(*) from reviews")
    assert (shown[0], len(shown) + flagged) == ("Aminah", 2)
