"""Of two laptops of one posyandu that share a flash disk a damaged one is offered its own copies, however old they are."""

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from siposyandu import backups, config
from siposyandu.copies import locks, sealed
from siposyandu.errors import Broken
from siposyandu.instance import Instance
from tests import locked
from tests.conftest import NOW, Village, pages_of
from tests.locked import PASSPHRASE, Locked
from tests.test_copies import PUBLIC, register, stick
from tests.test_web_damaged import scratch

__all__ = ["stick"]


def copied(village: Village, stick: Path, days: range) -> list[str]:
    """Copy a place to the flash disk on so many days, each time with a child more; the copies' files."""
    here, files = village.instance, []
    here.config = replace(here.config, flash_disks=str(stick))
    for day in days:
        here.now = lambda day=day: NOW + timedelta(days=day)  # type: ignore[misc]
        register(village, f"Anak {day}")
        files.append(backups.make_now(here).file)
    return files


def another_laptop(folder: Path, area: str) -> Village:
    """A second laptop of the same posyandu: other keys, another vault."""
    made, _, village = locked._made_once.__wrapped__()
    shutil.copytree(made, folder)
    here = Instance(replace(config.load(folder), area=area), clock=lambda: NOW)
    here.unlock(PASSPHRASE)
    return replace(village, instance=here)


def offered(here: Instance) -> list[str]:
    page = pages_of(here).test_client().get("/rusak").text
    return re.findall(r'name="copy" value="([^"]+)"', page)


def damaged(made: Locked) -> Instance:
    made.instance.lock()
    scratch(made.instance.config.database_path)
    made.instance.unlock(PASSPHRASE)
    shutil.rmtree(made.folder / "copies")  # on the same bad disk
    return made.instance


def test_a_damaged_laptop_is_offered_only_what_its_own_key_opens(tmp_path: Path, stick: Path) -> None:
    one = locked.found(tmp_path / "one")
    one.instance.unlock(PASSPHRASE)
    ours = copied(one.village, stick, range(2))
    copied(another_laptop(tmp_path / "other", one.instance.config.area), stick, range(2, 8))
    here = damaged(one)
    assert offered(here) == ours[::-1]
    assert pages_of(here).test_client().post("/rusak", data={"copy": ours[-1]}).location == "/"
    assert here.damage is None


def locked_for(path: Path, paper: str, number: int, made_at: str) -> str:
    """Lay a copy of the same posyandu there, locked for a paper; its file's name."""
    key = bytes(32)
    there = path.with_name(f"{number}.sipc")
    head = replace(
        sealed.read_head(path), number=number, made_at=made_at, lane=f"{number:032x}", lock=locks.by_paper(paper, key)
    )  # fmt: skip
    with there.open("wb") as file:
        sealed.write(file, head, key, [b"{}\n"])
    return there.name


def test_a_place_without_a_passphrase_is_offered_first_what_its_own_paper_opens(
    village: Village, stick: Path
) -> None:
    village.instance.config = replace(village.instance.config, copy_key=PUBLIC)
    config.save(village.instance.config)
    (ours,) = copied(village, stick, range(1))
    papers = locks.new_paper(bytes(32))[0]
    others = [
        locked_for(stick / "SIPosyandu" / ours, papers, number, f"2026-09-0{number}T01:00:00Z")
        for number in range(2, 8)
    ]
    village.instance.config.database_path.write_bytes(b"scratched" * 5000)
    again = Instance(replace(village.instance.config, flash_disks=str(stick)), clock=lambda: NOW)
    assert offered(again) == [ours, *others[:-5:-1]]


@pytest.mark.parametrize("said", [{}, {"key": 5}, {"key": "é"}, {"key": "AAAA"}, {"key": None}])
def test_a_lock_that_is_none_is_no_failure_of_the_page(said: dict[str, object]) -> None:
    with pytest.raises((Broken, locks.NotAllowed)):
        locks.open_by_database_key(said, bytes(32))
