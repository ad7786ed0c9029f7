"""A puskesmas PC whose satchel somebody stuffs with bytes of no laptop: honest bundles go on all the same."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from sync import bundle, courier, keys, lanes, postbox, satchel
from sync.bundle import Label
from sync.errors import Unreachable
from tests.sync_relay import Internet, know_each_other, puskesmas_pc, with_relays
from tests.sync_world import Place, World

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world(sync_database) -> World:
    return with_relays()


@pytest.fixture
def pc(world) -> Place:
    return puskesmas_pc(world)


@pytest.fixture
def mawar(world) -> Place:
    return world.laptop("mawar")


def junk(world: World, lane: str, size: int = 1000) -> bytes:
    """Return a bundle of bytes that nobody can read, under the header of a lane."""
    label = Label(bundle.PUSH, keys.key_id(world.province.keys.sign_key), lane, 1, 1)
    return bundle.plain(label, world.chance.token_bytes(size))


def fingerprint(data: bytes) -> str:
    (found,) = bundle.split(data)
    return found.fingerprint


@dataclass
class OncePosted(Internet):
    """An internet that is cut after the first post."""

    posts: int = 0

    def post(self, path: str, body: bytes) -> bytes:
        """Carry the first post only."""
        self.posts += 1
        if self.posts > 1:
            raise Unreachable("cut")
        return super().post(path, body)


def test_the_refusal_of_bytes_under_a_laptops_header_is_not_noted_at_the_laptops_own_bundle(world, pc, mawar):
    mawar.writer.child("Aminah", "mawar")
    honest = courier.export(mawar.laptop)
    before = next(
        made for _ in range(100)
        if fingerprint(made := junk(world, mawar.lane, 1_100_000)) < fingerprint(honest)
    )  # fmt: skip
    satchel.collect(pc.laptop, honest + before)
    with pytest.raises(Unreachable):
        satchel.forward(pc.laptop, OncePosted(world))
    assert sorted(each.refused for each in satchel.carried(pc.store)) == ["", "malformed"]
    satchel.forward(pc.laptop, Internet(world))
    assert lanes.get(world.province.store, mawar.lane).last_seq == 1


def test_both_bundles_under_one_header_in_one_post_hear_what_became_of_each(world, pc, mawar):
    mawar.writer.child("Aminah", "mawar")
    satchel.collect(pc.laptop, courier.export(mawar.laptop) + junk(world, mawar.lane, 5000))
    assert sorted(said.refused for said in satchel.forward(pc.laptop, Internet(world))) == ["", "malformed"]
    assert lanes.get(world.province.store, mawar.lane).last_seq == 1


def test_a_bundle_for_which_the_province_has_no_time_is_passed_on_again(world, pc, mawar):
    def locked(store: Any, lane: str) -> frozenset[str]:
        raise RuntimeError("database is locked")

    mawar.writer.child("Aminah", "mawar")
    satchel.collect(pc.laptop, courier.export(mawar.laptop))
    whole, world.province = world.province, replace(world.province, scope=locked)
    busy = [said.refused for said in satchel.forward(pc.laptop, Internet(world))]
    world.province = whole
    again = [said.refused for said in satchel.forward(pc.laptop, Internet(world))]
    assert (busy, again, satchel.carried(pc.store)) == (["busy"], [""], [])


@pytest.mark.parametrize("bytes_lost", [1, 50])
def test_a_bundle_that_was_cut_on_the_way_is_passed_on_again(world, pc, mawar, bytes_lost):
    class Cutting(Internet):
        def post(self, path, body):
            return super().post(path, body[:-bytes_lost])

    mawar.writer.child("Aminah", "mawar")
    satchel.collect(pc.laptop, courier.export(mawar.laptop))
    cut = [said.refused for said in satchel.forward(pc.laptop, Cutting(world))]
    again = [said.refused for said in satchel.forward(pc.laptop, Internet(world))]
    # The province's note is about the bytes that it got, which are not those that were posted.
    assert (cut, again, satchel.carried(pc.store)) == (["signature"], [""], [])


def test_a_satchel_with_more_than_a_file_may_hold_is_carried_in_several_files(world, pc, mawar):
    mawar.writer.child("Aminah", "mawar")
    honest = courier.export(mawar.laptop)
    for number in range(30):
        satchel.collect(pc.laptop, junk(world, f"{number:032x}", 1_190_000))
    satchel.collect(pc.laptop, honest)
    files = [satchel.for_province(pc.laptop) for _ in range(2)]
    carried = {found.fingerprint for data in files for found in bundle.split(data)}
    assert {len(data) <= bundle.LARGEST_FILE for data in files} == {True}
    assert {each["fingerprint"] for each in pc.store.rows("select fingerprint from satchel")} <= carried
    for data in files:
        postbox.receive(world.province, data)
    assert lanes.get(world.province.store, mawar.lane).last_seq == 1


def test_what_the_pc_could_read_goes_with_the_first_file(world, pc, mawar):
    for number in range(30):
        satchel.collect(pc.laptop, junk(world, f"{number:032x}", 1_190_000))
    know_each_other(world, mawar, pc)
    mawar.writer.child("Aminah", "mawar")
    satchel.collect(pc.laptop, courier.export(mawar.laptop))
    postbox.receive(world.province, satchel.for_province(pc.laptop))
    assert lanes.get(world.province.store, mawar.lane).last_seq == 1


def test_a_file_holds_no_more_bundles_than_the_province_looks_at(world, pc, mawar, monkeypatch):
    monkeypatch.setattr(bundle, "MOST_BUNDLES", 4)
    for number in range(5):
        satchel.collect(pc.laptop, junk(world, f"{number:032x}"))
    files = [list(bundle.split(satchel.for_province(pc.laptop))) for _ in range(3)]
    assert [len(found) for found in files] == [3, 3, 3]
    assert len({found.lane for part in files for found in part}) == 6
