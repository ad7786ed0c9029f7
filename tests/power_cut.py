"""Takes the power of real processes away at a chosen write to the disk, and remembers what was written before it."""

import json
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

BEFORE, HALF, AFTER = 0, 1, 2
HOW = {BEFORE: "before", HALF: "in the middle of", AFTER: "after"}
STATE = struct.Struct("=4q")
NUMBER = struct.Struct("=q")
SOURCE = Path(__file__).with_suffix(".c")
ROOT = SOURCE.parents[1]
NO_COMPILER = "no C compiler here: processes are not killed at their writes"


class Switch:
    """The file by which a test says at which call the power goes, and by which it hears how many there were."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def set(self, at: int, how: int) -> None:
        """Let the power go at a call that is counted once a deed is armed; 0: never."""
        self.path.write_bytes(STATE.pack(0, at, how, 0))

    def arm(self) -> None:
        """Begin to count."""
        with self.path.open("r+b") as opened:
            opened.write(NUMBER.pack(1))

    @property
    def counted(self) -> int:
        """How many calls were counted."""
        return int(STATE.unpack(self.path.read_bytes())[3])


@dataclass(frozen=True, slots=True)
class Call:
    """One call that changed the disk: write, append, sync, truncate, unlink or rename."""

    name: str
    offset: int
    path: Path
    content: bytes

    @property
    def has_a_middle(self) -> bool:
        """Whether it can be cut half way: a write of some bytes."""
        return self.name in ("write", "append") and len(self.content) > 1


def calls(log: Path) -> Iterator[Call]:
    """Read what was written down."""
    with log.open("rb") as opened:
        while line := opened.readline():
            name, offset, size, path = line.decode().rstrip("\n").split(" ", 3)
            yield Call(name, int(offset), Path(path), opened.read(int(size)))


@dataclass(frozen=True, slots=True)
class Ending:
    """How a deed ended: after how many calls it was answered (0: never), and whether its process lived to its end."""

    answered: int
    lived: bool


class Doomed:
    """A program whose deeds are done in processes of their own, each with the power cut where it was said (tests/doomed.py)."""

    def __init__(self, folder: Path, under: Path) -> None:
        self.switch = Switch(folder / "switch")
        self.switch.set(0, 0)
        self.log = folder / "calls"
        environment = {
            **os.environ,
            "LD_PRELOAD": str(compiled(folder)),
            "POWER_CUT_STATE": str(self.switch.path),
            "POWER_CUT_UNDER": str(under),
            "POWER_CUT_LOG": str(self.log),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.doomed"],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.hear("ready")

    def do(self, deed: str, folder: Path, at: int = 0, how: int = BEFORE, **more: Any) -> Ending:
        """Do a deed to its end, or until its power goes."""
        self.begin(deed, folder, at, how, **more)
        return self.ending()

    def begin(self, deed: str, folder: Path, at: int = 0, how: int = BEFORE, **more: Any) -> None:
        """Begin a deed; what is written down is forgotten first."""
        self.log.write_bytes(b"")
        self.switch.set(at, how)
        self.tell(json.dumps({"deed": deed, "folder": str(folder), **more}))

    def tell(self, line: str) -> None:
        """Say a line to the program, or to the deed that runs."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self, word: str) -> dict[str, Any]:
        """Wait for a word; returns what came with it."""
        heard = self.next_word()
        assert heard["said"] == word, heard
        return heard

    def next_word(self) -> dict[str, Any]:
        """Wait for the next word."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the program is gone"
        return dict(json.loads(line))

    def port(self) -> int | None:
        """Wait until the deed listens; return its port, None when it was killed before."""
        heard = self.next_word()
        assert heard["said"] == "listening" or heard["status"] == -9, heard
        return heard.get("port")

    def ending(self) -> Ending:
        """Wait until the deed's process has ended."""
        answered = 0
        while (heard := self.next_word())["said"] != "ended":
            answered = answered or heard.get("calls", 0)
        assert heard["status"] in (0, -9), heard
        return Ending(answered, heard["status"] == 0)

    def close(self) -> None:
        """End the program."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process.wait()


def compiled(folder: Path) -> Path:
    """Compile the library that cuts; the test is skipped where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip(NO_COMPILER)
    library = folder / "power_cut.so"
    command = [compiler, "-O1", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return library


@contextmanager
def doomed(folder: Path, under: Path) -> Iterator[Doomed]:
    """Run the program for the length of a test."""
    program = Doomed(folder, under)
    try:
        yield program
    finally:
        program.close()
