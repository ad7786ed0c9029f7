"""Text that no keyboard makes: whatever a database thinks of it, the log keeps it and the laptop is answered."""

from dataclasses import replace

import pytest

from sync import log
from sync.errors import SyncError
from tests.sync_app import CHILD, FORM, NAME, NOTE, POSYANDU, notebook
from tests.sync_world import Place, World

pytestmark = pytest.mark.usefixtures("sync_database")
ODD = {
    "a zero byte": "Ais\0yah",
    "every control letter": "".join(map(chr, range(1, 32))),
    "no letter at all": "\uffff\ufffe\U0010ffff",
    "long": "x" * 30_000,
    "what COPY and quotes make of it": "\\N \\. \\x41 ' \" $1 {} %s",
}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world: World) -> Place:
    return world.laptop("melati")


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("field", [NAME, NOTE])
def test_odd_text_is_kept_acknowledged_and_shown_or_flagged(
    world: World, melati: Place, odd: str, field: int
) -> None:
    child = melati.writer.save({FORM: CHILD, POSYANDU: "melati", field: odd})
    good = melati.writer.child("Aminah")
    outcome = melati.exchange()

    store = world.province.store
    (kept,) = log.of_entities(store, [child])
    rows = {row["entity"]: row for row in notebook(store)}
    flagged = [row["entity"] for row in store.rows("select entity from reviews")]
    assert (outcome.acknowledged, kept.edit.values[field], rows[good]["name"]) == (2, odd, "Aminah")
    shown = child in rows and rows[child]["name" if field == NAME else "note"] == odd
    assert shown != (flagged == [child])
    assert shown or "\0" in odd


@pytest.mark.parametrize("name", ["0\0", "x" * 41])
def test_a_version_that_is_no_name_is_refused_by_name(world: World, melati: Place, name: str) -> None:
    odd = replace(melati.laptop, app=name)
    melati.writer.child("Aminah")
    with pytest.raises(SyncError) as refused:
        replace(melati, laptop=odd).exchange()
    assert refused.value.code == "malformed"
    assert melati.exchange().acknowledged == 1


@pytest.mark.parametrize("area", ["mel\0ati", "melati"])
def test_an_area_or_author_of_odd_text_stops_nobody_else(world: World, melati: Place, area: str) -> None:
    melati.writer.save({FORM: CHILD, POSYANDU: area, NAME: "Aisyah"})
    melati.writer.child("Aminah")
    assert melati.exchange().acknowledged == 2
    assert "Aminah" in [row["name"] for row in notebook(world.province.store)]
