"""A full disk is nobody's wrong passphrase: who knows the right one need not wait because it could not be changed."""

import errno
from pathlib import Path

import pytest

from siposyandu.errors import DiskFull
from siposyandu.machine import Chance
from siposyandu.vault import safe
from siposyandu.vault.door import Door
from siposyandu.vault.tries import FREE
from sync.rings import KeyFile
from tests.locked import OTHER, PASSPHRASE, Steady


def full(file: KeyFile, text: str) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_changing_the_passphrase_on_a_full_disk_again_and_again_lets_nobody_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe, "PASSES", 1)
    monkeypatch.setattr(safe, "MEMORY_BYTES", 8 * 1024 * 1024)
    door = Door(tmp_path, wanted=True, token_bytes=Chance().token_bytes, steady=Steady())
    door.begin(PASSPHRASE, tmp_path / "siposyandu.db")
    monkeypatch.setattr(KeyFile, "write", full)
    for _ in range(FREE + 1):
        with pytest.raises(DiskFull):
            door.change(PASSPHRASE, OTHER)
    assert door.wait_s() == 0
