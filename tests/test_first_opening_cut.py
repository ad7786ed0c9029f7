"""Whenever the power goes while a new place is opened for the first time, it opens the next time, and is not called damaged."""

import os
from itertools import count
from pathlib import Path

import pytest

from siposyandu import config, founding
from siposyandu.config import Config
from siposyandu.instance import Instance
from siposyandu.vault import safe
from tests.conftest import NOW
from tests.locked import PASSPHRASE
from tests.test_encrypting_a_place import PowerCut, cut


def begin(folder: Path) -> Instance:
    """Open a place for the first time, or go on with it."""
    here = Instance(config.load(folder), clock=lambda: NOW)
    if here.door.is_new:
        here.begin_vault(PASSPHRASE)
    elif not here.is_open and here.damage is None:
        here.unlock(PASSPHRASE)
    return here


def begun_until_the_power_went(folder: Path, step: int) -> bool:
    """Open a new place while the power goes before a step on the disk; False when it was done before that."""
    with pytest.MonkeyPatch.context() as power:
        steps = count(1)
        for name in ("replace", "open", "fsync", "mkdir"):
            power.setattr(os, name, returning(getattr(os, name), cut(lambda: None, steps, step)))
        try:
            begin(folder)
        except PowerCut:
            return True
    return False


def returning(act, before):
    """Let an act be done, and its outcome returned, unless the power goes before it."""

    def acted(*arguments, **named):
        before()
        return act(*arguments, **named)

    return acted


@pytest.mark.parametrize("encrypted", [True, False])
def test_a_new_place_opens_after_a_cut_at_any_step_of_its_first_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encrypted: bool
) -> None:
    monkeypatch.setattr(safe, "PASSES", 1)  # some forty passphrases are stretched here
    monkeypatch.setattr(safe, "MEMORY_BYTES", 8 * 1024 * 1024)
    ended = [(0, True, None)]
    while True:
        folder = tmp_path / str(len(ended))
        founding.waiting_laptop(folder, 0, "http://127.0.0.1:9")
        if not encrypted:
            config.save(Config(folder, area="", upstream="http://127.0.0.1:9"))
        if not begun_until_the_power_went(folder, len(ended)):
            break
        here = begin(folder)
        ended.append((len(ended), here.is_open, here.damage))
    assert (ended, len(ended) > 8) == ([(step, True, None) for step in range(len(ended))], True)
