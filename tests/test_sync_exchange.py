"""One exchange after another: everything arrives once, whatever the road does, and both ends come to agree."""

import pytest

from sync import client, devices, fold, log, upstream
from sync.client import Outcome
from sync.errors import NotEnrolled, Unreachable
from sync.status import status
from tests.sync_app import CHILD, CITRA, FORM, NAME, NOTE, POSYANDU, WEIGHT_G, notebook
from tests.sync_world import Place, World

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    return world.laptop("melati")


def names(store) -> list[str]:
    return sorted(row["name"] for row in notebook(store))


def test_what_a_laptop_recorded_reaches_the_province_in_one_request(world, melati):
    for name in ("Aminah", "Baiq", "Citra"):
        melati.writer.child(name)
    assert melati.exchange() == Outcome(acknowledged=3, received=0, requests=1)
    assert notebook(world.province.store) == notebook(melati.store)
    assert status(melati.store).acknowledged == 3


def test_nothing_new_is_one_request_and_changes_nothing(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    before = (
        world.province.store.rows("select * from edits"),
        world.province.store.rows("select * from evidence"),
    )
    assert melati.exchange() == Outcome(0, 0, 1)
    assert before == (
        world.province.store.rows("select * from edits"),
        world.province.store.rows("select * from evidence"),
    )


def test_a_lost_request_and_a_lost_answer_leave_every_edit_exactly_once(world, melati):
    melati.road.lose_request = lambda number: number == 1
    melati.road.lose_answer = lambda number: number == 2
    melati.writer.child("Aminah")
    for _ in range(2):
        with pytest.raises(Unreachable):
            melati.exchange()
    melati.writer.child("Baiq")
    outcome = melati.exchange()
    assert (outcome, names(world.province.store)) == (Outcome(2, 0, 1), ["Aminah", "Baiq"])
    assert world.province.store.value("select count(*) from edits") == 2


def test_the_same_bytes_sent_again_have_no_second_effect_and_the_same_acknowledgement(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    tables = ("edits", "feed", "heads", "evidence", "notebook", "lanes", "positions")
    before = {table: world.province.store.rows(f"select * from {table}") for table in tables}
    again = melati.road.post("/v1/s", melati.road.messages[0])
    assert {table: world.province.store.rows(f"select * from {table}") for table in tables} == before
    assert again == melati.road.answers[0].body


def test_a_batch_that_partly_overlaps_what_is_held_is_taken_from_where_it_is_new(world, melati):
    melati.writer.child("Aminah")
    melati.road.lose_answer = lambda number: number == 1
    with pytest.raises(Unreachable):
        melati.exchange()
    melati.writer.child("Baiq")
    melati.exchange()
    assert [edit.values[NAME] for edit in log.stretch(world.province.store, melati.writer.lane, 1, 9)] == [
        "Aminah",
        "Baiq",
    ]


def test_another_laptop_of_the_same_posyandu_receives_what_the_first_one_sent(world, melati):
    mawar = world.laptop("melati")
    child = melati.writer.child("Aminah")
    melati.writer.save({WEIGHT_G: 8200}, child)
    melati.exchange()
    assert mawar.exchange() == Outcome(0, 2, 1)
    assert notebook(mawar.store) == notebook(melati.store)
    assert mawar.exchange() == Outcome(0, 0, 1)


def test_a_laptop_receives_nothing_of_another_posyandu(world, melati):
    mawar = world.laptop("mawar")
    melati.writer.child("Aminah", "melati")
    melati.exchange()
    mawar.exchange()
    assert notebook(mawar.store) == []


def test_a_child_that_moves_brings_its_whole_history_and_its_old_posyandu_hears_of_the_move(world, melati):
    mawar = world.laptop("mawar")
    child = melati.writer.child("Dedi")
    melati.writer.save({WEIGHT_G: 9000}, child)
    melati.exchange()
    mawar.exchange()
    with world.province.store.write():
        world.office.save({POSYANDU: "mawar"}, child, author=CITRA)
    mawar.exchange()
    melati.exchange()
    expected = [
        {
            "entity": child,
            "name": "Dedi",
            "weight_g": 9000,
            "posyandu": "mawar",
            "note": None,
            "withdrawn": None,
        }
    ]
    assert (notebook(mawar.store), notebook(melati.store)) == (expected, expected)
    assert len(fold.history(mawar.store, child)) == 3


def test_after_a_move_the_old_posyandu_hears_nothing_more(world, melati):
    child = melati.writer.child("Dedi")
    melati.exchange()
    world.office.save({POSYANDU: "mawar"}, child, author=CITRA)
    melati.exchange()
    world.office.save({NOTE: "rahasia"}, child, author=CITRA)
    assert melati.exchange().received == 0


def test_a_field_that_nobody_here_knows_arrives_untouched(world, melati):
    mawar = world.laptop("melati")
    values = {FORM: CHILD, NAME: "Aminah", POSYANDU: "melati", 90_001: "kolom baru", 90_002: -3, 90_003: None}
    child = melati.writer.save(values)
    melati.exchange()
    mawar.exchange()
    assert fold.values(mawar.store, child) == values


def test_more_than_one_batch_is_sent_in_several_requests_at_once(world, melati):
    with melati.store.write():
        for number in range(1, 1203):
            melati.writer.child(f"Anak {number}")
    assert melati.exchange() == Outcome(1202, 0, 2)
    mawar = world.laptop("melati")
    assert mawar.exchange() == Outcome(0, 1202, 2)
    assert notebook(mawar.store) == notebook(melati.store)


def test_after_a_cut_the_next_batch_is_half_as_large_and_grows_again(world, melati):
    melati.writer.child("Aminah")
    melati.road.lose_request = lambda number: number <= 6
    for _ in range(6):
        with pytest.raises(Unreachable):
            melati.exchange()
    smallest = upstream.state(melati.store).batch_bytes
    melati.exchange()
    assert (smallest, upstream.state(melati.store).batch_bytes) == (2048, 2048 + 4096)


def test_no_network_is_a_clear_error_and_the_next_try_is_kept(melati):
    melati.road.lose_request = lambda number: True
    melati.writer.child("Aminah")
    with pytest.raises(Unreachable):
        melati.exchange()
    told = status(melati.store)
    assert (told.recorded, told.acknowledged, told.last_error) == (1, 0, "unreachable")
    assert told.next_try_at is not None
    assert not upstream.is_due(melati.store, melati.clock.now())
    melati.clock.wait(30)
    assert upstream.is_due(melati.store, melati.clock.now())


def test_a_success_clears_the_error(melati):
    melati.road.lose_request = lambda number: number == 1
    with pytest.raises(Unreachable):
        melati.exchange()
    melati.exchange()
    told = status(melati.store)
    assert (told.last_error, told.next_try_at) == (None, None)


def test_a_laptop_without_a_certificate_says_so_and_everything_else_goes_on(world):
    place = world.new_laptop("melati")
    place.writer.child("Aminah")
    with pytest.raises(NotEnrolled):
        place.exchange()
    assert (names(place.store), status(place.store).last_error) == (["Aminah"], "not_enrolled")


def test_a_laptop_clock_years_away_changes_nothing_but_the_offset_that_is_told(world, melati):
    melati.clock.time = "2009-01-01T00:00:00Z"
    melati.writer.child("Aminah")
    melati.exchange()
    melati.writer.child("Baiq")
    melati.exchange()
    told = devices.find(world.province.store, melati.writer.lane).clock_offset_s
    assert told == status(melati.store).clock_offset_s < -17 * 365 * 24 * 3600
    assert names(world.province.store) == ["Aminah", "Baiq"]


def test_a_laptop_with_wider_areas_receives_what_it_missed(world, melati):
    world.office.child("Dedi", "mawar")
    melati.exchange()
    world.scopes[melati.writer.lane] = frozenset(["melati", "mawar"])
    melati.exchange()
    assert (names(melati.store), upstream.scope(melati.store)) == (["Dedi"], {"melati", "mawar"})


def test_an_old_program_may_always_send_but_not_receive(world, melati):
    world.office.child("Dedi")
    object.__setattr__(world.province, "min_version", "0.2.0")
    melati.writer.child("Aminah")
    assert melati.exchange() == Outcome(1, 0, 1)
    assert melati.store.value("select min_version from sync_upstream") == "0.2.0"


def test_an_answer_to_a_state_that_is_no_longer_ours_changes_nothing(world, melati):
    melati.writer.child("Aminah")
    carry = melati.road.post

    def slowly(path, body):
        answer = carry(path, body)
        with melati.store.write():
            melati.store.run("update sync_upstream set cursor_n = 99")
        return answer

    melati.road.post = slowly
    assert client.exchange(melati.laptop).acknowledged == 0
    assert status(melati.store).acknowledged == 0
