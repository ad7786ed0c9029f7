"""Enrolment: a one-time code, five tries, three days, one laptop."""

import pytest

from sync import certificates, devices, enrolment, joining, keys, upstream
from sync.errors import BadCode, BadSignature, Malformed, Refused
from sync.rings import KeyFile, Ring
from tests.sync_world import World

pytestmark = pytest.mark.usefixtures("sync_database")


@pytest.fixture
def world() -> World:
    return World()


def wrong(code: str) -> str:
    """Return a code that differs in its last letter."""
    return code[:-1] + ("A" if code[-1] != "A" else "B")


def test_a_code_is_given_in_groups_of_letters_that_nobody_mistakes(world):
    code = world.code()
    assert [len(group) for group in code.split("-")] == [4, 5, 5]
    assert set(code) <= set(enrolment.LETTERS + "-")


def test_the_database_of_the_province_does_not_hold_the_code(world):
    code = world.code()
    (row,) = world.province.store.rows("select * from enrolment_codes")
    assert enrolment.tidy(code)[4:] not in str(row)


def test_a_code_enrols_a_laptop_for_its_posyandu(world):
    place = world.new_laptop("melati")
    area = joining.enrol(place.laptop, world.code("melati").lower().replace("-", " "))
    device = devices.find(world.province.store, place.writer.lane)
    assert (area, upstream.area(place.store), device.area, device.rank_ceiling) == (
        "melati",
        "melati",
        "melati",
        2,
    )


def test_the_same_laptop_may_ask_again_with_its_code_because_the_answer_may_have_been_lost(world):
    place, code = world.new_laptop("melati"), world.code()
    joining.enrol(place.laptop, code)
    first = upstream.state(place.store).certificate
    joining.enrol(place.laptop, code)
    assert upstream.state(place.store).certificate == first


def test_a_used_code_is_refused_to_any_other_laptop(world):
    code = world.code()
    joining.enrol(world.new_laptop("melati").laptop, code)
    with pytest.raises(BadCode):
        joining.enrol(world.new_laptop("melati").laptop, code)


def test_after_five_wrong_tries_even_the_right_code_is_refused(world):
    place, code = world.new_laptop("melati"), world.code()
    left = []
    for _ in range(5):
        with pytest.raises(BadCode) as refusal:
            joining.enrol(place.laptop, wrong(code))
        left.append(refusal.value.details["tries_left"])
    with pytest.raises(BadCode):
        joining.enrol(place.laptop, code)
    assert left == [4, 3, 2, 1, 0]


def test_a_code_older_than_three_days_is_refused(world):
    place, code = world.new_laptop("melati"), world.code()
    world.clock.wait(enrolment.GOOD_FOR_S)
    with pytest.raises(BadCode):
        joining.enrol(place.laptop, code)


def test_another_province_than_the_letter_names_is_refused(world):
    place, code = world.new_laptop("melati"), world.code()
    with pytest.raises(Refused) as refusal:
        joining.enrol(place.laptop, code, fingerprint="00000-00000-00000-00000")
    assert refusal.value.code == "other_province"
    ours = keys.fingerprint(world.province.keys.sign_key)
    assert joining.enrol(place.laptop, code, fingerprint=ours) == "melati"


def test_keys_that_are_not_the_askers_own_are_refused(world):
    asked = certificates.ask(world.code(), world.new_laptop().laptop.keys, "")
    theirs = world.new_laptop().laptop.keys
    with pytest.raises(BadSignature):
        enrolment.redeem(world.province, asked | {"sign_key": theirs.sign_key})


@pytest.mark.parametrize("part", ["code", "sign_key", "box_key", "machine", "proof"])
@pytest.mark.parametrize("value", [None, 7, "x" * 500, "\n", "\0"])
def test_an_asking_with_a_wrong_part_is_refused(world, part, value):
    asked = certificates.ask(world.code(), world.new_laptop().laptop.keys, "")
    with pytest.raises(Malformed):
        enrolment.redeem(world.province, asked | {part: value})


def test_a_login_page_of_a_network_is_not_taken_for_the_province(world):
    place = world.new_laptop()
    place.road.post = lambda path, body: b"<html>Selamat datang di WiFi</html>"
    with pytest.raises(Malformed):
        joining.enrol(place.laptop, "7KQF-M3T9X-WP2AB")


def test_a_certificate_changed_by_one_letter_is_not_believed(world):
    place = world.laptop("melati")
    signed = upstream.state(place.store).certificate
    with pytest.raises(BadSignature):
        certificates.read(signed.replace(b"melati", b"mawari"), world.province.keys.sign_key)


def test_keys_are_readable_by_their_owner_only_and_stay_the_same(tmp_path, world):
    path = tmp_path / "device.json"
    made = Ring(KeyFile(path), world.chance.token_bytes).keys
    assert (path.stat().st_mode & 0o777, Ring(KeyFile(path), world.chance.token_bytes).keys) == (0o600, made)


def test_a_damaged_file_of_keys_is_refused_and_not_replaced(tmp_path, world):
    path = tmp_path / "device.json"
    path.write_text("{")
    with pytest.raises(Refused):
        Ring(KeyFile(path), world.chance.token_bytes)
    assert path.read_text() == "{"
