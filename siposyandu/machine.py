"""This machine: its clock, which may be wrong, its chance, which nobody can guess, and the room on its disk and in its memory."""

import ctypes
import errno
import gc
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from siposyandu.errors import DiskFull
from siposyandu.periods import instant_text

if sys.platform == "win32":
    import msvcrt

    def _hold(file: int) -> None:
        while True:
            try:
                return msvcrt.locking(file, msvcrt.LK_LOCK, 1)
            except OSError as fault:
                if fault.errno != errno.EDEADLK:  # what Windows says when it has waited for ten seconds
                    raise

else:
    import fcntl

    def _hold(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)


M_ARENA_MAX = -8
"""The number of a setting in glibc's malloc.h."""


class Clock:
    """The time as this machine believes it, as text."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> str:
        """Return UTC as 'YYYY-MM-DDTHH:MM:SSZ'."""
        return instant_text(self._now())


class Chance:
    """Chance for keys and for the jitter between tries."""

    def random(self) -> float:
        """Return a number from 0 up to, not including, 1."""
        return secrets.randbelow(1 << 30) / (1 << 30)

    def token_bytes(self, count: int) -> bytes:
        """Return bytes nobody can guess."""
        return secrets.token_bytes(count)


def steady_seconds() -> float:
    """Return seconds that only go forward, whatever the clock is set to; where the system says so, asleep ones too."""
    awake_or_asleep = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if awake_or_asleep is None else time.clock_gettime(awake_or_asleep)


def hold_little_memory() -> Callable[[], None]:
    """Let the threads share one heap, and return what gives back to the system what lies free in it (glibc; else nothing).

    Each thread's own heap keeps the most that it ever needed: on a laptop of 2 GB four of them are 15 MB that nobody uses.
    """
    try:
        library = ctypes.CDLL("libc.so.6")
        library.mallopt(M_ARENA_MAX, 1)
        return partial(library.malloc_trim, 0)
    except (OSError, AttributeError):
        return lambda: None


def look_past_what_stays() -> None:
    """Let Python's search for rubbish pass over everything that is here now: the program itself, which stays until the end.

    Else each search goes through a hundred thousand things for an eighth of a second of an old laptop, while somebody waits
    for the page that set it off. Whoever loads the program may have switched the search off till here: it finds nothing in it.
    """
    gc.freeze()
    gc.enable()


def free_bytes(folder: Path) -> int:
    """Return how much room is left on the disk that holds a folder."""
    return shutil.disk_usage(folder).free


@contextmanager
def naming_a_full_disk() -> Iterator[None]:
    """Call a full disk by its name, whichever file could not be written."""
    try:
        yield
    except OSError as fault:
        if fault.errno == errno.ENOSPC:
            raise DiskFull("the disk has no room left") from fault
        raise


@contextmanager
def taking_turns(path: Path) -> Iterator[None]:
    """Do something while no other thread and no other program does what goes by the same file; who comes later waits.

    The file stays, and stays empty. Nothing holds it when a program was killed or the power went: the system lets go of it.
    """
    with naming_a_full_disk():
        file = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        _hold(file)
        yield
    finally:
        os.close(file)
