"""What was said to be kept is on the disk, though the power goes and takes all that was never synced."""

import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from siposyandu import backups, config
from siposyandu.config import COOKIE_KEY, Config
from siposyandu.copies.held import HeldCopies
from tests.conftest import Village
from tests.power_cut import ROOT, Switch, calls, compiled
from tests.test_copies import laptop, register, stick
from tests.unsynced import Disk

__all__ = ["laptop", "stick"]

KEEP = """
import sys
from hashlib import sha256
from pathlib import Path
from siposyandu.copies.held import HeldCopies
from sync.parcels import Part
folder, lane, file = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
content = file.read_bytes()
said = Part(sha256(content).hexdigest(), len(content), 0, content)
assert HeldCopies(folder).put(lane, said) == len(content)
"""
COOKIE = """
import sys
from pathlib import Path
from siposyandu.config import Config, cookie_secret
assert len(cookie_secret(Config(Path(sys.argv[1]), area="52"))) >= 32
"""


@pytest.fixture
def lasting(tmp_path: Path) -> Callable[..., Path]:
    """Run a program over a folder, take the power away at its end, and return the folder as the cut leaves it."""
    folder, image, log = tmp_path / "place", tmp_path / "image", tmp_path / "calls"
    for each in (folder, image):
        each.mkdir()
    log.touch()
    switch = Switch(tmp_path / "switch")
    switch.set(0, 0)
    switch.arm()

    def run(program: str, *arguments: str) -> Path:
        environment = {
            **os.environ, "LD_PRELOAD": str(compiled(tmp_path)), "POWER_CUT_STATE": str(switch.path),
            "POWER_CUT_UNDER": str(folder), "POWER_CUT_LOG": str(log),
        }  # fmt: skip
        command = [sys.executable, "-c", program, str(folder), *arguments]
        subprocess.run(command, check=True, cwd=ROOT, env=environment)
        disk = Disk(image, folder)
        disk.replay(calls(log))
        disk.cut(None)
        return folder

    return run


def test_a_copy_that_was_said_to_be_held_is_held(laptop: Village, lasting: Callable[..., Path]) -> None:
    register(laptop, "Rinjani")
    report = backups.make_now(laptop.instance)
    file = laptop.instance.config.folder / "copies" / report.file
    folder = lasting(KEEP, laptop.instance.lane, str(file))
    (kept,) = HeldCopies(folder).of(laptop.instance.lane)
    assert (kept.path.name, kept.path.read_bytes()) == (
        sha256(file.read_bytes()).hexdigest() + ".sipc", file.read_bytes(),
    )  # fmt: skip


def test_the_key_of_the_cookies_is_whole(lasting: Callable[..., Path]) -> None:
    folder = lasting(COOKIE)
    assert len((folder / "keys" / COOKIE_KEY).read_bytes()) >= 32


def test_a_key_of_the_cookies_that_a_power_cut_left_empty_is_made_anew(tmp_path: Path) -> None:
    place = Config(tmp_path, area="52")
    place.keys_folder.mkdir()
    (place.keys_folder / COOKIE_KEY).touch()
    made = config.cookie_secret(place)
    assert (len(made) >= 32, made) == (True, config.cookie_secret(place))
