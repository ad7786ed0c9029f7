"""Whenever the power goes while a copy is put back, the laptop is never an empty one that asks for nothing."""

import os
import shutil
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from siposyandu import backups, config, restoring
from siposyandu.copies import sealed
from siposyandu.instance import Instance
from siposyandu.restoring import Opened
from tests.conftest import NOW, Village
from tests.locked import PASSPHRASE, Locked
from tests.test_copies import PAPER, PUBLIC, register
from tests.test_encrypting_a_place import PowerCut, cut
from tests.test_put_back_unfit_or_cut import people
from tests.test_web_put_back import lost, new, stick

__all__ = ["lost", "new", "stick"]


def opened(stick: Path) -> Opened:
    (file,) = (stick / "SIPosyandu").glob("*.sipc")
    return restoring.opened_by_vault(file, lambda vault: vault.open(PASSPHRASE))


def restored_until_the_power_went(waiting: Path, folder: Path, copy: Opened, step: int) -> bool:
    """Put a copy back on a waiting laptop while the power goes before a step on the disk; False when it was done."""
    shutil.copytree(waiting, folder)
    with pytest.MonkeyPatch.context() as power:
        steps = count(1)
        for name in ("replace", "rename", "fsync", "unlink", "mkdir"):
            power.setattr(os, name, cut(getattr(os, name), steps, step))
        try:
            here = Instance(config.load(folder), clock=lambda: NOW)
            here.mended(restoring.taken_over(here.config, copy), copy.secrets)
        except PowerCut:
            return True
    return False


def test_a_restore_on_a_new_laptop_is_gone_on_with_whenever_the_power_went(
    lost: Locked, new: Instance, stick: Path, tmp_path: Path
) -> None:
    copy, step, ends = opened(stick), 1, set()
    while restored_until_the_power_went(new.config.folder, tmp_path / f"cut {step}", copy, step):
        here = Instance(config.load(tmp_path / f"cut {step}"), clock=lambda: NOW)
        if here.door.is_new:
            ends.add("asks for the copy again")
            here.mended(restoring.taken_over(here.config, copy), copy.secrets)
        else:
            here.unlock(PASSPHRASE)
            ends.add("damaged" if here.damage else "open")
            if here.damage:
                restoring.put_back(here.config, copy)
                here.mended()
        assert (step, people(here)) == (step, ["Rinjani"])
        step += 1
    assert (ends, step > 12) == ({"asks for the copy again", "damaged", "open"}, True)


def test_a_database_that_is_being_set_aside_never_opens_without_what_was_written_ahead(
    village: Village, tmp_path: Path
) -> None:
    village.instance.config = replace(village.instance.config, copy_key=PUBLIC, flash_disks="")
    register(village, "Rinjani")
    report = backups.make_now(village.instance)
    place = replace(village.instance.config, area=sealed.read_head(_copy(village, report.file)).area)
    config.save(place)
    with village.instance.store_for_job() as store:
        store.bring_in()  # type: ignore[attr-defined]  # a file
        register(village, "Sari")
        for step in range(1, 4):
            ahead = shutil.copytree(place.folder, tmp_path / f"cut {step}") / "siposyandu.db-wal"
            ahead.rename(tmp_path / "ahead").rename(ahead)  # in memory, the newest name is listed first
    for step in range(1, 4):
        there = replace(place, folder=tmp_path / f"cut {step}")
        with pytest.MonkeyPatch.context() as power:
            power.setattr(os, "replace", cut(os.replace, count(1), step))
            with pytest.raises(PowerCut):
                restoring.put_back(there, restoring.opened_by_paper(_copy(village, report.file), PAPER))
        here = Instance(there, clock=lambda: NOW)
        assert here.damage is not None or people(here) == ["Rinjani", "Sari"], step


def _copy(village: Village, file: str) -> Path:
    return village.instance.config.folder / "copies" / file
