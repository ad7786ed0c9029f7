"""The one file of byte code: read when it is whole, ours and of the very sources; else a program starts as if there were none."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from siposyandu import bytecode
from siposyandu.bytecode import Sweep
from tests.places import Place, until

START = """
import sys
from siposyandu import bytecode
bytecode.begin(sys.argv[1])
import greeting
print(greeting.SAID, greeting.__spec__.loader.swept)
bytecode.keep()
"""


class Started:
    """A small program and its one file; calling it starts it and returns what it said, and whether it was found in the file."""

    def __init__(self, folder: Path) -> None:
        self.source, self.kept = folder / "greeting.py", folder / "cache" / "start"
        self.source.write_text("SAID = 'selamat'\n", "ascii")

    def __call__(self) -> str:
        around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        command = [sys.executable, "-c", START, str(self.kept)]
        ran = subprocess.run(
            command,
            cwd=self.source.parent,
            env=around,
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout.strip()

    def piece(self) -> bytes | None:
        """The program's byte code in the one file, None where it is not believed."""
        sweep = Sweep(str(self.kept))
        try:
            return sweep.piece(cache_from_source(str(self.source)))
        finally:
            sweep.close()


@pytest.fixture
def started(tmp_path: Path) -> Started:
    return Started(tmp_path)


def test_what_the_first_start_had_to_seek_the_second_finds_in_one_file(started: Started) -> None:
    assert [started(), started()] == ["selamat False", "selamat True"]


def change_text(source: Path) -> None:
    source.write_text("SAID = 'selamat pagi'\n", "ascii")


def change_time_only(source: Path) -> None:
    source.write_text("SAID = 'semalam'\n", "ascii")  # of the same size
    os.utime(source, (1, 1))


@pytest.mark.parametrize(("change", "says"), [(change_text, "selamat pagi"), (change_time_only, "semalam")])
def test_after_an_upgrade_the_new_program_runs_and_is_kept(
    started: Started, change: Callable[[Path], None], says: str
) -> None:
    started()
    change(started.source)
    assert [started(), started()] == [f"{says} False", f"{says} True"]


def test_no_damaged_byte_is_ever_run(started: Started) -> None:
    started()
    whole = started.kept.read_bytes()
    believed = started.piece() is not None
    found: set[bytes | None] = set()
    for place in range(len(whole)):
        started.kept.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        found.add(started.piece())
        started.kept.write_bytes(whole[:place])
        found.add(started.piece())
    assert (believed, found) == (True, {None})


def test_a_start_with_a_torn_file_seeks_as_ever_and_mends_it(started: Started) -> None:
    started()
    started.kept.write_bytes(started.kept.read_bytes()[:100])
    assert [started(), started()] == ["selamat False", "selamat True"]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps a user's files from the others itself")
def test_another_users_file_is_not_believed(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    started()
    monkeypatch.setattr(os, "geteuid", lambda: started.kept.stat().st_uid + 1)
    assert started.piece() is None


def test_a_file_that_was_closed_gives_nothing(started: Started) -> None:
    started()
    sweep = Sweep(str(started.kept))
    sweep.close()
    assert sweep.piece(cache_from_source(str(started.source))) is None


class WithCache(Place):
    """A place whose cache lies in its own folder."""

    def command(self) -> list[str]:
        """What its process is started with."""
        cache = f"XDG_CACHE_HOME={self.folder / 'cache'}"
        return ["env", "-u", "PYTHONDONTWRITEBYTECODE", cache, *super().command()]


def test_a_laptop_at_work_keeps_the_byte_code_of_its_pages_for_the_next_start(tmp_path: Path) -> None:
    files = f"cache/siposyandu/start-*.{sys.implementation.cache_tag}"
    with WithCache(tmp_path, upstream="http://127.0.0.1:9"):
        until(lambda: any(tmp_path.glob(files)), "the one file")
    (kept,) = tmp_path.glob(files)
    sweep = Sweep(str(kept))
    found = sweep.piece(cache_from_source(str(Path(bytecode.__file__).parent / "web" / "morning.py")))
    sweep.close()
    assert found is not None
