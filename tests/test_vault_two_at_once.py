"""The vault's file is changed by two at once, in two tabs or by two programs: what both were told was done is done."""

import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from siposyandu.errors import Refused, WrongPassphrase
from siposyandu.machine import Chance, taking_turns
from siposyandu.vault import safe
from siposyandu.vault.door import Door
from siposyandu.vault.papers import Paper
from siposyandu.vault.safe import NONCE_BYTES, Secrets, Vault
from siposyandu.vault.tries import FILE_NAME
from tests.locked import OTHER, PASSPHRASE, Steady

token_bytes = Chance().token_bytes


@pytest.fixture(autouse=True)
def _quickly_stretched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe, "PASSES", 1)
    monkeypatch.setattr(safe, "MEMORY_BYTES", 8 * 1024 * 1024)


class Meanwhile:
    """Chance that prints papers in another tab just when a passphrase has been stretched and is about to seal."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.secrets, self.papers = folder, None, list[tuple[Paper, Paper]]()
        self.secrets: Secrets | None

    def __call__(self, count: int) -> bytes:
        """Return bytes nobody can guess."""
        if count == NONCE_BYTES and self.secrets and not self.papers:
            self.papers += [Vault(self._folder, token_bytes).print_papers(self.secrets)]
        return token_bytes(count)


def test_papers_printed_while_the_passphrase_is_changed_open_the_laptop(tmp_path: Path) -> None:
    meanwhile = Meanwhile(tmp_path)
    vault = Vault(tmp_path, meanwhile)
    made = meanwhile.secrets = vault.make(PASSPHRASE)
    vault.change(made, OTHER)
    opened = [vault.open(OTHER).master, *(vault.open_with(*each).master for each in meanwhile.papers)]
    assert opened == [made.master] * 2


def test_of_two_who_change_the_passphrase_at_once_the_later_is_told_that_hers_was_not_taken(
    tmp_path: Path,
) -> None:
    door = Door(tmp_path, wanted=True, token_bytes=token_bytes, steady=Steady())
    door.begin(PASSPHRASE, tmp_path / "siposyandu.db")
    new = (OTHER, "perahu kunyit tikar bambu")
    with ThreadPoolExecutor() as pool:
        said = [pool.submit(door.change, PASSPHRASE, each).exception() for each in new]
    opens = []
    for each in new:
        try:
            opens.append(door.vault.open(each) is not None)
        except WrongPassphrase:
            opens.append(False)
    assert sorted(opens) == [False, True]
    assert [each is None for each in said] == opens


def test_a_new_passphrase_is_sealed_before_another_try_may_begin(tmp_path: Path) -> None:
    tries, while_sealing = tmp_path / FILE_NAME, list[str]()

    def chance(count: int) -> bytes:
        if tries.exists():
            while_sealing.append(tries.read_text("utf-8"))
        return token_bytes(count)

    door = Door(tmp_path, wanted=True, token_bytes=chance, steady=Steady())
    door.begin(PASSPHRASE, tmp_path / "siposyandu.db")
    door.change(PASSPHRASE, OTHER)
    assert (set(while_sealing), tries.read_text("utf-8")) == ({'{"wrong": 1}'}, '{"wrong": 0}')


class Watched(Vault):
    """A vault that notes, when it writes, whether another program could write too."""

    others_wait: tuple[bool, ...] = ()

    def _write(self, kept):  # type: ignore[no-untyped-def]
        self.others_wait += (is_held(self.path.with_name(safe.TURNS_NAME)),)
        super()._write(kept)


def is_held(path: Path) -> bool:
    """Whether somebody is at what goes by this file."""
    file = os.open(path, os.O_RDONLY | os.O_CREAT)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def test_whoever_writes_the_vault_lets_the_other_programs_wait(tmp_path: Path) -> None:
    vault = Watched(tmp_path, token_bytes)
    made = vault.make(PASSPHRASE)
    vault.change(made, OTHER)
    vault.print_papers(made)
    assert (vault.others_wait, is_held(tmp_path / safe.TURNS_NAME)) == ((True, True, True), False)


def test_a_turn_that_ends_badly_is_over(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="badly"), taking_turns(tmp_path / "turns"):
        raise ValueError("badly")
    assert not is_held(tmp_path / "turns")


def test_a_vault_begun_by_two_programs_is_the_first_ones(tmp_path: Path) -> None:
    here = Vault(tmp_path, token_bytes)
    _, write = here.prepare(OTHER)
    made = Vault(tmp_path, token_bytes).make(PASSPHRASE)
    with pytest.raises(Refused):
        write()
    assert here.open(PASSPHRASE).master == made.master
