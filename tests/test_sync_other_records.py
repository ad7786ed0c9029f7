"""What is said of one record or area says nothing of another: what an edit replaces, what follows a child, what was read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from siposyandu.store import open_store
from sync import body, devices, feed, fold, intake, lanes, migrations, reading
from sync.body import Edit
from sync.log import Line
from sync.messages import SCHEMA
from sync.reading import Reader
from sync.simulate.notebook import furnish
from tests.conftest import Village, found
from tests.sync_app import (
    AMINAH,
    CHILD,
    CITRA,
    FORM,
    NAME,
    NOON,
    NOTE,
    POSYANDU,
    apply,
    lane_named,
    new_store,
    notebook,
)
from tests.sync_world import Place, World, names
from tests.test_moved_away import ByHand, Laptop

pytestmark = pytest.mark.usefixtures("sync_database")

DAY_S, TWO_HOURS_S = 24 * 3600, 2 * 3600
HONEST, LIAR = lane_named("jujur"), lane_named("bohong")
BEFORE_S020 = """create table awaited_before (uid text not null, field integer not null, asked_by text,
    primary key (uid, field)) strict, without rowid"""


def let_pass(seconds: int, world: World, *places: Place) -> None:
    for clock in {id(each.clock): each.clock for each in (world, *places)}.values():
        clock.wait(seconds)


def wrote(lane: str, seq: int, name: str, entity: str = "", *replaced: Edit) -> Edit:
    """Return an edit of a child's name as its laptop signs it, a new child's where no record is given."""
    values = {NAME: name} if entity else {FORM: CHILD, NAME: name, POSYANDU: "melati"}
    preds = {NAME: tuple(sorted(edit.uid for edit in replaced))} if replaced else {}
    kind = "set" if entity else "create"
    return body.named(
        Edit("", lane, seq, kind, entity, 1, AMINAH.user, AMINAH.rank, NOON, values, preds)
    )[0]  # fmt: skip


def taken(store, edits: Sequence[Edit]) -> None:
    """Let edits come one after the other, each alone."""
    for edit, text, _ in map(body.named, edits):
        with store.write():
            lanes.add(store, {HONEST: 2, LIAR: 2})
            intake.take(store, [Line(edit, text)], NOON, apply, lambda _new, _known: [])


def reader_of(world: World, place: Place, areas: frozenset[str], after: int) -> Reader:
    device = devices.find(world.province.store, place.lane)
    return Reader(areas, device.lane_no, after, device.read_n, device.read_in)


# Edits that list as replaced an edit of another record.


@pytest.fixture
def story() -> list[Edit]:
    """A child registered, corrected, corrected again; and a stranger's edit of another child that lists the first correction."""
    child, other = wrote(HONEST, 1, "Aminah"), wrote(LIAR, 1, "Dedi")
    first = wrote(HONEST, 2, "Aminah Benar", child.uid, child)
    second = wrote(HONEST, 3, "Siti Aminah", child.uid, first)
    return [other, child, first, second, wrote(LIAR, 2, "Dedi Dua", other.uid, other, first)]


def shown_by(edits: Sequence[Edit]) -> tuple[list[str], list[fold.Conflict], list[dict[str, object]]]:
    store = new_store()
    lanes.open_own(store, lane_named("pembaca"), "sentinel", role="province")
    taken(store, edits)
    waits = store.rows("select uid from awaited")
    rows = sorted(row["name"] for row in notebook(store) if row["name"])
    return rows, fold.conflicts_of(store, [edit.entity for edit in edits]), waits


def test_an_edit_replaces_none_of_another_record_whichever_comes_first(story):
    other, child, first, _, lie = story
    found = [shown_by([other, *order]) for order in permutations([child, first, lie])]
    assert found == [(["Aminah Benar", "Dedi Dua"], [], [])] * 6


def test_an_edit_of_another_record_takes_no_place_from_the_one_that_truly_replaced(story):
    other, child, first, second, lie = story
    found = [
        shown_by([other, *order]) for order in ([lie, second, child, first], [second, lie, first, child])
    ]
    assert found == [(["Dedi Dua", "Siti Aminah"], [], [])] * 2


@pytest.mark.parametrize("asked_by", ["asked_by", "null"])
def test_a_database_of_before_still_waits_for_what_was_replaced(story, asked_by):
    _, child, first, second, _ = story
    store = open_store(":memory:")
    furnish(store)
    lanes.open_own(store, lane_named("pembaca"), "sentinel", role="province")
    taken(store, [child, second])
    with store.write():
        store.run(BEFORE_S020)
        store.run(f"insert into awaited_before select uid, field, {asked_by} from awaited")
        store.run("drop table awaited")
        store.run("alter table awaited_before rename to awaited")
        for statement in dict(migrations.ALL)["s020_awaited_of"]:
            store.run(statement)
    taken(store, [first])
    assert [row["name"] for row in notebook(store)] == ["Siti Aminah"]


# Records that follow another one, without an edit of their own.


def following(store, edits: Sequence[Edit]) -> None:
    """Write the rows, and place each visit (its note names the child) where the child is."""
    apply(store, edits)
    rows = {row["entity"]: row for row in notebook(store)}
    for row in rows.values():
        child = rows.get(row["note"])
        if child:
            feed.place(store, row["entity"], {child["posyandu"]})


@pytest.fixture
def world() -> World:
    made = World()
    made.province = replace(made.province, apply=following)
    return made


def move(world: World, child: str, posyandu: str, *places: Place) -> None:
    """Let the puskesmas move a child, and the laptops hear of it until all of them have read it and forgotten what left."""
    world.office.save({POSYANDU: posyandu}, child, author=CITRA)
    with world.province.store.write():
        following(world.province.store, [])
    for place in (*places, *places, *places):
        place.exchange()


def visited(place: Place) -> str:
    child = place.writer.child("Aminah")
    place.writer.child("visit", note=child)
    place.exchange()
    return child


@pytest.mark.parametrize("back", ["melati", "kenanga"])
def test_what_a_laptop_wrote_itself_comes_back_with_a_child_though_nobody_else_wrote_about_it(world, back):
    melati, mawar = world.laptop("melati", "kenanga"), world.laptop("mawar")
    child = visited(melati)
    move(world, child, "mawar", melati, mawar)
    away = names(melati), names(mawar)
    move(world, child, back, melati, mawar)
    assert (away, names(melati), names(mawar)) == (
        ([], ["Aminah", "visit"]), ["Aminah", "visit"], []
    )  # fmt: skip


def test_it_comes_back_too_where_the_laptop_had_lost_the_area_that_the_child_left(world):
    melati = world.laptop("melati", "kenanga")
    child = visited(melati)
    world.scopes[melati.lane] = frozenset(["kenanga"])
    for _ in range(3):
        melati.exchange()
    lost = names(melati)
    move(world, child, "kenanga", melati)
    assert (lost, names(melati)) == ([], ["Aminah", "visit"])


def test_what_came_back_so_counts_as_told_at_neither_end(world):
    melati, mawar = world.laptop("melati"), world.laptop("mawar")
    child = visited(melati)
    for posyandu in ("mawar", "melati"):
        move(world, child, posyandu, melati, mawar)
    let_pass(DAY_S + TWO_HOURS_S, world, melati)
    before = len(melati.road.answers)
    melati.exchange()  # the daily check-up
    cursor = melati.store.value("select cursor_n from sync_upstream")
    told = reading.told(world.province.store, reader_of(world, melati, frozenset(["melati"]), cursor))
    here = {row["uid"] for row in melati.store.rows("select uid from edits where told = 1")}
    assert (len(melati.road.answers) - before, len(told), told) == (1, 2, here)


def test_an_earlier_version_that_would_count_its_own_edits_as_told_is_not_told_them(world):
    melati, mawar = world.laptop("melati"), world.laptop("mawar")
    child = visited(melati)
    for posyandu in ("mawar", "melati"):
        move(world, child, posyandu, melati, mawar)
    reader = reader_of(world, melati, frozenset(["melati"]), 0)
    told = [
        {
            kept.edit.lane
            for kept in reading.page(world.province.store, replace(reader, schema=schema), 99).edits
        }
        for schema in (1, SCHEMA)
    ]
    assert told == [{world.office.lane}, {world.office.lane, melati.lane}]


def test_home_visits_come_back_to_the_laptop_that_typed_them(tmp_path: Path, laptops):
    province, melati, kenanga = laptops
    card = {"posyandu": melati.posyandu, "name": "Baiq Sari", "sex": "f", "birth_date": "2025-05-10"}
    child = melati.save(province.aminah, "person", card)
    visit = {"person": child, "posyandu": melati.posyandu, "visit_date": "2026-07-05", "met": "yes"}
    melati.save(province.aminah, "home_visit", visit | {"advice": "Sari makan telur", "note": "Saknah"})
    advice = []
    for posyandu in (kenanga, melati):
        melati.exchange()
        kenanga.exchange()
        here = melati if posyandu is kenanga else kenanga
        here.save(province.aminah, "person", {"posyandu": posyandu.posyandu}, child)
        for laptop in (here, posyandu, posyandu, here, posyandu):
            laptop.exchange()
        advice.append([laptop.store.value("select advice from home_visit") for laptop in (melati, kenanga)])
    assert advice == [[None, "Sari makan telur"], ["Sari makan telur", None]]


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[tuple[Village, Laptop, Laptop]]:
    province = found(tmp_path / "province", upstream="")
    with province.instance.store_for_job() as store:
        road = ByHand(province.instance, store)
        melati = Laptop(tmp_path / "melati", province.melati, road)
        kenanga = Laptop(tmp_path / "kenanga", province.kenanga, road)
        yield province, melati, kenanga
        for laptop in (melati, kenanga):
            laptop.store.close()


# Areas that a laptop got later.


def test_a_laptop_is_not_told_of_a_child_who_had_left_an_area_before_it_got_that_area(world):
    kenanga, mawar = world.laptop("kenanga"), world.laptop("mawar")
    world.laptop("anggrek")  # which is off: the child is not delivered yet
    child = mawar.writer.child("Aminah", "mawar")
    mawar.exchange()
    world.office.save({POSYANDU: "anggrek"}, child, author=CITRA)
    kenanga.writer.child("Baiq", "kenanga")
    for _ in range(3):
        kenanga.exchange()
        let_pass(TWO_HOURS_S, world, kenanga)
    world.scopes[kenanga.lane] = frozenset(["kenanga", "mawar"])
    told = []
    for _ in range(3):
        kenanga.exchange()
        let_pass(TWO_HOURS_S, world, kenanga)
        told.append(names(kenanga))
    assert told == [["Baiq"]] * 3


def test_a_laptop_that_gets_one_more_area_hears_who_has_left_the_one_it_has(world):
    kenanga = world.laptop("kenanga")
    world.laptop("anggrek")
    child = kenanga.writer.child("Aminah", "kenanga")
    kenanga.exchange()
    world.office.save({NOTE: "seen"}, child, author=CITRA)
    for _ in range(2):
        let_pass(TWO_HOURS_S, world, kenanga)
        kenanga.exchange()
    world.office.save({POSYANDU: "anggrek"}, child, author=CITRA)
    world.scopes[kenanga.lane] = frozenset(["kenanga", "mawar"])
    kenanga.exchange()
    let_pass(DAY_S + TWO_HOURS_S, world, kenanga)
    requests = kenanga.exchange().requests  # the daily check-up
    assert ([row["posyandu"] for row in notebook(kenanga.store)], requests) == (["anggrek"], 1)
