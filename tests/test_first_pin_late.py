"""The letter's code sets the first PIN though the laptop's clock was set right after joining, or a week has passed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from siposyandu import config
from siposyandu.instance import Instance
from tests.carrying import District, Place, browser
from tests.conftest import NOW, PIN, sign_in
from tests.test_joining_by_file import bring, here, letter, new

__all__ = ["here", "new"]

LATER = NOW + timedelta(days=8)


def joined(here: District, new: Place, clock: Callable[[], datetime]) -> str:
    """Join a laptop by file while its clock says so; return the code."""
    code, mark = letter(here)
    started = Place(Instance(config.load(new.instance.config.folder), clock), new.stick)
    laptop, office = browser(started), sign_in(browser(here.province), here.village.eka)
    request = laptop.post("/laptop/pasang/berkas/minta", data={"code": code}).data
    answer = bring(office, "/titipan/gabung", request).data  # type: ignore[attr-defined]
    bring(laptop, "/laptop/pasang/berkas", answer, code=code, mark=mark)
    return code


def choose(new: Place, now: datetime, worker: str, code: str) -> int:
    """Choose a worker's first PIN on a day; return how that was answered."""
    place = Place(Instance(config.load(new.instance.config.folder), lambda: now), new.stick)
    return (
        browser(place)
        .post(f"/masuk/{worker}/pin", data={"code": code, "pin": PIN, "pin_again": PIN})
        .status_code
    )


@pytest.mark.parametrize("then", [NOW, NOW.replace(year=2009), NOW.replace(year=2041)])
def test_the_first_worker_chooses_her_pin_with_the_code_however_long_ago_it_was(
    here: District, new: Place, then: datetime
) -> None:
    code = joined(here, new, lambda: then)
    assert choose(new, LATER, here.village.aminah.id, code) == 302


def test_a_code_older_than_three_days_sets_no_second_pin(here: District, new: Place) -> None:
    code = joined(here, new, lambda: NOW)
    aminah, baiq = here.village.aminah.id, here.village.baiq.id
    assert [choose(new, NOW, aminah, code), choose(new, LATER, baiq, code), choose(new, LATER, aminah, code)] == [
        302, 400, 400,
    ]  # fmt: skip
