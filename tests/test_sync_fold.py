"""The merge is a function of the set of edits: their order, repeats and parting change nothing."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import body, fold, intake, lanes, log
from sync.body import RETRACTED, Edit
from sync.log import Line
from tests.questions import Listening
from tests.sync_app import (
    AMINAH,
    BAIQ,
    CHILD,
    CITRA,
    FORM,
    NAME,
    NOON,
    NOTE,
    POSYANDU,
    WEIGHT_G,
    apply,
    lane_named,
    new_store,
    notebook,
    writer,
)

pytestmark = pytest.mark.usefixtures("sync_database")

LANES = [lane_named(name) for name in ("satu", "dua", "tiga")]
CEILINGS = dict(zip(LANES, (1, 2, 4), strict=True))
AUTHORS = (AMINAH, BAIQ, CITRA)


def lines_of(edits: Sequence[Edit]) -> list[Line]:
    """Return edits as they come out of a batch."""
    return [Line(edit, text) for edit, text, _ in map(body.named, edits)]


def taken(parts: Sequence[Sequence[Edit]]):
    """Return a store that took the edits in these parts, in this order."""
    store = new_store()
    lanes.open_own(store, lane_named("pembaca"), "sentinel", role="province")
    for part in parts:
        with store.write():
            lanes.add(store, CEILINGS)
            intake.take(store, lines_of(part), NOON, apply, lambda new, known: [])
    return store


def all_of(store) -> list[object]:
    """Return everything that must not depend on order: values, heads, conflicts, the application's rows."""
    entities = [row["entity"] for row in store.rows("select distinct entity from edits order by entity")]
    heads = {
        conflict.field: [head.uid for head in conflict.heads]
        for conflict in fold.conflicts_of(store, entities)
    }
    open_ones = store.rows("select entity, field from conflicts where closed_at is null order by 1, 2")
    rows = store.rows("select * from heads order by 1, 2, 3")
    return [fold.values_of(store, entities), heads, open_ones, rows, notebook(store)]


@st.composite
def worlds(draw) -> list[Edit]:
    """Return edits of a few people who have each seen some of the others' edits, made one after another."""
    made: list[Edit] = []
    seqs = dict.fromkeys(LANES, 0)
    for _ in range(draw(st.integers(1, 10))):
        lane = draw(st.sampled_from(LANES))
        seqs[lane] += 1
        created = [edit.uid for edit in made if edit.kind == "create"]
        entity = draw(st.sampled_from(created)) if created and draw(st.integers(0, 4)) else ""
        author = draw(st.sampled_from(AUTHORS))
        seen = [edit for edit in made if draw(st.booleans()) or edit.uid == entity]
        made.append(_made(draw, lane, seqs[lane], entity, author, seen))
    return made


def _made(draw, lane, seq, entity, author, seen) -> Edit:
    if not entity:
        values = {FORM: CHILD, POSYANDU: "melati", NAME: draw(st.sampled_from("AB"))}
        kind, preds = "create", {}
    else:
        kind = draw(st.sampled_from(["set", "set", "set", "retract", "unretract"]))
        field = st.sampled_from([NAME, WEIGHT_G, NOTE])
        values = draw(st.dictionaries(field, st.sampled_from([None, 1]), min_size=1, max_size=3))
        values = {key: str(value) if value and key != WEIGHT_G else value for key, value in values.items()}
        values = {"retract": {RETRACTED: "salah"}, "unretract": {RETRACTED: None}}.get(kind, values)
        preds = _preds(entity, values, seen)
    edit = Edit("", lane, seq, kind, entity, 1, author.user, author.rank, NOON, values, preds)
    return body.named(edit)[0]


def _preds(entity, values, seen) -> dict[int, tuple[str, ...]]:
    ours = [edit for edit in seen if edit.entity == entity]
    heads = {}
    for field in {field for edit in ours for field in edit.values}:
        replaced = {uid for edit in ours for uid in edit.preds.get(field, ())}
        heads[field] = {edit.uid for edit in ours if field in edit.values} - replaced
    if values.get(RETRACTED):
        heads[RETRACTED] = set().union(*heads.values())
    return {field: tuple(sorted(heads[field])) for field in values if heads.get(field)}


@given(worlds(), st.data())
@settings(max_examples=150, deadline=None)
def test_any_order_any_parting_and_any_repeat_of_the_same_edits_gives_the_same_records(edits, data):
    shuffled = data.draw(st.permutations(edits))
    repeated = shuffled + data.draw(st.lists(st.sampled_from(edits), max_size=4))
    cut = data.draw(st.integers(0, len(repeated)))
    assert all_of(taken([repeated[:cut], repeated[cut:]])) == all_of(taken([edits]))


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_heads_kept_step_by_step_are_those_computed_from_the_whole_log(edits):
    store = taken([[edit] for edit in edits])
    for entity in {edit.entity for edit in edits}:
        ours = [edit for edit in edits if edit.entity == entity]
        expected = {}
        for field in {field for edit in ours for field in edit.values}:
            replaced = {uid for edit in ours for uid in edit.preds.get(field, ())}
            expected[field] = {edit.uid for edit in ours if field in edit.values} - replaced
        lines = fold.history(store, entity)
        shown = {field: {line.edit.uid for line in lines if field in line.current} for field in expected}
        assert shown == expected


@given(worlds())
@settings(max_examples=60, deadline=None)
def test_every_value_ever_said_can_still_be_shown(edits):
    store = taken([edits])
    told = [line.edit for entity in {edit.entity for edit in edits} for line in fold.history(store, entity)]
    assert sorted(told, key=lambda edit: edit.uid) == sorted(edits, key=lambda edit: edit.uid)


def test_a_correction_that_arrives_before_what_it_corrects_wins_in_the_end():
    first = body.named(Edit("", LANES[0], 1, "create", "", 1, "", 1, NOON, {FORM: CHILD, NAME: "A"}, {}))[0]
    second = body.named(
        Edit("", LANES[1], 1, "set", first.uid, 1, "", 1, NOON, {NAME: "B"}, {NAME: (first.uid,)})
    )[0]
    early = taken([[second]])
    assert fold.values(early, first.uid) == {NAME: "B"}
    assert fold.values(taken([[second], [first]]), first.uid) == {FORM: CHILD, NAME: "B"}


def test_a_record_withdrawn_while_another_changed_it_is_shown_with_both():
    first = body.named(Edit("", LANES[0], 1, "create", "", 1, "", 1, NOON, {FORM: CHILD, NAME: "A"}, {}))[0]
    gone = Edit(
        "", LANES[0], 2, "retract", first.uid, 1, "", 1, NOON, {RETRACTED: "salah"}, {RETRACTED: (first.uid,)}
    )
    changed = Edit("", LANES[1], 1, "set", first.uid, 1, "", 2, NOON, {NAME: "B"}, {NAME: (first.uid,)})
    store = taken([[first, body.named(gone)[0], body.named(changed)[0]]])
    (conflict,) = fold.conflicts(store, first.uid)
    assert (conflict.field, [head.value for head in conflict.heads]) == (RETRACTED, ["salah", "B"])
    assert fold.values(store, first.uid) == {FORM: CHILD, NAME: "B", RETRACTED: "salah"}


def test_the_winner_does_not_depend_on_any_clock():
    edits = []
    for lane, time in zip(
        LANES, ("2001-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z"), strict=True
    ):
        edits.append(body.named(Edit("", lane, 1, "set", "ee" * 16, 1, "", 4, time, {NAME: time[:4]}, {}))[0])
    assert fold.values(taken([edits]), "ee" * 16) == {NAME: "2099"}  # the only lane with a ceiling of 4


def test_values_of_a_thousand_records_take_a_handful_of_questions():
    home = writer("melati")
    with home.store.write():
        entities = [home.child(f"Anak {number}") for number in range(1000)]
        for entity in entities[::2]:
            home.save({WEIGHT_G: 8000}, entity)
    listening = Listening(home.store)
    values = fold.values_of(listening, entities)
    assert len(listening.asked) < 10
    assert [WEIGHT_G in values[entity] for entity in entities] == [True, False] * 500


@pytest.mark.parametrize("kind", ["merge", "split", "attest", "something later"])
def test_kinds_of_later_versions_are_kept_and_folded_by_field(kind):
    home = writer("melati")
    child = home.child("Aminah")
    home.save({-9: "f" * 32}, child, kind=kind)
    assert fold.values(home.store, child)[-9] == "f" * 32
    assert log.of_entities(home.store, [child])[1].edit.kind == kind
