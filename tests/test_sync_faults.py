"""Copies, restores, revocations and late messages: named, harmless, and nothing lost."""

import pytest

from sync import devices, edits, fold, reviews, upstream
from sync.client import Outcome
from sync.errors import Refused, Unreachable
from sync.status import status
from tests.sync_app import AMINAH, CHILD, FORM, NAME, NOTE, POSYANDU, notebook
from tests.sync_world import Place, World, image_of

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


def names(store) -> list[str]:
    return sorted(row["name"] for row in notebook(store))


def test_a_record_the_application_cannot_apply_is_kept_acknowledged_and_flagged_on_both_ends(world, melati):
    melati.writer.child("Aminah")
    with melati.store.write():
        edits.record(
            melati.store, melati.writer.lane, kind="create", entity=None, values={FORM: CHILD, NOTE: "poison"},
            author=AMINAH, device_time="2026-08-04T00:00:00Z",
        )  # fmt: skip
    melati.writer.child("Citra")
    assert melati.exchange() == Outcome(3, 0, 1)
    assert names(world.province.store) == ["Aminah", "Citra"]
    assert [
        [review.problem for review in reviews.waiting(store)]
        for store in (world.province.store, melati.store)
    ] == [["ValueError: this application cannot stand the word poison"]] * 2


def test_a_province_restored_from_a_backup_is_sent_everything_again(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    backup = image_of(world.province.store)
    melati.writer.child("Baiq")
    melati.exchange()
    world.restore(backup)
    melati.writer.child("Citra")
    melati.exchange()
    assert (names(world.province.store), status(melati.store).acknowledged) == (
        ["Aminah", "Baiq", "Citra"],
        3,
    )


def test_what_the_province_forgot_is_spelled_out_and_nothing_written_since_takes_its_number(world, melati):
    before = image_of(world.province.store)
    child = world.office.child("Dedi")
    melati.exchange()
    world.restore(before)
    melati.writer.save({NOTE: "demam"}, child)
    other = world.office.child("Eka")
    assert melati.exchange() == Outcome(acknowledged=2, received=1, requests=4)
    assert fold.values(world.province.store, child)[NOTE] == "demam"
    assert fold.values(melati.store, child)[NAME] == "Dedi"
    assert fold.values(melati.store, other)[NAME] == "Eka"


def test_a_laptop_is_asked_no_more_than_once_to_spell_and_then_goes_on_as_before(world, melati):
    before = image_of(world.province.store)
    child = world.office.child("Dedi")
    melati.exchange()
    world.restore(before)
    melati.writer.save({NOTE: "demam"}, child)
    melati.exchange()
    melati.writer.save({NOTE: "sembuh"}, child)
    assert melati.exchange().acknowledged == 1
    assert not upstream.state(melati.store).spell


def test_a_visit_told_before_the_child_it_names_is_asked_for_again_in_full(world):
    child = world.office.child("Dedi", "mawar")
    world.office.save({FORM: CHILD, NAME: "kunjungan", POSYANDU: "melati", NOTE: child})
    for number in range(1100):
        world.office.child(f"Anak {number}")
    world.office.save({POSYANDU: "melati"}, child)
    melati = world.laptop("melati")
    assert melati.exchange().received == 1103
    assert notebook(melati.store) == notebook(world.province.store)


def test_an_old_message_that_comes_late_has_no_effect_and_is_no_alarm(world, melati):
    for name in ("Aminah", "Baiq", "Citra"):
        melati.writer.child(name)
        melati.exchange()
    before = world.province.store.rows("select * from edits"), devices.everyone(world.province.store)
    melati.road.post("/v1/s", melati.road.messages[0])
    assert melati.road.answers[-1].refused == ""
    assert before == (
        world.province.store.rows("select * from edits"),
        devices.everyone(world.province.store),
    )


def test_what_a_revoked_laptop_sends_is_kept_apart_and_not_applied(world, melati):
    devices.revoke(world.province.store, melati.writer.lane, world.clock.now())
    melati.writer.child("Dedi")
    with pytest.raises(Refused) as refusal:
        melati.exchange()
    assert refusal.value.code == "revoked"
    assert world.province.store.rows("select reason from quarantine") == [{"reason": "revoked"}]
    assert names(world.province.store) == []


def test_a_batch_that_comes_too_early_is_held_until_the_gap_closes(world, melati):
    late, early = [], []
    melati.writer.child("Aminah")
    melati.road.lose_request = lambda number: True
    with pytest.raises(Unreachable):
        melati.exchange()
    late += melati.road.messages
    with melati.store.write():
        melati.store.run("update sync_upstream set ack = 1")
    melati.writer.child("Baiq")
    with pytest.raises(Unreachable):
        melati.exchange()
    early += melati.road.messages[1:]
    melati.road.lose_request = lambda number: False
    for message in (*early, *late):
        melati.road.post("/v1/s", message)
    assert names(world.province.store) == ["Aminah", "Baiq"]
    assert world.province.store.rows("select * from held") == []


def test_a_province_restored_to_before_the_enrolment_learns_the_laptop_from_its_certificate(world, melati):
    melati.writer.child("Aminah")
    for table in ("devices", "enrolment_codes"):
        with world.province.store.write():
            world.province.store.run(f"delete from {table}")
    assert melati.exchange().acknowledged == 1
