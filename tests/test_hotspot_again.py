"""The laptop's program was started anew: phones find it at the same address by themselves, an encrypted one once it is open."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from siposyandu import config, phones
from siposyandu.instance import Instance
from siposyandu.periods import local_date
from tests import locked
from tests.hotspot_morning import ADDRESS
from tests.mornings import kader_with_children
from tests.places import Place, until
from tests.visitor import Visitor


def door_was_open(folder: Path, passphrase: str = "") -> Place:
    """A laptop that was switched off while its door for phones stood open."""
    laptop = Place.standing(folder)
    laptop.choose_address()
    instance = Instance(config.load(folder))
    if passphrase:
        instance.unlock(passphrase)
    with instance.store_for_job() as store:
        phones.open_door(store, ADDRESS, local_date(instance.now()), None)
    return laptop


@pytest.fixture
def phone() -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.trust_env = False
        yield made


def sees(phone: requests.Session, laptop: Place) -> str:
    """Which page a phone is led to; nothing where it cannot reach the laptop."""
    address = laptop.address.replace("127.0.0.1", ADDRESS)
    try:
        return phone.get(f"{address}/hari-ini", timeout=10).url.removeprefix(address).partition("?")[0]
    except requests.ConnectionError:
        return ""


def test_the_door_that_stood_open_stands_open_after_a_power_cut(
    tmp_path: Path, phone: requests.Session
) -> None:
    kader_with_children(tmp_path / "melati")
    with door_was_open(tmp_path / "melati") as laptop:
        until(lambda: sees(phone, laptop) == "/gabung", "the question for the code")
        laptop.kill()
        laptop.start()
        until(lambda: sees(phone, laptop) == "/gabung", "the question for the code once more")


def test_phones_reach_an_encrypted_laptop_only_while_it_is_open(
    tmp_path: Path, phone: requests.Session
) -> None:
    folder = locked.found(tmp_path / "melati").folder
    with door_was_open(folder, locked.PASSPHRASE) as laptop, Visitor(laptop.address) as at_the_laptop:
        closed = sees(phone, laptop)
        opened = at_the_laptop.submit(at_the_laptop.open("/buka"), "/buka", {"passphrase": locked.PASSPHRASE})
        until(lambda: sees(phone, laptop) == "/gabung", "the question for the code")
        at_the_laptop.submit(at_the_laptop.open("/masuk"), "/tutup", {})
        assert (closed, opened.status, sees(phone, laptop)) == ("", 200, "/buka")
