"""A laptop whose papers were never made, because the power went just then: it says so until they are."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from siposyandu import config, doctor, founding
from siposyandu.instance import Instance
from tests import locked
from tests.conftest import NOW, pages_of, sign_in
from tests.locked import PASSPHRASE, Locked
from tests.test_encrypting_a_place import PowerCut
from tests.window import words

MISSING = "This laptop has no recovery papers"


@pytest.fixture
def cut(tmp_path: Path) -> Iterator[Instance]:
    """A new laptop whose power went between its passphrase and its papers, started again."""
    waiting = founding.waiting_laptop(tmp_path / "new", 8520, "http://127.0.0.1:9")
    before = Instance(waiting, clock=lambda: NOW)
    before.on_turn(power_cut)
    with pytest.raises(PowerCut):
        before.begin_vault(PASSPHRASE)
    place = Instance(config.load(waiting.folder), clock=lambda: NOW)
    yield place
    place.lock()


def power_cut() -> None:
    raise PowerCut


@pytest.fixture
def without(tmp_path: Path) -> Iterator[Locked]:
    """Melati's laptop, in use, without papers."""
    made = locked.found(tmp_path / "melati")
    path = made.instance.door.vault.path
    kept = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({name: said for name, said in kept.items() if name != "recovery"}), "utf-8")
    yield made
    made.instance.lock()


def test_whoever_opens_it_is_led_to_the_papers_and_once_they_are_made_to_her_work(cut: Instance) -> None:
    client = pages_of(cut).test_client()
    opened = client.post("/buka", data={"passphrase": PASSPHRASE}, follow_redirects=True)
    assert (opened.request.path, words(MISSING) in opened.text) == ("/laptop/kertas", True)
    assert client.post("/laptop/kertas", data={"now": PASSPHRASE}).text.count("<svg") == 2
    assert words(MISSING) not in client.get("/laptop/kertas").text
    cut.lock()
    assert client.post("/buka", data={"passphrase": PASSPHRASE}).location == "/"


def test_the_laptops_page_says_so_until_they_are_made(without: Locked) -> None:
    without.instance.unlock(PASSPHRASE)
    aminah = sign_in(pages_of(without.instance).test_client(), without.village.aminah)
    before = aminah.get("/laptop").text
    without.instance.door.print_papers()
    said = [
        (words(MISSING) in page, 'href="/laptop/kertas"' in page)
        for page in (before, aminah.get("/laptop").text)
    ]
    assert said == [(True, True), (False, False)]


def of_the_vault(folder: Path) -> tuple[str, str]:
    """What the doctor finds of the vault, and what to do."""
    found = next(each for each in doctor.outside(config.load(folder)) if each.part == "vault")
    return found.state, found.do


def test_the_doctor_says_so_and_names_a_damaged_vault(without: Locked) -> None:
    missing = of_the_vault(without.folder)
    without.instance.unlock(PASSPHRASE)
    without.instance.door.print_papers()
    well = of_the_vault(without.folder)
    without.instance.door.vault.path.write_text("{", "utf-8")
    damaged = of_the_vault(without.folder)
    assert (missing, well, damaged[0]) == (("look", "run: siposyandu papers"), ("well", ""), "broken")
    assert not without.instance.door.lacks_papers
