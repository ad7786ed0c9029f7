"""A disk so small that it can be filled to the last page, and emptied again: a film that somebody keeps on the laptop."""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

PAGE_BYTES = 4096
NO_RIGHT = "no right to mount a small disk here: a full disk is not tried"


@dataclass(frozen=True)
class SmallDisk:
    """A file system of its own."""

    path: Path

    @property
    def film(self) -> Path:
        """What takes the room."""
        return self.path / "film"

    def fill(self, pages_left: int) -> None:
        """Leave so many pages of 4 kB; what is there stays. A program may write between looking and taking: then once more."""
        with self.film.open("wb") as film:
            while True:
                free = shutil.disk_usage(self.path).free // PAGE_BYTES
                try:
                    os.posix_fallocate(film.fileno(), 0, max(1, free - pages_left) * PAGE_BYTES)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    continue
                return

    def empty(self) -> None:
        """Delete the film."""
        self.film.unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a small disk for the length of a test; skipped where that is not allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "small_disk", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip(NO_RIGHT)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
