"""What is said of one record or area says nothing of another: what an edit replaces, what follows a child, what was read."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from siposyandu.store import open_store
from sync import body, fold, intake, lanes, migrations
from sync.body import Edit
from sync.log import Line
from sync.simulate.notebook import furnish
from tests.sync_app import (
    AMINAH,
    CHILD,
    FORM,
    NAME,
    NOON,
    POSYANDU,
    apply,
    lane_named,
    new_store,
    notebook,
)

pytestmark = pytest.mark.usefixtures("sync_database")

HONEST, LIAR = lane_named("jujur"), lane_named("bohong")
BEFORE_S020 = """create table awaited_before (uid text not null, field integer not null, asked_by text,
    primary key (uid, field)) strict, without rowid"""


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
