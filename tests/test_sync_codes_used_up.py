"""A code that has served serves nobody else, and no text that a database cannot hold gets past the door with one."""

import json

import pytest

from sync import certificates, enrolment, joining, keys, paper
from sync.errors import BadCode, Malformed
from tests.sync_world import World

pytestmark = pytest.mark.usefixtures("sync_database")

ODD = ["Axioo\ud800", "Axioo\0"]


@pytest.fixture
def world() -> World:
    return World()


def test_a_code_that_a_laptop_enrolled_before_has_used_is_refused_to_any_other(world: World) -> None:
    melati, code = world.laptop("melati"), world.code()
    joining.enrol(melati.laptop, code)
    joining.enrol(melati.laptop, code)
    with pytest.raises(BadCode):
        joining.enrol(world.new_laptop("melati").laptop, code)


@pytest.mark.parametrize("machine", ODD)
def test_a_machines_name_that_no_database_holds_is_refused_over_a_network(world: World, machine: str) -> None:
    asked = certificates.ask(world.code(), world.new_laptop("melati").laptop.keys, "")
    with pytest.raises(Malformed):
        enrolment.redeem(world.province, asked | {"machine": machine})


@pytest.mark.parametrize("machine", ODD)
def test_a_machines_name_that_no_database_holds_is_refused_by_file(world: World, machine: str) -> None:
    request = paper.ask(world.new_laptop("melati").laptop, world.code())
    said = json.loads(request[6:]) | {"machine": machine}
    with pytest.raises(Malformed):
        paper.answer(world.province, request[:6] + json.dumps(said).encode())


def test_a_code_with_half_a_letter_is_refused(world: World) -> None:
    own = world.new_laptop("melati").laptop.keys
    asked = certificates.ask("7KQF", own, "") | {"code": "7KQF\udfff", "proof": "0" * 128}
    assert keys.lane_of(own.sign_key) == own.lane
    with pytest.raises(Malformed):
        enrolment.redeem(world.province, asked)
