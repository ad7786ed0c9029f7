"""Which of a laptop's copies is the newest is asked of their numbers, never of the clock that made them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from siposyandu import backups
from siposyandu.copies import sealed
from siposyandu.copies.sealed import Head
from siposyandu.copies.shelves import Copy
from siposyandu.instance import Instance
from tests import locked
from tests.conftest import NOW, pages_of
from tests.locked import PASSPHRASE, Locked
from tests.test_copies import register
from tests.test_web_damaged import scratch
from tests.test_web_put_back import PULIHKAN, new, stick

__all__ = ["new", "stick"]

BATTERY_EMPTY = datetime(2010, 1, 1, tzinfo=UTC)
DAYS = [NOW + timedelta(days=day) for day in range(5)]


def copied(folder: Path, disks: str, clock: list[datetime]) -> tuple[Locked, str]:
    """An encrypted laptop with a copy made at each time its clock showed, one child more in each; the last copy's file."""
    made = locked.found(folder)
    here = made.instance
    here.config = replace(here.config, flash_disks=disks)
    here.unlock(PASSPHRASE)
    for number, at in enumerate(clock):
        here.now = lambda at=at: at  # type: ignore[misc]
        register(made.village, f"Anak {number}")
        report = backups.make_now(here)
    here.lock()
    return made, report.file


def offered(instance: Instance, address: str) -> list[str]:
    return re.findall(r'name="copy" value="([^"]+)"', pages_of(instance).test_client().get(address).text)


@pytest.mark.parametrize("clock", [[datetime(2100, 1, 1, tzinfo=UTC), *DAYS], [*DAYS, BATTERY_EMPTY]])
def test_a_new_laptop_is_offered_the_newest_copy_of_the_lost_one(
    tmp_path: Path, stick: Path, new: Instance, clock: list[datetime]
) -> None:
    _, newest = copied(tmp_path / "melati", str(stick), clock)
    assert offered(new, PULIHKAN) == [newest]


def test_a_damaged_laptop_whose_clock_stands_wrong_is_offered_its_newest_copies_first(tmp_path: Path) -> None:
    made, newest = copied(tmp_path / "melati", "", [*DAYS, BATTERY_EMPTY])
    scratch(made.instance.config.database_path)
    made.instance.unlock(PASSPHRASE)
    names = offered(made.instance, "/rusak")
    numbers = [sealed.read_head(made.folder / "copies" / name).number for name in names]
    assert (names[0], numbers) == (newest, [6, 5, 4, 3, 2])


def test_copies_of_several_laptops_stand_by_the_clock_of_the_newest_of_each() -> None:
    def copy(lane: str, number: int, made_at: str) -> Copy:
        head = Head("", "", number, f"{made_at}T01:00:00Z", 0, "", lane, 0, 0, 0, {})
        return Copy(Path(f"{lane}{number}"), head)

    found = [
        copy("a", 1, "2026-01-01"), copy("b", 7, "2100-01-01"), copy("b", 9, "2026-02-01"), copy("a", 2, "2026-03-01"),
        copy("b", 8, "2026-01-30"),
    ]  # fmt: skip
    assert [copy.path.name for copy in backups._newest_first(found)] == ["a2", "a1", "b9", "b8", "b7"]
