"""One key begins no lanes without end: a dozen a day are granted, whoever asks, and the keepers of its area are told."""

import json
from dataclasses import replace

import pytest

from sync import certificates, devices, instants, keys, notices, succession
from sync.errors import Refused
from sync.keys import Keys
from tests.sync_app import notebook
from tests.sync_world import Place, World, enrolled_by

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def melati(world) -> Place:
    place = world.laptop("melati")
    place.exchange()
    return place


def begin_anew(world: World, old: Keys) -> tuple[Keys, dict[str, str]]:
    """Ask for a lane that follows on a key's own; return the new keys and what the province says."""
    new = replace(
        keys.make(world.chance.token_bytes), former_seed=old.sign_seed, former_certificate=old.certificate
    )
    asked = certificates.ask_to_follow(new) | {"why": "fork"}
    said = json.loads(enrolled_by(world.province, json.dumps(asked).encode()))
    return replace(new, certificate=bytes.fromhex(said.get("certificate", ""))), said


def kinds(world: World) -> list[str]:
    return [told.kind for told in notices.waiting(world.province.store)]


def test_a_key_begins_a_dozen_lanes_a_day_and_the_next_tomorrow(world, melati):
    old = melati.laptop.keys
    today = [begin_anew(world, old)[1] for _ in range(succession.MOST_A_DAY + 2)]
    world.clock.wait(instants.DAY_S)
    _, tomorrow = begin_anew(world, old)
    refused = [said.get("refused", "") for said in (*today, tomorrow)]
    assert refused == [*[""] * succession.MOST_A_DAY, "too_many_lanes", "too_many_lanes", ""]
    assert len(devices.everyone(world.province.store)) == 1 + succession.MOST_A_DAY + 1
    assert kinds(world) == ["succeeded", "many_lanes"]


def test_a_chain_of_keys_each_of_which_hands_over_to_the_next_has_the_same_end(world, melati):
    key, refused = melati.laptop.keys, []
    while not refused:
        key, said = begin_anew(world, key)
        refused = [said["refused"]] if "refused" in said else []
    assert (refused, len(devices.everyone(world.province.store))) == (
        ["too_many_lanes"], 1 + succession.MOST_A_DAY
    )  # fmt: skip


def test_a_lane_that_was_granted_is_told_again_however_many_there_are(world, melati):
    old = melati.laptop.keys
    asked = []
    for _ in range(succession.MOST_A_DAY):
        new = replace(keys.make(world.chance.token_bytes), former_seed=old.sign_seed)
        asked.append(json.dumps(certificates.ask_to_follow(new) | {"why": "fork"}).encode())
    first, second = ([enrolled_by(world.province, each) for each in asked] for _ in range(2))
    assert [json.loads(each)["certificate"] for each in first] == [
        json.loads(each)["certificate"] for each in second
    ]


def test_other_laptops_are_not_held_up(world, melati):
    other = world.laptop("melati")
    for _ in range(succession.MOST_A_DAY + 1):
        begin_anew(world, melati.laptop.keys)
    assert "certificate" in begin_anew(world, other.laptop.keys)[1]


def test_an_honest_copy_that_must_wait_goes_on_tomorrow_with_all_it_wrote(world, melati):
    clone = melati.clone()
    melati.writer.child("Aminah")
    melati.exchange()
    for _ in range(succession.MOST_A_DAY):
        begin_anew(world, melati.laptop.keys)
    clone.writer.child("Baiq")
    with pytest.raises(Refused, match="too_many_lanes"):
        clone.exchange()
    clone.writer.lane = clone.lane
    clone.writer.child("Citra")
    world.clock.wait(instants.DAY_S)
    clone.exchange()
    assert {row["name"] for row in notebook(world.province.store)} == {"Aminah", "Baiq", "Citra"}


def test_lanes_that_began_while_the_provinces_clock_stood_ahead_hold_nobody_up_for_years(world, melati):
    right = world.clock.time
    world.clock.time = "2041-01-01T00:00:00Z"
    for _ in range(succession.MOST_A_DAY):
        begin_anew(world, melati.laptop.keys)
    world.clock.time = right
    world.clock.wait(instants.DAY_S)
    _, said = begin_anew(world, melati.laptop.keys)
    assert "certificate" in said
