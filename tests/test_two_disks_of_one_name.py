"""Two flash disks of one name are in at once: each gets its copy, and then there is rest."""

from pathlib import Path

import pytest

from siposyandu import backups
from siposyandu.copies import shelves
from siposyandu.copies.shelves import Shelf
from tests.locked import PASSPHRASE, Locked
from tests.test_web_damaged import laptop

__all__ = ["laptop"]


def test_two_disks_of_one_name_get_one_copy_each_and_no_more(
    laptop: Locked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = laptop.instance
    here.unlock(PASSPHRASE)
    one, two = (Shelf(shelves.FLASH, "USB", tmp_path / user / "USB", elsewhere=True) for user in "ab")
    there = [one]
    monkeypatch.setattr(shelves, "others", lambda *_: iter(there))
    backups.run_due(here)
    there.append(two)
    made = [backups.run_due(here) is not None for _ in range(4)]
    assert made == [True, False, False, False]
