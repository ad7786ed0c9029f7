"""The power goes in the middle of joining: the laptop asks for its letter once more, and goes on by the same code."""

from pathlib import Path

import pytest

from siposyandu import as_laptop, as_province, backups, config, restoring
from siposyandu.instance import Instance
from sync import enrolment, joining, paper
from tests.carrying import ByHand, District, Place, browser
from tests.conftest import NOW, PIN, Village, app_of, let_in, pages_of, sign_in
from tests.test_joining_by_file import bring, here, letter, new
from tests.test_parcels import Road
from tests.test_restoring import PAPER, joined_laptop
from tests.test_web_put_back import stick

__all__ = ["here", "new", "stick"]


def by_network(here: District, new: Place, code: str) -> None:
    """What joining has done over a network when the power goes: the certificate is kept, and nothing else."""
    with new.instance.store_for_job() as store:
        road = ByHand(here.province.instance)
        joining.enrol(as_laptop.ports(new.instance, store, road), enrolment.tidy(code))


def by_file(here: District, new: Place, code: str) -> None:
    """The same by file: the answer's records are there, too."""
    office = here.province.instance
    with office.store_for_job() as theirs, new.instance.store_for_job() as ours:
        laptop = as_laptop.ports(new.instance, ours)
        answer = paper.answer(as_province.ports(office, theirs), paper.ask(laptop, code))
        paper.join(laptop, answer, as_province.fingerprint(office))


@pytest.mark.parametrize("begun", [by_network, by_file])
def test_a_laptop_whose_power_went_while_it_joined_asks_once_more_and_its_workers_choose_their_pins(
    here: District, new: Place, begun: object
) -> None:
    code, mark = letter(here)
    begun(here, new, code)  # type: ignore[operator]
    started = Place(Instance(config.load(new.instance.config.folder), lambda: NOW), new.stick)
    laptop, office = browser(started), sign_in(browser(here.province), here.village.eka)
    assert 'name="code"' in laptop.get("/laptop/pasang").text
    request = laptop.post("/laptop/pasang/berkas/minta", data={"code": code}).data
    answer = bring(office, "/titipan/gabung", request).data  # type: ignore[attr-defined]
    bring(laptop, "/laptop/pasang/berkas", answer, code=code, mark=mark)
    aminah = here.village.aminah
    chosen = laptop.post(f"/masuk/{aminah.id}/pin", data={"code": code, "pin": PIN, "pin_again": PIN})
    assert (laptop.get("/laptop/pasang").location, chosen.status_code, started.instance.config.area) == (
        "/laptop", 302, here.village.melati,
    )  # fmt: skip


def test_a_laptop_that_was_put_back_without_a_signal_is_asked_for_the_code_though_its_workers_are_there(
    province: Village, stick: Path, tmp_path: Path
) -> None:
    lost = joined_laptop(province, Road(app_of(province).test_client()), tmp_path / "melati", stick)
    with lost.store_for_job() as store:
        let_in(store, PIN, NOW, province.aminah.id)
    report = backups.make_now(lost)
    copy = restoring.opened_by_paper(stick / "SIPosyandu" / report.file, PAPER)
    back = Instance(restoring.found_again(tmp_path / "new", 0, copy), lambda: NOW)
    client = pages_of(back).test_client()
    asked = client.get("/laptop/pasang").text
    page = sign_in(client, province.aminah).get("/laptop").text
    assert ('name="code"' in asked, 'href="/laptop/pasang"' in page) == (True, True)
    assert ("Laptop ini belum tersambung lagi ke provinsi" in page, "/titipan/" in page) == (True, False)


def test_who_is_signed_in_when_her_laptop_joins_again_sees_how_it_sends(
    province: Village, stick: Path, tmp_path: Path
) -> None:
    laptop = joined_laptop(province, Road(app_of(province).test_client()), tmp_path / "melati", stick)
    with laptop.store_for_job() as store:
        let_in(store, PIN, NOW, province.aminah.id)
    client = pages_of(laptop).test_client()
    before = client.get("/laptop/pasang").location
    assert (before, sign_in(client, province.aminah).get("/laptop/pasang").location) == ("/masuk", "/laptop")
