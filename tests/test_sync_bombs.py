"""A few bytes that say much are refused before they fill the memory, and nobody waits long for what cannot be applied."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from sync import body, bundle, courier, edits, keys, postbox, reviews
from sync.body import LARGEST_INTEGER, Edit
from sync.bundle import Label
from sync.columns import Ref, pack, unpack
from sync.errors import Malformed
from sync.intake import MOST_TRIED
from sync.packing import pack_pull
from sync.unpacking import unpack_pull, unpack_push
from tests.sync_app import AMINAH, NAME, NOTE, notebook
from tests.sync_world import Chance, Place, World

pytestmark = pytest.mark.usefixtures("sync_database")
LANE = "ab" * 16

NEVER_WRITTEN = {
    "gaps in gaps": [8, [0, 0], [8, [0, 0], [0, 7]]],
    "gaps in marks": [8, [8, [0, 0], [0, 0]], [0, 7]],
    "gaps in dates": [4, [8, [0, 0], [0, 7]]],
    "gaps in instants": [5, [8, [0, 0], [0, 7]]],
    "gaps in places of a table": [6, ["x"], [8, [0, 0], [0, 0]]],
    "references in references": [7, [0, 1], [7, [0, 1], [0, 1]]],
    "a base of four thousand digits": [2, 10**4000, 1],
    "a step of four thousand digits": [2, 1, 10**4000, "BBB"],
    "a first number of four thousand digits": [3, 10**4000, 1, 1],
}
OFTEN_WRITTEN = {
    "numbers as far apart as may be": [LARGEST_INTEGER, -LARGEST_INTEGER] * 3,
    "references with gaps": [Ref(2, 5), None, Ref(1, LARGEST_INTEGER)],
    "instants with gaps": ["2026-08-04T04:00:00Z", None, "2026-08-04T05:00:00Z"],
    "names that come again, with gaps": ["a long name", None, "another", "a long name", "another", "a long name"] * 3,
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


@pytest.mark.parametrize("column", NEVER_WRITTEN.values(), ids=NEVER_WRITTEN)
def test_a_column_in_a_column_that_no_version_writes_is_refused(column):
    with pytest.raises(Malformed):
        unpack(column, 3)


@pytest.mark.parametrize("cells", OFTEN_WRITTEN.values(), ids=OFTEN_WRITTEN)
def test_columns_in_columns_that_are_written_are_read(cells):
    assert unpack(pack(cells), len(cells)) == cells


def test_columns_in_columns_by_the_hundred_are_refused_before_the_second_is_read():
    column: list[Any] = [0, 0]
    for _ in range(440):
        column = [8, [0, 0], column]
    block = ["x", 1, 1, [[0, [0, 0]]], [0, 0], [0, "t"], [0, [0, 0]], [0, column, [0, 0], [0, 0]]]
    with pytest.raises(Malformed, match="8 where a number from 0 to 7 belongs"):
        unpack_push([1, [], ["A" * 22], [1, [0, None], [0, 1]], [0, 0], [block]], LANE, 1, lambda places: {})


def test_more_places_than_the_bodies_of_a_batch_could_name_are_refused_before_they_are_looked_for():
    fields = [[field, [7, [0, 1], [3, field * 1000 + 1, 1, 0]]] for field in range(300)]
    block = ["x", 1, 1000, fields, [0, 0], [0, "t"], [0, [0, 0]]]

    def find(places: Any) -> Any:
        raise AssertionError(f"{len(places)} places are looked for")

    with pytest.raises(Malformed, match="209715"):
        unpack_push([1000, [], ["A" * 22], [1, [0, None], [0, 1]], [0, 0], [block]], LANE, 100_000_000, find)


def told(kind: str, first_seq: int) -> list[Edit]:
    """Ten edits of a record that each replace 5,200 others, as an earlier province could tell them."""
    replaced = tuple(f"{number:032x}" for number in range(5200))
    bare = [
        Edit("", LANE, seq, kind, "cd" * 16, 1, "", 1, "t", {NAME: "x"}, {NAME: replaced})
        for seq in range(first_seq, first_seq + 10)
    ]
    return [body.named(edit)[0] for edit in bare]


def test_all_blocks_of_a_batch_together_list_no_more_than_a_batch_may():
    def read(kinds: Sequence[str]) -> int:
        many = [edit for number, kind in enumerate(kinds) for edit in told(kind, 1 + 10 * number)]
        return len(unpack_pull(pack_pull(many, LANE, {}, {}), LANE, lambda places: {}).lines)

    assert read(["set"]) == 10
    with pytest.raises(Malformed):
        read(["set", "attest"])


def by_stick(world: World, place: Place, envelopes: int) -> list[str]:
    """Hand over a bundle that says one request many times; return what it is refused by."""
    (found,) = bundle.split(courier.export(place.laptop))
    parts = bundle.open_push(found, world.province.keys.box_seed)
    label = Label(bundle.PUSH, keys.key_id(world.province.keys.sign_key), place.lane, 1, 1)
    file = bundle.seal(label, parts * envelopes, [world.province.keys.box_key], Chance(9).token_bytes)
    return [remark.refused for remark in postbox.receive(world.province, file).remarks]


def test_a_bundle_of_more_envelopes_than_a_laptop_writes_is_refused_unread(world, melati):
    melati.writer.child("Aminah")
    assert by_stick(world, melati, courier.MOST_PARTS + 1) == ["too_large"]
    assert notebook(world.province.store) == []
    assert by_stick(world, melati, courier.MOST_PARTS) == [""]
    assert [row["name"] for row in notebook(world.province.store)] == ["Aminah"]


def asked_of(world: World, stands: Callable[[Edit], bool]) -> list[int]:
    """Let the province's application refuse some edits; return the list of how many it is asked for, each time."""
    asked: list[int] = []
    apply = world.province.apply

    def picky(store: Any, some: Sequence[Edit]) -> None:
        asked.append(len(some))
        if not all(map(stands, some)):
            raise ValueError("this application cannot stand it")
        apply(store, some)

    world.province = replace(world.province, apply=picky)
    return asked


def written(place: Place, child: str, notes: Sequence[str]) -> None:
    with place.store.write():
        for note in notes:
            edits.record(
                place.store, place.lane, kind="set", entity=child, values={NOTE: note}, author=AMINAH,
                device_time="2026-08-04T00:00:00Z",
            )  # fmt: skip


def test_a_hundred_edits_of_a_record_that_cannot_be_made_are_tried_once_and_flagged_together(world, melati):
    child, other = melati.writer.child("Aminah"), melati.writer.child("Baiq")
    melati.exchange()
    asked = asked_of(world, lambda edit: edit.entity != child)
    written(melati, child, [f"demam {number}" for number in range(100)])
    melati.writer.save({NAME: "Citra"}, other)
    melati.exchange()
    assert asked == [101, 100, 1]
    assert [review.entity for review in reviews.waiting(world.province.store, 200)] == [child] * 100
    assert [row["name"] for row in notebook(world.province.store)].count("Citra") == 1


def test_of_a_few_edits_of_a_record_only_those_are_flagged_that_cannot_be_applied(world, melati):
    child = melati.writer.child("Aminah")
    melati.exchange()
    asked = asked_of(world, lambda edit: edit.values.get(NOTE) != "batuk")
    written(melati, child, ["demam", "batuk", *["sembuh"] * (MOST_TRIED - 2)])
    melati.exchange()
    assert asked == [MOST_TRIED, *[1] * MOST_TRIED]
    assert len(reviews.waiting(world.province.store)) == 1
    assert [row["note"] for row in notebook(world.province.store)] == ["sembuh"]
