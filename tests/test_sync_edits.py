"""The log: what an edit is, how it is named, and how the latest values of a record are found."""

import pytest

from sync import body, fold, lanes, log
from sync.body import RETRACTED, Edit
from sync.errors import BadEdit
from tests.sync_app import (
    AMINAH,
    BAIQ,
    CHILD,
    FORM,
    NAME,
    NOON,
    NOTE,
    POSYANDU,
    WEIGHT_G,
    Writer,
    writer,
)

pytestmark = pytest.mark.usefixtures("sync_database")

GOLDEN = Edit(
    uid="", lane="00" * 15 + "01", seq=7, kind="create", entity="", schema_version=1, user="ab" * 16, rank=1,
    device_time="2009-01-01T00:00:00Z", values={12: 8200, 0: 3, 11: "Baiq Désa"}, preds={},
)  # fmt: skip


@pytest.fixture
def laptop() -> Writer:
    return writer("melati")


def test_the_canonical_body_of_a_create_is_written_exactly_so():
    assert body.encode(GOLDEN) == (
        '["create",null,1,["q6urq6urq6urq6urq6urqw",1],"2009-01-01T00:00:00Z",[[0,3],[11,"Baiq Désa"],[12,8200]],[]]'
    )


def test_the_uid_of_a_create_is_its_record_id_and_never_changes_between_versions():
    edit, _, fingerprint = body.named(GOLDEN)
    expected = "6b08210d93e4289231d0a659cb9607b5882a1d50d92a201542a22f24940c7a23"
    assert (edit.uid, edit.entity, fingerprint.hex()) == (expected[:32], expected[:32], expected)


def test_the_body_of_a_set_names_the_record_and_what_it_replaced():
    record = "0123456789abcdef0123456789abcdef"
    edit = Edit("", "00" * 16, 2, "set", record, 1, "", 0, NOON, {12: None}, {12: ("ff" * 16, "00" * 16)})
    assert body.encode(edit) == (
        '["set","ASNFZ4mrze8BI0VniavN7w",1,[null,0],"2026-08-04T04:00:00Z",[[12,null]],'
        '[[12,["AAAAAAAAAAAAAAAAAAAAAA","_____________________w"]]]]'
    )


def test_the_chain_of_a_lane_is_made_from_its_name_and_every_edit():
    link = body.first_link("00" * 15 + "01")
    assert [link.hex(), body.next_link(link, bytes(32)).hex()] == [
        "28a215cb1f050425eb6acf12d7aff3a8ca45bd16be01d9524343a6a205e42241",
        "81c7a552c3db67481385188307ff2519a72ed1f5a7837026484dc4aa9eb3c4eb",
    ]


def test_what_was_recorded_can_be_read_back_whole(laptop):
    entity = laptop.save({FORM: CHILD, NAME: "Aminah", WEIGHT_G: 8200, NOTE: None})
    laptop.save({WEIGHT_G: 8300}, entity, author=BAIQ)
    kept = [found.edit for found in log.of_entities(laptop.store, [entity])]
    assert kept == laptop.written
    assert kept[1].preds == {WEIGHT_G: (entity,)}


def test_a_corrected_field_shows_the_new_value_and_the_history_both(laptop):
    entity = laptop.save({FORM: CHILD, NAME: "Aminah", WEIGHT_G: 8200})
    laptop.save({WEIGHT_G: 8300}, entity, author=BAIQ)
    told = [(line.edit.values, line.edit.user, line.current) for line in fold.history(laptop.store, entity)]
    assert fold.values(laptop.store, entity) == {FORM: CHILD, NAME: "Aminah", WEIGHT_G: 8300}
    assert told == [
        ({FORM: CHILD, NAME: "Aminah", WEIGHT_G: 8200}, AMINAH.user, {FORM, NAME}),
        ({WEIGHT_G: 8300}, BAIQ.user, {WEIGHT_G}),
    ]


def test_a_field_set_for_the_first_time_later_replaces_nothing(laptop):
    entity = laptop.child("Baiq")
    laptop.save({NOTE: "demam", NAME: "Baiq Citra"}, entity)
    assert laptop.written[1].preds == {NAME: (entity,)}
    assert fold.values(laptop.store, entity) == {
        FORM: CHILD,
        NAME: "Baiq Citra",
        POSYANDU: "melati",
        NOTE: "demam",
    }


def test_a_withdrawn_record_says_why_and_can_stand_again(laptop):
    entity = laptop.child("Citra")
    laptop.save({RETRACTED: "salah catat"}, entity, kind="retract")
    withdrawn = fold.values(laptop.store, entity)
    laptop.save({RETRACTED: None}, entity, kind="unretract")
    assert withdrawn == {FORM: CHILD, NAME: "Citra", POSYANDU: "melati", RETRACTED: "salah catat"}
    assert fold.values(laptop.store, entity) == {FORM: CHILD, NAME: "Citra", POSYANDU: "melati"}
    assert fold.conflicts(laptop.store, entity) == []


def test_a_record_without_a_second_edit_costs_no_head_row(laptop):
    for name in ("Aminah", "Baiq", "Citra"):
        laptop.child(name)
    assert laptop.store.rows("select * from heads") == []


def test_values_of_an_unknown_record_are_empty(laptop):
    assert fold.values(laptop.store, "00" * 16) == {}


@pytest.mark.parametrize("value", [8.2, True, 2**53, "\ud800", b"8", ["8"]])
def test_a_value_that_cannot_travel_exactly_is_refused(laptop, value):
    with pytest.raises(BadEdit):
        laptop.save({FORM: CHILD, WEIGHT_G: value})
    assert lanes.get(laptop.store, laptop.lane).last_seq == 0


def test_an_edit_of_something_that_is_not_an_id_is_refused(laptop):
    with pytest.raises(BadEdit):
        laptop.save({NAME: "Dedi"}, "not-an-id")


def test_a_rolled_back_save_leaves_no_gap_in_the_lane(laptop):
    laptop.child("Aminah")
    with pytest.raises(ValueError, match="poison"):
        laptop.child("Citra", note="poison")
    laptop.child("Baiq")
    assert [edit.seq for edit in log.stretch(laptop.store, laptop.lane, 1, 10)] == [1, 2]
