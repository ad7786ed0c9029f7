"""Copies through a laptop's own life: after children were forgotten, on rotten and full flash disks, after a power cut."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from siposyandu import backups, restoring
from siposyandu.copies import shelves
from siposyandu.errors import Refused
from siposyandu.instance import Instance
from siposyandu.migrations import HISTORY_TABLE
from siposyandu.store import Store
from tests import locked
from tests.conftest import NOW, Village
from tests.locked import OTHER, PASSPHRASE
from tests.test_copies import PAPER, copies_on, laptop, register, stick

__all__ = ["laptop", "stick"]


def let_go(store: Store, entity: str) -> None:
    """Delete the edits of a record, as a laptop does with those of a child that has left (departures.py)."""
    with store.write():
        for table in ("feed", "placement", "heads"):
            of = "edit in (select n from edits where entity = $1)" if table == "feed" else "entity = $1"
            store.run(f"delete from {table} where {of}", entity)
        store.run("delete from edits where entity = $1", entity)


def test_a_copy_is_proved_good_on_a_laptop_that_has_let_edits_go(laptop: Village) -> None:
    gone = register(laptop, "Rinjani")
    register(laptop, "Sari")
    with laptop.instance.store_for_job() as store:
        let_go(store, gone)
    backups.make_now(laptop.instance)
    proved = backups.prove_now(laptop.instance)
    with laptop.instance.store_for_job() as store:
        assert (proved, backups.state(laptop.instance, store).last_try.fault) == (True, "")


def test_a_copy_is_due_for_what_was_written_after_edits_were_let_go(laptop: Village, stick: Path) -> None:
    here = laptop.instance
    register(laptop, "Sari")
    gone = [register(laptop, "Rinjani"), register(laptop, "Tambora")]
    backups.make_now(here)
    with here.store_for_job() as store:
        for entity in gone:
            let_go(store, entity)
    register(laptop, "Wati")
    here.now = lambda: NOW + timedelta(hours=7)
    assert backups.run_due(here) is not None


def test_a_rotten_copy_on_a_flash_disk_does_not_hide_the_whole_one_of_the_same_name(
    laptop: Village, stick: Path
) -> None:
    register(laptop, "Rinjani")
    report = backups.make_now(laptop.instance)
    (own,), (there,) = copies_on(laptop.instance, stick)
    rotten = bytearray(there.read_bytes())
    rotten[-100] ^= 1
    there.write_bytes(rotten)
    found = [copy.path for copy in backups.at_hand(laptop.instance, lambda copy: True)]
    assert (report.file, found) == (own.name, [own])


def test_a_full_flash_disk_is_not_tried_again_at_every_look(laptop: Village, stick: Path) -> None:
    here = laptop.instance
    register(laptop, "Rinjani")
    (stick / shelves.ON_A_DISK).write_bytes(
        b"a file where the folder of copies belongs: nothing can be written"
    )
    backups.make_now(here)
    made = []
    for seconds in (30, 60, 90):
        here.now = lambda seconds=seconds: NOW + timedelta(seconds=seconds)
        made.append(backups.run_due(here))
    here.now = lambda: NOW + timedelta(minutes=11)
    assert (made, backups.run_due(here) is not None) == ([None] * 3, True)


def test_a_copy_of_the_version_before_restores_were_noted_is_put_back(
    laptop: Village, tmp_path: Path
) -> None:
    register(laptop, "Rinjani")
    with laptop.instance.store_for_job() as store, store.write():
        store.run("drop table restoration")
        store.run(f"delete from {HISTORY_TABLE} where name = 'm008_restoration'")
    report = backups.make_now(laptop.instance)
    copy = restoring.opened_by_paper(laptop.instance.config.folder / "copies" / report.file, PAPER)
    folder = tmp_path / "new"
    again = Instance(restoring.found_again(folder, 0, copy), clock=lambda: NOW)
    with again.store_for_job() as store:
        assert (store.value("select name from person"), restoring.loss(store) is not None) == (
            "Rinjani",
            True,
        )


def test_a_recovery_key_that_was_pasted_twice_is_refused_by_name(laptop: Village) -> None:
    report = backups.make_now(laptop.instance)
    file = laptop.instance.config.folder / "copies" / report.file
    with pytest.raises(Refused):
        restoring.opened_by_paper(file, f"{PAPER} {PAPER}")
    assert restoring.opened_by_paper(file, f" {PAPER.lower()}\n").head.lane == laptop.instance.lane


def test_after_a_new_passphrase_or_new_papers_the_copies_open_with_these(tmp_path: Path, stick: Path) -> None:
    made = locked.found(tmp_path / "melati")
    here = made.instance
    here.config = replace(here.config, flash_disks=str(stick))
    here.unlock(PASSPHRASE)
    backups.run_due(here)
    here.lock()
    here.recover(*made.papers, OTHER)
    after_recovery, then = backups.run_due(here), backups.run_due(here)
    first, second = here.door.print_papers()
    after_papers = backups.run_due(here)
    newest = [copies[0] for copies in copies_on(here, stick)]
    for copy in newest:
        restoring.opened_by_vault(copy, lambda vault: vault.open(OTHER))
        restoring.opened_by_vault(copy, lambda vault: vault.open_with(first, second))
    assert [report is not None for report in (after_recovery, then, after_papers)] == [True, False, True]


def test_the_second_of_two_flash_disks_of_one_name_gets_a_copy_too(laptop: Village, stick: Path) -> None:
    here = laptop.instance
    register(laptop, "Rinjani")
    first = backups.run_due(here)
    stick.rename(stick.with_name("pulled out"))
    stick.mkdir()
    second = backups.run_due(here)
    own, there = copies_on(here, stick)
    assert first is not None
    assert second is not None
    assert [path.name for path in there] == [own[0].name] == [second.file]
    assert backups.run_due(here) is None


def test_a_copy_that_was_deleted_is_made_again_though_nothing_was_written(
    laptop: Village, stick: Path
) -> None:
    register(laptop, "Rinjani")
    backups.make_now(laptop.instance)
    for copy in copies_on(laptop.instance, stick)[0]:
        copy.unlink()
    made = backups.run_due(laptop.instance)
    assert made is not None
    assert [path.name for path in copies_on(laptop.instance, stick)[0]] == [made.file]


@pytest.mark.parametrize(("is_in", "made"), [(True, True), (False, False)])
def test_of_two_disks_at_one_place_each_gets_a_copy_and_none_is_made_for_one_that_is_out(
    laptop: Village, tmp_path: Path, is_in: bool, made: bool
) -> None:
    here, disk = laptop.instance, tmp_path / "second disk"
    here.config = replace(here.config, copies=str(disk), flash_disks="")
    register(laptop, "Rinjani")
    backups.make_now(here)
    disk.rename(disk.with_name("pulled out"))
    if is_in:
        disk.mkdir()
    assert ((backups.run_due(here) is not None), disk.exists()) == (made, is_in)
