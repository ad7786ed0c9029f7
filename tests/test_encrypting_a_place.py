"""Encrypting a place that was plain: with all it holds, not while it is in use, and whenever the power goes."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from siposyandu import config, founding
from siposyandu.errors import BadInput, Refused
from siposyandu.instance import Instance
from siposyandu.vault import safe
from tests.conftest import NOW, Village
from tests.locked import NAME, OTHER, PASSPHRASE, everything_in, write_child


def plain(village: Village) -> Path:
    write_child(village)
    return village.instance.config.folder


def test_a_plain_place_is_encrypted_with_all_it_holds_and_goes_on_in_its_lane(village: Village) -> None:
    folder, lane = plain(village), village.instance.lane
    with village.instance.store_for_job() as store:
        before = store.rows("select * from edits order by n")
    config.save(village.instance.config)
    papers = founding.encrypt(folder, PASSPHRASE)
    place = Instance(config.load(folder), clock=lambda: NOW)
    closed = not place.is_open
    place.unlock(PASSPHRASE)
    with place.store_for_job() as store:
        after = store.rows("select * from edits order by n")
        assert [row["name"] for row in store.search("person", ["zulkarnain"], 5)] == [NAME]
    place.lock()
    place.recover(*papers, OTHER)
    assert (closed, place.lane, after) == (True, lane, before)
    assert NAME.encode() not in everything_in(folder)
    left = sorted(path.name for path in folder.rglob("*") if path.is_file() and "-" not in path.name)
    assert left == [
        "device.json",
        "siposyandu.db",
        "siposyandu.toml",
        "tries.json",
        "vault.json",
        "vault.lock",
    ]
    place.lock()


def test_a_place_in_use_is_not_encrypted(village: Village) -> None:
    folder = plain(village)
    config.save(village.instance.config)
    with village.instance.store_for_job() as store:
        store.value("select count(*) from person")
        with pytest.raises(Refused):
            founding.encrypt(folder, PASSPHRASE)
    assert not (folder / "vault.json").exists()


def test_a_weak_passphrase_changes_nothing(village: Village) -> None:
    folder = plain(village)
    config.save(village.instance.config)
    with pytest.raises(BadInput):
        founding.encrypt(folder, "melati")
    assert not (folder / "vault.json").exists()


class PowerCut(BaseException):
    """The power goes."""


def test_a_power_cut_at_any_step_of_encrypting_loses_nothing(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe, "PASSES", 1)  # some forty passphrases are stretched here
    monkeypatch.setattr(safe, "MEMORY_BYTES", 8 * 1024 * 1024)
    config.save(replace(village.instance.config, folder=plain(village)))
    step = 1
    while encrypted_until_the_power_went(village.instance.config.folder, tmp_path / f"cut {step}", step):
        folder = tmp_path / f"cut {step}"
        if not (folder / "vault.json").exists():
            founding.encrypt(folder, PASSPHRASE)
        assert_whole_and_wiped(folder)
        step += 1
    assert step > 12


def encrypted_until_the_power_went(plain: Path, folder: Path, step: int) -> bool:
    """Encrypt a copy of a place while the power goes before a step on the disk; False when it was done before that."""
    shutil.copytree(plain, folder)
    with pytest.MonkeyPatch.context() as power:
        steps = count(1)
        for name in ("replace", "fsync", "unlink"):
            power.setattr(os, name, cut(getattr(os, name), steps, step))
        try:
            founding.encrypt(folder, PASSPHRASE)
        except PowerCut:
            return True
    return False


def cut(act: Callable[..., None], steps: Iterator[int], at: int) -> Callable[..., None]:
    """Let the power go before what would be this step."""

    def acted(*arguments: object, **named: object) -> None:
        if next(steps) == at:
            raise PowerCut
        act(*arguments, **named)

    return acted


def assert_whole_and_wiped(folder: Path) -> None:
    """The place opens with everything in it, and nothing plain is left."""
    place = Instance(config.load(folder), clock=lambda: NOW)
    place.unlock(PASSPHRASE)
    with place.store_for_job() as store:
        assert store.value("select name from person where name = $1", NAME) == NAME
    place.lock()
    assert NAME.encode() not in everything_in(folder)
    assert [path.name for path in folder.rglob("*") if path.suffix in (".plain", ".encrypting")] == []
