"""A copy that is not under this place's lock, and a power cut in the middle of putting one back."""

from dataclasses import replace
from pathlib import Path

import pytest

from siposyandu import backups, config, founding, restoring
from siposyandu.copies import locks, sealed
from siposyandu.errors import Refused
from siposyandu.instance import Instance
from siposyandu.restoring import Opened
from siposyandu.vault.safe import FILE_NAME
from tests import locked
from tests.conftest import NOW, Village, pages_of
from tests.locked import OTHER, PASSPHRASE, Locked
from tests.test_copies import register
from tests.test_web_put_back import PULIHKAN, browser, chosen, lost, new, stick

__all__ = ["lost", "new", "stick"]

PUBLIC, PAPER = locks.new_paper(bytes(range(32)))


def by_the_papers_of_before(village: Village, folder: Path) -> Opened:
    """A copy of the place itself, from before it was encrypted: only the office's paper opens it."""
    village.instance.config = replace(village.instance.config, copy_key=PUBLIC, flash_disks="")
    report = backups.make_now(village.instance)
    config.save(replace(village.instance.config, area=_area(folder / "copies" / report.file)))
    founding.encrypt(folder, OTHER)
    return restoring.opened_by_paper(folder / "copies" / report.file, PAPER)


def by_the_vault_of_the_laptop_before(village: Village, folder: Path) -> Opened:
    """A copy of the laptop that the posyandu had before this one."""
    before = locked.found(folder.parent / "before")
    before.instance.unlock(PASSPHRASE)
    report = backups.make_now(before.instance)
    file = before.folder / "copies" / report.file
    config.save(replace(village.instance.config, area=_area(file)))
    founding.encrypt(folder, OTHER)
    return restoring.opened_by_vault(file, lambda vault: vault.open(PASSPHRASE))


def _area(file: Path) -> str:
    return sealed.read_head(file).area


@pytest.mark.parametrize("copied", [by_the_papers_of_before, by_the_vault_of_the_laptop_before])
def test_a_copy_under_another_lock_is_not_put_in_the_place_of_an_encrypted_database(
    village: Village, copied: object
) -> None:
    register(village, "Rinjani")
    folder = village.instance.config.folder
    opened = copied(village, folder)  # type: ignore[operator]
    with pytest.raises(Refused) as refused:
        restoring.put_back(config.load(folder), opened)
    here = Instance(config.load(folder), clock=lambda: NOW)
    here.unlock(OTHER)
    with here.store_for_job() as store:
        assert (store.value("select name from person"), here.damage) == ("Rinjani", None)
    assert "empty folder" in refused.value.hint
    assert b"Rinjani" not in locked.everything_in(folder)


def put_back(new: Instance, stick: Path) -> None:
    """Put the lost laptop's copy back, as far as before its database has its name."""
    (file,) = (stick / "SIPosyandu").glob("*.sipc")
    copy = restoring.opened_by_vault(file, lambda vault: vault.open(PASSPHRASE))
    there = restoring.taken_over(new.config, copy)
    there.database_path.rename(there.folder / restoring.DRAFT)


def people(here: Instance) -> list[str]:
    with here.store_for_job() as store:
        return [row["name"] for row in store.rows("select name from person order by name")]


def test_a_restore_cut_at_its_last_step_is_not_taken_for_a_new_laptop(
    lost: Locked, new: Instance, stick: Path
) -> None:
    put_back(new, stick)
    started = Instance(config.load(new.config.folder), clock=lambda: NOW)
    started.unlock(PASSPHRASE)
    client = pages_of(started).test_client()
    page = client.get("/rusak").text
    (file,) = (stick / "SIPosyandu").glob("*.sipc")
    client.post("/rusak", data={"copy": file.name})
    assert (file.name in page, started.damage, people(started)) == (True, None, ["Rinjani"])


def test_a_restore_cut_before_its_vault_is_laid_is_begun_again_on_the_same_page(
    lost: Locked, new: Instance, stick: Path
) -> None:
    put_back(new, stick)
    (new.config.folder / FILE_NAME).unlink()
    started = Instance(config.load(new.config.folder), clock=lambda: NOW)
    client = browser(started)
    client.post(PULIHKAN, data={"copy": chosen(client), "passphrase": PASSPHRASE})
    assert people(started) == ["Rinjani"]


def test_a_laptop_that_is_set_up_anew_after_a_restore_was_cut_begins_empty(
    lost: Locked, new: Instance, stick: Path
) -> None:
    put_back(new, stick)
    (new.config.folder / FILE_NAME).unlink()
    started = Instance(config.load(new.config.folder), clock=lambda: NOW)
    started.begin_vault(OTHER)
    assert (started.damage, people(started), (new.config.folder / restoring.DRAFT).exists()) == (
        None,
        [],
        False,
    )
