"""What waits at the province for what it follows on does not wait for ever: its laptop is perhaps lost."""

from dataclasses import replace
from typing import Any

import pytest

from sync import bundle, courier, devices, postbox, releasing
from tests.sync_world import Place, World, image_of, names

pytestmark = pytest.mark.usefixtures("sync_database")

MONTH_S = bundle.ON_ITS_WAY_S + 1


@pytest.fixture
def world(sync_database) -> World:
    return World()


@pytest.fixture
def lost(world) -> Place:
    """A laptop that gave a stick behind what a restored province has forgotten, and was lost."""
    place = world.laptop("melati")
    place.exchange()
    backup = image_of(world.province.store)
    place.writer.child("Aminah")
    place.exchange()
    world.restore(backup)
    place.writer.child("Baiq")
    postbox.receive(world.province, courier.export(place.laptop))
    return place


@pytest.fixture
def other(world) -> Place:
    place = world.laptop("mawar")
    place.exchange()
    return place


def held(world: World) -> int:
    return int(world.province.store.value("select count(*) from held"))


def waiting(world: World) -> list[tuple[int, str]]:
    sql = "select quarantine_no, reason from quarantine where released_at is null"
    return [(row["quarantine_no"], row["reason"]) for row in world.province.store.rows(sql)]


def test_after_a_month_it_is_kept_though_nobody_brings_what_was_before_it(world, lost, other):
    before = names(world.office), held(world)
    world.clock.wait(MONTH_S)
    postbox.receive(world.province, courier.export(other.laptop))
    assert (before, names(world.office), held(world)) == (([], 1), ["Baiq"], 0)


def test_it_has_no_second_effect_when_the_laptop_is_found_again(world, lost, other):
    world.clock.wait(MONTH_S)
    postbox.receive(world.province, courier.export(other.laptop))
    lost.exchange()
    lost.exchange()
    assert (names(lost), names(world.office)) == (["Aminah", "Baiq"], ["Aminah", "Baiq"])


def test_of_a_laptop_that_is_no_longer_believed_it_waits_for_a_person(world, lost, other):
    devices.revoke(world.province.store, lost.lane, world.clock.now())
    world.clock.wait(MONTH_S)
    postbox.receive(world.province, courier.export(other.laptop))
    assert (held(world), names(world.office), waiting(world)) == (0, [], [(1, "revoked")])


def test_what_a_person_released_without_what_was_before_it_counts_in_the_end(world, lost, other):
    devices.revoke(world.province.store, lost.lane, world.clock.now())
    world.clock.wait(MONTH_S)
    postbox.receive(world.province, courier.export(other.laptop))
    releasing.release(world.province, 1)
    world.clock.wait(MONTH_S)
    postbox.receive(world.province, courier.export(other.laptop))
    assert (held(world), names(world.office), waiting(world)) == (0, ["Baiq"], [])


def test_what_has_waited_for_less_goes_on_waiting(world, lost, other):
    world.clock.wait(MONTH_S // 2)
    postbox.receive(world.province, courier.export(other.laptop))
    assert (held(world), names(world.office)) == (1, [])


def test_what_fails_as_nobody_foresaw_waits_for_a_person_and_stops_no_file(world, lost, other):
    def faulty(store: Any, user: str, since: str | None) -> int | None:
        raise KeyError(user)

    world.province = replace(world.province, rank_of=faulty)
    world.clock.wait(MONTH_S)
    said = postbox.receive(world.province, courier.export(other.laptop)).remarks
    assert ([each.refused for each in said], held(world), waiting(world)) == ([""], 0, [(1, "malformed")])
