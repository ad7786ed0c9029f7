"""Laptops that were copied, restored or installed anew: each goes on in a lane of its own, and nothing is lost."""

import pytest

from sync import arrivals, certificates, devices, enrolment, joining, log, messages, notices, releasing
from sync.client import Outcome
from sync.errors import BadSignature, NotEnrolled, Refused, Unreachable
from sync.status import status
from tests.sync_app import notebook
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


def settled(world: World, *places: Place) -> list[list[str]]:
    """Let everyone exchange until nothing is new; return the names each holds, the province's last."""
    for place in (*places, *places, *places):
        place.exchange()
    return [names(store) for store in (*(place.store for place in places), world.province.store)]


def told(store) -> list[tuple[str, str]]:
    return [(notice.kind, notice.detail) for notice in notices.waiting(store)]


def unanswered_twin(melati, name) -> Place:
    """Return a copy of a laptop that has gone on with Citra; it has sent a child of its own, and lost the refusal."""
    clone = melati.clone()
    melati.writer.child("Citra")
    melati.exchange()
    clone.writer.child(name)
    clone.road.lose_answer = lambda number: number > 1
    with pytest.raises(Unreachable):
        clone.exchange()
    return clone


def test_two_laptops_from_one_image_both_keep_what_was_written_and_come_to_agree(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    clone = melati.clone()
    melati.writer.child("Baiq")
    melati.exchange()
    clone.writer.child("Citra")
    clone.writer.child("Dedi")
    clone.exchange()
    assert settled(world, melati, clone) == [["Aminah", "Baiq", "Citra", "Dedi"]] * 3
    assert len({melati.lane, clone.lane, melati.writer.lane}) == 3


def test_what_is_written_again_in_the_new_lane_keeps_its_uid_and_says_where_it_was_first_written(
    world, melati
):
    clone = melati.clone()
    melati.writer.child("Baiq")
    melati.exchange()
    citra = clone.writer.child("Citra")
    clone.exchange()
    (kept,) = [found.edit for found in log.of_entities(world.province.store, [citra])]
    assert (kept.uid, kept.lane, kept.seq, kept.origin) == (citra, clone.lane, 1, (melati.writer.lane, 1))


def test_the_administrator_is_told_and_the_old_lane_is_closed(world, melati):
    clone = melati.clone()
    melati.writer.child("Baiq")
    melati.exchange()
    clone.writer.child("Citra")
    clone.exchange()
    old = devices.find(world.province.store, melati.writer.lane)
    new = devices.find(world.province.store, clone.lane)
    assert told(world.province.store) == told(clone.store) == [("succeeded", "fork")]
    assert (old.closed_at, new.succeeds, new.closed_at) == (world.clock.now(), old.lane, None)
    assert (new.area, new.label, new.rank_ceiling) == (old.area, old.label, old.rank_ceiling)


def test_the_twin_that_was_not_found_out_also_leaves_the_lane_that_both_had(world, melati):
    clone = melati.clone()
    melati.writer.child("Baiq")
    melati.exchange()
    clone.writer.child("Citra")
    clone.exchange()
    melati.writer.child("Dedi")
    assert melati.exchange().acknowledged == 1
    assert melati.lane not in (melati.writer.lane, clone.lane)
    assert told(melati.store) == [("succeeded", "closed")]
    assert melati.exchange() == Outcome(0, 0, 1)


def test_what_waits_in_quarantine_because_a_lane_went_on_otherwise_can_be_released(world, melati):
    clone = unanswered_twin(melati, "Aminah")
    envelope = messages.open_envelope(clone.road.messages[1])
    province = world.province
    arrivals.quarantine(
        province.store, devices.find(province.store, melati.lane), envelope, "fork", province.clock.now()
    )
    releasing.release(province, province.store.value("select quarantine_no from quarantine"))
    assert names(province.store) == ["Aminah", "Citra"]


def test_a_laptop_whose_database_was_put_back_begins_a_new_lane_before_the_first_edit(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    image = melati.image()
    melati.writer.child("Baiq")
    melati.exchange()
    restored = melati.from_image(image)
    restored.open()
    restored.writer.child("Citra")
    assert (restored.lane != melati.writer.lane, told(restored.store)) == (True, [("succeeded", "restored")])
    assert settled(world, restored) == [["Aminah", "Baiq", "Citra"]] * 2


def test_a_database_put_back_while_the_program_runs_is_noticed_at_the_next_exchange(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    image = melati.image()
    melati.writer.child("Baiq")
    melati.exchange()
    restored = melati.from_image(image)
    restored.writer.child("Citra")
    assert settled(world, restored) == [["Aminah", "Baiq", "Citra"]] * 2


def test_what_the_copy_had_not_sent_and_the_province_had_already_counts_once(world, melati):
    melati.writer.child("Aminah")
    melati.road.lose_answer = lambda number: True
    with pytest.raises(Unreachable):
        melati.exchange()
    image = melati.image()
    melati.writer.child("Baiq")
    with pytest.raises(Unreachable):
        melati.exchange()
    melati.road.lose_answer = lambda number: False
    restored = melati.from_image(image)
    restored.open()
    restored.writer.child("Citra")
    assert settled(world, restored) == [["Aminah", "Baiq", "Citra"]] * 2
    assert world.province.store.value("select count(*) from edits") == 3


def test_a_copy_that_holds_everything_that_ever_left_is_no_alarm(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    again = melati.from_image(melati.image())
    again.writer.child("Baiq")
    again.exchange()
    assert (again.lane, told(again.store)) == (melati.writer.lane, [])


def test_a_laptop_that_was_cloned_and_has_written_nothing_sees_that_it_is_behind(world, melati):
    clone = melati.clone()
    melati.writer.child("Baiq")
    melati.exchange()
    clone.exchange()
    assert (told(clone.store), names(clone.store)) == ([("succeeded", "behind")], ["Baiq"])


def test_a_database_without_its_keys_goes_on_working_and_asks_for_a_code(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    melati.writer.child("Baiq")
    moved = opened_elsewhere(melati)
    moved.open()
    moved.writer.child("Citra")
    with pytest.raises(NotEnrolled):
        moved.exchange()
    assert (status(moved.store).enrolled, status(moved.store).last_error) == (False, "not_enrolled")
    joining.enrol(moved.laptop, world.code())
    assert settled(world, moved) == [["Aminah", "Baiq", "Citra"]] * 2


def opened_elsewhere(place: Place) -> Place:
    """Return the laptop's database on a machine that has other keys."""
    bare = place.road.world.new_laptop("melati")
    return bare.from_image(place.image())


def test_a_laptop_installed_anew_beside_its_old_keys_begins_a_new_lane_and_is_told_everything(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    bare = world.new_laptop("melati")
    melati.drawer.text, bare.drawer.text = None, melati.drawer.text
    anew = bare.from_image(image_of(world.new_laptop().store))
    with anew.store.write():
        for table in ("sync_self", "lanes"):
            anew.store.run(f"delete from {table}")
    anew.open()
    joining.enrol(anew.laptop, world.code())
    anew.writer = type(anew.writer)(anew.store, anew.lane)
    anew.writer.child("Baiq")
    assert settled(world, anew) == [["Aminah", "Baiq"]] * 2


def test_nothing_received_is_shown_as_not_received_because_a_lane_began_anew(world, melati):
    for name in ("Aminah", "Baiq"):
        melati.writer.child(name)
    melati.exchange()
    clone = unanswered_twin(melati, "Dedi")
    before = status(clone.store)
    clone.road.lose_answer = lambda number: False
    clone.exchange()
    after = status(clone.store)
    assert [(told.recorded, told.acknowledged) for told in (before, after)] == [(3, 2), (3, 3)]


def test_what_was_received_stays_shown_when_an_answer_on_its_way_tells_of_a_twin(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    clone = melati.clone()
    clone.writer.child("Citra")
    clone.exchange()

    def types_while_it_is_on_its_way(number: int) -> bool:
        melati.writer.child("Baiq")
        melati.road.lose_request = lambda number: True
        return False

    melati.road.lose_answer = types_while_it_is_on_its_way
    with pytest.raises(Unreachable):
        melati.exchange()
    shown = status(melati.store)
    melati.road.lose_answer = melati.road.lose_request = lambda number: False
    assert (shown.acknowledged, shown.recorded, told(melati.store)) == (1, 2, [("succeeded", "fork")])
    assert settled(world, melati, clone) == [["Aminah", "Baiq", "Citra"]] * 3


def test_a_laptop_copied_again_and_again_hands_over_each_time(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    place = melati
    for number in range(4):
        image = place.image()
        place.writer.child(f"Anak {number}")
        place.exchange()
        place = place.from_image(image)
        place.open()
    assert settled(world, place) == [["Aminah", "Anak 0", "Anak 1", "Anak 2", "Anak 3"]] * 2
    assert len(devices.everyone(world.province.store)) == 5


def test_a_laptop_restored_twice_without_a_signal_hands_over_from_the_lane_the_province_knows(world, melati):
    melati.writer.child("Aminah")
    melati.exchange()
    first = melati.image()
    melati.writer.child("Baiq")
    melati.exchange()
    once = melati.from_image(first)
    once.open()
    once.writer.child("Citra")
    twice = melati.from_image(first)
    twice.open()
    twice.writer.child("Dedi")
    assert settled(world, twice) == [["Aminah", "Baiq", "Dedi"]] * 2
    assert devices.find(world.province.store, twice.lane).succeeds == melati.writer.lane


def test_a_page_that_was_open_when_the_lane_ended_writes_in_the_new_one(world, melati):
    clone = melati.clone()
    melati.writer.child("Aminah")
    melati.exchange()
    clone.writer.child("Baiq")
    clone.exchange()
    clone.writer.child("Citra")
    assert (clone.writer.lane, clone.writer.written[-1].lane) == (melati.writer.lane, clone.lane)
    assert clone.exchange().acknowledged == 1


def test_the_answer_to_a_handover_may_be_lost(world, melati):
    clone = melati.clone()
    melati.writer.child("Aminah")
    melati.exchange()
    clone.writer.child("Baiq")
    carry = clone.road.post
    lost = []

    def once(path, body):
        reply = carry(path, body)
        if path == "/v1/enrol" and not lost:
            lost.append(reply)
            raise Unreachable("lost on the way back")
        return reply

    clone.road.post = once
    with pytest.raises(Unreachable):
        clone.exchange()
    assert settled(world, melati, clone) == [["Aminah", "Baiq"]] * 3
    assert len(devices.everyone(world.province.store)) == 3


def test_a_revoked_laptop_cannot_go_on_in_a_new_lane(world, melati):
    clone = melati.clone()
    melati.writer.child("Aminah")
    melati.exchange()
    clone.writer.child("Baiq")
    clone.road.lose_answer = lambda number: True
    with pytest.raises(Unreachable):
        clone.exchange()
    clone.road.lose_answer = lambda number: False
    devices.revoke(world.province.store, melati.writer.lane, world.clock.now())
    with pytest.raises(Refused) as refusal:
        clone.exchange()
    assert (refusal.value.code, names(world.province.store)) == ("revoked", ["Aminah"])


def test_a_province_that_forgot_the_old_lane_learns_it_from_its_certificate(world, melati):
    image = melati.image()
    melati.writer.child("Aminah")
    melati.exchange()
    restored = melati.from_image(image)
    restored.open()
    with world.province.store.write():
        world.province.store.run("delete from devices")
    assert settled(world, restored) == [["Aminah"]] * 2


def test_a_laptop_put_back_twice_hands_over_though_the_province_forgot_all_but_its_first_lane(world, melati):
    image, forgetful = melati.image(), image_of(world.province.store)
    melati.writer.child("Aminah")
    melati.exchange()
    once = melati.from_image(image)
    once.open()
    once.exchange()
    twice = melati.from_image(image)
    world.restore(forgetful)
    assert settled(world, twice)[1] == []
    assert devices.find(world.province.store, twice.lane).succeeds == once.lane


@pytest.mark.parametrize("part", ["follows", "sign_key", "box_key", "handover", "proof"])
def test_a_handover_with_a_part_of_another_laptop_is_refused_and_changes_nothing(world, melati, part):
    said, theirs = handover(melati), handover(world.laptop("mawar"))
    with pytest.raises(BadSignature):
        enrolment.redeem(world.province, said | {part: theirs[part]})
    assert len(devices.everyone(world.province.store)) == 2
    enrolment.redeem(world.province, said)
    assert len(devices.everyone(world.province.store)) == 3


def handover(place: Place) -> dict[str, str]:
    """Return what a laptop says to go on in a new lane."""
    return certificates.ask_to_follow(place.laptop.ring.fresh()) | {"why": ""}
