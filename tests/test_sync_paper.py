"""A laptop that never sees a network joins by two files and the letter with the code."""

import pytest

from sync import courier, joining, paper, postbox, upstream
from sync.errors import BadCode, Malformed, Refused, SyncError
from sync.keys import fingerprint
from sync.status import status
from tests.sync_app import notebook
from tests.sync_world import Place, World, image_of


@pytest.fixture
def world(sync_database) -> World:
    made = World()
    made.office.child("Dedi", "melati")
    return made


def new(world: World) -> Place:
    place = world.new_laptop("melati")
    place.road.post = lambda path, body: pytest.fail("a network")
    return place


def letter(world: World) -> str:
    return fingerprint(world.province.keys.sign_key)


def test_it_joins_and_has_the_records_of_its_area_and_sends_by_stick(world):
    melati = new(world)
    request = paper.ask(melati.laptop, world.code(), "Axioo")
    area, brought = paper.join(melati.laptop, paper.answer(world.province, request), letter(world))
    assert (area, brought.received, notebook(melati.store)) == ("melati", 1, notebook(world.province.store))
    melati.writer.child("Aminah")
    courier.take(
        melati.laptop, b"".join(postbox.receive(world.province, courier.export(melati.laptop)).receipts)
    )
    assert (status(melati.store).acknowledged, notebook(melati.store)) == (1, notebook(world.province.store))


def test_the_code_lies_in_no_file(world):
    melati, code = new(world), world.code()
    request = paper.ask(melati.laptop, code)
    answer = paper.answer(world.province, request)
    secret = code.replace("-", "")[4:].encode()
    assert [file for file in (request, answer) if secret in file or code[5:10].encode() in file] == []


def test_the_same_request_may_be_answered_again(world):
    melati = new(world)
    request = paper.ask(melati.laptop, world.code())
    paper.answer(world.province, request)
    area, _ = paper.join(melati.laptop, paper.answer(world.province, request), letter(world))
    assert (area, world.province.store.value("select count(*) from devices")) == ("melati", 1)


def test_a_used_code_enrols_no_second_laptop(world):
    code = world.code()
    paper.answer(world.province, paper.ask(new(world).laptop, code))
    with pytest.raises(BadCode):
        paper.answer(world.province, paper.ask(new(world).laptop, code))


def test_a_wrong_code_is_counted_and_five_shut_it(world):
    code = world.code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(BadCode) as refused:
            paper.answer(world.province, paper.ask(new(world).laptop, wrong))
        assert refused.value.details["tries_left"] == left
    with pytest.raises(BadCode):
        paper.answer(world.province, paper.ask(new(world).laptop, code))


def test_a_code_older_than_three_days_is_refused(world):
    request = paper.ask(new(world).laptop, world.code())
    world.clock.wait(73 * 3600)
    with pytest.raises(BadCode):
        paper.answer(world.province, request)


def test_an_answer_of_another_province_is_refused_by_the_letter(world):
    melati, other = new(world), World(seed=9)
    answer = paper.answer(other.province, paper.ask(melati.laptop, other.code()))
    with pytest.raises(Refused, match="not the province of the letter"):
        paper.join(melati.laptop, answer, letter(world))
    assert not status(melati.store).enrolled


def test_an_answer_for_another_laptop_is_refused(world):
    answer = paper.answer(world.province, paper.ask(new(world).laptop, world.code()))
    with pytest.raises(Refused) as refused:
        paper.join(new(world).laptop, answer, letter(world))
    assert refused.value.code == "other_lane"


def test_keys_put_into_somebody_elses_request_are_refused(world):
    import json

    code = world.code()
    honest, thief = paper.ask(new(world).laptop, code), new(world)
    said = json.loads(honest[6:])
    mine = json.loads(paper.ask(thief.laptop, "0000-00000-00000")[6:])
    forged = honest[:6] + json.dumps(mine | {"selector": said["selector"], "mac": said["mac"]}).encode()
    with pytest.raises(SyncError):
        paper.answer(world.province, forged)
    assert world.province.store.value("select count(*) from devices") == 0


def test_every_single_bit_flip_of_a_request_is_refused_and_of_an_answer_changes_nothing(world):
    melati = new(world)
    request = paper.ask(melati.laptop, world.code())
    for at in range(0, len(request) * 8, 5):
        with pytest.raises(SyncError):
            paper.answer(world.province, flipped(request, at))
    with world.province.store.write():
        world.province.store.run("update enrolment_codes set tries = 0")
    answer = paper.answer(world.province, request)
    for at in range(0, len(answer) * 8, 5):
        with pytest.raises(SyncError):
            paper.join(melati.laptop, flipped(answer, at), letter(world))
    assert not status(melati.store).enrolled


def flipped(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at // 8] ^= 1 << at % 8
    return bytes(changed)


def test_wrong_files_are_refused_by_name(world):
    melati = new(world)
    request = paper.ask(melati.laptop, world.code())
    codes = []
    for data in (b"", b"PK\x03\x04", request[:4] + b"\x02" + request[5:], request[:-1]):
        with pytest.raises((Refused, Malformed)) as refused:
            paper.answer(world.province, data)
        codes.append(refused.value.code)
    with pytest.raises(Refused) as refused:
        paper.join(melati.laptop, request, letter(world))
    assert [*codes, refused.value.code] == [
        "not_a_request",
        "not_a_request",
        "wire_version",
        "malformed",
        "wrong_way",
    ]


def test_a_province_put_back_to_before_the_answer_knows_the_laptop_by_its_certificate(world):
    melati = new(world)
    request, image = paper.ask(melati.laptop, world.code()), image_of(world.province.store)
    paper.join(melati.laptop, paper.answer(world.province, request), letter(world))
    world.restore(image)
    melati.writer.child("Aminah")
    postbox.receive(world.province, courier.export(melati.laptop))
    assert sorted(row["name"] for row in notebook(world.province.store)) == ["Aminah", "Dedi"]


def test_joining_over_the_network_still_works_with_the_same_code(world):
    place = world.new_laptop("melati")
    assert joining.enrol(place.laptop, world.code()) == upstream.area(place.store) == "melati"
