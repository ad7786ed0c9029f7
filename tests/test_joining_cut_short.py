"""The power goes in the middle of joining: the laptop asks for its letter once more, and goes on by the same code."""

import pytest

from siposyandu import as_laptop, as_province, config
from siposyandu.instance import Instance
from sync import enrolment, joining, paper
from tests.carrying import ByHand, District, Place, browser
from tests.conftest import NOW, PIN, sign_in
from tests.test_joining_by_file import bring, here, letter, new

__all__ = ["here", "new"]


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
        "/masuk", 302, here.village.melati,
    )  # fmt: skip
