"""The lock at a terminal: a laptop is founded, opened, encrypted and given a new passphrase; never by a default."""

import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from siposyandu import config
from siposyandu.vault import papers
from tests.conftest import Village
from tests.locked import OTHER, PASSPHRASE, everything_in, found
from tests.places import ADDRESS_WORD
from tests.window import office_at_work


@dataclass(frozen=True)
class Terminal:
    """Commands given to the program, without a keyboard: what it asks for it must find, or refuse."""

    passphrase_file: Path | None = None

    def run(self, *words: str | Path, said: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "siposyandu", *map(str, words)],
            input=said, text=True, capture_output=True, env=self.environment, timeout=60,
        )  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the commands."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SIPOSYANDU_")}
        named = {"SIPOSYANDU_PASSPHRASE_FILE": str(self.passphrase_file)} if self.passphrase_file else {}
        return kept | named | {"SIPOSYANDU_PORT": "0"}


def with_passphrase(folder: Path, passphrase: str) -> Terminal:
    file = folder / f"{passphrase.split()[0]}.txt"
    file.write_text(passphrase + "\n", "utf-8")
    return Terminal(file)


def test_a_laptop_is_founded_encrypted_and_its_commands_need_the_passphrase(tmp_path: Path) -> None:
    folder, disk = tmp_path / "melati", tmp_path / "flash disk"
    disk.mkdir()
    terminal = with_passphrase(tmp_path, PASSPHRASE)
    with ExitStack() as running:
        province, _, letter = office_at_work(tmp_path, running)
        join = ("init", "--folder", folder, "--upstream", province.address, "--code", letter.line)
        beside = terminal.run(*join, "--papers", folder / "papers")
        founded = terminal.run(*join, "--papers", disk)
        sent = terminal.run("sync", "--folder", folder)
    refused = Terminal().run("recount", "--folder", folder)
    wrong = with_passphrase(tmp_path, OTHER).run("recount", "--folder", folder)
    assert (beside.returncode, founded.returncode, sent.returncode, refused.returncode, wrong.returncode) == (
        1,
        0,
        0,
        1,
        1,
    )
    assert "SIPOSYANDU_PASSPHRASE_FILE" in refused.stderr
    written = [
        papers.read(path.read_text("utf-8").strip().splitlines()[-1]) for path in sorted(disk.iterdir())
    ]
    assert [paper.number for paper in written] == [1, 2]
    assert [word for word in (b"Aminah", PASSPHRASE.encode()) if word in everything_in(folder)] == []
    assert config.load(folder).encrypted


@pytest.mark.parametrize(("said", "status"), [("", 503), (OTHER, None), (PASSPHRASE, 422)])
def test_a_place_is_served_closed_unless_the_passphrase_is_given(
    tmp_path: Path, said: str, status: int | None
) -> None:
    laptop = found(tmp_path / "melati")
    command = [sys.executable, "-m", "siposyandu", "serve", "--folder", str(laptop.folder)]
    command += ["--passphrase-stdin"] if said else []
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=Terminal().environment,
    ) as serving:
        assert serving.stdin is not None
        assert serving.stdout is not None
        serving.stdin.write(f"{said}\n")
        serving.stdin.close()
        address = serving.stdout.readline().removeprefix(ADDRESS_WORD).strip()
        answered = requests.post(f"{address}/v1/score", json={}, timeout=20).status_code if address else None
        serving.terminate()
    assert answered == status


def test_a_plain_place_is_encrypted_and_its_papers_are_shown_once(village: Village, tmp_path: Path) -> None:
    folder = village.instance.config.folder
    config.save(village.instance.config)
    terminal = with_passphrase(tmp_path, PASSPHRASE)
    done = terminal.run("encrypt", "--folder", folder)
    shown = [line.strip() for line in done.stdout.splitlines() if line.startswith("    ")]
    again = terminal.run("encrypt", "--folder", folder)
    assert (done.returncode, [papers.read(each).number for each in shown]) == (0, [1, 2])
    assert "solid-state disk" in done.stdout
    assert (again.returncode, "encrypted already" in again.stderr) == (1, True)
    assert b"Aminah" not in everything_in(folder)


def test_the_passphrase_is_changed_by_who_knows_it(tmp_path: Path) -> None:
    laptop = found(tmp_path / "melati")
    stranger = with_passphrase(tmp_path, "bukan sandi laptop ini").run(
        "passphrase", "--folder", laptop.folder
    )
    changed = with_passphrase(tmp_path, PASSPHRASE).run(
        "passphrase", "--folder", laptop.folder, said=f"pendek\npendek\n{OTHER}\n{OTHER}\n"
    )
    opened = with_passphrase(tmp_path, OTHER).run("papers", "--folder", laptop.folder)
    assert (stranger.returncode, changed.returncode, opened.returncode) == (1, 0, 0)
    assert "Recovery paper 2 of 2" in opened.stdout
    assert PASSPHRASE not in changed.stdout + changed.stderr


def test_a_place_without_a_lock_has_no_passphrase_to_change(village: Village, tmp_path: Path) -> None:
    config.save(village.instance.config)
    terminal = with_passphrase(tmp_path, PASSPHRASE)
    for command in ("passphrase", "papers"):
        refused = terminal.run(command, "--folder", village.instance.config.folder)
        assert (refused.returncode, "not encrypted" in refused.stderr) == (1, True)
