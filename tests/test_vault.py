"""The vault: what opens a laptop, what does not, and that a slip, a wrong guess or a power cut costs nothing."""

import errno
import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siposyandu.errors import BadInput, Broken, MustWait, Refused, WrongPassphrase
from siposyandu.machine import Chance
from siposyandu.vault import papers, passphrases, safe
from siposyandu.vault.door import Door
from siposyandu.vault.papers import LETTERS, Paper, Slip
from siposyandu.vault.safe import Vault
from siposyandu.vault.shelf import SealedShelf
from siposyandu.vault.tries import FREE, LONGEST_WAIT_S, Tries
from sync.rings import KeyFile

PASSPHRASE, OTHER = "melati laut kapur sungai", "gerobak sendok pelangi jujur"
token_bytes = Chance().token_bytes


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path, token_bytes)


def test_the_passphrase_opens_whatever_its_capitals_and_spaces(vault: Vault) -> None:
    made = vault.make(PASSPHRASE)
    assert vault.open("  Melati LAUT  kapur sungai ").master == made.master


def test_another_passphrase_does_not_open(vault: Vault) -> None:
    vault.make(PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        vault.open(OTHER)


def test_after_a_change_only_the_new_passphrase_opens_and_the_keys_stay(vault: Vault) -> None:
    made = vault.make(PASSPHRASE)
    vault.change(made, OTHER)
    with pytest.raises(WrongPassphrase):
        vault.open(PASSPHRASE)
    assert vault.open(OTHER).key("database") == made.key("database")


def test_each_purpose_has_a_key_of_its_own_and_the_file_holds_none(vault: Vault) -> None:
    made = vault.make(PASSPHRASE)
    vault.print_papers(made)
    kept = {made.key(purpose) for purpose in ("database", "ring", "cookie")} | {made.master}
    written = vault.path.read_text("ascii")
    assert (len(kept), [key for key in kept if key.hex() in written]) == (4, [])


def test_a_vault_is_never_made_over_another(vault: Vault) -> None:
    vault.make(PASSPHRASE)
    with pytest.raises(Refused):
        vault.make(OTHER)


def test_forgotten_keys_are_gone(vault: Vault) -> None:
    made = vault.make(PASSPHRASE)
    made.forget()
    with pytest.raises(ValueError, match="forgotten"):
        made.key("database")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"vault": 2}', "{"])
def test_a_damaged_vault_is_named(vault: Vault, text: str) -> None:
    vault.path.write_text(text, "utf-8")
    with pytest.raises(Broken):
        vault.open(PASSPHRASE)


def test_a_vault_that_asks_for_all_memory_is_refused(vault: Vault) -> None:
    vault.make(PASSPHRASE)
    vault.path.write_text(vault.path.read_text("utf-8").replace("33554432", "33554432000"), "utf-8")
    with pytest.raises(Broken):
        vault.open(PASSPHRASE)


def test_a_vault_of_an_older_program_opens_and_is_sealed_anew_at_todays_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = Door(tmp_path, wanted=True, token_bytes=token_bytes, steady=Steady())
    with monkeypatch.context() as earlier:
        earlier.setattr(safe, "PASSES", 6)
        earlier.setattr(safe, "MEMORY_BYTES", 64 * 1024 * 1024)
        made = door.vault.make(PASSPHRASE)
        door.vault.print_papers(made)
    before = costs(door.vault)
    with pytest.raises(WrongPassphrase):
        door.open(OTHER)
    untouched = costs(door.vault)
    door.open(PASSPHRASE)
    assert (before, untouched, costs(door.vault)) == ((6, 67108864), (6, 67108864), (24, 33554432))
    assert (door.vault.open(PASSPHRASE).master, door.vault.has_papers) == (made.master, True)


def costs(vault: Vault) -> tuple[int, int]:
    """What the file says a guess costs: passes over bytes of memory."""
    kept = json.loads(vault.path.read_text("utf-8"))["passphrase"]
    return kept["passes"], kept["memory_bytes"]


# The two papers.


def test_both_papers_open_in_either_order_and_new_ones_replace_them(vault: Vault) -> None:
    made = vault.make(PASSPHRASE)
    first, second = vault.print_papers(made)
    assert vault.open_with(first, second).master == vault.open_with(second, first).master == made.master
    newer = vault.print_papers(made)
    with pytest.raises(Refused):
        vault.open_with(first, second)
    assert vault.open_with(*newer).master == made.master


def test_one_paper_twice_or_with_another_laptops_opens_nothing(vault: Vault, tmp_path: Path) -> None:
    first, second = vault.print_papers(vault.make(PASSPHRASE))
    (tmp_path / "other").mkdir()
    other = Vault(tmp_path / "other", token_bytes)
    _, strange = other.print_papers(other.make(PASSPHRASE))
    for pair in ((first, first), (second, second), (first, strange)):
        with pytest.raises(Refused):
            vault.open_with(*pair)
    with pytest.raises(Refused):  # even with the right mark
        vault.open_with(first, Paper(2, first.mark, bytes(16)))


@given(st.sampled_from([1, 2]), st.integers(0, 1023), st.binary(min_size=16, max_size=16))
def test_a_paper_is_read_as_it_was_printed(number: int, mark: int, half: bytes) -> None:
    paper = Paper(number, mark, half)
    assert papers.read(paper.text.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == paper


def test_every_wrong_letter_is_named_by_its_group() -> None:
    text = papers.split(token_bytes(16), token_bytes)[0].text
    for place, right in enumerate(text):
        for wrong in set(LETTERS) - {right} if right != "-" else ():
            with pytest.raises(Slip) as slip:
                papers.read(text[:place] + wrong + text[place + 1 :])
            assert slip.value.number == text[:place].count("-") + 1


def test_two_letters_or_two_groups_in_the_wrong_order_are_noticed() -> None:
    text = papers.split(token_bytes(16), token_bytes)[1].text
    groups = text.split("-")
    swapped: list[str] = []
    for one, other in combinations(range(len(groups)), 2):
        mixed = groups[:]
        mixed[one], mixed[other] = groups[other], groups[one]
        swapped.append("-".join(mixed))
    for place in range(len(text) - 1):
        if "-" not in text[place : place + 2]:
            swapped.append(text[:place] + text[place + 1] + text[place] + text[place + 2 :])
    for wrong in (each for each in swapped if each != text):
        with pytest.raises(Slip):
            papers.read(wrong)


@pytest.mark.parametrize("typed", ["", "80M07", "é" * 35, "80M07-0000K-0000G-0000H-0000N-0000Q-0000AA"])
def test_what_is_no_paper_is_refused(typed: str) -> None:
    with pytest.raises(Slip):
        papers.read(typed)


# Passphrases.


def test_the_words_are_plain_and_as_many_as_promised() -> None:
    words = passphrases.plain_words()
    assert (
        len(words),
        len(set(words)),
        [word for word in words if not (word.isalpha() and word.islower())],
    ) == (
        1024,
        1024,
        [],
    )


def test_a_suggestion_is_strong_enough_and_never_the_same() -> None:
    suggested = {passphrases.suggest(token_bytes) for _ in range(50)}
    for each in suggested:
        passphrases.check(each)
    assert len(suggested) == 50


@pytest.mark.parametrize(
    "weak",
    ["", "melati", "laut laut laut", "081234567890", "17 08 1945 2026", "aaaaaaaaaaaaaa", "abab abab abab"],
)
def test_a_weak_passphrase_is_refused(weak: str) -> None:
    with pytest.raises(BadInput):
        passphrases.check(weak)


@pytest.mark.parametrize("good", [PASSPHRASE, "ibu api kue teh", "Posyandu-Melati!"])
def test_four_words_or_twelve_letters_are_taken(good: str) -> None:
    passphrases.check(good)


# Wrong tries.


class Steady:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def wrong(tries: Tries) -> None:
    with pytest.raises(WrongPassphrase), tries.one():
        raise WrongPassphrase("no")


def test_wrong_tries_slow_the_next_and_a_right_one_forgives_them(tmp_path: Path) -> None:
    steady = Steady()
    tries = Tries(KeyFile(tmp_path / "tries.json"), steady)
    for _ in range(FREE):
        wrong(tries)
    with pytest.raises(MustWait) as early, tries.one():
        raise AssertionError("tried too early")
    steady.seconds += early.value.seconds
    with tries.one():
        pass
    assert tries.wait_s() == 0


def test_starting_again_or_setting_the_clock_back_shortens_no_wait(tmp_path: Path) -> None:
    steady = Steady()
    tries = Tries(KeyFile(tmp_path / "tries.json"), steady)
    for _ in range(FREE + 2):
        steady.seconds += LONGEST_WAIT_S
        wrong(tries)
    steady.seconds = -10_000.0  # another start: its seconds begin anywhere
    again = Tries(KeyFile(tmp_path / "tries.json"), steady)
    assert again.wait_s() == 120
    steady.seconds += 119
    assert again.wait_s() == 1


def test_a_try_counts_though_the_program_is_killed_in_the_middle(tmp_path: Path) -> None:
    counted = KeyFile(tmp_path / "tries.json")
    with Tries(counted, Steady()).one():
        while_trying = counted.read()
    assert (while_trying, counted.read()) == ('{"wrong": 1}', '{"wrong": 0}')


def test_a_torn_file_of_tries_slows_but_never_shuts(tmp_path: Path) -> None:
    (tmp_path / "tries.json").write_text("{", "utf-8")
    assert 0 < Tries(KeyFile(tmp_path / "tries.json"), Steady()).wait_s() <= LONGEST_WAIT_S


class FullDisk:
    """A shelf on a disk without room."""

    def read(self) -> str | None:
        return None

    def write(self, text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_neither_shuts_the_laptop_nor_stops_the_counting(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tries = Tries(FullDisk(), Steady())
    with tries.one():
        pass
    for _ in range(FREE):
        wrong(tries)
    assert (tries.wait_s(), "No space left" in caplog.text) == (30, True)


# The sealed file of keys.


def sealed(path: Path, key: bytes) -> SealedShelf:
    return SealedShelf(KeyFile(path), key, token_bytes)


def test_keys_lie_sealed_and_are_read_with_their_key_alone(tmp_path: Path) -> None:
    path, key = tmp_path / "device.json", token_bytes(32)
    empty = sealed(path, key).read()
    sealed(path, key).write("the seeds")
    assert (empty, sealed(path, key).read(), b"seeds" in path.read_bytes()) == (None, "the seeds", False)
    with pytest.raises(Broken):
        sealed(path, token_bytes(32)).read()


@pytest.mark.parametrize(
    "change", [lambda text: text[:-2], lambda text: text[:-1] + "10"[text[-1] == "1"], lambda text: "{}"]
)
def test_a_file_of_keys_that_was_changed_is_named(tmp_path: Path, change: Callable[[str], str]) -> None:
    path, key = tmp_path / "device.json", token_bytes(32)
    sealed(path, key).write("the seeds")
    path.write_text(change(path.read_text("ascii")), "ascii")
    with pytest.raises(Broken):
        sealed(path, key).read()
